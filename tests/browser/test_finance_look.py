"""Finance's pages with data in a browser, in both sizes and languages: refunds, recalls, suspense, books, tables, reliefs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser

from app.factory import create_app
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import legal_day
from core.kernel.ids import LotId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.ticks import each
from core.kernel.work import Door
from core.settings import Settings
from deposits import jobs, jobs_recalls
from deposits.domain import batch, rate, treasury
from deposits.domain.batch import Release
from deposits.domain.messages import PaymentOrder
from deposits.domain.statement_file import COLUMNS, read_sheet
from deposits.queries import batches as batch_queries
from deposits.queries import due, recalls, suspense
from deposits.services import batches, rates, reliefs, requirements, statement_files, sub_accounts, treasuries
from deposits.services import recalls as recalling
from deposits.services import suspense as suspending
from tests.browser.accessibility import serious_findings
from tests.browser.chromium import open_page
from tests.browser.real import at_home, listening, log_in
from tests.browser.stage import HARMLESS
from tests.browser.test_archive_look import SIZES
from tests.builders.deposits import AMOUNT, World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.builders.waivers import waive

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "finance"
CENTRE = "临江市公共资源交易中心"
NOWHERE = "6210001888019999999999"


@dataclass
class Desk:
    """The world of deposits, who works in it, and how a page is looked at."""

    world: World
    url: str
    browser: Browser
    first: Person
    second: Person

    def sign(self, who: Person, kind: str, case: str, body: dict[str, Any], do: Any) -> Any:
        """Signed and done."""
        request = who.act(kind, case, body=body, step_up=True)
        return who.door.perform(who.actor, lambda work: do(work, request))

    def look(self, who: Person, *pages: tuple[str, str]) -> list[object]:
        """Pages in all their forms: what is wrong with them."""
        SHOTS.mkdir(parents=True, exist_ok=True)
        page, said = open_page(self.browser)
        log_in(page, self.url, who)
        wrong: list[object] = []
        for name, path in pages:
            for width, height in SIZES:
                page.set_viewport_size({"width": width, "height": height})
                for lang in ("en", "zh"):
                    said.clear()
                    answer = page.goto(f"{self.url}{path}{'&' if '?' in path else '?'}lang={lang}")
                    page.screenshot(path=SHOTS / f"{name}-{width}-{lang}.png", full_page=True)
                    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
                    loud = [line for line in said if not any(known in line for known in HARMLESS)]
                    if answer is None or answer.status != 200 or loud or wide:
                        wrong.append((name, width, lang, answer and answer.status, loud, wide))
            wrong += [(name, finding) for finding in serious_findings(page)]
        page.context.close()
        return wrong


@pytest.fixture
def desk(browser: Browser, settings: Settings, door: Door, clock_file: Path, tmp_path: Path) -> Iterator[Desk]:
    with at_home(settings) as told, build(door, clock_file, tmp_path) as world:
        app = create_app(replace(told, bank_url=world.bank.url), door)
        with listening(app, told.port, browser):
            clerks = [world.crowd.join(Role.FINANCE, CENTRE, name) for name in ("钱会计", "沈科长")]
            world.ask()
            yield Desk(world, told.origin, browser, *clerks)


def test_refunds_on_every_way(desk: Desk) -> None:
    world = desk.world
    world.join(8, keys=True)
    world.paid(*world.firms)
    world.close(*world.firms)
    world.schedule(*world.firms[:4])
    jobs.send_due(world.door, Release.TWO_PERSONS)
    wrong = desk.look(desk.first, ("batches-waiting", "/finance/batches"), ("batch-waiting", f"/finance/batches/{number(world)}"))
    release(desk, desk.first)
    wrong += desk.look(desk.first, ("batch-signed", f"/finance/batches/{number(world)}"))
    release(desk, desk.second)
    closed = world.account_of(world.firms[1])
    world.sandbox.books.close_account(closed)
    world.sandbox._faults({"pend_orders": 1, "pend_ms": 600_000})
    world.send()
    world.read_notices()
    for who, name in ((desk.first, "propose"), (desk.second, "approve")):
        wrong += desk.look(who, (f"recalls-{name}", "/finance/recalls"))
        recall(desk, who, name)
    wrong += desk.look(desk.first, ("recalls-asked", "/finance/recalls"))
    jobs_recalls.ask(world.door, world.bank)
    world.jump(timedelta(days=8))
    wrong += desk.look(
        desk.first,
        ("finance", "/finance"),
        ("recalls-answered", "/finance/recalls"),
        ("batches", "/finance/batches"),
        ("batch", f"/finance/batches/{number(world)}"),
        ("overdue", "/finance/overdue"),
        ("passbook", "/finance/passbook"),
        ("accounts", "/finance/accounts"),
    )
    for name, firm in (("own-1", world.firms[0]), ("own-2", world.firms[1]), ("own-waiting", world.firms[7])):
        wrong += desk.look(firm, (name, f"/lots/{world.number}/deposit"), (f"{name}-all", "/me/deposits"))
    assert wrong == []


def number(world: World) -> str:
    return world.door.read(batch_queries.listed)[0].number


def release(desk: Desk, who: Person) -> None:
    name = number(desk.world)
    body = dict(desk.world.door.read(lambda session: batch_queries.page(session, name, None)).body)
    desk.sign(who, "batch.release", batch.CHAIN, body, lambda work, request: batches.release(work, name, request))


def recall(desk: Desk, who: Person, step: str) -> None:
    world, case = desk.world, f"D-{desk.world.number}"
    if step == "propose":
        one = world.door.read(recalls.underway)[0]
        body = {"refund": str(one.refund), "total_fen": one.total.fen, "reason": "收款账号有疑问"}
        desk.sign(who, "recall.propose", case, body, lambda work, request: recalling.propose(work, world.number, request))
        return
    asked = world.door.read(lambda session: recalls.listed(session, None))[0]
    body = {"proposal_sha256": asked.sha256, "reason": ""}
    desk.sign(who, "recall.approve", case, body, lambda work, request: recalling.approve(work, world.number, request))


def test_money_in_and_the_books(desk: Desk) -> None:
    world = desk.world
    firm, other = world.join(2, keys=True)
    world.request(firm)
    world.pay(firm, "500000.00")
    for key, payer in enumerate(("路人甲有限公司", "临江市远帆商贸有限公司", firm.org_name)):
        account = world.account_of(firm) if payer == firm.org_name else f"622288880000{key:02d}"
        world.pay(firm, f"{300_000 + key}.00", to=NOWHERE, payer=payer, payer_account=account)
    world.read_notices()
    world.request(other)
    theft = PaymentOrder("f" * 32, world.now, "x", world.view(firm).sub_account, firm.org_name, world.account_of(firm), Money(100), "x")
    world.sandbox.books.execute(theft, world.now)
    file = hand_in(desk, firm)
    world.jump(timedelta(days=1))
    jobs.compare_days(world.door, world.bank)
    world.close(firm, other)
    jobs.compare_days(world.door, world.bank)
    jobs.reconcile(world.door, world.bank)
    waiting = world.door.read(suspense.listed)
    desk.sign(
        desk.first, "suspense.return", "D-SUSPENSE", {"ref": waiting[0].ref, "reason": "付款人来函说明转错账号"}, suspending.send_back
    )
    world.jump(timedelta(days=2))
    each(due.incomplete, requirements.give_up_waiting)(world.door)
    wrong = desk.look(
        desk.first,
        ("suspense", "/finance/suspense"),
        ("suspended", f"/finance/suspense/{waiting[-1].ref}"),
        ("suspended-mine", f"/finance/suspense/{world.door.read(suspense.listed)[-1].ref}"),
        ("statements", "/finance/statements"),
        ("statement", f"/finance/statements/{file}"),
        ("books", "/finance/books"),
        ("books-open", "/finance/books?standing=1"),
        ("passbook-bank", "/finance/passbook"),
        ("finance-books", "/finance"),
        ("sub-accounts", "/finance/dormant/sub-accounts"),
    )
    accounts = [world.view(other).sub_account]
    body = {"accounts": accounts, "reason": "已办结"}
    case = f"D-{world.number}"
    desk.sign(desk.first, "sub_account.cancel", case, body, lambda work, request: sub_accounts.cancel(work, world.number, request))
    wrong += desk.look(desk.first, ("sub-accounts-cancelled", "/finance/dormant/sub-accounts"))
    wrong += desk.look(firm, ("own-short", f"/lots/{world.number}/deposit"), ("own-letters", "/inbox"))
    assert wrong == []


def hand_in(desk: Desk, firm: Person) -> str:
    heads = [column.value for column in COLUMNS]
    good = ["K1", "贷", "800000.00", "2026-08-01 09:00", desk.world.view(firm).sub_account, firm.org_name, "6222000000000001", "", "保证金"]
    sheet = read_sheet([heads, good, ["K2", "进", "x", "昨天", "1"], [*good]], heads, desk.world.now)
    return desk.world.door.perform(desk.first.actor, lambda work: statement_files.preview(work, sheet, "11月流水.xlsx", "0" * 64))


def test_tables_and_reliefs(desk: Desk) -> None:
    world, first = desk.world, desk.first
    centre, supervisor = world.crowd.join(Role.CENTRE, CENTRE), world.crowd.join(Role.SUPERVISOR, "临江市住房和城乡建设局")
    firm = world.join(1, keys=True)[0]
    today = legal_day(world.now).isoformat()
    desk.sign(
        first, "rate.propose", rate.CHAIN, {"since": today, "yearly": "0.0360", "source": "临江市商业银行公告〔2026〕3号"}, rates.propose
    )
    account = {"name": "临江市财政局", "account": "621000199901", "bank": "临江市商业银行", "source": "临江市财政局通知"}
    desk.sign(first, "treasury.propose", treasury.CHAIN, account, treasuries.propose)
    freed = {"regime": "construction", "category": "services", "region": "", "since": today, "source": "临建〔2026〕1号"}
    waive(centre, supervisor, firm, 60)
    for body in (freed, freed | {"category": "goods", "region": "临江市"}):
        desk.sign(centre, "deposit.free", "D-RELIEF", body, lambda work, request: reliefs.propose(work, "deposit.free", request))
    wrong = desk.look(first, ("rates", "/finance/rates"), ("treasury", "/finance/treasury"))
    wrong += desk.look(desk.second, ("rates-second", "/finance/rates"), ("treasury-second", "/finance/treasury"), ("chores", "/finance"))
    pages = ("reliefs", "/deposits/reliefs"), ("reliefs-sought", "/deposits/reliefs?q=甲&standing=1")
    wrong += desk.look(centre, *((f"{name}-centre", path) for name, path in pages), ("reliefs-firm", f"/deposits/reliefs?firm={firm.uscc}"))
    wrong += desk.look(supervisor, *((f"{name}-supervisor", path) for name, path in pages))
    wrong += desk.look(firm, ("reliefs-own", "/deposits/reliefs"), ("own-waiver", f"/lots/{world.number}/deposit"))
    sealed, deadline = LotId(uuid4()), world.now + timedelta(days=9)
    world.door.perform(SYSTEM_ACTOR, lambda work: requirements.require(work, sealed, "T2026-000099-1", AMOUNT, deadline))
    wrong += desk.look(first, ("finance-sealed", "/finance"), ("books-sealed", "/finance/books"), ("suspense-none", "/finance/suspense"))
    assert wrong == []
