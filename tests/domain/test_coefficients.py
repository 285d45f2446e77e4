"""Coefficients: how the method part writes them, how they are drawn, and what a drawn one does to the scores (golden cases G5, G6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from core.kernel import draw as kernel
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.methods import CaseFault, evaluate, parse_case, parse_method
from evaluation.domain.scoring_case import with_drawn
from trading.domain import coefficient as rules
from trading.domain import lots_drawn
from trading.domain.coefficient import coefficients_of
from trading.domain.lots_drawn import DrawAction, DrawFacts, DrawState

NOON = datetime(2026, 9, 28, 4, 0, tzinfo=UTC)
THREE = frozenset(lots_drawn.PARTIES)
K: dict[str, Any] = {"id": "K", "title": "下浮系数", "values": ["1.00", "0.97"], "sets": ["$.price.benchmark.factor"]}
PRICES = {"A": "4850.00", "B": "4920.50", "C": "4780.20", "D": "5010.00", "E": "4655.80", "F": "4899.90", "G": "4831.60"}


def case(benchmark: dict[str, Any], coefficients: list[dict[str, Any]], above: str = "1.0", below: str = "0.5") -> dict[str, Any]:
    return {
        "method": "comprehensive",
        "price_ceiling": "5200.00",
        "rounding": {"benchmark": 2, "deviation": 2, "price_score": 2, "total": 2},
        "price": {"kind": "deviation", "max": "60", "weight": "1", "above": above, "below": below, "benchmark": benchmark},
        "coefficients": coefficients,
        "bids": [{"id": name, "price": price} for name, price in PRICES.items()],
    }


TRIMMED: dict[str, Any] = {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 4, "factor": "1"}


@pytest.mark.parametrize(
    ("value", "first", "scores"),
    [
        ("1.00", "A", ["59.94", "58.68", "59.22", "56.84", "57.94", "59.11", "59.75"]),
        ("0.97", "E", ["57.04", "55.55", "58.53", "53.65", "59.42", "55.98", "57.43"]),
    ],
)
def test_the_drawn_factor_moves_first_place(value: str, first: str, scores: list[str]) -> None:
    result = evaluate(parse_case(with_drawn(case(TRIMMED, [K]), {"K": value})))
    assert result.rows[0].bid == first
    found = {row.bid: row.price_score.text for row in result.rows if row.price_score is not None}
    assert [found[name] for name in PRICES] == scores
    assert any("下浮系数 K = " + value in step.text("zh") for step in result.steps)


def test_several_coefficients_go_into_a_mix_and_the_rest_makes_one() -> None:
    mix = {
        "kind": "mix",
        "parts": [
            {"share": "0.5", "of": {"kind": "ceiling", "factor": "1"}},
            {"share": "0.5", "of": TRIMMED},
        ],
    }
    part = "$.price.benchmark.parts"
    three: list[dict[str, Any]] = [
        {"id": "K1", "title": "K1", "values": ["0.92", "0.94"], "sets": [f"{part}[0].of.factor"]},
        {"id": "K2", "title": "K2", "values": ["0.97", "0.98"], "sets": [f"{part}[1].of.factor"]},
        {"id": "Q1", "title": "Q1", "values": ["0.30", "0.40"], "sets": [f"{part}[0].share"], "rest": [f"{part}[1].share"]},
    ]
    drawn = with_drawn(case(mix, three, "0.9", "0.6"), {"K1": "0.92", "K2": "0.97", "Q1": "0.30"})
    result = evaluate(parse_case(drawn))
    assert result.benchmark is not None and result.benchmark.text == "4732.72"
    found = {row.bid: row.price_score.text for row in result.rows if row.price_score is not None}
    assert [found[name] for name in PRICES] == ["57.77", "56.43", "59.10", "54.73", "59.02", "56.82", "58.12"]
    assert result.rows[0].bid == "C"


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"drawn": "0.96"}, "$.coefficients[0].drawn"),
        ({"sets": ["$.price.benchmark.nothing"]}, "$.coefficients[0].sets[0]"),
        ({"sets": ["$.price"]}, "$.coefficients[0].sets[0]"),
        ({"sets": ["price[0]"]}, "$.coefficients[0].sets[0]"),
        ({"else": "1"}, "$.coefficients[0]['else']"),
    ],
)
def test_a_coefficient_that_does_not_fit_is_refused_at_its_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(CaseFault) as caught:
        parse_case(case(TRIMMED, [K | change]))
    assert caught.value.path.replace("$.coefficients[0].else", "$.coefficients[0]['else']") == path


def test_an_undrawn_method_can_be_tried_with_the_written_figures() -> None:
    method = {name: value for name, value in case(TRIMMED, [K]).items() if name != "bids"}
    assert parse_method(method).coefficients[0].drawn is None


@pytest.mark.parametrize(
    "coefficients",
    [
        [K | {"values": ["0.97"]}],
        [K | {"values": ["0.97", "0.970"]}],
        [K | {"values": ["0.97", "x"]}],
        [K | {"id": "下"}],
        [K | {"title": ""}],
        [K | {"sets": []}],
        [K | {"sets": "$.price.benchmark.factor"}],
        [K | {"values": ["1.00", 0.97]}],
        [K | {"sets": ["$.case"]}],
        [K | {"sets": ["$.price.benchmark"]}],
        [K | {"rest": ["$.price.nothing"]}],
        [K, K],
        [K | {"drawn": "0.97"}],
        {"K": K},
        ["K"],
    ],
)
def test_a_method_part_with_an_unfit_coefficient_is_refused(coefficients: Any) -> None:
    with pytest.raises(RuleBroken, match=r"method\.malformed"):
        coefficients_of({"case": "C", "price": {"benchmark": TRIMMED}, "coefficients": coefficients})


def test_the_request_is_a_draw_record_and_each_coefficient_gets_one_value() -> None:
    wanted = coefficients_of({"price": {"benchmark": TRIMMED}, "coefficients": [K, K | {"id": "K2"}]})
    request = rules.request_of(wanted)
    seen = set()
    for number in range(40):
        secrets = {party: bytes([number]) * 32 for party in lots_drawn.PARTIES}
        record = {
            "case": "C",
            "draw": "d",
            "request": request,
            "commits": {party: kernel.commit("C", "d", party, value).hex() for party, value in secrets.items()},
            "reveals": {party: value.hex() for party, value in secrets.items()},
        }
        drawn = rules.chosen(kernel.replay(kernel.parse_draw(record)).picked)
        assert drawn.keys() == {"K", "K2"}
        seen.add(tuple(drawn.values()))
    assert seen == set(product(["1.00", "0.97"], repeat=2))


def facts(**about: Any) -> DrawFacts:
    return DrawFacts(**{"now": NOON, "since": NOON, "parties": THREE, "party": "centre"} | about)


CENTRE, SYSTEM = frozenset({Role.CENTRE}), frozenset({Role.SYSTEM})


def test_slips_are_sealed_once_and_opened_only_when_all_are_sealed() -> None:
    choose = rules.MOVES.choose
    assert choose(DrawAction.COMMIT, DrawState.REQUESTED, CENTRE, facts()) is DrawState.REQUESTED
    with pytest.raises(WrongState, match=r"commit\.twice"):
        choose(DrawAction.COMMIT, DrawState.REQUESTED, CENTRE, facts(committed=frozenset({"centre"})))
    with pytest.raises(WrongState):
        choose(DrawAction.REVEAL, DrawState.REQUESTED, CENTRE, facts())
    with pytest.raises(WrongState, match="commits_missing"):
        choose(DrawAction.CLOSE, DrawState.REQUESTED, SYSTEM, facts(committed=frozenset({"centre"})))
    with pytest.raises(RuleBroken, match=r"reveal\.differs"):
        choose(DrawAction.REVEAL, DrawState.COMMITTED, CENTRE, facts(committed=THREE, reveal_matches=False))
    with pytest.raises(WrongState, match="reveals_missing"):
        choose(DrawAction.DRAW, DrawState.COMMITTED, SYSTEM, facts(committed=THREE, revealed=frozenset({"centre"})))
    with pytest.raises(NotAllowed):
        choose(DrawAction.COMMIT, DrawState.REQUESTED, frozenset({Role.BIDDER}), facts())
    with pytest.raises(WrongState, match="not_a_party"):
        choose(DrawAction.COMMIT, DrawState.REQUESTED, CENTRE, facts(parties=frozenset({"tenderer", "supervisor"})))


def test_a_draw_is_given_up_after_five_silent_minutes_and_the_silent_one_is_left_out() -> None:
    waiting = facts(committed=THREE, revealed=frozenset({"centre", "supervisor"}), now=NOON + timedelta(minutes=4, seconds=59))
    with pytest.raises(WrongState, match=r"redraw\.early"):
        rules.MOVES.choose(DrawAction.ABANDON, DrawState.COMMITTED, CENTRE, waiting)
    over = facts(committed=THREE, revealed=frozenset({"centre", "supervisor"}), now=NOON + lots_drawn.PATIENCE)
    assert rules.MOVES.choose(DrawAction.ABANDON, DrawState.COMMITTED, CENTRE, over) is DrawState.ABANDONED
    assert lots_drawn.next_parties(over, DrawState.COMMITTED) == ("centre", "supervisor")
    assert lots_drawn.next_parties(facts(committed=frozenset({"centre"})), DrawState.REQUESTED) == lots_drawn.PARTIES
    with pytest.raises(WrongState):
        rules.MOVES.choose(DrawAction.ABANDON, DrawState.DRAWN, CENTRE, over)


def test_a_slip_is_opened_once_and_only_by_a_party_of_the_draw() -> None:
    choose = rules.MOVES.choose
    with pytest.raises(WrongState, match="not_a_party"):
        choose(DrawAction.REVEAL, DrawState.COMMITTED, CENTRE, facts(parties=frozenset({"tenderer", "supervisor"})))
    with pytest.raises(WrongState, match=r"reveal\.twice"):
        choose(DrawAction.REVEAL, DrawState.COMMITTED, CENTRE, facts(revealed=frozenset({"centre"})))


def test_the_statements_of_a_draw_are_read_whole_or_refused() -> None:
    slip = {"draw": "d", "party": "centre", "commitment": "ab" * 32}
    assert lots_drawn.SlipBody.read(slip, "commitment") == lots_drawn.SlipBody("d", "centre", "ab" * 32)
    assert lots_drawn.RedrawBody.read({"draw": "d", "reason": "无人应答"}) == lots_drawn.RedrawBody("d", "无人应答")
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        lots_drawn.SlipBody.read(slip | {"more": 1}, "commitment")
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        lots_drawn.RedrawBody.read({"draw": "d", "reason": ""})
