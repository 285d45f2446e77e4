"""A tender document that is amended and clarified while bids are taken, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain, streams
from core.kernel.errors import Refusal
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Commit, Door
from deposits.models.guarantees import GuaranteeTerms
from deposits.models.requirement import Requirement
from tests.builders import documents as made
from tests.builders.bids import hall
from tests.builders.orders import resume, suspend
from tests.builders.trading import DAY, Tender, tender
from trading.domain.clarification import name_of
from trading.domain.lot import LotState
from trading.domain.opening_audience import bidder
from trading.queries import bid_page, clarifications, document_versions, notices, openings_due
from trading.queries import documents as document_queries
from trading.services import openings

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file).bidding()


def refused(do: Callable[[], Any], code: str) -> None:
    with pytest.raises(Refusal) as caught:
        do()
    assert caught.value.code == code


def kinds(world: Tender) -> list[str]:
    return [event.kind for event in world.door.read(lambda session: chain.events(session, world.case))]


def left(world: Tender, days: float) -> None:
    """So many days are left before the deadline."""
    assert world.lot.deadline is not None
    world.jump(world.lot.deadline - timedelta(days=days))


def test_an_amendment_in_good_time_makes_a_version_and_moves_nothing(world: Tender) -> None:
    before = world.lot
    answer = made.amend(world)
    after = world.lot
    assert (answer["version"], after.deadline) == (2, before.deadline)
    assert after.document_sha256 != before.document_sha256
    assert kinds(world)[-1] == "document.amend"
    [line] = world.door.read(lambda session: notices.of_lot(session, after.id))[1:]
    assert (line.kind.value, line.number) == ("amendment", answer["notice"])


@pytest.mark.on_both
def test_less_than_fifteen_days_before_the_deadline_it_moves_with_deposits_and_opening(world: Tender) -> None:
    old = world.lot.deadline
    left(world, 10)
    made.amend(world)
    new = world.lot.deadline
    assert old is not None and new is not None and new - world.now > 14 * DAY
    assert kinds(world)[-2:] == ["document.amend", "deadline.extend"]
    assert world.door.read(lambda session: session.get_one(Requirement, world.lot_id).deadline) == new
    world.jump(old)
    assert world.door.read(lambda session: openings_due.deadlines(session, world.now)) == []
    refused(lambda: world.step(openings.close_bidding), "bid.close.early")
    world.jump(new)
    assert world.step(openings.close_bidding) is LotState.FAILED


def test_an_amendment_that_cannot_affect_bids_moves_nothing(world: Tender) -> None:
    left(world, 1)
    old = world.lot.deadline
    files = [*made.standing(world)["files"], world.upload(b"%PDF-1.7 map") | {"name": "踏勘路线.pdf"}]
    made.amend(world, files=files, affects_bids=False)
    assert world.lot.deadline == old


def test_the_tenderer_signs_the_very_draft_and_nothing_after_the_deadline(world: Tender) -> None:
    body = made.draft_amendment(world, not_before="2030-01-07T01:00:00.000Z")
    refused(lambda: made.publish_amendment(world, body | {"reason": "别的原因"}), "amendment.draft_other")
    other = made.draft_amendment(world, not_before="2030-02-07T01:00:00.000Z")
    refused(lambda: made.publish_amendment(world, body), "amendment.draft_other")
    left(world, 0)
    refused(lambda: made.publish_amendment(world, other), "lot.deadline.passed")
    assert "document.amend" not in kinds(world)


def test_a_file_that_the_agency_never_uploaded_is_refused(world: Tender) -> None:
    stranger = {"name": "别人的.pdf", "sha256": "99" * 32, "size": 3}
    refused(lambda: made.draft_amendment(world, files=[*made.standing(world)["files"], stranger]), "upload.missing")


@pytest.mark.on_both
def test_every_version_stays_and_two_of_them_can_be_compared(world: Tender) -> None:
    first = made.standing(world)["files"][0]["sha256"]
    fresh = world.upload(b"%PDF-1.7 second edition")
    made.amend(world, "更正工程量", files=[fresh])
    method = made.standing(world)["method"] | {"candidates": 2}
    made.amend(world, "调整候选人数", method=method)
    lot = world.lot
    found = world.door.read(lambda session: document_versions.versions(session, lot))
    assert [view.version for view in found] == [1, 2, 3]
    assert found[1].changes is not None and [entry.sha256 for entry in found[1].changes.replaced] == [fresh["sha256"]]
    assert found[2].changes is not None and [change.path for change in found[2].changes.method] == ["candidates"]
    page = world.door.read(lambda session: document_versions.versions_page(session, world.number, world.agency.actor, 1, 3))
    assert page.compared.replaced and page.compared.method
    for digest in (first, fresh["sha256"]):
        assert world.door.read(lambda session, digest=digest: document_queries.file(session, lot.id, digest)).sha256 == digest
    refused(lambda: world.door.read(lambda session: document_versions.versions_page(session, world.number, world.agency.actor, 1, 9)),
            "document_version.not_found")  # fmt: skip


def test_a_bid_for_an_older_version_stands_and_its_bidder_alone_is_told(
    door: Door, clock_file: Path, tmp_path: Path, commits: list[Commit]
) -> None:
    room = hall(tender(door, clock_file), tmp_path)
    one, other = room.tender.join_bidders(2)
    room.seal(one)
    commits.clear()
    made.amend(room.tender)
    told = {entry.audience for commit in commits for entry in commit.entries if entry.kind == "document.amend"}
    assert bidder(one.org) in told and bidder(other.org) not in told
    public = [entry.data for commit in commits for entry in commit.entries if entry.audience == "public" and entry.kind == "document.amend"]
    assert "bidders" not in str(public)

    def page(firm: Any) -> bid_page.BidPage:
        return door.read(lambda session: bid_page.bid_page(session, firm.actor, room.number, room.tender.now))

    assert page(one).is_outdated and not page(other).is_outdated
    assert page(one).bid.current is not None
    room.seal(one, ver=2)
    assert not page(one).is_outdated


@pytest.mark.on_both
def test_a_question_is_shown_without_a_name_and_answered_to_everybody(world: Tender) -> None:
    one, other = (world.crowd.join(Role.BIDDER, f"第{n}工程公司") for n in "一二")
    for firm in (one, other, one):
        made.ask(world, firm, "  工期从何时起算？ ")
    made.ask(world, one, "能否分包？")
    seen = world.door.read(lambda session: clarifications.waiting(session, world.lot_id))
    assert sorted(question.text for question in seen) == ["工期从何时起算？", "能否分包？"]
    assert one.org_name not in str(seen) and str(one.org) not in str(seen)
    assert [event for event in kinds(world) if "question" in event] == []
    answer = {"question": "工期从何时起算？", "answer": "自开工令之日起。", "settles": [name_of("工期从何时起算？")]}
    published = made.clarify(world, answer)
    assert kinds(world)[-1] == "clarification.publish" and published["number"] == 1
    assert [one.text for one in world.door.read(lambda session: clarifications.waiting(session, world.lot_id))] == ["能否分包？"]
    own = world.door.read(lambda session: clarifications.own(session, world.lot_id, other.org))
    assert [question.settled_by for question in own] == [1]
    [out] = world.door.read(lambda session: clarifications.published(session, world.lot_id))
    assert (out.answers[0].answer, out.notice, out.moved) == ("自开工令之日起。", published["notice"], False)
    made.ask(world, other, "能否分包？")  # an answered one stays answered, an open one is one


def test_a_clarification_that_affects_bids_moves_the_deadline_too(world: Tender) -> None:
    left(world, 3)
    old = world.lot.deadline
    made.clarify(world, {"question": "报价币种？", "answer": "人民币。", "settles": []}, affects_bids=True)
    assert old is not None and world.lot.deadline is not None and world.lot.deadline > old
    assert kinds(world)[-2:] == ["clarification.publish", "deadline.extend"]


def test_questions_are_taken_from_firms_alone_before_the_deadline_and_in_measure(world: Tender) -> None:
    firm = world.crowd.join(Role.BIDDER, "问很多的公司")
    refused(lambda: made.ask(world, world.agency, "自问"), "bid.no_organisation")
    for n in range(20):
        made.ask(world, firm, f"问题{n}？")
    refused(lambda: made.ask(world, firm, "再问一个？"), "question.too_many")
    left(world, 0)
    refused(lambda: made.ask(world, firm, "晚了？"), "question.not_taken")


def test_nobody_hears_of_a_question_before_it_is_answered(world: Tender, commits: list[Commit]) -> None:
    firm = world.crowd.join(Role.BIDDER, "发问的公司")
    heard = world.door.read(lambda session: streams.last(session, world.case, "public"))
    commits.clear()
    made.ask(world, firm, "有无预付款？")
    assert [entry for commit in commits for entry in commit.entries] == []
    assert world.door.read(lambda session: streams.last(session, world.case, "public")) == heard
    said: JSON = {"question": "有无预付款？", "answer": "无。", "settles": [name_of("没有人问过")]}
    refused(lambda: made.clarify(world, said), "clarification.question_unknown")  # type: ignore[arg-type]


def test_after_an_amendment_the_lot_goes_on_from_a_suspension_and_guarantees_hold_as_long_as_before(world: Tender) -> None:
    before = world.door.read(lambda session: session.get_one(GuaranteeTerms, world.lot_id).days)
    made.amend(world)
    suspend(world)
    resume(world)
    assert world.door.read(lambda session: session.get_one(GuaranteeTerms, world.lot_id).days) == before
