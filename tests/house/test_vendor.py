"""The committed browser libraries are exactly those that were fetched, each with its licence."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]


def _load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("vendor", ROOT / "deploy" / "vendor.py")
    assert spec and spec.loader
    module = sys.modules["vendor"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


vendor = _load()


def test_no_vendored_file_differs_from_its_recorded_digest() -> None:
    assert vendor.check() == []


def test_each_vendored_package_stands_there_with_the_declared_version_and_a_licence() -> None:
    for package in vendor.PACKAGES:
        note = json.loads((package.folder / vendor.NOTE).read_text(encoding="utf-8"))
        assert (note["name"], note["version"], note["licence"]) == (package.name, package.version, package.licence)
        assert any("LICENSE" in name for name in note["sha256"]), package.name


def test_no_module_names_a_vendored_version_that_is_not_there() -> None:
    sources = [*(ROOT / "app" / "static" / "js").glob("*.js"), *(ROOT / "app" / "templates").rglob("*.html")]
    named = {found for source in sources for found in re.findall(r"vendor/([\w.\-/]+\.m?js)", source.read_text(encoding="utf-8"))}
    assert named, "nothing names a vendored file: has the layout changed?"
    assert [name for name in sorted(named) if not (vendor.VENDOR / name).is_file()] == []
