"""Why a scoring case can't be evaluated, and where in the document the fault stands."""

from __future__ import annotations

from core.kernel.document import DocumentFault
from evaluation.domain.methods.wording import Lang, fault_text


class CaseFault(DocumentFault):
    """The scoring case is refused; `path` is the JSON path of the fault, `code` its stable kind, `facts` fill the sentence."""

    @property
    def reason(self) -> str:
        """The sentence in Chinese; `reason_in` gives it in another language."""
        return self.reason_in("zh")

    def reason_in(self, lang: Lang) -> str:
        """The sentence for people."""
        return fault_text(self.code, self.facts, lang)
