"""The tender notice: its form and the dates that the law allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.calendar import CHINA
from core.kernel.errors import RuleBroken
from trading.domain.clock import Law, LegalRegime
from trading.domain.notice import NoticeFacts, TenderNotice, check, notice_number

NOW = datetime(2026, 9, 1, 0, tzinfo=UTC)
RELEASE = NOW + timedelta(hours=1)
FACTS = NoticeFacts(now=NOW, law=Law(LegalRegime.CONSTRUCTION, True, CHINA), document_sha256="ab" * 32, award_plan_sha256="cd" * 32)


def notice(**changes: Any) -> TenderNotice:
    deadline = changes.pop("deadline", RELEASE + timedelta(days=27))
    body: dict[str, Any] = {
        "title": "招标公告",
        "document_sha256": "ab" * 32,
        "award_plan_sha256": "cd" * 32,
        "release_at": clock.text(changes.pop("release_at", RELEASE)),
        "deadline": clock.text(deadline),
        "opening_at": clock.text(changes.pop("opening_at", deadline)),
        "publicity_days": 3,
    }
    return TenderNotice.read(body | changes)


def test_a_lawful_notice_is_accepted() -> None:
    check(notice(), FACTS)
    check(notice(deadline=datetime(2026, 9, 21, 1, tzinfo=UTC)), FACTS)  # the twentieth day
    assert notice_number("T2026-000001-1", 2) == "T2026-000001-1-N2"


@pytest.mark.parametrize(
    ("changes", "code", "article"),
    [
        ({"document_sha256": "00" * 32}, "notice.document_other", ""),
        ({"award_plan_sha256": "00" * 32}, "notice.plan_other", ""),
        ({"release_at": NOW - timedelta(milliseconds=1)}, "notice.release_past", ""),
        ({"opening_at": RELEASE + timedelta(days=28)}, "notice.opening_other", "招标投标法第三十四条"),
        ({"deadline": RELEASE}, "notice.deadline_before_release", ""),
        ({"deadline": RELEASE + timedelta(days=4)}, "period.document_available.too_short", "招标投标法实施条例第十六条"),
        ({"deadline": RELEASE + timedelta(days=19)}, "period.bid_time.too_short", "招标投标法第二十四条"),
        ({"publicity_days": 2}, "notice.publicity_too_short", "招标投标法实施条例第五十四条"),
        ({"publicity_days": 0}, "body.malformed", ""),
        ({"extra": 1}, "body.malformed", ""),
    ],
)
def test_an_unlawful_notice_is_refused_with_its_article(changes: dict[str, Any], code: str, article: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check(notice(**changes), FACTS)
    assert (refused.value.code, refused.value.article) == (code, article)


def test_a_project_that_need_not_be_tendered_may_be_quicker_but_still_needs_five_days() -> None:
    free = replace(FACTS, law=Law(LegalRegime.CONSTRUCTION, False, CHINA))
    check(notice(deadline=RELEASE + timedelta(days=6), publicity_days=1), free)
    with pytest.raises(RuleBroken):
        check(notice(deadline=RELEASE + timedelta(days=4)), free)
