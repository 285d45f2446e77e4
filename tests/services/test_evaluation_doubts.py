"""Doubted scores on both databases: raised, voted on in secret, explained or scored again, replaced under the chair's note."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import chain, jcs, outbox
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.files import FileStore
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.doubt import TIME
from evaluation.domain.room import State
from evaluation.models.doubts import Doubt, DoubtVote
from evaluation.queries import doubt_page, rooms
from evaluation.queries.report import report_data
from evaluation.services import doubt_counts
from tests.builders import halting, supervising
from tests.builders.doubting import REPLACING, all_vote, answer, doubt, note_silence, replace, vote
from tests.builders.evaluation import Room
from tests.builders.stages import begins


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def said(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


def added_up(room: Room) -> Room:
    """All is added up; seat 3 gave the first bid 1 of 15 for its method, the others 11, 11.5, 12, 12.5, 13 and 13."""
    marks = ("11", "11.5", "1", "12", "12.5", "13", "13")
    for who, mark in zip(room.members, marks, strict=True):
        sheet = room.sheet()
        sheet[0]["scores"]["method"] = mark
        room.submit(who, sheet)
    room.open_map()
    for place, org in enumerate(room.opened.asked):
        room.opened.price(org, f"{130 + place}000000.00")
    room.prices_in()
    return room


DOUBTFUL = begins("one seat's marks are odd", lambda room: added_up(room.ready(4, score_rules=REPLACING).scoring()))
UNPROVIDED = begins("odd marks of which the document says nothing", lambda room: added_up(room.ready(4).scoring()))
PROCURED = begins(
    "one seat's marks are odd, in procurement",
    lambda room: added_up(room.ready(4, method="RANK_ONE").scoring()),
    "government_procurement",
)
pytestmark = [pytest.mark.begins(DOUBTFUL), pytest.mark.sqlite_alone]


def points(total: dict[str, Any], bid: str) -> str:
    return next(str(row["criteria"]["method"]) for row in total["result"]["rows"] if row["bid"] == bid)


@pytest.mark.on_both
def test_what_is_not_explained_is_replaced_by_the_mean_of_the_others_under_the_chairs_note(room: Room, door: Door, tmp_path: Path) -> None:
    chair, second, third, *_ = room.members
    bid = room.codes[0]
    topics = {name: one for name, one in jobs.topics(FileStore(tmp_path / "files")).items() if name == "report.due"}
    assert outbox.deliver(door, topics) == 1 and room.view(chair).state is State.SIGNING
    first_report = room.view(chair).report_sha256
    room.sign_report(second, digest=first_report)
    assert refused(WrongState, doubt, room, second, "3", bid) == "doubt.raise.signed"
    assert refused(RuleBroken, doubt, room, third, "3", bid) == "doubt.raise.seat"
    assert refused(RuleBroken, doubt, room, chair, "3", bid, ["credit"]) == "doubt.raise.objective"
    assert refused(RuleBroken, doubt, room, chair, "3", "T-00") == "score.bid_unknown"
    assert refused(NotAllowed, doubt, room, room.tender.supervisor, "3", bid) == "act.role"
    named = doubt(room, chair, "3", bid)
    assert room.view(chair).state is State.SUMMARY and room.view(chair).report_sha256 == ""  # and the signature under it is void
    assert refused(RuleBroken, doubt, room, second, "3", bid) == "doubt.raise.twice"
    assert refused(WrongState, room.draft_report) == "doubt.open"
    assert refused(WrongState, vote, room, third, named, False) == "doubt.vote.not_due"  # whom it is about does not vote
    assert refused(RuleBroken, vote, room, second, "0" * 64, True) == "doubt.vote.other"
    assert refused(RuleBroken, vote, room, second, named, True, "holds") == "doubt.vote.other"
    vote(room, second, named, True)
    assert refused(WrongState, vote, room, second, named, True) == "doubt.vote.not_due"
    assert refused(WrongState, answer, room, third, named, "看法不同") == "doubt.answer.not_due"
    for place in (0, 3, 4, 5, 6):
        vote(room, room.members[place], named, place < 5)
    result = said(door, room, "doubt.result")[0]
    assert (result["yes"], result["no"], result["state"]) == (["1", "2", "4", "5"], ["6", "7"], "answering")
    assert refused(RuleBroken, answer, room, third, named, "", scores={"method": "11"}) == "doubt.answer.no_rescoring"
    assert refused(WrongState, answer, room, second, named, "不是我的") == "doubt.answer.not_due"
    explained = answer(room, third, named, "方案缺少冬季施工措施")
    all_vote(room, "3", explained, 2, "holds")
    assert said(door, room, "doubt.result")[1]["state"] == "noting"
    assert refused(WrongState, replace, room, second, named, {"method": "12.17"}) == "doubt.replace.not_due"
    assert refused(RuleBroken, replace, room, chair, named, {"method": "12.16"}) == "doubt.replace.differs"
    replace(room, chair, named, {"method": "12.17"})  # (11 + 11.5 + 12 + 12.5 + 13 + 13) ÷ 6 = 73 ÷ 6 = 12.1666…
    totals = said(door, room, "summary")
    # Highest and lowest are dropped. First 11, 11.5, 12, 12.5, 13 ÷ 5 = 12; then 11.5, 12.17, 12, 12.5, 13: 61.17 ÷ 5 = 12.234.
    assert [points(total, bid) for total in totals] == ["12.00", "12.23"]
    assert len(said(door, room, "price.result")) == len(said(door, room, "consistency.result")) == 2
    assert outbox.deliver(door, topics) == 1 and room.view(chair).state is State.SIGNING
    view = room.view(chair)
    assert view.report_sha256 not in ("", first_report) and view.scoring_case == totals[1]["document"]
    row = door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    told = door.read(lambda session: report_data(session, row)).fields
    shown = next(one for one in told["technical"] if one["code"] == bid)
    assert Decimal(shown["total"]) == sum(Decimal(score) for score in shown["scores"])
    one = told["doubts"][0]
    assert (one["name"], one["code"], one["state"], one["scores"]) == ("专家3", bid, "replaced", [["method", "1", "12.17"]])
    assert [len(votes["rows"]) for votes in one["votes"]] == [6, 6]
    for who in room.members:
        room.sign_report(who, digest=view.report_sha256)
    assert room.view(chair).state is State.SUBMITTED
    assert refused(WrongState, doubt, room, chair, "4", bid) == "room.doubt_score.wrong_state"


def test_whoever_says_nothing_is_noted_after_half_an_hour_and_where_the_chair_is_concerned_another_notes(room: Room, door: Door) -> None:
    chair, second, *_ = room.members
    bid, centre = room.codes[0], room.tender.centre
    assert room.view(chair).chair == "1"
    room.draft_report()
    named = doubt(room, second, "1", bid, ["method", "team"])
    refusing = doubt(room, chair, "3", bid)  # two at once
    all_vote(room, "1", named, 5)
    assert refused(WrongState, note_silence, room, centre, named) == "doubt.silence.too_early"
    paused = supervising.issue(room, "pause", "centre")
    room.tender.jump(room.tender.now + timedelta(minutes=20))
    supervising.resume(room, paused)
    room.tender.jump(room.tender.now + TIME - timedelta(minutes=10))
    assert refused(WrongState, note_silence, room, centre, named) == "doubt.silence.too_early"  # the time stood still with the room
    fault = halting.fault(room)
    room.tender.jump(room.tender.now + timedelta(minutes=15))
    assert refused(WrongState, note_silence, room, centre, named) == "room.paused"
    halting.repair(room, fault)
    assert refused(WrongState, note_silence, room, centre, named) == "doubt.silence.too_early"  # and in a fault
    room.tender.jump(room.tender.now + timedelta(minutes=10))
    assert refused(NotAllowed, note_silence, room, room.tender.supervisor, named) == "act.role"
    assert refused(RuleBroken, note_silence, room, centre, "0" * 64) == "doubt.other"
    note_silence(room, centre, named)
    assert refused(WrongState, answer, room, chair, named, "来晚了") == "doubt.answer.not_due"
    all_vote(room, "3", refusing, 4)
    assert refused(WrongState, note_silence, room, centre, refusing) == "doubt.silence.too_early"
    answer(room, room.members[2], refusing)  # neither explanation nor scores: a refusal
    page = door.read(lambda session: doubt_page.doubt_page(session, second.actor, room.number))
    due = {one.seat: dict(one.means) for one in page.doubts}
    assert due["1"]["method"] == "10.50" and due["3"] == {}  # (11.5 + 1 + 12 + 12.5 + 13 + 13) ÷ 6 = 63 ÷ 6; the chair notes the other
    replace(room, second, named, due["1"])
    assert len(said(door, room, "summary")) == 1  # nothing is added up while another doubt is open
    page = door.read(lambda session: doubt_page.doubt_page(session, chair.actor, room.number))
    mean = next(dict(one.means) for one in page.doubts if one.seat == "3")
    assert mean == {"method": "12.08"}  # (10.5 + 11.5 + 12 + 12.5 + 13 + 13) ÷ 6 = 72.5 ÷ 6: the chair's counts as it was replaced
    replace(room, chair, refusing, mean)
    assert len(said(door, room, "summary")) == 2


def test_where_no_majority_finds_it_abnormal_or_the_explanation_holds_the_first_summary_stands(
    room: Room, door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    chair, _, third, *_ = room.members
    bid = room.codes[0]
    all_vote(room, "3", doubt(room, chair, "3", bid), 3)  # three of seven
    upheld = doubt(room, chair, "3", bid, ["team"])
    all_vote(room, "3", upheld, 4)
    explained = answer(room, third, upheld, "人员证书过期")
    monkeypatch.setattr(doubt_counts, "close", _dies)
    with pytest.raises(RuntimeError):
        all_vote(room, "3", explained, 3, "holds")  # killed at the last vote: as if it had never come
    monkeypatch.undo()
    room.told(monkeypatch)
    assert len(said(door, room, "doubt.vote")) == 17 and room.view(chair).available
    vote(room, room.members[6], explained, False, "holds")
    assert [one["state"] for one in said(door, room, "doubt.result")] == ["dismissed", "answering", "upheld"]
    assert len(said(door, room, "summary")) == 1
    room.draft_report()
    assert room.view(chair).state is State.SIGNING


def _dies(*_given: object) -> bool:
    raise RuntimeError("killed")


@pytest.mark.on_both
def test_a_successor_takes_the_seat_and_all_about_doubts_is_void(room: Room, door: Door) -> None:
    chair, second, *_ = room.members
    bid = room.codes[0]
    named = doubt(room, chair, "3", bid)
    vote(room, second, named, True)
    room.leave(second)
    assert not door.read(lambda session: session.scalars(select(Doubt)).all() + session.scalars(select(DoubtVote)).all())


@pytest.mark.begins(UNPROVIDED)
def test_without_a_word_of_the_document_nobody_doubts_in_construction(room: Room) -> None:
    assert refused(WrongState, doubt, room, room.members[0], "3", room.codes[0]) == "doubt.not_provided"


@pytest.mark.begins(PROCURED)
def test_in_procurement_its_member_scores_again_on_the_spot(room: Room, door: Door) -> None:
    chair, _, third, *_ = room.members
    bid = room.codes[0]
    named = doubt(room, chair, "3", bid, ["method", "team"])
    all_vote(room, "3", named, 6)
    assert refused(RuleBroken, answer, room, third, named, scores={"duration": "8"}) == "doubt.answer.other"
    assert refused(RuleBroken, answer, room, third, named, scores={"method": "15.5"}) == "score.above_maximum"
    answer(room, third, named, "漏看了附件", scores={"method": "12"})
    totals = said(door, room, "summary")
    # Highest and lowest are dropped: 11.5, 12, 12, 12.5, 13 ÷ 5 = 61 ÷ 5 = 12.2.
    assert [points(total, bid) for total in totals] == ["12.00", "12.20"]
    silent = doubt(room, chair, "4", bid)
    all_vote(room, "4", silent, 6)
    room.tender.jump(room.tender.now + TIME)
    note_silence(room, room.tender.centre, silent)
    page = door.read(lambda session: doubt_page.doubt_page(session, chair.actor, room.number))
    assert [one.state.value for one in page.doubts] == ["rescored", "kept"] and len(said(door, room, "summary")) == 2
