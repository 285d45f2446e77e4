"""What the committee weighs, by values: which proposals fit document and bid, what the majority makes of them, what it does to prices."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from evaluation.domain.room import Facts
from evaluation.domain.weighing import (
    Decision,
    Priced,
    Proposal,
    VoteBody,
    Weighed,
    WeighingFacts,
    Weighings,
    all_is_weighed,
    decide,
    proposes_a_weighing,
    value_of,
    votes_on_a_weighing,
    weighing_can_be_decided,
    words,
)
from trading.domain.price_rules import AdjustmentRule, Measure, Preference, PreferenceRule, PriceRules

LATE = AdjustmentRule("late", "工期每延误一周", "须知 5.3", Measure.PERCENT, Decimal("0.5"), "周")
EARLY = AdjustmentRule("early", "每提前一个月完工", "须知 5.4", Measure.AMOUNT, Decimal(-40), "月")
TAX = AdjustmentRule("tax", "未含税费", "须知 5.5", Measure.PERCENT, Decimal(25))
MISSING = AdjustmentRule("missing", "漏项按其他投标的最高价补足", "须知 5.6", Measure.AMOUNT)
SHARE = AdjustmentRule("share", "付款条件偏离", "须知 5.7", Measure.PERCENT)
RULES = PriceRules(
    (LATE, EARLY, TAX, MISSING, SHARE),
    (
        PreferenceRule(Preference.SMALL, Decimal(10), "须知 6.1"),
        PreferenceRule(Preference.WELFARE, Decimal(10), "须知 6.1"),
        PreferenceRule(Preference.GREEN, Decimal("2.5"), "须知 6.2"),
    ),
)
FILE = "ab" * 32
BODY: dict[str, Any] = {"bid": "T-10", "rule": "late", "figure": "2", "file": FILE, "page": 3, "reason": "见附录"}
SMALL, WELFARE, GREEN = "preference.small", "preference.welfare", "preference.green"


def said(rule: str = "late", figure: str = "2", bid: str = "T-10", file: str = FILE) -> Proposal:
    return Proposal(bid, rule, figure, file, 3, "见附录")


def bid(price: str = "1000", *corrections: str, claims: tuple[Preference, ...] = (), files: Any = (FILE,)) -> Priced:
    return Priced(Decimal(price), [Decimal(one) for one in corrections], claims, files)


def code(act: Any, *given: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        act(*given)
    return refusal.value.code


def test_a_proposal_is_read_strictly() -> None:
    assert Proposal.read(BODY) == said()
    assert code(Proposal.read, BODY | {"reason": " "}) == "weighing.reason"
    for wrong in ({"page": 0}, {"file": "ab"}, {"rule": ""}, {"percent": "10"}):
        assert code(Proposal.read, BODY | wrong) == "evaluation.body"


def test_a_vote_is_read_strictly() -> None:
    body = {"proposal": "cd" * 32, "agrees": True, "reason": "属实"}
    assert VoteBody.read(body) == VoteBody("cd" * 32, True, "属实")
    assert code(VoteBody.read, body | {"reason": ""}) == "weighing.vote_reason"
    assert code(VoteBody.read, body | {"agrees": "yes"}) == "evaluation.body"


def test_more_than_half_of_the_members_adopt() -> None:
    assert decide({"2": True, "10": True, "3": False}) == Decision(True, ("2", "10"), ("3",))
    even = decide({"1": True, "2": False})
    assert not even.adopted and even.to_json() == {"adopted": False, "agreeing": ["1"], "against": ["2"]}


@pytest.mark.parametrize(
    ("rule", "figure", "value"),
    [(LATE, "2", "1.0"), (EARLY, "3", "-120"), (TAX, "1", "25"), (MISSING, "180000.00", "180000.00"), (SHARE, "-0.5", "-0.5")],
)
def test_a_figure_comes_to_a_value_by_its_rule(rule: AdjustmentRule, figure: str, value: str) -> None:
    assert value_of(rule, figure) == Decimal(value)


@pytest.mark.parametrize(
    ("rule", "figure"),
    [(LATE, ""), (LATE, "0"), (LATE, "-2"), (LATE, "2 周"), (LATE, "200"), (TAX, "2"), (MISSING, "0.00"), (SHARE, "-100"), (MISSING, "１")],
)
def test_other_figures_are_refused(rule: AdjustmentRule, figure: str) -> None:
    assert code(value_of, rule, figure) == "weighing.figure"


def test_reasons_in_the_case_are_the_documents_words() -> None:
    assert words(LATE, said()) == "工期每延误一周（2 周）" and words(TAX, said("tax", "1")) == "未含税费"


def test_a_proposal_must_fit_the_document_and_the_bid() -> None:
    weighings = Weighings(RULES, (Weighed(said("late"), True), Weighed(said("early"), None), Weighed(said("tax", "1"), False)))
    bids = {"T-10": bid(), "T-20": bid(files=None)}
    weighings.check(said("tax", "1"), bids)  # refused by the majority, so it may be proposed again
    weighings.check(said("late", bid="T-20", file="cd" * 32), bids)  # where nobody knows the files
    assert code(weighings.check, said(bid="T-30"), bids) == "weighing.bid"
    assert code(weighings.check, said("missing", "5", file="cd" * 32), bids) == "weighing.file"
    assert code(weighings.check, said("late", "3"), bids) == code(weighings.check, said("early", "1"), bids) == "weighing.twice"
    assert code(weighings.check, said("other"), bids) == "weighing.rule"
    assert code(weighings.check, said("missing", ""), bids) == "weighing.figure"


def test_an_evaluated_price_stays_above_nothing_whatever_is_voted() -> None:
    open_ = Weighings(RULES, (Weighed(said("share", "-50"), None), Weighed(said("tax", "1"), None)))
    bids = {"T-10": bid("1000", "-200")}
    assert open_.lowest("T-10", bids["T-10"]) == Fraction(400)  # what raises it may be voted down
    open_.check(said("missing", "-399"), bids)
    assert code(open_.check, said("missing", "-400"), bids) == "weighing.not_positive"
    adopted = Weighings(RULES, (Weighed(said("tax", "1"), True), Weighed(said(SMALL, ""), True)))
    assert adopted.lowest("T-10", bids["T-10"], said("missing", "1")) == Fraction(1000)


def test_a_preference_is_given_where_it_was_claimed_and_once_of_those_alike() -> None:
    bids = {"T-10": bid(claims=(Preference.SMALL, Preference.WELFARE, Preference.GREEN)), "T-20": bid()}
    none, small = Weighings(RULES), Weighings(RULES, (Weighed(said(SMALL, "")), Weighed(said("late"), True)))
    none.check(said(SMALL, ""), bids)
    small.check(said(GREEN, ""), bids)
    assert code(none.check, said(SMALL, "10"), bids) == "weighing.figure"
    assert code(none.check, said(SMALL, "", "T-20"), bids) == "weighing.not_claimed"
    assert code(small.check, said(WELFARE, ""), bids) == "weighing.alike"
    assert code(small.check, said(SMALL, ""), bids) == "weighing.twice"
    assert code(none.check, said("preference.prison", ""), bids) == "weighing.rule"


def test_what_was_adopted_goes_into_the_case() -> None:
    rows = [("late", "2", True), ("missing", "3000", True), ("tax", "1", False), (SMALL, "", True), (GREEN, "", True)]
    weighings = Weighings(RULES, tuple(Weighed(said(rule, figure), adopted) for rule, figure, adopted in rows))
    assert weighings.adjustments() == {
        "T-10": [
            {"kind": "percent", "value": "1.0", "reason": "工期每延误一周（2 周）"},
            {"kind": "amount", "value": "3000", "reason": "漏项按其他投标的最高价补足"},
        ]
    }
    assert weighings.preferences() == {"T-10": "12.5"}


def test_a_claim_waits_for_its_decision() -> None:
    claims = {"T-10": (Preference.SMALL, Preference.WELFARE), "T-20": (Preference.GREEN,), "T-30": (Preference.PRISON,)}
    assert Weighings(RULES).claims_due(claims) == {"T-10", "T-20"}  # the document says nothing of prisons
    assert Weighings(RULES, (Weighed(said(SMALL, "")),)).claims_due(claims) == {"T-10", "T-20"}
    assert Weighings(RULES, (Weighed(said(SMALL, ""), True), Weighed(said("late"), True))).claims_due(claims) == {"T-20"}
    refused = (Weighed(said(SMALL, ""), False), Weighed(said(GREEN, "", "T-20"), False))
    assert Weighings(RULES, refused).claims_due(claims) == {"T-10"}


def test_the_room_weighs_prices_between_their_opening_and_the_chairs_word() -> None:
    weighs = WeighingFacts(weighs=True)
    assert proposes_a_weighing(Facts(weighing=weighs, price_check_due=True)) is None
    for facts in (
        Facts(price_check_due=True),
        Facts(weighing=weighs),
        Facts(weighing=weighs, price_check_due=True, prices_due=1),
    ):
        assert proposes_a_weighing(facts).code == "weighing.not_now"  # type: ignore[union-attr]
    one = frozenset({1})
    assert votes_on_a_weighing(Facts(weighing=WeighingFacts(mine=one))) is None
    assert votes_on_a_weighing(Facts()).code == "weighing.vote_not_due"  # type: ignore[union-attr]
    assert weighing_can_be_decided(Facts(weighing=WeighingFacts(decidable=one))) is None
    assert weighing_can_be_decided(Facts()).code == "weighing.votes_missing"  # type: ignore[union-attr]
    assert all_is_weighed(Facts()) is None
    assert all_is_weighed(Facts(weighing=WeighingFacts(open=one))).code == "weighing.open"  # type: ignore[union-attr]
    due = all_is_weighed(Facts(weighing=WeighingFacts(claims_due=frozenset({"T-20", "T-10"}))))
    assert due is not None and (due.code, due.facts["bids"]) == ("weighing.claims_due", "T-10、T-20")
