"""Rounds in which too few applied or passed are accepted; where applications came late, posed as bids or were opened too soon, they
are not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import clock
from tests.builders import prequalification
from tests.builders.reviews import Review, open_all
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, drop, move, of, put


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


@pytest.fixture(scope="module")
def opened(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Three apply and are opened by two offices, two of them pass: the lot has failed, the case is closed."""
    folder = tmp_path_factory.mktemp("opened")
    with unplayed(folder, sqlite_template, applying=True) as case:
        one = case.hall
        firms = one.tender.bidders[:3]
        for firm in firms:
            one.seal(firm)
        pool = prequalification.experts(one.tender)
        prequalification.name_committee(one.tender, pool)
        open_all(one, firms)
        review = Review(one, pool)
        review.sign_all({firms[0].org: {"C1": "缺少资质证书"}}).conclude()
        case.deliver()
        case.close()
        made = Case.of(case, case.export(), folder)
        for person in pool:
            made.signers |= {person.signer.key.key_id: person.signer, person.authenticator.key.key_id: person.authenticator}
        yield made


def test_a_round_whose_applications_were_opened_is_accepted(opened: Case) -> None:
    verdict = verify(opened.path, opened.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    found = {finding.check: finding.detail for finding in verdict.findings}
    assert found["applications"].startswith("3;") and found["applications_opened"] == "3"


def later_deadline(story: list[Said]) -> None:
    later = clock.text(clock.moment(body(story, "application.close")["deadline"]) + timedelta(days=2))
    put(story, "prequalification.publish", deadline=later)
    put(story, "application.close", deadline=later)


OPENED: dict[str, tuple[Callable[[list[Said]], object], str, str]] = {
    "a share is released before the host's order": (lambda story: move(story, "share-release", "application.open"), "order", "too_early"),
    "they are closed and opened before their deadline": (later_deadline, "applications", "too_early"),
    "one is never opened": (lambda story: drop(story, "opened"), "applications_opened", "never_opened"),
    "something is read out of one": (
        lambda story: put(story, "opened", read_out={"items": {"报价": "1"}}),
        "applications_opened",
        "read_out_differs",
    ),
    "one is opened under another's name": (
        lambda story: put(story, "opened", bidder=body(story, "opened", 1)["bidder"]),
        "applications_opened",
        "bidder_differs",
    ),
    "the host opened another list": (
        lambda story: put(story, "application.open", close_sha256="ab" * 32),
        "applications_opened",
        "digest_differs",
    ),
}


@pytest.mark.parametrize("name", OPENED)
def test_another_story_of_their_opening_is_refused(opened: Case, name: str, tmp_path: Path) -> None:
    edit, check, code = OPENED[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(opened.forge(members_of(opened), edit)))
    broken = [finding for finding in verify(path, opened.unstamped).findings if not finding.holds]
    assert (check, code) in [(finding.check, finding.code) for finding in broken], broken
