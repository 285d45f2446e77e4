"""Agreements with the pools of other cities: what is signed when one is concluded and ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from evaluation.domain.expert import Recognised

LONGEST_YEARS = 10


@dataclass(frozen=True, slots=True)
class Agreement:
    """The signed body of `pool.agreement`: with whom, under which document, on which days, and what each recognises of the other's."""

    partner: str
    city: str
    document: str
    since: date
    until: date
    recognises: tuple[Recognised, ...]
    note: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Agreement:
        """Of a signed body; raises RuleBroken naming the member, or for days and contents that cannot be."""
        body = Body(signed)
        texts = {name: body.text(name, most) for name, most in (("partner", 120), ("city", 60), ("document", 120))}
        since, until = body.day("since"), body.day("until")
        named = body.texts("recognises", len(Recognised), 40)
        note = body.text("note", 500, least=0)
        body.done()
        if not since <= until or until.year - since.year > LONGEST_YEARS:
            raise RuleBroken("agreement.days", years=LONGEST_YEARS)
        known = {one.value: one for one in Recognised}
        if not named or len(set(named)) != len(named) or not set(named) <= known.keys():
            raise RuleBroken("agreement.recognises")
        return cls(texts["partner"], texts["city"], texts["document"], since, until, tuple(known[one] for one in named), note)


@dataclass(frozen=True, slots=True)
class AgreementEnd:
    """The signed body of `pool.agreement_end`: which, and why; it ends on the day of the signature."""

    number: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> AgreementEnd:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("number", 20), body.text("reason", 500, least=2))
        body.done()
        return read


def may_end(ended_on: date | None, until: date, today: date) -> Refusal | None:
    """An agreement ends once, and not after its time is over."""
    return WrongState("agreement.over") if ended_on is not None or until < today else None
