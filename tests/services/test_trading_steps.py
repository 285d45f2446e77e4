"""Each step of trading on both databases: what it refuses, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel import chain, clock, streams
from core.kernel.calendar import end_of
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, WrongState
from core.kernel.roles import Role
from core.kernel.work import Door
from tests.builders.trading import Tender, digest, document_body, plan, tender
from trading import jobs
from trading.domain.draft import DraftKind
from trading.domain.lot import LotState
from trading.queries import documents as document_queries
from trading.queries import lots as lot_queries
from trading.services import awards, closing, documents, drafts, lots, projects, publicity
from trading.services import notices as notice_services

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file)


def kinds(world: Tender) -> list[str]:
    return [event.kind for event in world.door.read(lambda session: chain.events(session, world.case))]


def refused(do: Callable[[], Any], code: str, article: str = "") -> None:
    with pytest.raises(Refusal) as caught:
        do()
    assert caught.value.code == code
    assert getattr(caught.value, "article", "") == article


# Registration


@pytest.mark.on_both
def test_numbers_are_given_in_order_and_to_agencies_alone(world: Tender) -> None:
    first, second = world.reserve(), world.reserve()
    assert int(second[-6:]) == int(first[-6:]) + 1
    with pytest.raises(NotAllowed):
        world.door.perform(world.tenderer.actor, projects.reserve_number)


def test_a_number_can_be_used_by_its_own_agency_alone_and_once(world: Tender) -> None:
    world.reserve()
    other = world.crowd.join(Role.AGENCY, "另一家招标代理有限公司")
    theirs = other.act("project.register", world.case, body=world.registration(agency={"org": str(other.org), "name": other.org_name}))
    with pytest.raises(NotFound):
        world.door.perform(other.actor, lambda work: projects.register(work, world.case, theirs))
    world.register()
    with pytest.raises(WrongState):
        world.register()


def test_a_registration_under_a_name_that_is_not_the_organisations_is_refused(world: Tender) -> None:
    wrong = {"org": str(world.tenderer.org), "name": "冒名单位"}
    refused(lambda: world.register(tenderer=wrong), "project.party_name_other")
    assert kinds(world) == []


def test_the_tenderer_confirms_the_very_registration_that_is_on_file(world: Tender) -> None:
    world.register()
    refused(lambda: world.countersign("00" * 32), "project.registration_other")
    assert world.lot.state is LotState.PLANNED


def test_a_stranger_tenderer_cannot_confirm(world: Tender) -> None:
    answer = world.register()
    stranger = world.crowd.join(Role.TENDERER, "无关招标人有限公司")
    body = {"register_sha256": answer["register_sha256"]}
    request = stranger.act("project.countersign", world.case, body=body, step_up=True)
    with pytest.raises(NotAllowed):
        world.door.perform(stranger.actor, lambda work: projects.countersign(work, world.case, request))


def test_an_act_without_step_up_is_refused(world: Tender) -> None:
    answer = world.register()
    request = world.tenderer.act("project.countersign", world.case, body={"register_sha256": answer["register_sha256"]})
    with pytest.raises(NotAllowed, match=r"act\.step_up"):
        world.door.perform(world.tenderer.actor, lambda work: projects.countersign(work, world.case, request))


@pytest.mark.on_both
def test_the_same_act_sent_twice_happens_once(world: Tender) -> None:
    world.registered()
    made = plan()
    request = world.tenderer.act("award_plan.fix", world.case, world.no, body={"plan_sha256": digest(made), "plan": made}, step_up=True)
    answers = [world.door.perform(world.tenderer.actor, lambda work: awards.fix_plan(work, world.number, request)) for _ in range(2)]
    assert answers[0] == answers[1]
    assert kinds(world).count("award_plan.fix") == 1


# Plan, document, notice


def test_no_document_before_the_plan_and_no_notice_before_the_document(world: Tender) -> None:
    world.registered()
    refused(world.publish_document, "document.plan_missing", "招标投标法第十九条")
    wish = {"document_sha256": "ab" * 32, "award_plan_sha256": "ab" * 32}
    refused(lambda: world.publish_notice(**wish), "notice.plan_missing", "招标投标法第十九条")
    world.fix_plan()
    refused(lambda: world.publish_notice(**wish), "notice.document_missing", "招标投标法第十九条")
    assert kinds(world) == ["project.register", "project.countersign", "award_plan.fix"]


def test_a_document_whose_file_was_never_uploaded_or_is_of_another_size_is_refused(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    missing = {"name": "招标文件.pdf", "sha256": "99" * 32, "size": 9}
    refused(lambda: world.publish_document(files=[missing]), "upload.missing")
    entry = world.upload(b"%PDF-1.7 tender document")
    refused(lambda: world.publish_document(files=[entry | {"size": 1}]), "document.size_other")


def test_somebody_elses_upload_is_no_file_of_the_document(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    entry = world.upload(b"%PDF-1.7 the tenderer's own", world.tenderer)
    refused(lambda: world.publish_document(files=[entry]), "upload.missing")


@pytest.mark.on_both
def test_a_newer_document_replaces_the_older_until_the_notice(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    world.publish_document()
    old = world.notice_body()
    world.publish_document(deposit_fen=70_000_000)
    refused(lambda: world.publish_notice(**old), "notice.document_other")
    lot = world.lot.id
    found = world.door.read(lambda session: document_queries.files(session, lot))
    assert len(found) == 1
    world.publish_notice()
    refused(world.publish_document, "lot.publish_document.wrong_state")


@pytest.mark.on_both
def test_the_same_document_signed_twice_changes_nothing(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    assert world.publish_document()["document_sha256"] == world.publish_document()["document_sha256"]


def test_a_deposit_above_two_percent_is_refused_with_its_article(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    refused(lambda: world.publish_document(deposit_fen=300_000_001), "document.deposit_too_high", "招标投标法实施条例第二十六条")


def test_a_notice_with_nineteen_days_to_bid_is_refused_with_its_article(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    world.publish_document()
    release = world.now + timedelta(hours=1)
    deadline = clock.text(release + timedelta(days=19))
    early = {"release_at": clock.text(release), "deadline": deadline, "opening_at": deadline}
    refused(lambda: world.publish_notice(**early), "period.bid_time.too_short", "招标投标法第二十四条")
    assert world.lot.state is LotState.REGISTERED


@pytest.mark.on_both
def test_drafts_are_the_bodies_to_sign_and_are_gone_once_signed(world: Tender) -> None:
    world.registered()
    made = plan()
    number, lot = world.number, world.lot.id
    body = world.door.perform(world.tenderer.actor, lambda work: drafts.save(work, number, DraftKind.AWARD_PLAN, made))
    assert body == {"plan_sha256": digest(made), "plan": made}
    assert world.door.read(lambda session: document_queries.draft(session, lot, DraftKind.AWARD_PLAN)) is not None
    world.fix_plan()
    assert world.door.read(lambda session: document_queries.draft(session, lot, DraftKind.AWARD_PLAN)) is None
    content = {name: value for name, value in document_body([world.upload(b"%PDF draft")]).items() if name != "document_sha256"}
    body = world.door.perform(world.agency.actor, lambda work: drafts.save(work, number, DraftKind.DOCUMENT, content))
    assert body["document_sha256"] == digest(content)
    assert kinds(world) == ["project.register", "project.countersign", "award_plan.fix"]  # drafts are no events


def test_a_draft_that_the_law_forbids_is_refused_before_anybody_signs(world: Tender) -> None:
    world.registered()
    number = world.number
    refused(
        lambda: world.door.perform(world.tenderer.actor, lambda work: drafts.save(work, number, DraftKind.AWARD_PLAN, plan(members=4))),
        "award_plan.members_unfit",
    )
    with pytest.raises(NotAllowed):
        world.door.perform(world.agency.actor, lambda work: drafts.save(work, number, DraftKind.AWARD_PLAN, plan()))


def test_the_notice_draft_holds_the_digests_on_file(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    world.publish_document()
    said = world.notice_body()
    content = {name: said[name] for name in ("title", "release_at", "deadline", "publicity_days")}
    number = world.number
    body = world.door.perform(world.agency.actor, lambda work: drafts.save(work, number, DraftKind.NOTICE, content))
    assert body == said
    request = world.tenderer.act("notice.publish", world.case, world.no, body=body, step_up=True)
    world.door.perform(world.tenderer.actor, lambda work: notice_services.publish(work, number, request))
    assert world.lot.state is LotState.NOTICED


# The clock, the opening, the evaluation


@pytest.mark.on_both
def test_the_clock_opens_the_bidding_at_the_release_and_not_before(world: Tender) -> None:
    world.noticed()
    tick = next(tick for tick in jobs.TICKS if tick.name == "trading.open_bidding")
    tick.run(world.door)
    assert world.lot.state is LotState.NOTICED
    refused(lambda: world.step(lots.open_bidding), "lot.release.not_reached")
    assert world.lot.release_at is not None
    world.jump(world.lot.release_at)
    tick.run(world.door)
    tick.run(world.door)
    assert LotState(world.lot.state) is LotState.BIDDING
    assert kinds(world).count("bidding.open") == 1


@pytest.mark.on_both
def test_fewer_than_three_bids_fail_the_lot_at_its_deadline(world: Tender) -> None:
    world.bidding()
    orgs = [bidder.org for bidder in world.join_bidders(3)]
    refused(lambda: world.step(lots.close_bidding, orgs), "lot.deadline.not_reached")
    assert world.close_bidding([orgs[0], orgs[1], orgs[1]]) is LotState.FAILED


@pytest.mark.on_both
def test_three_bids_open_the_lot(world: Tender) -> None:
    world.bidding()
    assert world.close_bidding([bidder.org for bidder in world.join_bidders(3)]) is LotState.OPENING


def test_a_report_that_ranks_where_the_award_is_separated_is_refused(world: Tender) -> None:
    world.bidding()
    orgs = [bidder.org for bidder in world.join_bidders(3)]
    world.close_bidding(orgs)
    world.step(lots.begin_evaluation)
    refused(lambda: world.accept_report(orgs, ranked=True), "report.ranking_unfit", "招标投标法实施条例第五十三条")
    assert world.lot.state is LotState.EVALUATING
    world.step(awards.reject_all, "ab" * 32)
    assert LotState(world.lot.state) is LotState.ALL_REJECTED


def test_candidates_that_are_not_the_reports_are_not_published(world: Tender) -> None:
    world.evaluated()
    body = world.candidates_body()
    two = body["candidates"][:2]
    refused(lambda: world.publish_candidates(candidates=two), "publicity.candidates_other", "招标投标法实施条例第五十四条")


def test_candidates_published_late_must_say_why(world: Tender) -> None:
    world.evaluated()
    world.jump(world.now + timedelta(days=12))
    refused(world.publish_candidates, "publicity.late_unexplained", "招标投标法实施条例第五十四条")
    world.publish_candidates(late_reason="异议处理期间暂停")
    assert world.lot.state is LotState.CANDIDATES_PUBLISHED


@pytest.mark.on_both
def test_a_publicity_ends_at_midnight_in_beijing_by_the_clock(world: Tender) -> None:
    world.evaluated()
    answer = world.candidates_body()
    world.publish_candidates()
    assert world.lot.publicity_until is not None
    assert world.lot.publicity_until == end_of(date.fromisoformat(answer["until"]))
    refused(lambda: world.step(publicity.end), "lot.publicity.running", "招标投标法实施条例第五十四条")
    tick = next(tick for tick in jobs.TICKS if tick.name == "trading.end_publicity")
    world.jump(world.lot.publicity_until)
    tick.run(world.door)
    assert world.lot.state is LotState.AWARD_DECIDING


@pytest.mark.on_both
def test_without_separation_rank_one_wins_when_the_publicity_ends(world: Tender) -> None:
    world.evaluated("RANK_ONE")
    world.publish_candidates()
    world.end_publicity()
    assert world.lot.state is LotState.AWARDED
    assert world.lot.winner_org == world.bidders[0].org
    assert world.lot.result_sha256 == world.lot.report_sha256
    world.send_award_notice()
    assert LotState(world.lot.state) is LotState.NOTICE_SENT


def test_the_winner_is_one_of_the_candidates(world: Tender) -> None:
    world.evaluated()
    world.publish_candidates()
    world.end_publicity()
    refused(
        lambda: world.step(awards.accept_award_decision, world.bidders[3].org, "ef" * 32),
        "award.winner_no_candidate",
        "招标投标法第四十条",
    )


def test_an_award_notice_at_another_price_is_refused(world: Tender) -> None:
    world.awarded()
    refused(lambda: world.send_award_notice(price_fen=1), "award_notice.price_other", "招标投标法第四十六条")
    world.send_award_notice()
    refused(world.send_award_notice, "lot.send_award_notice.wrong_state")


# Contract and close


@pytest.mark.on_both
def test_the_winner_signs_the_text_that_the_tenderer_signed(world: Tender) -> None:
    world.awarded()
    world.send_award_notice()
    winner = world.bidders[0]
    refused(lambda: world.sign_contract(winner), "contract.not_offered")
    with pytest.raises(NotFound, match=r"upload\.missing"):
        world.sign_contract(world.tenderer, contract_sha256="77" * 32)
    world.sign_contract(world.tenderer)
    refused(lambda: world.sign_contract(world.tenderer), "contract.offered_already")
    refused(lambda: world.sign_contract(winner, contract_sha256="00" * 32), "contract.text_other")
    with pytest.raises(NotAllowed):
        world.sign_contract(world.bidders[1])
    world.sign_contract(winner)
    assert world.lot.contract_at is not None


def test_a_late_contract_must_say_why(world: Tender) -> None:
    world.awarded()
    world.send_award_notice()
    world.jump(world.now + timedelta(days=45))
    refused(lambda: world.sign_contract(world.tenderer), "contract.late_unexplained", "招标投标法第四十六条")
    world.sign_contract(world.tenderer, late_reason="投诉处理期间暂停")


def test_a_case_is_not_closed_while_a_lot_is_open(world: Tender) -> None:
    world.awarded()
    refused(world.propose_close, "project.close.lots_open")


@pytest.mark.on_both
def test_a_close_that_counts_wrongly_is_refused_and_one_person_cannot_sign_twice(world: Tender) -> None:
    world.contracted()
    refused(lambda: world.propose_close(events=3), "project.close.other_statement")
    with pytest.raises((NotAllowed, WrongState)):
        world.proposal = world.centre.act("case.close", world.case, body={"events": 11}, step_up=True)
        world.confirm_close()
    world.propose_close()
    with pytest.raises((NotAllowed, BadSignature)):
        second = world.centre.cosign(world.proposal)
        world.door.perform(world.centre.actor, lambda work: closing.close_case(work, world.case, second))
    world.confirm_close()
    assert world.lot.state is LotState.CLOSED
    assert world.case not in world.door.read(lot_queries.open_cases)


@pytest.mark.on_both
def test_the_public_stream_begins_with_the_notice_and_has_no_gaps(world: Tender) -> None:
    world.contracted()
    entries = world.door.read(lambda session: streams.since(session, world.case, "public", 0))
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert entries[0].kind == "notice.publish"
    assert "award_plan.fix" not in {entry.kind for entry in entries}


@pytest.mark.on_both
def test_a_whole_procurement_lot_keeps_its_own_periods(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file, regime="government_procurement")
    world.contracted("RANK_ONE")
    assert world.lot.law.last_day("T10A", world.now) is None


def test_documents_are_published_by_this_lots_agency_alone(world: Tender) -> None:
    world.registered()
    world.fix_plan()
    other = world.crowd.join(Role.AGENCY, "另一家招标代理有限公司")
    request = other.act("document.publish", world.case, world.no, body=document_body())
    with pytest.raises(NotAllowed):
        world.door.perform(other.actor, lambda work: documents.publish(work, world.number, request))
