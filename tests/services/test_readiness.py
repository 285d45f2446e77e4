"""Checks before publication on both databases: the list that a lot's parties see, and the notice that is held back by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.kernel import chain, clock
from core.kernel.actor import PUBLIC_ACTOR, Actor
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.roles import Role
from core.kernel.work import Door, Work
from tests.builders.trading import Tender, digest, document_body, method_part, plan, tender
from trading.domain.draft import DraftKind
from trading.domain.lot import LotState
from trading.domain.readiness import Finding, Standing
from trading.models.draft import LotDraft
from trading.queries.lot_page import lot_page
from trading.services import documents, drafts

RATIO = {"kind": "lowest_ratio", "max": "20", "weight": "1"}


@pytest.fixture
def purchase(door: Door, clock_file: Path) -> Tender:
    """Goods bought by a public body, registered."""
    return tender(door, clock_file, "government_procurement").registered(category="goods")


def seen(world: Tender, actor: Actor) -> dict[str, Finding]:
    number, now = world.number, world.now
    return {found.code: found for found in world.door.read(lambda session: lot_page(session, number, actor, now).checks)}


def save(world: Tender, by: Any, kind: DraftKind, content: dict[str, Any]) -> None:
    number = world.number
    world.door.perform(by.actor, lambda work: drafts.save(work, number, kind, content))


def without_validity(world: Tender) -> dict[str, Any]:
    """The content of a document that does not say how long a bid binds."""
    body = document_body([world.upload(b"%PDF-1.7 tender document")])
    return {name: value for name, value in body.items() if name not in ("document_sha256", "validity_days")}


def test_one_refusal_names_all_that_holds_the_notice_back_and_nothing_is_published(purchase: Tender) -> None:
    purchase.fix_plan("RANK_ONE")
    purchase.publish_document(method=method_part(price=RATIO))
    release = purchase.now + timedelta(hours=1)
    dates = {"release_at": clock.text(release)} | dict.fromkeys(("deadline", "opening_at"), clock.text(release + timedelta(days=12)))
    with pytest.raises(RuleBroken) as refused:
        purchase.publish_notice(**dates)
    assert (refused.value.code, refused.value.article) == ("notice.not_ready", "政府采购货物和服务招标投标管理办法第五十五条")
    assert refused.value.facts == {"count": 3, "codes": "method.weights、method.price_weight、period.T3"}
    assert purchase.lot.state is LotState.REGISTERED
    kinds = [event.kind for event in purchase.door.read(lambda session: chain.events(session, purchase.case))]
    assert "notice.publish" not in kinds
    purchase.publish_document(method=method_part(price=RATIO | {"max": "60"}))
    purchase.publish_notice()
    assert purchase.lot.state is LotState.NOTICED


def test_a_document_without_a_validity_period_is_signed_but_not_published(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).registered()
    world.fix_plan()
    unsaid = without_validity(world)
    request = world.agency.act("document.publish", world.case, world.no, body={"document_sha256": digest(unsaid)} | unsaid)
    number = world.number
    world.door.perform(world.agency.actor, lambda work: documents.publish(work, number, request))
    with pytest.raises(RuleBroken) as refused:
        world.publish_notice()
    assert (refused.value.code, refused.value.article) == ("document.validity_missing", "招标投标法实施条例第二十五条")


def test_the_list_follows_the_drafts_and_then_what_is_signed(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).registered()
    agency = world.agency.actor
    assert seen(world, agency)["document.ceiling"].standing is Standing.OPEN
    save(world, world.tenderer, DraftKind.AWARD_PLAN, plan())
    assert seen(world, agency)["plan.basis"].standing is Standing.MET
    assert seen(world, agency)["plan.signed"].standing is Standing.MISSED
    world.fix_plan()
    save(world, world.agency, DraftKind.DOCUMENT, without_validity(world))
    drafted = seen(world, agency)
    assert (drafted["document.signed"].standing, drafted["document.ceiling"].standing) == (Standing.MISSED, Standing.MET)
    assert drafted["document.validity"].standing is Standing.MISSED
    world.publish_document()
    assert seen(world, agency)["document.validity"].standing is Standing.MET
    said = world.notice_body()
    save(world, world.agency, DraftKind.NOTICE, {name: said[name] for name in ("title", "release_at", "deadline", "publicity_days")})
    assert {found.standing for found in seen(world, agency).values()} == {Standing.MET}
    world.publish_notice()
    assert seen(world, agency) == {}


def test_a_draft_that_is_no_longer_in_form_says_nothing(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).registered()
    save(world, world.tenderer, DraftKind.AWARD_PLAN, plan())

    def spoil(work: Work) -> None:
        work.session.execute(update(LotDraft).values(body={"plan": {"method": "RANK_ONE"}}))

    world.door.perform(world.tenderer.actor, spoil)
    assert "plan.basis" not in seen(world, world.agency.actor)


def test_the_list_is_for_the_lots_parties_alone(door: Door, clock_file: Path) -> None:
    world = tender(door, clock_file).registered()
    for person in (world.agency, world.tenderer, world.centre, world.supervisor):
        assert seen(world, person.actor)
    for actor in (
        PUBLIC_ACTOR,
        world.crowd.join(Role.AGENCY, "另一家招标代理有限公司").actor,
        world.crowd.join(Role.BIDDER, "甲公司").actor,
    ):
        with pytest.raises(NotFound):
            seen(world, actor)
