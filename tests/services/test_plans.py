"""Tender plans through the services: known to nobody before they are published, changed with a trace, linked when the notice goes out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from core.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale, WrongState
from core.kernel.work import Door
from tests.builders import plans as made
from tests.builders.trading import DAY, Tender, tender
from trading.domain.plan import PlanState
from trading.domain.statutory import TermState
from trading.models.ocds import OcdsRelease
from trading.queries import plans as queries
from trading.queries.lot_page import lot_page
from trading.queries.plans import PlanFilter
from trading.services import plans


@pytest.fixture
def world(door: Door, clock_file: Path) -> Tender:
    return tender(door, clock_file)


def listed(world: Tender, wanted: PlanFilter | None = None) -> list[str]:
    return [line.number for line in world.door.read(lambda session: queries.page(session, wanted or PlanFilter())).plans]


def test_a_draft_is_its_tenderers_alone_and_a_published_plan_is_everybodys(world: Tender) -> None:
    number = made.drafted(world)
    assert listed(world) == []
    for stranger in (world.agency, world.centre, world.supervisor):
        with pytest.raises(NotFound):
            made.see(world, number, stranger)
    with pytest.raises(NotAllowed):
        made.publish(world, number, world.agency)
    made.publish(world, number)
    assert listed(world) == [number] == listed(world, PlanFilter(words="排水 临江", region="临江市", month="2099-01"))
    assert listed(world, PlanFilter(words="桥梁")) == []
    assert made.see(world, number, world.agency).draft is None


def test_a_change_leaves_a_trace_and_must_name_what_stands(world: Tender) -> None:
    number = made.published(world)
    first = made.see(world, number).line.statement_sha256
    with pytest.raises(Stale):
        made.change(world, number, "ab" * 32, month="2099-03")
    world.door.perform(
        world.tenderer.actor, lambda work: plans.save(work, number, made.entry(month="2099-03") | {"reason": "前期工作推迟"})
    )
    assert made.see(world, number).line.month == "2099-01"  # a draft changes nothing
    made.change(world, number, first, month="2099-03")
    shown = made.see(world, number)
    assert (shown.line.month, shown.draft) == ("2099-03", None)
    assert [version.body["month"] for version in shown.versions] == ["2099-01", "2099-03"]
    made.cancel(world, number, shown.line.statement_sha256)
    with pytest.raises(WrongState):
        made.change(world, number, made.see(world, number).line.statement_sha256)
    tags = world.door.read(lambda session: [row.tag.value for row in session.scalars(select(OcdsRelease).order_by(OcdsRelease.seq))])
    assert tags == ["planning", "planningUpdate", "planningUpdate"]


def test_the_notice_links_the_plan_and_the_clock_warns_when_it_came_too_soon(world: Tender) -> None:
    number = made.published(world)
    world.jump(world.now + 3 * DAY)
    world.registered(plan=number)
    world.fix_plan()
    world.publish_document()
    assert made.see(world, number).line.state is PlanState.PUBLISHED
    world.publish_notice()
    line = made.see(world, number).line
    assert (line.state, line.project_number, line.lot_number) == (PlanState.LINKED, world.case, world.number)
    shown = world.door.read(lambda session: lot_page(session, world.number, world.tenderer.actor, world.now))
    term = next(term for term in shown.terms if term.rule.code == "T1")
    assert (term.state, term.binds) == (TermState.DEVIATES, False)


def test_a_registration_names_an_open_plan_of_its_own_tenderer(world: Tender) -> None:
    cancelled = made.published(world)
    made.cancel(world, cancelled, made.see(world, cancelled).line.statement_sha256)
    for wrong in (made.drafted(world), cancelled, "P2026-999999"):
        with pytest.raises(RuleBroken, match=r"plan\.unfit"):
            world.register(plan=wrong)


def test_a_page_begins_after_the_plan_before_it(world: Tender) -> None:
    numbers = [made.published(world, title=f"第{n}项") for n in range(3)]
    first = world.door.read(lambda session: queries.page(session, PlanFilter(), limit=2))
    rest = world.door.read(lambda session: queries.page(session, PlanFilter(), after=first.after, limit=2))
    assert [line.number for line in (*first.plans, *rest.plans)] == numbers[::-1] and rest.after == ""
