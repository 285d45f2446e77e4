"""Who may sit in the award committee and follow, and what its members may sign: by values."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.ids import PersonId
from evaluation.domain import award_lots
from evaluation.domain.award_ballot import Reason, Round, Sources, check_reasons, places_of, read_ballot, read_opinion
from evaluation.domain.award_methods import Outcome, Standing
from evaluation.domain.award_roster import (
    OpenBody,
    ReplaceBody,
    Roster,
    Vacancy,
    chair_of,
    check_roster,
    check_successor,
    drawn_seats,
    lots_request,
    next_in_line,
    posts_of,
)
from evaluation.domain.award_session import State, awaits_ballots, before_start
from tests.builders.trading import plan
from trading.domain.award_plan import AwardPlan
from trading.domain.lots_drawn import DrawAction
from trading.domain.score_rules import titles

P = [PersonId(UUID(int=n)) for n in range(1, 10)]
X, Y = str(UUID(int=31)), str(UUID(int=32))
POSTS: dict[str, Any] = {"posts": ["负责人", "成员"], "chair_post": "负责人"}
FACTORS = [
    {"id": "K", "name": "履约", "definition": "评价", "weight": "60"},
    {"id": "L", "name": "价格", "definition": "合理", "weight": "40"},
]
PAPER = "ab" * 32
REASON = {"text": "业绩最多", "source": PAPER, "page": 3}


def read(method: str = "DIRECT_VOTE", **changes: Any) -> AwardPlan:
    return AwardPlan.read(plan(method, **changes))


def code(act: Any, *given: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act(*given)
    return refusal.value.code


def roster(count: int = 5, posts: tuple[str, ...] = (), employed: int = 9, *evaluators: PersonId) -> Roster:
    members = {one: (posts[at] if at < len(posts) else "成员") for at, one in enumerate(P[:count])}
    return Roster(members, frozenset(P[:employed]), frozenset(evaluators))


def test_the_body_of_an_opening_names_persons_and_posts() -> None:
    said = OpenBody.read({"plan_sha256": PAPER, "members": {str(P[1]): "成员", str(P[0]): "负责人"}})
    assert said.members == {P[0]: "负责人", P[1]: "成员"} and posts_of({str(P[0]): "成员"}) == {P[0]: "成员"}
    assert code(OpenBody.read, {"plan_sha256": PAPER, "members": {"nobody": "成员"}}) == "evaluation.body"


def test_the_body_of_a_replacement_may_leave_either_side_empty() -> None:
    said = ReplaceBody.read({"member": str(P[0]), "successor": "", "post": "", "reason": "因公出差"})
    assert (said.member, said.successor) == (P[0], None)
    said = ReplaceBody.read({"member": "", "successor": str(P[1]), "post": " 成员 ", "reason": "因公出差"})
    assert (said.member, said.successor, said.post) == (None, P[1], "成员")


@pytest.mark.parametrize(
    ("made", "held", "refusal"),
    [
        (read(), roster(4), "award.members_differ"),
        (read(selection="drawn"), roster(5), "award.list_too_short"),
        (read(), roster(5, (), 4), "award.not_a_member"),
        (read(), roster(5, (), 9, P[2]), "award.evaluated_before"),
        (read("COLLECTIVE_DELIBERATION", **POSTS), roster(5, ("厂长",)), "award.post_unfit"),
        (read("COLLECTIVE_DELIBERATION", **POSTS), roster(5), "award.one_chair"),
        (read("COLLECTIVE_DELIBERATION", **POSTS), roster(5, ("负责人", "负责人")), "award.one_chair"),
    ],
)
def test_a_list_that_the_plan_does_not_allow_is_refused(made: AwardPlan, held: Roster, refusal: str) -> None:
    assert code(check_roster, made, held) == refusal


def test_lists_that_fit() -> None:
    check_roster(read(), roster())
    check_roster(read(selection="drawn"), roster(7))
    check_roster(read("COLLECTIVE_DELIBERATION", **POSTS), roster(5, ("负责人",)))


CHAIRED = read("COLLECTIVE_DELIBERATION", **POSTS)
DRAWN = read("VOTE_THEN_DRAW", keep=3, selection="drawn")
LEFT = Vacancy("成员", frozenset(P[:5]))
IN_LINE = Vacancy("成员", frozenset(P[:5]), tuple(str(one) for one in P[:7]))


@pytest.mark.parametrize(
    ("made", "comes", "vacancy", "held", "refusal"),
    [
        (read(), (P[0], "成员"), LEFT, roster(), "award.replace.sat_before"),
        (read(), (P[6], "成员"), LEFT, roster(5, (), 5), "award.not_a_member"),
        (read(), (P[6], "成员"), LEFT, roster(5, (), 9, P[6]), "award.evaluated_before"),
        (CHAIRED, (P[6], "厂长"), LEFT, roster(), "award.post_unfit"),
        (CHAIRED, (P[6], "负责人"), LEFT, roster(), "award.one_chair"),
        (CHAIRED, (P[6], "成员"), Vacancy("负责人", frozenset()), roster(), "award.one_chair"),
        (DRAWN, (P[6], "成员"), IN_LINE, roster(7), "award.replace.not_next"),
        (DRAWN, (P[5], "财务"), IN_LINE, roster(7), "award.replace.not_next"),
    ],
)
def test_a_successor_who_may_not_follow_is_refused(
    made: AwardPlan, comes: tuple[PersonId, str], vacancy: Vacancy, held: Roster, refusal: str
) -> None:
    assert code(check_successor, made, *comes, vacancy, held) == refusal


def test_successors_who_may_follow() -> None:
    check_successor(read(), P[6], "成员", LEFT, roster())
    check_successor(CHAIRED, P[6], "负责人", Vacancy("负责人", frozenset()), roster())
    check_successor(DRAWN, P[5], "成员", IN_LINE, roster(7))
    check_successor(DRAWN, P[8], "成员", LEFT, roster(7))  # nobody is left in the line: the tenderer names somebody


def test_the_chair_sits_by_post_and_the_others_are_drawn() -> None:
    members = {P[1]: "成员", P[0]: "负责人", P[2]: "成员"}
    assert chair_of(CHAIRED, members) == P[0] and chair_of(read(), members) is None
    assert drawn_seats(CHAIRED, members) == (4, (str(P[1]), str(P[2])))
    assert drawn_seats(DRAWN, members) == (5, tuple(str(one) for one in P[:3]))
    asked = lots_request(["b", "a"], 1)
    assert asked["pool"] == [{"id": one, "strata": ["award"], "org": None} for one in ("a", "b")]
    assert asked["strata"] == [{"id": "award", "quota": 1}]
    assert next_in_line([str(P[0])], frozenset(P)) is None
    assert any(row.action is DrawAction.COMMIT for row in award_lots.MOVES)


# What members sign


def now(method: str = "DIRECT_VOTE", output: str = "", **changes: Any) -> Round:
    return Round(plan=read(method, **changes), number=1, standing=(X, Y), output_sha256=output)


def ballot(**changes: Any) -> dict[str, Any]:
    return {"round": 1, "choice": X, "reasons": [REASON]} | changes


def scored(scores: object) -> dict[str, Any]:
    return {"round": 1, "scores": scores, "reasons": [REASON]}


FULL = {"K": "60", "L": "39.5"}
CHECKED = {"round": 1, "output_sha256": PAPER, "reasons": [REASON]}
LOWEST = now("PRICE_COMPETITION", PAPER, price={"goal": "lowest"})


@pytest.mark.parametrize(
    ("body", "at", "refusal"),
    [
        (ballot(round=2), now(), "ballot.round"),
        (ballot(choice="Z"), now(), "ballot.choice"),
        (ballot(choice=""), now(), "ballot.choice"),
        (ballot(reasons=[]), now(), "ballot.reason_missing"),
        ([], now("SCORING_AWARD", factors=FACTORS), "evaluation.body"),
        (
            {"round": 1, "output_sha256": "cd" * 32, "reasons": [REASON]},
            now("PRICE_COMPETITION", PAPER, price={"goal": "lowest"}),
            "ballot.output_other",
        ),
        (scored({}), now("SCORING_AWARD", factors=FACTORS), "ballot.scores_missing"),
        (scored("full"), now("SCORING_AWARD", factors=FACTORS), "ballot.scores_missing"),
        (scored({X: FULL, Y: {"K": "1"}}), now("SCORING_AWARD", factors=FACTORS), "ballot.scores_missing"),
        (scored({X: FULL, Y: "full"}), now("SCORING_AWARD", factors=FACTORS), "ballot.scores_missing"),
        (scored({X: FULL, Y: FULL | {"K": "60.5"}}), now("SCORING_AWARD", factors=FACTORS), "ballot.score_unfit"),
        (scored({X: FULL, Y: FULL | {"K": "1e1"}}), now("SCORING_AWARD", factors=FACTORS), "ballot.score_unfit"),
        (scored({X: FULL, Y: FULL | {"K": 1}}), now("SCORING_AWARD", factors=FACTORS), "ballot.score_unfit"),
    ],
)
def test_a_ballot_that_does_not_fit_its_round_is_refused(body: object, at: Round, refusal: str) -> None:
    assert code(read_ballot, body, at) == refusal


def test_ballots_of_each_kind() -> None:
    said = read_ballot(ballot(), now())
    assert said.org == UUID(X) and said.voice("m").choice == X and said.kept() == {"scores": None, "opinion": ""}
    none = read_ballot(ballot(choice=""), now(abstention=True))
    assert none.org is None and none.voice("m").choice is None
    scores = read_ballot(scored({X: FULL, Y: FULL}), now("SCORING_AWARD", factors=FACTORS))
    assert scores.kept()["scores"] == {X: FULL, Y: FULL}
    assert read_ballot(CHECKED, LOWEST).choice == ""


def test_an_opinion_names_a_candidate_and_says_something() -> None:
    said = read_opinion(ballot(opinion=" 履约情况好。 "), now("COLLECTIVE_DELIBERATION", **POSTS))
    assert (said.choice, said.opinion) == (X, "履约情况好。")
    assert code(read_opinion, ballot(opinion="好"), now("COLLECTIVE_DELIBERATION", **POSTS)) == "evaluation.body"


def test_a_reason_points_to_what_exists() -> None:
    sources = Sources({PAPER: 4, "cd" * 32: None}, places_of(read()))
    check_reasons(
        [Reason("x", PAPER, 4), Reason("x", "cd" * 32, 9_999), Reason("x", "factor:F1", 0), Reason("x", "report:scores", 0)], sources
    )
    assert Reason("x", PAPER, 1).is_paper and not Reason("x", "factor:F1", 0).is_paper
    for wrong, refusal in (
        (Reason("x", PAPER, 5), "ballot.page_unknown"),
        (Reason("x", PAPER, 0), "ballot.page_unknown"),
        (Reason("x", "factor:F1", 1), "ballot.page_unknown"),
        (Reason("x", "factor:F9", 0), "ballot.source_unknown"),
    ):
        assert code(check_reasons, [wrong], sources) == refusal


def test_small_words() -> None:
    assert before_start(State.SIGN_IN) and not before_start(State.VOTING) and awaits_ballots(State.VOTING)
    won = Standing(Outcome.WON, ({"votes": {X: 3}},), winner=X, how="majority").to_json(read())
    assert won == {"method": "DIRECT_VOTE", "rounds": [{"votes": {X: 3}}], "winner": X, "how": "majority"}
    assert titles({}) == {} and titles({"criteria": [{"id": "a", "title": "方案"}, {"id": "b"}]}) == {"a": "方案"}
