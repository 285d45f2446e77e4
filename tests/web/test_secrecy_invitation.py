"""Before the opening nobody but who invites learns who or how many are invited, nor what they have answered: not even another invitee."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.builders import documents
from tests.builders.people import Person
from tests.builders.trading_web import browser
from tests.web.secrecy_shown import counted, differing, lines_to, told
from tests.web.secrecy_world import World, world

INVITED = (3, 9)
INVITERS = ("agency", "tenderer")


def play(made: World, invited: int) -> None:
    """Few are invited and none answers; or many, some of whom confirm, decline, ask, download and seal."""
    made.viewers["invitee"] = browser(made.app, made.firms[0])
    made.tick()
    documents.amend(made.room.tender)
    firms = made.firms[1:invited] if invited > INVITED[0] else []
    for place, firm in enumerate(firms):
        look_at_letter(made, firm)
        say(made, firm, "decline" if place % 3 == 2 else "confirm")
    for firm in firms[:2]:
        made.ask(firm)
        made.seal(firm, 1)
    say(made, made.firms[0], "confirm")
    made.tick()
    made.look("before the deadline")


def look_at_letter(made: World, firm: Person) -> None:
    assert firm.org_name in made.of(firm).page(f"/lots/{made.room.number}/invitation")


def say(made: World, firm: Person, word: str) -> None:
    request = firm.act("invitation.answer", made.room.tender.case, "1", body={"org": str(firm.org), "answer": word})
    answer = made.of(firm).act(f"/api/v1/lots/{made.room.number}/invitation/answer", request)
    assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[list[World]]:
    folder = tmp_path_factory.mktemp("invited")
    with ExitStack() as stack:
        made = [stack.enter_context(world(folder / str(count), sqlite_template, count)) for count in INVITED]
        for one, count in zip(made, INVITED, strict=True):
            with lines_to(one.lines):
                play(one, count)
        yield made


def test_no_page_answer_feed_or_figure_tells_who_or_how_many_are_invited(worlds: list[World]) -> None:
    few, many = worlds
    shown = {key for key in few.seen if key[1] not in INVITERS}
    assert len(shown) > 500 and few.seen.keys() == many.seen.keys()
    assert {key: differing(few.seen[key], many.seen[key]) for key in shown if few.seen[key] != many.seen[key]} == {}


def test_who_invites_sees_whom_and_no_answer(worlds: list[World]) -> None:
    for made, count in zip(worlds, INVITED, strict=True):
        for name in INVITERS:
            page = made.viewers[name].page(f"/lots/{made.room.number}/invitation")
            assert [firm.org_name in page for firm in made.firms[:10]] == [True] * count + [False] * (10 - count)
            assert "已确认参加" not in page and "已谢绝" not in page


def test_everything_of_the_lot_is_closed_to_who_is_not_invited_in_the_same_words(worlds: list[World]) -> None:
    for made in worlds:
        number = made.room.number
        for viewer in ("public", "uninvolved bidder", "expert", "admin", "award member"):
            client = made.viewers[viewer]
            for address in ("", "/versions", "/remedies", "/opening"):
                answer = client.get(f"/lots/{number}{address}")
                assert answer.status_code == 403 and "只向受邀请的单位开放" in answer.text
            assert client.get(f"/api/v1/lots/{number}").status_code == 403
            assert client.get(f"/notices/{number}-N2").status_code == 403
            assert client.get(f"/notices/{number}-N1").status_code == 200
        assert made.viewers["uninvolved bidder"].get(f"/lots/{number}/invitation").status_code == 403
        assert made.viewers["uninvolved bidder"].post(f"/api/v1/lots/{number}/deposit", {}).status_code == 403
        assert made.viewers["invitee"].get(f"/notices/{number}-N2").status_code == 200
        listed = made.viewers["public"].get("/api/v1/notices").get_json()["notices"]
        assert [line["number"] for line in listed] == [f"{number}-N1"] and listed[0]["invited"]


def test_no_message_and_no_line_tells_either(worlds: list[World]) -> None:
    said, heard = ([tell(made) for made in worlds] for tell in (World.said_to, World.heard))
    assert said[0] == said[1] and heard[0] == heard[1]
    few, many = (counted(made.lines.getvalue()) for made in worlds)
    assert (few - many, many - few) == ({}, {})


def test_an_invitees_own_pages_do_not_tell_how_many_others_there_are(worlds: list[World]) -> None:
    addresses = [f"/lots/{worlds[0].room.number}{end}" for end in ("", "/invitation", "/bid", "/questions", "/deposit")]
    addresses += ["/inbox", "/bids", "/"]
    shown = [[told(made.viewers["invitee"].get(address)) for address in addresses] for made in worlds]
    assert [differing(one, other) for one, other in zip(*shown, strict=True) if one != other] == []
