"""Whoever holds every key and tells the file of an award otherwise is found out: table, register, comparison and report are made anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, body, drop, found, move, of, put, twice


def other_row(story: list[Said]) -> None:
    """The table says of a clause that it rests on nothing."""
    body(story, "award.report.draft")["record"]["table"][5]["proofs"] = []


def other_cell(story: list[Said]) -> None:
    """The comparison shows better points for a candidate, and the report repeats them."""
    for said in (body(story, "award.matrix"), body(story, "award.report.draft")["record"]):
        said["matrix"]["candidates"][0]["total"] = "99.00"


def no_interference(story: list[Said]) -> None:
    """The register is told as "none" in the report alone."""
    body(story, "award.report.draft")["record"]["register"]["entries"] = []


def entry_gone(story: list[Said]) -> None:
    """An entry is removed and everybody's signature speaks of none."""
    drop(story, "interference.entry")


def late(story: list[Said]) -> None:
    """A paper is put on file once the report stands."""
    paper, there = of(story, "award.paper"), of(story, "award.report.sign")
    again = {**paper, "payload": paper["payload"] | {"nonce": "f" * 32}, "old": "0" * 64, "leaf": there["leaf"], "at": there["at"]}
    story.insert(story.index(there), again)
    body(story, "case.close")["events"] = len(story) - 1


def _without_report(story: list[Said]) -> None:
    while any(said["payload"]["type"] == "award.report.sign" for said in story):
        drop(story, "award.report.sign")
    drop(story, "award.report.draft")


LIES: dict[str, tuple[str, Edit]] = {
    "a clause without its proof": ("award_report_differs", other_row),
    "better points in the comparison": ("matrix_differs", other_cell),
    "an interference hushed up in the report": ("award_report_differs", no_interference),
    "an entry removed from the register": ("clause_missing", entry_gone),
    "a register closed over less than it holds": ("clause_missing", lambda story: put(story, "interference.close", entries=[])),
    "no bid-cleaning report": ("clause_missing", lambda story: drop(story, "award.paper")),
    "a ballot before the recording was on file": ("clause_missing", lambda story: move(story, "ballot", before="award.paper", nth=0)),
    "a paper filed late": ("filed_late", late),
    "a report without its comparison": ("clause_missing", lambda story: drop(story, "award.matrix")),
    "another report than was signed": ("missing", lambda story: put(story, "award.report.draft", report_sha256="ab" * 32)),
    "a notice before everybody had signed": (
        "award_report_unsigned",
        lambda story: move(story, "award.notice", before="award.report.sign"),
    ),
    "a signature missing": ("award_report_unsigned", lambda story: drop(story, "award.report.sign", 2)),
    "a member who signs twice": ("said_twice", lambda story: twice(story, "award.report.sign")),
    "no report at all": ("award_report_unsigned", _without_report),
}


def forged(case: Case, members: dict[str, bytes], folder: Path, edit: Edit) -> list[str]:
    """What the check of the file finds."""
    return [code for check, code, _ in found(case, members, folder, edit) if check == "shield"]


@pytest.mark.parametrize("lie", LIES)
def test_a_file_told_otherwise_is_refused(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    assert forged(case, members, tmp_path, edit) == [code]
