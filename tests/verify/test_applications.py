"""A round in which too few applied: its package is accepted, and one whose applications came late, posed as bids or were opened is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import clock
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, of, put


@pytest.fixture(scope="module")
def applied(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Three seal, one replaces, one withdraws: two are on the list, so that nothing is opened. The lot has failed, the case is closed."""
    folder = tmp_path_factory.mktemp("applied")
    with unplayed(folder, sqlite_template, applying=True) as case:
        one = case.hall
        a, b, c, *_ = one.tender.bidders
        one.seal(a)
        one.seal(b)
        one.seal(b, ver=2)
        one.withdraw(c, one.seal(c))
        one.close()
        case.deliver()
        case.close()
        yield Case.of(case, case.export(), folder)


def test_a_round_in_which_too_few_applied_is_accepted(applied: Case) -> None:
    verdict = verify(applied.path, applied.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    found = {finding.check: finding.detail for finding in verdict.findings}
    assert found["applications"].startswith("2;") and found["applications_opened"] == "0"


def come_late(story: list[Said]) -> None:
    late = body(story, "application.close")["deadline"]
    body(story, "receipt")["received_at"] = late


def count_withdrawn(story: list[Said]) -> None:
    listed = body(story, "application.close")["accepted"]
    listed.append(body(story, "withdraw")["seals"][0])
    listed.sort()


def forget_one(story: list[Said]) -> None:
    body(story, "application.close")["accepted"].pop()


def pose_as_bid(story: list[Said]) -> None:
    del body(story, "seal")["purpose"]


def rename_envelope(story: list[Said]) -> None:
    body(story, "seal")["env"] = "technical"


def close_early(story: list[Said]) -> None:
    put(story, "application.close", deadline=clock.text(clock.moment(body(story, "application.close")["deadline"]).replace(microsecond=0)))
    body(story, "application.close")["deadline"] = body(story, "prequalification.publish")["release_at"]


def open_anyhow(story: list[Said]) -> None:
    """The host has two opened: a signed order where there may be none."""
    end, close = of(story, "case.close"), of(story, "application.close")
    said: dict[str, Any] = {"type": "application.open", "lot": "1", "round": 2, "nonce": "e" * 32, "body": {"close_sha256": close["old"]}}
    order = {**end, "payload": end["payload"] | said, "keys": end["keys"][:1], "old": "1" * 64, "leaf": end["leaf"]}
    story.insert(story.index(end), order)
    body(story, "case.close")["events"] = len(story) - 1


EDITS: dict[str, tuple[Callable[[list[Said]], object], str, str]] = {
    "a late application is counted": (come_late, "applications", "sealed_late"),
    "a withdrawn application is counted": (count_withdrawn, "applications", "bid_not_standing"),
    "an application is left out": (forget_one, "applications", "bid_left_out"),
    "an application poses as a bid": (pose_as_bid, "order", "too_early"),
    "an application has a bid's envelope": (rename_envelope, "applications", "envelope_differs"),
    "the list names another deadline": (close_early, "applications", "deadline_differs"),
    "two are opened": (open_anyhow, "applications_opened", "too_few_bids"),
}


@pytest.mark.parametrize("name", EDITS)
def test_another_story_of_the_applications_is_refused(applied: Case, name: str, tmp_path: Path) -> None:
    edit, check, code = EDITS[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(applied.forge(members_of(applied), edit)))
    broken = [finding for finding in verify(path, applied.unstamped).findings if not finding.holds]
    assert (check, code) in [(finding.check, finding.code) for finding in broken], broken
