"""A case in the archive: its archive package and its evidence package are accepted, and say what was filed and what holds it."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import gongheng
from app.verify import archive
from app.verify.layout import CHECKS, METADATA
from app.verify.steps import verify
from core.kernel import jcs
from core.kernel.db import open_engine
from core.kernel.encoding import sha256
from core.kernel.signing import Ed25519Signer
from core.kernel.trust import write_policy
from core.kernel.work import Door
from core.settings import load
from tests.builders import archives
from tests.builders.whole import Whole, whole
from tests.verify.conftest import PROJECTIONS
from tests.verify.forging import listed, packed


@pytest.fixture(scope="module")
def case(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """A case that was played to its close and filed."""
    folder = tmp_path_factory.mktemp("archived")
    shutil.copy(sqlite_template, folder / "gongheng.db")
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    told = {"DEMONSTRATION": "yes", "DATA_DIR": str(folder), "DATABASE_URL": url, "CLOCK_FILE": str(clock_file)}
    settings = load({f"GONGHENG_{name}": value for name, value in told.items()})
    engine = open_engine(url)
    door = Door(engine, Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    with whole(door, clock_file, folder, settings) as made:
        archives.archived(made.play())
        yield made
    door.close()
    engine.dispose()


@pytest.fixture(scope="module")
def package(case: Whole) -> Path:
    """The archive package."""
    return case.hall.files.path(archives.view(case.hall.tender).package_sha256)


def members(path: Path) -> dict[str, bytes]:
    held = io.BytesIO(path.read_bytes())
    return {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}


def faults(path: Path, case: Whole) -> list[tuple[str, str, str]]:
    """What is refused by somebody who trusts no time stamps: a forger cannot forge those."""
    policy = replace(case.policy, tsa_roots=frozenset())
    return [(one.check, one.member, one.code) for one in verify(path, policy).findings if not one.holds]


def test_the_archive_package_is_an_evidence_package_with_metadata_and_a_signed_report(case: Whole, package: Path) -> None:
    verdict = verify(package, case.policy)
    assert [(one.check, one.member, one.code) for one in verdict.findings if not one.holds] == []
    said = {one.check: one.detail for one in verdict.findings}
    assert said["archive_metadata"].startswith("J123-ZB·") and int(said["archive_checks"]) >= 20
    assert "archive_filing" not in said
    metadata = json.loads(members(package)[METADATA])
    assert metadata["creators"]["keeper"] == case.hall.tender.centre.org_name and metadata["secrecy"] == "internal"
    assert metadata["retention"]["until"].endswith("-12-31") and metadata["count"] == len(metadata["files"])


def test_the_evidence_package_of_an_archived_case_says_how_it_was_filed_and_that_it_is_held(case: Whole, tmp_path: Path) -> None:
    exported = case.export()
    verdict = verify(exported, case.policy)
    assert [(one.check, one.member, one.code) for one in verdict.findings if not one.holds] == []
    view = archives.view(case.hall.tender)
    assert {one.check: one.detail for one in verdict.findings}["archive_filing"] == view.number
    assert [note.code for note in verdict.notes if note.code.startswith("archive")] == ["archived", "archive_held"]
    (tmp_path / "trusted.txt").write_text(write_policy(case.policy))
    run = CliRunner().invoke(gongheng, ["verify", str(exported), "--policy", str(tmp_path / "trusted.txt"), "--lang", "zh"])
    assert run.exit_code == 0 and f"案卷已归档，档号 {view.number}" in run.output and "1 项封存未解除" in run.output


def test_every_check_of_the_four_is_in_the_report_and_only_what_was_handed_in_passes_by_a_reason(case: Whole) -> None:
    report = archives.view(case.hall.tender).checks
    assert report is not None and [group["name"] for group in report["groups"]] == ["authenticity", "integrity", "usability", "safety"]
    checks = {check["name"]: check for group in report["groups"] for check in group["checks"]}
    assert [name for name, check in checks.items() if not check["holds"]] == ["documents_open"]  # the builders' documents are no whole PDF
    assert checks["documents_open"]["reason"] == archives.AS_HANDED_IN
    assert {"signatures", "inclusion", "stamps", "replay", "statements", "contracts", "bids_open", "active_content", "read_back"} <= set(
        checks
    )


@pytest.mark.parametrize("name", [METADATA, CHECKS])
def test_a_changed_record_of_the_archive_is_refused_even_under_a_new_manifest(
    case: Whole, package: Path, tmp_path: Path, name: str
) -> None:
    forged = members(package)
    said = json.loads(forged[name])
    if name == METADATA:
        said["files"][0]["sha256"] = "0" * 64
    else:
        said["groups"][0]["checks"][0]["holds"] = False
    forged[name] = jcs.canonical(said)
    platform = case.hall.tender.door.platform
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(listed(forged, platform)))
    found = {check for check, _, _ in faults(path, case)}
    assert found >= ({"archive_metadata", "archive_checks"} if name == METADATA else {"archive_checks"})


def test_a_filing_over_records_that_are_not_there_is_refused(case: Whole, tmp_path: Path) -> None:
    forged = members(case.export())
    digest = archives.view(case.hall.tender).filing
    assert digest is not None and sha256(forged[f"papers/{digest['metadata_sha256']}"]).hex() == digest["metadata_sha256"]
    del forged[f"papers/{digest['metadata_sha256']}"]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(listed(forged, case.hall.tender.door.platform)))
    assert ("archive_filing", f"papers/{digest['metadata_sha256']}", "missing") in faults(path, case)
