"""Pages that are made from the code must be as young as the code."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import app.tables
import app.wiring  # noqa: F401
from app.cli import COMMANDS
from app.cli_matrix import written
from app.desk.matrix import page
from core.kernel.db import Base
from core.kernel.events import KINDS
from core.kernel.moves import Moves

ROOT = Path(__file__).resolve().parents[2]


def test_the_printed_matrix_is_the_one_that_the_platform_runs_on() -> None:
    assert (ROOT / "docs" / "matrix.md").read_text(encoding="utf-8") == page(), "run `make matrix`"


def test_the_kept_openapi_document_is_the_one_that_is_served(app: Any) -> None:
    kept = (ROOT / "docs" / "api" / "openapi.json").read_text(encoding="utf-8")
    assert kept == written(app.api_doc), "run `make matrix`"


def test_every_kind_of_event_is_documented() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "docs" / "events").glob("*.md"))
    product = {kind for kind, event in KINDS.items() if event.__module__.split(".")[0] in ("core", "deposits", "trading", "evaluation")}
    assert not sorted(kind for kind in product if f"`{kind}`" not in written and not re.search(rf"^## {re.escape(kind)}$", written, re.M))


def test_every_state_column_has_its_check() -> None:
    naked = []
    for table in Base.metadata.sorted_tables:
        checks = " ".join(str(getattr(check, "sqltext", "")) + str(check.name or "") for check in table.constraints)
        for column in table.columns:
            if column.name == "state" and column.type.__class__.__name__ == "Enum" and not getattr(column.type, "create_constraint", False):
                naked.append(f"{table.name}.{column.name} {checks[:40]}")
    assert not naked


def test_every_command_of_the_readme_exists() -> None:
    named = set(re.findall(r"gongheng ([a-z-]+)", (ROOT / "README.md").read_text(encoding="utf-8")))
    assert named <= set(COMMANDS)


def test_there_are_tables_of_moves() -> None:
    from app.desk.matrix import tables

    assert sum(isinstance(table, Moves) for _, table in tables()) >= 5
