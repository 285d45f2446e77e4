"""The award committee through its services, on both databases: the roster, ballots, run-off, decision."""

from __future__ import annotations

import pytest

from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.award_session import Action, State
from evaluation.queries import awards as queries
from evaluation.queries.awards import AwardView
from evaluation.services import awards as services
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.stages import DECIDING
from trading.domain.lot import LotState

pytestmark = [pytest.mark.begins(DECIDING), pytest.mark.sqlite_alone]


def refused(kind: type[Refusal], act: object, *given: object, **more: object) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)  # type: ignore[operator]
    return refusal.value.code


def view(room: Room, who: Person) -> AwardView:
    return room.tender.door.read(lambda session: queries.view(session, who.actor, room.number))


@pytest.mark.on_both
def test_a_direct_vote_decides_the_award(room: Room) -> None:
    assert room.open_award() == {"state": "sign_in", "round": 1}
    room.assemble_award(room.award_members)
    first, second, _ = room.candidates
    one, *others = room.award_members
    assert room.ballot(one, second) == {"state": "voting", "round": 1}
    assert refused(WrongState, room.ballot, one, first) == "ballot.twice"
    seen = view(room, one)
    assert seen.rounds == () and [member.voted for member in seen.members] == [True, False, False, False, False]
    assert seen.available == () and view(room, others[0]).available == (Action.VOTE,)
    for who in others:
        room.ballot(who, second)
    decided = view(room, room.tender.tenderer)
    assert decided.state is State.DECIDED and decided.result is not None and decided.result["winner"] == second
    assert len(decided.rounds) == 1 and decided.rounds[0].ballots[0].reasons[0].page == 3
    room.after_award()
    lot = room.tender.lot
    assert lot.state is LotState.AWARDED and str(lot.winner_org) == second
    room.tender.send_award_notice()


@pytest.mark.on_both
def test_without_a_majority_there_is_a_run_off_of_the_top_two(room: Room) -> None:
    room.voting()
    x, y, z = room.candidates
    for who, choice in zip(room.award_members, (x, x, y, y, z), strict=True):
        answer = room.ballot(who, choice)
    assert answer == {"state": "voting", "round": 2}
    seen = view(room, room.award_members[0])
    assert set(seen.standing) == {x, y} and len(seen.rounds) == 1
    assert refused(RuleBroken, room.ballot, room.award_members[0], z, 2) == "ballot.choice"
    assert refused(BadSignature, room.ballot, room.award_members[0], x, 1) == "act.other_statement"
    for who in room.award_members:
        room.ballot(who, y, 2)
    room.after_award()
    assert str(room.tender.lot.winner_org) == y


def test_the_roster_must_fit_the_plan_that_was_fixed_before_the_notice(room: Room) -> None:
    members = room.posts()
    four = dict(list(members.items())[:4])
    assert refused(RuleBroken, room.open_award, members=four) == "award.members_differ"
    assert refused(RuleBroken, room.open_award, members=four | {str(room.tender.agency.person): "定标成员"}) == "award.not_a_member"
    assert refused(RuleBroken, room.open_award, plan_sha256="00" * 32) == "award.plan_other"
    assert refused(RuleBroken, room.open_award, members={"nobody": "定标成员"}) == "evaluation.body"
    other = room.tender.crowd.join(Role.TENDERER, "云川市交通投资有限公司")
    assert refused(NotAllowed, room.open_award, other) == "award.open.not_allowed"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(services, "awaits_award", lambda lot: False)
        assert refused(WrongState, room.open_award) == "award.open.lot_state"
    room.open_award()
    assert refused(WrongState, room.open_award) == "award.open.twice"


def test_a_ballot_needs_a_reason_with_its_page_and_a_seat_in_the_committee(room: Room) -> None:
    room.voting()
    who, choice = room.award_members[0], room.candidates[0]
    assert refused(RuleBroken, room.ballot, who, choice, reasons=[]) == "ballot.reason_missing"
    outside = room.tender.crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name)
    assert refused(NotAllowed, room.ballot, outside, choice) == "award.vote.not_allowed"
    with pytest.raises(NotFound):
        view(room, outside)
    with pytest.raises(NotFound):
        view(room, room.tender.bidders[0])


def test_the_matrix_shows_price_and_scores_and_the_host_sees_no_ballot(room: Room) -> None:
    room.voting()
    seen = view(room, room.award_members[0])
    assert all(row.total and row.technical and row.price_score and row.code.startswith("T-") for row in seen.candidates)
    for who in room.award_members:
        room.ballot(who, room.candidates[0])
    host = view(room, room.tender.centre)
    assert host.rounds == () and host.candidates == () and host.result is not None


@pytest.mark.on_both
def test_who_may_be_named_is_shown_to_the_tenderer_alone(room: Room) -> None:
    tenderer = room.tender.tenderer
    named = room.tender.door.read(lambda session: queries.eligible(session, tenderer.actor, room.number))
    assert {one.id for one in named} == {one.person for one in room.award_members}
    with pytest.raises(NotFound):
        room.tender.door.read(lambda session: queries.eligible(session, room.tender.centre.actor, room.number))
