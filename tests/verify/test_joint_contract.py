"""A case that a consortium wins: the contract is signed by all its members, and a package in which one is missing is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.verify.steps import verify
from core.kernel.roles import Role
from tests.builders import consortia
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, drop, twice


@pytest.fixture(scope="module")
def joint(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Every bidder leads a consortium of two; one of them wins, and both sign."""
    folder = tmp_path_factory.mktemp("joint")
    with unplayed(folder, sqlite_template, consortium_members=2) as case:
        world = case.hall.tender
        for bidder in world.bidders:
            case.partners[bidder.org] = world.crowd.join(Role.BIDDER, f"{bidder.org_name}之伙伴")
            consortia.formed(world, (bidder, case.partners[bidder.org]))
        yield Case.of(case, case.play().export(), folder)


def test_a_contract_of_all_members_is_accepted(joint: Case) -> None:
    verdict = verify(joint.path, joint.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []


def in_the_lead_s_name(story: list[Said]) -> None:
    body(story, "contract.sign", 1)["org"] = body(story, "contract.sign", 2)["org"]


def in_nobody_s_name(story: list[Said]) -> None:
    del body(story, "contract.sign", 1)["org"]


EDITS: dict[str, tuple[Callable[[list[Said]], object], str]] = {
    "the lead signed alone": (lambda story: drop(story, "contract.sign", 1), "signatures_differ"),
    "the lead never signed": (lambda story: drop(story, "contract.sign", 2), "signatures_differ"),
    "the lead signed for both": (in_the_lead_s_name, "signatures_differ"),
    "a signature in nobody's name": (in_nobody_s_name, "malformed"),
    "the tenderer signed for the winner": (lambda story: twice(story, "contract.sign"), "role_differs"),
}


@pytest.mark.parametrize("name", EDITS)
def test_another_story_of_the_contract_is_refused(joint: Case, name: str, tmp_path: Path) -> None:
    edit, code = EDITS[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(joint.forge(members_of(joint), edit)))
    broken = [finding for finding in verify(path, joint.unstamped).findings if not finding.holds]
    assert ("contract", code) in [(finding.check, finding.code) for finding in broken]
