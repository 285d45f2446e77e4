"""From the scoring to open code names: every sheet is in, and two offices open the map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from core.kernel.jcs import JSON
from evaluation.services import blind
from tests.builders.people import Person


class Locking:
    """The verbs between the technical sheets and the prices, for a room."""

    def sealed(self, marks: Mapping[str, str] | str = "0.8") -> Self:
        """The technical scores are locked, the code names still shut."""
        room: Any = self
        room.scoring()
        return self.all_scored(marks)

    def all_scored(self, marks: Mapping[str, str] | str = "0.8") -> Self:
        """Every member's technical sheet is in."""
        room: Any = self
        for who in room.members:
            room.submit(who, room.sheet(marks))
        return self

    def locked(self, marks: Mapping[str, str] | str = "0.8") -> Self:
        """The technical scores are locked, and both offices have opened the code names."""
        self.sealed(marks)
        self.open_map()
        return self

    def open_map(self) -> None:
        """The centre and the supervisor sign."""
        room: Any = self
        for who in (room.tender.centre, room.tender.supervisor):
            sign_map(room, who)


def sign_map(room: Any, who: Person, **changes: Any) -> dict[str, JSON]:
    """An office signs that the code names be opened."""
    body = dict(room.view(who).to_open or {}) | changes
    signed: dict[str, JSON] = room.signed(who, "blind.open", body, blind.open_map, step_up=True)
    return signed
