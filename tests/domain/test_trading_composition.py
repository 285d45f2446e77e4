"""A composed tender document: what it says of itself, what is refused, and that its data are the paper, byte for byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pypdfium2
import pytest

from core.kernel.blind import BlindRules
from core.kernel.errors import RuleBroken
from tests.builders.coefficients import with_factor
from tests.builders.evaluation import TWO_STAGES
from tests.builders.trading import document_body, method_part, plan
from tests.domain.test_trading_method import GOOD
from trading.domain.award_plan import AwardMethod, AwardPlan
from trading.domain.composition import MOST_TEXT, CompositionFacts, beginnings, composed, data_bytes, read_data, texts_of
from trading.domain.composition_wording import AWARDS, ESCROWS, SECTIONS, method_in_words
from trading.domain.document import Escrow, TenderDocument
from trading.domain.periods import LegalRegime
from trading.gateway import render_document

AT = datetime(2026, 11, 29, 16, tzinfo=UTC)
TEXTS = beginnings(LegalRegime.CONSTRUCTION)


def facts(regime: LegalRegime = LegalRegime.CONSTRUCTION, **changes: Any) -> CompositionFacts:
    made = CompositionFacts(
        number="T2026-000001-1",
        project_title="滨江路提升工程",
        lot_title="一标段",
        regime=regime,
        region="临江市",
        tenderer="临江市城市建设投资有限公司",
        agency="公信招标代理有限公司",
        approval="临发改审〔2026〕88号",
        funding="",
        plan=AwardPlan.read(plan()),
        terms=TenderDocument.read(document_body()),
        on=date(2026, 11, 30),
    )
    return replace(made, **changes)


def table(told: CompositionFacts) -> dict[str, str]:
    data: Any = composed(told, TEXTS)
    return dict(data["table"]["rows"])


def test_the_table_says_the_terms_and_leaves_out_what_is_not_there() -> None:
    rows = table(facts())
    assert (rows["最高投标限价"], rows["投标有效期"], rows["投标文件的组成"]) == (
        "150000000.00 元",
        "自投标截止之日起 120 日",
        "技术标、商务标",
    )
    assert rows["投标保证金"].startswith("800000.00 元，以现金") and rows["定标方式"] == "评定分离，直接票决"
    assert rows["投标截止和开标时间"] == "以招标公告为准" and rows["暗标要求"] == "无" and "资金来源" not in rows
    other = facts(LegalRegime.GOVERNMENT_PROCUREMENT, plan=None)
    assert table(other)["采购人"] == "临江市城市建设投资有限公司" and table(other)["定标方式"] == "无"
    bare = TenderDocument.read(document_body(deposit_fen=0))
    assert table(facts(terms=replace(bare, validity_days=0)))["投标保证金"] == "无"
    assert table(facts(terms=replace(bare, validity_days=0)))["投标有效期"] == "无"


def test_the_table_says_in_which_forms_a_deposit_is_taken() -> None:
    said = TenderDocument.read(document_body(deposit_terms={"forms": ["transfer", "bank_guarantee"], "several": False}))
    works = "800000.00 元，可以采用银行转账、银行保函；以现金或者支票形式提交的，应当从投标人基本账户转出；须一次缴足"
    assert table(facts(terms=said))["投标保证金"] == works
    bought = table(facts(LegalRegime.GOVERNMENT_PROCUREMENT, terms=said))["投标保证金"]
    assert bought == "800000.00 元，可以采用银行转账、银行保函；须一次缴足"


def test_the_table_says_what_the_winner_gives_before_the_contract() -> None:
    for bp, share in ((1_000, "10"), (550, "5.5"), (1, "0.01")):
        said = TenderDocument.read(document_body(performance={"bp": bp, "days": 400}))
        works = f"合同价的 {share}%，由中标人在合同订立前提交，可以转账，也可以提交保函；"
        until = "保函有效期自合同订立期限届满之日起不少于 400 日，出具机构由中标人自行选择"
        assert table(facts(terms=said))["履约保证金"] == works + until
        assert "转账、保函等非现金形式" in table(facts(LegalRegime.GOVERNMENT_PROCUREMENT, terms=said))["履约保证金"]
    assert table(facts())["履约保证金"] == "无"


def test_a_blind_envelope_is_said_with_its_rules() -> None:
    for rules, said in (
        (BlindRules(("宋体", "黑体"), page_numbers=True), "字体：宋体、黑体。不允许：页眉页脚、图片、彩色、书签。"),
        (BlindRules((), True, True, True, True, True), "技术标采用暗标，不得出现能识别投标人的内容。"),
    ):
        first, last = facts().terms.envelopes
        terms = replace(facts().terms, envelopes=(replace(first, blind=rules), last))
        assert table(facts(terms=terms))["暗标要求"].endswith(said)


def test_every_escrow_and_every_way_to_award_has_its_words() -> None:
    assert ESCROWS.keys() == {one.value for one in Escrow} and AWARDS.keys() == {one.value for one in AwardMethod}


@pytest.mark.parametrize("name", GOOD)
def test_every_method_of_good_form_is_said_in_words(name: str) -> None:
    said = list(method_in_words(GOOD[name]))
    assert len(said) >= 2 and all(sentence.endswith("。") for sentence in said)


def test_a_method_is_said_with_its_figures() -> None:
    said = "\n".join(method_in_words(with_factor(TWO_STAGES) | {"tie_break": ["lower_price", "draw"]}))
    for words in (
        "评标价每高于基准价 1%，扣 2 分；每低于基准价 1%，扣 1 分；不足 1% 的按插值计算。",
        "技术部分得分低于 28 分的，不再参加后续评审。",
        "满 5 份时去掉 1 个最高分和 1 个最低分。",
        "下浮系数（K）在开标时从 0.95、0.96、0.97、0.98 中公开抽取。",
        "依次按下列规则排序：评标价低者在前、抽签。",
        "价格分保留 2 位小数，评分项得分保留 2 位小数，总分保留 2 位小数，四舍五入；其余按精确值计算。",
        "推荐中标候选人不超过 3 名。",
    ):
        assert words in said
    mixed = "\n".join(method_in_words(GOOD["mix"]))
    assert "最高投标限价 × 0.92 × 0.3，加上有效报价平均值与最低有效报价的平均值（只取平均值下 10%、上 5% 以内的报价） × 0.7" in mixed


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({name: text for name, text in TEXTS.items() if name != "scope"}, "composition.section_empty"),
        (TEXTS | {"scope": " \r\n "}, "composition.section_empty"),
        (TEXTS | {"scope": "字" * (MOST_TEXT + 1)}, "composition.section_long"),
    ],
)
def test_a_chapter_is_neither_empty_nor_endless(texts: dict[str, str], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        composed(facts(), texts)
    assert (refused.value.code, refused.value.facts["title"]) == (code, "招标范围")


def test_a_method_that_could_not_be_computed_makes_no_paper() -> None:
    terms = replace(facts().terms, method=method_part(tie_break=["alphabet"]))
    with pytest.raises(RuleBroken, match=r"method\.malformed"):
        composed(facts(terms=terms), TEXTS)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"format": "other"}', b"\xff", b"[" * 100_000, b'{"format": "' + b"x" * 1_000_001]
)
def test_what_is_no_composed_data_is_refused(content: bytes) -> None:
    with pytest.raises(RuleBroken, match=r"composition\.unreadable"):
        read_data(content)


def test_the_chapters_are_found_again_in_the_data() -> None:
    data = composed(facts(), TEXTS | {"scope": "  甲\r\n乙 "})
    assert texts_of(read_data(data_bytes(data))) == TEXTS | {"scope": "甲\n乙"}
    assert texts_of({"sections": [1, {"id": "scope"}]}) == texts_of({}) == {}
    assert all(beginnings(regime).keys() == SECTIONS.keys() for regime in LegalRegime)


def test_the_same_data_are_the_same_paper_and_no_text_is_a_command() -> None:
    hostile = '#panic("no") $x$ *bold* \\ [link] @ref <tag> #read("/etc/passwd")'
    data = composed(facts(terms=replace(facts().terms, method=with_factor(method_part()))), TEXTS | {"scope": hostile})
    first, again = render_document(data, AT), render_document(read_data(data_bytes(data)), AT)
    assert first == again
    paper = pypdfium2.PdfDocument(first)
    text = "".join(paper[n].get_textpage().get_text_bounded() for n in range(len(paper)))
    assert '#panic("no") $x$ *bold*' in text and "$.price.benchmark.factor" in text
    assert all(words in text for words in ("投标人须知前附表", "评标办法", "合同主要条款", "150000000.00 元", "T2026-000001-1"))
    paper.close()
    assert render_document(data | {"title": "另一个项目"}, AT) != first
