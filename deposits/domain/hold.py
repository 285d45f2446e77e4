"""Holds on deposits: who may order that money waits, for what reason, for how long at most, and when it may go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from uuid import UUID

from core.kernel.body import Body
from core.kernel.calendar import end_of, legal_day
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from deposits.domain.deposit import SYSTEM, DepositState


class HoldKind(Enum):
    """Why a deposit waits."""

    INVESTIGATION = "investigation"  # the supervisor examines a complaint or a breach: Regulation on Tendering and Bidding, art. 62
    COURT = "court"  # a court has frozen it: 民事诉讼法 art. 103 and 253; finance is who must carry that out
    DISPUTE = "dispute"  # the tenderer examines whether the deposit is forfeited: art. 35 and 74


BY: Mapping[HoldKind, Role] = {
    HoldKind.INVESTIGATION: Role.SUPERVISOR,
    HoldKind.COURT: Role.FINANCE,
    HoldKind.DISPUTE: Role.TENDERER,
}
ARTICLES: Mapping[HoldKind, str] = {
    HoldKind.INVESTIGATION: "招标投标法实施条例第六十二条",
    HoldKind.COURT: "民事诉讼法第一百零三条",
    HoldKind.DISPUTE: "招标投标法实施条例第三十五条、第七十四条",
}
LONGEST: Mapping[HoldKind, int] = {
    HoldKind.INVESTIGATION: 60,  # days: thirty working days for the decision (art. 61) and room for expertise
    HoldKind.COURT: 365,  # a bank deposit is frozen for a year at most (最高人民法院 民诉法解释 art. 485)
    HoldKind.DISPUTE: 30,  # no article sets one: as long as a contract may take (招标投标法 art. 46)
}


class HoldState(Enum):
    """The life of a hold."""

    STANDING = "standing"
    LIFTED = "lifted"  # by who ordered it
    ENDED = "ended"  # its last day has passed


class HoldAction(Enum):
    """What can happen to a hold."""

    LIFT = "lift"
    END = "end"


@dataclass(frozen=True, slots=True)
class HoldFacts:
    """What the rules of a hold look at. `roles`: the actor's for this lot."""

    now: datetime
    kind: HoldKind
    ends_at: datetime
    roles: frozenset[Role]


def _ordered_it(facts: HoldFacts) -> Refusal | None:
    return None if BY[facts.kind] in facts.roles else NotAllowed("hold.lift.other_office", kind=facts.kind.value)


def _is_over(facts: HoldFacts) -> Refusal | None:
    return None if facts.now >= facts.ends_at else WrongState("hold.not_over")


_S, _A = HoldState, HoldAction
MOVES: Moves[HoldAction, HoldState, Role, HoldFacts] = Moves(
    "deposit_hold",
    (
        Move(_A.LIFT, at(_S.STANDING), _S.LIFTED, frozenset(BY.values()), _ordered_it),
        Move(_A.END, at(_S.STANDING), _S.ENDED, SYSTEM, _is_over),
    ),
)
HOLDERS = frozenset(BY.values())
_D = DepositState
MAY_BE_HELD = at(_D.LOCKED, _D.FORFEITABLE, _D.FORFEIT_PROPOSED, _D.REFUND_DUE, _D.REFUND_FAILED)
"""States of a deposit whose money is here and not on its way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldBody:
    """The signed body of `hold.place`. `document`: the number of the court's or authority's paper, "" where there is none."""

    deposit: UUID
    kind: HoldKind
    reason: str
    document: str
    until: date

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> HoldBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            deposit=body.uuid("deposit"),
            kind=body.choice("kind", HoldKind),
            reason=body.text("reason", 1000),
            document=body.text("document", 100, least=0),
            until=body.day("until"),
        )
        body.done()
        return read

    @property
    def ends_at(self) -> datetime:
        """The first moment after its last day."""
        return end_of(self.until)


def last_day(ends_at: datetime) -> date:
    """The last day of a hold that ends at this moment."""
    return legal_day(ends_at - timedelta(seconds=1))


def check_hold(said: HoldBody, roles: frozenset[Role], now: datetime) -> None:
    """Raises NotAllowed where another office orders holds of this kind, RuleBroken for an end that is past or too far, and for a court
    without its paper."""
    if BY[said.kind] not in roles:
        raise NotAllowed("hold.place.other_office", kind=said.kind.value)
    today = legal_day(now)
    if not today <= said.until <= today + timedelta(days=LONGEST[said.kind]):
        raise RuleBroken("hold.until", ARTICLES[said.kind], days=LONGEST[said.kind])
    if said.kind is HoldKind.COURT and not said.document:
        raise RuleBroken("hold.document_missing", ARTICLES[said.kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBody:
    """The signed body of `hold.lift`: which hold, by the digest of its statement, and why."""

    hold_sha256: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> LiftBody:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(hold_sha256=body.digest("hold_sha256"), reason=body.text("reason", 1000))
        body.done()
        return read
