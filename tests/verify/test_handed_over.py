"""A partner's site hands over in time or late, rooms are sealed and opened: replayed offline, and another story of it is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from evaluation.queries import venues as queries
from evaluation.services import venue_seals, venues
from tests.builders.sites import PARTNERS, Sites
from tests.verify.catalogue import packed
from tests.verify.forging import Case, Said
from tests.verify.test_payouts import forged
from tests.verify.test_sites import body, drop

ITEMS = [{"kind": "recording", "name": "副场全程录像", "count": 2}, {"kind": "paper", "name": "签到表", "count": 1}]


def jump(made: Sites, **ahead: float) -> None:
    assert made.door.clock_file is not None
    clock.write_offset(made.door.clock_file, clock.read_offset(made.door.clock_file) + timedelta(**ahead))


def used(made: Sites, site: str) -> str:
    """A use that is over."""
    staff = made.staff[PARTNERS[0]]
    booking = str(made.book(site, seats=2, start=0.01, hours=1)["booking"])
    made.answer(staff, booking)
    jump(made, hours=2)
    said = {"booking": booking, "used": True, "until": clock.text(made.now.replace(microsecond=0))}
    made.sign(staff, venues.close, "venue.close", said)
    return booking


def play(made: Sites) -> None:
    """One use is handed over and received; of another nothing is, until after the platform has said that it is late."""
    lent, staff = made.partner(PARTNERS[0]), made.staff[PARTNERS[0]]
    first = used(made, lent)
    digest = made.sign(staff, venues.hand_over, "venue.hand_over", {"booking": first, "items": ITEMS})["handed_sha256"]
    made.sign(made.keeper, venues.receive, "venue.receive", {"booking": first, "handed_sha256": digest})
    second = used(made, lent)
    assert made.door.read(lambda session: queries.hand_over_late(session, made.now)) == []
    jump(made, days=30)
    late = made.door.read(lambda session: queries.hand_over_late(session, made.now))
    for _ in range(2):  # noted once
        made.door.perform(SYSTEM_ACTOR, lambda work: venue_seals.note_late(work, late[0]))
    assert made.door.read(lambda session: queries.hand_over_late(session, made.now)) == [] and len(late) == 1
    made.sign(staff, venues.hand_over, "venue.hand_over", {"booking": second, "items": ITEMS[:1]})


@pytest.fixture(scope="module")
def case(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with packed(tmp_path_factory.mktemp("handed"), sqlite_template, play) as made:
        yield made


def test_it_holds_and_the_late_one_is_counted(case: Case) -> None:
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    assert [(note.code, note.facts) for note in verdict.notes if note.code == "hand_overs_late"] == [("hand_overs_late", {"count": 1})]


LIES: dict[str, tuple[str, Callable[[list[Said]], Any]]] = {
    "nothing": ("", lambda story: None),
    "received what was not handed over": ("venue_handed", lambda story: body(story, "venue.receive").update(handed_sha256="0" * 64)),
    "received before": ("venue_handed", lambda story: drop(story, "venue.hand_over")),
    "handed over twice": (
        "venue_handed",
        lambda story: body(story, "venue.hand_over", 1).update(booking=body(story, "venue.close")["booking"]),
    ),
    "handed over without a use": ("venue_handed", lambda story: body(story, "venue.close").update(used=False)),
    "late though it was handed over": (
        "venue_late",
        lambda story: body(story, "venue.late").update(booking=body(story, "venue.close")["booking"]),
    ),
    "late by another day": ("venue_late", lambda story: body(story, "venue.late").update(due="2026-01-01T16:00:00.000Z")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_forger_with_all_keys_is_found(case: Case, tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    assert forged(case, tmp_path, edit) == code
