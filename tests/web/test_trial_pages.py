"""The page on which a lot's method is tried: for those who prepare it alone, with rows added, taken away, pasted or at fault."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import documents
from tests.builders.coefficients import drawn_method
from tests.builders.trading import Tender, document_body, method_part, tender
from tests.builders.trading_web import Browser, application, browser
from trading.domain.draft import DraftKind
from trading.services import drafts, lots


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, app: Application) -> Tender:
    return tender(door, clock_file).registered()


@pytest.fixture
def agency(world: Tender, app: Application) -> Browser:
    return browser(app, world.agency)


def here(world: Tender) -> str:
    return f"/lots/{world.number}/method"


def laid_down(world: Tender, **changes: Any) -> None:
    world.fix_plan()
    world.publish_document(**changes)


def rows(*prices: str, **more: Any) -> dict[str, Any]:
    count = len(prices)
    form = {"id": list("ABCDEFGH"[:count]), "price": list(prices), "preference": ["0"] * count, "mark_0": ["35"] * count}
    return form | {"do": "run"} | more


def ranking(page: str) -> list[str]:
    """Bidders in rank order."""
    return re.findall(r'<th scope="row"><span>(\S+) ', page)


def test_without_a_method_the_page_leads_to_the_document(world: Tender, agency: Browser) -> None:
    page = agency.page(here(world))
    assert "还没有评标办法" in page and f'href="/lots/{world.number}/document"' in page
    assert agency.post(here(world), data=rows("1")).status_code == 200


def test_the_draft_is_tried_before_it_is_signed(world: Tender, agency: Browser, app: Application) -> None:
    world.fix_plan()
    body = {name: value for name, value in document_body([world.upload(b"%PDF")]).items() if name != "document_sha256"}
    number = world.number
    world.door.perform(world.agency.actor, lambda work: drafts.save(work, number, DraftKind.DOCUMENT, body))
    page = agency.page(here(world))
    assert "草稿，尚未签署" in page and "144300000.00" in page and "计算过程" in page
    assert len(ranking(page)) == 5
    assert "草稿，尚未签署" in browser(app, world.tenderer).page(here(world))
    world.publish_document()
    assert "草稿，尚未签署" not in agency.page(here(world))


def test_typed_rows_are_ranked_and_shown_again_with_their_calculation(world: Tender, agency: Browser) -> None:
    laid_down(world)
    answer = agency.post(here(world), data=rows("100,000,000.00", "101000000", "160000000"))
    assert answer.status_code == 200
    assert ranking(answer.text) == ["A", "B"] and "报价高于最高投标限价" in answer.text
    assert 'value="100,000,000.00"' in answer.text and "评标基准价 = 100500000" in answer.text
    assert agency.page(here(world)).count("100,000,000.00") == 0  # nothing was kept


def test_a_fault_is_said_beside_its_field_and_the_rows_stay(world: Tender, agency: Browser) -> None:
    laid_down(world)
    answer = agency.post(here(world), data=rows("100000000", "viel"))
    assert answer.status_code == 422
    assert "第 2 行有误" in answer.text and answer.text.count('aria-invalid="true"') == 1 and 'value="viel"' in answer.text
    over = agency.post(here(world), data=rows("100000000", "99000000", mark_0=["35", "41"]))
    assert over.status_code == 422 and "超出 0 至 40 的范围" in over.text
    script = agency.post(here(world), data=rows("1", "2", id=["<script>alert(1)</script>", "B"]))
    assert "<script>alert(1)" not in script.text
    assert agency.post(here(world), data={"do": "run"}).status_code == 422  # no row at all


def test_rows_are_added_taken_away_pasted_and_put_back(world: Tender, agency: Browser) -> None:
    laid_down(world)

    def count(page: str) -> int:
        return page.count('name="price"')

    added = agency.post(here(world), data=rows("100000000", do="add"))
    assert added.status_code == 200 and count(added.text) == 2 and 'value="B"' in added.text
    full = agency.post(here(world), data=rows("100000000", do="add") | {"id": [str(n) for n in range(30)], "price": ["1"] * 30})
    assert count(full.text) == 20
    fewer = agency.post(here(world), data=rows("100000000", "99000000", "98000000", do="remove-1"))
    assert ranking(fewer.text) == ["A", "C"] or ranking(fewer.text) == ["C", "A"]
    pasted = agency.post(here(world), data=rows("1", do="paste", pasted="甲\t100000000\t30 32\n乙\t99000000\t31 33"))
    assert sorted(ranking(pasted.text)) == ["乙", "甲"] and 'value="30 32"' in pasted.text
    assert count(agency.post(here(world), data=rows("1", do="paste", pasted="")).text) == 1
    assert count(agency.post(here(world), data=rows("1", do="reset")).text) == 5
    for rubbish in ("remove-x", "remove-99", "dance"):
        assert count(agency.post(here(world), data=rows("100000000", do=rubbish)).text) == 1


def test_what_the_draw_would_change_is_told_and_one_value_can_be_chosen(world: Tender, agency: Browser) -> None:
    laid_down(world, method=drawn_method())
    page = agency.page(here(world))
    assert "如果抽到：下浮系数 K" in page and "按文件中写明的数值" in page
    chosen = agency.post(here(world), data=rows("100000000", "101000000", drawn_K="0.95"))
    assert "下浮系数 K = 0.95" in chosen.text and '<option value="0.95" selected>' in chosen.text
    refused = agency.post(here(world), data=rows("100000000", drawn_K="7"))
    assert refused.status_code == 422 and "抽取结果不在可抽取的数值之中" in refused.text


def test_a_secret_reference_price_is_replaced_by_an_invented_one(world: Tender, agency: Browser) -> None:
    price = method_part()["price"] | {"benchmark": {"kind": "reference"}}
    laid_down(world, method=method_part(price=price), reference_price_commit="ab" * 32)
    page = agency.page(here(world))
    assert "虚构的标底" in page and 'value="135000000.00"' in page
    other = agency.post(here(world), data=rows("100000000", reference="100000000"))
    assert other.status_code == 200 and "评标基准价 = 100000000" in other.text
    assert agency.post(here(world), data=rows("100000000", reference="geheim")).status_code == 422


def test_the_method_of_lowest_prices_has_no_marks(world: Tender, agency: Browser) -> None:
    lowest = method_part(method="lowest_price", criteria=[], part_minimum={}, tie_break=[])
    laid_down(world, method=lowest, envelopes=[{"env": "bid", "title": "投标文件"}])
    page = agency.page(here(world))
    assert ranking(page) == ["E", "D", "C", "B", "A"] and 'name="mark_0"' not in page and "合同价" in page


def test_nobody_but_tenderer_and_agency_of_the_lot_may_try_it_here(world: Tender, app: Application, agency: Browser) -> None:
    laid_down(world)
    strangers = [browser(app, world.crowd.join(role, f"{role.value} 有限公司")) for role in (Role.AGENCY, Role.TENDERER)]
    others = [browser(app, person) for person in (world.centre, world.supervisor, world.crowd.join(Role.BIDDER, "甲公司"))]
    world.publish_notice()
    for who, status in [*((one, 404) for one in strangers), *((one, 403) for one in others)]:
        assert {who.get(here(world)).status_code, who.post(here(world), data=rows("1")).status_code} == {status}
    assert browser(app).get(here(world)).status_code in (303, 401, 403)
    assert agency.get(here(world)).status_code == 200
    assert agency.get("/lots/T2026-999999-1/method").status_code == 404 and agency.get("/lots/rubbish/method").status_code in (404, 422)


def test_the_page_stands_in_english_too(world: Tender, agency: Browser) -> None:
    laid_down(world, method=drawn_method())
    page = agency.page(f"{here(world)}?lang=en")
    assert all(said in page for said in ("Invented bids", "What if the draw gives", "Calculation"))
    shown = re.sub(r"<[^>]+>", "", page.split('id="trial"')[1].split("</main>")[0])
    assert set(re.findall(r"[\u4e00-\u9fff]+", shown)) == {"下浮系数"}  # the document's own word


def test_while_bids_are_taken_a_drafted_amendment_is_tried(world: Tender, agency: Browser) -> None:
    laid_down(world)
    world.publish_notice()
    assert world.lot.release_at is not None
    world.jump(world.lot.release_at)
    world.step(lots.open_bidding)
    documents.draft_amendment(world, method=method_part(candidates=2))
    page = agency.page(here(world))
    assert "草稿，尚未签署" in page and "2 名" in page
