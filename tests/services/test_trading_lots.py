"""A lot's whole life through the services, on both databases: what each step changes, records and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel import chain
from core.kernel.work import Door
from tests.builders.trading import Tender, tender
from trading.domain.lot import LotState
from trading.domain.project import ProjectState
from trading.queries import projects as project_queries


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    """Agency, tenderer, centre and supervisor."""
    return tender(door, clock_file)


def kinds(world: Tender) -> list[str]:
    """The kinds of the case's events, in order."""
    return [event.kind for event in world.door.read(lambda session: chain.events(session, world.case))]


def test_a_lot_goes_from_registration_to_the_closed_case(world: Tender) -> None:
    world.contracted()
    assert world.lot.contract_at is not None
    world.propose_close()
    world.confirm_close()
    assert world.lot.state is LotState.CLOSED
    assert world.door.read(lambda session: project_queries.by_case(session, world.case)).state is ProjectState.CLOSED
    assert kinds(world) == [
        "project.register",
        "project.countersign",
        "award_plan.fix",
        "document.publish",
        "notice.publish",
        "bidding.open",
        "candidates.publish",
        "publicity.end",
        "award.notice",
        "contract.sign",
        "contract.sign",
        "case.close",
    ]
