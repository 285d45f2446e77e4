"""The form of an evaluation method: what is typed becomes the method that is signed, and what is wrong is named where it was typed."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from app.factory import Application
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.coefficients import drawn_method
from tests.builders.trading import Tender, method_part, tender
from tests.builders.trading_web import Browser, application, browser
from tests.domain.test_trading_method import CEILING, GOOD

PLAIN = {
    "ceiling": "150000000",
    "deposit": "800000",
    "validity_days": "90",
    "envelopes": "technical,commercial",
    "title_technical": "技术标",
    "title_commercial": "商务标",
    "escrow": "required",
    "kept": json.dumps([{"name": "招标文件.pdf", "sha256": "a" * 64, "size": 5}]),
}
TYPED = {
    "method_kind": "comprehensive",
    "method_candidates": "3",
    "method_price_kind": "deviation",
    "method_price_max": "60",
    "method_price_weight": "1",
    "method_above": "2",
    "method_below": "1",
    "method_benchmark": "mean",
    "method_technical_least": "28",
    "method_aggregation": "mean",
    "method_over": "criterion",
    "method_rounding_mode": "half_up",
    "method_places_price_score": "2",
    "method_places_aggregate": "2",
    "method_places_total": "2",
    "method_tie": ["lower_price", "", "lower_price"],
    "criterion_id": ["method", "", " "],
    "criterion_part": ["technical", "technical", "credit"],
    "criterion_max": ["40", "", ""],
    "criterion_weight": ["1", "1", "1"],
    "method_rest": '{"reference_price": null}',
}


@pytest.fixture
def world(door: Door, clock_file: Any) -> Tender:
    made = tender(door, clock_file).registered()
    made.fix_plan()
    return made


@pytest.fixture
def agency(settings: Settings, door: Door, world: Tender) -> Browser:
    app: Application = application(settings, door)
    return browser(app, world.agency)


def post(agency: Browser, world: Tender, **changes: Any) -> Any:
    said = MultiDict[str, Any]()
    for name, value in (PLAIN | TYPED | changes).items():
        said.setlist(name, value if isinstance(value, list) else [value])
    return agency.post(f"/lots/{world.number}/document", data=said)


def saved(agency: Browser, world: Tender) -> dict[str, Any]:
    [body] = re.findall(r'data-act="document.publish"[^>]*data-act-body="([^"]*)"', agency.page(f"/lots/{world.number}/document"))
    found: dict[str, Any] = json.loads(body.replace("&#34;", '"').replace("&quot;", '"').replace("&amp;", "&"))
    return found


def test_what_is_typed_is_the_method_that_is_signed(agency: Browser, world: Tender) -> None:
    answer = post(agency, world)
    assert answer.status_code == 303, answer.text
    assert saved(agency, world)["method"] == method_part()
    page = agency.page(f"/lots/{world.number}/document")
    assert "按与评标基准价的偏差计分" in page and "技术部分最低" in page and "comprehensive</dd>" not in page


def test_a_saved_method_comes_back_into_the_form_with_what_only_data_can_say(agency: Browser, world: Tender) -> None:
    assert post(agency, world, method=json.dumps(drawn_method())).status_code == 303
    page = agency.page(f"/lots/{world.number}/document")
    rest = page.split('name="method_rest"')[1].split("</textarea>")[0]
    assert "coefficients" in rest and "price_ceiling" not in rest
    assert 'name="criterion_id" value="method"' in page


@pytest.mark.parametrize("name", GOOD)
def test_every_form_of_method_is_told_and_comes_back(agency: Browser, world: Tender, name: str) -> None:
    fits = {"envelopes": "bid", "title_bid": "投标文件", "method": json.dumps(GOOD[name] | {"price_ceiling": str(CEILING)})}
    assert post(agency, world, **fits).status_code == 303
    assert saved(agency, world)["method"] == GOOD[name]


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"method_above": "两分"}, "method_above", "每高于基准价 1 个百分点扣"),
        ({"method_candidates": "三"}, "method_candidates", "推荐候选人"),
        ({"method_benchmark": "median"}, "method_benchmark", "评标基准价"),
        ({"criterion_max": ["许多", "", ""]}, "method_criteria", "评分项"),
        ({"method_tie": ["chance"]}, "method_tie_break", "总分相同时"),
        ({"method_price_max": ""}, "method_price_max", "价格分满分"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(agency: Browser, world: Tender, changes: Any, field: str, said: str) -> None:
    answer = post(agency, world, **changes)
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text and f'id="f-{field}"' in answer.text
    assert f"评标办法的“{said}”没有填写或格式不正确" in answer.text
    assert 'name="criterion_id" value="method"' in answer.text and 'value="28"' in answer.text


@pytest.mark.parametrize("text", ["{", "[]", '{"price": {"floor": 0.5}}', "[" * 5000])
def test_data_that_are_none_are_refused(agency: Browser, world: Tender, text: str) -> None:
    answer = post(agency, world, method_rest=text)
    assert answer.status_code == 422 and "method_rest" in answer.text


def test_a_new_form_of_procurement_begins_with_the_lowest_ratio(door: Door, clock_file: Any, settings: Settings) -> None:
    world = tender(door, clock_file, regime="government_procurement").registered()
    world.fix_plan("RANK_ONE")
    page = browser(application(settings, door), world.agency).page(f"/lots/{world.number}/document")
    assert '<option value="lowest_ratio" selected>' in page


REVIEWED = {
    "review_formality": "投标函已签字盖章｜须知 3.7\r\n只有一份投标｜须知 3.8",
    "review_of_mean": "50",
    "review_of_second_lowest": "50",
    "review_of_ceiling": "45",
    "review_price_check": "1",
    "review_adjustments": "工期每延误一周｜+0.5%/周｜须知 5.3\r\n漏项补足｜元｜须知 5.4",
    "review_percent_small": "10%",
    "review_article_small": "须知 6.1",
}


def test_the_review_is_typed_signed_and_comes_back(agency: Browser, world: Tender) -> None:
    assert post(agency, world).status_code == 303 and "review" not in saved(agency, world)
    assert post(agency, world, **REVIEWED).status_code == 303
    review = saved(agency, world)["review"]
    assert [one["id"] for one in review["checks"]] == ["formality.1", "formality.2"] and review["price_check"] is True
    assert review["low_price"] == {"of_mean": "50", "of_second_lowest": "50", "of_ceiling": "45"}
    assert [(one["measure"], one["each"], one["unit"]) for one in review["adjustments"]] == [("percent", "0.5", "周"), ("amount", "", "")]
    assert review["preferences"] == [{"kind": "small", "percent": "10", "article": "须知 6.1"}]
    page = agency.page(f"/lots/{world.number}/document")
    assert "由评标委员会认定（元）" in page and "漏项补足｜元｜须知 5.4</textarea>" in page and "小型、微型企业" in page
    assert "只有一份投标｜须知 3.8</textarea>" in page and 'value="45" id="f-review_of_ceiling"' in page and "响应性评审" in page


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"review_formality": "投标函已签字盖章"}, "review_checks", "评审检查项“投标函已签字盖章”看不懂"),
        ({"review_of_mean": ""}, "review_low_price", "三个比例须一并填写"),
        ({"review_of_mean": "<b>"}, "review_low_price", "“&lt;b&gt;”应为 0 至 99"),
        (
            {"review_adjustments": "工期每延误一周｜半个点｜须知"},
            "review_adjustments",
            "评标价量化规则“工期每延误一周｜半个点｜须知”看不懂",
        ),
        ({"review_percent_small": "30"}, "review_preferences", "价格扣除比例“30”应大于 0，不超过 20%"),
    ],
)
def test_a_review_that_cannot_be_read_is_named_and_stays(agency: Browser, world: Tender, changes: Any, field: str, said: str) -> None:
    answer = post(agency, world, **(REVIEWED | changes))
    assert answer.status_code == 422 and said in answer.text
    assert f'href="#f-{field}"' in answer.text and f'id="f-{field}"' in answer.text and 'value="45"' in answer.text


def test_the_form_stands_in_english(agency: Browser, world: Tender) -> None:
    part = agency.page(f"/lots/{world.number}/document?lang=en").split('id="f-method_form"')[1].split("</form>")[0]
    assert "Enquiry into low prices" in part
    assert re.findall(r"[\u4e00-\u9fff]+", re.sub(r"<[^>]+>", "", part)) == []


RULES = {
    "criterion_id": ["method", "team", "safety", ""],
    "criterion_part": ["technical", "technical", "technical", "technical"],
    "criterion_max": ["20", "10", "10", ""],
    "criterion_weight": ["1", "1", "1", "1"],
    "criterion_title": ["施工方案", "项目班子", "", ""],
    "criterion_mode": ["range", "steps", "deduction", "range"],
    "criterion_objective": ["", "1", "", ""],
    "criterion_definition": ["看针对性\r\n和可行性", "", "", ""],
    "criterion_step": ["0.5", "", "", ""],
    "criterion_steps": ["", "0、5、10", "", ""],
    "criterion_grades": ["优 15-20\r\n差 0-14.5", "", "", ""],
    "criterion_deductions": ["", "", "缺少安全措施 4", ""],
    "abnormal_percent": "30",
    "abnormal_places": "2",
}


def test_how_criteria_are_scored_is_typed_signed_and_comes_back(agency: Browser, world: Tender) -> None:
    assert post(agency, world, **RULES).status_code == 303
    rules = saved(agency, world)["score_rules"]
    assert [one["mode"] for one in rules["criteria"]] == ["range", "steps", "deduction"]
    assert rules["criteria"][0]["grades"] == [{"label": "优", "from": "15", "to": "20"}, {"label": "差", "from": "0", "to": "14.5"}]
    assert rules["criteria"][1] == {"id": "team", "mode": "steps", "title": "项目班子", "objective": True, "steps": ["0", "5", "10"]}
    assert rules["abnormal"] == {"deviation_percent": "30", "order": False, "replace": {"places": 2}}
    page = agency.page(f"/lots/{world.number}/document")
    assert "缺少安全措施，扣 4 分" in page and "缺少安全措施 4</textarea>" in page and 'value="0、5、10"' in page
    assert 'value="30" id="f-abnormal_percent"' in page and '<option value="2" selected>以其他成员平均分代替' in page
    assert post(agency, world, **RULES | {"abnormal_percent": ""}).status_code == 422  # what is replaced needs a bound


def test_a_rule_that_does_not_fit_is_named_and_stays_typed(agency: Browser, world: Tender) -> None:
    answer = post(agency, world, **RULES | {"criterion_steps": ["", "0、5、11", "", ""]})
    assert answer.status_code == 422 and 'href="#f-method_criteria"' in answer.text
    assert "评分项“team”至少要有两个不同的分档" in answer.text and 'value="0、5、11"' in answer.text
    answer = post(agency, world, **RULES | {"criterion_grades": ["优秀的", "", "", ""]})
    assert answer.status_code == 422 and "“优秀的”看不懂" in answer.text
