"""A drill's package is accepted and said to be one; another story of it is found out."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.evidence.package import build_drill, build_sites, own_policy
from app.sandbox.state import StateFolder
from app.verify import archive
from app.verify.steps import verify
from app.verify.wording import NOTES
from core.identity.services.certificates import certify_platform
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotFound, WrongState
from core.kernel.files import FileStore
from core.kernel.signing import Ed25519Signer, Signer
from core.settings import load
from core.web.platform import Platform
from evaluation.domain.seat_health import Why
from evaluation.queries import contingencies as halted
from evaluation.services import contingencies, seating
from tests.builders.drills import DrillRoom, begin, typeset_bids
from tests.builders.evaluation import HOST, NORTH, OpenedBids, Room
from tests.builders.halting import fault, repair, unseal
from tests.builders.people import authority
from tests.builders.seating import draw_seats, furnish, sit_down
from tests.builders.supervising import begin_view
from tests.builders.tapes import record_two
from tests.builders.trading import tender
from tests.builders.whole import outside
from tests.verify.conftest import door_at
from tests.verify.forging import Case, Said, packed
from tests.verify.test_payouts import forged


def play(drill: DrillRoom, files: FileStore, tapes: Path) -> DrillRoom:
    """A seat that falls silent, a site that is down and repaired, four hours that seal, three who follow, score and sign."""
    drill.inject("down_before", site=NORTH)
    repair(drill, fault(drill, phase="before", site=NORTH))
    drill.all_here()
    _, devices = furnish(drill)
    draw_seats(drill)
    for who in drill.members:
        sit_down(drill, who, devices)
    silent = drill.inject("seat_silent", seat="2")
    drill.perform_as_clock(lambda work: seating.note_left(work, drill.number, "2", Why.SILENT))
    begin_view(drill)
    drill.lift(silent)
    drill.perform_as_clock(lambda work: seating.note_back(work, drill.number, "2"))
    drill.inject("expert_out", seat="3")
    fault(drill, site=HOST)
    drill.inject("four_hours")
    due = drill.tender.door.read(lambda session: halted.overdue(session, drill.tender.now))
    drill.perform_as_clock(lambda work: contingencies.seal_overdue(work, due[0]))
    for seat in ("1", "2", "3"):
        drill.replace(drill.tender.centre, seat, "absent")
    drill.all_here()
    unseal(drill)
    draw_seats(drill)
    for who in drill.members:
        sit_down(drill, who, devices)
        drill.vote_chair(who, "1", round_number=4)  # each seat handed on begins another
    record_two(drill, tapes)
    for who in drill.members:
        drill.declare(who)
    drill.reviewed()
    drill.submit(drill.members[0])
    drill.inject("down_during", site=HOST)
    repair(drill, fault(drill, site=HOST))
    for who in drill.members[1:]:
        drill.submit(who)
    drill.open_map()
    drill.typeset(files)
    drill.end()
    return drill


@pytest.fixture(scope="module")
def case(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("drill")
    url = f"sqlite:///{folder / 'gongheng.db'}"
    told = {"DEMONSTRATION": "yes", "DATA_DIR": str(folder), "DATABASE_URL": url, "CLOCK_FILE": str(folder / "clock")}
    settings = load({f"GONGHENG_{name}": value for name, value in told.items()})
    platform = Ed25519Signer.from_seed(bytes(range(32)))
    with door_at(folder, sqlite_template) as (door, clock_file):
        door.perform(SYSTEM_ACTOR, lambda work: certify_platform(work, authority(), "gongheng", platform.key))
        with outside(folder, clock_file, Ed25519Signer.from_seed(bytes(32))) as log:
            here = cast(
                Platform,
                SimpleNamespace(
                    door=door, files=FileStore(folder / "files"), settings=settings, parts={"authority": authority(), "log": log}
                ),
            )
            room = Room(tender(door, clock_file), OpenedBids())
            room.tender.join_bidders(1)
            room.fill_pool(7)
            with pytest.raises(NotFound):
                build_drill(here, "DRILL2026-000001")
            drill = begin(room, papers=typeset_bids(here.files))
            with pytest.raises(WrongState):
                build_drill(here, drill.case)
            play(drill, here.files, settings.tapes_dir)
            log.grow_and_witness(door)
            (folder / "sites.zip").write_bytes(here.files.path(build_sites(here).sha256).read_bytes())
            made = folder / "drill.zip"
            made.write_bytes(here.files.path(build_drill(here, drill.case).sha256).read_bytes())
            signers: dict[str, Signer] = {platform.key.key_id: platform}
            for person in (room.tender.centre, room.tender.tenderer, room.tender.supervisor, *room.experts):
                signers |= {person.signer.key.key_id: person.signer, person.authenticator.key.key_id: person.authenticator}
            witness = Ed25519Signer.from_seed(StateFolder(folder / "witness").read("key") or b"")
            yield Case(made, own_policy(authority(), log, settings), platform, log.key, witness, signers)


def test_a_drill_holds_and_is_said_to_be_one(case: Case) -> None:
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    told = {finding.check: finding.detail for finding in verdict.findings}
    assert told["drill"] == "5; 5; 0; 0" and told["halts"].startswith("3; 1") and told["seating"] == "2; 6; 1"
    assert (told["blind_map"], told["technical"], told["report"], told["candidates"]) == ("3", "3", "0", "3")
    assert told["recordings"] == "4; 300; 4; 1; 4" and {note.code for note in verdict.notes} >= {"recordings_untied"}
    assert next(note.code for note in verdict.notes) == "drill" and "演练" in NOTES["drill"][0]


def of(story: list[Said], kind: str, at: int = 0) -> Said:
    return [one for one in story if one["payload"]["type"] == kind][at]


def drop(story: list[Said], kind: str) -> None:
    story.remove(of(story, kind))


def put(story: list[Said], kind: str, at: int = 0, **changes: Any) -> None:
    of(story, kind, at)["payload"]["body"].update(changes)


def move_to_end(story: list[Said], kind: str) -> None:
    one = of(story, kind)
    story.remove(one)
    one["at"] = story[-1]["at"]
    story.append(one)


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda story: None, ""),
        (lambda story: drop(story, "drill.end"), "drill_open"),
        (lambda story: drop(story, "drill.begin"), "drill_begin"),
        (lambda story: put(story, "drill.lift", fault_sha256="0" * 64), "drill_fault"),
        (lambda story: move_to_end(story, "drill.lift"), "drill_over"),
        (lambda story: put(story, "committee.form", 1, seats=of(story, "committee.form")["payload"]["body"]["seats"][:2]), "seats_differ"),
    ],
)
def test_another_story_of_a_drill_is_refused(case: Case, tmp_path: Path, edit: Callable[[list[Said]], object], code: str) -> None:
    assert forged(case, tmp_path, edit) == code


def body_of(story: list[Said], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = of(story, kind)["payload"]["body"]
    return found


def scores_of(story: list[Said]) -> dict[str, Any]:
    found: dict[str, Any] = body_of(story, "score")["sheets"][0]["scores"]
    return found


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (
            lambda story: put(story, "drill.bids", method=of(story, "drill.bids")["payload"]["body"]["method"] | {"candidates": 1}),
            "drill.bids",
        ),
        (lambda story: body_of(story, "drill.bids")["bids"][0].update(price="1.00"), "drill.bids"),
        (lambda story: drop(story, "drill.bids"), "event_missing"),
        (lambda story: [drop(story, kind) for kind in ("drill.bids", "blind.map")], "event_missing"),
        (lambda story: drop(story, "score"), "member_silent"),
        (lambda story: scores_of(story).update({"服务方案": "1"}), "technical_differs"),
        (lambda story: drop(story, "blind.open"), "map_not_two"),
        (
            lambda story: put(story, "report.submit", candidates=of(story, "report.submit")["payload"]["body"]["candidates"][:2]),
            "candidates_differ",
        ),
    ],
)
def test_another_story_of_its_scores_is_refused(case: Case, tmp_path: Path, edit: Callable[[list[Said]], object], code: str) -> None:
    assert forged(case, tmp_path, edit) == code


@pytest.mark.parametrize(
    ("edit", "what"),
    [
        (lambda story: put(story, "drill.inject", 1, seat="9"), "drill.place"),
        (lambda story: put(story, "drill.inject", 0, fault="down_during"), "drill.not_begun"),
        (lambda story: put(story, "drill.inject", 3, fault="two_hours"), "drill.nothing_stands"),
    ],
)
def test_a_fault_out_of_place_is_refused(case: Case, tmp_path: Path, edit: Callable[[list[Said]], object], what: str) -> None:
    assert forged(case, tmp_path, edit) == what


def test_a_changed_byte_of_its_recordings_is_found(case: Case, tmp_path: Path) -> None:
    held, made = io.BytesIO(case.path.read_bytes()), tmp_path / "forged.zip"
    members = {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}
    tape = next(name for name in members if name.endswith(".webm"))
    members[tape] = members[tape][:-1] + bytes([members[tape][-1] ^ 1])
    made.write_bytes(packed(case.forge(members, lambda story: None)))
    broken = [(finding.check, finding.code) for finding in verify(made, case.unstamped).findings if not finding.holds]
    assert broken and broken[0][0] == "recordings", broken


def first_booking(story: list[Said]) -> dict[str, Any]:
    found: dict[str, Any] = body_of(story, "seats.drawn")["bookings"][0]
    return found


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        (lambda story: None, ""),
        (lambda story: first_booking(story).update(booking="VB-ABCDEFGH"), "booking_unheld"),
        (lambda story: first_booking(story)["places"].append("P99"), "booking_unheld"),
        (lambda story: first_booking(story).update(until="2999-01-01T00:00:00.000Z"), "booking_unheld"),
    ],
)
def test_its_bookings_are_held_against_the_package_of_the_sites(
    case: Case, tmp_path: Path, edit: Callable[[list[Said]], object], code: str
) -> None:
    held, made = io.BytesIO(case.path.read_bytes()), tmp_path / "forged.zip"
    members = {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}
    made.write_bytes(packed(case.forge(members, edit)))
    assert verify(made, case.unstamped).holds  # alone it cannot be told
    verdict = verify(made, case.unstamped, catalogue=case.path.with_name("sites.zip"))
    assert [finding.code for finding in verdict.findings if not finding.holds] == ([code] if code else [])
    assert code or verdict.findings[-1].detail == "3"


def test_a_package_that_is_not_of_the_sites_vouches_for_nothing(case: Case, tmp_path: Path) -> None:
    verdict = verify(case.path, case.policy, catalogue=case.path)
    assert [finding.code for finding in verdict.findings if not finding.holds] == ["sites_package"]
