"""A case with a round of prequalification: its package is accepted, and one with another round, result or bidder is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import clock
from core.kernel.sealing import Purpose
from tests.builders import prequalification as made
from tests.builders.reviews import Review, open_all
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, of
from trading.domain.document import digest_of
from trading.services import lots

WANTING = {"C2": "没有类似业绩"}


@pytest.fixture(scope="module")
def prequalified(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """The document is amended and the deadline moves. Four apply, one of them does not pass; two of the three others bid, so the lot fails
    at its deadline, and the case is closed."""
    folder = tmp_path_factory.mktemp("prequalified")
    with unplayed(folder, sqlite_template, applying=True) as case:
        one, world = case.hall, case.hall.tender
        a, b, _, d, *_ = world.bidders
        pool = made.experts(world)
        case.room.experts += pool
        for firm in world.bidders[:2]:
            one.seal(firm)
        one.files.put(made.AMENDED)
        deadline = made.round_of(world).deadline
        assert deadline is not None
        made.amend(world, deadline=deadline + timedelta(days=2))
        for firm in world.bidders[2:4]:
            one.seal(firm)
        made.name_committee(world, pool)
        open_all(one, world.bidders[:4], case.deliver)
        case.deliver()
        review = Review(one, pool)
        review.sign_all({d.org: WANTING}).conclude()
        review.noticed()
        one.files.put(b"%PDF-1.7 tender document")
        assert world.lot.release_at is not None
        world.jump(world.lot.release_at)
        world.step(lots.open_bidding)
        one.purpose = Purpose.BID
        one.seal(a)
        one.seal(b)
        one.close()
        case.deliver()
        case.close()
        yield Case.of(case, case.export(), folder)


def test_a_case_with_a_round_is_accepted(prequalified: Case) -> None:
    verdict = verify(prequalified.path, prequalified.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    [found] = [finding for finding in verdict.findings if finding.check == "prequalification"]
    assert found.detail == "4; 3"


def all_of(story: list[Said], kind: str) -> list[Any]:
    return [said["payload"]["body"] for said in story if said["payload"]["type"] == kind]


def results(story: list[Said]) -> list[Any]:
    found: list[Any] = body(story, "prequalification.conclude")["results"]
    return found


def failed_of(story: list[Said]) -> Any:
    return next(one for one in results(story) if not one["passed"])


def forget(story: list[Said], kind: str) -> None:
    """One event fewer."""
    story.remove(of(story, kind))
    body(story, "case.close")["events"] -= 1


def admit_who_failed(story: list[Said]) -> None:
    one = failed_of(story)
    one |= {"passed": True, "failures": []}


def leave_out_who_passed(story: list[Said]) -> None:
    results(story).remove(next(one for one in results(story) if one["passed"]))


def tell_another_result(story: list[Said]) -> None:
    org = failed_of(story)["org"]
    letter = next(one for one in all_of(story, "prequalification.result") if one["org"] == org)
    letter |= {"passed": True, "failures": []}


def tell_one_nothing(story: list[Said]) -> None:
    forget(story, "prequalification.result")


def review_without_a_seat(story: list[Said]) -> None:
    body(story, "prequalification.committee")["members"][0]["person"] = "00000000-0000-4000-8000-000000000000"


def sit_with_too_few(story: list[Said]) -> None:
    members = body(story, "prequalification.committee")["members"]
    body(story, "prequalification.committee")["members"] = members[:3]


def leave_out_a_sheet(story: list[Said]) -> None:
    forget(story, "prequalification.review")


def leave_too_little_time(story: list[Said]) -> None:
    said = body(story, "prequalification.publish")
    said["deadline"] = clock.text(clock.moment(said["release_until"]) + timedelta(days=2))


def release_too_shortly(story: list[Said]) -> None:
    said = body(story, "prequalification.publish")
    said["release_until"] = clock.text(clock.moment(said["release_at"]) + timedelta(days=2))


def count_a_late_application(story: list[Said]) -> None:
    of(story, "seal")["at"] = body(story, "application.close")["deadline"]


def name_another_result(story: list[Said]) -> None:
    body(story, "notice.publish")["prequalification"]["result_sha256"] = "ab" * 32


def say_nothing_of_the_round(story: list[Said]) -> None:
    del body(story, "notice.publish")["prequalification"]


def let_who_failed_bid(story: list[Said]) -> None:
    """Every sheet finds a bidder wanting, and not who was: whoever bids had failed."""
    loser, bidder = failed_of(story), bidder_of(story)
    winner = next(one for one in results(story) if one["org"] == bidder)
    for sheet in all_of(story, "prequalification.review"):
        swap(sheet["findings"], loser["org"], bidder, "items")
    swap(results(story), loser["org"], bidder, "passed", "failures")
    swap(all_of(story, "prequalification.result"), loser["org"], bidder, "passed", "failures")
    assert not winner["passed"]


def bidder_of(story: list[Said]) -> str:
    """The organisation of the first applicant, who bids too."""
    return str(next(one for one in all_of(story, "prequalification.result") if one["name"] == "第1建筑工程有限公司")["org"])


def swap(rows: list[Any], one: str, other: str, *names: str) -> None:
    left, right = (next(row for row in rows if row["org"] == org) for org in (one, other))
    for name in names:
        left[name], right[name] = right[name], left[name]


def take_time_away(story: list[Said]) -> None:
    said = body(story, "prequalification.amend")
    said["deadline"] = clock.text(clock.moment(body(story, "prequalification.publish")["deadline"]) - timedelta(seconds=1))


def amend_at_the_last_moment(story: list[Said]) -> None:
    deadline = body(story, "prequalification.publish")["deadline"]
    body(story, "prequalification.amend")["deadline"] = deadline
    of(story, "prequalification.amend")["at"] = clock.text(clock.moment(deadline) - timedelta(days=1))


def amend_who_reviews(story: list[Said]) -> None:
    document = body(story, "prequalification.amend")["document"]
    document["state_funds"] = False
    document["document_sha256"] = digest_of(document)


def amend_another_version(story: list[Said]) -> None:
    body(story, "prequalification.amend")["previous_sha256"] = "ab" * 32


EDITS: dict[str, tuple[Callable[[list[Said]], object], str]] = {
    "who failed is admitted": (admit_who_failed, "result_differs"),
    "who passed is left out": (leave_out_who_passed, "applicants_differ"),
    "a letter says another result": (tell_another_result, "letter_differs"),
    "an applicant is told nothing": (tell_one_nothing, "letter_missing"),
    "somebody reviews who does not sit": (review_without_a_seat, "not_a_reviewer"),
    "three sit": (sit_with_too_few, "prequalification.members_unfit"),
    "a sheet is left out": (leave_out_a_sheet, "sheets_missing"),
    "the time to apply is too short": (leave_too_little_time, "period.prequalification_time.too_short"),
    "the document is out too shortly": (release_too_shortly, "period.prequalification_available.too_short"),
    "a late application is counted": (count_a_late_application, "sealed_late"),
    "the notice names another result": (name_another_result, "result_differs"),
    "the notice says nothing of the round": (say_nothing_of_the_round, "result_differs"),
    "an amendment takes time away": (take_time_away, "prequalification.deadline_shortened"),
    "an amendment leaves no time": (amend_at_the_last_moment, "period.prequalification_amendment.too_late"),
    "an amendment changes who reviews": (amend_who_reviews, "prequalification.reviewers_fixed"),
    "an amendment is of another version": (amend_another_version, "prequalification.amendment_other"),
    "who failed bids": (let_who_failed_bid, "not_prequalified"),
}


@pytest.mark.parametrize("name", EDITS)
def test_another_story_of_the_round_is_refused(prequalified: Case, name: str, tmp_path: Path) -> None:
    edit, code = EDITS[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(prequalified.forge(members_of(prequalified), edit)))
    broken = [finding for finding in verify(path, prequalified.unstamped).findings if not finding.holds]
    assert ("prequalification", code) in [(finding.check, finding.code) for finding in broken], broken
