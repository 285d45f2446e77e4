"""Signed acts about deposits: each is done once however often it is sent, or by a second signature, and each names who may do it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SERVICES = Path(__file__).resolve().parents[2] / "deposits" / "services"
ONCE = {"once", "countersign_once"}
SEVERAL = {"holds.place", "holds.lift", "dormant_cases.claim"}
"""Acts that people of several roles do: the rule of the act says who, by the kind of hold, or the firm or finance for a claim."""


def acts() -> Iterator[tuple[str, ast.FunctionDef, dict[str, ast.FunctionDef]]]:
    """Each public function that takes a signed request, with the functions of its file."""
    for path in sorted(SERVICES.glob("*.py")):
        defined = {node.name: node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
        for name, node in defined.items():
            signed = any("SignedRequest" in ast.unparse(one.annotation) for one in node.args.args if one.annotation)
            if signed and not name.startswith("_"):
                yield f"{path.stem}.{name}", node, defined


ACTS = list(acts())


def reached(node: ast.FunctionDef, defined: dict[str, ast.FunctionDef], seen: frozenset[str] = frozenset()) -> Iterator[ast.Call]:
    """All calls in a function, and in those of the same file that it calls."""
    for call in (one for one in ast.walk(node) if isinstance(one, ast.Call)):
        yield call
        name = call.func.id if isinstance(call.func, ast.Name) else ""
        if name in defined and name not in seen | {node.name}:
            yield from reached(defined[name], defined, seen | {node.name, name})


def test_there_are_such_acts() -> None:
    assert len(ACTS) > 40


@pytest.mark.parametrize(("name", "node", "defined"), ACTS, ids=[name for name, _, _ in ACTS])
def test_a_signed_act_is_done_once_and_says_who_may_do_it(name: str, node: ast.FunctionDef, defined: dict[str, ast.FunctionDef]) -> None:
    calls = {ast.unparse(call.func).rpartition(".")[2]: call for call in reached(node, defined)}
    assert calls.keys() & ONCE, name
    expected = [call for call in reached(node, defined) if ast.unparse(call.func) == "Expect"]
    assert expected, name
    assert name in SEVERAL or all(any(word.arg == "role" for word in call.keywords) for call in expected), name
