"""Notices: the tender notice (招标公告) with its dates, and the kinds that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.kernel.errors import RuleBroken
from trading.domain.body import Body
from trading.domain.clock import Law, rule


class NoticeKind(Enum):
    """What a notice tells."""

    TENDER = "tender"  # 招标公告
    CANDIDATES = "candidates"  # 中标候选人公示
    RESULT = "result"  # 中标结果公告
    CONTRACT = "contract"  # 合同公告


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderNotice:
    """The signed body of `notice.publish`; moments are aware UTC."""

    title: str
    document_sha256: str
    award_plan_sha256: str
    release_at: datetime
    deadline: datetime
    opening_at: datetime
    publicity_days: int

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> TenderNotice:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            title=body.text("title", 200),
            document_sha256=body.digest("document_sha256"),
            award_plan_sha256=body.digest("award_plan_sha256"),
            release_at=body.moment("release_at"),
            deadline=body.moment("deadline"),
            opening_at=body.moment("opening_at"),
            publicity_days=body.count("publicity_days", least=1, most=60),
        )
        body.done()
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a notice is held against: the moment, the law, and the digests on file."""

    now: datetime
    law: Law
    document_sha256: str
    award_plan_sha256: str


def check(notice: TenderNotice, facts: NoticeFacts) -> None:
    """Raises RuleBroken for the first rule that the notice breaks: digests on file, times in order, T2, T3, T7, T10."""
    if notice.document_sha256 != facts.document_sha256:
        raise RuleBroken("notice.document_other")
    if notice.award_plan_sha256 != facts.award_plan_sha256:
        raise RuleBroken("notice.plan_other")
    if notice.release_at < facts.now:
        raise RuleBroken("notice.release_past")
    if notice.opening_at != notice.deadline:  # T7
        raise RuleBroken("notice.opening_other", rule("T7", facts.law.regime).article)
    if notice.deadline <= notice.release_at:
        raise RuleBroken("notice.deadline_before_release")
    for code in ("T2", "T3"):
        if (found := facts.law.too_early(code, notice.release_at, notice.deadline)) is not None:
            raise found
    publicity = facts.law.binding("T10A")
    if publicity is not None and notice.publicity_days < publicity.n:
        raise RuleBroken("notice.publicity_too_short", publicity.article, days=publicity.n)


def notice_number(lot_number: str, count: int) -> str:
    """The sayable number of a lot's `count`-th notice: `T2026-000001-1-N1`."""
    return f"{lot_number}-N{count}"
