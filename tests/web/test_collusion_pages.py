"""Collusion cards as people see them: under code names until the technical lock, with names for the supervisor; decided by signed acts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.factory import create_app, shut_down
from core.settings import Settings
from tests.builders import rigged
from tests.builders.bids import Hall, hall
from tests.builders.evaluation import TWO_STAGES, OpenedBids, Room
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.services.openings.steps import closed
from tests.web.evaluation_world import Client
from trading.domain.collusion.card import Signal
from trading.queries import collusion as queries

NOTE = "两份文件同一处管线描述相同，投标人未能说明来源。"


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def room(app: Any, clock_file: Path, tmp_path: Path) -> Hall:
    made = hall(tender(app.extensions["gongheng"].door, clock_file), tmp_path, method=TWO_STAGES)
    made.tender.join_bidders(4)
    return closed(rigged.open_first(rigged.seal_rigged(made)))


class Desk:
    """The application, its evaluation, and a browser for each of its people."""

    def __init__(self, app: Any, room: Hall) -> None:
        self.app, self.hall = app, room
        self.evaluation = Room(room.tender, OpenedBids())
        self.clients: dict[str, Client] = {}

    def client(self, who: Person) -> Client:
        return self.clients.setdefault(who.login, Client(self.app, who))

    def board(self, who: Person) -> Any:
        return self.client(who).get(f"/lots/{self.hall.number}/collusion")

    def page(self, who: Person, ref: str = "", lang: str = "zh") -> Any:
        return self.client(who).page(f"/lots/{self.hall.number}/collusion{'/' if ref else ''}{ref}", lang)

    def decide(self, who: Person, ref: str, decision: str, note: str = NOTE) -> Any:
        body = {"card": ref, "decision": decision, "note": note}
        path = f"/lots/{self.hall.number}/collusion/decisions"
        return self.client(who).sign(who, self.evaluation, path, "collusion.decide", body, step_up=True)


def test_cards_from_the_opening_to_the_prices(app: Any, room: Hall) -> None:
    desk = Desk(app, room)
    _supervisor_sees_names_at_once(desk)
    desk.evaluation.fill_pool(11)
    desk.evaluation.with_chair()
    assert desk.board(desk.evaluation.members[0]).get_json()["code"] == "collusion.sealed"  # not before all have declared
    for who in desk.evaluation.members:
        desk.evaluation.declare(who)
    _committee_sees_words_under_code_names(desk)
    _decisions_are_the_chairs_and_the_supervisors(desk)
    for who in desk.evaluation.members:
        desk.evaluation.review(who)
    for who in desk.evaluation.members:
        desk.evaluation.submit(who)
    _lock_opens_names_and_prices(desk)


def _supervisor_sees_names_at_once(desk: Desk) -> None:
    supervisor, a, b = desk.hall.tender.supervisor, *desk.hall.tender.bidders[:2]
    page = desk.page(supervisor).get_data(as_text=True)
    assert "线索不是结论" in page and "文件制作机器码相同" in page and a.org_name in page
    assert "Signs of likeness" in desk.page(supervisor, lang="en").get_data(as_text=True)
    for card in desk.board(supervisor).get_json()["cards"]:
        shown = desk.page(supervisor, card["ref"]).get_data(as_text=True)
        assert card["article"] in shown and "请先排除其他原因" in shown and a.org_name in shown and b.org_name in shown
        assert "<mark>" in shown or card["signal"] != "similar_text"
    for outsider in (desk.hall.tender.tenderer, desk.hall.tender.centre):
        assert desk.board(outsider).get_json()["code"] == "collusion.sealed"
    for stranger in (a, desk.hall.tender.agency):
        assert desk.board(stranger).status_code == 403
    assert desk.page(supervisor, "0" * 32).status_code == 404 and desk.page(supervisor, "x").status_code in (400, 404, 422)


def _committee_sees_words_under_code_names(desk: Desk) -> None:
    chair, room = desk.evaluation.members[0], desk.hall
    found = desk.board(chair).get_json()
    [card] = found["cards"]
    assert found["coded"] and card["signal"] == "similar_text" and card["sha256"] == ""
    assert set(card["bidders"]) < set(desk.evaluation.codes) and card["raw"]["left_bidder"] < card["raw"]["right_bidder"]
    told = json.dumps(found, ensure_ascii=False) + "".join(desk.page(chair, ref).get_data(as_text=True) for ref in ("", card["ref"]))
    kept = rigged.cards(room)
    names = [word for bidder in room.tender.bidders for word in (str(bidder.org), bidder.org_name)]
    for secret in (*names, "AF3177C2", "13800001111", *(one.sha256 for one in kept)):
        assert secret not in told
    assert all(one.ref not in told for one in kept if one.signal is not Signal.SIMILAR_TEXT)


def _decisions_are_the_chairs_and_the_supervisors(desk: Desk) -> None:
    chair, member = desk.evaluation.members[:2]
    supervisor = desk.hall.tender.supervisor
    [card] = desk.board(chair).get_json()["cards"]
    hidden = next(one.ref for one in rigged.cards(desk.hall) if one.signal is Signal.MACHINE_CODE)
    assert card["available"] and not desk.board(member).get_json()["cards"][0]["available"]
    assert desk.decide(member, card["ref"], "confirm").get_json()["code"] == "collusion.chair_only"
    assert desk.decide(chair, hidden, "confirm").get_json()["code"] == "collusion.not_found"
    assert desk.decide(supervisor, card["ref"], "clarify", "请说明第一、二家的关系。").status_code == 200
    assert desk.board(chair).get_json()["cards"][0]["decisions"] == []  # the note of somebody who knows the names
    assert desk.decide(chair, card["ref"], "reject").status_code == 422
    assert desk.decide(chair, card["ref"], "explain").get_json()["state"] == "explained"
    assert desk.decide(chair, card["ref"], "confirm").status_code == 409
    assert NOTE in desk.page(chair, card["ref"]).get_data(as_text=True)


def _lock_opens_names_and_prices(desk: Desk) -> None:
    chair, room = desk.evaluation.members[0], desk.hall
    assert desk.board(chair).get_json()["coded"]  # until both offices have signed that the code names be opened
    desk.evaluation.open_map()
    found = desk.board(chair).get_json()
    assert not found["coded"] and len(found["cards"]) == 3
    room.grow()
    for bidder in room.tender.bidders[:4]:
        room.release(bidder, "commercial", round_=1)
    room.batch(1)
    rigged.deliver(room)
    [card] = [one for one in desk.board(chair).get_json()["cards"] if one["signal"] == "arithmetic_progression"]
    assert card["round"] == 1 and card["raw"]["step"] == "12000.00" and len(card["bidders"]) == 4
    assert "1036000.00" in desk.page(chair, card["ref"]).get_data(as_text=True)
    assert desk.decide(chair, card["ref"], "confirm").get_json()["state"] == "confirmed"
    lot = room.tender.lot.id
    kept = room.tender.door.read(lambda session: queries.card(session, lot, card["ref"]))
    assert [one.note for one in kept.decisions] == [NOTE]
