"""Trading's papers as PDF: the opening record, notices, composed tender documents."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from core.kernel.paper import typeset

PAPERS = Path(__file__).parent / "templates" / "pdf"


def render_record(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of an opening record; the same data and moment give the same bytes."""
    return typeset(PAPERS / "opening-record.typ", data, at)


def render_notice(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of a notice, likewise."""
    return typeset(PAPERS / "notice.typ", data, at)


def render_document(data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of a composed tender document, likewise."""
    return typeset(PAPERS / "tender-document.typ", data, at)
