"""Notices: the tender notice (招标公告) with its dates, and the kinds that follow it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId, PersonId
from core.kernel.jcs import JSON
from trading.domain.clock import Law, rule
from trading.domain.invitation import Invitation, check_invitation
from trading.domain.prequalification import ARTICLE as ROUND_ARTICLE
from trading.domain.retender import Retender


class NoticeKind(Enum):
    """What a notice tells."""

    PREQUALIFICATION = "prequalification"  # 资格预审公告
    TENDER = "tender"  # 招标公告
    AMENDMENT = "amendment"  # 招标文件修改公告
    CLARIFICATION = "clarification"  # 招标文件澄清公告
    SUSPENSION = "suspension"  # 暂停公告
    RESUMPTION = "resumption"  # 恢复公告
    TERMINATION = "termination"  # 终止公告
    FAILURE = "failure"  # 流标公告
    CANDIDATES = "candidates"  # 中标候选人公示
    RESULT = "result"  # 中标结果公告
    CONTRACT = "contract"  # 合同公告
    DECISION = "decision"  # 处理决定公告


@dataclass(frozen=True, slots=True)
class Deviation:
    """A period that a notice does not keep where the law does not bind (依法必须招标 aside): why, drafted by whom, approved by whom.

    The approver is the person of the tenderer who signs the notice, and another than the drafter.
    """

    rule: str
    reason: str
    drafter: PersonId
    approver: PersonId
    approver_name: str

    @classmethod
    def read(cls, body: Body) -> Deviation:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        code, reason = body.text("rule", 5), body.text("reason", 500)
        read = cls(code, reason, PersonId(body.uuid("drafter")), PersonId(body.uuid("approver")), body.text("approver_name", 60))
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        people = {"drafter": str(self.drafter), "approver": str(self.approver), "approver_name": self.approver_name}
        return {"rule": self.rule, "reason": self.reason, **people}


@dataclass(frozen=True, slots=True, kw_only=True)
class TenderNotice:
    """The signed body of `notice.publish`; moments are aware UTC. `deviations`, `retender`, `invitation` and `prequalification`, which
    names the signed conclusion of the round, are members only where there are any."""

    title: str
    document_sha256: str
    award_plan_sha256: str
    release_at: datetime
    deadline: datetime
    opening_at: datetime
    publicity_days: int
    deviations: tuple[Deviation, ...] = ()
    retender: Retender | None = None
    invitation: Invitation | None = None
    round_sha256: str = ""

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
            deviations=tuple(Deviation.read(one) for one in body.objects("deviations", 1, 9)) if "deviations" in signed else (),
            retender=Retender.read(body.part("retender")) if "retender" in signed else None,
            invitation=Invitation.read(body.part("invitation")) if "invitation" in signed else None,
            round_sha256=_round(body.part("prequalification")) if "prequalification" in signed else "",
        )
        body.done()
        return read


def _round(body: Body) -> str:
    named = body.digest("result_sha256")
    body.done()
    return named


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFacts:
    """What a notice is held against: the moment, the law, the digests on file, and who may stand behind a deviation.

    `retender`: what the registration makes of it. `planned_at`: when its tender plan was published, None for none. `drafter`: who saved
    the draft, None where there is none. `approver`: who signs, with the name on file; None while it is drafted.
    `parties`: tenderer and agency. `round_sha256`: of the conclusion of the lot's prequalification, "" for none.
    """

    now: datetime
    law: Law
    document_sha256: str
    award_plan_sha256: str
    retender: Retender | None = None
    planned_at: datetime | None = None
    drafter: PersonId | None = None
    approver: tuple[PersonId, str] | None = None
    parties: frozenset[OrgId] = frozenset()
    round_sha256: str = ""


def check(notice: TenderNotice, facts: NoticeFacts) -> None:
    """Raises RuleBroken for the first rule that the notice breaks: digests on file, times in order, T2, T3, T7, T10, who is invited."""
    if notice.document_sha256 != facts.document_sha256:
        raise RuleBroken("notice.document_other")
    if notice.award_plan_sha256 != facts.award_plan_sha256:
        raise RuleBroken("notice.plan_other")
    if notice.retender != facts.retender:
        raise RuleBroken("notice.retender_other")
    if notice.round_sha256 != facts.round_sha256:
        raise RuleBroken("notice.round_other", ROUND_ARTICLE[facts.law.regime])
    if notice.round_sha256 and notice.invitation is not None:
        raise RuleBroken("notice.invited_and_prequalified")
    if notice.invitation is not None:
        check_invitation(notice.invitation, facts.law, facts.parties)
    _check_planned(facts)
    if notice.release_at < facts.now:
        raise RuleBroken("notice.release_past")
    if notice.opening_at != notice.deadline:  # T7
        raise RuleBroken("notice.opening_other", rule("T7", facts.law.regime).article)
    if notice.deadline <= notice.release_at:
        raise RuleBroken("notice.deadline_before_release")
    missed = misses(notice.release_at, notice.deadline, notice.publicity_days, facts.law)
    for code, refusal in missed.items():
        if facts.law.binding(code, notice.release_at) is not None:
            raise refusal
    _check_deviations(notice, facts, missed)


def _check_planned(facts: NoticeFacts) -> None:
    """Where T1 binds, as it may by a region's own rule, what is tendered was planned in time; elsewhere the statutory clock only tells."""
    bound = facts.law.binding("T1", facts.now)
    if bound is None:
        return
    if facts.planned_at is None:
        raise RuleBroken("notice.unplanned", bound.article, rule="T1", days=bound.n)
    if (late := facts.law.misses(bound, facts.now, facts.planned_at)) is not None:
        raise late


def misses(release_at: datetime, deadline: datetime, publicity_days: int, law: Law) -> dict[str, RuleBroken]:
    """By code, what the law's periods have against the dates of a notice, whether they bind or are only the standard."""
    found: dict[str, RuleBroken] = {}
    for code in ("T2", "T3"):
        period = law.standing(code, release_at)
        refusal = None if period is None else law.misses(period, release_at, deadline)
        if refusal is not None:
            found[code] = refusal
    publicity = law.standing("T10A", release_at)
    if publicity is not None and publicity_days < publicity.n:
        found["T10A"] = RuleBroken("notice.publicity_too_short", publicity.article, rule="T10A", days=publicity.n)
    return found


def _check_deviations(notice: TenderNotice, facts: NoticeFacts, missed: Mapping[str, RuleBroken]) -> None:
    """Exactly what is missed is deviated from, with reasons, and approved by another person than the one who drafted it."""
    given = [deviation.rule for deviation in notice.deviations]
    for code in given:
        bound = facts.law.binding(code, notice.release_at)
        if bound is not None:
            raise RuleBroken("notice.deviation_forbidden", bound.article, rule=code)
    for code in missed:
        if code not in given:
            raise RuleBroken("notice.deviation_unexplained", missed[code].article, rule=code, days=missed[code].facts["days"])
    if len(given) != len(missed):
        raise RuleBroken("notice.deviation_needless")
    for deviation in notice.deviations:
        if deviation.approver == deviation.drafter:
            raise RuleBroken("notice.approver_is_drafter")
        if deviation.drafter != facts.drafter:
            raise RuleBroken("notice.drafter_other")
        if facts.approver is not None and (deviation.approver, deviation.approver_name) != facts.approver:
            raise RuleBroken("notice.approver_other", name=deviation.approver_name)


def notice_number(lot_number: str, count: int) -> str:
    """The sayable number of a lot's `count`-th notice: `T2026-000001-1-N1`."""
    return f"{lot_number}-N{count}"
