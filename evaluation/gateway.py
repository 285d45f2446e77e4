"""The evaluation report, the award report and a fee slip as papers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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


def render_award_report(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of an award report; the same data and moment give the same bytes."""
    return typeset(AWARD, data, at)
