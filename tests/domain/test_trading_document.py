"""The tender document: its form, the deposit's 2 %, the ceiling, the envelopes, and the form of a method part."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.blind import BlindRules
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from tests.builders.trading import document_body, method_part
from trading.domain.clock import LegalRegime
from trading.domain.document import Escrow, TenderDocument, check, envelope_of

ESTIMATE = Money.yuan("150000000.00")


def examine(regime: LegalRegime = LegalRegime.CONSTRUCTION, estimate: Money = ESTIMATE, **changes: Any) -> TenderDocument:
    read = TenderDocument.read(document_body(**changes))
    changes.pop("document_sha256", None)
    check(read, str(document_body(**changes)["document_sha256"]), regime, estimate)
    return read


def test_a_document_is_read_and_found_good() -> None:
    read = examine()
    assert (read.escrow, read.deposit, read.ceiling) == (Escrow.REQUIRED, Money(80_000_000), ESTIMATE)
    assert [entry.env for entry in read.envelopes] == ["technical", "commercial"]


BLIND = BlindRules(("宋体",), page_numbers=True)
TECHNICAL, COMMERCIAL = {"env": "technical", "title": "技术标"}, {"env": "commercial", "title": "商务标"}


def test_a_technical_envelope_may_be_blind_and_says_what_is_allowed_in_it() -> None:
    read = examine(envelopes=[TECHNICAL | {"blind": BLIND.to_json()}, COMMERCIAL])
    assert [entry.blind for entry in read.envelopes] == [BLIND, None]
    assert [envelope_of(entry.to_json()) for entry in read.envelopes] == list(read.envelopes)


@pytest.mark.parametrize(
    "changes",
    [
        {"envelopes": [{"env": "bid", "title": "投标文件"}], "method": method_part(criteria=[], method="lowest_price")},
        {"method": method_part(price={"kind": "none"})},
        {"method": {name: value for name, value in method_part().items() if name != "part_minimum"}},
        {"deposit_fen": 0},
        {"deposit_fen": 300_000_000},
        {"ceiling": "150000000.10", "method": method_part(price_ceiling="150000000.1")},
        {"ceiling": "150000000.00", "method": method_part(price_ceiling="150000000")},
        {"reference_price_commit": "ab" * 32, "escrow": "none"},
        {"performance": {"bp": 1_000, "days": 30}},
    ],
)
def test_what_the_law_allows_is_accepted(changes: dict[str, Any]) -> None:
    if changes.get("envelopes"):
        changes = changes | {"method": changes["method"] | {"part_minimum": {}}}
    examine(**changes)


ONE_FILE = {"name": "招标文件.pdf", "sha256": "ab" * 32, "size": 5}
METHOD = "招标投标法第十九条"
CEILING = "招标投标法实施条例第二十七条"


@pytest.mark.parametrize(
    ("changes", "code", "article"),
    [
        ({"document_sha256": "00" * 32}, "document.digest_other", ""),
        ({"files": [ONE_FILE, ONE_FILE]}, "document.file_twice", ""),
        ({"files": [ONE_FILE | {"x": 1}]}, "body.malformed", ""),
        ({"envelopes": [{"env": "technical", "title": "技术标", "x": 1}]}, "body.malformed", ""),
        ({"envelopes": [{"env": "commercial", "title": "商务标"}]}, "document.envelopes_unknown", METHOD),
        ({"envelopes": [TECHNICAL, COMMERCIAL | {"blind": BLIND.to_json()}]}, "document.blind_unfit", METHOD),
        ({"envelopes": [TECHNICAL | {"blind": {"fonts": []}}, COMMERCIAL]}, "body.malformed", ""),
        ({"envelopes": [TECHNICAL | {"blind": BLIND.to_json() | {"x": 1}}, COMMERCIAL]}, "body.malformed", ""),
        ({"deposit_fen": 300_000_001}, "document.deposit_too_high", "招标投标法实施条例第二十六条"),
        ({"ceiling": "0.00"}, "document.ceiling_missing", CEILING),
        ({"extra": 1}, "body.malformed", ""),
        ({"method": method_part(price_ceiling=None)}, "document.ceiling_missing", CEILING),
        ({"method": method_part(price_ceiling="viel")}, "document.ceiling_missing", CEILING),
        ({"method": method_part(price_ceiling="149999999.99")}, "method.ceiling_other", CEILING),
        ({"method": method_part(price_ceiling="150000000.001")}, "method.ceiling_other", CEILING),
        ({"method": method_part(bids=[])}, "method.malformed", METHOD),
        ({"method": method_part(method="magic")}, "method.malformed", METHOD),
        ({"method": method_part(price="x")}, "method.malformed", METHOD),
        ({"method": method_part(price={"kind": "magic"})}, "method.malformed", METHOD),
        ({"method": method_part(price={"kind": "deviation", "max": "60"})}, "method.malformed", METHOD),
        ({"method": method_part(criteria="x")}, "method.malformed", METHOD),
        ({"method": method_part(criteria=[])}, "method.criteria_unfit", METHOD),
        ({"method": method_part(method="lowest_price")}, "method.criteria_unfit", METHOD),
        ({"method": method_part(criteria=["x"])}, "method.malformed", METHOD),
        ({"method": method_part(criteria=[{"id": "a", "part": "magic", "max": "1", "weight": "1"}])}, "method.malformed", METHOD),
        ({"method": method_part(criteria=[{"id": "a", "part": "technical", "max": "1", "weight": "1"}] * 2)}, "method.malformed", METHOD),
        ({"method": method_part(criteria=[{"id": 1, "part": "technical", "max": "1", "weight": "1"}])}, "method.malformed", METHOD),
        ({"method": method_part(criteria=[{"id": "a", "part": "technical", "max": 1, "weight": "1"}])}, "method.malformed", METHOD),
        ({"method": method_part(part_minimum={"credit": "1"})}, "method.malformed", METHOD),
        ({"method": method_part(part_minimum={"technical": 28})}, "method.malformed", METHOD),
        (
            {"method": method_part(criteria=[{"id": "a", "part": "credit", "max": "1", "weight": "1"}], part_minimum={})},
            "method.envelopes_unused",
            METHOD,
        ),
        *(({"method": method_part(candidates=count)}, "method.malformed", METHOD) for count in ("3", True, 0, 21)),
    ],
)
def test_what_breaks_a_rule_is_refused_with_its_article(changes: dict[str, Any], code: str, article: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        examine(**changes)
    assert (refused.value.code, refused.value.article) == (code, article)


def test_procurement_names_its_own_article_for_the_deposit() -> None:
    with pytest.raises(RuleBroken) as refused:
        examine(LegalRegime.GOVERNMENT_PROCUREMENT, Money(100))
    assert refused.value.article == "政府采购法实施条例第三十三条"
    assert refused.value.facts == {"most": "0.02", "deposit": "800000.00"}
