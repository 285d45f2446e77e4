"""A whole case with commercial and credit criteria: accepted as it was, refused where a sheet of those parts was changed or moved."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from evaluation.domain.parts import merged
from evaluation.domain.scoring_case import assemble, digest, full_result
from evaluation.domain.sheet import BidScores
from tests.builders.coefficients import with_factor
from tests.builders.evaluation import TWO_STAGES
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, drop, found, move, twice
from tests.verify.test_insider import WITHOUT, Insider, all_of, seat_of

LATER = [
    {"id": "terms", "part": "commercial", "max": "10", "weight": "1"},
    {"id": "record", "part": "credit", "max": "5", "weight": "1"},
]
PARTS: dict[str, Any] = with_factor(TWO_STAGES | {"criteria": [*TWO_STAGES["criteria"], *LATER]})


@pytest.fixture(scope="module")
def of_parts(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """The case, its winner the first in rank."""
    folder = tmp_path_factory.mktemp("parts")
    with unplayed(folder, sqlite_template, plan="RANK_ONE", method=PARTS) as made:
        yield Case.of(made, made.play().export(), folder)


@pytest.fixture
def pages(of_parts: Case) -> dict[str, bytes]:
    return members_of(of_parts)


def sheets_of(story: list[Said], part: str) -> list[dict[str, Any]]:
    return [one for one in all_of(story, "score") if one["part"] == part]


def one_mark(part: str, criterion: str) -> Callable[[list[Said]], None]:
    """One member's mark of one bid is another."""

    def edit(story: list[Said]) -> None:
        given = sheets_of(story, part)[0]["sheets"][0]["scores"]
        given[criterion] = "0" if given[criterion] != "0" else "1"

    return edit


def summed_again(part: str, criterion: str) -> Callable[[list[Said]], None]:
    """One member's marks are another's, and the platform adds up what it then has."""

    def edit(story: list[Said]) -> None:
        one_mark(part, criterion)(story)
        signed = [said for said in story if said["payload"]["type"] == "score"]
        held: dict[str, list[list[BidScores]]] = {}
        for said in signed:
            held.setdefault(seat_of(story, said), []).append([BidScores(**one) for one in said["payload"]["body"]["sheets"]])
        summary = body(story, "summary")
        method = {name: value for name, value in summary["document"].items() if name not in ("bids", "sheets")}
        case = assemble(method, [], {seat: merged(parts) for seat, parts in held.items()}) | {"bids": summary["document"]["bids"]}
        once, result = copy.deepcopy(summary["result"]), full_result(case)
        summary.update(document=case, result=result, case_sha256=digest(case), result_sha256=digest(result))
        body(story, "report.submit")["case_sha256"] = digest(case)
        assert result != once

    return edit


def place_of(story: list[Said], part: str) -> int:
    """Which of all signed sheets is the first of a part."""
    return next(place for place, one in enumerate(all_of(story, "score")) if one["part"] == part)


def moved_to(part: str, other: str) -> Callable[[list[Said]], None]:
    """A sheet is said to be of another part."""
    return lambda story: sheets_of(story, part)[0].update(part=other)


LIES: dict[str, tuple[str, Callable[[list[Said]], object]]] = {
    "another commercial mark": ("scores", one_mark("commercial", "terms")),
    "another credit mark": ("scores", one_mark("credit", "record")),
    "a mark above its maximum": ("scores", lambda story: sheets_of(story, "commercial")[0]["sheets"][0]["scores"].update(terms="11")),
    "a commercial sheet said to be of credit": ("scores", moved_to("commercial", "credit")),
    "a missing commercial sheet": ("scores", lambda story: drop(story, "score", place_of(story, "commercial"))),
    "a credit sheet said twice": ("scores", lambda story: twice(story, "score", place_of(story, "credit"))),
    "a commercial sheet before the code names were opened": (
        "scores",
        lambda story: move(story, "score", "blind.opened", place_of(story, "commercial")),
    ),
}


def test_the_case_is_accepted_as_it_was(of_parts: Case, pages: dict[str, bytes], tmp_path: Path) -> None:
    assert found(of_parts, pages, tmp_path, lambda story: None) == []


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_later_part_is_found(of_parts: Case, pages: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, edit = LIES[lie]
    broken = found(of_parts, pages, tmp_path, edit)
    assert check in [one for one, _, _ in broken], broken


@pytest.mark.parametrize(("part", "criterion"), [("commercial", "terms"), ("credit", "record")])
def test_a_changed_sheet_that_is_added_up_anew_lacks_nothing_but_the_persons_hand(
    of_parts: Case, pages: dict[str, bytes], tmp_path: Path, part: str, criterion: str
) -> None:
    edit = summed_again(part, criterion)
    insider = replace(of_parts, signers=Insider(of_parts, pages, WITHOUT["the signature of other words"]))
    broken = found(insider, pages, tmp_path, edit)
    assert broken and {check for check, _, _ in broken} == {"signatures"}, broken
