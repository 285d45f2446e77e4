"""An amendment of a prequalification document: what it may change, and how much time it must leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.errors import Refusal
from tests.domain.test_trading_prequalification import DAY, NOW, SUPPLIES, WORKS, document
from trading.domain.clock import Law
from trading.domain.prequalification import RoundDocument
from trading.domain.prequalification_amendment import ARTICLE, RoundAmendment, check_amendment

DEADLINE = NOW + 10 * DAY
OTHER = [{"name": "资格预审文件.pdf", "sha256": "cd" * 32, "size": 7}]


def check(law: Law = WORKS, now: Any = NOW, deadline: Any = DEADLINE, previous: str = "", **changes: Any) -> None:
    base = {} if law is WORKS else {"reviewers": "tenderer"}
    standing = document(**base)
    said = {"previous_sha256": previous or standing["document_sha256"], "document": document(**base, **changes), "reason": "资质要求有误"}
    read = RoundAmendment.read(said | {"deadline": clock.text(deadline)})
    check_amendment(read, RoundDocument.read(standing), DEADLINE, now, law)


@pytest.mark.parametrize("law", [WORKS, SUPPLIES])
def test_files_criteria_or_the_deadline_may_change(law: Law) -> None:
    check(law, files=OTHER)
    check(law, criteria=[{"id": "C1", "title": "资质", "requirement": "二级及以上"}])
    check(law, deadline=DEADLINE + DAY)


@pytest.mark.parametrize(
    ("changes", "code", "article"),
    [
        ({"files": OTHER, "previous": "ef" * 32}, "prequalification.amendment_other", None),
        ({"files": OTHER, "state_funds": False}, "prequalification.reviewers_fixed", ARTICLE[WORKS.regime]),
        ({"files": OTHER, "deadline": DEADLINE - timedelta(seconds=1)}, "prequalification.deadline_shortened", ARTICLE[WORKS.regime]),
        ({}, "prequalification.nothing_changed", ""),
        ({"files": OTHER, "now": DEADLINE - 2 * DAY}, "period.prequalification_amendment.too_late", ARTICLE[WORKS.regime]),
    ],
)
def test_an_amendment_that_breaks_a_rule_is_refused(changes: dict[str, Any], code: str, article: str | None) -> None:
    with pytest.raises(Refusal) as refused:
        check(**changes)
    assert (refused.value.code, getattr(refused.value, "article", None)) == (code, article)


def test_three_days_before_the_deadline_are_time_enough_and_a_later_deadline_gives_them() -> None:
    check(files=OTHER, now=DEADLINE - 4 * DAY)
    check(files=OTHER, now=DEADLINE - 2 * DAY, deadline=DEADLINE + 3 * DAY)


def test_a_body_of_another_form_is_named() -> None:
    with pytest.raises(Refusal, match=r"body\.malformed"):
        RoundAmendment.read({"previous_sha256": "ab" * 32, "document": [], "reason": "x", "deadline": clock.text(DEADLINE)})
