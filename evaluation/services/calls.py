"""Answers to calls: by the expert's own signature, by a key on the telephone, by the clock's silence, or noted by the centre."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import ColumnElement, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import jcs
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import BadSignature, NotFound, RuleBroken, WrongState
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import draw as draws
from evaluation.domain.calling import (
    CANNOT,
    COME,
    KEYS,
    MOVES,
    Action,
    AnswerBody,
    Cause,
    Facts,
    KeypadAnswer,
    State,
    case_of,
    is_coming,
    is_due,
    is_fresh,
    is_waiting,
)
from evaluation.domain.draw import RecusalBody
from evaluation.domain.provincial import drawn_by
from evaluation.domain.redraw import Level, Reason
from evaluation.domain.room import State as RoomState
from evaluation.events import ExpertRecused
from evaluation.events_calls import CallAnswered, DrawAlarmed, ListExhausted
from evaluation.models.calls import DrawAlarm, DrawCall, KeypadReply
from evaluation.models.draws import Draw, DrawPseudonym
from evaluation.models.experts import Expert
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import provincial
from evaluation.queries.calls import conditions_of
from evaluation.services import calling, committees
from evaluation.services.locked import LockedRoom
from evaluation.services.seated import facts_of, follow, has_successor, hold
from trading.domain.lot import roles_of
from trading.queries import lots
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})
EXPERT = frozenset({Role.EXPERT})


class Held:
    """A call under lock with its draw: whatever comes of it comes once."""

    def __init__(self, work: Work, where: ColumnElement[bool]) -> None:
        known = work.session.scalars(select(DrawCall).where(where)).first()
        if known is None:
            raise NotFound("draw_call.not_found")
        self.lot = lots.by_id(work.session, LotId(work.session.get_one(Draw, known.draw_id).lot_id))
        self.draw = lock(work.session, Draw, Draw.id == known.draw_id)
        self.row = lock(work.session, DrawCall, DrawCall.id == known.id)

    @classmethod
    def by_number(cls, work: Work, number: str) -> Held:
        """The call of that number; raises NotFound."""
        return cls(work, DrawCall.number == number)

    def note(self, work: Work, action: Action, roles: frozenset[Role], cause: str, way: str) -> None:
        """How it was answered; raises what the table finds."""
        now = work.now()
        self.row.state = MOVES.choose(action, self.row.state, roles, Facts(now=now, reply_until=self.row.reply_until))
        self.row.cause, self.row.way, self.row.answered_at = cause, way, now
        work.session.flush()


def answer(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A drawn expert says that they will come, or cannot; nothing of it names the project. Records CallAnswered."""
    held = Held.by_number(work, number)
    return once(work, signed, Expect("call.answer", case_of(number), role=Role.EXPERT), lambda act: _answer(work, held, act))


def keypad(work: Work, said: KeypadAnswer) -> dict[str, JSON]:
    """A key that was pressed, as the gateway of the request has signed it; the same again gets the same answer. Records CallAnswered.

    Raises BadSignature for a stranger's word, WrongState for a late one, RuleBroken for a stale one or an id that was used otherwise.
    """
    held = Held.by_number(work, said.call)
    _verify(work, held, said)
    known = work.session.get(KeypadReply, said.id)
    if known is not None:
        if (known.call_id, known.digit) != (held.row.id, said.digit):
            raise RuleBroken("draw.call.key_id")
        return {"state": held.row.state.value}
    if not is_fresh(said.at, now := work.now()):
        raise RuleBroken("draw.call.stale")
    if KEYS[said.digit] == COME and is_coming(held.row.state):
        return {"state": held.row.state.value}
    work.session.add(KeypadReply(id=said.id, call_id=held.row.id, digit=said.digit, at=now))
    if KEYS[said.digit] == COME:
        _comes(work, held, SYSTEM, "keypad", said.to_json())
    else:
        held.note(work, Action.DECLINE, SYSTEM, Cause.KEYPAD.value, "keypad")
        _leaves(work, held, said.to_json())
    return {"state": held.row.state.value}


def expire(work: Work, call_id: UUID) -> None:
    """Nobody answered in time: who stays silent is followed by the next, in a room too. Records CallAnswered; does nothing where an answer
    came. Where a formed committee has nobody left to follow, the seat waits for them all the same and the supervisor is told, once."""
    held = Held(work, DrawCall.id == call_id)
    now = work.now()
    if not is_waiting(held.row.state) or held.row.reply_until is None or now < held.row.reply_until:
        return
    if _is_seated_and_here(work, held):
        held.row.state, held.row.way, held.row.answered_at = State.CONFIRMED, "room", now  # who sits there has come
        return
    if draws.is_formed(held.draw.state) and not has_successor(work, held.draw, held.row.pseudonym):
        _alarm_once(work, held, now)
        return
    held.note(work, Action.EXPIRE, SYSTEM, Cause.SILENT.value, "clock")
    _leaves(work, held, {})


def _alarm_once(work: Work, held: Held, now: datetime) -> None:
    """Nobody is left on the list of a committee that waits for somebody. Records DrawAlarmed (red)."""
    name, why = held.draw.name, Reason.EXHAUSTED.value
    known = select(DrawAlarm.id).where(DrawAlarm.lot_id == held.lot.id, DrawAlarm.name == name, DrawAlarm.why == why)
    if work.session.scalar(known.where(DrawAlarm.level == Level.RED)) is None:
        lot = held.lot
        work.session.add(DrawAlarm(id=new_id(now), lot_id=lot.id, name=name, level=Level.RED, why=why, text="", at=now))
        work.record(DrawAlarmed(case=lot.case, lot=lot.no, draw=name, level=Level.RED.value, why=why, text="", subject=name))


def placed(work: Work, call_id: UUID) -> None:
    """The gateway has taken the call. Records ExpertCalled; does nothing where it is out already, or over."""
    held = Held(work, DrawCall.id == call_id)
    if is_due(held.row.state):
        calling.place(work, held.lot, held.draw, held.row)


def unreachable(work: Work, call_id: UUID) -> None:
    """The gateway cannot reach this number, or there is none. Records ExpertCalled and CallAnswered: the next is asked."""
    held = Held(work, DrawCall.id == call_id)
    if not is_due(held.row.state):
        return
    calling.place(work, held.lot, held.draw, held.row)
    held.note(work, Action.FAIL, SYSTEM, Cause.UNREACHABLE.value, "gateway")
    _leaves(work, held, {})


def recuse(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre notes that a drawn expert does not come, and why; the next in ticket order is asked. Records ExpertRecused."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("draw.recusal", lot.case, lot.no, role=Role.CENTRE), lambda act: _recuse(work, lot, act))


def _recuse(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = RecusalBody.read(act.body)
    draw = hold(work, lot, body.draw)
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), lot.parties)
    to = draws.MOVES.choose(draws.Action.RECUSE, draw.state, roles, facts_of(work, draw, pseudonym=body.id))
    held = Held(work, (DrawCall.draw_id == draw.id) & (DrawCall.pseudonym == body.id))
    held.note(work, Action.NOTE, roles, body.cause, "centre")
    _may_still_leave(work, held)
    successor = follow(work, draw, body.id, body.reason)
    facts = {"draw": draw.name, "id": body.id, "successor": successor, "subject": draw.name, "is_partners": _is_partners(work, draw)}
    work.record(ExpertRecused(case=lot.case, lot=lot.no, signed=act.envelope, **facts))  # type: ignore[arg-type]  # each of its field's type
    draw.state = to
    _go_on(work, held, successor)
    return {"successor": successor}


def _answer(work: Work, held: Held, act: Act) -> dict[str, JSON]:
    body = AnswerBody.read(act.body)
    if not _is_behind(work, held, act):
        raise NotFound("draw_call.not_found")  # whether there is such a call is nobody else's business
    proof = act.envelope.to_json()
    if body.answer == COME:
        _comes(work, held, EXPERT, "page", proof)
    else:
        held.note(work, Action.DECLINE, EXPERT, body.cause, "page")
        _leaves(work, held, proof, body.note)
    return {"state": held.row.state.value}


def _comes(work: Work, held: Held, roles: frozenset[Role], way: str, proof: Mapping[str, JSON]) -> None:
    held.note(work, Action.CONFIRM, roles, "", way)
    _record(work, held, COME, proof, "")
    calling.seal_if_complete(work, held.lot, held.draw)


def _leaves(work: Work, held: Held, proof: Mapping[str, JSON], reason: str = "") -> None:
    """The draw's list goes on without this member: who follows is asked at once."""
    facts = facts_of(work, held.draw, pseudonym=held.row.pseudonym)
    to = draws.MOVES.choose(draws.Action.RECUSE, held.draw.state, SYSTEM, facts)
    _may_still_leave(work, held)
    successor = follow(work, held.draw, held.row.pseudonym, reason or held.row.cause)
    _record(work, held, CANNOT, proof, successor)
    held.draw.state = to
    _go_on(work, held, successor)


def _go_on(work: Work, held: Held, successor: str) -> None:
    lot, draw = held.lot, held.draw
    if draws.is_formed(draw.state):
        if not successor:
            raise RuleBroken("draw.recuse.nobody_left")
        room = LockedRoom(work, lot)
        leaving = next(seat for seat in room.seats if seat.pseudonym == held.row.pseudonym)
        committees.seat_successor(work, room, leaving, successor)
        calling.call(work, lot, draw, successor)
    elif successor:
        calling.call(work, lot, draw, successor)
    else:
        draw.state = draws.MOVES.choose(draws.Action.EXHAUST, draw.state, SYSTEM, facts_of(work, draw))
        work.record(ListExhausted(case=lot.case, lot=lot.no, draw=draw.name, id=held.row.pseudonym, subject=draw.name))
        calling.end_all(work, draw.id)


def _record(work: Work, held: Held, said: str, proof: Mapping[str, JSON], successor: str) -> None:
    row, lot, draw = held.row, held.lot, held.draw
    work.record(
        CallAnswered(
            case=lot.case,
            lot=lot.no,
            draw=draw.name,
            id=row.pseudonym,
            call=row.number,
            answer=said,
            cause=row.cause,
            way=row.way,
            proof=dict(proof),
            successor=successor,
            is_partners=_is_partners(work, draw),
            subject=draw.name,
        )
    )


def _is_partners(work: Work, draw: Draw) -> bool:
    return drawn_by(provincial.request_of(work.session, draw)) is not None


def _may_still_leave(work: Work, held: Held) -> None:
    """Once the committee is formed a seat is handed on here only while its member has not signed in and the others wait for them."""
    if not draws.is_formed(held.draw.state):
        return
    state = work.session.scalar(select(Evaluation.state).where(Evaluation.draw_id == held.draw.id))
    if state is not RoomState.COMMITTEE_FORMED or _is_seated_and_here(work, held):
        raise WrongState("draw.recuse.in_room")


def _is_seated_and_here(work: Work, held: Held) -> bool:
    mine = select(Seat.signed_in_at).join(Evaluation, Evaluation.id == Seat.evaluation_id)
    here = mine.where(Evaluation.draw_id == held.draw.id, Seat.pseudonym == held.row.pseudonym, Seat.left_at.is_(None))
    return work.session.scalar(here) is not None


def _is_behind(work: Work, held: Held, act: Act) -> bool:
    mine = select(Expert.person_id).join(DrawPseudonym, DrawPseudonym.expert_id == Expert.id)
    where = (DrawPseudonym.prepared_id == held.draw.id) & (DrawPseudonym.pseudonym == held.row.pseudonym)
    return work.session.scalar(mine.where(where)) == act.person


def _verify(work: Work, held: Held, said: KeypadAnswer) -> None:
    """The gateway's signature over the canonical form, by the key that the centre fixed in the request."""
    gateway = conditions_of(work.session, held.draw.id).gateway
    if not gateway:
        raise BadSignature("draw.call.no_gateway")
    try:
        signature = base64.b64decode(said.signature, validate=True)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(gateway)).verify(signature, jcs.canonical(said.signed()))
    except (InvalidSignature, binascii.Error, ValueError):
        raise BadSignature("draw.call.forged") from None
