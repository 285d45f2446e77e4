"""Checks before publication: what each rule finds, what it does to the notice, and how several are told at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel import clock
from core.kernel.calendar import CHINA
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.relief import Freed, Period
from tests.builders.trading import document_body, method_part, plan
from trading.domain.award_plan import AwardPlan
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import TenderDocument
from trading.domain.lot import LotAction
from trading.domain.notice import TenderNotice
from trading.domain.periods import RULES as PERIODS
from trading.domain.periods import Force
from trading.domain.project import Category
from trading.domain.readiness import Finding, ReadinessFacts, Severity, Standing, check, findings
from trading.domain.readiness_rules import RULES

NOW = datetime(2026, 9, 1, tzinfo=UTC)
RELEASE = NOW + timedelta(hours=1)
WORKS, PURCHASE = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
RATIO = {"kind": "lowest_ratio", "max": "100", "weight": "0.3"}
BUY = method_part(price=RATIO, criteria=[{"id": "goods", "part": "technical", "max": "70", "weight": "1"}])
DATED = "招标投标法第二十四条"
FREED = Freed("construction", "construction", "", Period(date(2020, 1, 1), None), "临建〔2020〕1号")


def document(**changes: Any) -> TenderDocument:
    return TenderDocument.read(document_body(**changes))


def notice(days: int = 27, **changes: Any) -> TenderNotice:
    deadline = clock.text(RELEASE + timedelta(days=days))
    body: dict[str, Any] = {"title": "招标公告", "document_sha256": "ab" * 32, "award_plan_sha256": "cd" * 32, "publicity_days": 3}
    return TenderNotice.read(body | {"release_at": clock.text(RELEASE), "deadline": deadline, "opening_at": deadline} | changes)


def deviation(code: str) -> dict[str, str]:
    people = {"drafter": str(UUID(int=1)), "approver": str(UUID(int=2)), "approver_name": "李工"}
    return {"rule": code, "reason": "工期紧", **people}


def facts(
    regime: LegalRegime = WORKS, mandatory: bool = True, category: Category = Category.CONSTRUCTION, **changes: Any
) -> ReadinessFacts:
    made = ReadinessFacts(
        now=NOW,
        law=Law(regime, mandatory, CHINA),
        category=category,
        estimate=Money.yuan("150000000.00"),
        plan=AwardPlan.read(plan("RANK_ONE" if regime is PURCHASE else "DIRECT_VOTE")),
        document=document(),
        notice=notice(),
        plan_signed=True,
        document_signed=True,
    )
    return replace(made, **changes)


def of(told: ReadinessFacts) -> dict[str, Finding]:
    return {found.code: found for found in findings(told)}


def amiss(told: ReadinessFacts) -> dict[str, str]:
    """Rule → code of what it says, of those that are not met."""
    return {code: found.refusal.code for code, found in of(told).items() if found.refusal is not None}


def test_a_lot_in_which_all_is_said_may_be_published() -> None:
    told = facts()
    assert amiss(told) == {}
    assert {found.standing for found in findings(told)} == {Standing.MET}
    check(told)


def test_nothing_is_there_yet_so_all_else_is_open_and_the_notice_is_held_back() -> None:
    told = facts(plan=None, document=None, notice=None, plan_signed=False, document_signed=False)
    assert amiss(told) == {"plan.signed": "notice.plan_missing", "document.signed": "notice.document_missing"}
    assert all(found.standing is Standing.OPEN for code, found in of(told).items() if not code.endswith(".signed"))
    assert "method.weights" not in of(told) and "plan.basis" not in of(told)  # nobody knows yet whether they are about this lot
    with pytest.raises(RuleBroken, match=r"notice\.not_ready"):
        check(told)


@pytest.mark.parametrize(
    ("changes", "code", "says", "article"),
    [
        ({"plan_signed": False}, "plan.signed", "notice.plan_missing", "招标投标法第十九条"),
        ({"plan": AwardPlan.read(plan(legal_basis=""))}, "plan.basis", "award_plan.basis_missing", "招标投标法实施条例第五十五条"),
        ({"document_signed": False}, "document.signed", "notice.document_missing", "招标投标法第十九条"),
        ({"document": replace(document(), files=())}, "document.files", "document.files_missing", "招标投标法第十九条"),
        ({"document": replace(document(), envelopes=())}, "document.envelopes", "document.envelopes_unknown", "招标投标法第十九条"),
        ({"document": document(deposit_fen=300_000_001)}, "document.deposit", "document.deposit_too_high", "招标投标法实施条例第二十六条"),
        ({"freed": FREED}, "document.freed", "document.deposit_freed", ""),
        (
            {"document": replace(document(), validity_days=0)},
            "document.validity",
            "document.validity_missing",
            "招标投标法实施条例第二十五条",
        ),
        ({"document": document(method={"method": "magic"})}, "method.form", "method.malformed", "招标投标法第十九条"),
        ({"notice": notice(19)}, "period.T3", "period.bid_time.too_short", DATED),
        ({"notice": notice(publicity_days=2)}, "period.T10A", "notice.publicity_too_short", "招标投标法实施条例第五十四条"),
        ({"now": RELEASE + timedelta(milliseconds=1)}, "notice.release", "notice.release_past", ""),
    ],
)
def test_what_is_missing_blocks_with_its_own_refusal(changes: dict[str, Any], code: str, says: str, article: str) -> None:
    told = facts(**changes)
    assert amiss(told) == {code: says}
    assert of(told)[code].severity is Severity.BLOCKS
    with pytest.raises(RuleBroken) as refused:
        check(told)
    assert (refused.value.code, refused.value.article) == (says, article)


def test_a_missing_ceiling_is_missed_in_the_document_and_in_its_method() -> None:
    told = facts(document=document(ceiling="0.00"))
    assert amiss(told) == {"document.ceiling": "document.ceiling_missing", "method.form": "method.ceiling_other"}
    with pytest.raises(RuleBroken) as refused:
        check(told)
    assert (refused.value.code, refused.value.article) == ("notice.not_ready", "招标投标法实施条例第二十七条")
    assert refused.value.facts == {"count": 2, "codes": "document.ceiling、method.form"}


def test_several_periods_are_told_at_once() -> None:
    with pytest.raises(RuleBroken) as refused:
        check(facts(notice=notice(3, publicity_days=1)))
    assert refused.value.facts == {"count": 3, "codes": "period.T2、period.T3、period.T10A"}
    assert refused.value.article == "招标投标法实施条例第十六条"


@pytest.mark.parametrize(
    ("changes", "code", "says"),
    [
        ({"document": document(escrow="none")}, "document.escrow", "document.escrow_missing"),
        ({"document": document(validity_days=30)}, "document.validity_long", "document.validity_short"),
        ({"document": document(method=method_part(tie_break=[]))}, "method.ties", "method.tie_break_missing"),
        (
            {"document": document(method=method_part(rounding={"mode": "half_up", "total": None}))},
            "method.rounding",
            "method.rounding_missing",
        ),
        ({"document": document(method=method_part(rounding=None))}, "method.rounding", "method.rounding_missing"),
        ({"document": document(method=method_part(candidates=1))}, "method.choice", "method.candidates_too_few"),
        ({"estimate": Money.yuan("149999999.99")}, "document.budget", "document.ceiling_above_estimate"),
    ],
)
def test_what_is_only_wise_warns_and_holds_nothing_back(changes: dict[str, Any], code: str, says: str) -> None:
    told = facts(**changes)
    assert amiss(told) == {code: says}
    assert (of(told)[code].severity, of(told)[code].holds_back) == (Severity.WARNS, False)
    check(told)


def test_the_validity_covers_publicity_and_thirty_working_days_or_in_procurement_thirty_days() -> None:
    # deadline 2026-09-28, publicity to 10-02; thirty working days later is 11-17, thirty days later, past a Sunday, 11-02
    for regime, enough in ((WORKS, 50), (PURCHASE, 35)):
        assert "document.validity_long" not in amiss(facts(regime, document=document(validity_days=enough)))
        short = amiss(facts(regime, document=document(validity_days=enough - 1)))
        assert short["document.validity_long"] == "document.validity_short"
    assert of(facts(notice=None))["document.validity_long"].standing is Standing.OPEN


def test_weights_that_are_not_a_hundred_block_in_procurement_and_warn_elsewhere() -> None:
    short = document(method=method_part(criteria=[{"id": "a", "part": "technical", "max": "39.5", "weight": "1"}], part_minimum={}))
    for regime, severity in ((WORKS, Severity.WARNS), (PURCHASE, Severity.BLOCKS)):
        found = of(facts(regime, document=short))["method.weights"]
        assert (found.severity, found.refusal and found.refusal.facts) == (severity, {"sum": "99.5"})
    assert of(facts(PURCHASE))["method.weights"].article == "政府采购货物和服务招标投标管理办法第五十五条"


def test_a_price_that_is_not_scored_adds_no_points() -> None:
    told = facts(document=document(method=method_part(price={"kind": "none"})))
    assert amiss(told) == {"method.weights": "method.weights_not_full"}


@pytest.mark.parametrize(
    ("category", "points", "is_enough"),
    [(Category.GOODS, "0.3", True), (Category.GOODS, "0.29", False), (Category.SERVICES, "0.1", True), (Category.SERVICES, "0.09", False)],
)
def test_in_procurement_the_price_has_its_least_weight(category: Category, points: str, is_enough: bool) -> None:
    method = BUY | {"price": RATIO | {"weight": points}}
    found = of(facts(PURCHASE, category=category, document=document(method=method)))["method.price_weight"]
    assert (found.standing is Standing.MET) == is_enough
    assert (found.severity, found.article) == (Severity.BLOCKS, "政府采购货物和服务招标投标管理办法第五十五条")


def test_in_procurement_the_lowest_price_sets_the_scale_and_nobody_is_dropped() -> None:
    told = facts(PURCHASE, category=Category.GOODS)
    assert amiss(told) == {"method.price_formula": "method.price_formula_other"}
    assert amiss(facts(PURCHASE, category=Category.GOODS, document=document(method=BUY))) == {}
    assert "method.price_formula" not in of(facts(PURCHASE))  # works bought by tender follow the other law
    lowest = document(
        envelopes=[{"env": "bid", "title": "投标文件"}], method=BUY | {"method": "lowest_price", "criteria": [], "part_minimum": {}}
    )
    assert (
        not {"method.price_formula", "method.weights", "method.ties"} & of(facts(PURCHASE, category=Category.GOODS, document=lowest)).keys()
    )


def test_in_procurement_a_price_may_be_left_out_but_this_is_asked_about() -> None:
    unscored = BUY | {"price": {"kind": "none"}, "criteria": [{"id": "a", "part": "technical", "max": "100", "weight": "1"}]}
    told = facts(PURCHASE, category=Category.GOODS, document=document(method=unscored))
    assert amiss(told) == {"method.price_scored": "method.price_unscored"}
    check(told)


def test_in_procurement_the_ceiling_keeps_to_the_budget() -> None:
    told = facts(PURCHASE, estimate=Money.yuan("149999999.99"))
    assert of(told)["document.budget"].holds_back
    assert of(told)["document.budget"].article == "政府采购货物和服务招标投标管理办法第十二条"


def test_more_than_three_candidates_are_for_separation_alone() -> None:
    many = document(method=method_part(candidates=4))
    assert amiss(facts(document=many)) == {}
    ranked = facts(document=many, plan=AwardPlan.read(plan("RANK_ONE")))
    assert amiss(ranked) == {"method.candidates": "method.candidates_too_many"}
    assert "method.candidates" in of(facts(plan=AwardPlan.read(plan("RANK_ONE"))))


def test_a_reference_price_in_use_is_stated_or_committed_to() -> None:
    half = {"share": "0.5", "of": {"kind": "mean"}}, {"share": "0.5", "of": {"kind": "reference"}}
    price = {**method_part()["price"], "benchmark": {"kind": "mix", "parts": list(half)}}
    method = method_part(price=price)
    assert amiss(facts(document=document(method=method))) == {"method.reference": "method.reference_missing"}
    assert amiss(facts(document=document(method=method, reference_price_commit="ab" * 32))) == {}
    assert amiss(facts(document=document(method=method | {"reference_price": "1400.00"}))) == {}


def test_where_the_law_does_not_bind_a_short_time_needs_its_reason_and_approver() -> None:
    short = facts(mandatory=False, notice=notice(10))
    assert amiss(short) == {"period.T3": "notice.deviation_unexplained"}
    with pytest.raises(RuleBroken) as refused:
        check(short)
    assert (refused.value.code, refused.value.article, refused.value.facts) == (
        "notice.deviation_unexplained",
        DATED,
        {"rule": "T3", "days": 20},
    )
    explained = facts(mandatory=False, notice=notice(10, deviations=[deviation("T3")]))
    assert amiss(explained) == {"period.T3": "notice.deviates"}
    assert of(explained)["period.T3"].severity is Severity.WARNS
    check(explained)


def test_a_plan_is_asked_for_where_it_binds_and_told_of_where_it_was_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "notice.planned" not in of(facts())
    late = facts(planned_at=NOW - timedelta(days=3))
    assert amiss(late) == {"notice.planned": "period.plan_ahead.too_late"}
    check(late)
    assert "notice.planned" not in amiss(facts(planned_at=NOW - timedelta(days=40)))
    bound = tuple(replace(row, force=Force.BINDING) if row.code == "T1" else row for row in PERIODS)
    monkeypatch.setattr("trading.domain.clock.RULES", bound)
    with pytest.raises(RuleBroken, match=r"notice\.unplanned"):
        check(facts())
    monkeypatch.setattr("trading.domain.clock.RULES", tuple(row for row in PERIODS if row.code != "T1"))
    assert amiss(facts(planned_at=NOW)) == {}


def test_procurement_has_no_publicity_to_be_held_against() -> None:
    assert "period.T10A" not in of(facts(PURCHASE))
    assert of(facts(PURCHASE))["period.T2"].article == "政府采购法实施条例第三十一条"


def test_each_rule_has_a_code_of_its_own_and_is_mended_by_a_step_before_the_notice() -> None:
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert {rule.step for rule in RULES} == {LotAction.FIX_PLAN, LotAction.PUBLISH_DOCUMENT, LotAction.DRAFT_NOTICE}
    assert all(rule.article.keys() == set(LegalRegime) for rule in RULES)
