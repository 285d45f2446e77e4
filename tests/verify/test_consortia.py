"""A case in which a consortium bids: its package is accepted, and one in which a member had not signed, or bids apart, is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.verify.steps import verify
from tests.builders import consortia as made
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, drop, put


@pytest.fixture(scope="module")
def joined(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Two form a consortium, dissolve it, form it again and bid; one bids alone. It fails at the deadline, and is closed."""
    folder = tmp_path_factory.mktemp("joined")
    with unplayed(folder, sqlite_template, consortium_members=2) as case:
        one = case.hall
        a, b, c, *_ = one.tender.bidders
        made.say(one.tender, b, "consortium.dissolve", made.formed(one.tender, (a, b)))
        made.formed(one.tender, (a, b))
        made.seal(one, (a, b))
        one.seal(c)
        one.close()
        case.deliver()
        case.close()
        yield Case.of(case, case.export(), folder)


def test_a_case_with_a_consortium_is_accepted(joined: Case) -> None:
    verdict = verify(joined.path, joined.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    [found] = [finding for finding in verdict.findings if finding.check == "consortia"]
    assert found.detail == "2; 1"


def name_another(story: list[Said]) -> None:
    for place in (0, 1):
        named = body(story, "seal", place)["consortium"]
        body(story, "seal", place)["consortium"] = [named[0], "00000000-0000-4000-8000-000000000000"]


def name_nobody(story: list[Said]) -> None:
    for place in (0, 1):
        del body(story, "seal", place)["consortium"]


def name_the_rival(story: list[Said]) -> None:
    for place in (2, 3):
        body(story, "seal", place)["consortium"] = body(story, "seal", 0)["consortium"]


EDITS: dict[str, tuple[Callable[[list[Said]], object], str, str]] = {
    "a member never signed": (lambda story: drop(story, "consortium.sign", 1), "consortia", "member_unsigned"),
    "other members are named than those of the agreement": (name_another, "consortia", "agreement_missing"),
    "the lead bids as if alone": (name_nobody, "consortia", "member_bound"),
    "a stranger bids for the consortium": (name_the_rival, "consortia", "agreement_missing"),
    "a signature for a firm that is not named": (
        lambda story: put(story, "consortium.sign", org="00000000-0000-4000-8000-000000000000"),
        "consortia",
        "member_unknown",
    ),
    "a signature on another registration": (
        lambda story: put(story, "consortium.sign", register_sha256="ab" * 32),
        "consortia",
        "agreement_missing",
    ),
    "shares that do not add up": (
        lambda story: body(story, "consortium.register")["members"][0].update(share="10.00"),
        "consortia",
        "consortium.shares_unfit",
    ),
    "the document accepts no consortium": (
        lambda story: body(story, "document.publish").pop("consortium_members"),
        "consortia",
        "consortium.not_accepted",
    ),
}


@pytest.mark.parametrize("name", EDITS)
def test_another_story_of_the_consortium_is_refused(joined: Case, name: str, tmp_path: Path) -> None:
    edit, check, code = EDITS[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(joined.forge(members_of(joined), edit)))
    broken = [finding for finding in verify(path, joined.unstamped).findings if not finding.holds]
    assert (check, code) in [(finding.check, finding.code) for finding in broken], broken
