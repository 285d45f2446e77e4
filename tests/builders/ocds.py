"""Judges of open data that are not ours: the standard's schemas through `jsonschema`, its merging through `ocdsmerge`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, FormatChecker
from ocdsmerge import Merger
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4

FOLDER = Path(__file__).parents[1] / "contract" / "ocds"


def schema(name: str) -> dict[str, Any]:
    """One of the committed schemas."""
    read: dict[str, Any] = json.loads((FOLDER / f"{name}-schema.json").read_text(encoding="utf-8"))
    return read


@cache
def _validator(name: str) -> Draft4Validator:
    release = schema("release")
    registry: Registry[Any] = Registry().with_resource(release["id"], Resource.from_contents(release, default_specification=DRAFT4))
    return Draft4Validator(schema(name), registry=registry, format_checker=FormatChecker())


def faults(package: dict[str, Any], name: str) -> list[str]:
    """What the standard's schema has against a `release-package` or a `record-package`."""
    return [f"{fault.json_path}: {fault.message[:200]}" for fault in _validator(name).iter_errors(package)]


def merged(releases: list[dict[str, Any]]) -> dict[str, Any]:
    """The compiled release as the standard's reference implementation makes it."""
    made: dict[str, Any] = Merger(schema("release")).create_compiled_release(releases)
    return made
