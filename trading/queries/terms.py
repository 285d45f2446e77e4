"""The statutory clock of a lot as it stands, and as a drafted notice would have it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trading.domain.clock import LegalRegime
from trading.domain.lot import CUT_SHORT
from trading.domain.periods import Anchor
from trading.domain.statutory import OF_ROUND, Known, Term, statutory_clock
from trading.models.amendment import DocumentAmendment
from trading.models.clarification import DocumentClarification
from trading.models.opening import Opening
from trading.queries import prequalifications
from trading.queries.lots import LotView
from trading.queries.prequalifications import RoundView


def terms(session: Session, lot: LotView, now: datetime) -> tuple[Term, ...]:
    """Every period of a lot, from what has happened and what is set. Nothing in it comes from who bids."""
    called = prequalifications.of(session, lot.id)
    times = None if called is None else RoundTimes.of(called)
    anchors = _anchors(lot) | _opening_end(session, lot) | _round_anchors(times)
    return _clock(lot, now, anchors, {**_amended(session, lot), **_round_done(times)})


def planned_round(lot: LotView, now: datetime, times: RoundTimes) -> tuple[Term, ...]:
    """The periods of a round as its drafted notice would have them."""
    return of_round(_clock(lot, now, _round_anchors(times), _round_done(times)))


def of_round(found: tuple[Term, ...]) -> tuple[Term, ...]:
    """Those of a lot's periods that belong to its prequalification."""
    return tuple(term for term in found if term.rule.anchor in OF_ROUND)


@dataclass(frozen=True, slots=True)
class RoundTimes:
    """The moments of a round's notice, planned or set."""

    notice_at: datetime
    release_at: datetime
    release_until: datetime
    deadline: datetime

    @classmethod
    def of(cls, called: RoundView) -> Self | None:
        """Of a round whose notice is out; None before."""
        if called.noticed_at is None or called.release_at is None or called.release_until is None or called.deadline is None:
            return None
        return cls(called.noticed_at, called.release_at, called.release_until, called.deadline)


def _round_anchors(times: RoundTimes | None) -> dict[Anchor, datetime]:
    if times is None:
        return {}
    return dict(zip(OF_ROUND, (times.notice_at, times.release_at, times.release_until, times.deadline), strict=True))


def _round_done(times: RoundTimes | None) -> dict[str, datetime]:
    return {} if times is None else {"T2B": times.release_until, "T6": times.deadline}


def planned(lot: LotView, now: datetime, release_at: datetime, deadline: datetime) -> tuple[Term, ...]:
    """The same before anything is published: the notice out now, with these dates."""
    return _clock(lot, now, {Anchor.NOTICE: now, Anchor.RELEASE: release_at, Anchor.DEADLINE: deadline})


def _clock(
    lot: LotView, now: datetime, anchors: Mapping[Anchor, datetime], amended: Mapping[str, datetime] | None = None
) -> tuple[Term, ...]:
    known = Known(lot.law, now, anchors, {**_done(lot, anchors), **_plan(lot), **(amended or {})}, ended=lot.state in CUT_SHORT)
    return statutory_clock(known)


def _anchors(lot: LotView) -> dict[Anchor, datetime]:
    known = {
        Anchor.NOTICE: lot.notice_at,
        Anchor.RELEASE: lot.release_at,
        Anchor.DEADLINE: lot.deadline,
        Anchor.REPORT: lot.publishes_from if lot.regime is LegalRegime.CONSTRUCTION else lot.report_at,  # only T10 counts from it there
        Anchor.PUBLICITY: lot.publicity_from,
        Anchor.PUBLICITY_END: lot.publicity_until,
        Anchor.DECISION: lot.awarded_at,
        Anchor.AWARD_NOTICE: lot.award_notice_at,
        Anchor.CONTRACT: lot.contract_at,
        Anchor.SUSPENSION: lot.suspended_at,
        Anchor.TERMINATION: lot.ended_at,
    }
    return {anchor: at for anchor, at in known.items() if at is not None}


def _opening_end(session: Session, lot: LotView) -> dict[Anchor, datetime]:
    closed = session.scalar(select(Opening.closed_at).where(Opening.lot_id == lot.id, Opening.round == 0))
    return {} if closed is None else {Anchor.OPENING_END: closed}


def _plan(lot: LotView) -> dict[str, datetime | None]:
    """When the plan was published, for a lot that comes of one."""
    return {"T1": lot.planned_at} if lot.planned_at is not None else {}


def _amended(session: Session, lot: LotView) -> dict[str, datetime]:
    """When the last change that may affect bids came out: T4 asks for days between it and the deadline, which has moved with it."""
    said = (
        session.scalar(select(func.max(table.published_at)).where(table.lot_id == lot.id, table.affects_bids))
        for table in (DocumentAmendment, DocumentClarification)
    )
    last = max((at for at in said if at is not None), default=None)
    return {} if last is None else {"T4": last}


def _done(lot: LotView, anchors: Mapping[Anchor, datetime]) -> dict[str, datetime | None]:
    """What the platform sees done, by rule. Refunds, filings and reports to the supervisor are not among it."""
    deadline = anchors.get(Anchor.DEADLINE)
    return {
        "T2": deadline,
        "T3": deadline,
        "T7": deadline,  # the opening is set to the same moment
        "T10": lot.publicity_from,
        "T10A": lot.publicity_until,
        "T13": lot.contract_at,
        "T15A": lot.awarded_at,
        "T15B": lot.award_notice_at,
        "T15C": lot.contract_at,  # published by the same act
        "T19A": lot.award_notice_at,
    }
