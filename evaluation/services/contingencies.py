"""An evaluation stands still and goes on: a fault, its repair, the tenderer's decision, sealing, a new committee; the night."""

from __future__ import annotations

from dataclasses import replace
from typing import cast
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.drills import is_drill
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.contingency import (
    MOVES,
    STOPS,
    Action,
    DecisionBody,
    Facts,
    FaultBody,
    NightBody,
    Phase,
    State,
    Stop,
    StopFacts,
    VacancyBody,
    WordBody,
    needs_its_seals,
    phase_of,
)
from evaluation.events_contingency import (
    CommitteeReformed,
    FaultDecided,
    FaultRepaired,
    FaultReported,
    MaterialSealed,
    NightOpened,
    NightSealed,
    SeatUnfilled,
)
from evaluation.models.contingency import Halt
from evaluation.models.draws import Draw
from evaluation.models.rooms import Evaluation
from evaluation.queries import venues
from evaluation.queries.contingencies import material
from evaluation.services import venue_seals
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from evaluation.services.seated import has_successor
from trading.domain.lot import roles_of
from trading.queries import lots
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})


def report(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`halt.fault`: the room stands still from now on. Records FaultReported. Raises RuleBroken for another phase than the room's."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("halt.fault", lot.case, lot.no, role=Role.CENTRE, step_up=True), lambda act: _report(work, lot, act))


def seal_for_the_night(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`halt.night`: sealed until the morning. Records NightSealed. Raises RuleBroken for the digest of something else than is there."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("halt.night", lot.case, lot.no, role=Role.CENTRE, step_up=True), lambda act: _night(work, lot, act))


def seal_for_vacancy(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`halt.vacancy`: a member cannot go on and the draw has nobody left to follow: all is sealed, and another committee is due. Records
    SeatUnfilled and MaterialSealed. Raises WrongState while somebody could follow."""
    lot = lots.by_number(work.session, number)
    expect = Expect("halt.vacancy", lot.case, lot.no, role=Role.CENTRE, step_up=True)
    return once(work, signed, expect, lambda act: _vacancy(work, lot, act))


def repair(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`halt.repair`: the work goes on. Records FaultRepaired. Raises RuleBroken once the hours are over."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("halt.repair", lot.case, lot.no, role=Role.CENTRE, step_up=True), lambda act: _repair(work, lot, act))


def decide(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`halt.decide`: the tenderer waits on, or gives up, and then all is sealed. Records FaultDecided, and MaterialSealed."""
    lot = lots.by_number(work.session, number)
    expect = Expect("halt.decide", lot.case, lot.no, role=Role.TENDERER, step_up=True)
    return once(work, signed, expect, lambda act: _decide(work, lot, act))


def open_in_the_morning(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`halt.open`: the seals are whole and the work goes on. Records NightOpened."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("halt.open", lot.case, lot.no, role=Role.CENTRE, step_up=True), lambda act: _open(work, lot, act))


def seal_overdue(work: Work, key: UUID) -> None:
    """Four hours of a fault during the work are over: all is sealed. Records MaterialSealed."""
    found = work.session.get_one(Halt, key)
    room = LockedRoom(work, lots.by_id(work.session, LotId(work.session.get_one(Evaluation, found.evaluation_id).lot_id)))
    row = lock(work.session, Halt, Halt.id == key)
    row.state = MOVES.choose(Action.SEAL, row.state, SYSTEM, _facts(room, row))
    _seal(room, row)


def note_reformed(work: Work, room: LockedRoom) -> None:
    """A seat was handed on: once nobody of the sealed committee sits there the room may go on. Records CommitteeReformed."""
    row = work.session.scalar(select(Halt).where(Halt.evaluation_id == room.row.id, Halt.payload_sha256 == room.row.paused_by))
    if row is None or Action.REFORM not in MOVES.available(row.state, SYSTEM, _facts(room, row)):
        return
    row.state = MOVES.choose(Action.REFORM, row.state, SYSTEM, _facts(room, row))
    row.ended_at = room.now
    room.go_on_from(row.at)
    work.record(CommitteeReformed(case=room.lot.case, lot=room.lot.no, halt_sha256=row.payload_sha256))


def _report(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room, said = LockedRoom(work, lot), FaultBody.read(act.body)
    STOPS.choose(Stop.FAULT, room.row.state, frozenset({act.role}), _stop_facts(room))
    if said.phase is not phase_of(room.row.state, was_complete=room.row.assembled_at is not None):
        raise RuleBroken("halt.phase")
    row = _begin(room, act, said.phase)
    row.site, row.what = said.site, said.what
    work.record(FaultReported(case=lot.case, lot=lot.no, signed=act.envelope, subject=act.payload_sha256, phase=said.phase.value))
    return {"halt_sha256": act.payload_sha256}


def _night(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    said = NightBody.read(act.body, room.now)
    STOPS.choose(Stop.NIGHT, room.row.state, frozenset({act.role}), _stop_facts(room))
    if said.material_sha256 != material(work.session, lot):
        raise RuleBroken("halt.other_material")
    row = _begin(room, act, Phase.NIGHT)
    row.what, row.until, row.material_sha256 = said.lodging, said.until, said.material_sha256
    until = clock.text(said.until)
    work.record(NightSealed(case=lot.case, lot=lot.no, signed=act.envelope, subject=act.payload_sha256, until=until))
    venue_seals.seal(work, lot.id)
    return {"halt_sha256": act.payload_sha256}


def _vacancy(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room, said = LockedRoom(work, lot), VacancyBody.read(act.body)
    seat = next((one for one in room.seats if one.code == said.seat), None)
    if seat is None:
        raise RuleBroken("halt.no_such_seat")
    is_followed = is_drill(lot.case) or has_successor(work, work.session.get_one(Draw, room.row.draw_id), seat.pseudonym)
    facts = replace(_stop_facts(room), is_followed=is_followed)
    STOPS.choose(Stop.VACANCY, room.row.state, frozenset({act.role}), facts)
    row = _begin(room, act, phase_of(room.row.state, was_complete=room.row.assembled_at is not None))
    row.what, row.state = said.text, State.SEALED
    work.record(SeatUnfilled(case=lot.case, lot=lot.no, signed=act.envelope, subject=act.payload_sha256, seat=said.seat))
    _seal(room, row)
    return {"halt_sha256": act.payload_sha256}


def _stop_facts(room: LockedRoom) -> StopFacts:
    return StopFacts(is_paused=bool(room.row.paused_by), has_begun=room.row.assembled_at is not None)


def _begin(room: LockedRoom, act: Act, phase: Phase) -> Halt:
    """The room stands still from now on."""
    row = Halt(
        id=new_id(room.now),
        evaluation_id=room.row.id,
        phase=phase,
        state=State.STANDING,
        site="",
        what="",
        at=room.now,
        until=None,
        ended_at=None,
        payload_sha256=act.payload_sha256,
        material_sha256="",
        old_seats=[],
        words=[],
    )
    room.work.session.add(row)
    room.row.paused_by = act.payload_sha256
    return row


def _repair(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    said = WordBody.read(act.body)
    room, row = _standing(work, lot, said.halt_sha256)
    row.state = MOVES.choose(Action.REPAIR, row.state, frozenset({act.role}), _facts(room, row))
    _keep(room, row, "repair", said.text, act)
    work.record(FaultRepaired(case=lot.case, lot=lot.no, signed=act.envelope))
    return _go_on(work, room, row)


def _open(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    said = WordBody.read(act.body)
    room, row = _standing(work, lot, said.halt_sha256)
    row.state = MOVES.choose(Action.OPEN, row.state, frozenset({act.role}), _facts(room, row))
    _keep(room, row, "open", said.text, act)
    work.record(NightOpened(case=lot.case, lot=lot.no, signed=act.envelope))
    return _go_on(work, room, row)


def _go_on(work: Work, room: LockedRoom, row: Halt) -> dict[str, JSON]:
    row.ended_at = room.now
    room.go_on_from(row.at)
    work.session.flush()
    return go_on(work, room)


def _decide(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    said = DecisionBody.read(act.body)
    room, row = _standing(work, lot, said.halt_sha256)
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), lot.parties)
    row.state = MOVES.choose(said.action, row.state, roles, _facts(room, row))
    _keep(room, row, said.action.value, said.text, act)
    work.record(FaultDecided(case=lot.case, lot=lot.no, signed=act.envelope))
    if not said.go_on:
        _seal(room, row)
    return {"state": row.state.value}


def _standing(work: Work, lot: LotView, digest: str) -> tuple[LockedRoom, Halt]:
    room = LockedRoom(work, lot)
    row = work.session.scalar(select(Halt).where(Halt.evaluation_id == room.row.id, Halt.payload_sha256 == digest))
    if row is None:
        raise NotFound("halt.not_found")
    return room, row


def _facts(room: LockedRoom, row: Halt) -> Facts:
    old = set(cast("list[str]", row.old_seats))
    is_whole = not needs_its_seals(row.phase) or material(room.work.session, room.lot) == row.material_sha256
    is_new = not any(str(seat.id) in old for seat in room.seats)
    is_unsealed = not venues.sealed_of(room.work.session, room.lot.id)
    return Facts(now=room.now, since=row.since, phase=row.phase, is_new=is_new, is_whole=is_whole, is_unsealed=is_unsealed)


def _seal(room: LockedRoom, row: Halt) -> None:
    row.old_seats, row.material_sha256 = [str(seat.id) for seat in room.seats], material(room.work.session, room.lot)
    event = MaterialSealed(case=room.lot.case, lot=room.lot.no, halt_sha256=row.payload_sha256, material_sha256=row.material_sha256)
    room.work.record(event)
    venue_seals.seal(room.work, room.lot.id)


def _keep(room: LockedRoom, row: Halt, what: str, text: str, act: Act) -> None:
    said: JSON = {"what": what, "text": text, "at": clock.text(room.now), "by": act.role.value}
    row.words = [*cast("list[JSON]", row.words), said]
