"""Prices that are weighed through the services, on both databases: by whom, when, by which rule; votes, claims, the contract's price."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.kernel import chain, jcs
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from evaluation.domain.room import State
from evaluation.queries import weighing_page as queries
from evaluation.queries.report import report_data
from evaluation.queries.rooms import evaluation_id
from tests.builders.evaluation import Room
from tests.builders.weighing_rooms import WEIGHABLE
from trading.domain.price_rules import Preference

SMALL, GREEN = "preference.small", "preference.green"


pytestmark = [pytest.mark.begins(WEIGHABLE), pytest.mark.sqlite_alone]


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def bodies(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


def codes_of(room: Room) -> list[str]:
    """Code names in the order of the prices."""
    by_org = {room.org_of(code): code for code in room.codes}
    return [by_org[org] for org in room.opened.asked]


@pytest.mark.on_both
def test_members_vote_and_the_majority_weighs(room: Room, door: Door) -> None:
    first, second, *_ = codes_of(room)
    proposer, *others = room.members
    assert room.view(proposer).state is State.COMMERCIAL  # nothing is added up before the chair has closed the prices
    assert refused(WrongState, room.close_prices) == "weighing.claims_due"
    late = room.propose_weighing(proposer, first, "late", "2")
    assert refused(RuleBroken, room.propose_weighing, others[0], first, "late", "3") == "weighing.twice"
    assert refused(WrongState, room.close_prices) == "weighing.open"
    for place, who in enumerate(room.members):
        assert not bodies(door, room, "weighing.result")
        room.vote_weighing(who, late, agrees=place > 2)
    assert bodies(door, room, "weighing.result") == [
        {"number": 1, "bid": first, "rule": "late", "adopted": True, "agreeing": ["4", "5", "6", "7"], "against": ["1", "2", "3"]}
    ]
    assert refused(WrongState, room.vote_weighing, proposer, late) == "weighing.vote_not_due"
    for code in (first, second):
        room.weighed(code, SMALL)
    refusing = room.propose_weighing(others[0], second, "missing", "180000.00")
    for who in room.members:
        room.vote_weighing(who, refusing, agrees=False)
    room.close_prices()
    summary = bodies(door, room, "summary")[0]
    rows = {row["id"]: row for row in summary["document"]["bids"]}
    assert rows[first]["adjustments"] == [{"kind": "percent", "value": "1.0", "reason": "工期每延误一周（2 周）"}]
    assert (rows[first]["preference_percent"], "adjustments" in rows[second]) == ("10", False)
    ranked = {row["bid"]: row for row in summary["result"]["rows"]}
    assert Decimal(ranked[first]["evaluated_price"]) == Decimal("90900000")
    assert Decimal(ranked[first]["contract_price"]) == Decimal("100000000")  # the contract's price stays
    assert refused(WrongState, room.propose_weighing, proposer, first, "missing", "5") == "room.propose_weighing.wrong_state"
    key = door.read(lambda session: evaluation_id(session, room.tender.lot_id))
    said = door.read(lambda session: report_data(session, key)).fields["weighings"]  # type: ignore[arg-type]
    assert [(one["number"], one["code"], one["adopted"], len(one["votes"])) for one in said] == [
        (1, first, True, 7),
        (2, first, True, 7),
        (3, second, True, 7),
        (4, second, False, 7),
    ]
    assert said[0]["file"] == "施工组织设计.pdf" and said[0]["page"] == 12 and said[1]["weight"] == "-10"


def test_what_the_document_or_the_bid_does_not_give_is_refused(room: Room) -> None:
    first, _, third, _ = codes_of(room)
    who = room.members[0]
    assert refused(RuleBroken, room.propose_weighing, who, third, SMALL) == "weighing.not_claimed"
    assert refused(RuleBroken, room.propose_weighing, who, first, GREEN) == "weighing.not_claimed"
    assert refused(RuleBroken, room.propose_weighing, who, first, SMALL, "15") == "weighing.figure"  # the rate is the document's
    assert refused(RuleBroken, room.propose_weighing, who, first, "early", "1") == "weighing.rule"
    assert refused(RuleBroken, room.propose_weighing, who, first, "missing", "-100000000") == "weighing.not_positive"
    assert refused(RuleBroken, room.propose_weighing, who, first, "late", "2", file="cc" * 32) == "weighing.file"
    assert refused(RuleBroken, room.propose_weighing, who, "T-00", "late", "2") == "weighing.bid"
    assert refused(RuleBroken, room.propose_weighing, who, first, "late", "2", page=0) == "evaluation.body"
    assert refused(NotAllowed, room.propose_weighing, room.tender.supervisor, first, "late", "2") == "act.role"
    room.propose_weighing(who, first, "missing", "-99000000")
    asked = {"rule": "words", "correction": "-1000000.00"}
    assert (
        refused(RuleBroken, room.ask, first, "arithmetic", **asked) == "bid_question.correction"
    )  # nothing would be left of its evaluated price


@pytest.mark.on_both
def test_a_vote_counts_once_and_names_its_proposal(room: Room) -> None:
    first, *_ = codes_of(room)
    who = room.members[0]
    assert refused(WrongState, room.vote_weighing, who, "ab" * 32) == "weighing.vote_not_due"
    late, small = room.propose_weighing(who, first, "late", "2"), room.propose_weighing(who, first, SMALL)
    room.vote_weighing(who, late)
    assert refused(RuleBroken, room.vote_weighing, who, late) == "weighing.proposal"
    assert refused(RuleBroken, room.vote_weighing, room.members[1], "ab" * 32) == "weighing.proposal"
    assert refused(RuleBroken, room.vote_weighing, who, small, reason=" ") == "weighing.vote_reason"
    stranger = next(one for one in room.experts if one not in room.members)
    assert refused(NotAllowed, room.vote_weighing, stranger, late) == "room.not_a_member"


def test_nobody_sees_votes_before_all_have_voted_and_a_page_says_what_is_due(room: Room, door: Door) -> None:
    first, second, *_ = codes_of(room)
    who, other = room.members[:2]
    late = room.propose_weighing(who, first, "late", "2")
    room.vote_weighing(who, late)

    def page(person: Any) -> queries.WeighingPage:
        return door.read(lambda session: queries.page(session, person.actor, room.number))

    mine, theirs = page(who), page(other)
    assert [(one.is_mine_to_vote, one.adopted, one.votes) for one in (*mine.proposals, *theirs.proposals)] == [
        (False, None, ()),
        (True, None, ()),
    ]
    assert mine.claims_due == {first, second}
    [line] = [one for one in theirs.bids if one.code == first]
    assert [one.id for one in line.rules] == ["missing"] and [one.kind for one in line.claimed] == [Preference.SMALL]
    assert page(room.tender.supervisor).proposals[0].is_mine_to_vote is False
    for person in room.members[1:]:
        room.vote_weighing(person, late)
    decided = page(who).proposals[0]
    assert decided.adopted is True and [name for name, _ in decided.votes][:2] == ["专家1", "专家2"]
    for person in (room.tender.centre, room.tender.tenderer):
        assert refused(WrongState, page, person) == "evaluation.not_yet"


@pytest.mark.on_both
def test_a_replacement_voids_what_was_weighed(room: Room, door: Door) -> None:
    first, *_ = codes_of(room)
    room.weighed(first, "late", "2")
    room.leave(room.members[5])
    row = door.read(lambda session: evaluation_id(session, room.tender.lot_id))
    assert row is not None
    held = door.read(lambda session: queries.weighings.proposed(session, session.get_one(queries.Evaluation, row)))
    assert held == []


def test_a_bid_found_invalid_holds_nothing_up(room: Room) -> None:
    """Its claim and its proposals are left."""
    first, second, *_ = codes_of(room)
    asked = room.ask(first, "low_price")
    room.propose_weighing(room.members[0], first, "late", "2")
    room.answer_question(room.bidder_of(room.org_of(first)), asked, text="没有进一步的材料。")
    for who in room.members:
        room.vote_price(who, first, stays=False)
    room.weighed(second, SMALL)
    room.close_prices()
    assert room.view(room.members[0]).state is State.SUMMARY
