"""A supervisor acts in a session, or dispatches an alarm of the draw before there is one; who was addressed answers, the supervisor urges,
lets the room go on, and closes: each a signed word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken, WrongState
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.supervision import (
    ISSUING,
    MOVES,
    SUPERVISOR,
    Action,
    Facts,
    IssueFacts,
    Measure,
    MeasureBody,
    State,
    UrgeBody,
    WordBody,
    is_summed_up,
    issue_of,
    refuse_figures,
    refuse_without_a_room,
    seat_of,
)
from evaluation.domain.viewing import Action as ViewAction
from evaluation.events_supervision import MeasureAnswered, MeasureClosed, MeasureLapsed, MeasureUrged, RoomResumed, SupervisorActed
from evaluation.models.supervision import SupervisionAct, SupervisionView
from evaluation.queries import alarms
from evaluation.queries.supervision import is_addressed, whom
from evaluation.services import viewing
from evaluation.services.locked import LockedLot, LockedRoom, held
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView

Held = LockedRoom | LockedLot


def issue(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A supervisor asks, warns, pauses, or has a recusal looked into. Records SupervisorActed; a pause locks the room in the same
    transaction. Raises RuleBroken for a seat that nobody holds."""
    lot = lots.by_number(work.session, number)
    expect = Expect("supervision.act", lot.case, lot.no, role=Role.SUPERVISOR, step_up=True)
    return once(work, signed, expect, lambda act: _issue(work, lot, act))


def _issue(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = held(work, lot)
    said = MeasureBody.read(act.body, room.now)
    if isinstance(room, LockedRoom):
        ISSUING.choose(issue_of(said.measure), room.row.state, SUPERVISOR & {act.role}, IssueFacts(is_paused=bool(room.row.paused_by)))
    else:
        refuse_without_a_room(said.measure)
    row = _row(room, said, act)
    work.session.add(row)
    if isinstance(room, LockedRoom):
        _follow(room, said, act)
    event = SupervisorActed(
        case=lot.case,
        lot=lot.no,
        signed=act.envelope,
        subject=act.payload_sha256,
        no=row.no,
        measure=said.measure.value,
        to=said.to,
        due=clock.text(said.due),
    )
    work.record(event)
    return {"no": row.no, "act_sha256": act.payload_sha256}


def _follow(room: LockedRoom, said: MeasureBody, act: Act) -> None:
    """What an act does to the room at once."""
    if said.measure.ends_a_view:
        viewing.end(room.work, room, _view_of(room, said.about), ViewAction.STOP, Actor(act.person, act.org, SUPERVISOR & {act.role}))
    if said.measure.is_pause:
        room.row.paused_by = act.payload_sha256


def _row(room: Held, said: MeasureBody, act: Act) -> SupervisionAct:
    """The act under the next number of the lot."""
    code = seat_of(said.to)
    seat = next((one for one in room.seats if one.code == code), None)
    if code and (seat is None or seat.signed_in_at is None):
        raise RuleBroken("measure.nobody_there")
    if said.measure.is_alarm:
        _check_alarm(room, said.about)
    mine = select(func.max(SupervisionAct.no)).where(SupervisionAct.lot_id == room.lot.id)
    return SupervisionAct(
        id=new_id(room.now),
        lot_id=room.lot.id,
        no=(room.work.session.scalar(mine) or 0) + 1,
        measure=said.measure,
        addressee=said.to,
        seat_id=None if seat is None else seat.id,
        about=said.about,
        reason=said.reason,
        payload_sha256=act.payload_sha256,
        state=State.OPEN,
        at=room.now,
        due=said.due,
        words=[],
    )


def _check_alarm(room: Held, about: str) -> None:
    """An alarm of this lot, dispatched once: what is found wanting is urged."""
    if not alarms.is_alarm(room.work.session, room.lot, about):
        raise NotFound("measure.no_alarm")
    mine = select(SupervisionAct.id).where(SupervisionAct.lot_id == room.lot.id, SupervisionAct.about == about)
    if room.work.session.scalar(mine.where(SupervisionAct.measure == Measure.HANDLE)) is not None:
        raise WrongState("measure.dispatched")


def _view_of(room: LockedRoom, about: str) -> SupervisionView:
    mine = select(SupervisionView).where(SupervisionView.evaluation_id == room.row.id, SupervisionView.payload_sha256 == about)
    found = room.work.session.scalar(mine)
    if found is None:
        raise NotFound("view.not_found")
    return found


def answer(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """Who was addressed answers; of a member who has left since, the host. Records MeasureAnswered."""
    return _word(work, number, signed, "supervision.answer", _answer)


def _answer(work: Work, room: Held, row: SupervisionAct, act: Act) -> None:
    said = WordBody.read(act.body)
    refuse_figures(said.text, row.addressee, summed_up=isinstance(room, LockedRoom) and is_summed_up(room.row.state))
    _move(row, room, Action.ANSWER, act)
    _keep(row, room, "answer", said.text, act.role.value)
    work.record(MeasureAnswered(case=room.lot.case, lot=room.lot.no, signed=act.envelope, no=row.no))


def urge(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The supervisor urges, or finds an answer wanting and asks again, with a new due time. Records MeasureUrged."""
    return _word(work, number, signed, "supervision.urge", _urge, role=Role.SUPERVISOR)


def _urge(work: Work, room: Held, row: SupervisionAct, act: Act) -> None:
    said = UrgeBody.read(act.body, room.now)
    _move(row, room, Action.URGE, act)
    row.due, row.is_lapsed = said.due, False
    _keep(row, room, "urge", said.text, act.role.value)
    work.record(MeasureUrged(case=room.lot.case, lot=room.lot.no, signed=act.envelope, no=row.no, due=clock.text(said.due)))


def resume(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The room that an act paused goes on, and what fell due meanwhile by itself is done. Records RoomResumed."""
    return _word(work, number, signed, "supervision.resume", _resume, role=Role.SUPERVISOR, step_up=True)


def _resume(work: Work, room: Held, row: SupervisionAct, act: Act) -> None:
    said = WordBody.read(act.body)
    _move(row, room, Action.RESUME, act)
    assert isinstance(room, LockedRoom)  # by the table: an act before there is a room pauses none
    _keep(row, room, "resume", said.text, act.role.value)
    room.go_on_from(row.at)
    work.record(RoomResumed(case=room.lot.case, lot=room.lot.no, signed=act.envelope, no=row.no))
    go_on(work, room)


def close(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The supervisor is satisfied with an answer. Records MeasureClosed."""
    return _word(work, number, signed, "supervision.close", _close, role=Role.SUPERVISOR, step_up=True)


def _close(work: Work, room: Held, row: SupervisionAct, act: Act) -> None:
    said = WordBody.read(act.body)
    _move(row, room, Action.CLOSE, act)
    _keep(row, room, "close", said.text, act.role.value)
    work.record(MeasureClosed(case=room.lot.case, lot=room.lot.no, signed=act.envelope, no=row.no))


def find_late(work: Work, key: UUID) -> None:
    """The time for an answer is over, which is recorded once. Records MeasureLapsed."""
    found = work.session.get_one(SupervisionAct, key)
    room = held(work, lots.by_id(work.session, LotId(found.lot_id)))
    row = lock(work.session, SupervisionAct, SupervisionAct.id == key)
    facts = Facts(now=room.now, due=row.due, is_lapsed=row.is_lapsed)
    row.state = MOVES.choose(Action.LAPSE, row.state, frozenset({Role.SYSTEM}), facts)
    row.is_lapsed = True
    work.record(MeasureLapsed(case=room.lot.case, lot=room.lot.no, no=row.no, subject=row.payload_sha256))


def _word(
    work: Work,
    number: str,
    signed: SignedRequest,
    kind: str,
    do: Callable[[Work, Held, SupervisionAct, Act], None],
    **expected: Any,
) -> dict[str, JSON]:
    """A signed word about an act: the room, or the lot before there is one, is locked, the act found by the digest that the body
    names. Raises NotFound for another's."""
    lot = lots.by_number(work.session, number)

    def say(act: Act) -> dict[str, JSON]:
        room = held(work, lot)
        mine = (SupervisionAct.lot_id == room.lot.id, SupervisionAct.payload_sha256 == str(act.body.get("act_sha256", "")))
        row = work.session.scalar(select(SupervisionAct).where(*mine))
        if row is None:
            raise NotFound("measure.not_found")
        do(work, room, row, act)
        return {"no": row.no, "state": row.state.value}

    return once(work, signed, Expect(kind, lot.case, lot.no, **expected), say)


def _move(row: SupervisionAct, room: Held, action: Action, act: Act) -> None:
    actor = Actor(act.person, act.org, frozenset({act.role}))
    facts = Facts(
        now=room.now,
        due=row.due,
        is_addressed=is_addressed(row.addressee, whom(room.work.session, row), actor, room.lot.parties.agency),
        is_paused=isinstance(room, LockedRoom) and room.row.paused_by == row.payload_sha256,
        is_lapsed=row.is_lapsed,
    )
    row.state = MOVES.choose(action, row.state, frozenset({act.role}), facts)


def _keep(row: SupervisionAct, room: Held, what: str, text: str, by: str) -> None:
    said = {"what": what, "text": text, "at": clock.text(room.now), "by": by}
    row.words = [*cast("list[JSON]", row.words), said]
