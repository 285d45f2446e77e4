"""The stages of an evaluation with which tests begin."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.kernel.jcs import JSON
from core.kernel.work import Door
from tests.builders.beginnings import Beginning
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender


def planned(room: Room, **changes: Any) -> Room:
    """The room, whose tenderer will fix an award plan with these changes."""
    fix = room.tender.fix_plan

    def changed(method: str) -> dict[str, JSON]:
        del room.tender.fix_plan  # a builder's world holds nothing but values
        return fix(method, **changes)

    room.tender.fix_plan = changed  # type: ignore[method-assign,assignment]
    return room


def begins(name: str, stage: Callable[[Room], Any], regime: str = "construction") -> Beginning:
    """The beginning in which a fresh room has come to that stage."""

    def build(door: Door, clock_file: Path) -> Room:
        room = Room(tender(door, clock_file, regime), OpenedBids())
        with pytest.MonkeyPatch.context() as patch:
            stage(room.told(patch))
        return room

    return Beginning(name, build)


def then(before: Beginning, name: str, stage: Callable[[Room], Any]) -> Beginning:
    """The beginning in which the room of another one has gone on to that stage."""

    def go_on(room: Room) -> Room:
        with pytest.MonkeyPatch.context() as patch:
            stage(room.told(patch))
        return room

    return before.then(name, go_on)


READY = begins("a room's bids are open", lambda room: room.ready())
DRAWN = then(READY, "experts are drawn", lambda room: room.drawn())
REVIEWING = then(READY, "members review", lambda room: room.reviewing())
SCORING = then(REVIEWING, "members score", lambda room: room.reviewed())
LOCKED = then(SCORING, "technical scores are locked", lambda room: room.all_scored().open_map())
SUMMARISED = then(LOCKED, "all is added up", lambda room: room.priced())
SUBMITTED = then(SUMMARISED, "the report is submitted", lambda room: room.reported())
PUBLISHED = then(SUBMITTED, "candidates are public", lambda room: room.published())
DECIDING = then(PUBLISHED, "an award is to be decided", lambda room: room.before_award())
RANKED = begins("ranked candidates are recommended", lambda room: room.ready(method="RANK_ONE").submitted())
