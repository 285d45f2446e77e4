"""The page on which a prequalification document is changed: typed, refused with the article, signed, and shown to everybody."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.factory import Application
from core.kernel import clock
from core.kernel.calendar import BEIJING
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import prequalification as made
from tests.builders.trading import DAY, Tender, tender
from tests.builders.trading_web import application, browser
from tests.web.test_prequalification_pages import body_of, path


@pytest.fixture
def world(door: Door, clock_file: Any) -> Tender:
    return made.released(tender(door, clock_file))


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def form(deadline: datetime, **changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"reason": "业绩要求有误", "deadline": f"{deadline.astimezone(BEIJING):%Y-%m-%dT%H:%M}", "kept": "[]"}
    said |= {"criterion_title": ["企业资质"], "criterion_requirement": ["二级及以上"]}
    return said | {"files": (io.BytesIO(b"%PDF-1.7 other"), "资格预审文件.pdf")} | changes


def test_the_tenderer_changes_the_document_and_everybody_sees_it(world: Tender, app: Application) -> None:
    tenderer, anyone = browser(app, world.tenderer), browser(app)
    deadline = made.round_of(world).deadline
    assert deadline is not None
    assert "修改资格预审文件" in tenderer.page(path(world)) and "修改签发后立即公开" in tenderer.page(path(world, "/amendment"))
    shown = tenderer.client.post(path(world, "/amendment"), data=form(deadline))
    assert shown.status_code == 200, shown.text
    body = body_of(shown.text, "prequalification.amend")
    assert body["document"]["criteria"] == [{"id": "C1", "title": "企业资质", "requirement": "二级及以上"}]
    act = world.tenderer.act("prequalification.amend", world.case, world.no, body=body, step_up=True)
    answer = tenderer.act(f"/api/v1{path(world, '/amendment')}", act)
    assert answer.status_code == 200, answer.text
    public = anyone.page(path(world))
    assert "二级及以上" in public and "资格预审文件已修改" in public
    assert "业绩要求有误" in anyone.page(f"/notices/{answer.json['notice']}")
    file = body["document"]["files"][0]["sha256"]
    assert anyone.get(f"/api/v1{path(world, f'/documents/{file}')}").data == b"%PDF-1.7 other"


def test_files_stay_as_the_form_carries_them(world: Tender, app: Application) -> None:
    tenderer = browser(app, world.tenderer)
    found = made.round_of(world)
    assert found.deadline is not None
    shown = tenderer.page(path(world, "/amendment"))
    assert f'name="criterion_requirement" maxlength="500" value="{made.CRITERIA[0]["requirement"]}"' in shown
    kept = html.unescape(re.findall(r'name="kept" value="([^"]*)"', shown)[0])
    posted = tenderer.client.post(path(world, "/amendment"), data=form(found.deadline, kept=kept, files=(io.BytesIO(b""), "")))
    assert posted.status_code == 200, posted.text
    said = body_of(posted.text, "prequalification.amend")
    assert [one["sha256"] for one in said["document"]["files"]] == [entry.sha256 for entry in found.files]
    assert clock.moment(said["deadline"]) == found.deadline


def test_too_late_too_early_nothing_and_nobody(world: Tender, app: Application) -> None:
    tenderer, agency = browser(app, world.tenderer), browser(app, world.agency)
    deadline = made.round_of(world).deadline
    assert deadline is not None
    earlier = tenderer.client.post(path(world, "/amendment"), data=form(deadline - DAY))
    assert earlier.status_code == 422 and "只能顺延" in earlier.text and "二级及以上" in earlier.text
    world.jump(deadline - timedelta(days=2))
    late = tenderer.client.post(path(world, "/amendment"), data=form(deadline))
    assert late.status_code == 422 and "T6A" in late.text and "招标投标法实施条例第二十一条" in late.text
    assert agency.get(path(world, "/amendment")).status_code == 403
    world.jump(deadline)
    assert "现在不能修改资格预审文件" in tenderer.page(path(world, "/amendment"))


def test_the_page_stands_in_english(world: Tender, app: Application) -> None:
    page = browser(app, world.tenderer).page(f"{path(world, '/amendment')}?lang=en")
    assert "Amendment of the prequalification document" in page and "Review the amendment" in page
