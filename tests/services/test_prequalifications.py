"""A round up to its deadline through the services: its document, notice and committee, what an objection stops, what is public."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken
from core.kernel.roles import Role
from core.kernel.work import Door
from tests.builders import prequalification as made
from tests.builders.remedies import remedies
from tests.builders.trading import DAY, Tender, tender
from trading.domain.draft import DraftKind
from trading.domain.lot import LotState
from trading.domain.prequalification import RoundState
from trading.models.ocds import OcdsRelease
from trading.models.prequalification import RoundReviewer
from trading.queries import lots as lot_queries
from trading.queries import notices
from trading.queries import prequalifications as queries
from trading.queries.lot_page import lot_page
from trading.queries.notices import NoticeFilter
from trading.services import drafts
from trading.services import prequalifications as services

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    """A registered lot of works."""
    return tender(door, clock_file).registered()


def code(do: object, *said: object, **more: object) -> str:
    with pytest.raises(Refusal) as refused:
        do(*said, **more)  # type: ignore[operator]
    return refused.value.code


@pytest.mark.on_both
def test_a_round_goes_out_with_its_own_notice(world: Tender) -> None:
    made.lay_down(world)
    drafted = made.round_of(world)
    assert (drafted.state, world.lot.awaits_round, len(drafted.criteria)) == (RoundState.DRAFTED, True, 2)
    with pytest.raises(NotFound):
        world.door.read(lambda session: lot_queries.visible(session, world.number, world.crowd.join(Role.BIDDER, "甲").actor))
    answer = made.publish(world)
    found = made.round_of(world)
    assert (answer["state"], found.state, found.notice) == ("noticed", RoundState.NOTICED, f"{world.number}-N1")
    assert (world.lot.state, world.lot.notice_at) == (LotState.REGISTERED, None)
    [line] = world.door.read(lambda session: notices.page(session, NoticeFilter())).notices
    assert line.kind.value == "prequalification"
    [row] = world.door.read(lambda session: session.scalars(select(OcdsRelease.body)).all())
    assert row["tag"] == ["tender"]
    said = row["tender"]
    assert said["procurementMethod"] == "selective" and "tenderPeriod" not in said
    assert [one["type"] for one in said["milestones"]] == ["preProcurement"]


def test_a_lot_in_its_round_is_public_with_its_periods(world: Tender) -> None:
    made.lay_down(world)
    made.publish(world)
    stranger = world.crowd.join(Role.BIDDER, "甲").actor
    view = world.door.read(lambda session: lot_page(session, world.number, stranger, world.now))
    assert {"T2B", "T6", "T6A", "T5B"} <= {term.rule.code for term in view.terms}
    assert {term.state.value for term in view.terms if term.rule.code in ("T2B", "T6")} == {"fulfilled"}
    assert view.files == () and view.checks == ()


def test_no_tender_notice_goes_out_meanwhile(world: Tender) -> None:
    made.lay_down(world)
    world.fix_plan()
    world.publish_document()
    assert code(world.publish_notice) == "notice.prequalification_running"
    assert world.lot.state is LotState.REGISTERED


@pytest.mark.on_both
def test_a_document_may_be_replaced_until_the_notice_is_out(world: Tender) -> None:
    made.lay_down(world)
    made.lay_down(world, criteria=made.CRITERIA[:1])
    assert len(made.round_of(world).criteria) == 1
    made.publish(world)
    assert code(made.lay_down, world) == "prequalification.lay_down.wrong_state"
    assert code(made.publish, world) == "prequalification.publish.wrong_state"


def test_the_notice_keeps_the_law(world: Tender) -> None:
    made.lay_down(world)
    soon = clock.text(world.now + DAY)
    for changes, expected in (
        ({"deadline": clock.text(world.now + 12 * DAY)}, "period.prequalification_time.too_short"),
        ({"release_until": soon}, "period.prequalification_available.too_short"),
        ({"document_sha256": "ab" * 32}, "prequalification.document_other"),
    ):
        assert code(made.publish, world, **changes) == expected
    assert made.round_of(world).state is RoundState.DRAFTED


def test_only_who_may_takes_a_step(world: Tender) -> None:
    body = made.document_body(world)
    for person in (world.tenderer, world.centre, world.supervisor):
        request = person.act("prequalification.document", world.case, world.no, body=body)
        with pytest.raises(NotAllowed):
            world.door.perform(person.actor, lambda work, one=request: services.lay_down(work, world.number, one))
    other = world.crowd.join(Role.AGENCY, "别的代理")
    request = other.act("prequalification.document", world.case, world.no, body=body)
    with pytest.raises(NotAllowed):
        world.door.perform(other.actor, lambda work: services.lay_down(work, world.number, request))
    made.lay_down(world)
    stranger = world.crowd.join(Role.TENDERER, "别的招标人")
    notice = stranger.act("prequalification.publish", world.case, world.no, body=made.notice_body(world), step_up=True)
    with pytest.raises(NotAllowed):
        world.door.perform(stranger.actor, lambda work: services.publish(work, world.number, notice))


def test_files_come_through_the_agencys_own_uploads(world: Tender) -> None:
    entry = {"name": "别人的.pdf", "sha256": "cd" * 32, "size": 4}
    with pytest.raises(NotFound):
        made.lay_down(world, files=[entry])
    mine = world.upload(b"half")
    assert code(made.lay_down, world, files=[mine | {"size": 5}]) == "document.size_other"


def test_a_draft_says_what_is_to_be_signed(world: Tender) -> None:
    content = {name: value for name, value in made.document_body(world).items() if name != "document_sha256"}
    kinds = DraftKind.PREQUALIFICATION_DOCUMENT, DraftKind.PREQUALIFICATION_NOTICE

    def save(kind: DraftKind, said: dict[str, object]) -> dict[str, object]:
        return world.door.perform(world.agency.actor, lambda work: drafts.save(work, world.number, kind, said))  # type: ignore[arg-type,return-value]

    assert code(save, kinds[1], {}) == "prequalification.document_missing"
    assert save(kinds[0], content) == made.document_body(world)
    made.lay_down(world)
    wish = {name: value for name, value in made.notice_body(world).items() if name != "document_sha256"}
    assert save(kinds[1], wish)["document_sha256"] == made.round_of(world).document_sha256
    assert code(save, kinds[1], wish | {"deadline": wish["release_until"]}) == "period.prequalification_time.too_short"
    made.publish(world)
    assert code(save, kinds[0], content) == "prequalification.lay_down.wrong_state"


@pytest.mark.on_both
def test_in_procurement_the_purchaser_reviews_and_working_days_count(door: Door, clock_file: Path) -> None:
    bought = tender(door, clock_file, "government_procurement").registered()
    assert code(made.lay_down, bought, reviewers="committee") == "prequalification.purchaser_reviews"
    made.lay_down(bought)
    with pytest.raises(RuleBroken) as broken:
        made.publish(bought, release_until=clock.text(bought.now + 4 * DAY))
    assert broken.value.article == "政府采购货物和服务招标投标管理办法第十八条"
    made.publish(bought)
    assert code(made.name_committee, bought, made.experts(bought)) == "prequalification.no_committee"


def test_a_committee_is_made_as_the_law_says(world: Tender) -> None:
    made.lay_down(world)
    pool = made.experts(world)
    assert code(made.name_committee, world, pool) == "prequalification.name_committee.wrong_state"
    made.publish(world)
    assert code(made.name_committee, world, pool[:3]) == "prequalification.members_unfit"
    assert code(made.name_committee, world, [*pool[:3], world.centre]) == "prequalification.member_unknown"
    made.name_committee(world, pool)
    rows = world.door.read(lambda session: session.scalars(select(RoundReviewer.expert)).all())
    assert sorted(rows) == [False, True, True, True, True]
    assert code(made.name_committee, world, pool) == "prequalification.committee_named"


@pytest.mark.on_both
def test_an_objection_to_the_document_stops_the_round_and_gives_the_time_back(world: Tender) -> None:
    made.lay_down(world)
    made.publish(world)
    world.join_bidders(2)
    one = remedies(world)
    assert code(one.object, world.bidders[0], stage="prequalification") == "objection.not_yet"
    before = made.round_of(world)
    assert before.release_at is not None and before.deadline is not None
    world.jump(before.release_at)
    number = one.object(world.bidders[0], stage="prequalification")
    halted = made.round_of(world)
    assert (halted.unanswered, halted.halted_at is not None) == (1, True)
    assert world.door.read(lambda session: queries.due(session, before.deadline)) == ()  # type: ignore[arg-type]
    world.jump(world.now + 2 * DAY)
    one.answer(number)
    after = made.round_of(world)
    assert (after.unanswered, after.halted_at) == (0, None)
    assert after.deadline is not None and after.deadline >= before.deadline + 2 * DAY
    assert world.door.read(lambda session: queries.due(session, after.deadline)) == (world.lot_id,)  # type: ignore[arg-type]
    world.jump(after.deadline - DAY)
    assert code(one.object, world.bidders[1], stage="prequalification") == "objection.too_late"


def test_a_lot_without_a_round_has_none(world: Tender) -> None:
    assert code(made.name_committee, world, made.experts(world)) == "prequalification.not_found"
    assert world.door.read(lambda session: queries.of(session, world.lot_id)) is None
