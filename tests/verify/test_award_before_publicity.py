"""A case whose award was decided before its result was published: accepted as it was, refused as a forger would tell it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.verify.steps import verify
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, body, found, move, put


@pytest.fixture(scope="module")
def after(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("after")
    with unplayed(folder, sqlite_template, publicity="after_award") as case:
        yield Case.of(case, case.play().export(), folder)


def test_a_result_that_is_published_after_the_award_is_accepted(after: Case) -> None:
    verdict = verify(after.path, after.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    assert {"publicity", "vote", "shield", "award_notice"} <= {finding.check for finding in verdict.findings}


def other_winner(story: list[Said]) -> None:
    said = body(story, "candidates.publish")
    said["winner"] = next(one["org"] for one in said["candidates"] if one["org"] != said["winner"])


def unsaid(story: list[Said]) -> None:
    """The publicity shows the candidates alone, as where it comes before the award."""
    for name in ("winner", "result_sha256"):
        del body(story, "candidates.publish")[name]


LIES: dict[str, tuple[str, str, Edit]] = {
    "another winner published": ("publicity", "winner_differs", other_winner),
    "the result left out": ("publicity", "malformed", unsaid),
    "another result published": ("publicity", "digest_differs", lambda story: put(story, "candidates.publish", result_sha256="ab" * 32)),
    "published before the award": ("order", "too_early", lambda story: move(story, "candidates.publish", before="award.result")),
    "somebody else confirmed": ("publicity", "winner_differs", lambda story: put(story, "publicity.end", winner="")),
    "the session before the report": ("order", "too_early", lambda story: move(story, "award.open", before="report.submit")),
}


@pytest.mark.parametrize("lie", LIES)
def test_another_story_of_the_publicity_is_refused(after: Case, lie: str, tmp_path: Path) -> None:
    check, code, edit = LIES[lie]
    assert (check, code) in [(one, what) for one, what, _ in found(after, members_of(after), tmp_path, edit)]
