"""The one door to the typesetter: a template and its data in, the bytes of a PDF out; slow, so never called inside a transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


def typeset(template: Path, data: Mapping[str, Any], at: datetime) -> bytes:
    """The PDF/A-2b of a template (Typst). The same data and moment give the same bytes: nothing of the machine or its clock gets in.

    Data goes in as JSON, never as markup, so that no text of a user is ever a command.
    """
    import typst

    return typst.compile(
        template.read_bytes(),
        format="pdf",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False, default=_beijing)},
        pdf_standards="a-2b",
        timestamp=at.replace(microsecond=0),
    )


def _beijing(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


@cache
def _fonts() -> Any:
    """The fonts that travel with the product, read once: full coverage, so that no name loses a character."""
    import pylopdf_fonts_zh_cn as fonts
    import typst

    folder = str(Path(fonts.serif_path()).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
