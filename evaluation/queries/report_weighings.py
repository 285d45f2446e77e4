"""What the report says of weighed prices: each proposal with its rule, where it is seen, and how every member voted."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from evaluation.models.rooms import Evaluation
from evaluation.queries import weighing_page
from trading.domain.price_rules import AdjustmentRule
from trading.queries.lots import LotView


def weighing_data(session: Session, room: Evaluation, lot: LotView) -> dict[str, Any]:
    """The field `weighings` of the report, of what was voted on."""
    rows = [one for one in weighing_page.views(session, room, lot.review.prices) if one.adopted is not None]
    return {"weighings": [_row(one) for one in rows]}


def _row(one: weighing_page.ProposalView) -> dict[str, Any]:
    rule = one.rule
    return {
        "number": one.number,
        "code": one.bid,
        "kind": "deviation" if isinstance(rule, AdjustmentRule) else rule.kind.value,
        "rule": rule.text if isinstance(rule, AdjustmentRule) else "",
        "counted": f"{one.figure} {rule.unit}".strip() if isinstance(rule, AdjustmentRule) else "",
        "article": rule.article,
        "measure": rule.measure.value if isinstance(rule, AdjustmentRule) else "percent",
        "weight": one.weight,
        "file": one.file_name,
        "page": one.page,
        "reason": one.reason,
        "name": one.name,
        "adopted": bool(one.adopted),
        "votes": [{"name": name, "agrees": vote.agrees, "reason": vote.reason} for name, vote in one.votes],
    }
