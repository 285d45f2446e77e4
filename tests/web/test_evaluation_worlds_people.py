"""Two worlds with one past: another sheet is written again, another member's time is counted otherwise, another candidate is voted for,
something else stands in the register of interference: whoever it is not for sees the same."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.builders import unlocking
from tests.builders.beginnings import Beginning, Beginnings
from tests.builders.evaluation import CRITERIA
from tests.builders.fees import Fees
from tests.builders.stages import DECIDING, SCORING, SUBMITTED
from tests.web import test_evaluation_worlds as worlds
from tests.web.evaluation_world import Client
from tests.web.test_evaluation_secrecy import addresses
from tests.web.test_evaluation_worlds import DAY, World, running
from tests.web.test_evaluation_worlds_review import seen_by

Shown = dict[tuple[str, str], str]
ABOUT_PEOPLE = re.compile(r"evaluation|supervision|/award|/draw|/fees|/work|/cases/|/acts/|^(/api/v1)?/lots/[^/]+$")
OUTSIDE = ("agency", "bidder", "award", "public")
STRANGERS = ("bidder", "award", "public")  # to whom not even the standard of fees is shown


def both(
    beginnings: Beginnings, stage: Beginning, place: tuple[Path, pytest.MonkeyPatch], plays: Iterable[Callable[[World], Shown]]
) -> list[Shown]:
    """What is shown in two worlds that begin alike."""
    folder, patch = place
    patch.setattr(worlds, "ABOUT_THE_ROOM", ABOUT_PEOPLE)
    known: dict[str, list[str]] = {}  # of the beginning: code names are not shown while a successor is awaited
    past, found = beginnings.of("sqlite", stage), []
    for number, play in enumerate(plays):
        here = folder / str(number)
        here.mkdir()
        shutil.copy(past.template, here / "gongheng.db")
        past.set_clock(here / "clock")
        with running(here) as app:
            room = past.copied(app.extensions["gongheng"].door, here / "clock").told(patch)
            world, known[room.number] = World(app, room, here / "clock"), addresses(app, room)
            patch.setattr(worlds, "addresses", lambda _app, room: known[room.number])
            world.at(timedelta(0))
            found.append(play(world))
    return found


def alike(found: list[Shown], names: Iterable[str]) -> Shown:
    """All that these see, which is the same in both."""
    one, other = (seen_by(shown, names) for shown in found)
    assert one.keys() == other.keys() and len(one) > 60
    assert {key: (one[key], other[key]) for key in one if one[key] != other[key]} == {}
    return one


def test_what_is_written_in_a_reopened_sheet_or_why_a_member_leaves_shows_nobody_outside(
    beginnings: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(marks: str, other: str, cause: str, reason: str) -> Callable[[World], Shown]:
        def run(world: World) -> Shown:
            room = world.room
            first, chair = room.members[1], room.members[0]
            for share in (marks, other):
                scores = dict.fromkeys(CRITERIA, share)
                room.submit(first, [{"bid": code, "scores": scores, "reasons": {"method": f"理由{share}"}} for code in room.codes])
                if share == marks:
                    asked = unlocking.ask(room, first)
                    unlocking.decide(room, chair, asked)
                    unlocking.decide(room, room.tender.centre, asked)
            before = world.shown()
            room.leave(room.members[6], cause, reason)
            world.at(DAY)
            return before | {(name, f"after {path}"): text for (name, path), text in world.shown().items() if name in OUTSIDE}

        return run

    found = both(
        beginnings, SCORING, (tmp_path, monkeypatch), (play("1.5", "4.5", "health", "突发疾病"), play("5.0", "0.5", "device", "工位断电"))
    )
    told = alike(found, (*OUTSIDE, "supervisor", "host", "tenderer", "another expert"))
    assert "sheet.unlock.ask" in " ".join(text for text in told.values())  # that one was asked for is known inside


def test_a_members_counted_time_shows_nobody_but_payer_host_and_the_member(
    beginnings: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(line: str) -> Callable[[World], Shown]:
        def run(world: World) -> Shown:
            fees = Fees(world.room)
            fees.fix(late_reason="协作协议签订较晚")
            world.at(DAY)
            assert fees.calculate() == 1
            fees.correct(line, emergency=True)
            found = world.shown()
            for name, client in world.clients.items():
                found[name, "/me/fees"] = worlds.plain(str(client.get("/me/fees").get_data(as_text=True)))
            return found

        return run

    found = both(beginnings, SUBMITTED, (tmp_path, monkeypatch), (play("1-1"), play("2-1")))
    told = alike(found, (*OUTSIDE, "another expert"))
    assert not any(text.startswith("200 ") for (who, path), text in told.items() if who in STRANGERS and path.endswith("-1/fees"))
    assert seen_by(found[0], ["host"]) != seen_by(found[1], ["host"])  # who counts it does know


def test_ballots_of_a_round_that_is_not_complete_and_the_register_show_nobody_whom_they_are_not_for(
    beginnings: Beginnings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def play(place: int, how: str) -> Callable[[World], Shown]:
        def run(world: World) -> Shown:
            room = world.room
            room.voting()
            first, second, *_ = room.candidates
            for number, who in enumerate(room.award_members):
                room.ballot(who, (first, first, second, second, room.candidates[-1])[number])  # a tie: voted on again
            for who in room.award_members[:3]:
                room.ballot(who, (first, second)[place], 2)
            waiting = Client(world.app, room.award_members[4])
            world.clients |= {"who has still to vote": waiting}
            shown = world.shown()
            room.interference(room.tender.supervisor, how=how)
            return shown | {(name, f"after {path}"): text for (name, path), text in world.shown().items() if name in LATER}

        return run

    LATER = (*OUTSIDE, "host", "another expert")  # noqa: N806 - whom the register is not for
    found: list[Any] = both(beginnings, DECIDING, (tmp_path, monkeypatch), (play(0, "某处来电"), play(1, "有人到场要求照顾某家")))
    told = alike(found, (*OUTSIDE, "supervisor", "tenderer", "host", "another expert", "who has still to vote"))
    assert any(path.endswith("/award") and text.startswith("200 ") for (_, path), text in told.items())
