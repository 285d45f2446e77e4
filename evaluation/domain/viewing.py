"""A supervisor's view of a session: begun with a signed purpose, over by itself after two hours, by the viewer, or by another's order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain import room
from evaluation.domain.body import Body

LASTS = timedelta(hours=2)
"""After which the purpose is asked for again; no text at hand names a span."""


class Purpose(Enum):
    """What a supervisor looks for."""

    ROUTINE = "routine"  # 日常巡查
    ALARM = "alarm"  # 告警核查
    MEASURE = "measure"  # 跟进监督意见
    COMPLAINT = "complaint"  # 投诉举报核查
    REVIEW = "review"  # 事后复盘
    OTHER = "other"


class State(Enum):
    """Whether it goes on, and by what it was over."""

    OPEN = "open"
    LEFT = "left"  # the viewer ended it
    LAPSED = "lapsed"
    STOPPED = "stopped"  # by another supervisor's act


class Action(Enum):
    """How a view ends."""

    LEAVE = "leave"
    LAPSE = "lapse"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class ViewBody:
    """The signed body of `supervision.view`."""

    purpose: Purpose
    note: str

    @classmethod
    def read(cls, body: object) -> ViewBody:
        """Raises RuleBroken for an unknown purpose, or another one that is not put in words."""
        fields = Body(body, "purpose", "note")
        said, note = fields.text("purpose", 20, 1), fields.text("note", 200).strip()
        purpose = next((one for one in Purpose if one.value == said), None)
        if purpose is None:
            raise RuleBroken("evaluation.body", field="body.purpose")
        if purpose is Purpose.OTHER and not note:
            raise RuleBroken("view.note")
        return cls(purpose, note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Whether the actor is the viewer, and whether the time is over."""

    is_mine: bool = False
    now: datetime
    until: datetime


def is_own(facts: Facts) -> Refusal | None:
    """One leaves one's own view; another's is stopped by an act that demands an answer."""
    return None if facts.is_mine else NotAllowed("view.not_yours")


def is_anothers(facts: Facts) -> Refusal | None:
    """Nobody orders themselves."""
    return RuleBroken("view.own") if facts.is_mine else None


def is_over(facts: Facts) -> Refusal | None:
    """A view lapses by itself when its time is over."""
    return None if facts.now >= facts.until else WrongState("view.not_over")


SUPERVISOR = frozenset({Role.SUPERVISOR})
MOVES: Moves[Action, State, Role, Facts] = Moves(
    "view",
    (
        # action, from, to, who, only if
        Move(Action.LEAVE, at(State.OPEN), State.LEFT, SUPERVISOR, is_own),
        Move(Action.STOP, at(State.OPEN), State.STOPPED, SUPERVISOR, is_anothers),
        Move(Action.LAPSE, at(State.OPEN), State.LAPSED, frozenset({Role.SYSTEM}), is_over),
    ),
)


def may_list(role: Role, state: room.State) -> bool:
    """Who may read the list of views: supervisors and host at any time, the tenderer and its auditor once the report is in."""
    return role in {Role.SUPERVISOR, Role.CENTRE} or (role is Role.TENDERER and state is room.State.SUBMITTED)
