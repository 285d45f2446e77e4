"""What the report of a further round says of it: the order, the items, what each member changed and why, and each bid's place in both."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy.orm import Session

from evaluation.domain.committee import code_name
from evaluation.domain.round import compared
from evaluation.models.rooms import Evaluation
from evaluation.queries import rounds, working
from trading.domain.reevaluation import article_of
from trading.queries import reevaluations
from trading.queries.lots import LotView


def round_data(session: Session, room: Evaluation, lot: LotView, named: dict[str, str]) -> dict[str, Any]:
    """The field `again` of the report; none in the first round."""
    one = rounds.current(session, room)
    if one is None:
        return {"again": None}
    order = next(each for each in reevaluations.of_lot(session, lot.id) if each.order_sha256 == one.order_sha256)
    titles = working.titles_of(lot)
    kept = cast("dict[str, Any]", one.kept)
    return {
        "again": {
            "round": one.number,
            "ground": order.ground.value,
            "article": article_of(lot.regime, order.ground),
            "role": order.role.value,
            "complaint": order.complaint,
            "reason": order.reason,
            "at": order.at,
            "order_sha256": one.order_sha256,
            "earlier": order.report_sha256,
            "review": one.review,
            "criteria": [titles.get(name, name) for name in order.criteria],
            "changes": [
                {"name": code_name(each.seat), "code": each.bid, "item": titles.get(each.item, each.item)}
                | {"before": each.before, "after": each.after, "reason": each.reason}
                for each in rounds.changes(session, room, one)
            ],
            "places": [
                {"code": code, "name": named.get(code, ""), "before": old.rank, "after": new.rank}
                | {"total_before": old.total, "total_after": new.total}
                for code, old, new in compared(kept["result"], cast("dict[str, Any] | None", room.result))
            ],
        }
    }
