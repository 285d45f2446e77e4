"""A case by invitation: its package is accepted, and one in which a stranger bid, answered, or who had declined bid is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.verify.steps import verify
from tests.builders import invitations as made
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body


@pytest.fixture(scope="module")
def invited(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Four are invited; one confirms and bids, one bids, one declines, one says nothing. It fails at the deadline, and is closed."""
    folder = tmp_path_factory.mktemp("invited")
    with unplayed(folder, sqlite_template, invited=4) as case:
        one = case.hall
        firms = one.tender.bidders
        made.answer(one.tender, firms[0], "confirm")
        made.answer(one.tender, firms[2], "decline")
        one.seal(firms[0])
        one.seal(firms[1])
        one.close()
        case.deliver()
        case.close()
        yield Case.of(case, case.export(), folder)


def test_a_case_by_invitation_is_accepted(invited: Case) -> None:
    verdict = verify(invited.path, invited.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    [found] = [finding for finding in verdict.findings if finding.check == "invitation"]
    assert found.detail == "4; 2"


def invite_two(story: list[Said]) -> None:
    said = body(story, "notice.publish")
    said["invitation"]["invitees"] = said["invitation"]["invitees"][:2]


def invite_others(story: list[Said]) -> None:
    said = body(story, "notice.publish")
    said["invitation"]["invitees"] = [
        one | {"org": f"00000000-0000-4000-8000-00000000000{n}"} for n, one in enumerate(said["invitation"]["invitees"])
    ]


def decline_after_all(story: list[Said]) -> None:
    body(story, "invitation.answer")["answer"] = "decline"


def answer_for_another(story: list[Said]) -> None:
    body(story, "invitation.answer")["org"] = "00000000-0000-4000-8000-000000000000"


EDITS: dict[str, tuple[Callable[[list[Said]], object], str, str]] = {
    "two are invited": (invite_two, "periods", "invitation.too_few"),
    "others are invited than those who bid": (invite_others, "invitation", "not_invited"),
    "who bid had declined": (decline_after_all, "invitation", "invitation_declined"),
    "an answer of somebody who was not invited": (answer_for_another, "invitation", "not_invited"),
}


@pytest.mark.parametrize("name", EDITS)
def test_another_story_of_the_invitation_is_refused(invited: Case, name: str, tmp_path: Path) -> None:
    edit, check, code = EDITS[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(invited.forge(members_of(invited), edit)))
    broken = [finding for finding in verify(path, invited.unstamped).findings if not finding.holds]
    assert (check, code) in [(finding.check, finding.code) for finding in broken], broken
