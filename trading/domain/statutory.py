"""The statutory clock of a lot: from what is known or planned of it, every earliest and latest moment with its rule and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from core.kernel.calendar import Unit, legal_day
from trading.domain.clock import Anchor, Direction, Law, PeriodRule
from trading.domain.periods import RULES, By, Force


class TermState(Enum):
    """How a period stands."""

    UNKNOWN = "unknown"  # its anchor has not come, nor is it planned
    RUNNING = "running"
    FULFILLED = "fulfilled"
    EXPIRED = "expired"  # a right, or what the platform does not see done: the time for it is over
    LATE = "late"
    BROKEN = "broken"  # planned or done at a moment that the rule forbids
    DEVIATES = "deviates"  # the same where the rule does not bind


@dataclass(frozen=True, slots=True)
class Term:
    """One period of a lot. `edge` is the moment that the rule sets, `day` its Beijing day; None while the anchor is unknown."""

    rule: PeriodRule
    binds: bool
    state: TermState
    anchor_at: datetime | None = None
    edge: datetime | None = None
    day: date | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a lot, or planned. `anchors`: the events that have come or are set. `done`: by rule, when that which it is about was
    done or will be; None where the platform would know of it and it is not; a missing code: the platform does not see it."""

    law: Law
    now: datetime
    anchors: Mapping[Anchor, datetime]
    done: Mapping[str, datetime | None]
    ended: bool = False  # nothing more will come of the lot


OF_ROUND = (
    *(Anchor.PREQUALIFICATION_NOTICE, Anchor.PREQUALIFICATION_RELEASE),
    *(Anchor.PREQUALIFICATION_RELEASE_END, Anchor.PREQUALIFICATION_DEADLINE),
)
"""The anchors of a round of prequalification, for a lot that has one."""
LIFE = (
    *OF_ROUND,
    *(Anchor.NOTICE, Anchor.RELEASE, Anchor.DEADLINE, Anchor.SUSPENSION, Anchor.TERMINATION, Anchor.OPENING_END, Anchor.REPORT),
    *(Anchor.PUBLICITY, Anchor.PUBLICITY_END, Anchor.DECISION, Anchor.AWARD_NOTICE, Anchor.CONTRACT),
)
"""The anchors of a lot's own life in their order; those of objections, complaints and withdrawals belong to whoever makes them."""
_EXCEPTIONS = frozenset({Anchor.SUSPENSION, Anchor.TERMINATION, *OF_ROUND})
_EARLIEST = frozenset({Direction.AT_LEAST_AFTER, Direction.LASTS, Direction.AT_MOST_BEFORE})
_CODES = tuple(dict.fromkeys(row.code for row in RULES))


def statutory_clock(known: Known) -> tuple[Term, ...]:
    """Every period of the lot's life in the order of their anchors; those of a lot that has ended only as far as it came."""
    found = [term for code in _CODES if (term := _term(code, known)) is not None]
    return tuple(sorted(found, key=lambda term: LIFE.index(term.rule.anchor)))


def _term(code: str, known: Known) -> Term | None:
    newest = known.law.standing(code, known.now)
    if newest is None or newest.anchor not in LIFE:
        return None
    if newest.force is Force.ADVISED and newest.code not in known.done:
        return None  # a custom is no duty: it is shown to who has begun to keep it
    anchor = known.anchors.get(newest.anchor)
    if anchor is None:
        beside = known.ended or newest.anchor in _EXCEPTIONS
        return None if beside else Term(newest, known.law.binds(newest), TermState.UNKNOWN)
    found = known.law.standing(code, anchor)
    return None if found is None else _counted(found, anchor, known)


def _counted(found: PeriodRule, anchor: datetime, known: Known) -> Term:
    edge, binds, done = found.edge(anchor, known.law.calendar), known.law.binds(found), known.done.get(found.code)
    day = legal_day(edge) if found.unit is Unit.HOURS or found.n == 0 else found.last_day(legal_day(anchor), known.law.calendar)
    if done is None:
        state = _waiting(found, edge, known)
    elif known.law.misses(found, anchor, done) is None:
        state = TermState.FULFILLED
    else:
        state = TermState.LATE if found.direction is Direction.AT_MOST_AFTER else TermState.BROKEN
    if not binds and state in (TermState.LATE, TermState.BROKEN):
        state = TermState.DEVIATES
    return Term(found, binds, state, anchor, edge, day, done)


def _waiting(found: PeriodRule, edge: datetime, known: Known) -> TermState:
    """How a period stands whose act has not come: nothing is late that nobody owes, or that the platform would not see."""
    if known.now < edge:
        return TermState.RUNNING
    if found.direction in _EARLIEST or found.direction is Direction.SAME_MOMENT:
        return TermState.FULFILLED
    owed = found.direction is Direction.AT_MOST_AFTER and found.by is not By.BIDDER and found.code in known.done
    return TermState.LATE if owed and not known.ended else TermState.EXPIRED
