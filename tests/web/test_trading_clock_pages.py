"""The statutory clock on the pages: before a notice is signed, on the lot afterwards, and deviations where the law does not bind."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.factory import Application
from core.kernel.calendar import BEIJING
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.people import Person
from tests.builders.trading import Tender, tender
from tests.builders.trading_web import application, browser
from trading.domain.draft import DraftKind
from trading.queries import documents


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def typed(at: datetime) -> str:
    return at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def dates(world: Tender, days: int, **more: str) -> dict[str, str]:
    """What the form of the notice posts: release tomorrow, so many days to bid."""
    release = world.now + timedelta(days=1)
    form = {"title": "招标公告", "release_at": typed(release), "deadline": typed(release + timedelta(days=days)), "publicity_days": "3"}
    return form | more


def ready(world: Tender) -> Tender:
    world.registered()
    world.fix_plan()
    world.publish_document()
    return world


def test_the_periods_stand_beside_the_draft_and_then_on_the_lot(door: Door, clock_file: Path, app: Application) -> None:
    world = ready(tender(door, clock_file))
    agency, place = browser(app, world.agency), f"/lots/{world.number}"
    refused = agency.post(f"{place}/notice", data=dates(world, 10))
    assert refused.status_code == 422 and "招标投标法第二十四条" in refused.text  # a rule that binds
    assert "偏离理由" not in refused.text
    assert agency.post(f"{place}/notice", data=dates(world, 40)).status_code == 303
    draft = agency.page(f"{place}/notice")
    assert all(said in draft for said in ("按此发布后的法定期限", "编制投标文件的时间", "T3</span> 招标投标法第二十四条", "起点未到"))
    world.publish_notice()
    public = browser(app)
    assert "法定期限" in public.page(place) and "T5</span> 招标投标法实施条例第二十二条" in public.page(place)
    told = {term["code"]: term for term in public.get(f"/api/v1{place}").get_json()["terms"]}
    assert told["T3"]["state"] == "fulfilled" and told["T10"]["state"] == "unknown" and told["T4"]["edge"] is not None
    assert told.keys().isdisjoint({"T14A", "T5A", "T12"})  # what begins with somebody's own act


def test_a_shorter_time_needs_a_reason_and_an_approver_who_then_signs(door: Door, clock_file: Path, app: Application) -> None:
    world = ready(tender(door, clock_file, mandatory=False))
    other = world.crowd.join(Role.TENDERER, world.tenderer.org_name, name="王敏")
    agency, place = browser(app, world.agency), f"/lots/{world.number}"
    assert "起草人以外的招标人员批准" in agency.post(f"{place}/notice", data=dates(world, 10)).text
    wrong = agency.post(f"{place}/notice", data=dates(world, 10, deviation_reason="应急抢险", approver=str(world.agency.person)))
    assert "批准人须是招标人的在册人员" in wrong.text
    form = dates(world, 10, deviation_reason="应急抢险", approver=str(other.person))
    assert agency.post(f"{place}/notice", data=form).status_code == 303
    assert "由批准人王敏签发" in browser(app, world.tenderer).page(f"{place}/notice")
    approver = browser(app, other)
    assert "由批准人王敏签发" not in approver.page(f"{place}/notice")
    body = door.read(lambda session: notice_draft(session, world))
    assert sign(app, world, world.tenderer, body).get_json()["code"] == "notice.approver_other"
    assert sign(app, world, other, body).status_code == 200
    shown = browser(app).page(f"/notices/{world.number}-N1")
    assert all(said in shown for said in ("偏离标准期限", "应急抢险", "王敏"))
    assert "偏离（不具约束力）" in browser(app).page(place)


def notice_draft(session: Session, world: Tender) -> dict[str, Any]:
    found = documents.draft(session, world.lot.id, DraftKind.NOTICE)
    assert found is not None
    return found.body


def sign(app: Application, world: Tender, person: Person, body: dict[str, Any]) -> TestResponse:
    request = person.act("notice.publish", world.case, world.no, body=body, step_up=True)
    return browser(app, person).act(f"/api/v1/lots/{world.number}/notice", request)
