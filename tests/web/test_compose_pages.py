"""The pages on which a tender document is composed: from the terms to the signed file, which can be set again byte for byte."""

from __future__ import annotations

import io
import json
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import documents as documents_of
from tests.builders.trading import Tender, method_part, tender
from tests.builders.trading_web import Browser, application, browser
from trading.domain.composition import DATA, PAPER, SECTIONS, beginnings, read_data, texts_of
from trading.domain.draft import DraftKind
from trading.queries import documents
from trading.services import documents as document_services
from trading.services import lots


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, app: Application) -> Tender:
    made = tender(door, clock_file).registered()
    made.fix_plan()
    return made


@pytest.fixture
def agency(world: Tender, app: Application) -> Browser:
    return browser(app, world.agency)


def here(world: Tender) -> str:
    return f"/lots/{world.number}/document"


def terms(**changes: Any) -> dict[str, Any]:
    """What the form of the document posts."""
    form = {"ceiling": "150000000", "deposit": "800000", "envelopes": "technical,commercial", "validity_days": "120", "escrow": "required"}
    form |= {"title_technical": "技术标", "title_commercial": "商务标", "method": json.dumps(method_part()), "reference_price_commit": ""}
    return form | {"compose": "1"} | changes


def chapters(**changes: str) -> dict[str, str]:
    """What the form of the chapters posts."""
    return {f"text_{name}": f"{title}的内容。" for name, title in SECTIONS.items()} | {"do": "save"} | changes


def post(agency: Browser, address: str, form: dict[str, Any]) -> Any:
    return agency.post(address, data=form, content_type="multipart/form-data")


def draft(world: Tender) -> dict[str, Any]:
    lot = world.lot.id
    found = world.door.read(lambda session: documents.draft(session, lot, DraftKind.DOCUMENT))
    assert found is not None
    return found.body


def named(world: Tender) -> dict[str, str]:
    return {entry["name"]: entry["sha256"] for entry in draft(world)["files"]}


def stored(app: Application, digest: str) -> bytes:
    content: bytes = app.extensions["gongheng"].files.read(digest)
    return content


def words(content: bytes) -> str:
    paper = pypdfium2.PdfDocument(content)
    try:
        return "".join(paper[n].get_textpage().get_text_bounded() for n in range(len(paper)))
    finally:
        paper.close()


def test_a_document_is_composed_of_its_terms_and_then_chapter_by_chapter(world: Tender, agency: Browser, app: Application) -> None:
    assert "还没有保存招标文件的条款" in agency.page(f"{here(world)}/compose")
    assert post(agency, here(world), terms()).status_code == 303
    assert list(named(world)) == [PAPER, DATA]
    page = agency.page(f"{here(world)}/compose")
    assert all(title in page for title in SECTIONS.values()) and "以工程量清单、图纸和技术标准为准" in page
    assert post(agency, f"{here(world)}/compose", chapters(text_scope="新建道路 2.4 公里。")).status_code == 303
    files = named(world)
    text = words(stored(app, files[PAPER]))
    assert "新建道路 2.4 公里。" in text and "150000000.00 元" in text and "临江市城市建设投资有限公司" in text
    assert texts_of(read_data(stored(app, files[DATA])))["scope"] == "新建道路 2.4 公里。"
    assert f'href="{here(world)}/compose"' in agency.page(here(world))


def test_what_is_signed_is_set_again_byte_for_byte(world: Tender, agency: Browser, app: Application) -> None:
    post(agency, here(world), terms())
    post(agency, f"{here(world)}/compose", chapters())
    body, number = draft(world), world.number
    request = world.agency.act("document.publish", world.case, world.no, body=body)
    world.door.perform(world.agency.actor, lambda work: document_services.publish(work, number, request))
    again = agency.get(f"{here(world)}/composed.pdf")
    assert again.status_code == 200 and again.mimetype == "application/pdf"
    assert sha256(again.data).hexdigest() == next(entry["sha256"] for entry in body["files"] if entry["name"] == PAPER)
    world.publish_notice()
    assert world.lot.release_at is not None
    world.jump(world.lot.release_at)
    world.step(lots.open_bidding)
    public = browser(app)
    for entry in body["files"]:  # everybody has the paper and the data of which it was made
        had = public.get(f"/api/v1/lots/{number}/documents/{entry['sha256']}")
        assert sha256(had.data).hexdigest() == entry["sha256"]
    assert post(agency, f"{here(world)}/compose", chapters()).status_code == 409  # an amendment's business now
    assert sha256(agency.get(f"{here(world)}/composed.pdf").data).hexdigest() == sha256(again.data).hexdigest()


def test_new_terms_make_a_new_paper_with_the_chapters_as_they_were(world: Tender, agency: Browser, app: Application) -> None:
    post(agency, here(world), terms())
    post(agency, f"{here(world)}/compose", chapters(text_scope="新建道路。"))
    kept = json.dumps(draft(world)["files"])
    annex = (io.BytesIO(b"%PDF-1.7 drawings"), "图纸.pdf")
    assert post(agency, here(world), terms(deposit="700000", kept=kept, files=annex)).status_code == 303
    files = named(world)
    assert list(files) == [PAPER, DATA, "图纸.pdf"]
    text = words(stored(app, files[PAPER]))
    assert "700000.00 元" in text and "新建道路。" in text
    kept = json.dumps(draft(world)["files"])
    post(agency, f"{here(world)}/compose", chapters())
    assert list(named(world)) == [PAPER, DATA, "图纸.pdf"]
    plain = terms(kept=kept)
    plain.pop("compose")
    assert post(agency, here(world), plain).status_code == 303
    assert list(named(world)) == ["图纸.pdf"]  # a paper that is no longer composed is left out: it would say old terms


def test_a_preview_keeps_nothing(world: Tender, agency: Browser) -> None:
    post(agency, here(world), terms())
    before = draft(world)
    shown = post(agency, f"{here(world)}/compose", chapters(do="preview", text_contract="只看一看。"))
    assert shown.status_code == 200 and shown.mimetype == "application/pdf" and "只看一看。" in words(shown.data)
    assert shown.headers["Cache-Control"] == "no-store" and draft(world) == before


def test_what_is_wrong_is_said_and_what_was_written_stays(world: Tender, agency: Browser) -> None:
    post(agency, here(world), terms())
    for do in ("save", "preview"):
        refused = post(agency, f"{here(world)}/compose", chapters(do=do, text_scope=" ", text_contract="合同另议。"))
        assert refused.status_code == 422 and "“招标范围”一章还没有内容" in refused.text and "合同另议。" in refused.text
    broken = post(agency, here(world), terms(method=json.dumps(method_part(candidates=0))))
    assert broken.status_code == 422 and "candidates" in broken.text
    assert post(agency, here(world), terms(ceiling="viel")).status_code == 422


def test_an_uploaded_document_has_nothing_to_set_again(world: Tender, agency: Browser) -> None:
    world.publish_document()
    assert agency.get(f"{here(world)}/composed.pdf").status_code == 422
    page = agency.page(f"{here(world)}/compose")
    assert beginnings(world.lot.regime)["scope"] in page  # it may still be composed instead
    assert post(agency, f"{here(world)}/compose", chapters()).status_code == 303
    assert list(named(world)) == [PAPER, DATA]  # in place of the file of that name
    assert post(agency, here(world), terms(kept='[1, {"name": 2}]')).status_code == 422


def test_only_the_lots_agency_composes(world: Tender, app: Application) -> None:
    world.publish_document()
    stranger = browser(app, world.crowd.join(Role.AGENCY, "另一家招标代理有限公司"))
    for who, status in ((stranger, 404), (browser(app, world.tenderer), 403), (browser(app, world.centre), 403)):
        for address in ("/compose", "/composed.pdf"):
            assert who.get(here(world) + address).status_code == status
        assert who.post(f"{here(world)}/compose", data=chapters()).status_code == status
    assert browser(app).get(f"{here(world)}/compose").status_code in (303, 401, 403)


def test_the_page_stands_in_english_too(world: Tender, agency: Browser) -> None:
    post(agency, here(world), terms())
    page = agency.page(f"{here(world)}/compose?lang=en")
    assert "Chapters" in page and "Preview" in page and "byte for byte the file to be signed" in page


def test_an_amendment_composes_the_paper_anew_with_its_terms_and_chapters(world: Tender, agency: Browser, app: Application) -> None:
    post(agency, here(world), terms())
    post(agency, f"{here(world)}/compose", chapters(text_scope="新建道路。"))
    body, number = draft(world), world.number
    request = world.agency.act("document.publish", world.case, world.no, body=body)
    world.door.perform(world.agency.actor, lambda work: document_services.publish(work, number, request))
    world.publish_notice()
    assert world.lot.release_at is not None
    world.jump(world.lot.release_at)
    world.step(lots.open_bidding)
    place = f"/lots/{number}/amendment"
    assert "新建道路。" in agency.page(place) and "新建道路。" not in browser(app, world.tenderer).page(place)
    form = {"reason": "限价调整", "keep": [entry["sha256"] for entry in body["files"]], "affects_bids": "1", "compose": "1", "do": ""}
    form |= {"ceiling": "140000000", "method": json.dumps(method_part(price_ceiling="140000000.00"))}
    assert post(agency, place, chapters(**form)).status_code == 303  # type: ignore[arg-type]
    lot = world.lot.id
    drafted = world.door.read(lambda session: documents.draft(session, lot, DraftKind.AMENDMENT))
    assert drafted is not None
    files = {entry["name"]: entry["sha256"] for entry in drafted.body["document"]["files"]}
    assert list(files) == [PAPER, DATA] and files[PAPER] not in form["keep"]
    text = words(stored(app, files[PAPER]))
    assert "140000000.00 元" in text and "招标范围的内容。" in text
    empty = post(agency, place, chapters(**form | {"text_scope": ""}))  # type: ignore[arg-type]
    assert empty.status_code == 422 and "“招标范围”一章还没有内容" in empty.text
    documents_of.publish_amendment(world, drafted.body)
    again = agency.get(f"{here(world)}/composed.pdf")
    assert sha256(again.data).hexdigest() == files[PAPER]
