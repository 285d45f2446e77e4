"""Suspense and statement sheets over HTTP: finance finds, filters, exports, hands in and signs; nobody else comes in."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of, workbook
from deposits.queries import statement_files, suspense
from deposits.web.texts_suspense import FILE_COLUMNS
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.builders.trading_web import Browser, application, browser

NOWHERE = "6210001888019999999999"
HEADS = [str(head) for head in ("银行流水号", "方向", "金额", "入账时间", "子账号", "对方户名", "对方账号", "客户参考号", "摘要")]


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        made.ask()
        made.join(2)
        made.request(made.firms[0])
        made.pay(made.firms[0], to=NOWHERE, payer="路人甲有限公司", payer_account="62228888000000")
        made.read_notices()
        yield made


@pytest.fixture
def person(world: World) -> Person:
    return world.crowd.join(Role.FINANCE, "临江市公共资源交易中心")


@pytest.fixture
def clerk(app: Application, person: Person) -> Browser:
    return browser(app, person)


def chinese(page: str, *names: str) -> list[str]:
    """What is left in Chinese of an English page, but for names."""
    main = page.split("<main")[1].split("</main", maxsplit=1)[0]
    for name in names:
        main = main.replace(name, "")
    return re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main)


def test_finance_finds_what_matched_nothing_and_sends_it_back_with_a_reason(world: World, clerk: Browser, person: Person) -> None:
    (waiting,) = world.door.read(suspense.listed)
    assert "路人甲有限公司" in clerk.page("/finance/suspense") and "800,000.00" in clerk.page("/finance/suspense?q=路人&standing=1")
    assert "没有待查款项" in clerk.page("/finance/suspense?q=别人")
    assert f"/finance/suspense/{waiting.ref}" in clerk.page("/finance")
    assert "签名退回" in clerk.page(f"/finance/suspense/{waiting.ref}")
    for address in ("/finance/suspense", f"/finance/suspense/{waiting.ref}"):
        assert chinese(clerk.page(f"{address}?lang=en"), "路人甲有限公司", "中文") == []
    request = person.act("suspense.return", "D-SUSPENSE", body={"ref": waiting.ref, "reason": "转错账号"}, step_up=True)
    assert clerk.post("/api/v1/finance/suspense/return", {"envelope": request.envelope.to_json()}).status_code == 200
    assert "转错账号" in clerk.page(f"/finance/suspense/{waiting.ref}?lang=zh")
    found = clerk.get("/finance/suspense.xlsx")
    assert "转错账号" in ZipFile(io.BytesIO(found.data)).read("xl/sharedStrings.xml").decode()
    assert clerk.get("/finance/suspense/none").status_code == 404


def sheet(world: World, ref: str = "F1", amount: str = "800000.00") -> list[str]:
    firm = world.firms[0]
    return [ref, "贷", amount, "2026-08-01 09:00", world.view(firm).sub_account, firm.org_name, world.account_of(firm), "", "保证金"]


def hand_in(clerk: Browser, content: bytes, name: str) -> str:
    answer = clerk.post("/finance/statements", data={"sheet": (io.BytesIO(content), name)}, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


@pytest.mark.parametrize("kind", ["xlsx", "gbk", "utf-8"])
def test_a_sheet_is_shown_row_by_row_and_signed(world: World, clerk: Browser, person: Person, kind: str) -> None:
    rows = [sheet(world), sheet(world, "F2", "x")]
    if kind == "xlsx":
        address = hand_in(clerk, workbook("银行流水", HEADS, rows), "流水.xlsx")
    else:
        lines = "\r\n".join(("," if kind == "gbk" else ";").join(row) for row in (HEADS, *rows))
        address = hand_in(clerk, lines.encode("gb18030" if kind == "gbk" else "utf-8-sig"), "流水.csv")
    shown = clerk.page(address)
    assert "金额应大于零" in shown and "只导入没有问题的行" in shown
    assert chinese(clerk.page(f"{address}?lang=en"), world.firms[0].org_name, "流水.csv", "流水.xlsx") == []
    faults = cells_of(clerk.get(f"{address}/faults.xlsx?lang=zh").data)
    assert (len(faults), faults[1][1]) == (2, "C 金额")
    assert [row[4] for row in cells_of(clerk.get("/finance/statements.xlsx").data)][1:] == ["0"]
    view = world.door.read(statement_files.latest)[0]
    body = {"id": str(view.id), "file_sha256": view.file_sha256, "rows": 1, "left_out": 1}
    request = person.act("bank_statement.import", "D-SUSPENSE", body=body, step_up=True)
    assert clerk.post("/api/v1/finance/statements", {"envelope": request.envelope.to_json()}).status_code == 200
    assert "正在入账" in clerk.page("/finance/statements?lang=zh")
    assert chinese(clerk.page("/finance/statements?lang=en"), "流水.csv", "流水.xlsx") == []
    assert clerk.post(f"{address}/discard").status_code == 409


def test_what_is_no_sheet_is_refused_with_a_sentence(world: World, clerk: Browser) -> None:
    for content, name, said in (
        (b"", "", "请"),
        (b"a,b", "x.csv", "表头与模板不一致"),
        (b"\xff\xff\xff", "x.csv", "编码不能识别"),
        (b"PK", "x.xlsx", "请"),
    ):
        data = {"sheet": (io.BytesIO(content), name)} if name else {}
        answer = clerk.post("/finance/statements", data=data, content_type="multipart/form-data")
        assert answer.status_code == 422 and said in answer.text
    found = clerk.get("/finance/statements/template.xlsx")
    assert "入账时间" in ZipFile(io.BytesIO(found.data)).read("xl/sharedStrings.xml").decode()
    address = hand_in(clerk, workbook("银行流水", [str(head) for head in FILE_COLUMNS.values()], [sheet(world)]), "x.xlsx")
    assert clerk.post(f"{address}/discard").status_code == 303


def test_nobody_else_comes_in(world: World, app: Application) -> None:
    bidder = browser(app, world.firms[0])
    for address in (
        "/finance/suspense",
        "/finance/suspense.xlsx",
        "/finance/suspense/x",
        "/finance/statements",
        "/finance/statements/template.xlsx",
        "/finance/statements.xlsx",
        f"/finance/statements/{world.lot}/faults.xlsx",
    ):
        assert bidder.get(address).status_code == 403
        assert browser(app).get(address).status_code in (302, 303, 401)
    for address in ("/api/v1/finance/suspense/return", "/api/v1/finance/statements", f"/api/v1/lots/{world.number}/deposits/assign"):
        assert bidder.post(address, {"envelope": {}}).status_code == 403
