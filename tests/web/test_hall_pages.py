"""The hall of a tender with one envelope: a coefficient, prices beside the ceiling, odd files, a record that somebody does not sign."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.factory import Application, prepare
from core.kernel import draw as kernel
from core.kernel.encoding import sha256
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import odd_files
from tests.builders.bids import Hall, hall, pack
from tests.builders.coefficients import drawn_method, value
from tests.builders.people import PASSWORD
from tests.builders.trading import tender
from tests.builders.trading_web import Browser, application, browser

ONE = [{"env": "bid", "title": "投标文件"}]
ODD = odd_files.pdf(change=odd_files.with_script)


@pytest.fixture
def room(settings: Settings, door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """Three have sealed: one above the ceiling, one with an odd file; the list is public."""
    app = application(settings, door)
    prepare(app)
    made = hall(tender(door, clock_file), tmp_path, envelopes=ONE, method=drawn_method())
    made.files, made.log = app.extensions["gongheng"].files, app.extensions["gongheng"].parts["log"]
    for bidder, offer, file in zip(
        made.tender.join_bidders(3), ("150000000.01", "149250000.00", "120000000.00"), (odd_files.pdf(), ODD, odd_files.pdf()), strict=True
    ):
        envelope = made.make(bidder, "bid", plain=pack({"price": offer}, {"投标文件.pdf": file}, tmp_path))
        made.hand_in(bidder, made.parts(bidder, [envelope]))
        made.kept |= {(bidder.org, 1, "bid"): envelope}
    made.close()
    made.grow()
    made.sign_in(*made.tender.bidders)
    made.start()
    made.app = app  # type: ignore[attr-defined]
    return made


def send(who: Browser, room: Hall, path: str, kind: str, body: dict[str, Any], *, step_up: bool = False) -> Any:
    assert who.person is not None
    make = who.person.act_with_password if step_up else who.person.act
    request = make(kind, room.tender.case, room.tender.no, body=body)
    answer = who.act(f"/api/v1/lots/{room.number}/opening/{path}", request, PASSWORD if step_up else "")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def _draw(room: Hall, people: dict[str, Browser], page: str) -> None:
    draw = people["centre"].get(f"/api/v1/lots/{room.number}/opening").get_json()["coefficients"]["draws"][-1]["draw"]
    assert "生成随机值并提交承诺" in people["tenderer"].page(page)
    for party, who in people.items():
        sealed = kernel.commit(room.tender.case, draw, party, value(party)).hex()
        send(who, room, "coefficients/commits", "coefficient.commit", {"draw": draw, "party": party, "commit": sealed})
    assert "公开本方随机值" in people["tenderer"].page(page)
    for party, who in people.items():
        send(who, room, "coefficients/reveals", "coefficient.reveal", {"draw": draw, "party": party, "value": value(party).hex()})
    record = browser(room.app).get(f"/api/v1/lots/{room.number}/opening/coefficients/{draw}/record").get_json()  # type: ignore[attr-defined]
    assert kernel.replay(kernel.parse_draw(record)).mismatched == ()


def test_coefficients_prices_odd_files_and_a_record_that_somebody_does_not_sign(room: Hall) -> None:
    app: Application = room.app  # type: ignore[attr-defined]
    page = f"/lots/{room.number}/opening"
    people = {name: browser(app, getattr(room.tender, name)) for name in ("centre", "supervisor", "tenderer")}
    public, (first, second, _) = browser(app), [browser(app, bidder) for bidder in room.tender.bidders]
    shown = public.page(page)
    assert "抽取系数" in shown and "等待各方承诺" in shown and "生成随机值并提交承诺" not in shown
    assert "系数抽出之后才能开始解密" in people["centre"].page(page)
    _draw(room, people, page)
    assert "尚未抽取" not in public.page(page) and "已抽出" in public.page(page + "?lang=zh")
    room.confirm()
    for bidder in room.tender.bidders:
        room.release(bidder, "bid")
    room.batch()
    shown = public.page(page)
    assert "高于最高投标限价 0.00%" in shown and "低于最高投标限价 0.50%" in shown and "低于最高投标限价 20.00%" in shown
    assert "异常文件" not in shown
    room.deliver()
    assert "异常文件" not in public.page(page) and "异常文件" not in first.page(page)
    assert "含有脚本" in people["supervisor"].page(page) and "含有脚本" in second.page(page)
    digest = sha256(ODD).hex()
    got = second.get(f"/api/v1/lots/{room.number}/opening/files/{digest}")
    assert got.data == ODD and got.headers["Content-Disposition"].startswith("attachment")
    assert first.get(f"/api/v1/lots/{room.number}/opening/files/{digest}").status_code == 404
    _sign(room, people["centre"], first, second)


def _sign(room: Hall, centre: Browser, first: Browser, second: Browser) -> None:
    page = f"/lots/{room.number}/opening/record"
    room.read_out()
    room.tender.jump(room.until("objection_until"))
    room.draw_up()
    digest = room.view().record_sha256
    shown = first.page(page)
    assert "对记录有不同意见，不签署" in shown and "到场，尚未签署" in shown and "下浮系数" in shown
    send(first, room, "record/decline", "opening.record.decline", {"record_sha256": digest, "reason": "唱标顺序与签收顺序不同"})
    send(second, room, "record/sign", "opening.record.sign", {"record_sha256": digest})
    shown = centre.page(page)
    assert "声明不签署" in shown and "唱标顺序与签收顺序不同" in shown and shown.count("到场，尚未签署") == 1
    send(centre, room, "record/sign", "opening.record.sign", {"record_sha256": digest}, step_up=True)
    assert send(centre, room, "close", "opening.close", {"record_sha256": digest}, step_up=True)["state"] == "closed"
