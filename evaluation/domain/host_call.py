"""A member calls the host to their seat, and the host says that it is seen to: no reason, no figure, one open call for each seat."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from core.kernel.errors import Refusal, WrongState
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from evaluation.domain.room import State

OPEN: tuple[State, ...] = tuple(state for state in State if state is not State.SUBMITTED)
"""From the forming of the committee, since one may need help to sign in, until the report is handed over."""


class Action(Enum):
    """What is done with a call."""

    CALL = "call"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Facts:
    """Whether the seat's call waits for the host."""

    is_waiting: bool = False


def calls_once(facts: Facts) -> Refusal | None:
    """A seat whose call waits need not call again."""
    return WrongState("host_call.waiting") if facts.is_waiting else None


def answers_a_call(facts: Facts) -> Refusal | None:
    """Only a call that waits is seen to."""
    return None if facts.is_waiting else WrongState("host_call.not_waiting")


def _rows(state: State) -> Iterator[Move[Action, State, Role, Facts]]:
    """Calling moves nothing: each state leads to itself."""
    yield Move(Action.CALL, at(state), state, frozenset({Role.EXPERT}), calls_once)
    yield Move(Action.ANSWER, at(state), state, frozenset({Role.CENTRE}), answers_a_call)


MOVES: Moves[Action, State, Role, Facts] = Moves("host_call", (row for state in OPEN for row in _rows(state)))
