"""Dormant deposits over HTTP: finance takes an old ledger in and pays it out, a firm claims, everybody reads the list."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.ticks import each
from core.kernel.work import Door
from core.settings import Settings
from core.web.sheets import cells_of, workbook
from deposits.domain.dormant_said import chain_of
from deposits.queries import due
from deposits.services import requirements
from tests.builders.dormant import FIRM, World, old
from tests.builders.dormant import world as build
from tests.builders.trading_web import Browser, application, browser

HEADS = [
    *("原台账编号", "缴款单位", "统一社会信用代码", "缴款人类型", "项目编号", "项目名称", "金额（元）"),
    *("到账日期", "应退日期", "是否计息", "原付款账号", "沉淀原因", "备注"),
]
GOOD = ["K-1", FIRM, "", "单位", "LJ-1", "临江大道改造工程", "10,000.00", "2019-03-04", "2019-06-01", "是", "622200001", "未申请退还", ""]
ALONE = ["K-2", "王小明", "", "个人", "", "某某道路工程", "500", "2021/5/2", "2021年6月1日", "否", "", "", ""]
LEDGERS = "/finance/dormant/ledgers"


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[World]:
    with build(door, clock_file, tmp_path) as made:
        yield made


@pytest.fixture
def clerk(app: Application, world: World) -> Browser:
    return browser(app, world.clerk)


def hand_in(clerk: Browser, *rows: list[str], title: str = "2015—2019 年专户台账") -> Any:
    file = (io.BytesIO(workbook("旧台账", HEADS, rows)), "old.xlsx")
    return clerk.post(LEDGERS, data={"title": title, "sheet": file})


def signed(world: World, who: Browser, kind: str, path: str, body: dict[str, Any]) -> Any:
    person = who.person
    assert person is not None
    request = person.act(kind, chain_of(world.ledger), body=body, step_up=True)
    return who.post(f"/api/v1{path}", {"envelope": request.envelope.to_json()})


def main_of(page: str) -> str:
    return page.split("<main", 1)[1].split("</main", 1)[0]


def test_a_sheet_is_previewed_row_by_row_and_booked_when_it_is_signed(world: World, clerk: Browser) -> None:
    assert "还没有旧台账" in clerk.page(LEDGERS)
    template = clerk.get("/finance/dormant/template.xlsx")
    assert cells_of(template.data)[0] == HEADS
    bad = [*GOOD[:6], "一万元", *GOOD[7:]]
    answer = hand_in(clerk, GOOD, ALONE, bad, GOOD)
    assert answer.status_code == 303, answer.text
    shown = clerk.page(answer.headers["Location"])
    for words in ("可入账", "2 笔", "10,500.00", "有问题的行", "金额应大于零", "与第 2 行重复", "只入账没有问题的行"):
        assert words in shown, words
    world.ledger = answer.headers["Location"].rpartition("/")[2]
    found = cells_of(clerk.get(f"{LEDGERS}/{world.ledger}/faults.xlsx").data)
    assert [row[:2] for row in found[1:]] == [["4", "G 金额（元）"], ["5", "A 原台账编号"]]
    body = world.book_body(left_out=2)
    assert signed(world, clerk, "dormant.import", f"{LEDGERS}/{world.ledger}/confirmation", body).status_code == 200
    world.book()
    assert "已入账" in clerk.page(f"{LEDGERS}/{world.ledger}")
    again = hand_in(clerk, GOOD, ALONE, bad, GOOD)
    assert "同一个文件已经确认过" in clerk.page(again.headers["Location"])
    assert clerk.post(f"{again.headers['Location']}/discard").status_code == 303
    assert "王小明" in clerk.page("/finance/dormant?age=three_years&q=某某")
    assert "王小明" not in clerk.page("/finance/dormant?age=month")
    assert len(cells_of(clerk.get("/finance/dormant.xlsx").data)) == 3


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": "x"}, "请填写台账名称"),
        ({"title": "旧台账"}, "请选择要上传的 Excel 表格"),
        ({"title": "旧台账", "sheet": (io.BytesIO(b"no sheet"), "a.xlsx")}, "这不是可以读取的 .xlsx 表格"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_sentence(world: World, clerk: Browser, data: dict[str, Any], words: str) -> None:
    answer = clerk.post(LEDGERS, data=data)
    assert answer.status_code == 422
    assert words in answer.text


def test_a_firm_claims_and_two_persons_pay(world: World, app: Application, clerk: Browser) -> None:
    world.take_in(old(1), old(2, payer="改名之前有限公司"), old(3, payer="李四", kind=old().kind.PERSON))
    world.move_in("30000.00")
    for page in ("/finance", "/finance/suspense"):  # it was booked, not sent back
        assert "已计入沉淀资金" in clerk.page(page) and "已决定退回" not in main_of(clerk.page(page))
    firm, chief = browser(app, world.firm), browser(app, world.chief)
    assert "申领" in firm.page("/me/dormant")
    assert "递交申领" in firm.page(f"/dormant/{world.number()}/claim")
    assert "名称变更" in firm.page(f"/dormant/{world.number(2)}/claim")
    body = world.claim_body(world.firm)
    assert signed(world, firm, "dormant.claim", f"/dormant/{world.number()}/claims", body).status_code == 200
    assert "正在审核" in firm.page(f"/dormant/{world.number()}/claim")
    digest = world.firm.prev(chain_of(world.ledger))
    assert "申领待审核" in clerk.page("/finance/dormant")
    assert "签名并提出退还" in clerk.page(f"/finance/dormant/{world.number()}")
    stranger = browser(app, world.deposits.crowd.join(Role.BIDDER, "别家建筑有限公司"))
    file = body["licence"][0]["sha256"]  # type: ignore[index,call-overload]
    assert stranger.get(f"/api/v1/dormant/{world.number()}/files/{file}").status_code == 404
    assert "王经理" not in main_of(stranger.page(f"/dormant/{world.number()}/claim"))
    world.propose(claim=digest)
    shown = chief.page("/finance/dormant/payouts")
    assert "签名并批准" in shown
    proposal = world.clerk.prev(chain_of(world.ledger))
    second = {"proposal_sha256": proposal, "total_fen": 10_000_00, "reason": ""}
    refused = signed(world, clerk, "dormant.approve", f"{LEDGERS}/{world.ledger}/approvals", second)
    assert (refused.status_code, refused.json["code"]) == (422, "dormant.same_person")  # type: ignore[index]
    assert signed(world, chief, "dormant.approve", f"{LEDGERS}/{world.ledger}/approvals", second).status_code == 200
    world.run_bank()
    assert "已退还" in firm.page("/me/dormant")
    assert "已支付" in clerk.page("/finance/dormant/payouts")
    assert len(cells_of(clerk.get("/finance/dormant/payouts.xlsx").data)) == 2
    report = clerk.page("/finance/dormant/report")
    assert "退还单位" in report
    assert len(cells_of(clerk.get("/finance/dormant/report.xlsx").data)) > 10


def test_everybody_reads_the_list_without_accounts_and_with_persons_masked(world: World, app: Application) -> None:
    world.take_in(old(1), old(2, payer="李小四", kind=old().kind.PERSON), published=False)
    reader = browser(app)
    assert "没有找到" in reader.page("/dormant")
    world.publish()
    shown = reader.page("/dormant")
    assert FIRM in shown
    assert "李**" in shown
    assert "李小四" not in shown
    assert "6222000000001" not in shown
    assert FIRM not in main_of(reader.page("/dormant?q=不存在的公司"))
    assert "李**" not in main_of(reader.page("/dormant?q=李小四"))
    assert FIRM in reader.get("/dormant.csv").text
    assert len(cells_of(reader.get("/dormant.xlsx").data)) == 3
    figures = reader.page("/dormant/figures")
    assert "20,000.00" in figures
    assert len(cells_of(reader.get("/dormant/figures.xlsx").data)) > 8


def test_orphans_are_found_and_taken_over(world: World, clerk: Browser) -> None:
    world.arrives("3000.00", "不知何人有限公司")
    assert "没有无主款项" in clerk.page("/finance/dormant/orphans")
    world.jump(days=31)
    assert "不知何人有限公司" in clerk.page("/finance/dormant/orphans")
    assert len(cells_of(clerk.get("/finance/dormant/orphans.xlsx").data)) == 2
    answer = clerk.post("/finance/dormant/orphans")
    assert "签名确认入账" in clerk.page(answer.headers["Location"])


def test_what_nobody_claims_is_handed_over(world: World, clerk: Browser) -> None:
    world.take_in(old(1), old(2))
    page = f"{LEDGERS}/{world.ledger}/hand-over?way=notary"
    assert "没有符合条件的保证金" in clerk.page(page)
    world.seek(1, 2)
    world.jump(days=61)
    shown = clerk.page(page)
    assert "签名并提出" in shown
    assert world.number(2) in shown


def test_others_may_not_come_in(world: World, app: Application) -> None:
    firm, reader = browser(app, world.firm), browser(app)
    for page in ("/finance/dormant", LEDGERS, "/finance/dormant/orphans", "/finance/dormant/payouts", "/finance/dormant/sub-accounts"):
        assert firm.get(page).status_code == 403
        assert reader.get(page).status_code in (302, 303, 401, 403)
    assert firm.get("/dormant/Y2026-000009-00001/claim").status_code == 404
    assert firm.get("/dormant/rubbish/claim").status_code in (404, 422)


def test_every_page_speaks_english(world: World, app: Application, clerk: Browser) -> None:
    world.take_in(old(1))
    world.seek(1)
    claim = world.claim()
    world.propose(claim=claim)
    firm = browser(app, world.firm)
    names = "|".join((FIRM, "临江大道改造工程", "旧台账.xlsx", "王经理", "钱会计", "沈科长", "建设银行临江支行", "材料齐全，核对一致"))
    pages = [(clerk, one) for one in ("", "/ledgers", f"/ledgers/{world.ledger}", f"/{world.number()}", "/payouts", "/orphans", "/report")]
    shown = [who.page(f"/finance/dormant{one}?lang=en") for who, one in pages]
    shown += [clerk.page(f"{LEDGERS}/{world.ledger}/hand-over?way=treasury&lang=en")]
    shown += [firm.page(f"{one}?lang=en") for one in ("/dormant", "/dormant/figures", "/me/dormant", f"/dormant/{world.number()}/claim")]
    for page in shown:
        main = re.sub(names, "", main_of(page))
        assert re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main) == []


def test_sub_accounts_that_hold_nothing_are_cancelled(world: World, app: Application, clerk: Browser) -> None:
    made = world.deposits
    assert "没有空的子账号" in clerk.page("/finance/dormant/sub-accounts")
    made.ask()
    (firm,) = made.join(1)
    made.request(firm)
    account, number = made.view(firm).sub_account, made.number
    made.close()
    made.jump(timedelta(days=2))
    each(due.incomplete, requirements.give_up_waiting)(made.door)
    assert account in clerk.page("/finance/dormant/sub-accounts")
    shown = re.sub(f"{firm.org_name}|保证金已办结，账上无余额", "", main_of(clerk.page("/finance/dormant/sub-accounts?lang=en")))
    assert re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", shown) == []
    body = {"accounts": [account], "reason": "已办结"}
    act = world.clerk.act("sub_account.cancel", f"D-{number}", body=body, step_up=True)
    url = f"/api/v1/lots/{number}/sub-accounts/cancel"
    assert browser(app, world.firm).post(url, {"envelope": act.envelope.to_json()}).status_code == 403
    assert clerk.post(url, {"envelope": act.envelope.to_json()}).status_code == 200
    assert "已办结" in clerk.page("/finance/dormant/sub-accounts?lang=zh")
    assert cells_of(clerk.get("/finance/dormant/sub-accounts.xlsx").data)[1][:3] == [number, firm.org_name, account]
    world.take_in(old(1, payer=firm.org_name))
    assert cells_of(clerk.get("/finance/dormant/known.xlsx").data)[1] == [firm.org_name, "1", "10000.00"]
    assert firm.org_name in clerk.page("/finance/dormant/orphans")
