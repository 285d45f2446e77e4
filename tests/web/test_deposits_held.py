"""Holds and forfeitures over HTTP: each page to its people after the opening, lists with a filter and as workbooks."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.holds import Kept, kept
from tests.builders.trading_web import application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def made(door: Door, clock_file: Path, tmp_path: Path, app: Application) -> Iterator[Kept]:
    with kept(door, clock_file, tmp_path) as found:
        yield found


def chinese(page: str, *names: str) -> list[str]:
    """What is left in Chinese of an English page, but for names and what people wrote."""
    main = page.split("<main")[1].split("</main", maxsplit=1)[0]
    for name in names:
        main = main.replace(name, "")
    return re.findall(r">[^<]*[\u4e00-\u9fff]{2,}[^<]*<", main)


def test_the_page_of_a_deposit_offers_each_what_they_may_do(made: Kept, app: Application) -> None:
    world, tender = made.world, made.hall.tender
    deposit = made.deposit()
    address = f"/lots/{made.hall.number}/deposits/{deposit}"
    tenderer, supervisor, clerk = (browser(app, who) for who in (tender.tenderer, tender.supervisor, made.clerk))
    assert [client.get(address).status_code for client in (tenderer, supervisor, clerk)] == [403] * 3
    assert tenderer.get(address[:-1] + ("0" if address[-1] != "0" else "1")).status_code == 403
    made.open_but_the_first()
    shown = tenderer.page(address)
    assert "决定不予退还" in shown and "决定退还" in shown and "招标人核实是否不予退还" in shown and "司法冻结：" not in shown
    assert "司法冻结：" in clerk.page(address) and "投诉或违法行为调查：" in supervisor.page(address)
    request = tender.supervisor.act(
        "hold.place",
        made.case,
        body={"deposit": deposit, "kind": "investigation", "reason": "调查期间暂缓", "document": "", "until": "2099-01-01"},
        step_up=True,
    )
    refused = supervisor.post(f"/api/v1/lots/{made.hall.number}/deposits/holds", {"envelope": request.envelope.to_json()})
    assert (refused.status_code, refused.json["code"]) == (422, "hold.until")  # type: ignore[index]
    made.hold()
    decision = made.decide()
    assert "签名并出具意见" in supervisor.page(address) and "签名并出具意见" not in tenderer.page(address)
    made.note(decision)
    assert "监督同意，不予退还" in tenderer.page(address)
    own = browser(app, world.firms[0]).page(f"/lots/{made.hall.number}/deposit")
    assert "监督同意，不予退还" in own and "投诉调查期间暂缓退还" in own
    assert browser(app, world.firms[0]).get(address).status_code == 403
    said = ("投诉调查期间暂缓退还。", "逾期未解密，视为撤销投标文件。", "依据充分，同意。", tender.tenderer.org_name, tender.lot.title)
    said += tuple(firm.org_name for firm in world.firms)
    english = supervisor.page(f"{address}?lang=en")
    assert chinese(english, *said, "招标投标法实施条例第六十二条", "电子招标投标办法第三十一条、招标投标法实施条例第三十五条") == []
    assert address in tenderer.page(f"/lots/{made.hall.number}/deposits")


def test_what_is_overdue_and_what_is_held_is_listed_filtered_and_exported(made: Kept, app: Application) -> None:
    world = made.world
    clerk, supervisor = browser(app, made.clerk), browser(app, made.hall.tender.supervisor)
    made.hall.decrypting(*world.firms)
    hold = made.hold()
    world.schedule(*world.firms[:2])
    assert "没有逾期的退款" in clerk.page("/finance/overdue")
    world.jump(timedelta(days=6))
    shown = clerk.page("/finance/overdue")
    assert "有 1 笔保证金逾期未退" in shown and world.firms[0].org_name in shown
    assert world.firms[1].org_name not in clerk.page(f"/finance/overdue?q={world.firms[0].org_name}")
    assert world.firms[0].org_name in supervisor.page("/finance/holds?standing=1")
    made.lift(hold)
    assert "没有暂缓退还" in clerk.page("/finance/holds?standing=1")
    for name, expected in (("overdue", 2), ("holds", 1), ("forfeitures", 0)):
        answer = clerk.get(f"/finance/{name}.xlsx")
        assert answer.status_code == 200
        rows = ZipFile(io.BytesIO(answer.data)).read("xl/worksheets/sheet1.xml").count(b"<row ")
        assert rows == expected + 1
    assert [browser(app, who).get("/finance/overdue").status_code for who in (world.firms[0], made.hall.tender.tenderer)] == [403] * 2
    assert chinese(clerk.page("/finance/holds?lang=en"), "投诉调查期间暂缓退还。", *(firm.org_name for firm in world.firms)) == []
    assert chinese(clerk.page("/finance/overdue?lang=en"), *(firm.org_name for firm in world.firms)) == []
