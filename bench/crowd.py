"""One room for many against Node's socket.io, in the same run: `python -m bench.crowd [--rounds N] [--only window8,…]`.

The watchers are a program of their own in Go that reads of each frame its length and its number (`bench/crowd_watch.go`), so that on a
machine of two cores the server is what is measured; each of the two is bound to a core. Rounds alternate; medians, and the ratio of each
round. CPU is the server process's own, per message delivered.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parent.parent
KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
PEER = Path(__file__).parent / "peers" / "socketio"
TICKS = os.sysconf("SC_CLK_TCK")


class Load(NamedTuple):
    """What is asked of a server."""

    title: str
    watchers: int
    window: int
    rate: float
    slow: int
    returning: int
    ours: str  # how ours is asked to do it
    peers: tuple[str, ...]


LOADS = {
    "window8": Load("1,000 watchers, 8 events in flight", 1000, 8, 0, 0, 0, "pushed", ("node", "stock")),
    "window1": Load("1,000 watchers, 1 event in flight", 1000, 1, 0, 0, 0, "pushed", ("node", "stock")),
    "rate": Load("1,000 watchers, 20 events a second", 1000, 0, 20, 0, 0, "stored", ("node",)),
    "large": Load("5,000 watchers, 4 events a second", 5000, 0, 4, 0, 0, "stored", ("node",)),
    "odd": Load("950 watchers, 8 in flight, 25 slow and 25 coming back", 950, 8, 0, 25, 25, "tight", ()),
}


def main() -> None:
    """Runs the rounds, prints the tables, writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=6.0)
    parser.add_argument("--only", default=",".join(LOADS))
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    watch, peer = build(), fetch_peer()
    rows: list[dict[str, Any]] = []
    for name in asked.only.split(","):
        load = LOADS[name]
        modes = [load.ours, *(mode for mode in load.peers if mode != "node" or peer is not None)]
        for number in range(asked.rounds):
            for mode in modes if number % 2 == 0 else modes[::-1]:
                rows.append({"load": name, "round": number, "mode": mode, **measure(watch, peer, mode, load, asked.seconds)})
        report(load, modes, [row for row in rows if row["load"] == name])
    (KEPT / "crowd.json").write_text(json.dumps({"asked": vars(asked), "rows": rows}, indent=1))
    print(f"→ {KEPT / 'crowd.json'}")


def build() -> Path:
    """The watchers' program, compiled."""
    made = KEPT / "crowd_watch"
    sources = [str(path) for path in sorted(Path(__file__).parent.glob("crowd_*.go"))]
    environ = {**os.environ, "GO111MODULE": "off", "GOFLAGS": ""}
    subprocess.run(["go", "build", "-o", str(made), *sources], check=True, env=environ)
    return made


def fetch_peer() -> Path | None:
    """Node's socket.io, from the npm registry by its lock; None without npm or a network."""
    place = KEPT / "peers" / "socketio"
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


def measure(watch: Path, peer: Path | None, mode: str, load: Load, seconds: float) -> dict[str, Any]:
    """One server, its watchers, one run."""
    served = ["node", str(peer / "server.mjs")] if mode == "node" and peer else [sys.executable, "-m", "bench.crowd_server", mode]
    server = subprocess.Popen([*_bound(0), *served], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        told = (port, load.watchers, load.window, load.rate, seconds, load.slow, load.returning)
        command = [*_bound(1), str(watch), *map(str, told)]
        watching = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "GOMAXPROCS": "1"}
        )
        assert watching.stdout is not None
        if watching.stdout.readline() != "joined\n":
            raise RuntimeError(f"{mode}: the watchers could not join")
        before, memory = _cpu(server.pid), _memory(server.pid)
        out, _ = watching.communicate("g", timeout=seconds + 120)
        found: dict[str, Any] = json.loads(out)
        if not found["delivered"]:
            raise RuntimeError(f"{mode}: the watchers could read none of the {found['foreign']} frames that came")
        found["cpu_us"] = 1e6 * (_cpu(server.pid) - before) / max(1, found["delivered"])
        found["memory_mib"] = memory
        return found
    finally:
        server.kill()
        server.wait()


def _bound(core: int) -> list[str]:
    return ["taskset", "-c", str(core)] if shutil.which("taskset") and (os.cpu_count() or 1) > 1 else []


def _cpu(pid: int) -> float:
    parts = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(parts[11]) + int(parts[12])) / TICKS


def _memory(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def report(load: Load, modes: list[str], rows: list[dict[str, Any]]) -> None:
    """The medians as a table, and the ratios of each round."""
    print(f"\n{load.title}; medians of {len(rows) // len(modes)} rounds")
    columns = ("per_second", "p50_ms", "p99_ms", "cpu_us", "memory_mib", "connects", "lost", "disorder")
    print(f"{'':10}" + "".join(f"{name:>12}" for name in columns))
    of = {mode: [row for row in rows if row["mode"] == mode] for mode in modes}
    for mode in modes:
        print(f"{mode:10}" + "".join(f"{median(row[name] for row in of[mode]):>12,.1f}" for name in columns))
    for mode in modes[1:]:
        ratios = sorted(ours["per_second"] / theirs["per_second"] for ours, theirs in zip(of[modes[0]], of[mode], strict=True))
        print(f"delivered, ours : {mode} = {median(ratios):.2f} [{ratios[0]:.2f}-{ratios[-1]:.2f}]")
    if load.slow or load.returning:
        for name in ("odd_missing", "odd_behind", "odd_asked"):
            print(f"{name}: {[row[name] for row in of[modes[0]]]}")


if __name__ == "__main__":
    main()
