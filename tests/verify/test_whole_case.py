"""A whole case is accepted by the verifier, as a command and as one file, and says what it checked."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import gongheng
from app.verify import wording
from app.verify.steps import verify
from core.kernel.trust import write_policy
from tests.verify.forging import Case, packed


@pytest.fixture
def trusted(case: Case, tmp_path: Path) -> Path:
    (tmp_path / "trusted.txt").write_text(write_policy(case.policy))
    return tmp_path / "trusted.txt"


def test_a_whole_case_is_accepted(case: Case) -> None:
    verdict = verify(case.path, case.policy)
    assert [(finding.check, finding.member, finding.code) for finding in verdict.findings if not finding.holds] == []
    assert {"scores", "vote", "draw", "reopened", "stamps", "closing_list"} <= {finding.check for finding in verdict.findings}


def test_the_command_says_so_in_both_languages_and_in_json(case: Case, trusted: Path) -> None:
    run = CliRunner().invoke
    for lang, word in (("zh", "接受"), ("en", "ACCEPTED")):
        said = run(gongheng, ["verify", str(case.path), "--policy", str(trusted), "--lang", lang])
        assert said.exit_code == 0
        assert word in said.output
    told = json.loads(run(gongheng, ["verify", str(case.path), "--policy", str(trusted), "--json"]).stdout)
    assert told["accepted"]
    assert all(check["check"] in wording.CHECKS for check in told["checks"])


def test_the_one_file_verifier_of_the_package_accepts_it_too(case: Case, members: dict[str, bytes], trusted: Path, tmp_path: Path) -> None:
    tool = tmp_path / "verify.pyz"
    tool.write_bytes(members["verify/verify.pyz"])
    command = [sys.executable, "-I", str(tool), str(case.path), "--policy", str(trusted), "--lang", "en"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "ACCEPTED" in ended.stdout


def test_a_refusal_names_the_member_and_what_broke(case: Case, members: dict[str, bytes], trusted: Path, tmp_path: Path) -> None:
    members["README.txt"] += b"!"
    (tmp_path / "x.zip").write_bytes(packed(members))
    said = CliRunner().invoke(gongheng, ["verify", str(tmp_path / "x.zip"), "--policy", str(trusted), "--lang", "en"])
    assert said.exit_code == 1
    assert "README.txt is not as the manifest lists it" in said.stderr


def test_what_cannot_be_read_is_code_2_with_one_line(case: Case, trusted: Path, tmp_path: Path) -> None:
    (tmp_path / "policy.txt").write_text("log nothing\n")
    for package, policy in ((tmp_path / "none.zip", trusted), (tmp_path, trusted), (case.path, tmp_path / "policy.txt")):
        said = CliRunner().invoke(gongheng, ["verify", str(package), "--policy", str(policy)])
        assert (said.exit_code, said.stderr.count("\n")) == (2, 1)


def test_another_root_of_trust_refuses_it(case: Case) -> None:
    for policy, check in (
        (replace(case.policy, ca_roots=frozenset({"00" * 32})), "certificates"),
        (replace(case.policy, tsa_roots=frozenset({"00" * 32})), "stamps"),
        (replace(case.policy, witnesses={}, groups={}, quorum="none", logs=()), "checkpoints"),
    ):
        assert [finding.check for finding in verify(case.path, policy).findings if not finding.holds] == [check]


CODE_AT = {"Broken": 1, "ArchiveFault": 1, "require": 1, "same": 3, "before": 2, "each_before": 2}


def test_every_check_fault_and_note_has_words() -> None:
    said: dict[str, set[str]] = {"fault": set(), "check": set(), "note": set()}
    for path in (Path(__file__).parents[2] / "app" / "verify").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_bytes())):
            if not isinstance(call, ast.Call):
                continue
            name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
            kind = name if name in said else "fault"
            place = 0 if name in ("check", "note") else CODE_AT.get(name, 99)
            for node in ast.walk(call.args[place]) if len(call.args) > place else ():
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    said[kind].add(node.value)
    assert said["check"] - set(wording.CHECKS) == set()
    assert said["note"] - set(wording.NOTES) == set()
    assert said["fault"] - set(wording.FAULTS) == set()
    assert len(said["fault"]) > 60
