"""The same words in two bids, and nothing of what everybody may quote."""

from __future__ import annotations

import pytest

from tests.builders.collusion import SENTENCES, bid, of, sentences
from trading.domain.collusion import search, winnowing
from trading.domain.collusion.card import Signal, Strength
from trading.domain.collusion.material import Document, Material
from trading.domain.collusion.paragraphs import paragraphs
from trading.domain.collusion.standard import CLAUSES

COPIED = "本标段地处老城区，管线资料不全，我们拟先开挖探沟核实埋深，再按照先深后浅的顺序组织迁改，每完成一段即恢复临时路面并开放半幅交通。"
EDITED = COPIED.replace("探沟", "探坑").replace("半幅", "单幅").replace("每完成", "每做完")
TENDER = "投标人应当在投标文件中说明本项目的总体施工部署、进度计划、资源配置以及质量和安全保证措施，并对关键线路上的工序逐项论述。"


def look(bids, tender=()):
    document = (Document("f" * 64, "招标文件.pdf", tuple(tender)),) if tender else ()
    return search.findings(Material(tuple(bids), document))


@pytest.mark.parametrize("copy", [COPIED, EDITED], ids=["word_for_word", "lightly_edited"])
def test_a_planted_paragraph_is_found_with_its_place(copy):
    found = look([bid("a", [*sentences(1), COPIED]), bid("b", [copy, *sentences(2)]), bid("c", sentences(3))])
    [one] = of(found, Signal.SIMILAR_TEXT)
    [passage] = one.raw["passages"]
    assert one.bidders == ("a", "b") and (passage["left"]["page"], passage["right"]["page"]) == (7, 1)
    assert float(passage["alike"]) >= 0.9 and passage["left"]["text"] == COPIED


def test_a_paragraph_hidden_in_a_longer_one_is_found():
    found = look([bid("a", [COPIED]), bid("b", [SENTENCES[0][:-1] + "，" + COPIED[:-1] + "，" + SENTENCES[3]]), bid("c", sentences(3))])
    assert of(found, Signal.SIMILAR_TEXT)[0].bidders == ("a", "b")


def test_lines_broken_elsewhere_and_other_marks_between_the_words_make_no_difference():
    broken = "\n".join(COPIED[at : at + 19] for at in range(0, len(COPIED), 19)).replace("，", ",").replace("。", " 。")
    assert of(look([bid("a", [COPIED]), bid("b", [broken]), bid("c", sentences(3))]), Signal.SIMILAR_TEXT)


def test_words_of_the_tender_document_are_everybodys():
    bids = [bid(org, [TENDER, *sentences(at)]) for at, org in enumerate("abc")]
    assert of(look(bids, [TENDER]), Signal.SIMILAR_TEXT) == []
    assert len(of(look(bids), Signal.SIMILAR_TEXT)) == 3


def test_standard_clauses_are_everybodys_without_being_in_the_tender_document():
    assert look([bid(org, [*CLAUSES, *sentences(at)]) for at, org in enumerate("abc")]) == []


def test_what_more_than_half_of_the_bids_have_is_the_trades():
    bids = [bid(chr(97 + at), [*sentences(at), COPIED] if at < 5 else sentences(at)) for at in range(8)]
    assert of(look(bids), Signal.SIMILAR_TEXT) == []


def test_three_of_three_bids_are_still_a_ring():
    found = look([bid(org, [COPIED, *sentences(at)]) for at, org in enumerate("abc")])
    assert {one.bidders for one in of(found, Signal.SIMILAR_TEXT)} == {("a", "b"), ("a", "c"), ("b", "c")}


def test_a_whole_copied_bid_is_strong_and_one_passage_is_weak():
    [whole] = of(look([bid("a", sentences(1)), bid("b", sentences(1)), bid("c", sentences(3))]), Signal.SIMILAR_TEXT)
    assert whole.strength is Strength.HIGH and whole.raw["share"] == "1.000"
    [one] = of(look([bid("a", [*sentences(1), COPIED]), bid("b", [*sentences(2), COPIED]), bid("c", sentences(3))]), Signal.SIMILAR_TEXT)
    assert one.strength is Strength.LOW


def test_bids_of_their_own_words_give_no_card():
    assert look([bid(chr(97 + at), sentences(at)) for at in range(8)], [TENDER]) == []


def test_the_same_misprint_in_a_quotation_is_a_card_though_the_quotation_is_none():
    misprint = TENDER.replace("应当", "应挡").replace("论述", "论叙")
    bids = [bid("a", [misprint, *sentences(0)]), bid("b", [misprint, *sentences(1)]), bid("c", [TENDER, *sentences(2)])]
    [one] = look(bids, [TENDER])
    assert (one.signal, one.strength, one.bidders) == (Signal.SAME_DEVIATION, Strength.MEDIUM, ("a", "b"))
    assert [(change["old"], change["new"]) for change in one.raw["changes"]] == [("当", "挡"), ("述", "叙")]


def test_figures_filled_into_a_form_are_answers_and_no_misprints():
    form = TENDER + "工期承诺为五百四十日历天，质量目标为合格，缺陷责任期为二十四个月。"
    filled = form.replace("五百四十日历天", "530日历天")
    bids = [bid("a", [filled, *sentences(0)]), bid("b", [filled, *sentences(1)]), bid("c", sentences(2))]
    assert of(look(bids, [form]), Signal.SAME_DEVIATION) == []


def test_running_heads_are_no_text():
    pages = tuple(f"临江市滨江路提升工程投标文件技术标正本公司内部资料请勿外传\n{text}\n第 {n} 页" for n, text in enumerate(SENTENCES))
    texts = [one.text for one in paragraphs(Document("0" * 64, "x.pdf", pages))]
    assert texts == list(SENTENCES)


def test_broken_text_is_read_and_compared_with_nobody():
    odd = ["\ud800\x00\uffff", "", "。。。", "短", "ａｂｃ" * 500]
    assert look([bid("a", odd), bid("b", []), bid("c", ["\n\n"])]) == []


def test_material_survives_the_way_to_the_worker():
    material = Material((bid("a", [COPIED], bid_json={"contacts": [{"phone": "1380"}]}, price=5, payers=("1",), signers=("p",)),), (), 7)
    assert Material.read(material.to_json()) == material


def test_a_misprint_that_most_bids_have_is_the_trades_and_nobodys():
    misprint = TENDER.replace("应当", "应挡")
    assert not of(look([bid(org, [misprint, *sentences(at)]) for at, org in enumerate("abcd")], [TENDER]), Signal.SAME_DEVIATION)


@pytest.mark.parametrize("first", [True, False])
def test_a_clause_is_compared_with_what_quotes_it_closest(first):
    near = TENDER.replace("总体", "整体")
    bids = [bid(org, [TENDER.replace("应当", "应挡"), *sentences(at)]) for at, org in enumerate("ab")] + [bid("c", sentences(3))]
    [one] = of(look(bids, [near, TENDER] if first else [TENDER, near]), Signal.SAME_DEVIATION)
    assert [(change["old"], change["new"]) for change in one.raw["changes"]] == [("当", "挡")]


@pytest.mark.parametrize("copies", [[EDITED, COPIED], [COPIED, EDITED]])
def test_a_paragraph_with_two_likes_is_shown_once_with_the_closest(copies):
    bids = [bid("a", [COPIED, *sentences(1)]), bid("b", [*copies, *sentences(2)]), bid("c", sentences(3))]
    [one] = of(look(bids), Signal.SIMILAR_TEXT)
    assert [passage["alike"] for passage in one.raw["passages"]] == ["1.000"]


def test_nothing_to_read_is_nothing_to_find():
    assert list(winnowing.candidates(winnowing.Prints.of([]), [], winnowing.all_grams([]))) == []
    one = winnowing.Prints.of([COPIED])
    assert list(winnowing.candidates(one, [0], winnowing.all_grams([]))) == [] and len(winnowing.all_grams([COPIED])) > 20


def test_the_tools_are_named_with_their_versions():
    assert set(search.tools()) == {"numpy", "pypdfium2", "rapidfuzz"} and all(search.tools().values())


@pytest.mark.parametrize("kept", [len(COPIED) // 2, len(COPIED) // 5])
def test_a_half_and_a_fifth_of_a_paragraph_are_not_the_paragraph(kept):
    cut = COPIED[:kept] + SENTENCES[0][: len(COPIED) - kept]
    assert not of(look([bid("a", [COPIED]), bid("b", [cut]), bid("c", sentences(3))]), Signal.SIMILAR_TEXT)


def test_texts_without_a_common_run_meet_nowhere():
    apart = winnowing.Prints.of([COPIED, SENTENCES[0]])
    assert list(winnowing.candidates(apart, [0, 1], winnowing.all_grams([]))) == []


def test_a_run_in_very_many_paragraphs_is_followed_to_its_next_ones_and_no_further():
    many = winnowing.Prints.of([COPIED] * 140)
    pairs = list(winnowing.candidates(many, [at // 70 for at in range(140)], winnowing.all_grams([])))
    assert pairs and all(left < 70 <= right <= left + winnowing.REPEATS for left, right in pairs)
