"""How far a room has come as far as the secrecy of collusion cards depends on it."""

from __future__ import annotations

from evaluation.domain.room import State, since
from trading.domain.collusion.life import Phase


def phase_of(state: State | None) -> Phase:
    """The phase of a room in `state`, None before there is one: code names are sealed until two persons open them."""
    if state is State.SUBMITTED:
        return Phase.REPORTED
    return Phase.LOCKED if state is not None and state in since(State.COMMERCIAL) else Phase.BLIND
