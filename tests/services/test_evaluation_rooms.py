"""The room: sign-in, chair, recusal, review, sheets, lock, summary, report; on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.work import Door
from evaluation.domain.room import State
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender
from trading.domain.lot import LotState


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> OpenedBids:
    return OpenedBids().put(monkeypatch)


@pytest.fixture
def room(door: Door, clock_file: Path, opened: OpenedBids) -> Room:
    return Room(tender(door, clock_file), opened).ready()


def test_a_whole_evaluation_ends_with_candidates_at_the_tenderer(room: Room) -> None:
    room.submitted()
    assert room.view(room.tender.supervisor).state is State.SUBMITTED
    assert room.tender.lot.state is LotState.EVALUATED
    assert len(room.candidates) == 3
