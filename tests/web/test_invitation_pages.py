"""The pages of a lot by invitation: drafted in a form, signed, its letter answered, and told to the public without names."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from app.factory import Application
from core.kernel.calendar import BEIJING
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.people import Person
from tests.builders.trading import DAY, Tender, tender
from tests.builders.trading_web import Browser, application, browser


@pytest.fixture
def world(door: Door, clock_file: Any) -> Tender:
    made = tender(door, clock_file)
    made.join_bidders(4)
    made.registered()
    made.fix_plan()
    made.publish_document()
    return made


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


def form(world: Tender, firms: list[Person], **changes: Any) -> dict[str, Any]:
    release = (world.now + timedelta(hours=1)).astimezone(BEIJING)
    said = {"title": "邀请招标", "release_at": f"{release:%Y-%m-%dT%H:%M}", "deadline": f"{release + 25 * DAY:%Y-%m-%dT%H:%M}"}
    codes = "\n".join(firm.uscc.lower() for firm in firms)
    said |= {
        "publicity_days": "3",
        "entry": "invitation",
        "reason": "few",
        "explanation": "盾构施工",
        "approval": "91号",
        "invitees": codes,
    }
    return said | changes


def body_of(page: str, kind: str) -> Any:
    [body] = re.findall(rf'data-act="{kind}"[^>]*data-act-body="([^"]*)"', page)[:1]
    return json.loads(body.replace("&#34;", '"').replace("&quot;", '"').replace("&amp;", "&"))


def publish(world: Tender, app: Application, firms: list[Person]) -> Browser:
    agency, tenderer = browser(app, world.agency), browser(app, world.tenderer)
    posted = agency.client.post(f"/lots/{world.number}/notice", data=form(world, firms))
    assert (posted.status_code, posted.headers["Location"]) == (303, f"/lots/{world.number}/notice#sign"), posted.text
    page = tenderer.page(f"/lots/{world.number}/notice")
    assert all(firm.org_name in page for firm in firms)
    request = world.tenderer.act("notice.publish", world.case, "1", body=body_of(page, "notice.publish"), step_up=True)
    answer = tenderer.act(f"/api/v1/lots/{world.number}/notice", request)
    assert answer.status_code == 200, answer.text
    return tenderer


def test_two_invitees_are_refused_with_the_article_and_what_was_typed_stays(app: Application, world: Tender) -> None:
    answer = browser(app, world.agency).client.post(f"/lots/{world.number}/notice", data=form(world, world.bidders[:2]))
    assert answer.status_code == 422 and "不少于 3 家" in answer.text and "招标投标法第十七条" in answer.text and "盾构施工" in answer.text


def test_an_open_notice_is_drafted_as_before(app: Application, world: Tender) -> None:
    data = form(world, [], entry="open")
    assert browser(app, world.agency).client.post(f"/lots/{world.number}/notice", data=data).status_code == 303
    assert "invitation" not in body_of(browser(app, world.tenderer).page(f"/lots/{world.number}/notice"), "notice.publish")


def test_the_public_reads_why_and_not_who(app: Application, world: Tender) -> None:
    publish(world, app, world.bidders[:3])
    anyone = browser(app)
    for address in (f"/notices/{world.number}-N1", f"/api/v1/notices/{world.number}-N1", "/notices", "/feeds/notices.atom", "/notices.csv"):
        shown = anyone.page(address)
        assert not any(word in shown for firm in world.bidders for word in (firm.org_name, firm.uscc, str(firm.org)))
    page = anyone.page(f"/notices/{world.number}-N1")
    assert "邀请招标" in page and "91号" in page and "招标投标法实施条例第八条第一款第一项" in page
    assert anyone.client.get(f"/notices/{world.number}-N1.pdf").status_code == 200
    refused = anyone.get(f"/lots/{world.number}")
    assert refused.status_code == 403 and "只向受邀请的单位开放" in refused.text
    assert anyone.get(f"/lots/{world.number}/invitation").status_code == 303  # to the login
    assert "By invitation" in anyone.page(f"/notices/{world.number}-N1?lang=en")


def test_an_invitee_reads_the_letter_answers_and_changes_its_mind(app: Application, world: Tender) -> None:
    tenderer = publish(world, app, world.bidders[:3])
    firm = world.bidders[0]
    visitor, address = browser(app, firm), f"/lots/{world.number}/invitation"
    assert "投标邀请书" in visitor.page(f"/lots/{world.number}")
    page = visitor.page(address)
    assert firm.org_name in page and not any(other.org_name in page for other in world.bidders[1:]) and "尚未答复" in page
    for said, shown in (("decline", "已谢绝"), ("confirm", "已确认参加")):
        body = {"org": str(firm.org), "answer": said}
        assert body in [json.loads(one.replace("&#34;", '"')) for one in re.findall(r'data-act-body="([^"]*)"', visitor.page(address))]
        request = firm.act("invitation.answer", world.case, "1", body=body)
        answer = visitor.act(f"/api/v1{address}/answer", request)
        assert answer.status_code == 200, answer.text
        assert visitor.act(f"/api/v1{address}/answer", request).get_json() == answer.get_json()  # twice is once
        assert f"<dd>{shown}</dd>" in visitor.page(address)
    assert "已确认参加" not in tenderer.page(address)
    outsider = world.bidders[3]
    request = outsider.act("invitation.answer", world.case, "1", body={"org": str(firm.org), "answer": "decline"})
    assert browser(app, outsider).act(f"/api/v1{address}/answer", request).status_code == 403
    assert browser(app, world.centre).page(address).count("名单和数量保密") == 1
