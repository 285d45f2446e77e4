"""The statutory clock of a lot as it stands, and as a drafted notice would have it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trading.domain.lot import CUT_SHORT
from trading.domain.periods import Anchor
from trading.domain.statutory import Known, Term, statutory_clock
from trading.models.amendment import DocumentAmendment
from trading.models.clarification import DocumentClarification
from trading.models.opening import Opening
from trading.queries.lots import LotView


def terms(session: Session, lot: LotView, now: datetime) -> tuple[Term, ...]:
    """Every period of a lot, from what has happened and what is set. Nothing in it comes from who bids."""
    return _clock(lot, now, _anchors(lot) | _opening_end(session, lot), _amended(session, lot))


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
        Anchor.REPORT: lot.report_at,
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
