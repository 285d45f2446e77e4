"""A member leaves the room and the next one takes the seat, each by their own signature."""

from __future__ import annotations

from typing import Any

from core.kernel.jcs import JSON
from evaluation.queries.draws import by_name
from evaluation.services import leaving
from tests.builders.people import Person


class Handing:
    """The verbs of a replacement, for a room."""

    def leave(self, who: Person, cause: str = "health", reason: str = "突发疾病，不能继续评标") -> dict[str, JSON]:
        """A member goes."""
        room: Any = self
        said: dict[str, JSON] = room.signed(who, "room.leave", {"cause": cause, "reason": reason}, leaving.leave, step_up=True)
        return said

    def replace(self, who: Person, seat: str, cause: str = "conduct", reason: str = "擅自携带手机进入评标区") -> dict[str, JSON]:
        """An office notes that a member is replaced."""
        room: Any = self
        body = {"seat": seat, "cause": cause, "reason": reason}
        said: dict[str, JSON] = room.signed(who, "room.replace", body, leaving.replace, step_up=True)
        return said

    def seat_of(self, specialty: str) -> str:
        """The first seat of a specialty; each has one at least who follows."""
        room: Any = self
        picked = room.tender.door.read(lambda session: by_name(session, room.number, room.draw)).picked[specialty]
        return next(call.seat for who in room.members if (call := room.call(who)) is not None and call.id in picked)

    def succeed(self, seat: int) -> Person:
        """Whoever follows signs in and declares."""
        room: Any = self
        successor: Person = room.members[seat - 1]
        room.sign_in(successor)
        room.declare(successor)
        return successor
