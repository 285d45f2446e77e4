"""Votes of the committee through the services, on both databases: to reject, on competition, and a chair whom the draw decides."""

from __future__ import annotations

import pytest

from core.kernel import chain, jcs
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from evaluation.domain.room import State
from evaluation.queries import vote_page as queries
from tests.builders.evaluation import Room
from tests.builders.stages import READY, REVIEWING
from trading.domain.lot import LotState

pytestmark = [pytest.mark.begins(REVIEWING), pytest.mark.sqlite_alone]


def refused(kind: type[Refusal], act: object, *given: object, **more: object) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)  # type: ignore[operator]
    return refusal.value.code


def bodies(door: Door, room: Room, kind: str) -> list[dict]:  # type: ignore[type-arg]
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


def test_where_nobody_fails_anything_no_vote_is_held(room: Room, door: Door) -> None:
    room.reviewed()
    assert room.view(room.members[0]).state is State.TECHNICAL and not room.view(room.members[0]).has_votes
    assert bodies(door, room, "rejection.open") == [] and bodies(door, room, "preliminary.result")[0]["votes"] == []
    assert refused(WrongState, room.vote_rejection, room.members[0], {room.codes[0]: "stays"}) == "room.vote_rejection.wrong_state"


@pytest.mark.on_both
def test_what_one_member_fails_is_voted_on_by_all_and_the_majority_decides(room: Room, door: Door) -> None:
    out, doubted = room.codes[0], room.codes[1]
    for place, who in enumerate(room.members):
        room.review(who, [(out, "formality.signature")] * (place == 0) + [(doubted, "formality.signature")] * (place < 5))
    view = room.view(room.members[0])
    assert view.state is State.REJECTION and bodies(door, room, "rejection.open") == [{"bids": [out, doubted]}]
    ballot = {out: "no_signature", doubted: "stays"}
    first, *others = room.members
    assert refused(RuleBroken, room.vote_rejection, first, {out: "no_signature"}) == "rejection.vote.incomplete"
    assert refused(RuleBroken, room.vote_rejection, first, ballot | {out: "no_deposit"}) == "rejection.vote.ground"
    assert refused(NotAllowed, room.vote_rejection, room.tender.centre, ballot) == "act.role"
    assert refused(WrongState, room.vote_competition, first, True) == "competition.not_due"
    room.vote_rejection(first, ballot)
    assert refused(WrongState, room.vote_rejection, first, ballot) == "rejection.vote.twice"
    for place, who in enumerate(others):
        room.vote_rejection(who, ballot if place < 3 else {out: "stays", doubted: "no_signature"})
    view = room.view(first)
    assert view.state is State.TECHNICAL and out not in view.standing and doubted in view.standing
    [result] = bodies(door, room, "preliminary.result")
    assert result["rejected"] == [{"bid": out, "grounds": ["no_signature"]}]
    assert result["votes"][0] | {"bid": out} == {
        "bid": out,
        "rejected": True,
        "against": ["1", "2", "3", "4"],
        "keeping": ["5", "6", "7"],
        "grounds": {"no_signature": 4},
    }
    assert refused(WrongState, room.vote_rejection, first, ballot) == "room.vote_rejection.wrong_state"


def test_statements_are_read_by_members_before_they_vote_and_votes_when_all_are_in(room: Room, door: Door) -> None:
    out = room.codes[0]
    for place, who in enumerate(room.members):
        room.review(who, [(out, "formality.signature")] * (place == 2))
    room.vote_rejection(room.members[0], {out: "no_signature"})
    page = door.read(lambda session: queries.vote_page(session, room.members[1].actor, room.number))
    [challenge] = page.challenges
    assert [said.name for said in challenge.statements] == ["专家3"] and challenge.rejected is None and challenge.votes == ()
    for watcher in (room.tender.supervisor, room.tender.centre, room.tender.tenderer):
        with pytest.raises(Refusal):
            door.read(lambda session, who=watcher: queries.vote_page(session, who.actor, room.number))
    assert [seat.polled for seat in room.view(room.tender.supervisor).seats] == [True] + [False] * 6


def test_when_every_bid_is_rejected_the_report_goes_out_without_candidates(room: Room) -> None:
    room.reviewed([(code, "qualification.conditions") for code in room.codes])
    assert room.view(room.tender.supervisor).state is State.SUMMARY
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    assert room.tender.lot.state is LotState.ALL_REJECTED


@pytest.mark.parametrize("lacking", [True, False])
@pytest.mark.on_both
def test_fewer_than_three_bids_left_are_put_to_the_committee(room: Room, door: Door, lacking: bool) -> None:
    room.reviewed([(code, "qualification.conditions") for code in room.codes[2:]])
    first, *others = room.members
    assert room.view(first).state is State.REJECTION and not room.view(first).seats[0].polled
    assert refused(RuleBroken, room.vote_competition, first, lacking, "prices") == "competition.vote.stage"
    room.vote_competition(first, lacking)
    assert refused(WrongState, room.vote_competition, first, lacking) == "competition.vote.twice"
    for place, who in enumerate(others):
        room.vote_competition(who, lacking if place < 3 else not lacking)
    [result] = bodies(door, room, "competition.result")
    assert result["standing"] == 2 and result["outcome"] == ("lacking" if lacking else "enough") and len(result["votes"]) == 7
    if not lacking:
        assert room.view(first).state is State.TECHNICAL and len(room.view(first).standing) == 2
        return
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    assert room.tender.lot.state is LotState.ALL_REJECTED


@pytest.mark.begins(READY)
@pytest.mark.on_both
def test_a_re_vote_that_moved_elects_by_votes(room: Room, door: Door) -> None:
    room.assembled()
    for round_ in (1, 2):
        for who, choice in zip(room.members, "1231234" if round_ == 1 else "1231231", strict=True):
            room.vote_chair(who, choice, round_)
        if round_ == 1:
            assert room.view(room.members[0]).chair_among == ("1", "2", "3")
    assert room.view(room.members[0]).chair == "1" and not bodies(door, room, "chair.elected")[0]["drawn"]


@pytest.mark.begins(READY)
def test_equal_re_votes_end_with_a_drawn_chair(room: Room, door: Door) -> None:
    room.assembled()
    for who, choice in zip(room.members, "1234567", strict=True):
        room.vote_chair(who, choice)
    for who, choice in zip(room.members, "1234567", strict=True):
        room.vote_chair(who, choice, 2)
    [elected] = bodies(door, room, "chair.elected")
    assert elected["drawn"] and elected["chair"] == room.view(room.members[0]).chair != ""
    assert room.view(room.members[0]).state is State.CHAIR_ELECTED
