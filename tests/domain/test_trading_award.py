"""Award plans, the evaluation's report, the award notice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from tests.builders.trading import digest, plan
from trading.domain.award import AcceptedReport, AwardNotice, Choice, Recommended, check_choice, check_notice, check_report
from trading.domain.award_plan import AwardMethod, AwardPlan, check_plan
from trading.domain.clock import LegalRegime

A, B, C, D = (OrgId(UUID(int=n)) for n in range(1, 5))


def examine(made: dict[str, Any], signed: str = "", regime: LegalRegime = LegalRegime.CONSTRUCTION) -> AwardPlan:
    read = AwardPlan.read(made)
    check_plan(read, signed or digest(made), digest(made), regime)
    return read


def test_a_plan_is_read_and_found_good() -> None:
    read = examine(plan())
    assert read.separation and read.method is AwardMethod.DIRECT_VOTE and read.members == 5
    assert not examine(plan("RANK_ONE")).separation
    zone = {"number": "国函〔2026〕3号", "text": "试验区采购人可以实行评定分离", "name": "批复.pdf", "sha256": "ab" * 32, "size": 9}
    assert examine(plan(members=7, quorum=4, special_rule=zone), regime=LegalRegime.GOVERNMENT_PROCUREMENT).quorum == 4


@pytest.mark.parametrize(
    ("made", "code", "article"),
    [
        (plan("RANK_ONE", members=5), "award_plan.rank_one_needs_nothing", "招标投标法实施条例第五十五条"),
        (plan("RANK_ONE", publicity="after_award"), "award_plan.rank_one_needs_nothing", "招标投标法实施条例第五十五条"),
        (plan(publicity="never"), "body.malformed", ""),
        (plan(factors=[{"id": "1", "name": "信用", "definition": "信用评价"}]), "body.malformed", ""),
        (plan("RANK_ONE", quorum=5), "award_plan.rank_one_needs_nothing", "招标投标法实施条例第五十五条"),
        (plan("RANK_ONE", ties=["price"]), "award_plan.rank_one_needs_nothing", "招标投标法实施条例第五十五条"),
        (plan(legal_basis=""), "award_plan.basis_missing", "招标投标法实施条例第五十五条"),
        (plan(region_rule=""), "award_plan.basis_missing", "招标投标法实施条例第五十五条"),
        (plan(members=3, quorum=3), "award_plan.members_unfit", ""),
        (plan(members=6, quorum=6), "award_plan.members_unfit", ""),
        (plan(quorum=2), "award_plan.quorum_unfit", ""),
        (plan(quorum=6), "award_plan.quorum_unfit", ""),
        (plan(ties=[]), "award_plan.ties_unfit", ""),
        (plan(ties=["price", "price"]), "award_plan.ties_unfit", ""),
        (plan(ties=["luck"]), "body.malformed", ""),
        (plan(method="COIN"), "body.malformed", ""),
        (plan(factors=[]), "body.malformed", ""),
        (plan(factors=[{"name": "信用", "definition": "信用评价", "x": 1}]), "body.malformed", ""),
        (plan(extra=1), "body.malformed", ""),
    ],
)
def test_a_plan_that_breaks_a_rule_is_refused(made: dict[str, Any], code: str, article: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        examine(made)
    assert (refused.value.code, refused.value.article) == (code, article)


POINTS = [{"name": "履约", "definition": "近三年履约评价", "weight": "60"}, {"name": "价格", "definition": "报价合理性", "weight": "40"}]
POSTS = ["主要负责人", "技术负责人"]
GOOD: list[dict[str, Any]] = [
    plan("ELIMINATION_VOTE", abstention=True, fall_out="go_on", quorum=3, selection="drawn"),
    plan("VOTE_THEN_DRAW", keep=3),
    plan("PRICE_COMPETITION", price={"goal": "lowest"}),
    plan("PRICE_COMPETITION", price={"goal": "nearest", "mark": "mean", "factor": "0.97"}),
    plan("COLLECTIVE_DELIBERATION", posts=POSTS, chair_post="主要负责人"),
    plan("SCORING_AWARD", factors=POINTS, places=1),
]


@pytest.mark.parametrize("made", GOOD, ids=lambda made: str(made["method"]))
def test_each_method_has_a_plan_that_says_what_it_needs(made: dict[str, Any]) -> None:
    assert examine(made).method.value == made["method"]


def test_factors_have_ids_and_a_formula_its_figures() -> None:
    assert [factor.id for factor in examine(GOOD[-1]).factors] == ["F1", "F2"]
    rule = examine(GOOD[3]).price
    assert rule is not None and (rule.goal.value, rule.factor) == ("nearest", "0.97")
    assert examine(plan(factors=[{"id": "K", "name": "信用", "definition": "信用评价", "shown": "评标报告"}])).factors[0].id == "K"


@pytest.mark.parametrize(
    ("made", "code"),
    [
        (plan(ties=["draw", "price"]), "award_plan.ties_unfit"),
        (plan("VOTE_THEN_DRAW", keep=2), "award_plan.keep_unfit"),
        (plan(keep=3), "award_plan.keep_unused"),
        (plan("PRICE_COMPETITION"), "award_plan.price_missing"),
        (plan(price={"goal": "lowest"}), "award_plan.price_unused"),
        (plan("COLLECTIVE_DELIBERATION"), "award_plan.chair_missing"),
        (plan("COLLECTIVE_DELIBERATION", chair_post="厂长"), "award_plan.chair_no_post"),
        (plan("SCORING_AWARD"), "award_plan.weights_missing"),
        (plan("SCORING_AWARD", factors=[POINTS[0], {"name": "价格", "definition": "报价"}]), "award_plan.weights_missing"),
        (plan("SCORING_AWARD", factors=POINTS[:1]), "award_plan.weights_unfit"),
        (plan(factors=POINTS), "award_plan.weights_unused"),
        (plan("PRICE_COMPETITION", price={"goal": "lowest"}, abstention=True), "award_plan.abstention_unused"),
        (plan(posts=["负责人", "负责人"]), "award_plan.posts_twice"),
        (plan(factors=[POINTS[0] | {"weight": ""}, POINTS[0] | {"weight": ""}]), "award_plan.factors_twice"),
        (plan("SCORING_AWARD", factors=[POINTS[0] | {"weight": "6O"}]), "body.malformed"),
        (plan("PRICE_COMPETITION", price={"goal": "nearest", "mark": "mean", "factor": "0"}), "body.malformed"),
        (plan("PRICE_COMPETITION", price={"goal": "nearest", "mark": "mean", "factor": "x"}), "body.malformed"),
        (plan("RANK_ONE", posts=["负责人"]), "award_plan.rank_one_needs_nothing"),
    ],
)
def test_a_plan_that_does_not_fit_its_method_is_refused(made: dict[str, Any], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        examine(made)
    assert refused.value.code == code


def test_a_plan_under_another_digest_is_refused() -> None:
    with pytest.raises(RuleBroken, match=r"award_plan\.digest_other"):
        examine(plan(), signed="00" * 32)


def test_procurement_does_not_separate_the_award_without_a_local_rule() -> None:
    with pytest.raises(RuleBroken) as refused:
        examine(plan(region_rule=""), regime=LegalRegime.GOVERNMENT_PROCUREMENT)
    assert (refused.value.code, refused.value.article) == ("award_plan.separation_forbidden", "政府采购法实施条例第四十三条")


def report(orgs: tuple[OrgId, ...], ranked: bool) -> AcceptedReport:
    return AcceptedReport("ab" * 32, "cd" * 32, ranked, tuple(Recommended(org, Money(100)) for org in orgs))


def test_equal_candidates_share_their_rank_and_the_third_place_may_have_several() -> None:
    shared = tuple(Recommended(org, Money(100), rank) for org, rank in zip((A, B, C, D), (1, 1, 3, 3), strict=True))
    told = AcceptedReport("ab" * 32, "cd" * 32, True, shared)
    check_report(told, separation=False)
    assert told.ranks == (1, 1, 3, 3) and report((A, B), True).ranks == (1, 2) and report((A, B), False).ranks == (0, 0)


def test_one_of_the_first_is_chosen_with_a_reason() -> None:
    said = {"winner": str(B), "report_sha256": "ab" * 32, "reason": "按招标文件，注册资本较高者"}
    choice = Choice.read(said)
    check_choice(choice, "ab" * 32, (A, B))
    assert (choice.winner, choice.reason) == (B, "按招标文件，注册资本较高者")
    for report_sha256, first, code in (("cd" * 32, (A, B), "award_choice.report_other"), ("ab" * 32, (A, C), "award_choice.not_first")):
        with pytest.raises(RuleBroken) as refused:
            check_choice(choice, report_sha256, first)
        assert refused.value.code == code
    for wrong in ({**said, "reason": ""}, {**said, "price": 1}):
        with pytest.raises(RuleBroken):
            Choice.read(wrong)


def test_reports_that_fit_the_plan_are_accepted() -> None:
    check_report(report((A, B, C), True), separation=False)
    check_report(report((A, B, C, D), False), separation=True)


@pytest.mark.parametrize(
    ("orgs", "ranked", "separation", "code"),
    [
        ((A,), True, True, "report.ranking_unfit"),
        ((A,), False, False, "report.ranking_unfit"),
        ((), True, False, "report.candidates_unfit"),
        ((A, A), True, False, "report.candidates_unfit"),
        ((A, B, C, D), True, False, "report.too_many_candidates"),
    ],
)
def test_reports_that_do_not_fit_are_refused(orgs: tuple[OrgId, ...], ranked: bool, separation: bool, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_report(report(orgs, ranked), separation)
    assert (refused.value.code, refused.value.article) == (code, "招标投标法实施条例第五十三条")


DECIDED = AwardNotice(A, Money(100), "ef" * 32)


def test_an_award_notice_is_read_and_must_say_what_was_decided() -> None:
    read = AwardNotice.read({"winner": str(A), "price_fen": 100, "result_sha256": "ef" * 32})
    check_notice(read, DECIDED)


@pytest.mark.parametrize(
    ("notice", "code"),
    [
        (AwardNotice(B, Money(100), "ef" * 32), "award_notice.winner_other"),
        (AwardNotice(A, Money(99), "ef" * 32), "award_notice.price_other"),
        (AwardNotice(A, Money(100), "00" * 32), "award_notice.result_other"),
    ],
)
def test_an_award_notice_that_says_something_else_is_refused(notice: AwardNotice, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_notice(notice, DECIDED)
    assert refused.value.code == code


def test_an_award_notice_with_a_stranger_member_is_refused() -> None:
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        AwardNotice.read({"winner": str(A), "price_fen": 100, "result_sha256": "ef" * 32, "x": 1})
