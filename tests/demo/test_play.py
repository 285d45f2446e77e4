"""Whole plays of the small case, as `make demo` runs them: a server, outside parties and 34 people, each a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.demo.stage import plain_environment

pytestmark = pytest.mark.slow


def play(folder: Path, *options: str, patience: int) -> subprocess.CompletedProcess[str]:
    """Runs the command and waits for it to end."""
    command = [sys.executable, "-m", "app", "demo", "--case", "small", "--data-dir", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=patience, env=plain_environment(), check=False)


@pytest.mark.timeout(600)
def test_a_whole_tender_is_played_and_its_package_verified(tmp_path: Path) -> None:
    done = play(tmp_path, "--lang", "en", patience=500)
    assert done.returncode == 0, done.stderr + done.stdout
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[:13]] == [str(step) for step in range(13)]
    assert lines[-1].startswith("everything held")
    home = tmp_path / "demo"
    assert (home / "case.zip").stat().st_size > 100_000 and (home / "trusted.txt").read_text().startswith("log ")
    nothing_of_the_officers(home)


def nothing_of_the_officers(home: Path) -> None:
    """No secret of an officer stands in any file under the server's folder, its log included."""
    secrets = [(home / "people" / f"officer-{office}" / "officer" / "age.key").read_bytes().strip() for office in ("centre", "supervisor")]
    signing = [(home / "people" / f"officer-{office}" / "officer" / "signing.pem").read_bytes() for office in ("centre", "supervisor")]
    secrets += [pem.splitlines()[1] for pem in signing]
    assert len(secrets) == 4 and all(len(secret) > 40 for secret in secrets)
    for file in [*(home / "server").rglob("*"), home / "server.log"]:
        if file.is_file():
            content = file.read_bytes()
            assert not any(secret in content for secret in secrets), file


@pytest.mark.timeout(900)
def test_a_server_that_is_killed_twenty_times_loses_nothing_and_does_nothing_twice(tmp_path: Path) -> None:
    done = play(tmp_path, "--kills", "20", "--lang", "en", patience=800)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "server killed 20 times" in done.stdout


@pytest.mark.timeout(900)
def test_newcomers_find_lots_half_way_and_accounts_for_each_role(tmp_path: Path) -> None:
    first = play(tmp_path, "--load", patience=800)
    assert first.returncode == 0, first.stderr + first.stdout
    people = json.loads((tmp_path / "demo-accounts.json").read_text("utf-8"))
    assert {"centre", "supervisor", "expert", "award_member", "bidder", "tenderer", "agency", "admin"} <= {one["role"] for one in people}
    assert all(one["name"] and one["password"] for one in people)
    assert (tmp_path / "gongheng.db").exists() and not (tmp_path / "demo-load").exists()
    assert list((tmp_path / "demo-keys").glob("*.recovery.key"))
    again = play(tmp_path, "--load", patience=30)
    assert again.returncode == 0 and again.stdout.splitlines() == first.stdout.splitlines()[1:]


def test_a_case_that_is_none_is_one_line_and_exit_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "demo", "--case", str(tmp_path / "none.json")], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
