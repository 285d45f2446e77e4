"""Rooms of a site under seal (封存): closed with what lies in them for the night, or when all is sealed; opened by an act of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.kernel.body import Body
from core.kernel.errors import Refusal, WrongState
from evaluation.domain.booking import Purpose, State


def is_to_be_sealed(purpose: Purpose, state: State, since: datetime, until: datetime, now: datetime, *, is_sealed: bool) -> bool:
    """Whether the rooms that a booking keeps are closed when its evaluation is sealed: those in use now, once."""
    return state is State.HELD and purpose is not Purpose.OPENING and since <= now < until and not is_sealed


def may_unseal(*, is_sealed: bool) -> Refusal | None:
    """What is sealed is opened once."""
    return None if is_sealed else WrongState("venue.not_sealed")


@dataclass(frozen=True, slots=True)
class UnsealBody:
    """The signed body of `venue.unseal`: of which booking, and in what state the seals were."""

    booking: str
    text: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> UnsealBody:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("booking", 20), body.text("text", 300, least=2))
        body.done()
        return read
