"""One room with 200 watchers against stock Flask-SocketIO, in the same run: `python -m bench.live [--rounds N] [--watchers N]`.

Events are committed at a fixed rate and told to the room; a watcher's latency runs from the moment before the use case to the moment when
the frame is read. Watchers are plain WebSocket clients in a process of their own. Peers and ours run in turn, medians of the rounds.
"""

from __future__ import annotations

from gevent import monkey

monkey.patch_all()

import argparse  # noqa: E402  (the patches come first)
import json  # noqa: E402
import os  # noqa: E402
import subprocess  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from itertools import pairwise  # noqa: E402
from pathlib import Path  # noqa: E402
from statistics import median  # noqa: E402
from typing import Any  # noqa: E402

import gevent  # noqa: E402
import httpx  # noqa: E402
from websocket import WebSocket, create_connection  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
MODES = ("ours", "gevent", "threading")


def main() -> None:
    """Runs the rounds, prints the table, writes the file."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--watchers", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--rate", type=float, default=20.0)
    asked = parser.parse_args()
    rounds = []
    for number in range(asked.rounds):
        for mode in MODES if number % 2 == 0 else MODES[::-1]:
            rounds.append({"round": number, "mode": mode, **measure(mode, asked.watchers, asked.seconds, asked.rate)})
    report(rounds, asked)


def measure(mode: str, watchers: int, seconds: float, rate: float) -> dict[str, Any]:
    """One server, its watchers, one run."""
    command = [sys.executable, "-m", "bench.live_run", mode, str(seconds), str(rate)]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert server.stdout is not None
    try:
        port = int(server.stdout.readline())
        lines = [_join(port) for _ in range(watchers)]
        events = int(seconds * rate)
        heard: list[list[tuple[int, float]]] = [[] for _ in lines]
        listening = [gevent.spawn(_listen, line, events, into) for line, into in zip(lines, heard, strict=True)]
        httpx.post(f"http://127.0.0.1:{port}/go", timeout=30).raise_for_status()
        gevent.joinall(listening, timeout=seconds + 15)
        cpu = float(httpx.get(f"http://127.0.0.1:{port}/cpu", timeout=30).json()["cpu"])
    finally:
        server.kill()
        server.wait()
    late = sorted(latency for one in heard for _, latency in one)
    disorder = sum(a >= b for one in heard for (a, _), (b, _) in pairwise(one))
    return {
        "delivered": len(late) / (events * watchers),
        "p50_ms": 1000 * late[len(late) // 2] if late else None,
        "p99_ms": 1000 * late[int(len(late) * 0.99)] if late else None,
        "cpu_us": 1e6 * cpu / max(1, len(late)),
        "disorder": disorder,
    }


def _join(port: int) -> WebSocket:
    """A client that has joined the room, by the wire format of Engine.IO 4 and Socket.IO 5."""
    for _ in range(50):
        try:
            line = create_connection(f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=30)
            break
        except OSError:
            time.sleep(0.1)
    else:
        raise OSError("the server does not answer")
    line.recv()
    line.send("40/opening,")
    while not str(line.recv()).startswith("40/opening"):
        pass
    line.send('42/opening,1["join",{"case":"T2026-000001"}]')
    while not str(line.recv()).startswith("43/opening"):
        pass
    return line


def _listen(line: WebSocket, events: int, into: list[tuple[int, float]]) -> None:
    while len(into) < events:
        frame = str(line.recv())
        if frame == "2":
            line.send("3")
        elif frame.startswith("42/opening,"):
            at = time.monotonic()
            data = json.loads(frame.partition(",")[2])[1]["data"]
            into.append((data["n"], at - float(data["asked"])))


def report(rounds: list[dict[str, Any]], asked: argparse.Namespace) -> None:
    """The medians as a table, and everything in the file."""
    print(f"{asked.watchers} watchers, {asked.rate:.0f} events/s for {asked.seconds:.0f} s; medians of {asked.rounds} rounds")
    print(f"{'':24}{'delivered':>10}{'p50 ms':>9}{'p99 ms':>9}{'CPU µs/delivery':>17}{'out of order':>14}")
    names = {"ours": "Gongheng", "gevent": "stock, gevent", "threading": "stock, threading"}
    medians = {}
    for mode in MODES:
        rows = [row for row in rounds if row["mode"] == mode]
        medians[mode] = {key: median(row[key] or 0 for row in rows) for key in ("delivered", "p50_ms", "p99_ms", "cpu_us", "disorder")}
        found = medians[mode]
        cells = (
            f"{found['delivered']:>9.1%}{found['p50_ms']:>9.1f}{found['p99_ms']:>9.1f}{found['cpu_us']:>17.1f}{found['disorder']:>14.0f}"
        )
        print(f"{names[mode]:<24}" + cells)
    for mode in MODES[1:]:
        pairs = zip(*([row for row in rounds if row["mode"] == one] for one in (mode, "ours")), strict=True)
        ratios = [peer["p99_ms"] / max(ours["p99_ms"], 0.001) for peer, ours in pairs if peer["p99_ms"] and ours["p99_ms"]]
        if ratios:
            print(f"p99 of {names[mode]} : ours = {median(ratios):.1f} [{min(ratios):.1f}-{max(ratios):.1f}]")
    folder = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "live.json").write_text(json.dumps({"asked": vars(asked), "medians": medians, "rounds": rounds}, indent=1))
    print(f"→ {folder / 'live.json'}")


if __name__ == "__main__":
    main()
