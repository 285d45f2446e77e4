"""The last minute: 1,000 bidders each seal 1 MB in the 60 s before the deadline: `python -m bench.seals [--bidders N] [--bytes N]`.

The platform runs as its own process on SQLite; bids are sealed and signed beforehand, since that happens on the bidders' machines.
Afterwards the platform is killed, and what its folder holds is compared with what each bidder was answered: nothing lost, nobody
misjudged against the deadline, every receipt and every trace under the platform's key. Meanwhile somebody reads public pages.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import Any

from sqlalchemy import select

from bench.bidding import bidding
from core.kernel import clock
from core.kernel.dsse import read_envelope
from core.kernel.encoding import b64
from core.kernel.files import digest_of
from core.kernel.roles import Role
from core.kernel.signing import KeyRecord, open_statement
from tests.builders.bids import Hall
from tests.builders.people import Person
from tests.builders.served import ROOT, Served, cookie
from trading.models.bid import BidEnvelope

KEPT = Path(os.environ.get("GONGHENG_DATA_DIR", ROOT / "var")) / "bench"
BEFORE = 62.0  # s from the start to the deadline
GOAL_MS = 50.0


def main() -> None:
    """Prepares the world, runs the minute, judges it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bidders", type=int, default=1000)
    parser.add_argument("--bytes", type=int, default=1_000_000)
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=KEPT) as folder:
        server = Served(Path(folder))
        number = prepare_world(server, asked.bidders, asked.bytes)
        server.start()
        try:
            answers, pages = run(server, number)
        finally:
            server.kill()
        report(judge(server, number, answers), answers, pages, asked)


def prepare_world(server: Served, bidders: int, size: int) -> str:
    """A lot of one envelope that takes bids; each bidder's file, cookie and signed statement in `jobs`. Returns the lot's number."""
    with bidding(server) as world, (server.folder / "jobs").open("w") as jobs:
        for n in range(bidders):
            bidder = world.tender.crowd.join(Role.BIDDER, f"第{n}建设工程有限公司")
            jobs.write(json.dumps(job(world, bidder, server.folder / f"{n}.age", size)) + "\n")
        return world.number


def job(world: Hall, bidder: Person, file: Path, size: int) -> dict[str, Any]:
    """What one bidder's machine has ready."""
    made = world.make(bidder, "bid", plain=os.urandom(size))
    file.write_bytes(made.ciphertext)
    request = bidder.act("seal", world.tender.case, world.tender.no, body=dict(made.sealed.body))
    boxes = [{"role": share.role, "box": b64(share.box)} for share in made.sealed.shares]
    seal = {"envelope": request.envelope.to_json(), "upload": "", "bidder_box": b64(made.sealed.box), "share_boxes": boxes}
    given = cookie(world.tender.door, bidder)
    return {"org": str(bidder.org), "cookie": given, "file": str(file), "body": {"seals": [seal]}}


def run(server: Served, number: str) -> tuple[list[dict[str, Any]], list[float]]:
    """The minute itself: what each bidder was answered, and how long public pages took meanwhile (ms)."""
    settings = server.settings
    command = [sys.executable, "-m", "bench.seals_run", str(server.port), number, str(server.folder / "jobs")]
    crowd = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert crowd.stdout is not None and settings.clock_file is not None
    crowd.stdout.readline()
    line = HTTPConnection("localhost", server.port)
    line.request("GET", f"/api/v1/lots/{number}")
    deadline = clock.moment(json.loads(line.getresponse().read())["deadline"])
    clock.write_offset(settings.clock_file, deadline - timedelta(seconds=BEFORE) - clock.now())
    moment = (deadline - clock.read_offset(settings.clock_file)).timestamp()
    over, took = Event(), list[float]()
    reader = Thread(target=read_pages, args=(server.port, number, over, took))
    reader.start()
    told, _ = crowd.communicate(f"{moment}\n")
    over.set()
    reader.join()
    return json.loads(told), took


def read_pages(port: int, number: str, over: Event, took: list[float]) -> None:
    """Somebody of the public, five pages a second."""
    while not over.wait(0.2):
        for path in ("/notices", f"/lots/{number}", "/"):
            began = time.monotonic()
            line = HTTPConnection("localhost", port, timeout=60)
            line.request("GET", path)
            line.getresponse().read()
            line.close()
            took.append(1000 * (time.monotonic() - began))


def judge(server: Served, number: str, answers: list[dict[str, Any]]) -> dict[str, int]:
    """Counts what went well and what did not, from the folder that the killed server left."""
    with server.prepared() as app:
        platform = app.extensions["gongheng"]
        key, files = platform.door.platform.key, platform.files
        rows = platform.door.read(lambda session: list(session.scalars(select(BidEnvelope))))
    sealed = {row.seal_sha256: row for row in rows}
    found = {"in time": 0, "late": 0, "lost": 0, "misjudged": 0, "unproven": 0}
    for told in answers:
        if told.get("status") == 200:
            receipt = told["said"]["receipts"][0]
            row = sealed.get(receipt["seal_sha256"])
            kept = row is not None and digest_of(files.path(row.ct_sha256)) == receipt["ct_sha256"]
            found["in time"] += 1
            found["lost"] += not kept
            found["misjudged"] += told["sent"] >= 0
            found["unproven"] += not proves(receipt["receipt"], key, "receipt", {"ct_sha256": receipt["ct_sha256"]})
        elif told.get("said", {}).get("code") == "bid.seal.late":
            found["late"] += 1
            found["misjudged"] += told["answered"] < 0
            found["unproven"] += not proves(trace_of(told["said"]), key, "seal.late", {})
        else:
            found["lost"] += 1
            print(f"lost: {told.get('fault') or told.get('said')}")
    found["lost"] += len(sealed) != found["in time"]
    return found


def trace_of(said: Mapping[str, Any]) -> Any:
    """The platform's statement in a refusal."""
    return said["trace"].get("trace", said["trace"])


def proves(envelope: Any, key: KeyRecord, kind: str, body: Mapping[str, Any]) -> bool:
    """Whether the platform signed a statement of that kind with these members."""
    said = open_statement(read_envelope(envelope), key)
    return said.type == kind and all(said.body[name] == value for name, value in body.items())


def report(found: Mapping[str, int], answers: list[dict[str, Any]], pages: list[float], asked: argparse.Namespace) -> None:
    """The figures as a table, and everything in the file."""
    took = sorted(1000 * (told["answered"] - told["sent"]) for told in answers if "sent" in told)
    pages = sorted(pages)
    figures = {"seal_p50_ms": median(took), "seal_p99_ms": took[int(len(took) * 0.99)]}
    figures |= {"pages_p50_ms": median(pages), "pages_p99_ms": pages[int(len(pages) * 0.99)], "pages": float(len(pages))}
    print(f"{asked.bidders} bidders, {asked.bytes / 1e6:.1f} MB each, in the last 60 s")
    print("  ".join(f"{name}: {count}" for name, count in found.items()))
    print(f"seal answered: p50 {figures['seal_p50_ms']:.0f} ms, p99 {figures['seal_p99_ms']:.0f} ms")
    print(f"public pages meanwhile: p50 {figures['pages_p50_ms']:.0f} ms (goal {GOAL_MS:.0f}), p99 {figures['pages_p99_ms']:.0f} ms")
    target = KEPT / "seals.json"
    target.write_text(json.dumps({"asked": vars(asked), "found": dict(found), "figures": figures, "goal_ms": GOAL_MS}, indent=1))
    print(f"→ {target}")
    if found["lost"] or found["misjudged"] or found["unproven"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
