"""Whole use cases through the door against one transaction each, in the same run: `python -m bench.door [--rounds N] [--postgres]`.

A use case loads and locks a row, decides, inserts another, changes the first and records two events, one signed
by a person and one by the platform; by the ORM or by Core. `greenlets` are callers under gevent as the web process
has them, `threads` are native threads as in a threaded server; the door is called by greenlets. Every process
of a round runs alone, peers and door in turn, so that a change of the machine's pace meets them alike.
Latency is from one answer to the next of the same caller; "late" is how late a 5 ms ticker of the event loop was.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from contextlib import nullcontext
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
MODES = ("greenlets", "threads", "door")
APIS = ("orm", "core")
CALLERS = (1, 16, 64)
GOALS = {"orm": 2.0, "core": 4.0}


def main() -> None:
    """Runs the rounds, prints the table, writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.7)
    parser.add_argument("--postgres", action="store_true")
    asked = parser.parse_args()
    rounds: list[dict[str, Any]] = []
    if asked.postgres:
        from tests import postgres

        place: Any = postgres.server(durable=True)
    else:
        place = nullcontext()
    with place as server, tempfile.TemporaryDirectory() as folder:
        for number in range(asked.rounds):
            for mode in MODES if number % 2 == 0 else MODES[::-1]:
                url = f"sqlite:///{folder}/{mode}{number}.db"
                if server is not None:
                    server.run(f"CREATE DATABASE {mode}{number}")
                    url = server.url(f"{mode}{number}")
                command = [sys.executable, "-m", "bench.door_run", mode, url, str(asked.seconds)]
                told = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
                rounds += [{"round": number, "mode": mode, **row} for row in json.loads(told.stdout)]
    report(rounds, "postgresql" if asked.postgres else "sqlite")


def report(rounds: list[dict[str, Any]], database: str) -> None:
    """The medians as a table, and everything in the file."""
    lines = [compare(rounds, api, callers) for api in APIS for callers in CALLERS]
    count = len({row["round"] for row in rounds})
    print(f"{database}: use cases a second, p99 in ms, worst lateness of the loop in ms; medians of {count} rounds")
    print(f"{'':12}{'one transaction each':^52}{'door':^26}")
    print(f"{'':12}{'greenlets':^26}{'threads':^26}{'greenlets':^26}{'door : greenlets':^20}{'door : threads':^20}")
    for line in lines:
        cells = [f"{line['rate'][mode]:6.0f}/s {line['p99_ms'][mode]:7.1f} {line['late_ms'][mode]:6.1f}  " for mode in MODES]
        cells += [f"  {median(ratios):4.1f} [{min(ratios):.1f}-{max(ratios):.1f}]   " for ratios in line["ratios"].values()]
        print(f"{line['api']:>4} × {line['callers']:<4} " + "".join(cells))
    goals = {line["api"]: judge(line) for line in lines if line["callers"] == 64}
    for api, goal in goals.items():
        print(f"{api} at 64 against threads: " + ", ".join(f"{name} {value:.2f}" for name, value in goal.items()))
    folder = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / ("door.json" if database == "sqlite" else f"door-{database}.json")
    target.write_text(json.dumps({"database": database, "goals": goals, "medians": lines, "rounds": rounds}, indent=1))
    print(f"→ {target}")


def compare(rounds: list[dict[str, Any]], api: str, callers: int) -> dict[str, Any]:
    """The medians of one line, and the ratios of its rounds."""
    figures: dict[str, dict[str, list[float]]] = {
        mode: {
            name: [row[name] for row in rounds if (row["mode"], row["api"], row["callers"]) == (mode, api, callers)]
            for name in ("rate", "p99_ms", "late_ms")
        }
        for mode in MODES
    }
    middle = {name: {mode: median(figures[mode][name]) for mode in MODES} for name in ("rate", "p99_ms", "late_ms")}
    ours = figures["door"]["rate"]
    ratios = {peer: [a / b for a, b in zip(ours, figures[peer]["rate"], strict=True)] for peer in MODES[:2]}
    return {"api": api, "callers": callers, **middle, "ratios": ratios}


def judge(line: dict[str, Any]) -> dict[str, float]:
    """What was reached beside what was aimed at, against native threads with a transaction each."""
    return {
        "times": median(line["ratios"]["threads"]),
        "goal": GOALS[line["api"]],
        "p99": line["p99_ms"]["door"] / line["p99_ms"]["threads"],
        "p99 goal": 0.2,
        "late ms": line["late_ms"]["door"],
        "late goal": 20.0,
    }


if __name__ == "__main__":
    main()
