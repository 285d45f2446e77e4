"""What is said in objections and complaints: the bodies of their acts, and who hears of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.ids import CaseId
from tests.domain.test_remedies import ARTICLE_60, AUTHORITY, FIRM, NOW, WORKS, day
from trading.domain import remedy
from trading.domain.clock import LegalRegime
from trading.domain.complaint import ComplaintFiling, Ground, Outcome, Ruling
from trading.domain.objection import ObjectionAnswer, ObjectionFiling, read_withdrawal
from trading.domain.opening_audience import bidder
from trading.domain.remedy import Stage
from trading.domain.remedy_audience import EVERYBODY, INSIDE, PROJECTIONS
from trading.events_remedies import BiddingHalted, ObjectionReplied

OBJECTION: dict[str, Any] = {
    "stage": "document",
    "capacity": "interested_party",
    "interest": "分包商",
    "facts": "甲",
    "request": "乙",
    "files": [],
}
FILE = {"name": "a.pdf", "sha256": "ab" * 32, "size": 3}


def test_an_interested_party_says_its_interest_and_nobody_else_does() -> None:
    assert ObjectionFiling.read(OBJECTION).interest == "分包商"
    for changes, code in (({"interest": ""}, "objection.interest_missing"), ({"capacity": "bidder"}, "objection.interest_unneeded")):
        with pytest.raises(RuleBroken, match=code):
            ObjectionFiling.read(OBJECTION | changes)
    with pytest.raises(RuleBroken, match=r"document\.file_twice"):
        ObjectionFiling.read(OBJECTION | {"files": [FILE, FILE]})


@pytest.mark.parametrize("missing", [{"request": ""}, {"files": []}])
def test_a_complaint_needs_a_request_and_evidence(missing: dict[str, Any]) -> None:
    body = OBJECTION | {"authority": str(AUTHORITY), "matter": "other", "objection": "", "known_on": "2026-09-09", "files": [FILE]}
    del body["stage"]
    ComplaintFiling.read(body).check(LegalRegime.CONSTRUCTION)
    for regime, article in ((LegalRegime.CONSTRUCTION, ARTICLE_60), (LegalRegime.GOVERNMENT_PROCUREMENT, "政府采购质疑和投诉办法第十八条")):
        with pytest.raises(RuleBroken) as refused:
            ComplaintFiling.read(body | missing).check(regime)
        assert refused.value.article == article


def test_whoever_complains_as_an_interested_party_says_its_interest() -> None:
    body = OBJECTION | {"authority": str(AUTHORITY), "matter": "other", "objection": "", "known_on": "2026-09-09", "files": [FILE]}
    del body["stage"]
    for changes, code in (({"interest": ""}, "objection.interest_missing"), ({"capacity": "bidder"}, "objection.interest_unneeded")):
        with pytest.raises(RuleBroken, match=code):
            ComplaintFiling.read(body | changes)


def test_an_order_to_suspend_names_its_last_day_or_none() -> None:
    assert Ruling.suspend({"complaint": "TS-1", "text": "甲", "until": ""}).until is None
    assert Ruling.suspend({"complaint": "TS-1", "text": "甲", "until": "2026-09-30"}).until == date(2026, 9, 30)
    for wrong in ("soon", None, 3):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            Ruling.suspend({"complaint": "TS-1", "text": "甲", "until": wrong})


def test_what_all_will_read_names_no_firm() -> None:
    remedy.check_names(["不限定品牌。"], ["甲建筑公司", ""])
    with pytest.raises(RuleBroken, match=r"remedy\.names_a_firm"):
        remedy.check_names(["答复甲建筑公司：不限定品牌。"], ["甲建筑公司"])


def test_what_is_late_says_why() -> None:
    remedy.check_late_reason("", NOW + (NOW - day("2026-09-09")), NOW, "某条")
    with pytest.raises(RuleBroken) as refused:
        remedy.check_late_reason("", NOW, NOW, "某条")
    assert refused.value.article == "某条"
    with pytest.raises(RuleBroken, match=r"remedy\.reason_unneeded"):
        remedy.check_late_reason("忙", NOW + (NOW - day("2026-09-09")), NOW, "某条")


def test_each_act_of_an_authority_says_what_it_must_and_nothing_else() -> None:
    number = {"complaint": "TS-3F2A9C01B7DE"}
    late = {"late_reason": "补正材料"}
    assert Ruling.accept(number | late) == Ruling(complaint="TS-3F2A9C01B7DE", late_reason="补正材料")
    refused = Ruling.refuse(number | late | {"ground": next(iter(Ground)).value, "text": "不予受理的说明"})
    assert refused.ground is next(iter(Ground)) and refused.text == "不予受理的说明"
    assert Ruling.say(number | {"text": "移送"}).text == "移送"
    decided = Ruling.decide(number | late | {"outcome": next(iter(Outcome)).value, "text": "理由"})
    assert (decided.outcome, decided.text) == (next(iter(Outcome)), "理由")
    for act in (Ruling.accept, Ruling.refuse, Ruling.say, Ruling.decide):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            act(number | {"extra": "1"})


def test_an_answer_and_a_withdrawal_are_read_and_a_late_answer_says_why() -> None:
    said = {"objection": "YY-3F2A9C01B7DE", "question": "是否限定品牌？", "answer": "不限定。", "late_reason": "", "files": []}
    answer = ObjectionAnswer.read(said)
    assert (answer.question, answer.answer) == ("是否限定品牌？", "不限定。")
    answer.check(WORKS, Stage.DOCUMENT, day("2026-09-18"), day("2026-09-17"))
    with pytest.raises(RuleBroken) as late:
        answer.check(WORKS, Stage.DOCUMENT, day("2026-09-17"), day("2026-09-18"))
    assert late.value.article == "招标投标法实施条例第二十二条"
    assert read_withdrawal({"objection": "YY-1"}, "objection") == "YY-1"
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        read_withdrawal({"objection": "YY-1", "why": "x"}, "objection")


def test_an_answer_about_the_document_reaches_all_and_every_other_the_parties_and_its_filer() -> None:
    def heard_of(stage: str) -> set[str]:
        event = ObjectionReplied(case=CaseId("T2026-000001"), lot="1", org=FIRM, number="YY-1", stage=stage)
        return {one.audience for one in PROJECTIONS["objection.answer"](event)}

    assert heard_of("document") == {*EVERYBODY, bidder(FIRM)}
    assert heard_of("result") == {*INSIDE, bidder(FIRM)}
    halted = BiddingHalted(case=CaseId("T2026-000001"), lot="1", number="YY-1")
    assert {one.audience: one.data for one in PROJECTIONS["bidding.halt"](halted)} == {who: {"lot": "1"} for who in EVERYBODY}
