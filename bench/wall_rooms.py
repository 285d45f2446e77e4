"""Whether the wall stays usable with many rooms in session: `python -m bench.wall_rooms [--rooms N]`.

The server as a process of its own, SQLite, one room of seven seats made through the services and copied row by row in the database,
Debian's Chromium with the wall. Printed: how long the server takes for the page and how large it is, over how many lines it is heard,
how soon a supervisor sees it, and how late the wall is when a seat of its last page sits down.
"""

from __future__ import annotations

import argparse
import time
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import pytest
from sqlalchemy import insert, select

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import table
from core.kernel.ids import new_id
from core.kernel.work import Work
from evaluation.models.rooms import Evaluation, Seat
from tests.browser.cameras import visit, with_cameras
from tests.browser.people import until
from tests.builders.recorders import seated, ticket
from tests.builders.served import Served
from trading.models.lot import Lot
from trading.models.project import Project

LOADED = "performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd"


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rooms", type=int, default=60)
    asked = parser.parse_args()
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        served = Served(Path(folder))
        with served.prepared() as app:
            room = seated(served, app, patch)
            app.extensions["gongheng"].door.perform(SYSTEM_ACTOR, lambda work: copy(work, room.number, asked.rooms - 1))
            supervisor, member = ticket(app, room.tender.supervisor), ticket(app, room.members[0])
        served.start()
        try:
            measure(served, supervisor, member, room.number, asked.rooms)
        finally:
            served.kill()


def copy(work: Work, number: str, times: int) -> None:
    """So many more rooms like that one, each a case of its own, formed later."""
    session = work.session
    lot = session.execute(select(table(Lot)).where(Lot.number == number)).mappings().one()
    project = session.execute(select(table(Project)).where(Project.id == lot["project_id"])).mappings().one()
    room = session.execute(select(table(Evaluation)).where(Evaluation.lot_id == lot["id"])).mappings().one()
    seats = session.execute(select(table(Seat)).where(Seat.evaluation_id == room["id"])).mappings().all()
    for count in range(1, times + 1):
        now, case = work.now(), f"T2026-9{count:05d}"
        ids = {name: new_id(now) for name in ("project", "lot", "room")}
        session.execute(insert(table(Project)).values({**project, "id": ids["project"], "number": case}))
        named = {"id": ids["lot"], "project_id": ids["project"], "number": f"{case}-{lot['no']}"}
        session.execute(insert(table(Lot)).values({**lot, **named}))
        formed = {"id": ids["room"], "lot_id": ids["lot"], "formed_at": room["formed_at"] + timedelta(seconds=count)}
        session.execute(insert(table(Evaluation)).values({**room, **formed}))
        for seat in seats:
            session.execute(insert(table(Seat)).values({**seat, "id": new_id(now), "evaluation_id": ids["room"]}))


def measure(served: Served, supervisor: str, member: str, number: str, rooms: int) -> None:
    """The page by itself, then in a browser; `number`: a room on the wall's last page."""
    with httpx.Client(base_url=served.url, cookies={"gongheng": supervisor}, trust_env=False, timeout=60) as line:
        took, size = [], 0
        for _ in range(6):
            began = time.monotonic()
            size = len(line.get("/supervision", headers={"Accept": "text/html"}).raise_for_status().content)
            took.append(1000 * (time.monotonic() - began))
    print(f"page of {size / 1000:.0f} kB, server and loopback, ms: {' '.join(f'{one:.0f}' for one in took)}, median {median(took):.0f}")
    with with_cameras() as browser:
        wall, _ = visit(browser, served, supervisor, "/healthz")
        lines: list[str] = []
        wall.on("websocket", lambda socket: lines.append(socket.url))
        wall.goto(f"{served.url}/supervision")
        until(lambda: wall.locator("[data-wall-room]").count() == rooms, 30)
        wall.wait_for_timeout(3000)
        print(f"in Chromium: {wall.evaluate(LOADED):.0f} ms until the document stands, {len(lines)} WebSocket(s)")
        began = time.monotonic()
        visit(browser, served, member, f"/lots/{number}/evaluation")
        until(lambda: wall.locator("[data-wall-here]").inner_text() == "1", 30)
        print(f"a seat of the last page opens its page and is counted on the first after {1000 * (time.monotonic() - began):.0f} ms")


if __name__ == "__main__":
    main()
