"""Case files of the demonstration (docs/formats/case.md): who takes part, what they bid, how they mark and vote, what must come out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = "gongheng/case/v1"
CASES = Path(__file__).resolve().parents[2] / "demo" / "cases"
PASSWORD = "Linjiang-2026-demo"  # noqa: S105 - the known password of everybody in the demonstration


class CaseUnfit(Exception):
    """The file is no case that can be played; the text says where and why."""


@dataclass(frozen=True)
class CaseFile:
    """A case as its file gives it; money is text in yuan with two decimals, people and organisations go by the file's own keys."""

    name: str
    project: Mapping[str, Any]
    organisations: Mapping[str, Mapping[str, str]]
    people: tuple[Mapping[str, Any], ...]
    sites: tuple[Mapping[str, Any], ...]
    draw: Mapping[str, Any]
    award_plan: Mapping[str, Any]
    document: Mapping[str, Any]
    dates: Mapping[str, int]
    bids: tuple[Mapping[str, Any], ...]
    marks: Mapping[str, tuple[Mapping[str, str], ...]]
    objection: Mapping[str, str]
    ballots: tuple[Mapping[str, str], ...]
    expected: Mapping[str, Mapping[str, Any]]

    def with_role(self, role: str) -> tuple[Mapping[str, Any], ...]:
        """The people of one role, in the file's order."""
        return tuple(person for person in self.people if person["role"] == role)


def find(named: str) -> Path:
    """The file of a case named by its path, or by the name of one that comes with the product."""
    given = Path(named)
    return given if given.suffix == ".json" else CASES / f"{named}.json"


def read(file: Path) -> CaseFile:
    """The case in a file; raises CaseUnfit."""
    try:
        said = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as fault:
        raise CaseUnfit(f"{file}: {fault}") from None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise CaseUnfit(f"{file}: format is not {FORMAT}")
    wanted = CaseFile.__dataclass_fields__
    if missing := sorted(wanted.keys() - said.keys()):
        raise CaseUnfit(f"{file}: {', '.join(missing)} missing")
    case = CaseFile(**{name: _frozen(said[name]) for name in wanted})
    _check(case, file)
    return case


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _check(case: CaseFile, file: Path) -> None:
    logins = [person["login"] for person in case.people]
    if len(set(logins)) < len(logins):
        raise CaseUnfit(f"{file}: people: a login name stands twice")
    named = [*(person["org"] for person in case.people), *(bid["org"] for bid in case.bids)]
    if unknown := sorted(set(named) - case.organisations.keys()):
        raise CaseUnfit(f"{file}: organisations: {', '.join(unknown)} missing")
    if len(case.with_role("award_member")) < len(case.ballots):
        raise CaseUnfit(f"{file}: ballots: more than there are members")
    standing = [bid["org"] for bid in case.bids if not bid.get("withdraws")]
    if unmarked := [letter for letter in standing if letter not in case.marks]:
        raise CaseUnfit(f"{file}: marks: {', '.join(unmarked)} missing")
