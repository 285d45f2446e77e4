"""kill -9 of the server half way through a supervisor's acts: each is there signed once or not at all, and its demand is answered once."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.kernel import chain, clock
from core.kernel.encoding import sha256
from core.kernel.roles import Role
from evaluation.queries import supervision as queries
from tests.builders.people import PASSWORD, Person
from tests.builders.recorders import seated, ticket
from tests.builders.served import Served
from tests.builders.supervising import REASON, begin_view
from tests.web.evaluation_world import envelope_json

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400), pytest.mark.sqlite_alone]

LATE = (0.0, 0.004, 0.012, 0.03, 0.08, 0.2)
"""Seconds between the sending and the kill: before the server has read it, while it writes, and after it has answered."""


class Words:
    """What one person signs in a case, each word naming the one before, so that all can be signed before the server runs."""

    def __init__(self, who: Person, case: str, lot: str, cookie: str) -> None:
        self.who, self.case, self.lot, self.cookie, self.prev = who, case, lot, cookie, who.prev(case)

    def say(self, kind: str, body: dict[str, Any], *, strong: bool = False) -> dict[str, Any]:
        """The next word as it is posted; its digest is `prev` afterwards."""
        make = self.who.act_with_password if strong else self.who.act
        envelope = make(kind, self.case, self.lot, 0, body, prev=self.prev).envelope
        self.prev = sha256(envelope.payload).hex()
        return {"envelope": envelope_json(envelope)} | ({"password": PASSWORD} if strong else {})


def post(served: Served, cookie: str, path: str, posted: dict[str, Any]) -> int:
    """Sends a word; its status."""
    with httpx.Client(base_url=served.url, cookies={"gongheng": cookie}, trust_env=False, timeout=20) as line:
        token = line.get("/api/v1/session").json()["csrf_token"]
        answer = line.post(path, json=posted, headers={"X-CSRFToken": token, "Accept": "application/json"})
        return answer.status_code


def survive(served: Served, cookie: str, path: str, posted: dict[str, Any], late: float) -> None:
    """Sends a word, kills the server `late` seconds on, and sends the same again to the server that comes after it, twice."""

    def send() -> None:
        with suppress(httpx.HTTPError, KeyError):
            post(served, cookie, path, posted)

    sending = threading.Thread(target=send)
    sending.start()
    time.sleep(late)
    served.kill()
    sending.join()
    served.start()
    assert [post(served, cookie, path, posted) for _ in range(2)] == [200, 200]


def test_every_act_is_there_once_and_answered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        other = room.tender.crowd.join(Role.SUPERVISOR, "临江市发展和改革委员会")
        viewed = begin_view(room, other)
        case, lot, due = room.case, room.tender.no, clock.text(room.tender.now + timedelta(minutes=30))
        cookies = {who: ticket(app, who) for who in (room.tender.supervisor, room.tender.centre, other)}
        acting, host, viewer = (Words(who, case, lot, cookie) for who, cookie in cookies.items())
        sent: list[tuple[Words, str, dict[str, Any]]] = []
        for measure, to, by in (
            *(("explain", "centre", host), ("warn", "centre", host), ("recusal", "centre", host)),
            *(("end_view", "viewer", viewer), ("pause", "centre", host)),
        ):
            body = {"measure": measure, "to": to, "about": viewed if measure == "end_view" else "", "reason": REASON, "due": due}
            sent.append((acting, "acts", acting.say("supervision.act", body, strong=True)))
            word = {"act_sha256": acting.prev, "text": "已核实，现场无异常。"}
            sent.append((by, "answers", by.say("supervision.answer", word)))
    served.start()
    for place, (words, path, posted) in enumerate(sent):
        survive(served, words.cookie, f"/api/v1/lots/{room.number}/supervision/{path}", posted, LATE[place % len(LATE)])
    served.kill()
    with served.prepared() as app:
        door = app.extensions["gongheng"].door
        for kind in ("supervision.act", "supervision.answer"):
            assert len(door.read(lambda session, kind=kind: list(chain.find(session, case, kind)))) == 5
        found = door.read(lambda session: queries.of_room(session, room.tender.supervisor.actor, room.number, door.clock(session)))
        assert [(one.no, one.measure.value, one.state.value, len(one.words)) for one in reversed(found.rows)] == [
            (1, "explain", "answered", 1),
            (2, "warn", "answered", 1),
            (3, "recusal", "answered", 1),
            (4, "end_view", "answered", 1),
            (5, "pause", "answered", 1),
        ]
        assert found.is_paused
        assert len(door.read(lambda session: list(chain.find(session, case, "supervision.view_end")))) == 1
