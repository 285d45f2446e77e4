"""Questions to bidders: what may be asked and answered, corrections, limits of low prices, votes on prices."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import clock
from core.kernel.blind import MarkKind, text_marks, words_of
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.question import (
    MOVES,
    Action,
    Answer,
    Facts,
    Kind,
    PriceDecision,
    PriceVoteBody,
    Proposal,
    Question,
    State,
    adjustments,
    corrected,
    decide_price,
    flagged,
    matters,
)
from evaluation.domain.scoring_case import PricedBid, assemble
from trading.domain.clock import LegalRegime

WORKS, PURCHASE = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
NOW = datetime(2027, 6, 1, 2, tzinfo=UTC)
UNTIL = clock.text(NOW + timedelta(hours=1))
ASK = {"bid": "T-10", "kind": "unclear", "text": "工期从何时起算？", "until": UNTIL, "rule": "", "correction": ""}
MEND = ASK | {"kind": "arithmetic", "rule": "words", "correction": "-60000.00"}
ANSWER = {"question": "ab" * 32, "text": "自开工令起。", "files": [{"name": "依据.pdf", "sha256": "cd" * 32, "size": 9}], "accepts": ""}


def code(act: Any, *given: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        act(*given)
    return refused.value.code


def test_a_question_names_a_bid_a_kind_and_a_deadline() -> None:
    read = Question.read(ASK, ["T-10"], WORKS)
    assert read.kind is Kind.UNCLEAR and read.until == NOW + timedelta(hours=1)
    for wrong, refusal in (
        (ASK | {"bid": "T-99"}, "bid_question.bid"),
        (ASK | {"kind": "substance"}, "bid_question.kind"),
        (ASK | {"until": "soon"}, "bid_question.until"),
        (ASK | {"text": " "}, "evaluation.body"),
    ):
        assert code(Question.read, wrong, ["T-10"], WORKS) == refusal
    for moment in (NOW + timedelta(minutes=56), NOW - timedelta(days=3)):
        assert code(read.check_time, moment) == "bid_question.until"
    read.check_time(NOW)
    assert Proposal.read({"bid": "T-10", "kind": "text_error", "text": " 错字 "}, ["T-10"]).text == "错字"


@pytest.mark.parametrize(
    "wrong",
    [
        MEND | {"kind": "unclear"},
        MEND | {"rule": ""},
        MEND | {"rule": "opening_list"},
        MEND | {"correction": ""},
        MEND | {"correction": "0.00"},
        MEND | {"correction": "-60000"},
    ],
)
def test_a_correction_is_of_an_arithmetic_error_by_a_known_rule(wrong: dict[str, str]) -> None:
    assert Question.read(MEND, ["T-10"], WORKS).correction == "-60000.00"
    assert Question.read(MEND | {"rule": "opening_list"}, ["T-10"], PURCHASE).rule == "opening_list"
    assert code(Question.read, wrong, ["T-10"], WORKS) == "bid_question.correction"


def test_an_answer_has_text_and_pdf_files_and_no_field_for_price_or_substance() -> None:
    read = Answer.read(ANSWER)
    assert read.files[0].to_json() == ANSWER["files"][0]  # type: ignore[index]
    read.check("")
    assert code(read.check, "-1.00") == "bid_question.accepts"
    assert code(Answer.read(ANSWER | {"accepts": "yes"}).check, "") == "bid_question.accepts"
    for wrong, refusal in (
        (ANSWER | {"accepts": "maybe"}, "evaluation.body"),
        (ANSWER | {"accepts": "oui"}, "bid_question.accepts"),
        (ANSWER | {"files": [{"name": "a.exe", "sha256": "cd" * 32, "size": 9}]}, "bid_question.file"),
        (ANSWER | {"files": [{"name": "a.pdf", "sha256": "X" * 64, "size": 9}]}, "bid_question.file"),
        (ANSWER | {"price": "1"}, "evaluation.body"),
    ):
        assert code(Answer.read, wrong) == refusal


@pytest.mark.parametrize(("action", "state", "role"), list(product(Action, State, (Role.BIDDER, Role.SYSTEM, Role.EXPERT))))
def test_an_answer_is_taken_in_time_and_silence_recorded_after(action: Action, state: State, role: Role) -> None:
    facts = Facts(now=NOW, until=NOW + timedelta(seconds=1) if action is Action.ANSWER else NOW)
    to, who = (State.ANSWERED, Role.BIDDER) if action is Action.ANSWER else (State.OVERDUE, Role.SYSTEM)
    if role is not who:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), facts)
    elif state is not State.OPEN:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), facts)
    else:
        assert MOVES.choose(action, state, frozenset({role}), facts) is to


def test_at_the_deadline_an_answer_is_late_and_a_second_before_it_silence_is_not_over() -> None:
    for action, role, until, refusal in (
        (Action.ANSWER, Role.BIDDER, NOW, "bid_question.late"),
        (Action.LAPSE, Role.SYSTEM, NOW + timedelta(seconds=1), "bid_question.not_over"),
    ):
        with pytest.raises(WrongState) as refused:
            MOVES.choose(action, State.OPEN, frozenset({role}), Facts(now=NOW, until=until))
        assert refused.value.code == refusal


def test_text_that_tells_whose_it_is_is_found() -> None:
    words = words_of("临江市第一建设有限公司", "91110000000000001X")
    assert [mark.kind for mark in text_marks("我 临江市第一建设 承诺，电话 13900001111", words)] == [MarkKind.NAME, MarkKind.CONTACT]
    assert text_marks("自开工令发出之日起算。", words) == []


# Prices


def test_accepted_corrections_enter_the_case_and_others_do_not() -> None:
    asked = [
        ("T-10", "words", "-60000.00", "yes"),
        ("T-10", "unit_price", "5.00", "no"),
        ("T-20", "", "", ""),
        ("T-30", "words", "1.00", ""),
    ]
    found = adjustments(asked)
    assert found == {"T-10": [{"kind": "correction", "value": "-60000.00", "reason": "words"}]}
    case = assemble({"method": "lowest_price"}, [PricedBid("T-10", Decimal("100.00"), adjustments=found["T-10"]), PricedBid("T-20")], {})
    assert case["bids"] == [
        {"id": "T-10", "price": "100.00", "rejected": False, "adjustments": found["T-10"]},
        {"id": "T-20", "price": None, "rejected": False},
    ]


def test_g10_prices_strictly_below_a_limit_are_flagged_and_nothing_is_rejected() -> None:
    limits = {"of_mean": Decimal(50), "of_second_lowest": Decimal(50), "of_ceiling": Decimal(45)}
    prices = {f"T-{n}0": Decimal(price) for n, price in enumerate((1_000_000, 960_000, 940_000, 420_000), 1)}
    assert flagged(prices, Decimal(1_100_000), limits) == {"T-40": ["second_lowest", "ceiling"]}
    assert flagged(prices, None, limits) == {"T-40": ["second_lowest"]}
    assert flagged({"T-10": Decimal(50), "T-20": Decimal(100)}, None, limits) == {}


def test_prices_are_held_against_the_limits_corrected_and_without_those_above_the_ceiling() -> None:
    read_out = {"T-10": Decimal(100), "T-20": Decimal(300)}
    assert corrected(read_out, {"T-10": [{"value": "-10.00"}]}, Decimal(200)) == {"T-10": Decimal("90.00")}
    assert corrected(read_out, {}, None) == read_out


def test_low_prices_and_refused_corrections_wait_for_a_vote() -> None:
    ended = [("T-10", Kind.LOW_PRICE, "", ""), ("T-20", Kind.ARITHMETIC, "1.00", "no"), ("T-30", Kind.ARITHMETIC, "1.00", "yes")]
    assert matters([*ended, ("T-40", Kind.UNCLEAR, "", ""), ("T-50", Kind.ARITHMETIC, "1.00", "")]) == {"T-10", "T-20", "T-50"}


def test_a_vote_on_a_price_is_for_a_bid_that_waits_and_has_a_reason() -> None:
    assert PriceVoteBody.read({"bid": "T-10", "stays": False, "reason": "无证明"}, ["T-10"]).stays is False
    assert code(PriceVoteBody.read, {"bid": "T-20", "stays": True, "reason": "x"}, ["T-10"]) == "price_matter.bid"
    assert code(PriceVoteBody.read, {"bid": "T-10", "stays": True, "reason": " "}, ["T-10"]) == "price_matter.reason"


@given(st.lists(st.booleans(), min_size=1, max_size=15))
def test_more_than_half_find_a_bid_invalid_and_nobody_is_lost(votes: list[bool]) -> None:
    found = decide_price("T-10", {str(seat): stays for seat, stays in enumerate(votes, 1)})
    assert found.stays == (2 * votes.count(False) <= len(votes))
    assert sorted((*found.against, *found.keeping), key=int) == [str(seat) for seat in range(1, len(votes) + 1)]


def test_both_sides_are_recorded() -> None:
    assert decide_price("T-10", {"2": False, "1": True, "10": False}) == PriceDecision("T-10", False, ("2", "10"), ("1",))
    assert decide_price("T-10", {"1": True}).to_json() == {"bid": "T-10", "stays": True, "against": [], "keeping": ["1"]}
