"""Pages, papers and API of fees: who sees which, names and accounts only when they may be known, empty states, and what a stranger gets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.factory import create_app, shut_down
from core.kernel.roles import Role
from core.settings import Settings
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.fees import RULE, Fees, number_of
from tests.builders.trading import tender
from tests.web.evaluation_world import Client


@pytest.fixture
def app(settings: Settings) -> Iterator[Any]:
    made = create_app(settings)
    yield made
    shut_down(made)


@pytest.fixture
def fees(app: Any, clock_file: Path, monkeypatch: pytest.MonkeyPatch) -> Fees:
    return Fees(Room(tender(app.extensions["gongheng"].door, clock_file), OpenedBids().put(monkeypatch)).ready(bidders=3))


def text_of(client: Client, path: str, lang: str = "zh", status: int = 200) -> str:
    answer = client.page(path, lang)
    assert answer.status_code == status, (path, answer.get_data(as_text=True)[:2000])
    return str(answer.get_data(as_text=True))


def test_fees_are_seen_by_whom_they_concern_and_names_after_the_result(fees: Fees, app: Any) -> None:
    room = fees.room
    one, lot = room.tender, f"/lots/{room.number}/fees"
    finance = one.crowd.join(Role.FINANCE, one.centre.org_name)
    centre, payer, agency, money = (Client(app, who) for who in (one.centre, one.tenderer, one.agency, finance))
    assert "签名并确定酬金标准" in text_of(centre, lot) and "还没有确定酬金标准" in text_of(payer, lot)
    answer = centre.sign(one.centre, room, f"{lot}/rule", "fee.rule", {**RULE, "table": "shanxi-2021"})
    assert answer.status_code == 422 and answer.get_json()["code"] == "fee.table_elsewhere"
    assert centre.sign(one.centre, room, f"{lot}/rule", "fee.rule", dict(RULE)).status_code == 200
    room.submitted()
    fees.calculate()
    me, other = room.members[0], room.members[1]
    expert, stranger = Client(app, me), Client(app, one.bidders[0])
    outside = next(who for who in room.experts[1:] if who not in room.members)

    # Before the result: seats for the payer, one's own for the expert, nothing for anybody else.
    assert "专家1" in text_of(payer, lot) and "计算过程" in text_of(centre, lot) and "还没有登记付款账户" in text_of(payer, lot)
    for client in (payer, centre, agency, money):
        for path in (lot, "/fees", "/finance/fees"):
            shown = client.page(path).get_data(as_text=True)
            assert not [who.name for who in room.members if who.name in shown], path
    assert not [row for row in sheet(payer.client.get("/fees.xlsx").data)[1:] if row[3]]
    assert "专家1" not in text_of(agency, lot) and "广州市" in text_of(agency, lot)
    assert "已核算，待确认" in text_of(expert, "/me/fees") and "还没有酬金" in text_of(Client(app, outside), "/me/fees")
    assert "Calculated, to be confirmed" in text_of(expert, "/me/fees", "en")
    assert stranger.page(lot).status_code == 403 and stranger.get(lot).status_code == 403 and Client(app).get(lot).status_code == 401
    assert stranger.get("/me/fees").status_code == 403 and payer.page("/finance/fees").status_code == 403
    assert "没有酬金" in text_of(agency, "/fees") and "专家7" in text_of(money, "/finance/fees")
    [mine] = expert.get("/me/fees").get_json()["fees"]
    assert mine["name"] == me.name and mine["fee_fen"] == 200_00 and mine["net_fen"] is None
    told = payer.get(lot).get_json()
    assert [line["name"] for line in told["lines"]] == [""] * 7 and expert.get(lot).get_json()["lines"] == []

    # An objection in the browser's own way, then account and confirmation.
    assert expert.sign(me, room, f"{lot}/objections", "fee.object", {"line": "2-1", "text": "不对"}).status_code == 404
    assert expert.sign(me, room, f"{lot}/objections", "fee.object", {"line": "1-1", "text": "午餐多扣了"}).status_code == 200
    assert "午餐多扣了" in text_of(centre, lot) and "更正或答复" in text_of(centre, lot)
    assert payer.submit("/fees/account", {"name": "别人", "number": "1", "bank": "行"}).status_code == 422
    fields = {"name": one.tenderer.org_name, "number": "6222000000000001", "bank": "临江市商业银行"}
    assert payer.submit("/fees/account", fields).status_code == 303
    assert "**** 0001" in text_of(payer, "/fees") and "6222000000000001" not in text_of(payer, "/fees")
    body = {"lines": ["2-1", "3-1"], "total_fen": 400_00}
    assert payer.sign(one.tenderer, room, f"{lot}/confirmation", "fee.confirm", body, step_up=True).status_code == 200
    fees.give_account(other)

    # Papers: one's own, the payer's without the name.
    slip = expert.client.get(f"/fees/{id_of(fees, '1-1')}/slip.pdf")
    assert slip.status_code == 200 and slip.data.startswith(b"%PDF") and slip.headers["Cache-Control"] == "no-store"
    assert payer.client.get(f"/fees/{id_of(fees, '1-1')}/slip.pdf").status_code == 200
    assert expert.client.get(f"/fees/{id_of(fees, '2-1')}/slip.pdf").status_code == 404
    assert agency.client.get(f"/fees/{id_of(fees, '1-1')}/slip.pdf").status_code == 404

    # After the result the payer sees whom it pays; accounts stay masked.
    one.publish_candidates()
    one.end_publicity()
    one.bidders[0] = next(who for who in one.bidders if str(who.org) == room.candidates[0])
    one.step_award()
    one.send_award_notice()
    assert me.name in text_of(payer, lot) and me.name in text_of(money, "/finance/fees")
    rows = sheet(payer.client.get("/fees.xlsx").data)
    assert len(rows) == 8 and rows[1][:4] == [room.number, f"{one.lot.project_title} {one.lot.title}", "专家1", me.name]
    assert len(sheet(money.client.get("/finance/fees.xlsx?month=2020-01").data)) == 1
    assert payer.client.get("/fees.xlsx?month=nonsense").status_code == 422
    assert number_of(other) not in text_of(payer, "/fees") + text_of(money, "/finance/fees") + text_of(Client(app, other), "/me/fees")


def id_of(fees: Fees, line: str) -> str:
    from sqlalchemy import select

    from evaluation.models.fees import Fee

    return str(fees.door.read(lambda session: session.scalars(select(Fee.id).where(Fee.line == line)).one()))


def sheet(content: bytes) -> list[list[Any]]:
    """The rows of the workbook's first sheet."""
    return list(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python())
