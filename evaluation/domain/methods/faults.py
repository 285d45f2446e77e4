"""Why a scoring case can't be evaluated, and where in the document the fault stands."""

from __future__ import annotations

import re

from evaluation.domain.methods.wording import Lang, fault_text

_NAME = re.compile(r"[^\W\d]\w*")


class CaseFault(ValueError):
    """The scoring case is refused; `path` is the JSON path of the fault, `code` its stable kind, `facts` fill the sentence."""

    def __init__(self, path: str, code: str, **facts: str) -> None:
        super().__init__(f"{path}: {code}")
        self.path, self.code, self.facts = path, code, facts

    @property
    def reason(self) -> str:
        """The sentence in Chinese; `reason_in` gives it in another language."""
        return self.reason_in("zh")

    def reason_in(self, lang: Lang) -> str:
        """The sentence for people, on one line."""
        return fault_text(self.code, self.facts, lang)


def member(path: str, name: str) -> str:
    """The JSON path (RFC 9535) of an object's member: `$.bids[0].price`, or `['…']` for a name that is no plain word."""
    if _NAME.fullmatch(name):
        return f"{path}.{name}"
    quoted = "".join(f"\\u{ord(sign):04x}" if not sign.isprintable() else sign for sign in name.replace("\\", "\\\\").replace("'", "\\'"))
    return f"{path}['{quoted}']"


def element(path: str, index: int) -> str:
    """The JSON path of a list's element."""
    return f"{path}[{index}]"
