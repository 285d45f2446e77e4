"""Votes to reject: listed grounds alone, the majority decides and is never lost, the minority stands beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from evaluation.domain.preliminary import Finding
from evaluation.domain.rejection import (
    GROUNDS,
    STAYS,
    BidVote,
    Competition,
    CompetitionVoteBody,
    Decision,
    RejectionVoteBody,
    article_of,
    challenged,
    competition_without_vote,
    count_competition,
    decide,
)
from trading.domain.clock import LegalRegime
from trading.domain.review_plan import ReviewPlan, plan_of

WORKS, PURCHASE = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT


def ballot(**ground_of: str) -> dict[str, Any]:
    return {"votes": [{"bid": bid.replace("_", "-"), "ground": ground, "reason": "见第3页"} for bid, ground in ground_of.items()]}


def test_a_vote_is_held_on_what_any_member_failed_and_on_nothing_else() -> None:
    passed, failed = Finding("T-10", "a", True, ""), Finding("T-20", "a", False, "缺章")
    assert challenged([[passed, Finding("T-20", "a", True, "")], [passed, failed]]) == ("T-20",)
    assert challenged([[passed], [passed]]) == ()


def test_a_ballot_names_every_bid_once_with_a_listed_ground_and_a_reason() -> None:
    read = RejectionVoteBody.read(ballot(T_10="no_signature", T_20=STAYS), ["T-20", "T-10"], WORKS)
    assert [(vote.bid, vote.rejects) for vote in read.votes] == [("T-10", True), ("T-20", False)]
    for body, code in (
        (ballot(T_10=STAYS), "rejection.vote.incomplete"),
        ({"votes": [*ballot(T_10=STAYS)["votes"] * 2]}, "rejection.vote.incomplete"),
        (ballot(T_10="no_deposit", T_20=STAYS), "rejection.vote.ground"),
        ({"votes": [{"bid": "T-10", "ground": STAYS, "reason": " "}]}, "rejection.vote.reason"),
        (ballot(T_10="", T_20=STAYS), "evaluation.body"),
    ):
        with pytest.raises(RuleBroken) as refused:
            RejectionVoteBody.read(body, ["T-10", "T-20"], WORKS)
        assert refused.value.code == code


def test_each_family_has_its_own_grounds_each_with_its_article() -> None:
    assert {article_of(ground.id) for ground in GROUNDS[WORKS]} == {ground.article for ground in GROUNDS[WORKS]}
    assert len(GROUNDS[WORKS]) == 9 and "第五十一条第七项" in article_of("unfair_dealing") and "第六十三条" in article_of("no_deposit")
    assert not {ground.id for ground in GROUNDS[WORKS]} & {ground.id for ground in GROUNDS[PURCHASE]}


def test_the_majority_decides_and_both_sides_are_recorded() -> None:
    against, keeping = [BidVote("T-10", "no_signature", "x")], [BidVote("T-10", STAYS, "y")]
    found = decide({"1": against, "10": against, "2": keeping, "3": [BidVote("T-10", "not_responsive", "z")], "4": keeping})
    assert found == (Decision("T-10", True, ("1", "3", "10"), ("2", "4"), {"no_signature": 2, "not_responsive": 1}),)
    assert found[0].to_json()["keeping"] == ["2", "4"]
    assert not decide({"1": against, "2": keeping})[0].rejected  # equal sides reject nobody


@given(st.lists(st.sampled_from((STAYS, *(ground.id for ground in GROUNDS[WORKS]))), min_size=1, max_size=15))
def test_a_majority_is_never_lost_and_nobody_is_counted_twice(grounds: list[str]) -> None:
    [decision] = decide({str(seat): [BidVote("T-10", ground, "r")] for seat, ground in enumerate(grounds, 1)})
    against = sum(ground != STAYS for ground in grounds)
    assert decision.rejected == (against > len(grounds) - against)
    assert sorted((*decision.against, *decision.keeping), key=int) == [str(seat) for seat in range(1, len(grounds) + 1)]
    assert sum(decision.grounds.values()) == len(decision.against) == against


def test_fewer_than_three_bids_are_the_committees_question_in_works_and_the_laws_in_procurement() -> None:
    assert competition_without_vote(3, WORKS) is competition_without_vote(3, PURCHASE) is Competition.ENOUGH
    assert competition_without_vote(2, WORKS) is None
    assert competition_without_vote(1, PURCHASE) is Competition.ABANDONED


@given(st.lists(st.booleans(), min_size=1, max_size=15))
def test_competition_is_lacking_for_more_than_half_alone(votes: list[bool]) -> None:
    found = count_competition({str(seat): vote for seat, vote in enumerate(votes)})
    assert (found is Competition.LACKING) == (sum(votes) > len(votes) - sum(votes))


def test_a_vote_on_competition_is_for_its_stage_and_has_a_reason() -> None:
    said = {"stage": "review", "lacking": True, "reason": "仅剩两家且报价接近上限"}
    assert CompetitionVoteBody.read(said, "review").lacking
    for wrong, code in ((said | {"stage": "prices"}, "competition.vote.stage"), (said | {"reason": " "}, "competition.vote.reason")):
        with pytest.raises(RuleBroken) as refused:
            CompetitionVoteBody.read(wrong, "review")
        assert refused.value.code == code


# What the tender document says of the review

CHECK = {"id": "paper", "group": "formality", "text": "用所附格式", "article": "招标文件第三章"}
LIMITS = {"of_mean": "50", "of_second_lowest": "50", "of_ceiling": "45.5"}


def test_a_plan_is_kept_as_it_was_signed_and_missing_is_empty() -> None:
    said = {"checks": [CHECK], "low_price": LIMITS, "price_check": True}
    assert plan_of(said).to_json() == said
    assert plan_of(None) == ReviewPlan() and "low_price" not in ReviewPlan().to_json()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"checks": [CHECK, CHECK], "price_check": False}, "document.review_check_twice"),
        ({"checks": [CHECK | {"group": "other"}], "price_check": False}, "document.review_check"),
        ({"checks": [CHECK | {"id": "No 1"}], "price_check": False}, "document.review_check"),
        ({"checks": [], "low_price": LIMITS | {"of_mean": "150"}, "price_check": False}, "document.review_limit"),
        ({"checks": [], "price_check": False, "more": 1}, "body.malformed"),
    ],
)
def test_a_malformed_plan_is_refused(said: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        ReviewPlan.read(Body(said))
    assert refused.value.code == code
