"""Claims under guarantees over HTTP: each page to its people after the opening, each form to who may sign it."""

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
from tests.builders.claims import AMOUNT, Claimed, claimed
from tests.builders.deposits import world as build
from tests.builders.guarantees import surety
from tests.builders.trading_web import application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def made(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[Claimed]:
    with claimed(door, clock_file, tmp_path) as found:
        yield found


def chinese(page: str, *names: str) -> list[str]:
    """What is left in Chinese of an English page, but for names and what people wrote."""
    main = page.split("<main")[1].split("</main", maxsplit=1)[0]
    for name in names:
        main = main.replace(name, "")
    return re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main)


def test_a_claim_goes_from_the_tenderers_page_to_its_receipt(made: Claimed, app: Application) -> None:
    tender, number = made.hall.tender, made.hall.number
    address, api = f"/lots/{number}/guarantees/{made.guarantees[0]}/claims", f"/api/v1/lots/{number}/guarantees/claims"
    tenderer, supervisor, bidder = (browser(app, who) for who in (tender.tenderer, tender.supervisor, made.world.firms[0]))
    shown = tenderer.page(address)
    assert "签名并提出索赔" in shown and "没有索赔" in shown and "因投标人自身原因未解密，视为撤销" in shown
    assert "签名并提出索赔" not in supervisor.page(address)
    assert bidder.get(address).status_code == 403
    assert address in tenderer.page(f"/lots/{number}/deposits")
    greedy = tender.tenderer.act("claim.decide", made.case, body=made.claim_body(amount_fen=AMOUNT + 1), step_up=True)
    refused = tenderer.act(api, greedy)
    assert (refused.status_code, refused.json["code"]) == (422, "claim.amount")  # type: ignore[index]
    act = tender.tenderer.act("claim.decide", made.case, body=made.claim_body(), step_up=True)
    claim = tenderer.act(api, act).json["claim_sha256"]  # type: ignore[index]
    assert tenderer.act(api, act).json["claim_sha256"] == claim  # type: ignore[index]  # sent twice it is one claim
    assert "签名并提出索赔" not in tenderer.page(address) and "待监督意见" in bidder.page(f"/lots/{number}/guarantee")
    body = {"decision_sha256": claim, "agrees": True, "text": "同意。"}
    assert "签名并出具意见" in supervisor.page(address)
    assert bidder.act(f"{api}/note", made.world.firms[0].act("claim.note", made.case, body=body, step_up=True)).status_code == 403
    noted = supervisor.act(f"{api}/note", tender.supervisor.act("claim.note", made.case, body=body, step_up=True))
    assert noted.json["state"] == "claimed"  # type: ignore[index]
    made.given.sandboxes[0].books.set_fault("down", 1)
    made.ask()
    assert "担保机构尚未答复" in tenderer.page(address)
    made.ask(2)
    shown = tenderer.page(address)
    assert "签名并确认收款" in shown and "已赔付，待确认收款" in shown
    receipt = {"claim_sha256": claim, "amount_fen": AMOUNT, "reference": "来账 1"}
    done = tenderer.act(f"{api}/receipt", tender.tenderer.act("claim.receipt", made.case, body=receipt, step_up=True))
    assert done.json["state"] == "settled"  # type: ignore[index]
    english = tenderer.page(f"{address}?lang=en")
    names = ("临江", "第一", "逾期未解密，视为撤销投标文件。", "同意。", "来账 1", "招标投标法", "电子招标投标办法", "条", "施工", "一标段")
    left = chinese(english, *[view.name for view in made.given.known], *[firm.org_name for firm in made.world.firms])
    assert [one for one in left if not any(name in one for name in names)] == []
    assert "已收到赔付" in bidder.page(f"/lots/{number}/guarantee")


def test_no_page_of_claims_before_the_opening_and_none_of_another_lot(made: Claimed, app: Application) -> None:
    tenderer = browser(app, made.hall.tender.tenderer)
    assert tenderer.get(f"/lots/{made.hall.number}/guarantees/01900000-0000-4000-8000-00000000000a/claims").status_code == 404
    assert browser(app).get(f"/lots/{made.hall.number}/guarantees/{made.guarantees[0]}/claims").status_code in (302, 303, 401, 403)


def rows(content: bytes) -> str:
    """The words of a workbook."""
    with ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def test_guarantees_of_opened_lots_are_listed_filtered_summed_and_exported(made: Claimed, app: Application) -> None:
    tender, number = made.hall.tender, made.hall.number
    clerk = browser(app, made.world.crowd.join(Role.FINANCE, "临江市公共资源交易中心"))
    tenderer, first, second = browser(app, tender.tenderer), *[firm.org_name for firm in made.world.firms[:2]]
    made.claim()
    shown = clerk.page("/finance/guarantees")
    assert first in shown and second in shown and "1,600,000.00" in shown and "待监督意见" in shown
    assert second not in clerk.page(f"/finance/guarantees?q={first}") and "没有保函" in clerk.page("/finance/guarantees?q=nobody")
    assert first in clerk.page("/finance/guarantees?standing=1")
    book = rows(clerk.get(f"/finance/guarantees.xlsx?q={first}").data)
    assert first in book and second not in book and "待监督意见" in book and "800000.00" in book
    assert first in rows(tenderer.get(f"/lots/{number}/guarantees.xlsx").data)
    assert f"/lots/{number}/guarantees.xlsx" in tenderer.page(f"/lots/{number}/deposits")
    for address in ("/finance/guarantees", "/finance/guarantees.xlsx"):
        assert tenderer.get(address).status_code == 403
    assert browser(app, made.world.firms[0]).get(f"/lots/{number}/guarantees.xlsx").status_code == 403
    names = [view.name for view in made.given.known] + [firm.org_name for firm in made.world.firms]
    assert chinese(clerk.page("/finance/guarantees?lang=en"), *names) == []


def test_guarantees_of_a_lot_that_is_not_opened_are_on_no_list(app: Application, door: Door, clock_file: Path, tmp_path: Path) -> None:
    with build(door, clock_file, tmp_path) as world, surety(world, tmp_path) as given:
        world.ask()
        (firm,) = world.join(1)
        given.registered()
        given.ask()
        given.issued(firm)
        clerk = browser(app, world.crowd.join(Role.FINANCE, "临江市公共资源交易中心"))
        assert firm.org_name not in clerk.page("/finance/guarantees") and firm.org_name not in rows(
            clerk.get("/finance/guarantees.xlsx").data
        )
        given.close(firm)
        given.tick()
        assert firm.org_name in clerk.page("/finance/guarantees")
