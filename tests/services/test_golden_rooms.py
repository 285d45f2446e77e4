"""The published scoring cases and the arithmetic's own golden ones, played in the room: what it adds up is what `gongheng score` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.cli_score import score
from evaluation.domain.room import State
from tests.builders.evaluation import Room
from tests.builders.golden import BEFORE, Golden
from tests.builders.scoring import bid, result

CASES = Path(__file__).parents[1] / "oracles/cases"
FIGURES = ("evaluated_price", "contract_price", "deviation_percent", "price_score", "criteria", "total")

SCORED = "综合评估法须有评分项: a criterion of weight 0 is added, in which everybody gives full marks"
FIVE_SIT = "a committee has five members or more: all of them give what the one published expert gave"
THREE_BID = "fewer than three bids are never opened: others are rejected before, and the committee votes that competition is enough"
VOTED_OUT = "rejected before: the committee votes that the bid is invalid for its price"


@dataclass(frozen=True)
class Played:
    """A case, its published figures by column and bid, and `why` the room's differs from it in form."""

    name: str
    case: Mapping[str, Any]
    published: Mapping[str, Any]
    why: Sequence[str] = ()
    invalid: Sequence[str] = ()


def published(name: str, *why: str, **how: Any) -> Played:
    """A case that others published."""
    read = json.loads((CASES / f"{name}.json").read_text("utf-8"))
    return Played(name, read["case"], read["expected"], why, **how)


def made(name: str, expected: Mapping[str, Any], prices: Sequence[str], price: Mapping[str, Any], *why: str, **more: Any) -> Played:
    """One of the arithmetic's golden cases; bids are A, B, C, …"""
    letters = "ABCDEFG"[: len(prices)]
    marks, weighed, preferred = more.pop("marks", {}), more.pop("weighed", {}), more.pop("preferred", {})
    case: dict[str, Any] = {"method": "comprehensive", "rounding": {"mode": "half_up", "deviation": 2, "price_score": 2}} | more
    case |= {"price": dict(price), "bids": [bid(letter, yuan) for letter, yuan in zip(letters, prices, strict=True)]}
    for one in case["bids"]:
        one |= {"adjustments": weighed.get(one["id"], []), "preference_percent": preferred.get(one["id"], "0")}
    case["sheets"] = [
        {"expert": f"E{seat + 1}", "bid": letter, "scores": {name: given[seat] for name, given in marks[letter].items()}}
        for seat in range(len(next(iter(marks["A"].values()))) if marks else 0)
        for letter in letters
    ]
    scores = {name: dict(zip(letters, value, strict=True)) if isinstance(value, list) else value for name, value in expected.items()}
    return Played(name, case, scores, why)


RATIO = {"kind": "lowest_ratio", "max": "30", "weight": "1"}
SEVEN_BIDS = ("4850.00", "4920.50", "4780.20", "5010.00", "4655.80", "4899.90", "4831.60")
TRIMMED = {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 4}
SLOPES = {"kind": "deviation", "max": "60", "weight": "1", "above": "1.0", "below": "0.5", "benchmark": TRIMMED}
MIX = {
    "kind": "mix",
    "parts": [
        {"share": "0.30", "of": {"kind": "ceiling", "factor": "0.92"}},
        {"share": "0.70", "of": TRIMMED | {"factor": "0.97"}},
    ],
}
SMALL = SLOPES | {"max": "50"}
PLAN = {"id": "plan", "part": "technical", "max": "40", "weight": "1"}
TERMS = {"id": "terms", "part": "commercial", "max": "15", "weight": "1"}
DROP = {"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 5, "over": "criterion"}
FIVE, SEVEN = ["33.5", "36", "35", "38.5", "29"], ["30", "31.5", "28", "33", "30.5", "35", "31"]
TO_THE_CENT = {"mode": "half_up", "price_score": 2, "aggregate": 2, "total": 2}
NO_PRICE = {"kind": "none"}


def marked(given: Sequence[str]) -> dict[str, dict[str, list[str]]]:
    return {letter: {"plan": list(given)} for letter in "ABC"}


def aggregated(name: str, given: Sequence[str], kind: Mapping[str, Any], comes_to: str) -> Played:
    expected = {"criteria": {letter: {"plan": comes_to} for letter in "ABC"}}
    more = {"criteria": [PLAN], "aggregation": kind, "rounding": TO_THE_CENT, "marks": marked(given)}
    return made(name, expected, ("100", "110", "120"), NO_PRICE, **more)


MEAN = {"kind": "mean", "over": "criterion"}
TIED = {
    "A": {"plan": FIVE, "terms": ["13.5"] * 5},
    "B": {"plan": ["33", "33", "33.5", "35", "30"], "terms": ["14"] * 5},
    "C": {"plan": ["36", "36", "36", "37", "35"], "terms": ["11.75"] * 5},
}
PERCENT = {"mode": "half_up", "price_score": 2, "weighted": 2}

PLAYED = (
    published("004", SCORED),
    published("005", SCORED),
    published("008"),
    published("008-complete"),
    published("011", SCORED, VOTED_OUT, invalid=["A"]),
    published("019"),
    published("019-sheet"),
    published("021", FIVE_SIT, THREE_BID),
    published("029", THREE_BID),
    published("030"),
    published("036", THREE_BID),
    published("039", THREE_BID),
    made(
        "G1",
        {
            "evaluated_price": ["12604800", "12777000", "12550000"],
            "contract_price": ["12480000", "12350000", "12550000"],
            "ranks": {"C": 1, "A": 2, "B": 3},
        },
        ("12480000", "12350000", "12610000"),
        NO_PRICE,
        method="lowest_evaluated_price",
        weighed={
            "A": [{"kind": "percent", "value": "1.0", "reason": "payment two months early"}],
            "B": [
                {"kind": "amount", "value": "180000", "reason": "missing item"},
                {"kind": "percent", "value": "2", "reason": "four weeks late"},
            ],
            "C": [{"kind": "correction", "value": "-60000", "reason": "arithmetic"}],
        },
    ),
    made(
        "G2 lowest",
        {"evaluated_price": ["1000000", "954000"], "contract_price": ["1000000", "1060000"], "ranks": {"B": 1, "A": 2}},
        ("1000000", "1060000"),
        NO_PRICE,
        THREE_BID,
        method="lowest_price",
        preferred={"B": "10"},
    ),
    made("G2 weight 30", {"price_score": ["28.62", "30.00"]}, ("1000000", "1060000"), RATIO, SCORED, THREE_BID, preferred={"B": "10"}),
    made("G3", {"price_score": ["30.00", "28.00", "26.25"]}, ("980000", "1050000", "1120000"), RATIO, SCORED),
    made("G4 rounded once", {"price_score": ["30", "29.08", "28.16"]}, ("873000", "900500", "930000"), RATIO, SCORED, rounding=TO_THE_CENT),
    made(
        "G4 percentage first",
        {"price_score": ["100", "96.95", "93.87"], "total": ["30", "29.09", "28.16"]},
        ("873000", "900500", "930000"),
        {"kind": "lowest_ratio", "max": "100", "weight": "0.30"},
        SCORED,
        rounding=PERCENT,
    ),
    made(
        "G5 K 1.00",
        {
            "benchmark": "4856.44",
            "deviation_percent": ["-0.13", "1.32", "-1.57", "3.16", "-4.13", "0.89", "-0.51"],
            "price_score": ["59.94", "58.68", "59.22", "56.84", "57.94", "59.11", "59.75"],
            "first": "A",
        },
        SEVEN_BIDS,
        SLOPES,
        SCORED,
        rounding={"mode": "half_up", "benchmark": 2, "deviation": 2, "price_score": 2},
    ),
    made(
        "G5 K 0.97",
        {
            "benchmark": "4710.75",
            "deviation_percent": ["2.96", "4.45", "1.47", "6.35", "-1.17", "4.02", "2.57"],
            "price_score": ["57.04", "55.55", "58.53", "53.65", "59.42", "55.98", "57.43"],
            "first": "E",
        },
        SEVEN_BIDS,
        SLOPES | {"benchmark": TRIMMED | {"factor": "0.97"}},
        SCORED,
        rounding={"mode": "half_up", "benchmark": 2, "deviation": 2, "price_score": 2},
    ),
    made(
        "G6",
        {
            "benchmark": "4732.72",
            "deviation_percent": ["2.48", "3.97", "1.00", "5.86", "-1.63", "3.53", "2.09"],
            "price_score": ["57.77", "56.43", "59.10", "54.73", "59.02", "56.82", "58.12"],
            "first": "C",
        },
        SEVEN_BIDS,
        SLOPES | {"above": "0.9", "below": "0.6", "benchmark": MIX},
        SCORED,
        price_ceiling="5200.00",
        rounding={"mode": "half_up", "benchmark": 2, "deviation": 2, "price_score": 2},
    ),
    made(
        "G7 five bids",
        {"benchmark": "1000000", "price_score": ["50.00", "48.00", "49.00", "45.00", "45.00"]},
        ("1000000", "1020000", "980000", "1050000", "900000"),
        SMALL,
        SCORED,
    ),
    made("G7 three bids", {"benchmark": "1000000", "price_score": ["50", "48", "49"]}, ("1000000", "1020000", "980000"), SMALL, SCORED),
    aggregated("G8 five trimmed", FIVE, DROP, "34.83"),
    aggregated("G8 five plain", FIVE, MEAN, "34.40"),
    aggregated("G8 seven trimmed", SEVEN, DROP, "31.20"),
    aggregated("G8 seven plain", SEVEN, MEAN, "31.29"),
    made(
        "G9",
        {"price_score": ["28.00", "29.16", "27.31"], "total": ["76.33", "76.33", "75.06"], "ranks": {"B": 1, "A": 2, "C": 3}},
        ("1020000", "1008400", "1026900"),
        SLOPES | {"max": "30", "benchmark": {"kind": "ceiling", "factor": "0.8"}},
        price_ceiling="1250000",
        criteria=[PLAN, TERMS],
        aggregation=DROP,
        rounding=TO_THE_CENT,
        tie_break=["lower_price"],
        marks=TIED,
    ),
)
"""G10, low prices that are flagged and voted on, is played in `test_evaluation_questions.py`."""


@pytest.mark.begins(BEFORE)
@pytest.mark.parametrize(
    ("database", "played"),
    [
        *(pytest.param("sqlite", one, id=one.name) for one in PLAYED),
        *(pytest.param("postgresql", one, id=f"{one.name} postgresql", marks=pytest.mark.postgres) for one in PLAYED if one.name == "G9"),
    ],
    indirect=["database"],
)
def test_the_room_adds_up_what_the_command_prints(world: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, played: Played) -> None:
    golden = Golden(played.case, played.invalid)
    view = golden.played(world.told(monkeypatch))
    assert view.state is State.SUMMARY and view.result is not None and view.scoring_case is not None
    document = tmp_path / "case.json"
    document.write_text(json.dumps(view.scoring_case), "utf-8")
    answer = CliRunner().invoke(score, [str(document), "--json"])
    assert (answer.exit_code, json.loads(answer.stdout)) == (0, view.result)
    ours, theirs = golden.by_letter(view.result), result(dict(played.case))
    told = {one["bid"]: one for one in ours["rows"]}
    for one in theirs["rows"]:
        wanted = one | {"criteria": one["criteria"] or told[one["bid"]]["criteria"]}
        assert {name: told[one["bid"]][name] for name in FIGURES} == {name: wanted[name] for name in FIGURES}
    assert {bid: (one["rank"], one["joint"]) for bid, one in told.items()} == {
        one["bid"]: (one["rank"], one["joint"]) for one in theirs["rows"]
    }
    assert (ours["benchmark"], ours["rejected"]) == (theirs["benchmark"], theirs["rejected"])
    assert sorted(ours["candidates"]) == sorted(theirs["candidates"])
    _as_published(ours, played)


def _as_published(ours: Mapping[str, Any], played: Played) -> None:
    """The figures of the source, not of any program of ours."""
    rows, expected = {one["bid"]: one for one in ours["rows"]}, played.published
    for name in FIGURES:
        for letter, figure in expected.get(name, {}).items():
            if name == "criteria":
                assert rows[letter][name] == figure
            else:
                assert Fraction(rows[letter][name]) == Fraction(figure), (name, letter)
    assert {letter: rows[letter]["rank"] for letter in expected.get("ranks", {})} == expected.get("ranks", {})
    assert expected.get("rejected", ours["rejected"]) == ours["rejected"]
    assert expected.get("benchmark") is None or Fraction(ours["benchmark"]) == Fraction(expected["benchmark"])
    assert expected.get("first", ours["rows"][0]["bid"]) == ours["rows"][0]["bid"]


def test_every_published_case_that_is_ours_to_score_is_played() -> None:
    scored = {path.stem for path in CASES.glob("*.json") if "case" in json.loads(path.read_text("utf-8"))}
    assert scored == {one.name for one in PLAYED if not one.name.startswith("G")}
