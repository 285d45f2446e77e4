"""An order to evaluate again: the lot goes back to its committee, and what was published and decided of it counts no more."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import delete, func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.complaint import Outcome
from trading.domain.lot import LotAction
from trading.domain.reevaluation import Order, OrderFacts, check_order
from trading.events_reevaluation import ReevaluationOrdered
from trading.models.award import Candidate
from trading.models.lot import Lot
from trading.models.reevaluation import ReevaluationOrder
from trading.models.remedy import Complaint
from trading.queries.lots import split
from trading.services.lots import hold, move

_ACTIONS = {Role.SUPERVISOR: LotAction.REEVALUATE, Role.TENDERER: LotAction.ASK_REEVALUATION}
_UPHELD = (Outcome.UPHELD.value, Outcome.PARTLY_UPHELD.value)


def order(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The supervisor orders, or the tenderer records why, that the original committee reviews items again before the contract
    (招标投标法实施条例 arts 56, 61, 71). Records ReevaluationOrdered; the evaluation hears of it by the outbox."""
    case, no = split(number)
    return once(work, request, Expect("reevaluation.order", case, no, step_up=True), lambda act: _order(work, number, act))


def _order(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    told = move(work, lot, project, _ACTIONS.get(act.role, LotAction.REEVALUATE), act.role)
    said = Order.read(act.body)
    method = cast("dict[str, Any]", lot.method or {})
    facts = OrderFacts(
        role=act.role,
        regime=project.regime,
        report_sha256=lot.report_sha256,
        criteria=frozenset(str(one["id"]) for one in method.get("criteria", ())),
        complaint_upheld=_upheld(work, lot, said.complaint),
    )
    check_order(said, facts)
    before = select(func.count()).where(ReevaluationOrder.lot_id == lot.id)
    row = ReevaluationOrder(
        payload_sha256=act.payload_sha256,
        lot_id=lot.id,
        round=work.session.scalars(before).one() + 2,
        role=act.role.value,
        report_sha256=said.report_sha256,
        ground=said.ground,
        complaint=said.complaint,
        review=said.review,
        criteria=list(said.criteria),
        reason=said.reason,
        at=told.now,
    )
    work.session.add(row)
    _take_back(work, lot)
    event = ReevaluationOrdered(
        case=CaseId(project.number), lot=lot.no, signed=act.envelope, subject=act.payload_sha256, ground=said.ground.value
    )
    work.record(event)
    work.send("reevaluation.ordered", act.payload_sha256, {"lot": str(lot.id), "order": act.payload_sha256})
    return {"lot": number, "state": lot.state.value, "round": row.round, "order_sha256": act.payload_sha256}


def _upheld(work: Work, lot: Lot, complaint: str) -> bool:
    """Whether a complaint about this lot was decided for the complainant, in whole or in part."""
    mine = select(Complaint.outcome).where(Complaint.lot_id == lot.id, Complaint.number == complaint, Complaint.decided_at.is_not(None))
    return work.session.scalar(mine) in _UPHELD


def _take_back(work: Work, lot: Lot) -> None:
    """Candidates, publicity, award and an offered contract rest on the report that is looked at again; their notices stay public."""
    lot.report_sha256, lot.case_sha256, lot.report_at = "", "", None
    lot.publicity_from = lot.publicity_until = None
    lot.winner_org, lot.price, lot.result_sha256, lot.awarded_at, lot.award_told = None, None, "", None, None
    lot.award_notice_at, lot.contract_sha256, lot.contract_reminded = None, "", 0
    lot.winner_orgs, lot.contract_orgs = [], []
    work.session.execute(delete(Candidate).where(Candidate.lot_id == lot.id))
