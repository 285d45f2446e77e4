"""Rooms of a site are sealed with an evaluation and opened by who keeps them: replayed offline, and another story of it is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel.actor import SYSTEM_ACTOR
from evaluation.services import venue_seals
from tests.builders.sites import PARTNERS, Sites
from tests.builders.trading import tender
from tests.verify.catalogue import packed
from tests.verify.forging import Case, Said
from tests.verify.test_payouts import forged
from tests.verify.test_sites import body, drop


def opened(made: Sites, booking: object, who: Any) -> None:
    made.sign(who, venue_seals.unseal, "venue.unseal", {"booking": booking, "text": "封条完好"}, step_up=True)


def play(made: Sites) -> None:
    """A site of the centre's and a partner's are used for one lot and sealed with it; each is opened by who keeps it, and used again."""
    own, lent, staff = made.keep(), made.partner(PARTNERS[0]), made.staff[PARTNERS[0]]
    assert made.door.clock_file is not None
    sitting = tender(made.door, made.door.clock_file).registered()
    sitting.fix_plan()
    sitting.publish_document()
    sitting.publish_notice()
    mine = made.book(own, lot=sitting.number, seats=5, start=0.02, hours=8)["booking"]
    theirs = made.book(lent, lot=sitting.number, seats=5, start=0.02, hours=8)["booking"]
    made.book(own, lot=sitting.number, seats=5, start=2)  # not in use yet
    made.answer(staff, str(theirs))
    sitting.jump(made.now + timedelta(hours=1))
    lot = sitting.lot_id
    for _ in range(2):  # once
        made.door.perform(SYSTEM_ACTOR, lambda work: venue_seals.seal(work, lot))
    opened(made, mine, made.keeper)
    opened(made, theirs, staff)
    made.book(own, seats=5, start=5)


@pytest.fixture(scope="module")
def case(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with packed(tmp_path_factory.mktemp("sealed"), sqlite_template, play) as made:
        yield made


def test_it_holds(case: Case) -> None:
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]


def one(story: list[Said], kind: str, at: int = 0) -> Said:
    return [said for said in story if said["payload"]["type"] == kind][at]


def again(story: list[Said], kind: str, at: int = 0) -> None:
    """Said a second time, right behind."""
    said = one(story, kind, at)
    second = deepcopy(said)
    second["payload"]["nonce"], second["old"] = "f" * 32, "0" * 64
    story.insert(story.index(said) + 1, second)


def move(story: list[Said], kind: str, before: str) -> None:
    """Said before the first of another kind, at its moment."""
    said, there = one(story, kind), one(story, before)
    story.remove(said)
    said["at"], said["leaf"] = there["at"], there["leaf"]
    story.insert(story.index(there), said)


LIES: dict[str, tuple[str, Callable[[list[Said]], Any]]] = {
    "nothing": ("", lambda story: None),
    "rooms opened whose seal was never told": ("venue_seal", lambda story: drop(story, "venue.seal")),
    "sealed twice": ("venue_seal", lambda story: again(story, "venue.seal")),
    "sealed at another site": ("venue_seal", lambda story: body(story, "venue.seal").update(site=body(story, "venue.seal", 1)["site"])),
    "a room left out of the seal": ("venue_places", lambda story: body(story, "venue.seal").update(rooms=["301"])),
    "a room sealed that was not booked": (
        "venue_places",
        lambda story: body(story, "venue.seal").update(rooms=[*body(story, "venue.seal")["rooms"], "第一开标室"]),
    ),
    "sealed before the use": (
        "venue_seal",
        lambda story: body(story, "venue.seal").update(booking=body(story, "venue.book", 2)["booking"]),
    ),
    "sealed though nothing is booked": ("venue_unknown", lambda story: body(story, "venue.seal").update(booking="VB-ABCDEFGH")),
    "opened twice": ("venue_seal", lambda story: again(story, "venue.unseal")),
    "opened before it was sealed": ("venue_seal", lambda story: move(story, "venue.unseal", "venue.seal")),
    "opened by who does not keep the site": (
        "role_differs",
        lambda story: body(story, "venue.unseal").update(booking=body(story, "venue.unseal", 1)["booking"]),
    ),
    "booked while the seals were never opened": ("venue_full", lambda story: drop(story, "venue.unseal")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_forger_with_all_keys_is_found(case: Case, tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    assert forged(case, tmp_path, edit) == code
