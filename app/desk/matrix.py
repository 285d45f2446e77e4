"""The permission matrices as one page, made from the tables of moves and reads themselves."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import core.identity.domain
import deposits.domain
import evaluation.domain
import trading.domain
from core.kernel.moves import Moves, Reads

HOMES = (core.identity.domain, deposits.domain, trading.domain, evaluation.domain)
HEAD = """# Who may do what, and who may see what

Made by `make matrix` from the tables that the platform runs on; a test fails when this page is old.
"""


def tables() -> Iterator[tuple[str, Any]]:
    """Every table of moves or reads, with the name of the module where it stands."""
    for home in HOMES:
        for found in sorted(pkgutil.walk_packages(home.__path__, home.__name__ + "."), key=lambda module: module.name):
            module = importlib.import_module(found.name)
            yield from ((found.name, value) for value in vars(module).values() if isinstance(value, Moves | Reads))


def page() -> str:
    """The whole page as Markdown."""
    seen: set[int] = set()
    parts = [HEAD]
    for module, table in tables():
        if id(table) not in seen:
            seen.add(id(table))
            parts.append(_moves(module, table) if isinstance(table, Moves) else _reads(module, table))
    return "\n".join(parts)


def _names(members: Any) -> str:
    return ", ".join(sorted(str(member.value) for member in members))


def _moves(module: str, table: Moves[Any, Any, Any, Any]) -> str:
    lines = [f"## {table.name}: moves (`{module}`)\n", "| action | from | to | who | only if |", "| --- | --- | --- | --- | --- |"]
    for row in table:
        rule = "" if row.only_if.__name__ == "always" else row.only_if.__name__
        lines.append(f"| {row.action.value} | {_names(row.source)} | {row.to.value} | {_names(row.who)} | {rule} |")
    return "\n".join(lines) + "\n"


def _reads(module: str, table: Reads[Any, Any, Any]) -> str:
    lines = [f"## {table.name}: reads (`{module}`)\n", "| what | who | in states |", "| --- | --- | --- |"]
    lines += [f"| {row.what.value} | {_names(row.who)} | {_names(row.when)} |" for row in table]
    return "\n".join(lines) + "\n"
