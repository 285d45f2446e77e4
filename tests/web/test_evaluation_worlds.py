"""Two worlds with one past, in which experts give other scores, type at other moments, take other notes: all others see the same."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from app.factory import Application, create_app, prepare, shut_down
from core.kernel import clock
from core.kernel.roles import Role
from core.kernel.streams import StreamRow
from core.settings import load
from tests.builders.beginnings import Beginnings
from tests.builders.discussion import say
from tests.builders.evaluation import CRITERIA, Room
from tests.builders.host_calls import call_host
from tests.builders.people import Person
from tests.builders.stages import SCORING
from tests.builders.supervising import begin_view
from tests.web.evaluation_world import Client
from tests.web.secrecy_shown import plain, told
from tests.web.test_evaluation_secrecy import addresses

ABOUT_THE_ROOM = re.compile(r"evaluation|supervision|collusion|/work|/cases/|/acts/|^(/api/v1)?/lots/[^/]+$")
DAY = timedelta(hours=3)  # after so much time all have signed who will


@dataclass(frozen=True)
class Scoring:
    """How the experts of one world work: the marks that they end with, those that they typed before, how long they take, their notes."""

    marks: tuple[str, ...]
    typed: tuple[tuple[str, ...], ...]
    pause: timedelta
    notes: int


QUICK = Scoring(("13.5", "7.5", "5.5", "2.5", "4.5"), (), timedelta(0), 0)
SLOW = Scoring(("1.0", "0.5", "6.0", "5.0", "1.5"), (("15", "8", "6", "6", "5"), ("2", "1", "1", "1", "1")), timedelta(minutes=4), 5)


@dataclass
class World:
    """One of the two, and everybody who looks at it."""

    app: Application
    room: Room
    clock_file: Path

    def __post_init__(self) -> None:
        award = self.room.tender.crowd.join(Role.AWARD_MEMBER, self.room.tender.tenderer.org_name, login="award-watcher")
        one = self.room.tender
        self.watching: dict[str, Person | None] = {
            **{"supervisor": one.supervisor, "host": one.centre, "tenderer": one.tenderer, "agency": one.agency},
            **{"bidder": one.bidders[0], "award": award, "another expert": self.room.members[2], "public": None},
        }
        self.clients = {name: Client(self.app, who) for name, who in self.watching.items()}
        sockets: Any = self.app.extensions["process"].sockets
        self.lines = []
        for name, client in self.clients.items():
            for place in ("/evaluation", "/supervision"):
                line = sockets.test_client(self.app, namespace=place, flask_test_client=client.client)
                line.emit("join", {"case": self.room.case, "lot": "1"}, namespace=place)
                line.get_received(place)
                self.lines.append((name, place, line))

    def at(self, offset: timedelta) -> None:
        """Lets the platform's clock stand so far after the beginning, however fast the machine is."""
        clock.write_offset(self.clock_file, self.start + offset)

    @property
    def start(self) -> timedelta:
        """How far the clock stood ahead when the worlds parted."""
        self._start = getattr(self, "_start", None) or clock.read_offset(self.clock_file)
        return self._start

    def play(self, how: Scoring) -> World:
        """Two of seven members score and sign; a member calls the host and says the same words in both."""
        self.at(timedelta(0))
        for place, who in enumerate(self.room.members[:2]):
            client, turn = Client(self.app, who), 0
            for round_, marks in enumerate((*how.typed, how.marks)):
                for code in self.room.codes:
                    turn += 1
                    self.at(how.pause * (turn + 20 * place))
                    draft = {"scores": dict(zip(CRITERIA, marks, strict=True)), "reasons": {"method": f"理由{round_}{marks[0]}"}}
                    answer = client.send("PUT", f"{self.api}/sheet/{code}", draft | {"tab": "a", "number": turn, "base": turn - 1})
                    assert answer.get_json()["saved"], answer.text
            for page in range(1, how.notes + 1):
                note = {"code": self.room.codes[0], "sha256": "aa" * 32, "page": page, "kind": "note", "text": f"扣{how.marks[0]}分"}
                assert client.send("PUT", f"{self.api}/notes/{uuid4()}", note).status_code == 200
        self.at(DAY)
        for who in self.room.members[:2]:
            marks = dict(zip(CRITERIA, how.marks, strict=True))
            self.room.submit(who, [{"bid": code, "scores": marks, "reasons": {"method": "理由"}} for code in self.room.codes])
        call_host(self.room, self.room.members[2])
        say(self.room, self.room.members[2], "第二项的工期是否含备用时间？")
        return self

    @property
    def api(self) -> str:
        return f"/lots/{self.room.number}/evaluation"

    def shown(self) -> dict[tuple[str, str], str]:
        """Everything that anybody but those two is shown: pages, answers, streams and what came over their sockets."""
        begin_view(self.room)
        found: dict[tuple[str, str], str] = {}
        paths = [path for path in addresses(self.app, self.room) if ABOUT_THE_ROOM.search(path)]
        paths += [f"/cases/{self.room.case}/events?since=0&room={room}" for room in ("evaluation", "supervision")]
        for name, client in self.clients.items():
            for path in paths:
                accept = "application/json" if path.startswith(("/api", "/cases")) else "text/html"
                answer = client.client.get(path, headers={"Accept": accept, "Accept-Language": "zh"})
                found[name, path] = str(told(answer))
        for name, place, line in self.lines:
            heard = [one for one in line.get_received(place) if one["name"] not in ("beat", "presence")]
            found[name, f"socket {place}"] = plain(str(heard))
        rows = self.room.tender.door.read(
            lambda session: list(session.scalars(select(StreamRow).where(StreamRow.case_id == self.room.case)))
        )
        for row in sorted(rows, key=lambda row: (row.audience, row.seq)):
            found[row.audience, f"stream {row.seq}"] = plain(f"{row.kind} {row.data}")
        return found


def settings_of(folder: Path) -> Any:
    told_ = {"DEMONSTRATION": "yes", "DATA_DIR": str(folder), "DATABASE_URL": f"sqlite:///{folder / 'gongheng.db'}"}
    return load({f"GONGHENG_{name}": value for name, value in (told_ | {"CLOCK_FILE": str(folder / "clock")}).items()}, ticks=False)


@contextmanager
def running(folder: Path) -> Iterator[Application]:
    app = create_app(settings_of(folder))
    app.config.update(RATELIMIT_ENABLED=False)
    prepare(app)
    try:
        yield app
    finally:
        shut_down(app)


@pytest.mark.timeout(240)
def test_other_scores_typed_at_other_moments_show_nobody_anything_before_the_lock(
    beginnings: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    past = beginnings.of("sqlite", SCORING)
    worlds = []
    for name, how in (("quick", QUICK), ("slow", SLOW)):
        folder = tmp_path / name
        folder.mkdir()
        shutil.copy(past.template, folder / "gongheng.db")
        past.set_clock(folder / "clock")
        with running(folder) as app:
            room = past.copied(app.extensions["gongheng"].door, folder / "clock").told(monkeypatch)
            worlds.append(World(app, room, folder / "clock").play(how).shown())
    quick, slow = worlds
    assert quick.keys() == slow.keys() and len(quick) > 150
    assert {key: (quick[key], slow[key]) for key in quick if quick[key] != slow[key]} == {}
    for name, page in (("supervisor", "supervision"), ("host", "evaluation"), ("another expert", "evaluation")):
        assert next(text for (who, path), text in quick.items() if who == name and path.endswith(f"-1/{page}")).startswith("200 ")
    everything = " ".join(quick.values())
    assert "score" in everything and "备用时间" in everything  # those who may do hear that a seat has signed, and what was said
