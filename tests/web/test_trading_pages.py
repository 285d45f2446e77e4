"""Trading's pages at each step of a lot's life: who is shown what, and what may be done."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.trading import Tender, method_part, tender
from tests.builders.trading_web import Browser, application, browser


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, app: Application) -> Tender:
    return tender(door, clock_file)


@pytest.fixture
def public(app: Application) -> Browser:
    return browser(app)


def test_the_public_finds_a_notice_by_chinese_words_and_reads_it(world: Tender, public: Browser) -> None:
    world.noticed()
    listed = public.page("/notices?q=滨江路 临江市")
    assert "临江市滨江路提升工程施工招标公告" in listed
    assert "没有找到公告" in public.page("/notices?q=不存在的词")
    notice = public.page(f"/notices/{world.number}-N1")
    assert world.lot.document_sha256 in notice
    assert "与投标截止为同一时刻" in notice


def test_a_lot_is_not_there_for_the_public_before_its_notice(world: Tender, public: Browser) -> None:
    world.registered()
    assert public.get(f"/lots/{world.number}").status_code == 404
    assert public.get(f"/api/v1/lots/{world.number}").status_code == 404


def test_the_tender_document_is_there_from_the_release_on_and_asks_nobody_who_they_are(world: Tender, public: Browser) -> None:
    world.noticed()
    digest = world.upload(b"%PDF-1.7 tender document")["sha256"]
    assert "尚未发出" in public.page(f"/lots/{world.number}")
    assert public.get(f"/api/v1/lots/{world.number}/documents/{digest}").status_code == 404
    assert "documents" not in public.get(f"/api/v1/lots/{world.number}").json  # type: ignore[operator]


def test_each_step_shows_its_button_to_whoever_takes_it(world: Tender, app: Application) -> None:
    tenderer, agency, centre = (browser(app, person) for person in (world.tenderer, world.agency, world.centre))
    world.registered()
    lot = f"/lots/{world.number}"
    assert "签署定标方案" in tenderer.page(lot)
    shown = agency.page(lot)
    assert "定标方案还没有确定" in shown
    world.fix_plan()
    assert f'href="{lot}/document"' in agency.page(lot)
    world.publish_document()
    assert f'href="{lot}/notice"' in agency.page(lot)
    assert "以您的身份，现在没有需要办理的事项" in centre.page(lot)


def test_the_agency_begins_a_project_on_its_page(world: Tender, app: Application) -> None:
    agency = browser(app, world.agency)
    assert "登记新项目" in agency.page("/projects")
    answer = agency.post("/projects", data={})
    assert answer.status_code == 303
    page = agency.page(answer.headers["Location"])
    assert "T20" in page and world.tenderer.org_name in page
    assert 'value="{&#34;name&#34;:' in page or f'value="{{&#34;org&#34;: &#34;{world.tenderer.org}&#34;' in page  # one attribute
    assert browser(app, world.tenderer).get(answer.headers["Location"]).status_code == 403


def test_the_tenderer_saves_a_plan_and_is_shown_what_to_sign(world: Tender, app: Application) -> None:
    world.registered()
    tenderer = browser(app, world.tenderer)
    form = {"method": "DIRECT_VOTE", "members": "5", "quorum": "5", "ties": ["price"], "legal_basis": "临建发〔2025〕12号"}
    form |= {"region_rule": "2025", "factor_name": ["履约"], "factor_definition": ["近三年履约评价"]}
    answer = tenderer.post(f"/lots/{world.number}/award-plan", data=form)
    assert answer.status_code == 303
    page = tenderer.page(f"/lots/{world.number}/award-plan")
    assert "待签署的方案" in page and 'data-act="award_plan.fix"' in page
    refused = tenderer.post(f"/lots/{world.number}/award-plan", data=form | {"members": "4"})
    assert refused.status_code == 422
    assert "定标委员会人数须为单数" in refused.text and 'value="4"' in refused.text


def test_the_agency_uploads_the_document_and_is_shown_what_to_sign(world: Tender, app: Application) -> None:
    world.registered()
    world.fix_plan()
    agency = browser(app, world.agency)
    form = {
        "ceiling": "150,000,000.00",
        "deposit": "800000",
        "envelopes": "technical,commercial",
        "title_technical": "技术标",
        "title_commercial": "商务标",
        "blind": "1",
        "blind_fonts": "宋体、Times New Roman",
        "blind_allowed": ["page_numbers"],
        "escrow": "required",
        "method": json.dumps(method_part()),
        "reference_price_commit": "",
        "files": (io.BytesIO(b"%PDF-1.7 the tender document"), "招标文件.pdf"),
    }
    answer = agency.post(f"/lots/{world.number}/document", data=form, content_type="multipart/form-data")
    assert answer.status_code == 303, answer.text
    page = agency.page(f"/lots/{world.number}/document")
    assert "待签署的招标文件" in page and "招标文件.pdf" in page and 'data-act="document.publish"' in page
    assert "字体：宋体、Times New Roman。不允许：页眉页脚、图片、彩色、书签。" in page
    broken = {**form, "method": '{"method": 1.5}', "files": (io.BytesIO(b""), "")}
    assert agency.post(f"/lots/{world.number}/document", data=broken, content_type="multipart/form-data").status_code == 422


def test_the_agency_drafts_the_notice_and_the_tenderer_finds_it_to_sign(world: Tender, app: Application) -> None:
    world.registered()
    world.fix_plan()
    world.publish_document()
    agency, tenderer = browser(app, world.agency), browser(app, world.tenderer)
    form = {"title": "招标公告", "release_at": "2030-01-02T09:00", "deadline": "2030-02-01T09:00", "publicity_days": "3"}
    assert agency.post(f"/lots/{world.number}/notice", data=form).status_code == 303
    page = tenderer.page(f"/lots/{world.number}/notice")
    assert 'data-act="notice.publish"' in page and "2030-02-01 09:00:00" in page
    early = agency.post(f"/lots/{world.number}/notice", data=form | {"deadline": "2030-01-10T09:00"})
    assert early.status_code == 422 and "不得少于 20 日" in early.text


def test_candidates_award_notice_and_contract_have_their_pages(world: Tender, app: Application, public: Browser) -> None:
    world.evaluated()
    tenderer, lot = browser(app, world.tenderer), f"/lots/{world.number}"
    winner = browser(app, world.bidders[0])
    assert 'data-act="candidates.publish"' in tenderer.page(f"{lot}/candidates")
    assert "第1建筑工程有限公司" not in public.page(lot)
    world.publish_candidates()
    assert "第1建筑工程有限公司" in public.page(lot)
    assert "第1建筑工程有限公司" in public.page(f"/notices/{world.number}-N2")
    until = world.candidates_body()["until"]  # a period ends with its last day, which the page names, not with the midnight after it
    assert f'候选人公示期满<span class="sr">（当前）</span></b><time datetime="{until}">{until}</time>' in public.page(lot)
    world.end_publicity()
    world.step_award()
    assert 'data-act="award.notice"' in tenderer.page(f"{lot}/award-notice")
    world.send_award_notice()
    assert "第1建筑工程有限公司：" in winner.page(f"{lot}/award-notice")
    assert browser(app, world.bidders[1]).get(f"{lot}/contract").status_code == 404
    text = {"text": (io.BytesIO(b"%PDF-1.7 contract"), "合同.pdf")}
    assert tenderer.post(f"{lot}/contract", data=text, content_type="multipart/form-data").status_code == 303
    assert 'data-act="contract.sign"' in tenderer.page(f"{lot}/contract")
    assert winner.get(f"/api/v1{lot}/contract/text").status_code == 404  # not before the tenderer has signed
    world.sign_contract(world.tenderer)
    assert winner.get(f"/api/v1{lot}/contract/text").data == b"%PDF-1.7 contract"
    assert 'data-act-role="bidder"' in winner.page(f"{lot}/contract")
    world.sign_contract(world.bidders[0])
    assert "合同已由各方签署" in winner.page(f"{lot}/contract")
    assert "合同公告" in public.page("/notices?kind=contract")


def test_the_case_is_closed_on_its_page(world: Tender, app: Application) -> None:
    world.contracted()
    centre, supervisor = browser(app, world.centre), browser(app, world.supervisor)
    assert 'data-act="case.close"' in centre.page(f"/projects/{world.case}")
    world.propose_close()
    assert "data-countersign=" in supervisor.page(f"/projects/{world.case}")
    world.confirm_close()
    assert "案卷已结" in supervisor.page(f"/projects/{world.case}")


def test_everything_stands_in_english_too(world: Tender, public: Browser) -> None:
    world.noticed()
    for address in ("/notices", f"/notices/{world.number}-N1", f"/lots/{world.number}"):
        page = public.page(f"{address}?lang=en")
        for words in ("公告类型", "招标文件发出", "时间线", "投标截止"):
            assert words not in page, (address, words)


def test_workplaces_are_closed_to_strangers(world: Tender, app: Application) -> None:
    world.noticed()
    for role in (Role.BIDDER, Role.EXPERT, Role.TENDERER):
        _stays_outside(world, browser(app, world.crowd.join(role, "无关单位")))


def _stays_outside(world: Tender, stranger: Browser) -> None:
    for step in ("award-plan", "document", "notice", "candidates"):
        assert stranger.get(f"/lots/{world.number}/{step}").status_code in (403, 404)
    assert stranger.get(f"/lots/{world.number}/contract").status_code in (403, 404)
    assert stranger.get(f"/projects/{world.case}").status_code in (403, 404)
