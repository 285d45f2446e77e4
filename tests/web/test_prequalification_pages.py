"""The pages of a round: drafted in forms, signed, public with its document between its two moments; a committee is ticked and signed."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.factory import Application
from core.kernel.calendar import BEIJING
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import prequalification as made
from tests.builders.trading import DAY, Tender, tender
from tests.builders.trading_web import Browser, application, browser
from trading.domain.prequalification import RoundState


@pytest.fixture
def world(door: Door, clock_file: Any) -> Tender:
    return tender(door, clock_file).registered()


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def path(world: Tender, more: str = "") -> str:
    return f"/lots/{world.number}/prequalification{more}"


def body_of(page: str, kind: str) -> Any:
    [body] = re.findall(rf'data-act="{kind}"[^>]*data-act-body="([^"]*)"', page)[:1]
    return json.loads(body.replace("&#34;", '"').replace("&quot;", '"').replace("&amp;", "&"))


def document_form(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"what": "document", "reviewers": "committee", "state_funds": "1"}
    said |= {"criterion_title": ["企业资质", "", "类似业绩"], "criterion_requirement": ["一级及以上", "", "近三年一项"]}
    said["files"] = (io.BytesIO(b"%PDF-1.7 paper"), "资格预审文件.pdf")
    return said | changes


def notice_form(world: Tender, **changes: Any) -> dict[str, Any]:
    release = (world.now + timedelta(hours=1)).astimezone(BEIJING)
    times = {"release_at": release, "release_until": release + 10 * DAY, "deadline": release + 20 * DAY}
    return {"what": "notice", "title": "资格预审公告"} | {name: f"{at:%Y-%m-%dT%H:%M}" for name, at in times.items()} | changes


def drafted(world: Tender, app: Application) -> Browser:
    """The agency drafts and signs the document."""
    agency = browser(app, world.agency)
    posted = agency.client.post(path(world, "/draft"), data=document_form())
    assert (posted.status_code, posted.headers.get("Location")) == (303, path(world, "/draft#sign")), posted.text
    body = body_of(agency.page(path(world, "/draft")), "prequalification.document")
    assert [one["title"] for one in body["criteria"]] == ["企业资质", "类似业绩"]
    act = world.agency.act("prequalification.document", world.case, world.no, body=body)
    assert agency.act(f"/api/v1{path(world, '/document')}", act).status_code == 200
    return agency


def published(world: Tender, app: Application) -> None:
    """And the tenderer publishes the notice that it drafted then."""
    agency = drafted(world, app)
    posted = agency.client.post(path(world, "/draft"), data=notice_form(world))
    assert posted.status_code == 303, posted.text
    tenderer = browser(app, world.tenderer)
    page = tenderer.page(path(world, "/draft"))
    assert "T2B" in page and "T6" in page
    body = body_of(page, "prequalification.publish")
    act = world.tenderer.act("prequalification.publish", world.case, world.no, body=body, step_up=True)
    answer = tenderer.act(f"/api/v1{path(world, '/notice')}", act)
    assert answer.status_code == 200, answer.text


def test_document_and_notice_are_drafted_in_forms_and_signed(world: Tender, app: Application) -> None:
    published(world, app)
    assert made.round_of(world).state is RoundState.NOTICED
    public = browser(app)
    page = public.page(path(world))
    assert "企业资质" in page and "一级及以上" in page and "第十七条" in page
    for address in ("/notices", f"/notices/{world.number}-N1", f"/lots/{world.number}", f"/lots/{world.number}/remedies"):
        assert "资格预审" in public.page(address), address
    assert public.get(f"/notices/{world.number}-N1.pdf").status_code == 200
    assert "资格预审公告" in public.page("/feeds/notices.atom")
    said = public.get(f"/api/v1{path(world)}").get_json()
    assert (said["state"], said["documents"], len(said["criteria"])) == ("noticed", [], 2)
    assert public.get("/notices?kind=prequalification").status_code == 200


def test_before_the_notice_nobody_but_the_parties_sees_the_round(world: Tender, app: Application) -> None:
    drafted(world, app)
    bidder = browser(app, world.crowd.join(Role.BIDDER, "甲"))
    for reader in (browser(app), bidder):
        assert reader.get(path(world)).status_code == 404
        assert reader.get(f"/lots/{world.number}").status_code == 404
    for person in (world.agency, world.tenderer, world.centre, world.supervisor):
        assert "企业资质" in browser(app, person).page(path(world))


def test_the_document_is_free_between_its_two_moments(world: Tender, app: Application, clock_file: Any) -> None:
    published(world, app)
    public, found = browser(app), made.round_of(world)
    assert found.release_at is not None and found.release_until is not None
    file = f"/api/v1{path(world)}/documents/{found.files[0].sha256}"
    assert public.get(file).status_code == 404
    assert browser(app, world.agency).get(file).data == b"%PDF-1.7 paper"
    world.jump(found.release_at)
    assert public.get(file).data == b"%PDF-1.7 paper"
    assert public.get(file.replace(found.files[0].sha256, "ab" * 32)).status_code == 404
    world.jump(found.release_until)
    assert public.get(file).status_code == 404
    assert "已停止发出" in public.page(path(world))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"files": (io.BytesIO(b""), "空.pdf")}, "空.pdf"),
        ({"reviewers": "tenderer"}, "第十八条"),
        ({"reviewers": "nobody"}, "reviewers"),
        ({"criterion_title": [], "criterion_requirement": []}, "criteria"),
        ({"criterion_title": ["x" * 61]}, "criteria"),
        ({"files": "", "kept": "{"}, "files"),
    ],
)
def test_a_bad_document_is_answered_with_a_sentence(world: Tender, app: Application, changes: dict[str, Any], said: str) -> None:
    answer = browser(app, world.agency).client.post(path(world, "/draft"), data=document_form(**changes))
    assert answer.status_code in (409, 422) and said in answer.text and 'role="alert"' in answer.text


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [("deadline", "", "deadline"), ("deadline", "2026-12-12T10:00", "第十七条"), ("title", "", "title"), ("release_at", "x", "release_at")],
)
def test_a_bad_notice_is_answered_with_code_and_article(world: Tender, app: Application, name: str, value: str, said: str) -> None:
    agency = drafted(world, app)
    if value.startswith("2026"):
        release = datetime.fromisoformat(notice_form(world)["release_until"])
        value = f"{release + 2 * DAY:%Y-%m-%dT%H:%M}"
    answer = agency.client.post(path(world, "/draft"), data=notice_form(world, **{name: value}))
    assert answer.status_code in (409, 422) and said in answer.text


def test_a_committee_is_ticked_then_signed(world: Tender, app: Application) -> None:
    published(world, app)
    pool, tenderer = made.experts(world), browser(app, world.tenderer)
    ticked = [*(f"{one.person}:1" for one in pool), f"{world.tenderer.person}:0"]
    page = tenderer.client.post(path(world, "/committee"), data={"drawn": "17号", "member": [*ticked, "rubbish", "x:1"]}).text
    body = body_of(page, "prequalification.committee")
    assert len(body["members"]) == 5
    act = world.tenderer.act("prequalification.committee", world.case, world.no, body=body, step_up=True)
    assert tenderer.act(f"/api/v1{path(world, '/committee')}", act).status_code == 200
    assert "已经确定" in tenderer.page(path(world, "/committee"))
    assert pool[0].name in tenderer.page(path(world))
    for other in (browser(app), browser(app, world.agency), browser(app, world.crowd.join(Role.BIDDER, "甲"))):
        assert pool[0].name not in other.page(path(world))  # 招标投标法 art. 37


def test_wrong_roles_and_rubbish_are_refused(world: Tender, app: Application) -> None:
    published(world, app)
    public, bidder = browser(app), browser(app, world.crowd.join(Role.BIDDER, "甲"))
    for reader in (public, bidder):
        for page in ("/draft", "/committee"):
            assert reader.get(path(world, page)).status_code in (302, 303, 401, 403)
    for reader, kind in ((bidder, "document"), (browser(app, world.agency), "notice"), (browser(app, world.centre), "committee")):
        assert reader.post(f"/api/v1{path(world)}/{kind}", json={"envelope": {}}).status_code in (400, 403, 422)
    assert browser(app, world.agency).post(f"/api/v1{path(world)}/document", json={"x": 1}).status_code in (400, 422)
    assert public.get("/lots/T2026-999999-1/prequalification").status_code == 404


def test_a_lot_without_a_round_says_so_to_its_parties_alone(world: Tender, app: Application) -> None:
    assert "还没有资格预审文件" in browser(app, world.agency).page(path(world))
    assert browser(app).get(path(world)).status_code == 404
