"""Award sessions of every method through the services, on both databases: successors, deliberation, points, formula, lots."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.award_session import State
from evaluation.queries import award_lots
from evaluation.queries import awards as queries
from evaluation.queries.awards import AwardView
from evaluation.services import award_lots as lots_services
from evaluation.services import award_moments
from evaluation.services.award_moments import Moment
from tests.builders.evaluation import Room
from tests.builders.people import Person
from tests.builders.stages import DECIDING, begins, planned
from tests.builders.trading import digest, plan
from trading.domain.award_plan import AwardPlan, check_plan
from trading.domain.clock import LegalRegime
from trading.domain.lots_drawn import PATIENCE
from trading.models.lot import Lot

pytestmark = [pytest.mark.begins(DECIDING), pytest.mark.sqlite_alone]

LISTED = begins("members are drawn from a list of seven", lambda room: planned(room, selection="drawn").ready().deciding(7))
POSTS = {"posts": ["主要负责人", "部门代表"], "chair_post": "主要负责人"}
POINTS = [
    {"id": "F1", "name": "履约", "definition": "履约评价", "weight": "60"},
    {"id": "F2", "name": "价格", "definition": "合理", "weight": "40"},
]


@pytest.fixture
def make(room: Room) -> Any:
    """A room whose candidates are public, with an award plan of that method in its row, as if it had been fixed before the notice."""

    def made(method: str, **changes: Any) -> Room:
        held = plan(method, **changes)
        read, named = AwardPlan.read(held), digest(held)
        check_plan(read, named, named, LegalRegime.CONSTRUCTION)
        its = {"award_plan": held, "award_plan_sha256": named, "separation": read.separation}
        room.tender.step(lambda work, lot: work.session.execute(update(Lot).where(Lot.id == lot).values(its)))
        return room

    return made


def refused(kind: type[Refusal], act: object, *given: object, **more: object) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)  # type: ignore[operator]
    return refusal.value.code


def view(room: Room, who: Person) -> AwardView:
    return room.tender.door.read(lambda session: queries.view(session, who.actor, room.number))


def newcomer(room: Room) -> Person:
    return room.tender.crowd.join(Role.AWARD_MEMBER, room.tender.tenderer.org_name)


@pytest.mark.on_both
def test_a_missing_member_is_replaced_before_the_start_and_a_recused_one_too(make: Any) -> None:
    room = make("DIRECT_VOTE")
    room.open_award()
    first, *others = room.award_members
    for who in others:
        room.award_sign_in(who)
    assert refused(WrongState, room.award_sign_in, others[0]) == "award.sign_in.twice"
    assert refused(WrongState, room.award_declare, others[0]) == "award.declare.wrong_state"
    assert refused(RuleBroken, room.replace_member, None, newcomer(room)) == "award.replace.nobody_missing"
    assert refused(RuleBroken, room.replace_member, first, None) == "award.replace.successor_missing"
    assert refused(RuleBroken, room.replace_member, first, others[0]) == "award.replace.sat_before"
    assert refused(RuleBroken, room.replace_member, first, room.tender.agency) == "award.not_a_member"
    second = newcomer(room)
    room.replace_member(first, second)
    assert refused(NotAllowed, room.award_sign_in, first) == "award.sign_in.not_allowed"
    assert room.award_sign_in(second)["state"] == "recusal"
    assert room.award_declare(second, "配偶在候选人单位任职") == {"state": "sign_in", "round": 1}
    seen = view(room, room.tender.tenderer)
    assert seen.vacancy and [one.has_left for one in seen.members] == [True, False, False, False, False, True]
    third = newcomer(room)
    room.replace_member(None, third)
    room.award_sign_in(third)
    for who in (*others, third):
        answer = room.award_declare(who)
    assert answer == {"state": "voting", "round": 1}
    assert [one.successor for one in view(room, room.tender.tenderer).members if one.has_left] == [6, 7]
    for who in (*others, third):
        room.ballot(who, room.candidates[0])
    assert room.winner == room.candidates[0]


def test_who_falls_out_later_makes_it_start_again_and_ballots_before_are_void(make: Any) -> None:
    room = make("DIRECT_VOTE").voting()
    x, y, _ = room.candidates
    one, two, *rest = room.award_members
    room.ballot(one, y)
    assert refused(WrongState, room.replace_member, one, newcomer(room)) == "award.replace.has_voted"
    assert refused(WrongState, room.replace_member, two, None) == "award.replace.starts_again"
    comes = newcomer(room)
    assert room.replace_member(two, comes) == {"state": "sign_in", "round": 1}
    room.award_sign_in(comes)
    room.award_declare(comes)
    assert view(room, one).rounds == () and not view(room, one).members[0].voted
    for who in (one, comes, *rest):
        answer = room.ballot(who, x, 2)
    assert answer["state"] == "decided" and room.winner == x
    assert refused(WrongState, room.replace_member, one, newcomer(room)).endswith("wrong_state")


def test_by_the_plan_the_others_go_on_while_they_are_enough(make: Any) -> None:
    room = make("DIRECT_VOTE", quorum=4, fall_out="go_on").voting()
    x, y, _ = room.candidates
    one, two, *rest = room.award_members
    for who in (one, *rest):
        room.ballot(who, x)
    assert view(room, room.tender.tenderer).rounds == ()
    assert refused(WrongState, room.replace_member, two, newcomer(room)) == "award.replace.goes_on"
    assert room.replace_member(two, None)["state"] == "decided"  # the round was waiting for this member alone
    assert room.winner == x and refused(NotAllowed, room.ballot, two, y) == "award.vote.not_allowed"


@pytest.mark.on_both
def test_after_everybodys_opinion_the_chair_decides(make: Any) -> None:
    room = make("COLLECTIVE_DELIBERATION", **POSTS).voting()
    chair, *others = room.award_members
    x, y, _ = room.candidates
    assert view(room, chair).state is State.DELIBERATION and view(room, chair).me.is_chair  # type: ignore[union-attr]
    assert refused(WrongState, room.opinion, chair, x) == "award.chair_speaks_last"
    assert refused(WrongState, room.ballot, chair, x) == "award.vote.wrong_state"
    for who in others[:-1]:
        room.opinion(who, x)
    assert view(room, room.tender.tenderer).rounds == ()
    assert room.opinion(others[-1], y)["state"] == "voting"
    told = view(room, chair).rounds[0].ballots
    assert [one.choice for one in told] == [x, x, x, y] and all(one.is_opinion and one.opinion for one in told)
    assert refused(WrongState, room.ballot, others[0], x) == "award.chair_decides"
    assert room.ballot(chair, y)["state"] == "decided"
    decided = view(room, room.tender.supervisor)
    assert decided.result is not None and decided.result["how"] == "chair" and len(decided.rounds[0].ballots) == 5


@pytest.mark.on_both
def test_members_score_the_factors_and_the_mean_decides(make: Any) -> None:
    room = make("SCORING_AWARD", factors=POINTS, places=1).voting()
    orgs = room.candidates
    sheets = {org: {"F1": str(50 + place), "F2": "30.5"} for place, org in enumerate(orgs)}
    one = room.award_members[0]
    assert refused(RuleBroken, room.cast, one, scores={}) == "ballot.scores_missing"
    assert refused(RuleBroken, room.cast, one, scores=sheets | {orgs[0]: {"F1": "61", "F2": "0"}}) == "ballot.score_unfit"
    assert refused(RuleBroken, room.cast, one, scores=sheets | {orgs[0]: {"F1": "61"}}) == "ballot.scores_missing"
    for who in room.award_members:
        room.cast(who, scores=sheets)
    result = view(room, one).result
    assert result is not None and (result["winner"], result["rounds"][0]["scores"][orgs[2]]) == (orgs[2], "82.5")


def test_all_check_the_formula_and_the_nearest_price_wins(make: Any) -> None:
    room = make("PRICE_COMPETITION", price={"goal": "nearest", "mark": "second_lowest", "factor": "1"}).voting()
    seen = view(room, room.award_members[0])
    assert seen.output is not None and seen.holds.value == "output"
    assert refused(RuleBroken, room.cast, room.award_members[0], output_sha256="00" * 32) == "ballot.output_other"
    for who in room.award_members:
        room.cast(who, output_sha256=seen.output_sha256)
    prices = sorted((one.price.fen, one.org) for one in seen.candidates)
    assert room.winner == prices[1][1]


@pytest.mark.begins(LISTED)
def test_members_are_drawn_from_the_list_and_the_next_in_line_follows(room: Room) -> None:
    assert room.open_award() == {"state": "member_draw", "round": 1}
    assert view(room, room.tender.tenderer).members == ()
    room.draw_lots(f"award-{room.tender.no}-1")
    seen = view(room, room.tender.tenderer)
    assert len(seen.members) == 5 and seen.draws[0].order[:5] == tuple(one.person for one in seen.members)
    by_id = {str(one.person): one for one in room.award_members}
    line = [by_id[one] for one in seen.draws[0].order]
    assert refused(RuleBroken, room.replace_member, line[0], line[6]) == "award.replace.not_next"
    assert seen.following == str(line[5].person)
    room.replace_member(line[0], line[5])
    room.assemble_award(line[1:6])
    for who in line[1:6]:
        room.ballot(who, room.candidates[0])
    assert room.winner == room.candidates[0]


@pytest.mark.on_both
def test_after_the_vote_lots_decide_among_those_it_kept(make: Any) -> None:
    room = make("VOTE_THEN_DRAW", keep=3)
    room.open_award()
    for who in room.award_members:
        room.award_sign_in(who)
    for who in room.award_members:
        answer = room.award_declare(who)
    assert answer["state"] == "drawing"  # three candidates: nobody to vote out
    name = f"award-{room.tender.no}-1"
    assert refused(NotFound, room.tender.door.read, lambda session: award_lots.record(session, room.number, name)) == "award_draw.not_found"
    member = room.award_members[0]
    slip = {"draw": name, "party": "tenderer", "commit": "ab" * 32}
    assert refused(NotAllowed, room.signed, member, "award_draw.commit", slip, lots_services.commit) == "award_draw.commit.not_allowed"
    assert (
        refused(RuleBroken, room.signed, room.tender.centre, "award_draw.commit", slip, lots_services.commit) == "coefficient.party.other"
    )
    room.draw_lots(name)
    drawn = view(room, room.tender.supervisor)
    assert drawn.state is State.DECIDED and drawn.result is not None and drawn.result["winner"] == drawn.draws[0].order[0]
    assert room.tender.door.read(lambda session: award_lots.record(session, room.number, name))["draw"] == name


def test_a_silent_party_is_left_out_of_the_next_draw(make: Any) -> None:
    room = make("VOTE_THEN_DRAW", keep=3).voting()
    name = f"award-{room.tender.no}-1"
    for who in room.parties[:2]:
        slip = {"draw": name, "party": who.role.value, "commit": "ab" * 32}
        room.signed(who, "award_draw.commit", slip, lots_services.commit)
    reason = {"draw": name, "reason": "招标人五分钟没有动作"}
    assert refused(WrongState, room.signed, room.tender.centre, "award_draw.redraw", reason, lots_services.redraw, step_up=True) == (
        "coefficient.redraw.early"
    )
    room.tender.jump(room.tender.now + PATIENCE)
    room.signed(room.tender.centre, "award_draw.redraw", reason, lots_services.redraw, step_up=True)
    assert view(room, room.tender.centre).draws[1].parties == ("centre", "supervisor")


def test_reasons_point_to_what_exists(make: Any) -> None:
    room = make("DIRECT_VOTE", abstention=True).voting()
    who, choice = room.award_members[0], room.candidates[0]

    def because(source: str, page: int) -> str:
        return refused(RuleBroken, room.ballot, who, choice, reasons=[{"text": "业绩好", "source": source, "page": page}])

    assert because("00" * 32, 1) == "ballot.source_unknown"
    assert because("factor:F9", 0) == "ballot.source_unknown"
    assert because("report:scores", 2) == "ballot.page_unknown"
    assert because(room.tender.lot.report_sha256, 0) == "ballot.page_unknown"
    room.ballot(who, "", reasons=[{"text": "候选人相近", "source": "report:scores", "page": 0}])


def test_whoever_listens_may_refuse_and_nothing_has_happened(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    room = make("DIRECT_VOTE")

    def missing(*_: object) -> None:
        raise RuleBroken("award.something_missing")

    monkeypatch.setitem(award_moments.LISTENERS, Moment.OPENED, (missing,))
    assert refused(RuleBroken, room.open_award) == "award.something_missing"
    assert refused(NotFound, view, room, room.tender.tenderer) == "award_session.not_found"
