"""Alarms of a session: which events of a case and of its recordings are alarms, of which level, and how far their handling has come."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from evaluation.domain.recording import Form
from evaluation.domain.supervision import State as Handling


class Level(Enum):
    """Red, orange and yellow, as supervision platforms have them; the most urgent first."""

    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"


class State(Enum):
    """The loop of an alarm (派单、处置、催办、办结): it follows from the act that dispatched it."""

    RAISED = "raised"
    DISPATCHED = "dispatched"
    HANDLED = "handled"
    CLOSED = "closed"


def _always(level: Level) -> Callable[[Mapping[str, Any]], Level]:
    return lambda body: level


def _drawn(body: Mapping[str, Any]) -> Level:
    return Level.RED if body.get("level") == "red" else Level.ORANGE


def _interrupted(body: Mapping[str, Any]) -> Level | None:
    """What the camera saw is missing from the evidence; the shield of the same seat alone is no second alarm."""
    return Level.RED if body.get("form") == Form.CLEAR.value else None


RECORDED = frozenset({"video.gap", "video.full"})
"""The alarms that stand on the chain of the case's recordings; a time line shows them beside what was recorded."""

ALARMS: Mapping[str, Callable[[Mapping[str, Any]], Level | None]] = {
    # kind of event on the case's own chain, or on that of its recordings: its level
    "video.gap": _interrupted,
    "video.full": _always(Level.RED),
    "draw.alarm": _drawn,
    "seat.left": _always(Level.RED),
    "room.replace": _always(Level.ORANGE),
    "supervision.overdue": _always(Level.ORANGE),
    "room.leave": _always(Level.YELLOW),
    "bid_question.overdue": _always(Level.YELLOW),
}


def level_of(kind: str, body: Mapping[str, Any]) -> Level | None:
    """The level of an event, None for one that is no alarm."""
    return ALARMS[kind](body) if kind in ALARMS else None


def state_of(handling: Handling | None) -> State:
    """How far an alarm has come, from the state of the act that dispatched it, None where nobody did."""
    come = {Handling.OPEN: State.DISPATCHED, Handling.ANSWERED: State.HANDLED, Handling.CLOSED: State.CLOSED}
    return State.RAISED if handling is None else come[handling]
