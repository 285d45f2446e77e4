"""A drill's package is accepted and said to be one; another story of it is found out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from app.evidence.package import build_drill, own_policy
from app.sandbox.state import StateFolder
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
from tests.builders.drills import DrillRoom, begin
from tests.builders.evaluation import HOST, NORTH, OpenedBids, Room
from tests.builders.halting import fault, repair
from tests.builders.people import authority
from tests.builders.seating import draw_seats, furnish, sit_down
from tests.builders.supervising import begin_view
from tests.builders.trading import tender
from tests.builders.whole import outside
from tests.verify.conftest import door_at
from tests.verify.forging import Case, Said
from tests.verify.test_payouts import forged


def play(drill: DrillRoom) -> DrillRoom:
    """A seat that falls silent, a site that is down and repaired, four hours that seal, three who follow."""
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
            drill = begin(room)
            with pytest.raises(WrongState):
                build_drill(here, drill.case)
            play(drill)
            log.grow_and_witness(door)
            packed = folder / "drill.zip"
            packed.write_bytes(here.files.path(build_drill(here, drill.case).sha256).read_bytes())
            signers: dict[str, Signer] = {platform.key.key_id: platform}
            for person in (room.tender.centre, room.tender.tenderer, room.tender.supervisor, *room.experts):
                signers |= {person.signer.key.key_id: person.signer, person.authenticator.key.key_id: person.authenticator}
            witness = Ed25519Signer.from_seed(StateFolder(folder / "witness").read("key") or b"")
            yield Case(packed, own_policy(authority(), log, settings), platform, log.key, witness, signers)


def test_a_drill_holds_and_is_said_to_be_one(case: Case) -> None:
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    told = {finding.check: finding.detail for finding in verdict.findings}
    assert told["drill"] == "4; 4; 0; 0" and told["halts"].startswith("2; 1") and told["seating"] == "1; 3; 1"
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
