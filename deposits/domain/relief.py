"""Relief from deposits: kinds of projects that a city has freed, and firms that a credit list lets give less or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role

FREE, WAIVE, END = "deposit.free", "deposit.waive", "deposit.relief_end"
CENTRE, SUPERVISOR = frozenset({Role.CENTRE}), frozenset({Role.SUPERVISOR})
CASE = "D-RELIEF"
"""The chain of all of it: none of it belongs to one lot."""
REGIMES = frozenset({"construction", "government_procurement"})
CATEGORIES = frozenset({"construction", "goods", "services"})
"""The words in which the package above says of a project what law it is under and what is bought."""


class ReliefState(Enum):
    """ENDING: one person has signed the end, and until the second has too, it holds."""

    PROPOSED = "proposed"
    HOLDS = "holds"
    ENDING = "ending"
    ENDED = "ended"
    DROPPED = "dropped"


class ReliefAction(Enum):
    """What may be done about a relief that was proposed."""

    AGREE = "agree"
    DROP = "drop"
    PROPOSE_END = "propose_end"
    END = "end"
    KEEP = "keep"


_S, _A = ReliefState, ReliefAction

# Two persons of two duties, as with authorities: the centre proposes, the supervisor decides; nobody can hold both.
MOVES: Moves[ReliefAction, ReliefState, Role, None] = Moves(
    "relief",
    (
        Move(_A.AGREE, at(_S.PROPOSED), _S.HOLDS, SUPERVISOR),
        Move(_A.DROP, at(_S.PROPOSED), _S.DROPPED, CENTRE | SUPERVISOR),
        Move(_A.PROPOSE_END, at(_S.HOLDS), _S.ENDING, CENTRE),
        Move(_A.END, at(_S.ENDING), _S.ENDED, SUPERVISOR),
        Move(_A.KEEP, at(_S.ENDING), _S.HOLDS, CENTRE | SUPERVISOR),
    ),
)
IN_FORCE = at(_S.HOLDS, _S.ENDING)
STANDING = at(_S.PROPOSED, _S.HOLDS, _S.ENDING)
"""Of these something may still be decided."""


@dataclass(frozen=True, slots=True)
class Period:
    """Beijing days, both counted; `until` None: until it is ended."""

    since: date
    until: date | None

    @classmethod
    def take(cls, body: Body) -> Period:
        """The members `since` and `until`, which may be missing; raises RuleBroken "relief.days"."""
        period = cls(body.day("since"), body.day("until") if body.has("until") else None)
        if period.until is not None and period.until < period.since:
            raise RuleBroken("relief.days")
        return period

    def holds(self, on: date) -> bool:
        """Whether it is in force on a day."""
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Freed:
    """The body of `deposit.free`: no deposit may be asked for such projects. `region` "" for all; `source` names the paper that says so."""

    regime: str
    category: str
    region: str
    period: Period
    source: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Freed:
        """Raises RuleBroken `body.malformed`, "relief.kind", "relief.days"."""
        body = Body(members)
        period = Period.take(body)
        said = cls(body.text("regime", 30), body.text("category", 20), body.text("region", 60, least=0), period, body.text("source", 300))
        body.done()
        if said.regime not in REGIMES or said.category not in CATEGORIES:
            raise RuleBroken("relief.kind")
        return said

    def frees(self, project: Project, on: date) -> bool:
        """Whether it frees this project on a day."""
        same = (self.regime, self.category) == (project.regime, project.category)
        return same and self.region in ("", project.region) and self.period.holds(on)


@dataclass(frozen=True, slots=True)
class Project:
    """What is asked about: the law a project is under, what is bought, and where."""

    regime: str
    category: str
    region: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """The body of `deposit.waive`: this firm is let off `percent` of its deposits, 100 of all of them, for what `source` says of it."""

    org: OrgId
    name: str
    percent: int
    period: Period
    source: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> Waiver:
        """Raises RuleBroken `body.malformed`, "relief.days"."""
        body = Body(members)
        period = Period.take(body)
        said = cls(
            OrgId(body.uuid("org")),
            body.text("name", 120),
            body.count("percent", least=1, most=100),
            period,
            body.text("source", 300),
        )
        body.done()
        return said


@dataclass(frozen=True, slots=True)
class End:
    """The body of `deposit.relief_end`."""

    relief_sha256: str
    reason: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> End:
        """Raises RuleBroken `body.malformed`."""
        body = Body(members)
        said = cls(body.digest("relief_sha256"), body.text("reason", 500))
        body.done()
        return said


def freed_by(known: Iterable[Freed], project: Project, on: date) -> Freed | None:
    """What frees this project on a day, the latest to come into force; None where nothing does."""
    return max((one for one in known if one.frees(project, on)), key=lambda one: one.period.since, default=None)


def best_waiver(known: Iterable[Waiver], org: OrgId, on: date) -> Waiver | None:
    """The waiver that lets a firm off most on a day; reliefs do not add up."""
    return max((one for one in known if one.org == org and one.period.holds(on)), key=lambda one: one.percent, default=None)


def asked_after(amount: Money, waiver: Waiver | None) -> Money:
    """What is asked of a firm, to the fen, rounded up: a waiver never lets off more than it says."""
    return amount if waiver is None else Money(-(-amount.fen * (100 - waiver.percent) // 100))
