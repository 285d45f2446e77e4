"""Trading's papers: the opening record as a PDF."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from core.kernel.paper import typeset

RECORD = Path(__file__).parent / "templates" / "pdf" / "opening-record.typ"


def render_record(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of an opening record; the same data and moment give the same bytes."""
    return typeset(RECORD, data, at)
