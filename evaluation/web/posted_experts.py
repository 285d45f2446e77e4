"""Posted forms of the expert pool: the profile as its reader wants it, and a sheet's cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from flask import request

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.vault import Vault, open_vault
from core.web.platform import platform
from evaluation.domain.secret import VAULT_FILE, SecretKind

MOST_BYTES, MOST_INFLATED = 5 * 1024**2, 60 * 1024**2
SECRET_FIELDS = {SecretKind.PHONE: "phone", SecretKind.ID_NUMBER: "id_number"}


def profile() -> dict[str, JSON]:
    """The profile in the posted form; what cannot be stays as it was typed, for the reader to refuse."""
    said = {name: request.form.get(name, "").strip() for name in ("name", "region", "title", "qualified_from", "qualified_to")}
    employer = {"uscc": request.form.get("employer.uscc", "").strip().upper(), "name": request.form.get("employer.name", "").strip()}
    origin = {name: request.form.get(name, "").strip() for name in ("origin", "origin_key")}
    return {**said, **origin, "employer": employer, "strata": [*request.form.getlist("strata")], "past": [*_past()]}


def _past() -> list[JSON]:
    """`单位|信用代码|入职|离职`, one employment a line."""
    rows: list[JSON] = []
    for line in request.form.get("past", "").splitlines():
        if line.strip():
            bits = [bit.strip() for bit in re.split(r"[|｜]", line)]
            if len(bits) != 4:
                raise RuleBroken("expert.past_line")
            rows.append({"name": bits[0], "uscc": bits[1].upper(), "since": bits[2], "until": bits[3]})
    return rows


def vault() -> Vault:
    """The vault of the pool, whose key stands in a file of its own."""
    here = platform()
    found = here.parts.get("pool_vault")
    if not isinstance(found, Vault):
        found = here.parts["pool_vault"] = open_vault(here.settings.keys_dir / VAULT_FILE)
    return found


def cells_of(content: bytes) -> list[list[str]]:
    """The cells of a workbook's first sheet as text; raises RuleBroken for what is no workbook, or too much of one. Blocking."""
    from python_calamine import CalamineError, CalamineWorkbook  # imported where it is used

    if len(content) > MOST_BYTES:
        raise RuleBroken("sheet.too_large", most=MOST_BYTES // 1024**2)
    try:
        with ZipFile(BytesIO(content)) as archive:
            inflated = sum(member.file_size for member in archive.infolist())
        if inflated > MOST_INFLATED:
            raise RuleBroken("sheet.too_large", most=MOST_BYTES // 1024**2)
        rows = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (BadZipFile, CalamineError, IndexError, ValueError):
        raise RuleBroken("sheet.unreadable") from None
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    """A cell as people read it; a whole number without its `.0`."""
    written = str(cell)
    return written.removesuffix(".0") if isinstance(cell, float) else written


def letter(columns: Sequence[str], column: str) -> str:
    """The letter of a column, as the spreadsheet shows it; "" for none."""
    return chr(ord("A") + list(columns).index(column)) if column in columns else ""
