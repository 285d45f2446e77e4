"""Checks before publication on the pages: who sees the list, what it says, where it leads, and that it is gone with the notice."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.clock import text
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.trading import Tender, method_part, tender
from tests.builders.trading_web import application, browser
from tests.web.test_trading_words import english
from trading.domain.readiness_rules import RULES
from trading.web import texts_readiness

TEXTS = Path(texts_readiness.__file__).read_text(encoding="utf-8")


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, app: Application) -> Tender:
    return tender(door, clock_file).registered()


def test_every_rule_has_its_label_and_every_word_its_english() -> None:
    assert texts_readiness.CHECKS.keys() == {rule.code for rule in RULES}
    known = english("app", "core/identity", "core/web", "trading")
    assert [words for words in re.findall(r'_l\("((?:[^"\\]|\\.)*)"\)', TEXTS) if words not in known] == []


def test_the_parties_see_what_is_missing_with_its_article_and_the_way_to_its_field(world: Tender, app: Application) -> None:
    place, agency = f"/lots/{world.number}", browser(app, world.agency)
    page = agency.page(place)
    assert all(said in page for said in ("发布前检查", "还不能发布", "定标方案还没有确定", "招标投标法第十九条", "保存招标文件后检查"))
    world.fix_plan()
    world.publish_document(escrow="none", method=method_part(tie_break=[]))
    page = agency.page(place)
    assert f'href="{place}/document#f-escrow"' in page and "没有托管解密份额" in page
    assert f'href="{place}/notice">去填写' in page and "起草公告后检查" in page
    assert browser(app, world.tenderer).page(f"{place}/notice").count("发布前检查") == 1
    english_page = agency.page(f"{place}?lang=en")
    assert "Checks before publication" in english_page and "No decryption shares are held in escrow" in english_page


def test_the_list_is_the_parties_own_and_goes_with_the_notice(world: Tender, app: Application) -> None:
    place, agency = f"/lots/{world.number}", browser(app, world.agency)
    other = browser(app, world.crowd.join(Role.AGENCY, "另一家招标代理有限公司"))
    assert {who.get(place).status_code for who in (browser(app), other)} == {404}
    told = {check["code"]: check for check in agency.get(f"/api/v1{place}").get_json()["checks"]}
    article = "招标投标法第十九条"
    assert told["plan.signed"] == {
        "code": "plan.signed",
        "severity": "blocks",
        "standing": "missed",
        "article": article,
        "refusal": "notice.plan_missing",
    }
    world.fix_plan()
    world.publish_document()
    world.publish_notice()
    assert "发布前检查" not in agency.page(place)
    assert agency.get(f"/api/v1{place}").get_json()["checks"] == []
    assert "checks" not in browser(app).get(f"/api/v1{place}").get_json()


def test_the_form_of_the_document_takes_a_validity_period(world: Tender, app: Application) -> None:
    world.fix_plan()
    agency, place = browser(app, world.agency), f"/lots/{world.number}/document"
    form = {"ceiling": "150000000", "deposit": "800000", "envelopes": "bid", "title_bid": "投标文件", "escrow": "required"}
    form |= {"method": json.dumps(method_part()), "reference_price_commit": "", "validity_days": "90"}
    saved = agency.post(place, data=form | {"files": (io.BytesIO(b"%PDF-1.7"), "招标文件.pdf")}, content_type="multipart/form-data")
    assert saved.status_code == 303, saved.text
    page = agency.page(place)
    assert 'value="90"' in page and "90 日" in page
    assert 'value="800000.00"' in page and '<option value="bid" selected>' in page  # what was saved stands in the form again
    wrong = agency.post(place, data=form | {"validity_days": "1000"}, content_type="multipart/form-data")
    assert wrong.status_code == 422 and "validity_days" in wrong.text


def test_a_notice_held_back_by_several_rules_names_them_over_the_line(world: Tender, app: Application) -> None:
    world.fix_plan()
    world.publish_document()
    early = text(world.now + timedelta(days=3))
    said = world.notice_body(publicity_days=1, deadline=early, opening_at=early)
    request = world.tenderer.act("notice.publish", world.case, world.no, body=said, step_up=True)
    answer = browser(app, world.tenderer).act(f"/api/v1/lots/{world.number}/notice", request, world.tenderer.password)
    assert (answer.status_code, answer.get_json()["code"]) == (422, "notice.not_ready")
    assert "period.T2、period.T3、period.T10A" in answer.get_json()["detail"]


def test_the_form_of_the_document_takes_the_forms_of_the_deposit_and_never_money_alone(world: Tender, app: Application) -> None:
    world.fix_plan()
    agency, place = browser(app, world.agency), f"/lots/{world.number}/document"
    assert agency.page(place).count('name="deposit_forms"') == 7
    form = {"ceiling": "150000000", "deposit": "800000", "envelopes": "bid", "title_bid": "投标文件", "escrow": "required"}
    form |= {"method": json.dumps(method_part()), "reference_price_commit": "", "validity_days": "90", "deposit_asked": "1"}
    chosen: dict[str, Any] = form | {"deposit_forms": ["transfer", "e_guarantee"], "deposit_several": "no"}

    def post(said: dict[str, Any]) -> Any:
        paper = {"files": (io.BytesIO(b"%PDF-1.7"), "招标文件.pdf")}
        return agency.post(place, data=said | paper, content_type="multipart/form-data")

    saved = post(chosen)
    assert saved.status_code == 303, saved.text
    page = agency.page(place)
    assert "银行转账 · 电子保函 · 须一次转足" in page and page.count('name="deposit_forms"') == 7
    assert re.findall(r'name="deposit_forms" value="(\w+)" checked', page) == ["transfer", "e_guarantee"]
    for forms, said in (
        (["transfer", "cash"], "不得只接受现金、转账等资金形式"),
        ([], "请至少选择一种保证金形式"),
        (["gold"], "deposit_terms.forms"),
    ):
        wrong = post(form | {"deposit_forms": forms})
        assert wrong.status_code == 422 and said in wrong.text
    free = post(form | {"deposit": "0"})
    assert free.status_code == 303 and "保证金形式</dt>" not in agency.page(place)
