"""The file that protects a tenderer through its services, on both databases: what is missing blocks, what is signed can't be removed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.shield_life import Action, State
from evaluation.queries import award_sources
from tests.builders.evaluation import Room
from tests.builders.shields import AWARD_REPORT
from tests.builders.stages import PUBLISHED, RANKED
from trading.domain.lot import LotState
from trading.domain.notice import NoticeKind
from trading.models.notice import Notice
from trading.queries import lots
from trading.services import awards as trading_awards

pytestmark = [pytest.mark.begins(PUBLISHED), pytest.mark.sqlite_alone]


@pytest.fixture
def room(world: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A room whose candidates are public, and nothing on file yet."""
    return world.told(monkeypatch)


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def voted(room: Room) -> Room:
    """All have voted for the first candidate."""
    room.paper()
    room.paper("recording")
    room.voting()
    for who in room.award_members:
        room.ballot(who, room.candidates[0])
    return room


def test_what_is_missing_blocks_the_next_step_and_names_its_clause(room: Room) -> None:
    with pytest.raises(RuleBroken) as refusal:
        room.open_award()
    assert refusal.value.code == "shield.missing.cleaning.filed" and refusal.value.article == "招标人主体责任履行指引"
    seen = room.shield(room.tender.tenderer)
    assert seen.state is State.PREPARING and seen.next_row is not None and seen.next_row.clause.code == "cleaning.filed"
    room.paper("due_diligence")
    room.voting()
    member, first = room.award_members[0], room.candidates[0]
    assert refused(RuleBroken, room.ballot, member, first) == "shield.missing.recording.kept"
    room.paper("recording")
    room.ballot(member, first)


@pytest.mark.on_both
def test_the_award_notice_waits_until_the_register_is_closed_and_the_report_signed_by_all(room: Room) -> None:
    voted(room)
    lot = room.tender.lot
    assert lot.state is LotState.AWARD_DECIDING and lot.winner_org is None
    said = {"winner": room.candidates[0], "price_fen": 1, "result_sha256": "0" * 64}
    assert refused(WrongState, room.signed, room.tender.tenderer, "award.notice", said, trading_awards.send_notice, step_up=True)
    tenderer, *members = room.signatories()
    for who in members:
        room.close_register(who)
    assert not room.draft_award()
    seen = room.shield(tenderer)
    assert seen.next_row is not None and seen.next_row.finding.missing == ("tenderer",)
    assert refused(WrongState, room.sign_award, tenderer, digest=AWARD_REPORT) == "shield.sign.wrong_state"
    room.close_register(tenderer)
    assert room.draft_award() and not room.draft_award()
    assert refused(WrongState, room.paper, "validity") == "shield.file.wrong_state"
    assert refused(WrongState, room.interference, tenderer) == "shield.enter.wrong_state"
    assert refused(WrongState, room.close_register, tenderer, ()) == "shield.close_register.wrong_state"
    room.sign_award(members[0], "对报价合理性有保留")
    assert refused(WrongState, room.sign_award, members[0]) == "shield.signed_already"
    assert refused(RuleBroken, room.sign_award, members[1], digest="0" * 64) == "shield.report.other"
    for who in (tenderer, *members[1:]):
        assert room.tender.lot.state is LotState.AWARD_DECIDING
        room.sign_award(who)
    assert room.tender.lot.state is LotState.AWARDED and str(room.tender.lot.winner_org) == room.candidates[0]
    assert room.shield(tenderer).state is State.HANDED_OVER and room.shield(tenderer).next_row is None
    room.tender.send_award_notice()
    said = room.tender.door.read(lambda session: [one.body for one in session.scalars(select(Notice)) if one.kind is NoticeKind.RESULT])
    assert [one["award"] for one in said] == [
        {"report_sha256": AWARD_REPORT, "method": "DIRECT_VOTE", "members": 5, "rounds": 1, "votes": 5}
    ]


def test_an_entry_of_the_register_is_seen_by_supervisor_and_author_alone_and_makes_signatures_stale(room: Room) -> None:
    voted(room)
    tenderer, first, second, *_ = room.signatories()
    room.close_register(first)
    assert room.shield(first).has_closed
    room.interference(second)
    assert not room.shield(first).has_closed and not room.shield(tenderer).entries and not room.shield(first).entries
    [own], [all_] = room.shield(second).entries, room.shield(room.tender.supervisor).entries
    assert own == all_ and own.how == "电话要求照顾一家候选人"
    assert refused(RuleBroken, room.close_register, first, ()) == "shield.register.other"
    for who in room.signatories():
        room.close_register(who)
    assert room.draft_award()


def test_before_the_result_nobody_is_told_whether_the_register_holds_anything(room: Room) -> None:
    room.interference(room.tender.supervisor)
    seen = room.shield(room.tender.tenderer)
    assert seen.register is None and not seen.entries
    assert refused(WrongState, room.close_register, room.tender.tenderer, ()) == "shield.close_register.wrong_state"


def test_papers_fit_their_category_and_the_comparison_is_fixed_when_the_session_opens(room: Room) -> None:
    candidate = room.candidates[0]
    assert refused(RuleBroken, room.paper, files=[]) == "shield.paper.file_missing"
    assert refused(RuleBroken, room.paper, "recording", reference="") == "shield.paper.reference_missing"
    assert refused(NotFound, room.paper, files=[{"name": "x.pdf", "sha256": "c" * 64, "size": 9}]) == "upload.missing"
    assert refused(RuleBroken, room.paper, files=[room.pdf() | {"size": 1}]) == "document.size_other"
    room.paper()
    room.paper("comparison", candidate=candidate, factor="履约能力", summary="近三年评价均为优")
    room.paper("performance", candidate=candidate, summary="2025 年信用 A 级", files=[])
    room.paper("recording")
    room.open_award()
    made = room.shield(room.tender.tenderer).matrix
    [row] = [one for one in made["candidates"] if one["org"] == candidate]
    assert row["factors"][0]["said"][0]["text"] == "近三年评价均为优" and row["performance"][0]["source"] == "招标人清标小组"
    assert row["total"] and row["code"].startswith("T-") and row["comments"] == [{"criterion": "method", "text": "合理"}]
    assert (
        refused(WrongState, room.paper, "comparison", candidate=candidate, factor="履约能力", summary="迟")
        == "shield.file_compared.wrong_state"
    )
    room.paper("selection")


@pytest.mark.on_both
def test_a_refusal_to_sign_is_noted_after_a_day_and_the_member_may_not_be_hurried(room: Room) -> None:
    voted(room)
    tenderer, *members = room.signatories()
    for who in (tenderer, *members):
        room.close_register(who)
    room.draft_award()
    for who in (tenderer, *members[1:]):
        room.sign_award(who)
    assert refused(WrongState, room.decline_award, members[0]) == "shield.decline_early"
    room.tender.jump(room.tender.now + timedelta(hours=24))
    assert refused(WrongState, room.decline_award, members[1]) == "shield.signed_already"
    room.decline_award(members[0])
    assert room.tender.lot.state is LotState.AWARDED


def test_strangers_and_wrong_roles_see_and_file_nothing(room: Room) -> None:
    voted(room)
    stranger = room.tender.crowd.join(Role.TENDERER, "云川市交通投资有限公司")
    outside = room.tender.crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name)
    for who in (stranger, outside, room.tender.bidders[0], room.tender.centre, room.tender.agency):
        assert refused(NotFound, room.shield, who) == "shield.not_found"
    assert refused(NotAllowed, room.interference, stranger) == "shield.enter.not_allowed"
    assert refused(NotAllowed, room.interference, room.tender.centre) == "shield.enter.not_allowed"
    assert refused(NotAllowed, room.close_register, room.tender.supervisor, ()) == "shield.close_register.not_allowed"
    assert Action.CLOSE_REGISTER not in room.shield(room.tender.supervisor).available


def test_ballots_of_a_round_under_way_leave_no_trace_in_the_file(room: Room) -> None:
    room.paper()
    room.paper("recording")
    room.voting()
    before = room.shield(room.tender.tenderer)
    for who in room.award_members[:4]:
        room.ballot(who, room.candidates[0])
    assert room.shield(room.tender.tenderer) == before


@pytest.mark.begins(RANKED)
def test_where_the_award_is_not_separate_there_is_no_file(room: Room) -> None:
    one = room
    assert refused(NotFound, one.shield, one.tender.tenderer) == "shield.not_found"
    assert refused(WrongState, one.interference, one.tender.supervisor) == "shield.none"


@pytest.mark.on_both
def test_reasons_may_point_to_what_is_on_file(room: Room) -> None:
    room.paper()
    room.paper("recording")
    room.voting()
    filed = room.pdf()["sha256"]
    member, first = room.award_members[0], room.candidates[0]
    seen = room.tender.door.read(lambda session: award_sources.papers(session, lots.by_number(session, room.number)))
    assert [one.name for one in seen if one.owner == "filed"] == ["清标报告.pdf"]
    other = [{"text": "清标报告说明报价合理", "source": "ab" * 32, "page": 2}]
    assert refused(RuleBroken, room.ballot, member, first, reasons=other) == "ballot.source_unknown"
    room.ballot(member, first, reasons=[other[0] | {"source": filed}])
