"""Orders on a lot as signed acts: termination by the tenderer, suspension and resumption by the supervisor. Each is a public notice."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.clock import text
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.bid import ENVELOPE_MOVES, EnvelopeAction, EnvelopeState
from trading.domain.lot import LotAction
from trading.domain.lot_order import Resumption, ResumptionFacts, check_resumption, read_reason
from trading.domain.notice import NoticeKind
from trading.events_orders import LotResumed, LotSuspended, LotTerminated
from trading.models.bid import BidEnvelope
from trading.models.lot import Lot
from trading.queries.lots import law_of, split
from trading.services import deadlines, orders
from trading.services.lots import SYSTEM, hold, move
from trading.services.notices import Announcement, announce


def terminate(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer ends a lot before its opening: a public notice, deposits back with interest (招标投标法实施条例 art. 31), bids shut."""
    case, no = split(number)
    expect = Expect("lot.terminate", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _terminate(work, number, act))


def _terminate(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.TERMINATE, act.role)
    reason = read_reason(act.body)
    lot.ended_at = told.now
    _shut_bids(work, lot)
    orders.refund_after_termination(work, lot, law_of(project), told.now)
    row = announce(work, (lot, project), Announcement.about(NoticeKind.TERMINATION, (lot, project), act.body), act)
    work.record(LotTerminated(case=CaseId(project.number), lot=lot.no, signed=act.envelope, number=row.number, reason=reason))
    return {"lot": number, "state": lot.state.value, "notice": row.number}


def _shut_bids(work: Work, lot: Lot) -> None:
    """What was sealed is never opened."""
    sealed = select(BidEnvelope).where(BidEnvelope.lot_id == lot.id, BidEnvelope.state.in_((EnvelopeState.SEALED,)))
    for envelope in work.session.scalars(sealed):
        envelope.state = ENVELOPE_MOVES.choose(EnvelopeAction.SHUT, envelope.state, SYSTEM, None)


def suspend(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The supervisor suspends a lot that takes bids (招标投标法实施条例 art. 62; 政府采购法 art. 57)."""
    case, no = split(number)
    expect = Expect("lot.suspend", case, no, role=Role.SUPERVISOR, step_up=True)
    return once(work, request, expect, lambda act: _suspend(work, number, act))


def _suspend(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.SUSPEND, act.role)
    reason = read_reason(act.body)
    lot.suspended_at, lot.suspend_sha256 = told.now, act.payload_sha256
    deadlines.stop(work, lot)
    row = announce(work, (lot, project), Announcement.about(NoticeKind.SUSPENSION, (lot, project), act.body), act)
    work.record(LotSuspended(case=CaseId(project.number), lot=lot.no, signed=act.envelope, number=row.number, reason=reason))
    return {"lot": number, "state": lot.state.value, "notice": row.number, "suspend_sha256": act.payload_sha256}


def resume(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The supervisor lets a suspended lot go on, with a new deadline. Raises RuleBroken with the article for one that comes too early."""
    case, no = split(number)
    expect = Expect("lot.resume", case, no, role=Role.SUPERVISOR, step_up=True)
    return once(work, request, expect, lambda act: _resume(work, number, act))


def _resume(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, LotAction.RESUME, act.role)
    said = Resumption.read(act.body)
    assert lot.deadline is not None and lot.suspended_at is not None  # the table let nobody pass without them
    facts = ResumptionFacts(
        now=told.now,
        law=law_of(project),
        deadline=lot.deadline,
        suspended_at=lot.suspended_at,
        suspend_sha256=lot.suspend_sha256,
    )
    check_resumption(said, facts)
    lot.suspended_at, lot.suspend_sha256 = None, ""
    deadlines.move_deadline(work, lot, said.deadline)
    row = announce(work, (lot, project), Announcement.about(NoticeKind.RESUMPTION, (lot, project), act.body), act)
    work.record(
        LotResumed(
            case=CaseId(project.number),
            lot=lot.no,
            signed=act.envelope,
            number=row.number,
            reason=said.reason,
            deadline=said.deadline,
        )
    )
    return {"lot": number, "state": lot.state.value, "notice": row.number, "deadline": text(said.deadline)}
