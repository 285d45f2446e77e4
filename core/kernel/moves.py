"""One table per life: which action leads from which states to which, for whom, and under which rule."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Generic, TypeVar

from core.kernel.errors import NotAllowed, Refusal, WrongState

A = TypeVar("A", bound=Enum)
S = TypeVar("S", bound=Enum)
R = TypeVar("R", bound=Enum)
F = TypeVar("F")


def at(*states: S) -> frozenset[S]:
    """The states in which a row of the table holds."""
    return frozenset(states)


def always(facts: object) -> Refusal | None:
    """The rule of a move that only state and role decide."""
    return None


@dataclass(frozen=True, slots=True)
class Move(Generic[A, S, R, F]):
    """A row: `action` leads from one of `source` to `to`, for the roles in `who`, if `only_if` finds nothing against it."""

    action: A
    source: frozenset[S]
    to: S
    who: frozenset[R]
    only_if: Callable[[F], Refusal | None] = field(default=always)


class Moves(Generic[A, S, R, F]):
    """The table of one life; it answers the service, the page, the tests and the customer."""

    def __init__(self, name: str, rows: Iterable[Move[A, S, R, F]]) -> None:
        self.name, self.rows = name, tuple(rows)
        pairs = [(row.action, state) for row in self.rows for state in row.source]
        if len(pairs) != len(set(pairs)):
            raise ValueError(f"{name}: two rows for one action and state")
        self._of: dict[A, list[Move[A, S, R, F]]] = {}
        for row in self.rows:
            self._of.setdefault(row.action, []).append(row)

    def __iter__(self) -> Iterator[Move[A, S, R, F]]:
        return iter(self.rows)

    def choose(self, action: A, state: S, roles: frozenset[R], facts: F) -> S:
        """The state that `action` leads to. Raises NotAllowed, WrongState, or what the row's rule finds; in that order, so
        that a stranger learns nothing of the state."""
        rows = self._of.get(action, [])
        if not any(row.who & roles for row in rows):
            raise NotAllowed(f"{self.name}.{action.value}.not_allowed")
        for row in rows:
            if state in row.source and row.who & roles:
                if (refusal := row.only_if(facts)) is not None:
                    raise refusal
                return row.to
        raise WrongState(f"{self.name}.{action.value}.wrong_state", state=str(state.value))

    def available(self, state: S, roles: frozenset[R], facts: F) -> tuple[A, ...]:
        """The actions whose buttons a page shows: allowed now, for these roles, on these facts."""
        return tuple(row.action for row in self.rows if state in row.source and row.who & roles and row.only_if(facts) is None)


@dataclass(frozen=True, slots=True)
class Read(Generic[A, S, R]):
    """A row: the roles in `who` may see `what` in the states `when`."""

    what: A
    who: frozenset[R]
    when: frozenset[S]


class Reads(Generic[A, S, R]):
    """Who may see what of a life, and when; what no row names is seen by nobody."""

    def __init__(self, name: str, rows: Iterable[Read[A, S, R]]) -> None:
        self.name, self.rows = name, tuple(rows)

    def __iter__(self) -> Iterator[Read[A, S, R]]:
        return iter(self.rows)

    def may(self, what: A, state: S, roles: frozenset[R]) -> bool:
        """Whether one of `roles` may see `what` in `state`."""
        return any(row.what is what and state in row.when and row.who & roles for row in self.rows)
