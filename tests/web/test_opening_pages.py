"""The hall over HTTP: who sees what at each stage, and whose buttons stand there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.factory import Application, prepare
from core.kernel import sealing
from core.kernel.encoding import sha256
from core.kernel.releasing import read_request
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.bids import Hall, hall
from tests.builders.people import PASSWORD, Person
from tests.builders.trading import tender
from tests.builders.trading_web import Browser, application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    made = application(settings, door)
    prepare(made)
    return made


@pytest.fixture
def room(app: Application, door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """Three have sealed; the files lie where the application looks for them."""
    made = hall(tender(door, clock_file), tmp_path)
    made.files = app.extensions["gongheng"].files
    made.log = app.extensions["gongheng"].parts["log"]
    for n, bidder in enumerate(made.tender.join_bidders(3), 1):
        made.seal(bidder, price=f"13{n}000000.00")
    return made


def send(who: Browser, room: Hall, path: str, kind: str, body: dict[str, Any], *, step_up: bool = False) -> Any:
    """Signs and posts one act of the hall."""
    person: Person | None = who.person
    assert person is not None
    make = person.act_with_password if step_up else person.act
    answer = who.act(
        f"/api/v1/lots/{room.number}/opening/{path}", make(kind, room.tender.case, room.tender.no, body=body), PASSWORD if step_up else ""
    )
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def state(who: Browser, room: Hall) -> Any:
    """The hall as the API tells it."""
    return who.get(f"/api/v1/lots/{room.number}/opening").get_json()


def test_a_whole_opening_over_http(app: Application, room: Hall) -> None:
    public, centre, supervisor = browser(app), browser(app, room.tender.centre), browser(app, room.tender.supervisor)
    a, b, c = (browser(app, bidder) for bidder in room.tender.bidders)
    page = f"/lots/{room.number}/opening"
    assert "等待开标" in public.page(page) and state(public, room)["state"] == "scheduled"
    room.close()
    assert "正在由外部见证" in centre.page(page)
    room.grow()
    send(a, room, "sign-in", "opening.sign_in", {})
    assert "名单尚未公布" in public.page(page) and room.tender.bidders[0].org_name not in public.page(page)
    send(centre, room, "start", "opening.start", {"close_sha256": state(centre, room)["close"]["sha256"]}, step_up=True)
    assert room.tender.bidders[2].org_name in public.page(page)
    send(b, room, "sign-in", "opening.sign_in", {})
    assert "确认到场，开始解密" in centre.page(page)
    send(centre, room, "identity", "opening.identity", {"present": state(centre, room)["present"]})
    assert 'data-release-do="device"' in a.page(page)
    for who in (a, b):
        assert who.person is not None
        answer = who.act(f"/api/v1/lots/{room.number}/opening/release", room.release_request(who.person, "technical"))
        assert answer.status_code == 200, answer.text
    assert "本单位的密钥已收到" in a.page(page)
    room.after_window()
    assert "本单位的密钥没有收到" in c.page(page)
    _rescue(app, room)
    room.begin_batch()
    assert "正在统一解密" in public.page(page)
    room.run_batch()
    assert "540 日历天" in public.page(page) and "唱标完毕，征询异议" in centre.page(page)
    opened = sorted(bid["seal_sha256"] for bid in state(centre, room)["bids"])
    send(centre, room, "read-out", "opening.read_out", {"opened": opened})
    assert "签名提出异议" in a.page(page) and "签名提出异议" not in c.page(page)
    send(a, room, "objections", "opening.objection", {"text": "工期唱错"})
    assert "工期唱错" in centre.page(page) and "签名答复" in centre.page(page)
    send(centre, room, "answers", "opening.answer", {"number": 1, "text": "已更正"})
    room.tender.jump(room.until("objection_until"))
    room.draw_up()
    record = public.get(f"/api/v1/lots/{room.number}/opening/record")
    digest = sha256(record.data).hex()
    assert digest == state(public, room)["record_sha256"]
    shown = supervisor.page(f"{page}/record")
    assert "平台保管着下列投标文件的密钥" in shown and "两家机构救援" in shown and "签署开标记录" in shown
    send(supervisor, room, "record/sign", "opening.record.sign", {"record_sha256": digest})
    send(centre, room, "record/sign", "opening.record.sign", {"record_sha256": digest}, step_up=True)
    assert "结束开标" in centre.page(page)
    assert send(centre, room, "close", "opening.close", {"record_sha256": digest}, step_up=True)["state"] == "closed"
    assert "结束" in public.page("/openings")
    assert public.page(f"{page}?part=commercial").count("等待开标") >= 1


def _rescue(app: Application, room: Hall) -> None:
    """Two offices answer what they are asked, as their own tools do."""
    room.grow()
    for office in ("centre", "supervisor"):
        officer = browser(app, room.officers[office])
        assert officer.person is not None
        assert room.tender.bidders[2].org_name in officer.page("/officer")
        (found,) = officer.get("/api/v1/officer/requests").get_json()["requests"]
        asked = read_request(found).asked[0]
        place = room.place(room.tender.bidders[2], "technical", 1)
        share = sealing.open_share_box(asked.box, officer.person.identity, place, asked.body.bid_pub, asked.body.share(office))
        said = sealing.share_release_body(asked.body.bid_pub, office, share)
        answer = officer.act("/api/v1/officer/shares", officer.person.act("share-release", room.tender.case, room.tender.no, body=said))
        assert answer.status_code == 200, answer.text
    assert answer.get_json()["complete"] is True


def test_in_the_secret_phase_nobody_sees_that_anybody_has_bid(app: Application, room: Hall) -> None:
    for who in (None, room.tender.centre, room.tender.supervisor, room.tender.tenderer, room.tender.agency):
        visitor = browser(app, who)
        view = state(visitor, room)
        assert (view["bids"], view["present"], view["close"], view["state"]) == ([], [], None, "scheduled")
        for address in ("/openings", f"/lots/{room.number}/opening"):
            page = visitor.page(address)
            assert not any(bidder.org_name in page for bidder in room.tender.bidders)


def test_acts_of_the_hall_are_closed_to_those_whose_they_are_not(app: Application, room: Hall) -> None:
    a, public = browser(app, room.tender.bidders[0]), browser(app)
    api = f"/api/v1/lots/{room.number}/opening"
    for path in ("start", "identity", "read-out", "close", "answers"):
        assert a.post(f"{api}/{path}", {"envelope": {}}).status_code == 403
        assert public.post(f"{api}/{path}", {"envelope": {}}).status_code == 401
    assert a.get("/officer").status_code == 403 and a.get("/api/v1/officer/requests").status_code == 403
    assert public.get(f"{api}/record").status_code == 404
    assert public.get(f"{api}?part=../x").status_code == 422


def test_an_officer_with_nothing_to_do_sees_so(app: Application, room: Hall) -> None:
    officer = browser(app, room.officers["centre"])
    assert "没有需要救援的投标文件" in officer.page("/officer")
    assert officer.get("/api/v1/officer/requests").get_json() == {"requests": []}
