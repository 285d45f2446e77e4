"""How criteria are scored, as the tender document says it, the sheet holds it, and the form types it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from evaluation.domain.sheet import SheetBody, SheetRules, rules_of
from tests.builders.trading import document_body
from trading.domain import score_fields
from trading.domain.amendment import changes
from trading.domain.clock import LegalRegime
from trading.domain.composition_wording import rules_in_words
from trading.domain.document import TenderDocument, check, digest_of
from trading.domain.score_fields import RuleFields
from trading.domain.score_rules import Abnormal, Mode, ScoreRule, ScoreRules

MOST = {"a": "15", "b": "6", "c": "5", "d": "10", "e": "4"}
METHOD: dict[str, Any] = {"criteria": [{"id": name, "part": "technical", "max": most, "weight": "1"} for name, most in MOST.items()]}
GRADES = [{"label": "优", "from": "12", "to": "15"}, {"label": "差", "from": "0", "to": "7.5"}]
LATE, THIN = {"id": "d1", "text": "缺少进度计划", "points": "6"}, {"id": "d2", "text": "人员不足", "points": "5"}
A: dict[str, Any] = {"id": "a", "mode": "range", "title": "施工方法", "definition": "看可行性", "step": "0.25", "grades": GRADES}
B: dict[str, Any] = {"id": "b", "mode": "steps", "steps": ["0", "3", "6"], "objective": True}
C: dict[str, Any] = {"id": "c", "mode": "pass_fail"}
D: dict[str, Any] = {"id": "d", "mode": "deduction", "deductions": [LATE, THIN]}
ABNORMAL: dict[str, Any] = {"deviation_percent": "30", "order": True}
SAID: dict[str, Any] = {"criteria": [A, B, C, D], "abnormal": ABNORMAL}


def document(said: dict[str, Any] | None, **changed: Any) -> TenderDocument:
    base = document_body()["method"] | METHOD | {"part_minimum": {}}
    return TenderDocument.read(document_body(**({"method": base} | ({} if said is None else {"score_rules": said}) | changed)))


def held(said: dict[str, Any] | None, regime: LegalRegime = LegalRegime.CONSTRUCTION, **changed: Any) -> None:
    found = document(said, **changed)
    check(found, found.document_sha256, regime, Money.yuan("150000000.00"))


def code_of(said: dict[str, Any], regime: LegalRegime = LegalRegime.CONSTRUCTION, **changed: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        held(said, regime, **changed)
    return refused.value.code


def test_a_document_without_rules_is_scored_within_its_range_by_halves() -> None:
    held(None)
    assert document(None).rules() == ScoreRules()
    item = rules_of(METHOD, {}, ["T-10"]).criteria[0]
    assert (item.mode, item.step, item.is_objective, item.title) == (Mode.RANGE, Decimal("0.5"), False, "a")


def test_rules_of_every_mode_are_read_and_held() -> None:
    held(SAID)
    rules = document(SAID).rules()
    assert rules.abnormal == Abnormal(Decimal(30), True)
    assert rules.of("b") == ScoreRule(id="b", mode=Mode.STEPS, steps=(Decimal(0), Decimal(3), Decimal(6)), is_objective=True)
    assert rules.of("e").mode is Mode.RANGE
    replacing = ScoreRules.read({"criteria": [], "abnormal": ABNORMAL | {"replace": {"places": 2}}})
    assert replacing.abnormal == Abnormal(Decimal(30), True, 2)
    held({"criteria": []})


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"criteria": [A | {"id": "x"}]}, "score_rules.criterion_unknown"),
        ({"criteria": [C, C]}, "score_rules.criterion_twice"),
        ({"criteria": [C | {"steps": ["0", "5"]}]}, "score_rules.member_unfit"),
        ({"criteria": [A | {"step": "0"}]}, "score_rules.step"),
        ({"criteria": [A | {"step": "0.7"}]}, "score_rules.step"),
        ({"criteria": [B | {"steps": ["3"]}]}, "score_rules.steps"),
        ({"criteria": [B | {"steps": ["3", "3.0"]}]}, "score_rules.steps"),
        ({"criteria": [B | {"steps": ["3", "7"]}]}, "score_rules.steps"),
        ({"criteria": [A | {"grades": [GRADES[0] | {"to": "16"}]}]}, "score_rules.grades"),
        ({"criteria": [A | {"grades": [GRADES[0], GRADES[1] | {"to": "12.5"}]}]}, "score_rules.grades"),
        ({"criteria": [A | {"grades": [GRADES[0], GRADES[1] | {"label": "优"}]}]}, "score_rules.grades"),
        ({"criteria": [{"id": "d", "mode": "deduction"}]}, "score_rules.deductions"),
        ({"criteria": [D | {"deductions": [LATE, THIN | {"id": "d1"}]}]}, "score_rules.deductions"),
        ({"criteria": [D | {"deductions": [LATE | {"points": "0"}]}]}, "score_rules.deductions"),
        ({"criteria": [D | {"deductions": [LATE | {"points": "11"}]}]}, "score_rules.deductions"),
        ({"criteria": [], "abnormal": ABNORMAL | {"deviation_percent": "0"}}, "score_rules.abnormal_percent"),
        ({"criteria": [], "abnormal": ABNORMAL | {"replace": {"places": 5}}}, "body.malformed"),
        ({"criteria": [], "abnormal": ABNORMAL | {"replace": {"places": 2, "more": "1"}}}, "body.malformed"),
        ({"criteria": [A | {"mode": "guess"}]}, "body.malformed"),
        ({"criteria": [A | {"step": "-1"}]}, "body.malformed"),
        ({"criteria": [A | {"step": "0.00001"}]}, "body.malformed"),
        ({"criteria": [A | {"more": "1"}]}, "body.malformed"),
        ({"criteria": [A | {"grades": [GRADES[0] | {"more": "1"}]}]}, "body.malformed"),
        ({"criteria": [B | {"steps": ["0", "x"]}]}, "body.malformed"),
        ({"criteria": [D | {"deductions": []}]}, "body.malformed"),
        ({}, ""),
    ],
)
def test_rules_with_a_fault_are_refused(said: dict[str, Any], code: str) -> None:
    if not code:
        held(said)  # says nothing
        return
    assert code_of(said) == code


def test_rules_without_criteria_are_refused() -> None:
    lowest = {"method": "lowest_price", "candidates": 3, "price_ceiling": "150000000.00", "price": {"kind": "none"}, "criteria": []}
    one_envelope = [{"env": "bid", "title": "投标文件"}]
    assert code_of({"criteria": [], "abnormal": ABNORMAL}, method=lowest, envelopes=one_envelope) == "score_rules.unused"


def test_a_change_of_the_rules_is_a_change_of_the_method() -> None:
    found = changes(document(None), document({"criteria": [C]})).method
    assert [(one.path, one.before, one.after) for one in found] == [
        ("score_rules.criteria[c].id", "", "c"),
        ("score_rules.criteria[c].mode", "", "pass_fail"),
    ]
    assert digest_of(document_body()) != digest_of(document_body(score_rules={"criteria": [C]}))


def test_the_composed_document_says_the_rules_in_words() -> None:
    words = list(rules_in_words(document(SAID).rules()))
    assert words == [
        "施工方法：在满分以内打分，以 0.25 分为最小单位：优 12–15 分；差 0–7.5 分。看可行性",
        "b：按固定分档打分（0、3、6 分），为客观分。",
        "c：合格得满分，不合格得 0 分。",
        "d：从满分中逐项扣分，扣完为止：缺少进度计划，扣 6 分；人员不足，扣 5 分。",
        "成员对一份投标的总分与其他成员平均分相差超过 30%，或者排序与其他成员完全相反的，提请评标委员会核查，核查情况写入评标报告。",
    ]
    plain = ScoreRules((), Abnormal(Decimal(20), False))
    assert list(rules_in_words(plain)) == ["成员对一份投标的总分与其他成员平均分相差超过 20%的，提请评标委员会核查，核查情况写入评标报告。"]


# On the sheet

RULES = rules_of(METHOD, SAID, ["T-10"])
GOOD = {"a": "12.25", "b": "3", "c": "5", "d": "4", "e": "3.5"}


def refused(criterion: str, score: str, ticks: tuple[str, ...] = ()) -> str:
    with pytest.raises(RuleBroken) as found:
        RULES.score("T-10", criterion, score, ticks)
    return found.value.code


def test_each_mode_takes_the_scores_that_it_has() -> None:
    for criterion, scores in {"a": ("12.25", "0", "7.5"), "b": ("0", "3", "6.0"), "c": ("0", "5"), "e": ("0.5",)}.items():
        for score in scores:
            assert RULES.score("T-10", criterion, score) == Decimal(score)
    assert RULES.score("T-10", "d", "10") == 10
    assert RULES.score("T-10", "d", "4", ("d1",)) == 4
    assert RULES.score("T-10", "d", "0", ("d2", "d1")) == 0  # 11 off: never below 0


def test_each_mode_refuses_the_others() -> None:
    assert refused("a", "12.1") == "score.off_step"
    assert refused("a", "8") == "score.outside_grades"
    assert refused("b", "4") == "score.not_fixed"
    assert refused("c", "4") == "score.not_fixed"
    assert refused("d", "9") == "score.deduction_differs"
    assert refused("d", "10", ("d1",)) == "score.deduction_differs"
    assert refused("d", "0", ("d1", "d1")) == "score.ticks"
    assert refused("d", "0", ("d9",)) == "score.ticks"
    assert refused("e", "1", ("d1",)) == "score.ticks"


def body(ticks: Any) -> dict[str, Any]:
    return {"part": "technical", "sheets": [{"bid": "T-10", "scores": GOOD, "reasons": {}, "ticks": ticks}]}


def test_a_sheet_with_deductions_says_what_was_ticked() -> None:
    assert SheetBody.read(body({"d": ["d1"]}), RULES).sheets[0].ticks == {"d": ("d1",)}
    wrong: list[tuple[Any, str]] = [({}, "score.deduction_differs"), ({"d": ["d1"], "x": []}, "score.criterion_unknown")]
    wrong += [
        (fault, "evaluation.body") for fault in (["d1"], {"d": "d1"}, {"d": [1]}, {"d": ["d" * 21]}, {str(n): [] for n in range(501)})
    ]
    for ticks, code in wrong:
        with pytest.raises(RuleBroken) as found:
            SheetBody.read(body(ticks), RULES)
        assert found.value.code == code
    bare = SheetRules(RULES.bids, RULES.criteria[:1])
    with pytest.raises(RuleBroken):
        SheetBody.read(body({}), bare)  # without deductions there is nothing to tick


# In the form


def test_rules_are_typed_as_text_and_come_back_as_they_were() -> None:
    fields = score_fields.take_apart(SAID)
    assert fields["a"].grades == "优 12-15\n差 0-7.5" and fields["b"].steps == "0、3、6" and fields["b"].objective == "1"
    assert score_fields.put_together(fields.items()) == [A, B, C, D]
    assert score_fields.put_together([("e", RuleFields())]) == []


def test_lines_are_read_as_people_type_them_and_others_are_named() -> None:
    said = RuleFields(mode="deduction", deductions="  缺少进度计划：2 分\n\n人员不足 1.5")
    [rule] = score_fields.put_together([("d", said)])
    assert isinstance(rule, dict)
    assert rule["deductions"] == [
        {"id": "d1", "text": "缺少进度计划", "points": "2"},
        {"id": "d2", "text": "人员不足", "points": "1.5"},
    ]
    with pytest.raises(RuleBroken) as found:
        score_fields.put_together([("a", RuleFields(grades="优 12 以上"))])
    assert found.value.code == "score_rules.typed" and found.value.facts["line"] == "优 12 以上"
