"""An old ledger is exported as it stands, replayed offline, and every lie that a forger with all keys tells of it is found."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

import deposits.domain.audience
from app.evidence.package import build_old_ledger, own_policy
from app.sandbox.state import StateFolder
from app.verify import archive
from app.verify.steps import verify
from core.identity.services.certificates import certify_platform
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine
from core.kernel.files import FileStore
from core.kernel.signing import Ed25519Signer, Signer
from core.kernel.work import Door
from core.settings import load
from core.web.platform import Platform
from deposits.domain.dormant_sheet import paper
from deposits.queries import dormant_ledgers
from tests.builders.dormant import World, old, world
from tests.builders.people import authority
from tests.builders.whole import outside
from tests.verify.forging import Case, Said, packed

FIRM_CLAIM = "dormant.claim"


def play(made: World) -> None:
    """One is claimed and refunded, two go to a notary, one of them is claimed later, one is left."""
    made.take_in(old(1), old(2), old(3), old(4, payer="另一家有限公司"))
    made.move_in("30000.00")
    made.decide(made.propose(claim=made.claim()))
    made.run_bank()
    made.seek(2, 3)
    made.jump(days=61)
    made.decide(made.propose(2, 3, way="notary"), agree=False)
    made.decide(made.propose(2, 3, way="notary"))
    made.run_bank()
    made.decide(made.propose(2, claim=made.claim(place=2)))
    payout = made.payouts()[-1]
    made.sign_arrival(str(payout.id), "10000.00")
    made.run_bank()
    assert [made.state(place) for place in range(1, 5)] == ["refunded", "refunded", "with_notary", "listed"]


@pytest.fixture(scope="module")
def case(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("old")
    shutil.copy(sqlite_template, folder / "gongheng.db")
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    told = {"DEMONSTRATION": "yes", "DATA_DIR": str(folder), "DATABASE_URL": url, "CLOCK_FILE": str(clock_file)}
    settings = load({f"GONGHENG_{name}": value for name, value in told.items()})
    engine = open_engine(url)
    platform = Ed25519Signer.from_seed(bytes(range(32)))
    door = Door(engine, platform, projections=deposits.domain.audience.PROJECTIONS, clock_file=clock_file, readers=2)
    door.perform(SYSTEM_ACTOR, lambda work: certify_platform(work, authority(), "gongheng", platform.key))
    files = FileStore(folder / "files")
    with outside(folder, clock_file, Ed25519Signer.from_seed(bytes(32))) as log, world(door, clock_file, folder) as made:
        made.files = files
        play(made)
        rows = door.read(lambda session: dormant_ledgers.content(session, made.ledger))
        files.put(paper(rows))
        log.grow_and_witness(door)
        here = SimpleNamespace(door=door, files=files, settings=settings, parts={"authority": authority(), "log": log})
        stored = build_old_ledger(cast(Platform, here), made.ledger)
        assert build_old_ledger(cast(Platform, here), made.ledger) == stored
        signers: dict[str, Signer] = {platform.key.key_id: platform}
        for person in (made.clerk, made.chief, made.firm):
            signers |= {person.signer.key.key_id: person.signer, person.authenticator.key.key_id: person.authenticator}
        witness = Ed25519Signer.from_seed(StateFolder(folder / "witness").read("key") or b"")
        yield Case(files.path(stored.sha256), own_policy(authority(), log, settings), platform, log.key, witness, signers)
    door.close()
    engine.dispose()


@pytest.fixture
def members(case: Case) -> dict[str, bytes]:
    held = io.BytesIO(case.path.read_bytes())
    return {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}


def test_an_old_ledger_is_accepted_as_it_stands(case: Case) -> None:
    verdict = verify(case.path, case.policy)
    assert verdict.holds, [finding for finding in verdict.findings if not finding.holds]
    assert verdict.case.startswith("D-DORMANT-Y")
    assert "4, 40000.00; 30000.00" in next(finding.detail for finding in verdict.findings if finding.check == "dormant")
    assert {"dormant_open", "organisations"} <= {note.code for note in verdict.notes}


def test_a_story_that_nobody_edited_is_accepted_when_it_is_forged_anew(case: Case, members: dict[str, bytes], tmp_path: Path) -> None:
    assert forged(case, members, tmp_path, lambda story: None) == ""


def forged(case: Case, members: dict[str, bytes], folder: Path, edit: Callable[[list[Said]], object]) -> str:
    made = folder / "forged.zip"
    made.write_bytes(packed(case.forge(members, edit)))
    verdict = verify(made, case.unstamped)
    broken = [finding.code for finding in verdict.findings if not finding.holds]
    return broken[0] if broken else ""


def of(story: list[Said], kind: str, place: int = 0) -> Any:
    return [said["payload"] for said in story if said["payload"]["type"] == kind][place]


def body(kind: str, place: int = 0, **changes: Any) -> Callable[[list[Said]], object]:
    return lambda story: of(story, kind, place)["body"].update(changes)


def left_out(kind: str, place: int = 0) -> Callable[[list[Said]], object]:
    def edit(story: list[Said]) -> None:
        found = [number for number, said in enumerate(story) if said["payload"]["type"] == kind]
        del story[found[place]]

    return edit


def one_person(story: list[Said]) -> None:
    """The first approval is said by who had proposed."""
    proposal, approval = (
        next(said for said in story if said["payload"]["type"] == kind) for kind in ("dormant.propose", "dormant.approve")
    )
    approval["payload"]["actor"] = proposal["payload"]["actor"]
    approval["keys"] = proposal["keys"]


def sought_less(story: list[Said]) -> None:
    """The payer of one of those that went to a notary was never looked for."""
    sought = of(story, "dormant.contact")["body"]
    sought["rows"] = sought["rows"][:1]


LIES: list[tuple[Callable[[list[Said]], object], str]] = [
    (body("dormant.import", total_fen=1), "amount_differs"),
    (body("dormant.import", rows_sha256="0" * 64), "missing"),
    (body("dormant.book", rows=3), "amount_differs"),
    (body("dormant.publish", rows=3), "amount_differs"),
    (body("dormant.propose", payee_account="6222000000099"), "payee_differs"),
    (body("dormant.propose", total_fen=9_999_00), "amount_differs"),
    (body("dormant.propose", 2, rows=["Y2026-000001-00002", "Y2026-000001-00009"]), "dormant_unknown"),
    (body("dormant.approve", total_fen=1), "amount_differs"),
    (body("dormant.move_in", amount_fen=40_001_00), "dormant_too_much"),
    (body("dormant.move_in", amount_fen=9_999_00), "dormant_not_moved_in"),
    (body("dormant.order", total_fen=20_000_00), "amount_differs"),
    (body("refund.send", interest_fen=1), "interest_differs"),
    (body("refund.send", 1, interest_fen=1), "interest_differs"),
    (body("refund.confirm", total_fen=1), "amount_differs"),
    (body("dormant.settle", paid=False), "amount_differs"),
    (body("dormant.restore", amount_fen=9_000_00), "amount_differs"),
    (body("dormant.contact", on="2036-01-01"), "too_early"),
    (body("dormant.claim", change=[], claimant="别家公司", payee_name="别家公司"), "dormant.material_missing"),
    (body("dormant.claim", licence=[]), "dormant.material_missing"),
    (left_out("dormant.approve"), "dormant_proposal_unknown"),
    (left_out("dormant.propose"), "dormant_proposal_unknown"),
    (left_out("dormant.claim"), "dormant.no_claim"),
    (left_out("dormant.contact"), "dormant.not_sought"),
    (left_out("dormant.publish"), "dormant.not_published"),
    (left_out("dormant.book"), "event_missing"),
    (left_out("dormant.move_in"), "dormant_not_moved_in"),
    (left_out("dormant.order"), "refunded_twice"),
    (left_out("dormant.restore"), "dormant_proposal_unknown"),
    (left_out("refund.send"), "refunded_twice"),
    (left_out("refund.schedule"), "refunded_twice"),
    (one_person, "dormant_same_person"),
    (sought_less, "dormant.not_sought"),
]


@pytest.mark.parametrize(("edit", "code"), LIES)
def test_a_lie_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, edit: Callable[[list[Said]], object], code: str) -> None:
    assert forged(case, members, tmp_path, edit) == code


def test_a_paper_that_was_changed_is_found(case: Case, members: dict[str, bytes], tmp_path: Path) -> None:
    rows = next(name for name, content in members.items() if name.startswith("papers/") and b"gongheng.old-ledger" in content)
    changed = members | {rows: members[rows].replace(b"1000000", b"9000000")}
    assert forged(case, changed, tmp_path, lambda story: None) == "not_as_signed"
