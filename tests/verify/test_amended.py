"""A case whose tender document was amended and clarified: its package is accepted, and a forger's other deadline is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import clock
from tests.builders import documents as made
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, drop, put

ADDENDUM = b"%PDF-1.7 addendum"


@pytest.fixture(scope="module")
def amended(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A lot with two bids, amended ten days before its deadline and clarified twice, failed at the deadline in force, closed."""
    folder = tmp_path_factory.mktemp("amended")
    with unplayed(folder, sqlite_template) as case:
        one = case.hall
        one.seal(one.tender.bidders[0])
        assert one.tender.lot.deadline is not None
        one.tender.jump(one.tender.lot.deadline - timedelta(days=10))
        one.files.put(ADDENDUM)
        fresh = one.tender.upload(ADDENDUM) | {"name": "补遗.pdf"}
        made.amend(one.tender, files=[*made.standing(one.tender)["files"], fresh])
        made.clarify(one.tender, {"question": "工期？", "answer": "180 日。", "settles": []})
        one.tender.jump(one.tender.lot.deadline - timedelta(days=10))  # whatever holidays the first has been moved over
        made.clarify(one.tender, {"question": "质保期？", "answer": "两年。", "settles": []}, affects_bids=True)
        one.seal(one.tender.bidders[1])
        one.close()
        case.deliver()
        case.close()
        yield Case.of(case, case.export(), folder)


def later(moment: str, **by: Any) -> str:
    return clock.text(clock.moment(moment) + timedelta(**by))


def test_a_case_with_amendments_is_accepted(amended: Case) -> None:
    verdict = verify(amended.path, amended.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    [found] = [finding for finding in verdict.findings if finding.check == "amendments"]
    assert found.detail.startswith("1; 2; ")


def shift_extension(story: list[Said]) -> None:
    said = body(story, "deadline.extend")
    said["deadline"] = later(said["deadline"], days=1)


def close_at_the_old_deadline(story: list[Said]) -> None:
    put(story, "close", deadline=body(story, "notice.publish")["deadline"])


def say_it_affects_nothing(story: list[Said]) -> None:
    drop(story, "deadline.extend")
    put(story, "document.amend", affects_bids=False)


EDITS: dict[str, tuple[Callable[[list[Said]], object], str, str]] = {
    "an extension that the law asks for is left out": (lambda story: drop(story, "deadline.extend"), "amendments", "extension_missing"),
    "an extension goes further than it should": (shift_extension, "amendments", "extension_differs"),
    "an extension without a cause": (lambda story: put(story, "deadline.extend", cause="ab" * 32), "amendments", "extension_without_cause"),
    "bidding closed at the deadline of the notice": (close_at_the_old_deadline, "closing_list", "deadline_differs"),
    "an amendment that is left out": (lambda story: drop(story, "document.amend"), "amendments", "extension_without_cause"),
    "an amendment under another number": (lambda story: put(story, "document.amend", number=2), "amendments", "amendment.version_other"),
    "what it changes affects nobody, it is said": (say_it_affects_nothing, "amendments", "extension_differs"),
    "a clarification twice": (lambda story: put(story, "clarification.publish", 1, number=1), "amendments", "clarification.version_other"),
}


@pytest.mark.parametrize("name", EDITS)
def test_another_story_of_the_deadline_is_refused(amended: Case, name: str, tmp_path: Path) -> None:
    edit, check, code = EDITS[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(amended.forge(members_of(amended), edit)))
    broken = [finding for finding in verify(path, amended.unstamped).findings if not finding.holds]
    assert (check, code) in [(finding.check, finding.code) for finding in broken], broken
