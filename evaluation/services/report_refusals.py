"""Members who do not sign the report: a deadline of the chair, and after it the host's note."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.report_refusal import DeadlineBody, RefusalBody
from evaluation.domain.room import MOVES, Action, roles_of
from evaluation.events_unlocks import ReportDeadlineSet, ReportRefusalNoted
from evaluation.models.unlocks import ReportRefusal
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def set_deadline(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The chair says until when the report is to be signed. Records ReportDeadlineSet."""
    lot = lots.by_number(work.session, number)
    expect = Expect("report.deadline", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _set_deadline(work, lot, act))


def _set_deadline(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.SET_DEADLINE, act)
    said = DeadlineBody.read(act.body, room.row.report_sha256, room.now)
    room.row.report_until = said.until
    work.record(ReportDeadlineSet(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, until=clock.text(said.until)))
    return {"state": room.row.state.value}


def note(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The host notes after the deadline that a member did not sign; the last such note submits the report. Records ReportRefusalNoted."""
    lot = lots.by_number(work.session, number)
    expect = Expect("report.refusal", lot.case, lot.no, role=Role.CENTRE, step_up=True)
    return once(work, signed, expect, lambda act: _note(work, lot, act))


def _note(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), (), lot.parties.tenderer)
    facts = room.facts()
    room.row.state = MOVES.choose(Action.NOTE_REFUSAL, room.row.state, roles, facts)
    said = RefusalBody.read(act.body, room.row.report_sha256)
    seat = next((one for one in room.seats if one.code == said.seat), None)
    if seat is None or said.seat in facts.signed | facts.noted:
        raise RuleBroken("report.refusal.signed")
    work.session.add(ReportRefusal(seat_id=seat.id, dissent=said.dissent, at=room.now))
    work.record(ReportRefusalNoted(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return go_on(work, room)
