"""The tender notice: its form and the dates that the law allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel import clock
from core.kernel.calendar import CHINA
from core.kernel.errors import RuleBroken
from core.kernel.ids import PersonId
from trading.domain.clock import Law, LegalRegime
from trading.domain.notice import NoticeFacts, TenderNotice, check, notice_number
from trading.domain.periods import RULES, Force
from trading.domain.retender import Retender

NOW = datetime(2026, 9, 1, 0, tzinfo=UTC)
DRAFTER, APPROVER, OTHER = (UUID(int=n) for n in (1, 2, 3))
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


FREE = replace(FACTS, law=Law(LegalRegime.CONSTRUCTION, False, CHINA), drafter=PersonId(DRAFTER), approver=(PersonId(APPROVER), "李工"))


def deviations(*codes: str, **changes: str) -> list[dict[str, str]]:
    made = {"reason": "应急抢险", "drafter": str(DRAFTER), "approver": str(APPROVER), "approver_name": "李工"} | changes
    return [{"rule": code} | made for code in codes]


def test_a_project_that_need_not_be_tendered_may_be_quicker_with_reason_and_approver_but_still_needs_five_days() -> None:
    quick = RELEASE + timedelta(days=6)
    check(notice(deadline=quick, publicity_days=1, deviations=deviations("T3", "T10A")), FREE)
    with pytest.raises(RuleBroken, match=r"period\.document_available\.too_short"):
        check(notice(deadline=RELEASE + timedelta(days=4), deviations=deviations("T2", "T3")), FREE)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (None, "notice.deviation_unexplained"),
        (deviations("T10A"), "notice.deviation_unexplained"),
        (deviations("T3", "T10A"), "notice.deviation_needless"),
        (deviations("T3", "T3"), "notice.deviation_needless"),
        (deviations("T2", "T3"), "notice.deviation_forbidden"),
        (deviations("T3", approver=str(DRAFTER)), "notice.approver_is_drafter"),
        (deviations("T3", drafter=str(OTHER)), "notice.drafter_other"),
        (deviations("T3", approver=str(OTHER)), "notice.approver_other"),
        (deviations("T3", approver_name="王工"), "notice.approver_other"),
        (deviations("T3", reason=""), "body.malformed"),
        ([], "body.malformed"),
    ],
)
def test_a_deviation_is_exactly_what_is_missed_and_approved_by_another_person(given: list[dict[str, str]] | None, code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check(notice(deadline=RELEASE + timedelta(days=6), **({} if given is None else {"deviations": given})), FREE)
    assert refused.value.code == code


@pytest.mark.parametrize("code", ["T3", "T10A"])
def test_a_rule_that_binds_can_never_be_deviated_from(code: str) -> None:
    bound = replace(FREE, law=FACTS.law)
    with pytest.raises(RuleBroken) as refused:
        check(notice(deviations=deviations(code)), bound)
    assert (refused.value.code, bool(refused.value.article)) == ("notice.deviation_forbidden", True)
    with pytest.raises(RuleBroken) as broken:
        check(notice(deadline=RELEASE + timedelta(days=6), publicity_days=1, deviations=deviations("T3", "T10A")), bound)
    assert (broken.value.code, broken.value.article) == ("period.bid_time.too_short", "招标投标法第二十四条")


def test_a_deviation_without_a_saved_draft_has_no_drafter() -> None:
    with pytest.raises(RuleBroken, match=r"notice\.drafter_other"):
        check(notice(deadline=RELEASE + timedelta(days=6), deviations=deviations("T3")), replace(FREE, drafter=None))


def test_a_notice_names_the_lot_before_exactly_as_the_registration_does() -> None:
    again = {"retender": {"predecessor": "T2026-000001-1", "round": 2}}
    facts = replace(FACTS, retender=Retender("T2026-000001-1", 2))
    check(notice(**again), facts)
    third = replace(FACTS, retender=Retender("T2026-000001-1", 3))
    for said, held in ((notice(**again), FACTS), (notice(), facts), (notice(**again), third)):
        with pytest.raises(RuleBroken, match=r"notice\.retender_other"):
            check(said, held)


def test_a_plan_is_owed_where_a_rule_of_the_region_binds(monkeypatch: pytest.MonkeyPatch) -> None:
    check(notice(), FACTS)  # a custom alone refuses nothing
    binding = tuple(replace(row, force=Force.BINDING) if row.code == "T1" else row for row in RULES)
    monkeypatch.setattr("trading.domain.clock.RULES", binding)
    with pytest.raises(RuleBroken, match=r"notice\.unplanned"):
        check(notice(), FACTS)
    with pytest.raises(RuleBroken, match=r"period\.plan_ahead\.too_late"):
        check(notice(), replace(FACTS, planned_at=NOW - timedelta(days=29)))
    check(notice(), replace(FACTS, planned_at=NOW - timedelta(days=31)))


def test_a_deviation_is_written_as_it_was_read() -> None:
    said = deviations("T3", "T10A")
    assert [one.to_json() for one in notice(deviations=said).deviations] == said
