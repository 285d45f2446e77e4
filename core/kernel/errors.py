"""The six ways in which the platform refuses, without a word of HTTP in them."""

from __future__ import annotations

Fact = str | int


class Refusal(Exception):
    """What was asked is refused; raising it inside a use case is its roll-back.

    `code` is stable and points to the sentence for people in a package's `web/texts.py`; `facts` fill that sentence's gaps.
    """

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts

    def __str__(self) -> str:
        return self.code + "".join(f" {name}={value}" for name, value in self.facts.items())


class NotFound(Refusal):
    """There is no such thing, or the caller may not know that there is."""


class NotAllowed(Refusal):
    """The caller's role may not do or see this."""


class WrongState(Refusal):
    """The thing's life has not reached, or has passed, the moment for this."""


class Stale(Refusal):
    """The caller acted on an old view; `facts` hold the current one."""


class BadSignature(Refusal):
    """A signature, a certificate or a digest does not fit what it is said to cover."""


class RuleBroken(Refusal):
    """A rule forbids it; `article` names the law, regulation or clause of the tender document, "" for a rule of form."""

    def __init__(self, code: str, article: str = "", **facts: Fact) -> None:
        super().__init__(code, **facts)
        self.article = article
