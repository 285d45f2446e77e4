"""Requests to write a signed sheet again, as each viewer may see them; and who did not sign the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.committee import code_name
from evaluation.domain.unlock import HOST, State
from evaluation.models.rooms import Evaluation, ReportSignature, ScoreSheet, Seat
from evaluation.models.unlocks import ReportRefusal, SheetUnlock, UnlockDecision

if TYPE_CHECKING:
    from evaluation.queries.rooms import RoomView


FACTS = ("unlockable", "unlocks_open", "unlocks_due")
REPORT_FACTS = ("chair", "noted", "report_deadline", "report_overdue")


def facts(session: Session, row: Evaluation, code_of: Mapping[UUID, str], due: Sequence[str], seat: str) -> dict[str, Any]:
    """Those facts of the room's table that are about reopened sheets, for the member or office `seat`."""
    mine = select(ScoreSheet.part).where(ScoreSheet.part.in_(due), ScoreSheet.seat_id.in_(_ids(code_of, seat)))
    waiting = open_of(session, row.id, code_of)
    return {
        "unlockable": frozenset(session.scalars(mine)),
        "unlocks_open": frozenset(code_of[one.seat_id] for one in waiting),
        "unlocks_due": frozenset(code_of[one.seat_id] for one in waiting if seat in _left(session, one)),
    }


def report_facts(session: Session, row: Evaluation, code_of: Mapping[UUID, str], now: datetime | None) -> dict[str, Any]:
    """Those facts that are about signatures under the report."""
    signed = select(ReportSignature.seat_id).where(ReportSignature.seat_id.in_(code_of))
    noted = frozenset(refusals(session, code_of))
    missing = set(code_of.values()) - {code_of[one] for one in session.scalars(signed)} - noted
    is_over = row.report_until is not None and now is not None and now >= row.report_until
    return {
        "chair": row.chair,
        "noted": noted,
        "report_deadline": row.report_until is not None,
        "report_overdue": is_over and bool(missing),
    }


def open_of(session: Session, evaluation: UUID, code_of: Mapping[UUID, str]) -> list[SheetUnlock]:
    """The requests that wait for a decision, of members in office."""
    mine = select(SheetUnlock).where(SheetUnlock.evaluation_id == evaluation, SheetUnlock.seat_id.in_(code_of))
    return list(session.scalars(mine.where(SheetUnlock.state == State.OPEN).order_by(SheetUnlock.asked_at)))


def decisions(session: Session, unlock: UUID) -> dict[str, UnlockDecision]:
    """What those who decide on a request have said, by office or seat."""
    return {one.decider: one for one in session.scalars(select(UnlockDecision).where(UnlockDecision.unlock_id == unlock))}


def refusals(session: Session, code_of: Mapping[UUID, str]) -> dict[str, ReportRefusal]:
    """Seat → the host's note that its member did not sign the report."""
    return {code_of[one.seat_id]: one for one in session.scalars(select(ReportRefusal).where(ReportRefusal.seat_id.in_(code_of)))}


def _ids(code_of: Mapping[UUID, str], seat: str) -> list[UUID]:
    return [one for one, code in code_of.items() if code == seat]


def _left(session: Session, one: SheetUnlock) -> set[str]:
    """Who is still to decide."""
    return set(cast("list[str]", one.deciders)) - set(decisions(session, one.id))


@dataclass(frozen=True, slots=True)
class UnlockView:
    """A request; its reason and what was said of it are for its member and for those who decide."""

    seat: str
    name: str
    part: str
    state: State
    asked_at: datetime
    request_sha256: str
    is_due: bool  # the viewer is to decide
    reason: str = ""
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class UnlocksView:
    """What a page shows of reopened sheets: the requests in their order, and which of the viewer's own sheets may be reopened."""

    rows: tuple[UnlockView, ...]
    own: Mapping[str, str]  # part → digest of the signed sheet

    def counts(self) -> list[tuple[str, int]]:
        """How often each member asked."""
        names = [one.name for one in self.rows]
        return [(name, names.count(name)) for name in dict.fromkeys(names)]


def of_room(session: Session, view: RoomView) -> UnlocksView:
    """The requests of a room for whoever may see the room; the host and members read the reasons that they decide on."""
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == view.lot.id)).one()
    me = view.me.code if view.me is not None else HOST if HOST in {role.value for role in view.roles} else ""
    code_of = {seat.id: seat.code for seat in session.scalars(select(Seat).where(Seat.evaluation_id == row.id))}
    asked = select(SheetUnlock).where(SheetUnlock.evaluation_id == row.id).order_by(SheetUnlock.asked_at, SheetUnlock.id)
    rows = tuple(_view(session, one, code_of[one.seat_id], me) for one in session.scalars(asked))
    mine = select(Seat.id).where(Seat.evaluation_id == row.id, Seat.code == me, Seat.left_at.is_(None))
    sheets = session.scalars(select(ScoreSheet).where(ScoreSheet.seat_id.in_(mine)))
    return UnlocksView(rows, {one.part: one.payload_sha256 for one in sheets})


def _view(session: Session, one: SheetUnlock, seat: str, me: str) -> UnlockView:
    said = decisions(session, one.id)
    is_told = bool(me) and (me == seat or me in cast("list[str]", one.deciders))
    refusal = next((each.reason for each in said.values() if not each.granted), "") if is_told else ""
    is_due = one.state is State.OPEN and me in _left(session, one)
    reason = one.reason if is_told else ""
    return UnlockView(seat, code_name(seat), one.part, one.state, one.asked_at, one.payload_sha256, is_due, reason, refusal)
