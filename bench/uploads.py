"""Transfers alone, 64 at once, beside the stock `@tus/server`: `python -m bench.uploads [--rounds N] [--at-once N] [--mib N]`.

Ours hashes every byte and acknowledges an offset once it is on disk; the peer (npm, fetched into `var/bench/peers`) does neither. Both get
the same clients, in turn, each in a process of its own. The limit is SHA-256 alone on two threads. Medians of the rounds.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from core.kernel.roles import Role
from tests.builders.people import people
from tests.builders.served import ROOT, Served, cookie

PEER = Path(__file__).parent / "peers" / "tus"
KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
MODES = ("ours", "tus")
NAMES = {"ours": "Gongheng (hashed, synced)", "tus": "@tus/server (neither)"}
GOAL = 1.0  # times the peer


def main() -> None:
    """Runs the rounds, prints the table, writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at-once", type=int, default=64)
    parser.add_argument("--mib", type=int, default=8)
    asked = parser.parse_args()
    peer = fetch_peer()
    rounds: list[dict[str, Any]] = []
    for number in range(asked.rounds):
        modes = [mode for mode in MODES if mode == "ours" or peer]
        limit = sha256_limit()
        for mode in modes if number % 2 == 0 else modes[::-1]:
            rounds.append({"round": number, "mode": mode, "limit": limit, **measure(mode, peer, asked.at_once, asked.mib * 1024**2)})
    report(rounds, asked)


def fetch_peer() -> Path | None:
    """The peer with what it needs, from the npm registry by its lock; None without npm or a network."""
    place = KEPT / "peers" / "tus"
    place.mkdir(parents=True, exist_ok=True)
    for file in PEER.iterdir():
        if file.is_file():
            shutil.copy(file, place)
    if shutil.which("npm") is None:
        print("npm is not here: the peer is left out")
        return None
    if not (place / "node_modules").exists() and subprocess.run(["npm", "ci", "--silent"], cwd=place, check=False).returncode:
        print("the peer could not be fetched: it is left out")
        return None
    return place


def measure(mode: str, peer: Path | None, count: int, size: int) -> dict[str, Any]:
    """One server, its clients, one run."""
    with tempfile.TemporaryDirectory(dir=KEPT) as folder, serving(mode, peer, Path(folder)) as (port, given, process):
        before = cpu(process)
        command = [sys.executable, "-m", "bench.uploads_run", "localhost", str(port), given, str(count), str(size)]
        told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
        mb = count * size / 1e6
        spent = cpu(process) - before
        return {"mb_s": mb / told["seconds"], "cpu_ms_mb": 1000 * spent / mb, "rss_mb": peak(process), "others_ms": told["others_ms"]}


@contextmanager
def serving(mode: str, peer: Path | None, folder: Path) -> Iterator[tuple[int, str, int]]:
    """A fresh server: its port, the cookie of somebody who has logged in, its process."""
    if mode == "tus":
        process = subprocess.Popen(["node", "server.mjs", folder], cwd=peer, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), "none=1", process.pid
        finally:
            process.kill()
            process.wait()
        return
    server = Served(folder)
    with server.prepared() as app:
        door = app.extensions["gongheng"].door
        given = cookie(door, people(door).join(Role.BIDDER, keys=False))
    try:
        server.start()
        assert server.process is not None
        yield server.port, given, server.process.pid
    finally:
        server.kill()


def cpu(process: int) -> float:
    """Seconds of processor time that a process has had."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak(process: int) -> float:
    """A process's peak memory in MB."""
    status = Path(f"/proc/{process}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1000


def sha256_limit() -> float:
    """MB/s of SHA-256 alone on two threads, now."""
    block, turns = bytes(1 << 20), 100

    def work() -> None:
        digest = hashlib.sha256()
        for _ in range(turns):
            digest.update(block)

    threads = [threading.Thread(target=work) for _ in range(2)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return 2 * turns * len(block) / 1e6 / (time.monotonic() - began)


def report(rounds: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    """The medians as a table, and everything in the file."""
    print(f"{asked.at_once} uploads of {asked.mib} MiB at once, parts of 8 MiB; medians of {asked.rounds} rounds")
    print(f"{'':28}{'MB/s':>8}{'of SHA-256×2':>14}{'CPU ms/MB':>12}{'peak MB':>9}{'others p50 ms':>15}{'worst':>8}")
    medians: dict[str, Any] = {}
    for mode in MODES:
        rows = [row for row in rounds if row["mode"] == mode]
        if not rows:
            continue
        found = {name: median(row[name] for row in rows) for name in ("mb_s", "cpu_ms_mb", "rss_mb")}
        found |= {"of_limit": median(row["mb_s"] / row["limit"] for row in rows)}
        found |= {name: median(row["others_ms"][n] for row in rows) for n, name in enumerate(("others_p50_ms", "others_worst_ms"))}
        medians[mode] = found
        line = f"{found['mb_s']:>8.0f}{found['of_limit']:>14.0%}{found['cpu_ms_mb']:>12.1f}{found['rss_mb']:>9.0f}"
        print(f"{NAMES[mode]:<28}{line}{found['others_p50_ms']:>15.1f}{found['others_worst_ms']:>8.0f}")
    pairs = zip(*([row["mb_s"] for row in rounds if row["mode"] == mode] for mode in MODES), strict=False)
    ratios = [ours / theirs for ours, theirs in pairs]
    if ratios:
        print(f"ours : @tus/server = {median(ratios):.2f} [{min(ratios):.2f}-{max(ratios):.2f}], goal {GOAL:.1f}")
    target = KEPT / "uploads.json"
    target.write_text(json.dumps({"asked": vars(asked), "medians": medians, "ratios": ratios, "rounds": rounds}, indent=1))
    print(f"→ {target}")


if __name__ == "__main__":
    main()
