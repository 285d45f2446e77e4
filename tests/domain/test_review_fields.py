"""The review plan of a tender document as a form types it: what comes out is signed as it stands, and what can't be read is named."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from tests.builders.trading import document_body
from trading.domain.amendment import changes
from trading.domain.clock import LegalRegime
from trading.domain.document import TenderDocument, digest_of
from trading.domain.review_fields import ReviewFields, put_together, take_apart
from trading.domain.review_plan import ReviewPlan

LIMITS = {"of_mean": "50", "of_second_lowest": "50", "of_ceiling": "45"}
CHECKS = {"formality": "投标函已签字盖章｜须知 3.7\n\n 只有一份投标 | 须知 3.8 ", "qualification": "具备资质｜须知 1.4"}
PLAN: dict[str, Any] = {
    "checks": [
        {"id": "formality.1", "group": "formality", "text": "投标函已签字盖章", "article": "须知 3.7"},
        {"id": "formality.2", "group": "formality", "text": "只有一份投标", "article": "须知 3.8"},
        {"id": "qualification.1", "group": "qualification", "text": "具备资质", "article": "须知 1.4"},
    ],
    "low_price": LIMITS,
    "price_check": True,
}


def test_lines_become_checks_and_come_back() -> None:
    assert put_together(ReviewFields(CHECKS, LIMITS | {"of_mean": " 50 % "}, True)) == PLAN
    assert ReviewPlan.read(Body(PLAN)).to_json() == PLAN
    shown = take_apart(PLAN)
    assert put_together(shown) == PLAN and shown.checks["formality"].splitlines()[1] == "只有一份投标｜须知 3.8"
    assert shown.groups(LegalRegime.CONSTRUCTION) == ("formality", "qualification", "responsiveness")
    assert shown.groups(LegalRegime.GOVERNMENT_PROCUREMENT) == ("formality", "qualification", "conformity")


def test_where_nothing_is_typed_nothing_is_said() -> None:
    assert put_together(ReviewFields({"formality": " \n"}, {"of_mean": " "})) == {}
    assert put_together(ReviewFields(price_check=True)) == {"checks": [], "price_check": True}
    assert take_apart({}) == ReviewFields()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (ReviewFields({"formality": "投标函已签字盖章"}), "document.review_line"),
        (ReviewFields({"formality": "｜须知 3.7"}), "document.review_line"),
        (ReviewFields({"formality": "内容｜"}), "document.review_line"),
        (ReviewFields({"formality": f"{'长' * 201}｜须知"}), "document.review_line"),
        (ReviewFields({"formality": f"内容｜{'长' * 101}"}), "document.review_line"),
        (ReviewFields({"formality": "内容｜须知\n" * 61}), "document.review_too_many"),
        (ReviewFields(limits={"of_mean": "50"}), "document.review_limits_missing"),
        (ReviewFields(limits=LIMITS | {"of_mean": "五成"}), "document.review_limit"),
        (ReviewFields(limits=LIMITS | {"of_mean": "100"}), "document.review_limit"),
    ],
)
def test_what_cannot_be_read_is_named(said: ReviewFields, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        put_together(said)
    assert refusal.value.code == code


def test_an_amended_checklist_is_told_as_a_change() -> None:
    def version(**said: Any) -> TenderDocument:
        body = document_body([{"name": "a.pdf", "sha256": "a" * 64, "size": 1}]) | said
        return TenderDocument.read(body | {"document_sha256": digest_of(body)})

    before, after = version(), version(review=PLAN)
    assert {one.path for one in changes(before, after).method} >= {"review.checks[formality.1].text", "review.price_check"}
    assert not changes(after, after).any
