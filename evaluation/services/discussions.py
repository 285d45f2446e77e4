"""The committee's discussion: the chair opens topics, members speak; each word is signed with the device key and stands in the case."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.discussion import MOVES, Action, Facts, MessageBody, TopicBody
from evaluation.events_discussion import MessageSent, TopicOpened
from evaluation.models.discussions import DiscussionMessage, DiscussionTopic
from evaluation.models.rooms import Seat
from evaluation.services.locked import LockedRoom
from trading.queries import lots
from trading.queries.lots import LotView

MEMBER = frozenset({Role.EXPERT})


def open_topic(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The chair opens a topic, bound to a bid or a criterion where it names one. Records TopicOpened."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("discussion.topic", lot.case, lot.no, role=Role.EXPERT), lambda act: _open_topic(work, lot, act))


def speak(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member says something to the committee. Records MessageSent."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("discussion.message", lot.case, lot.no, role=Role.EXPERT), lambda act: _speak(work, lot, act))


def _open_topic(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = _member(room, act, Action.OPEN_TOPIC)
    criteria = {str(row["id"]) for row in room.method.get("criteria", ())}
    body = TopicBody.read(act.body, room.map(), criteria, _last(room, DiscussionTopic))
    work.session.add(
        DiscussionTopic(
            evaluation_id=room.row.id, no=body.no, seat=seat.code, title=body.title, bid=body.bid, criterion=body.criterion, at=room.now
        )
    )
    work.record(TopicOpened(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, no=body.no))
    return {"no": body.no}


def _speak(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = _member(room, act, Action.SPEAK)
    body = MessageBody.read(act.body, _last(room, DiscussionTopic))
    no = _last(room, DiscussionMessage) + 1
    said = DiscussionMessage(evaluation_id=room.row.id, no=no, topic=body.topic, seat=seat.code, text=body.text, at=room.now)
    said.payload_sha256 = act.payload_sha256
    work.session.add(said)
    work.record(MessageSent(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, no=no, topic=body.topic))
    return {"no": no}


def _member(room: LockedRoom, act: Act, action: Action) -> Seat:
    """The seat of the member who acts; raises what the table finds. Speaking moves the room nowhere."""
    seat = room.seat_of(act.person)
    MOVES.choose(action, room.row.state, MEMBER & {act.role}, Facts(is_chair=bool(room.row.chair) and seat.code == room.row.chair))
    room.refuse_while_paused()
    return seat


def _last(room: LockedRoom, model: Any) -> int:
    mine = select(func.max(model.no)).where(model.evaluation_id == room.row.id)
    return room.work.session.scalar(mine) or 0
