"""The committee's discussion under code names: who may speak when, who may read it, and what a message and a topic must say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import Enum

from core.kernel.errors import NotAllowed, Refusal, RuleBroken
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role
from evaluation.domain.body import Body
from evaluation.domain.room import State, since

LONG = 1_000
TITLE = 80

SPEAKING: tuple[State, ...] = tuple(state for state in State if state in since(State.SIGNED_IN) and state is not State.SUBMITTED)
"""From the moment when everybody has signed in until the report is handed over."""


class Action(Enum):
    """What members do in the discussion."""

    SPEAK = "speak"
    OPEN_TOPIC = "open_topic"


class See(Enum):
    """What may be read of it."""

    MESSAGES = "messages"


@dataclass(frozen=True, slots=True)
class Facts:
    """Whether the acting member is the chair."""

    is_chair: bool = False


def leads(facts: Facts) -> Refusal | None:
    """The chair orders the discussion; a member asks for a topic by saying so."""
    return None if facts.is_chair else NotAllowed("discussion.topic.chair")


MEMBER = frozenset({Role.EXPERT})
SUPERVISOR = frozenset({Role.SUPERVISOR})


def _rows(state: State) -> Iterator[Move[Action, State, Role, Facts]]:
    """Speaking moves nothing: each state leads to itself."""
    yield Move(Action.SPEAK, at(state), state, MEMBER)
    yield Move(Action.OPEN_TOPIC, at(state), state, MEMBER, leads)


MOVES: Moves[Action, State, Role, Facts] = Moves("discussion", (row for state in SPEAKING for row in _rows(state)))

READS: Reads[See, State, Role] = Reads(
    "discussion",
    (
        # before every part is scored a message might quote a score, so nobody outside the committee reads one; host and tenderer never do
        Read(See.MESSAGES, MEMBER, since(State.SIGNED_IN)),
        Read(See.MESSAGES, SUPERVISOR, since(State.SUMMARY)),
    ),
)


@dataclass(frozen=True, slots=True)
class TopicBody:
    """What the chair signs: the topic's number in the room, what it is about, and the bid and criterion that it is bound to, if any."""

    no: int
    title: str
    bid: str
    criterion: str

    @classmethod
    def read(cls, body: object, bids: Collection[str], criteria: Collection[str], last: int) -> TopicBody:
        """From the signed body of `discussion.topic`; `last` is the number of the newest topic. Raises RuleBroken."""
        fields = Body(body, "no", "title", "bid", "criterion")
        made = cls(fields.whole("no"), fields.text("title", TITLE, 1), fields.text("bid", 20), fields.text("criterion", 60))
        if made.no != last + 1:
            raise RuleBroken("discussion.topic.number", next=last + 1)
        if made.bid and made.bid not in bids:
            raise RuleBroken("score.bid_unknown", bid=made.bid)
        if made.criterion and made.criterion not in criteria:
            raise RuleBroken("score.criterion_unknown", criterion=made.criterion)
        return made


@dataclass(frozen=True, slots=True)
class MessageBody:
    """What a member signs: the words, and the topic that they belong to, 0 for none."""

    topic: int
    text: str

    @classmethod
    def read(cls, body: object, topics: int) -> MessageBody:
        """From the signed body of `discussion.message`; `topics` is how many there are. Raises RuleBroken."""
        fields = Body(body, "topic", "text")
        made = cls(fields.whole("topic"), fields.text("text", LONG, 1))
        if made.topic > topics:
            raise RuleBroken("discussion.topic.unknown", topic=made.topic)
        return made
