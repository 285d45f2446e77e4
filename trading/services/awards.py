"""The award: its plan before the notice, the evaluation's report, the decision, the award notice (中标通知书)."""

from __future__ import annotations

from typing import cast

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import uploads
from core.kernel.body import Body, digest
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import CaseId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.award import AcceptedReport, AwardNotice, AwardTold, Choice, check_choice, check_notice, check_report
from trading.domain.award_plan import AwardPlan, check_plan
from trading.domain.draft import DraftKind
from trading.domain.failure import FailureReason
from trading.domain.lot import LotAction
from trading.domain.notice import NoticeKind
from trading.events import AwardNoticeSent, AwardPlanFixed, FirstChosen
from trading.models.award import Candidate
from trading.models.lot import Lot
from trading.queries import awards as award_queries
from trading.queries.consortia import behind
from trading.queries.lots import law_of, split
from trading.services import drafts, orders
from trading.services.lots import hold, hold_by_id, move, move_as_system
from trading.services.notices import Announcement, announce, announce_failure


def fix_plan(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer fixes the lot's award plan, before document and notice; a newer one replaces it until the document stands."""
    case, no = split(number)
    expect = Expect("award_plan.fix", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _fix_plan(work, number, act))


def _fix_plan(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    move(work, lot, project, LotAction.FIX_PLAN, act.role)
    body = Body(act.body)
    signed, plan = body.digest("plan_sha256"), body.raw("plan")
    body.done()
    read = AwardPlan.read(plan)
    check_plan(read, signed, digest(cast("dict[str, JSON]", plan)), project.regime)
    rule = read.special_rule
    if rule is not None and uploads.complete(work.session, act.person, rule.sha256).length != rule.size:
        raise RuleBroken("award_plan.special_paper_missing")  # the paper itself must be here
    lot.award_plan, lot.award_plan_sha256, lot.separation = cast(JSON, plan), signed, read.separation
    work.record(
        AwardPlanFixed(
            case=CaseId(project.number), lot=lot.no, signed=act.envelope, subject=signed, plan_sha256=signed, method=read.method.value
        )
    )
    drafts.forget(work, LotId(lot.id), DraftKind.AWARD_PLAN)
    return {"lot": number, "award_plan_sha256": signed}


# What the evaluation hands down


def accept_report(work: Work, lot_id: LotId, report: AcceptedReport) -> None:
    """Takes the signed evaluation report of a lot, in the use case that records `report.submit`. Raises WrongState, or RuleBroken when
    its candidates do not fit the award plan."""
    lot, _ = hold_by_id(work, lot_id)
    told = move_as_system(work, lot, LotAction.ACCEPT_REPORT)
    check_report(report, lot.separation)
    lot.report_sha256, lot.case_sha256, lot.ranked, lot.report_at = report.report_sha256, report.case_sha256, report.ranked, told.now
    names = award_queries.bid_names(work.session, lot_id)
    for rank, recommended in zip(report.ranks, report.candidates, strict=True):
        name = names.get(recommended.org) or people.organisation(work.session, recommended.org).name
        row = Candidate(id=new_id(told.now), lot_id=lot.id, org_id=recommended.org, name=name, rank=rank, price=recommended.price)
        work.session.add(row)


def reject_all(work: Work, lot_id: LotId, report_sha256: str) -> None:
    """The committee has rejected all bids (Tendering and Bidding Law, art. 42); the lot must be tendered again."""
    lot, project = hold_by_id(work, lot_id)
    told = move_as_system(work, lot, LotAction.REJECT_ALL)
    lot.report_sha256, lot.report_at = report_sha256, told.now
    orders.refund_after_rejection(work, lot, told.now)
    announce_failure(work, (lot, project), FailureReason.ALL_REJECTED)


def begin_award(work: Work, lot_id: LotId) -> None:
    """The award committee begins to sit, in the use case that records `award.open`: where the plan has the result published after the
    award, the lot is being decided from now on; else it is so since the publicity is over."""
    lot, _ = hold_by_id(work, lot_id)
    if lot.publicity_after:
        move_as_system(work, lot, LotAction.BEGIN_AWARD)


def accept_award_decision(work: Work, lot_id: LotId, winner: OrgId, result_sha256: str, told: AwardTold | None = None) -> None:
    """Takes the award committee's result, once its report is signed, and what that lets the public know; RuleBroken for a winner who is no
    candidate."""
    lot, _ = hold_by_id(work, lot_id)
    facts = move_as_system(work, lot, LotAction.KEEP_AWARD if lot.publicity_after else LotAction.ACCEPT_AWARD)
    lot.award_told = None if told is None else told.to_json()
    chosen = candidate_of(work, lot, winner)
    if chosen is None:
        raise RuleBroken("award.winner_no_candidate", "招标投标法第四十条")
    lot.winner_org, lot.price, lot.result_sha256, lot.awarded_at = winner, chosen.price, result_sha256, facts.now


def candidate_of(work: Work, lot: Lot, org: OrgId) -> Candidate | None:
    """The organisation's candidacy for a lot, if it has one."""
    return work.session.scalar(select(Candidate).where(Candidate.lot_id == lot.id, Candidate.org_id == org))


def choose_first(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer chooses among those who share the first place, once the publicity is over, and says why. Records FirstChosen."""
    case, no = split(number)
    expect = Expect("award.choose", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _choose_first(work, number, act))


def _choose_first(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.CHOOSE_FIRST, act.role)
    choice = Choice.read(act.body)
    first = {one.org: one for one in award_queries.candidates(work.session, LotId(lot.id)) if one.rank == 1}
    check_choice(choice, lot.report_sha256, first)
    lot.winner_org, lot.price, lot.result_sha256, lot.awarded_at = choice.winner, first[choice.winner].price, lot.report_sha256, told.now
    chosen = FirstChosen(case=CaseId(project.number), lot=lot.no, signed=act.envelope, subject=act.payload_sha256, winner=choice.winner)
    work.record(chosen)
    return {"lot": number, "state": lot.state.value}


# The award notice


def send_notice(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer sends the award notice; all who lost are told by the same act (Tendering and Bidding Law, art. 45)."""
    case, no = split(number)
    expect = Expect("award.notice", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _send_notice(work, number, act))


def _send_notice(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.SEND_AWARD_NOTICE, act.role)
    notice = AwardNotice.read(act.body)
    assert lot.winner_org is not None and lot.price is not None  # an awarded lot has both
    check_notice(notice, AwardNotice(OrgId(lot.winner_org), lot.price, lot.result_sha256))
    winner = candidate_of(work, lot, notice.winner)
    if winner is None:
        raise NotFound("candidate.not_found")
    lot.award_notice_at, lot.contract_reminded = told.now, 0
    lot.winner_orgs, lot.contract_orgs = [str(org) for org in behind(work.session, LotId(lot.id), [notice.winner])], []
    orders.refund_losers(work, lot, law_of(project), told.now)
    body = {**act.body, "winner_name": winner.name, **({} if lot.award_told is None else {"award": lot.award_told})}
    row = announce(work, (lot, project), Announcement.about(NoticeKind.RESULT, (lot, project), body), act)
    work.record(
        AwardNoticeSent(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            number=row.number,
            winner=notice.winner,
            winner_name=winner.name,
            price=notice.price,
            bidders=award_queries.took_part(work.session, LotId(lot.id)),
        )
    )
    orders.ask_security(work, lot, project, law_of(project))
    return {"lot": number, "state": lot.state.value, "notice": row.number}
