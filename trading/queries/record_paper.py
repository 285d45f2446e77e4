"""An opening record as its paper shows it: text alone, in the order in which it is printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from core.kernel import jcs
from core.kernel.calendar import legal_day
from core.kernel.clock import moment
from core.kernel.encoding import sha256
from core.kernel.ids import LotId
from core.kernel.money import Money
from core.kernel.paper import BEIJING
from trading.models.opening import Opening
from trading.queries import lots


@dataclass(frozen=True, slots=True)
class RecordPaper:
    """What the typesetter needs of a record that was drawn up, and the moment when it was."""

    at: datetime
    data: dict[str, Any]


def record_paper(session: Session, opening_id: UUID) -> RecordPaper | None:
    """The paper that waits to be typeset; None where nothing is drawn up, or the record stands already."""
    opening = session.get_one(Opening, opening_id)
    if not opening.record or opening.record_sha256:
        return None
    record: Any = jcs.parse_object(opening.record)
    lot = lots.by_id(session, LotId(opening.lot_id))
    at = moment(record["drawn_up_at"])
    moments = {name: _said(record[name]) for name in ("deadline", "started_at", "batch_at", "opened_at", "drawn_up_at")}
    same = {name: record[name] for name in ("number", "title", "tenderer", "agency", "close_sha256", "coefficients")}
    data = (
        same
        | moments
        | {
            "date": legal_day(at).isoformat(),
            "project": lot.project_title,
            "part": next(entry.title for entry in lot.envelopes if entry.env == opening.env),
            "ceiling": _yuan(record["ceiling"]),
            "bidders": [_bidder(one) for one in record["bidders"]],
            "objections": [_objection(one) for one in record["objections"]],
            "content_sha256": sha256(opening.record).hex(),
        }
    )
    return RecordPaper(at, data)


def _bidder(one: dict[str, Any]) -> dict[str, Any]:
    read_out = one["read_out"] or {}
    return {
        "name": one["name"],
        "received_at": _said(one["received_at"]),
        "signed_in": one["signed_in"],
        "outcome": one["method"] if one["outcome"] == "opened" else one["cause"],
        "items": "；".join(f"{name}：{text}" for name, text in read_out.get("items", {}).items()) or "—",
        "price": _yuan(read_out.get("price")),
        "above": bool(one["above_ceiling"]),
    }


def _objection(one: dict[str, Any]) -> dict[str, str]:
    return {"number": str(one["number"]), "name": one["name"], "text": one["text"], "answer": one["answer"]}


def _yuan(written: str | None) -> str:
    return "—" if written is None else f"{Money.yuan(written).decimal:,.2f}"


def _said(written: str | None) -> str:
    """A moment in Beijing, as papers write it."""
    return "—" if written is None else moment(written).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
