"""The habits of the house, asked of the source itself."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "core", "deposits", "trading", "evaluation")
HANZI = r"\u4e00-\u9fff"


def _sources(*suffixes: str) -> Iterator[Path]:
    tracked = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True)
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix in suffixes and "/vendor/" not in name and path.exists():
            yield path


def _product() -> Iterator[Path]:
    yield from (path for path in _sources(".py") if path.relative_to(ROOT).parts[0] in PACKAGES)


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_no_file_outgrows_its_room() -> None:
    long = {
        _name(path): n
        for path in _sources(".py", ".js", ".css", ".html")
        if "versions" not in path.parts and (n := len(path.read_text().splitlines())) > 400
    }
    assert not long


def test_no_function_outgrows_forty_lines() -> None:
    long = []
    for path in _product():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 0
                if lines > 40:
                    long.append(f"{_name(path)}:{node.lineno} {node.name} {lines}")
    assert not long


def test_every_module_says_in_its_docstring_what_lives_there() -> None:
    silent = [_name(path) for path in _product() if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent


def test_every_public_function_of_services_queries_and_domain_has_a_docstring() -> None:
    silent = []
    for path in _product():
        if {"services", "queries", "domain", "kernel"} & set(path.parts):
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                    silent.append(f"{_name(path)}:{node.lineno} {node.name}")
    assert not silent


def test_only_the_door_commits() -> None:
    found = [_name(path) for path in _product() if re.search(r"\.commit\(\)", path.read_text()) and path.name not in ("work.py", "door.py")]
    assert not found


def test_no_module_is_named_after_nothing() -> None:
    assert not [_name(path) for path in _product() if path.stem in ("utils", "util", "helpers", "helper", "manager", "common", "misc")]


def test_services_take_the_work_in_flight_first() -> None:
    wrong = []
    for path in _product():
        if path.parent.name == "services":
            for node in ast.parse(path.read_text()).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    first = node.args.args[0].arg if node.args.args else ""
                    if first != "work":
                        wrong.append(f"{_name(path)}:{node.lineno} {node.name}({first})")
    assert not wrong


def test_a_state_is_compared_in_domain_alone() -> None:
    pattern = re.compile(r"\.state\s*(==|!=|is |in )")
    rooms = ("services", "web", "live")
    found = [
        f"{_name(path)}:{number}"
        for path in _product()
        if path.parent.name in rooms
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


@pytest.mark.parametrize("suffix", [".html", ".po", ".py"])
def test_chinese_is_punctuated_in_chinese(suffix: str) -> None:
    pattern = re.compile(rf"[{HANZI}][,;:?!()][{HANZI}]")
    where = [path for path in _sources(suffix) if "tests" not in path.relative_to(ROOT).parts]
    found = [
        f"{_name(path)}:{n}: {line.strip()[:80]}"
        for path in where
        for n, line in enumerate(path.read_text().splitlines(), 1)
        if pattern.search(line)
    ]
    assert not found


def test_sentences_for_users_stand_in_the_catalogue_alone() -> None:
    allowed = re.compile(r"(texts\w*|navigation|wording\w*|steps)\.py$")
    found = []
    for path in _product():
        parts = path.relative_to(ROOT).parts
        if allowed.search(path.name) or "demo" in parts or "sandbox" in parts or path.name.startswith("cli"):
            continue
        tree = ast.parse(path.read_text())
        docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in docs
                and re.search(rf"[{HANZI}].*[。！？]", node.value)
            ):
                found.append(f"{_name(path)}:{node.lineno}: {node.value[:40]}")
    assert not found


def test_pages_have_nothing_inline() -> None:
    pattern = re.compile(
        r"""\sstyle\s*=|<style|\son(click|load|submit|change|input|key\w+)\s*=|<script(?![^>]*\ssrc=)(?![^>]*type="application/json")""",
        re.I,
    )
    templates = [path for path in _sources(".html") if "templates" in path.parts]
    assert not [f"{_name(path)}: {found.group()}" for path in templates if (found := pattern.search(path.read_text()))]


def test_locks_name_no_host() -> None:
    locks = [path for path in ROOT.rglob("*.lock") if ".venv" not in path.parts and "node_modules" not in path.parts]
    assert locks
    assert not [_name(path) for path in locks if re.search(r"https?://|index-url", path.read_text())]


def test_native_threads_do_not_ask_for_the_application() -> None:
    pattern = re.compile(r"natively\(lambda: [^\n]*\b(platform\(\)|request\.|session\[)")
    assert not [f"{_name(path)}: {found.group()}" for path in _product() if (found := pattern.search(path.read_text()))]
