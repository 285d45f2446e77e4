"""A tender plan (招标计划): what a tenderer means to tender, published ahead of the notice, changed with a trace, linked to its notice."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, Stale
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime
from trading.domain.project import Category


class PlanState(Enum):
    """The life of a plan."""

    DRAFT = "draft"  # known to its tenderer alone
    PUBLISHED = "published"
    LINKED = "linked"  # its notice is out
    CANCELLED = "cancelled"


class PlanAction(Enum):
    """What moves a plan along."""

    SAVE = "save"
    REVISE = "revise"  # draft a change
    PUBLISH = "publish"
    CHANGE = "change"
    CANCEL = "cancel"
    LINK = "link"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFacts:
    """What the rules of a plan look at: the Beijing day, and the month for which it is planned, "" where none is at stake."""

    today: date
    month: str = ""


def _month_to_come(facts: PlanFacts) -> Refusal | None:
    return RuleBroken("plan.month_past", month=facts.month) if facts.month < facts.today.strftime("%Y-%m") else None


_TENDERER, _SYSTEM = frozenset({Role.TENDERER}), frozenset({Role.SYSTEM})
_S, _A = PlanState, PlanAction

MOVES: Moves[PlanAction, PlanState, Role, PlanFacts] = Moves(
    "plan",
    (
        Move(_A.SAVE, at(_S.DRAFT), _S.DRAFT, _TENDERER),
        Move(_A.REVISE, at(_S.PUBLISHED), _S.PUBLISHED, _TENDERER),
        Move(_A.PUBLISH, at(_S.DRAFT), _S.PUBLISHED, _TENDERER, _month_to_come),
        Move(_A.CHANGE, at(_S.PUBLISHED), _S.PUBLISHED, _TENDERER, _month_to_come),
        Move(_A.CANCEL, at(_S.PUBLISHED), _S.CANCELLED, _TENDERER),
        Move(_A.LINK, at(_S.PUBLISHED), _S.LINKED, _SYSTEM),
    ),
)
PUBLIC = frozenset(_S) - at(_S.DRAFT)


def roles_of(actor: Actor, tenderer: OrgId) -> frozenset[Role]:
    """The roles of an actor towards a plan: its own tenderer's alone, and the platform's."""
    return actor.roles & ({Role.SYSTEM} | ({Role.TENDERER} if actor.org == tenderer else set()))


_MONTH = re.compile(r"20[0-9]{2}-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanEntry:
    """What a plan says: the signed body of `plan.publish`. `month`: in which the notice is planned, `2026-12`; `amount_fen`: planned."""

    title: str
    content: str
    regime: LegalRegime
    category: Category
    region: str
    amount_fen: int
    month: str
    note: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> PlanEntry:
        """Of a signed body or of a draft; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls.take(body)
        body.done()
        return read

    @classmethod
    def take(cls, body: Body) -> PlanEntry:
        """Out of a body that says more."""
        read = cls(
            title=body.text("title", 200),
            content=body.text("content", 500),
            regime=body.choice("regime", LegalRegime),
            category=body.choice("category", Category),
            region=body.text("region", 60),
            amount_fen=body.count("amount_fen", least=1),
            month=body.text("month", 7),
            note=body.text("note", 500, least=0),
        )
        if _MONTH.fullmatch(read.month) is None:
            raise RuleBroken("body.malformed", member="month")
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        words: dict[str, JSON] = {name: getattr(self, name) for name in ("title", "content", "region", "amount_fen", "month", "note")}
        return words | {"regime": self.regime.value, "category": self.category.value}


@dataclass(frozen=True, slots=True)
class PlanChange:
    """The signed body of `plan.change`: the plan as it shall stand, why, and the digest of the statement that it takes the place of."""

    entry: PlanEntry
    reason: str
    replaces: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> PlanChange:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(PlanEntry.take(body), body.text("reason", 500), body.digest("replaces"))
        body.done()
        return read


@dataclass(frozen=True, slots=True)
class PlanCancellation:
    """The signed body of `plan.cancel`: why, and the digest of the statement that stands no longer."""

    reason: str
    replaces: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> PlanCancellation:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(body.text("reason", 500), body.digest("replaces"))
        body.done()
        return read


def check_replaces(said: str, standing: str) -> None:
    """Raises Stale for a change of another statement than the one that stands."""
    if said != standing:
        raise Stale("plan.changed_meanwhile")
