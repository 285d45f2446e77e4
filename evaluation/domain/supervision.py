"""A supervisor's act in a session: what it asks of whom and until when, the answer that it demands, and how it ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.kernel import clock
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.moves import Move, Moves, always, at
from core.kernel.roles import Role
from evaluation.domain import room
from evaluation.domain.body import LONG, Body

SOONEST, LATEST = timedelta(minutes=5), timedelta(days=15)
"""How much time an answer is given. No text at hand names a span; an answer by return is none, and one after the case is none either."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SEAT = re.compile(r"seat:[1-9][0-9]{0,2}")
_ARTICLE = "招标投标法 第四十四条"


class Measure(Enum):
    """What a supervisor may do."""

    EXPLAIN = "explain"  # 要求说明
    WARN = "warn"  # 警示
    PAUSE = "pause"  # 暂停评审
    RECUSAL = "recusal"  # 核查回避
    HANDLE = "handle"  # 派单: an alarm is to be handled
    END_VIEW = "end_view"  # 中止查看: another supervisor's view is over

    @property
    def ends_a_view(self) -> bool:
        """Whether another supervisor's view is over at once."""
        return self is Measure.END_VIEW

    @property
    def is_alarm(self) -> bool:
        """Whether it dispatches an alarm."""
        return self is Measure.HANDLE

    @property
    def is_about(self) -> bool:
        """Whether it names what it is about by digest: an alarm, or a view."""
        return self in {Measure.HANDLE, Measure.END_VIEW}

    @property
    def is_pause(self) -> bool:
        """Whether the room stands still until it is resumed."""
        return self is Measure.PAUSE


class State(Enum):
    """How far it has come."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Action(Enum):
    """What is done with a measure, and by itself when its time is over."""

    ANSWER = "answer"
    URGE = "urge"
    LAPSE = "lapse"
    RESUME = "resume"
    CLOSE = "close"


class Issue(Enum):
    """What a supervisor does to a room."""

    ISSUE = "issue"
    PAUSE = "pause"


CENTRE, AGENCY, VIEWER = "centre", "agency", "viewer"


def seat_of(to: str) -> str:
    """The code of the seat that is addressed, "" where it is an office."""
    return to.removeprefix("seat:") if to.startswith("seat:") else ""


ADDRESSED: Mapping[Measure, tuple[str, ...]] = {
    # a measure and whom it may address
    Measure.EXPLAIN: (CENTRE, AGENCY, "seat"),
    Measure.WARN: (CENTRE, AGENCY, "seat"),
    Measure.PAUSE: (CENTRE,),  # the host carries it out and answers for the room
    Measure.RECUSAL: (CENTRE, "seat"),
    Measure.HANDLE: (CENTRE, AGENCY),
    Measure.END_VIEW: (VIEWER,),
}


@dataclass(frozen=True, slots=True)
class MeasureBody:
    """The signed body of `supervision.act`; `to` is "centre", "agency", "seat:3" or "viewer"; `about` is the digest of the alarm or of
    the view that it is about, "" for none."""

    measure: Measure
    to: str
    about: str
    reason: str
    due: datetime

    @classmethod
    def read(cls, body: object, now: datetime) -> MeasureBody:
        """Raises RuleBroken for an unknown measure, one that cannot address `to`, no reason, or a due time too soon or too late."""
        fields = Body(body, "measure", "to", "about", "reason", "due")
        said, to = fields.text("measure", 20, 1), fields.text("to", 20, 1)
        measure = next((one for one in Measure if one.value == said), None)
        if measure is None:
            raise RuleBroken("evaluation.body", field="body.measure")
        if ("seat" if _SEAT.fullmatch(to) else to) not in ADDRESSED[measure]:
            raise RuleBroken("measure.addressee")
        about = fields.text("about", 64)
        if measure.is_about is not bool(_DIGEST.fullmatch(about)) or (about and not measure.is_about):
            raise RuleBroken("measure.about")
        return cls(measure, to, about, fields.text("reason", 500, 2).strip(), due_of(fields, now))


def due_of(fields: Body, now: datetime) -> datetime:
    """Until when an answer is due; raises RuleBroken unless that is soon enough and not too soon."""
    try:
        due = clock.moment(fields.text("due", 40))
    except ValueError:
        raise RuleBroken("measure.due") from None
    if not SOONEST <= due - now <= LATEST:
        raise RuleBroken("measure.due")
    return due


@dataclass(frozen=True, slots=True)
class WordBody:
    """A signed word about an act that is named by digest: an answer, the close, or that the room goes on."""

    act_sha256: str
    text: str

    @classmethod
    def read(cls, body: object) -> WordBody:
        """Raises RuleBroken without a digest or a word."""
        fields = Body(body, "act_sha256", "text")
        return cls(_digest(fields), fields.text("text", LONG, 2).strip())


@dataclass(frozen=True, slots=True)
class UrgeBody:
    """The signed body of `supervision.urge`: what is missing, and the new due time."""

    act_sha256: str
    text: str
    due: datetime

    @classmethod
    def read(cls, body: object, now: datetime) -> UrgeBody:
        """Raises as `MeasureBody.read`."""
        fields = Body(body, "act_sha256", "text", "due")
        return cls(_digest(fields), fields.text("text", 500, 2).strip(), due_of(fields, now))


def _digest(fields: Body) -> str:
    found = fields.text("act_sha256", 64, 64)
    if not _DIGEST.fullmatch(found):
        raise RuleBroken("measure.not_found")
    return found


def is_summed_up(state: room.State) -> bool:
    """Whether all parts are scored."""
    return state in room.since(room.State.SUMMARY)


def refuse_figures(text: str, to: str, *, summed_up: bool) -> None:
    """Before all parts are scored a member's answer holds no figure, since others might read a score in it; raises RuleBroken."""
    if seat_of(to) and not summed_up and any(char.isnumeric() and not char.isalpha() for char in text):
        raise RuleBroken("measure.figures", _ARTICLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at: the moment, until when the answer is due, whether the actor is who was addressed."""

    now: datetime
    due: datetime
    is_addressed: bool = False
    is_paused: bool = False  # by this very act
    is_lapsed: bool = False  # it was recorded that nothing came until `due`


def is_for_me(facts: Facts) -> Refusal | None:
    """Only who was addressed answers."""
    return None if facts.is_addressed else NotAllowed("measure.not_yours")


def is_over(facts: Facts) -> Refusal | None:
    """That nothing came is recorded once, and not before the time is over."""
    return None if facts.now >= facts.due and not facts.is_lapsed else WrongState("measure.not_over")


def pauses_the_room(facts: Facts) -> Refusal | None:
    """The room goes on by the word that names the act which paused it."""
    return None if facts.is_paused else WrongState("measure.not_paused")


def no_room_waits(facts: Facts) -> Refusal | None:
    """A pause is closed once the room goes on."""
    return WrongState("measure.still_paused") if facts.is_paused else None


SUPERVISOR = frozenset({Role.SUPERVISOR})
ANSWERING = frozenset({Role.CENTRE, Role.AGENCY, Role.EXPERT, Role.SUPERVISOR})

MOVES: Moves[Action, State, Role, Facts] = Moves(
    "measure",
    (
        # action, from, to, who, only if
        Move(Action.ANSWER, at(State.OPEN), State.ANSWERED, ANSWERING, is_for_me),
        Move(Action.URGE, at(State.OPEN, State.ANSWERED), State.OPEN, SUPERVISOR, always),  # an answer that does not do is asked for again
        Move(Action.LAPSE, at(State.OPEN), State.OPEN, frozenset({Role.SYSTEM}), is_over),
        Move(Action.RESUME, at(State.OPEN), State.OPEN, SUPERVISOR, pauses_the_room),
        Move(Action.RESUME, at(State.ANSWERED), State.ANSWERED, SUPERVISOR, pauses_the_room),
        Move(Action.CLOSE, at(State.ANSWERED), State.CLOSED, SUPERVISOR, no_room_waits),
    ),
)


@dataclass(frozen=True, slots=True)
class IssueFacts:
    """Whether the room stands still."""

    is_paused: bool = False


def not_twice(facts: IssueFacts) -> Refusal | None:
    """A room that stands still is not stopped again."""
    return WrongState("room.paused") if facts.is_paused else None


def _issuing() -> Iterator[Move[Issue, room.State, Role, IssueFacts]]:
    """Asking and warning go on after the report; a pause needs a session."""
    for state in room.State:
        yield Move(Issue.ISSUE, at(state), state, SUPERVISOR)
        if state is not room.State.SUBMITTED:
            yield Move(Issue.PAUSE, at(state), state, SUPERVISOR, not_twice)


ISSUING: Moves[Issue, room.State, Role, IssueFacts] = Moves("supervision", _issuing())


def issue_of(measure: Measure) -> Issue:
    """Which row of the table a measure is."""
    return Issue.PAUSE if measure.is_pause else Issue.ISSUE


def refuse_without_a_room(measure: Measure) -> None:
    """Before a committee is formed an alarm of the draw is dispatched; everything else is said to a room. Raises WrongState."""
    if not measure.is_alarm:
        raise WrongState("measure.no_room")
