"""Posted forms of the expert pool: the profile as its reader wants it."""

from __future__ import annotations

import re

from flask import request

from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.vault import Vault, open_vault
from core.web.platform import platform
from evaluation.domain.secret import VAULT_FILE, SecretKind

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
