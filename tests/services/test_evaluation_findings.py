"""Objective items that differ: whoever is concerned scores again or says why, and only then the report falls due."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain, jcs, outbox
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.files import FileStore
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.room import State
from evaluation.queries import findings as queries
from evaluation.queries import rooms
from evaluation.queries.report import report_data
from evaluation.services import findings
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.trading import tender

pytestmark = pytest.mark.sqlite_alone

RULES = {"criteria": [{"id": "credit", "mode": "range", "title": "信用等级", "objective": True}]}


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


@pytest.fixture
def room(door: Door, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Room:
    return Room(tender(door, clock_file), OpenedBids().put(monkeypatch)).ready(4, score_rules=RULES).scoring()


def answer(room: Room, who: Any, bid: str, score: str, reason: str = "") -> Any:
    body = {"bid": bid, "criterion": "credit", "score": score, "reason": reason, "ticks": {}}
    return room.signed(who, "finding.answer", body, findings.answer, step_up=True)


def said(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


def summarised(room: Room, others: dict[int, str]) -> str:
    """All sheets are in; members at these places gave the first bid another score for its credit."""
    bid = room.codes[0]
    for place, who in enumerate(room.members):
        sheet = room.sheet()
        sheet[0]["scores"]["credit"] = others.get(place, "4")
        room.submit(who, sheet)
    room.open_map()
    for place, org in enumerate(room.opened.asked):
        room.opened.price(org, f"{130 + place}000000.00")
    room.prices_in()
    return bid


@pytest.mark.on_both
def test_who_differs_scores_again_or_says_why_and_all_is_added_up_again(room: Room, door: Door, tmp_path: Path) -> None:
    bid = summarised(room, {1: "2", 2: "3"})
    first, second, third, *_ = room.members
    topics = {name: one for name, one in jobs.topics(FileStore(tmp_path / "files")).items() if name == "report.due"}
    assert room.view(first).state is State.SUMMARY and outbox.deliver(door, topics) == 0
    assert refused(WrongState, room.draft_report) == "finding.answers_missing"
    assert refused(WrongState, answer, room, first, bid, "4") == "finding.answer.not_due"
    assert refused(RuleBroken, answer, room, second, room.codes[1], "4") == "finding.answer.other"
    assert refused(RuleBroken, answer, room, second, bid, "5.5") == "score.above_maximum"
    assert refused(RuleBroken, answer, room, second, bid, "", " ") == "finding.answer.empty"
    view = room.view(second)
    assert door.read(lambda session: queries.of_room(session, view)).mine == ((bid, "credit"),)
    answer(room, second, bid, "4", "看漏了证书")
    assert refused(WrongState, answer, room, second, bid, "3") == "finding.answer.not_due"
    assert outbox.deliver(door, topics) == 0
    answer(room, third, bid, "", "证书在截止日前已失效")
    totals = said(door, room, "summary")
    marks = [{one["expert"]: one["scores"]["credit"] for one in total["document"]["sheets"] if one["bid"] == bid} for total in totals]
    assert [(one["E2"], one["E3"]) for one in marks] == [("2", "3"), ("4", "3")]
    assert [[row["seats"] for row in one["findings"]] for one in said(door, room, "consistency.result")] == [[["2", "3"]], [["3"]]]
    assert len(said(door, room, "price.result")) == 2
    assert room.view(first).scoring_case == totals[1]["document"]
    sheets = door.read(lambda session: rooms.all_sheets(session, room.tender.supervisor.actor, room.number))
    assert sheets["2"][0]["scores"]["credit"] == "2"  # the signed one stays
    assert outbox.deliver(door, topics) == 1 and room.view(first).state is State.SIGNING
    row = door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    fields = door.read(lambda session: report_data(session, row)).fields
    told, shown = fields["finding_answers"], next(one for one in fields["technical"] if one["code"] == bid)
    assert Decimal(shown["total"]) == sum(Decimal(score) for score in shown["scores"])  # as it was scored again, not as it was locked
    assert [(one["name"], one["score"], one["reason"]) for one in told] == [
        ("专家2", "4", "看漏了证书"),
        ("专家3", "", "证书在截止日前已失效"),
    ]
    assert refused(WrongState, answer, room, third, bid, "4") == "room.answer_finding.wrong_state"


def test_where_everybody_says_why_the_first_summary_stands(room: Room, door: Door) -> None:
    bid = summarised(room, {6: "5"})
    answer(room, room.members[6], bid, "", "另有一项证书")
    assert len(said(door, room, "summary")) == 1 and len(said(door, room, "consistency.result")) == 1
    room.draft_report()
    assert room.view(room.members[0]).state is State.SIGNING
