"""The evaluation report, the award report, a fee slip and the bids of a drill as papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from core.kernel.paper import typeset

TEMPLATE = Path(__file__).parent / "templates" / "pdf" / "report.typ"
AWARD = TEMPLATE.with_name("award-report.typ")


def render_report(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of a report; the same data and moment give the same bytes."""
    return typeset(TEMPLATE, data, at)


def render_fee_slip(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of a fee slip (酬金单)."""
    return typeset(TEMPLATE.with_name("fee-slip.typ"), data, at)


def render_drill_bid(data: Mapping[str, Any]) -> bytes:
    """The PDF/A-2b of an invented bid; the same at any time."""
    return typeset(TEMPLATE.with_name("drill-bid.typ"), data, datetime(2026, 1, 1, tzinfo=UTC))


def render_award_report(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of an award report; the same data and moment give the same bytes."""
    return typeset(AWARD, data, at)
