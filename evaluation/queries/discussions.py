"""The discussion as its table of reads lets each viewer see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, WrongState
from evaluation.domain.committee import code_name
from evaluation.domain.discussion import MOVES, READS, Action, Facts, See
from evaluation.models.discussions import DiscussionMessage, DiscussionTopic
from evaluation.models.rooms import Evaluation
from evaluation.queries import rooms
from evaluation.queries.rooms import RoomView


@dataclass(frozen=True, slots=True)
class Message:
    """A message under the code name of its seat."""

    no: int
    seat: str
    name: str
    text: str
    sha256: str
    at: datetime
    is_mine: bool


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic and what was said to it; number 0 is the general discussion, which nobody had to open."""

    no: int
    title: str
    bid: str
    criterion: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class DiscussionView:
    """The discussion for one viewer."""

    room: RoomView
    topics: tuple[Topic, ...]
    last: int
    newest: Message | None
    may_speak: bool
    may_open: bool

    @property
    def next_topic(self) -> int:
        """The number that the next topic takes."""
        return len(self.topics)


def may_read(room: RoomView) -> bool:
    """Whether this viewer may read the discussion now; members not while the room is paused."""
    return READS.may(See.MESSAGES, room.state, room.roles) and not (room.is_paused and room.me)


def view(session: Session, actor: Actor, number: str) -> DiscussionView:
    """The discussion of a lot's room; raises NotFound for whoever may see nothing of the room, NotAllowed for whoever may not read it."""
    room = rooms.view(session, actor, number)
    if room.is_paused and room.me:
        raise WrongState("room.paused")
    if not may_read(room):
        raise NotAllowed("discussion.sealed")
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    mine = room.me.code if room.me else ""
    said = session.scalars(select(DiscussionMessage).where(DiscussionMessage.evaluation_id == row.id).order_by(DiscussionMessage.no))
    by_topic: dict[int, list[Message]] = {0: []}
    newest: Message | None = None
    for one in said:
        newest = Message(one.no, one.seat, code_name(one.seat), one.text, one.payload_sha256, one.at, one.seat == mine)
        by_topic.setdefault(one.topic, []).append(newest)
    opened = session.scalars(select(DiscussionTopic).where(DiscussionTopic.evaluation_id == row.id).order_by(DiscussionTopic.no))
    topics = [Topic(0, "", "", "", tuple(by_topic[0])), *(_topic(one, by_topic.get(one.no, ())) for one in opened)]
    available = MOVES.available(room.state, room.roles, Facts(is_chair=bool(mine) and mine == room.chair)) if mine else ()
    last = newest.no if newest else 0
    return DiscussionView(room, tuple(topics), last, newest, Action.SPEAK in available, Action.OPEN_TOPIC in available)


def _topic(row: DiscussionTopic, said: Sequence[Message]) -> Topic:
    return Topic(row.no, row.title, row.bid, row.criterion, tuple(said))
