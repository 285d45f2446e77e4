"""The result of an evaluation as the JSON object that `gongheng score --json` prints."""

from __future__ import annotations

from evaluation.domain.methods.evaluation import Evaluation, Row
from evaluation.domain.methods.figures import Figure
from evaluation.domain.methods.wording import Lang


def to_json(evaluation: Evaluation, lang: Lang = "zh") -> dict[str, object]:
    """Plain JSON values: numbers as decimal strings, what the method does not have as null, steps as sentences in `lang`."""
    return {
        "benchmark": _text(evaluation.benchmark),
        "rows": [_row(row) for row in evaluation.rows],
        "rejected": [{"bid": rejection.bid, "code": str(rejection.code)} for rejection in evaluation.rejected],
        "candidates": list(evaluation.candidates),
        "steps": [step.text(lang) for step in evaluation.steps],
    }


def _row(row: Row) -> dict[str, object]:
    return {
        "bid": row.bid,
        "rank": row.rank,
        "joint": row.joint,
        "evaluated_price": row.evaluated_price.text,
        "contract_price": row.contract_price.text,
        "deviation_percent": _text(row.deviation_percent),
        "price_score": _text(row.price_score),
        "criteria": None if row.criteria is None else {name: figure.text for name, figure in row.criteria.items()},
        "total": _text(row.total),
    }


def _text(figure: Figure | None) -> str | None:
    return None if figure is None else figure.text
