"""The catalogue and its bookings are exported and replayed offline; a place given twice, a draw turned, a stranger's device are found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.verify.entries import EVENTS, POOL, chains
from app.verify.package import open_package
from app.verify.replay.sites import replay
from app.verify.steps import verify
from app.verify.verdict import Broken
from core.kernel import clock
from evaluation.queries import venues as venue_queries
from evaluation.services import stations, venues
from tests.builders.sites import PARTNERS, Device, Sites
from tests.verify.catalogue import packed
from tests.verify.forging import Case, Said
from tests.verify.test_payouts import forged


def play(made: Sites) -> None:
    """Two cities' sites: a device, a fault, bookings held, used and cancelled, a draw in which the first refuses."""
    own = made.keep()
    for org in PARTNERS:
        made.partner(org)
    made.bind(made.keeper, own, "301-1", Device())
    made.bind(made.keeper, own, "301-3", Device())
    note = {"site": own, "station": "301-2", "reason": "麦克风无声"}
    made.sign(made.keeper, stations.note_fault, "station.fault", note)
    made.sign(made.keeper, stations.note_repair, "station.repair", note)
    made.sign(made.keeper, stations.release, "station.release", note | {"station": "301-3"}, step_up=True)
    made.book(own, seats=3)
    dropped = made.book(own, seats=1)["booking"]
    made.sign(made.keeper, venues.cancel, "venue.cancel", {"booking": dropped, "reason": "改期"})
    used = made.book(own, purpose="opening", seats=10, start=0, hours=1)["booking"]
    until = clock.text(made.now)
    made.sign(made.keeper, venues.close, "venue.close", {"booking": used, "used": True, "until": until})
    made.draw(seats=2)
    for _ in range(2):  # the first refuses, the second accepts
        org, asked = next(
            (org, one)
            for org in PARTNERS
            for one in made.door.read(lambda session, org=org: venue_queries.for_staff(session, made.staff[org].org))  # type: ignore[misc]
            if one.state.value == "asked"
        )
        accepts = _ == 1
        made.answer(made.staff[org], asked.number, accept=accepts, reason="" if accepts else "没有空位")


@pytest.fixture(scope="module")
def case(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    with packed(tmp_path_factory.mktemp("sites"), sqlite_template, play) as made:
        yield made


def test_the_catalogue_holds(case: Case) -> None:
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    told = next(finding.detail for finding in verdict.findings if finding.check == "sites")
    assert told == "4; 1; 5; 1"


def body(story: list[Said], kind: str, at: int = 0) -> dict[str, Any]:
    return [one for one in story if one["payload"]["type"] == kind][at]["payload"]["body"]


def drop(story: list[Said], kind: str, at: int = 0) -> None:
    story.remove([one for one in story if one["payload"]["type"] == kind][at])


def swap_order(story: list[Said]) -> None:
    """The platform says that another site came first."""
    told = body(story, "venue.drawn")
    told["order"] = [*told["order"][1:], told["order"][0]]


def other_site(story: list[Said]) -> None:
    told = body(story, "venue.drawn")
    told["site"] = next(one for one in told["order"] if one != told["site"])


def over(story: list[Said]) -> None:
    """The same three places for two bookings at once."""
    first, second = body(story, "venue.book"), body(story, "venue.book", 1)
    second |= {"seats": 4, "since": first["since"], "until": first["until"]}


LIES: dict[str, tuple[str, Callable[[list[Said]], Any]]] = {
    "nothing": ("", lambda story: None),
    "a place given twice": ("venue_full", over),
    "other places kept than were free": ("venue_places", lambda story: body(story, "venue.hold").update(places=["C1", "C2", "301-3"])),
    "a booking that was accepted and not kept": ("venue_not_held", lambda story: drop(story, "venue.hold", -1)),
    "a use told twice": ("site_unknown", lambda story: body(story, "venue.book").update(site="V2026-000099")),
    "an order that was not drawn": ("venue_order", swap_order),
    "another site than the first": ("venue_order", other_site),
    "another value than was committed to": ("venue_commit", lambda story: body(story, "venue.drawn").update(secret="00" * 32)),
    "a draw kept back": ("venue_unknown", lambda story: drop(story, "venue.drawn", 1)),
    "a device that did not offer its key": (
        "station.device_signature",
        lambda story: body(story, "station.bind").update(proof=body(story, "station.bind", 1)["proof"]),
    ),
    "a device bound at a workstation that there is not": (
        "station_unknown",
        lambda story: body(story, "station.bind").update(station="Z9"),
    ),
    "a device of elsewhere": (
        "device_elsewhere",
        lambda story: body(story, "station.bind", 1).update(body(story, "station.bind") | {"station": "301-3"}),
    ),
    "a repair of what works": ("station_unknown", lambda story: drop(story, "station.fault")),
    "a profile that names another before it": ("site_differs", lambda story: body(story, "site.keep", 1).update(replaces="0" * 64)),
    "an answer that was a refusal": ("venue_order", lambda story: body(story, "venue.answer").update(accept=True, reason="")),
    "a use after the package": ("venue_differs", lambda story: body(story, "venue.close").update(until="2999-01-01T00:00:00.000Z")),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_forger_with_all_keys_is_found(case: Case, tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    assert forged(case, tmp_path, edit) == code


def test_a_site_lent_by_no_agreement_is_found(case: Case) -> None:
    read = chains(open_package(case.path))
    assert len(replay(read[EVENTS], read[POOL]).bookings) == 5
    with pytest.raises(Broken) as broken:
        replay(read[EVENTS])
    assert broken.value.what == "venue_order"
