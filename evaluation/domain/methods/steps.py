"""The worked calculation as data: one step is a sentence's key and the figures in it, so that it can be read in any language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evaluation.domain.methods.wording import Fact, Lang, step_text


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the worked calculation."""

    key: str
    facts: tuple[tuple[str, Fact], ...]

    @classmethod
    def of(cls, key: str, **facts: str | Sequence[str]) -> Step:
        """A step whose lists are kept as tuples, so that steps compare and hash."""
        return cls(key, tuple((name, fact if isinstance(fact, str) else tuple(fact)) for name, fact in facts.items()))

    def text(self, lang: Lang = "zh") -> str:
        """The line for people."""
        return step_text(self.key, dict(self.facts), lang)
