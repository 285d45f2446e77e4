"""Holds: a deposit waits by signed order, goes on by signed order, and the clock ends what nobody lifted."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.clock import text
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound, WrongState
from core.kernel.ids import CaseId, DepositId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import SYSTEM, chain_of, is_known_to_finance
from deposits.domain.hold import MAY_BE_HELD, MOVES, HoldAction, HoldBody, HoldFacts, HoldState, LiftBody, check_hold
from deposits.domain.performance import asked_number
from deposits.events_holds import HoldEnded, HoldLifted, HoldPlaced
from deposits.models.holds import DepositHold
from deposits.models.requirement import Deposit, Requirement


def place(work: Work, number: str, request: SignedRequest, roles: Collection[Role]) -> dict[str, JSON]:
    """Somebody who acts for this lot in one of `roles` orders that a deposit of it waits. Records HoldPlaced.

    Raises NotAllowed "deposit.sealed" before the bidders are public, WrongState "hold.nothing_to_hold" for money that is gone.
    """
    expect = Expect("hold.place", CaseId(chain_of(number)), step_up=True)
    return once(work, request, expect, lambda act: _place(work, number, act, roles))


def _place(work: Work, number: str, act: Act, roles: Collection[Role]) -> dict[str, JSON]:
    said = HoldBody.read(act.body)
    _, deposit = held_deposit(work, number, said.deposit)
    now = work.now()
    check_hold(said, frozenset(roles) & {act.role}, now)
    if deposit.state not in MAY_BE_HELD:
        raise WrongState("hold.nothing_to_hold")
    row = DepositHold(
        id=new_id(now),
        sha256=act.payload_sha256,
        deposit_id=deposit.id,
        kind=said.kind,
        state=HoldState.STANDING,
        reason=said.reason,
        document=said.document,
        placed_at=now,
        ends_at=said.ends_at,
        over_at=None,
        over_reason="",
    )
    work.session.add(row)
    work.session.flush()
    case, bidder = CaseId(chain_of(number)), OrgId(deposit.org_id)
    work.record(HoldPlaced(case=case, signed=act.envelope, subject=act.payload_sha256, bidder=bidder))
    return {"hold_sha256": row.sha256, "ends_at": text(row.ends_at)}


def lift(work: Work, number: str, request: SignedRequest, roles: Collection[Role]) -> dict[str, JSON]:
    """Who may order such a hold for this lot lifts it. Records HoldLifted; a refund that waited goes out with the next tick."""
    expect = Expect("hold.lift", CaseId(chain_of(number)), step_up=True)
    return once(work, request, expect, lambda act: _lift(work, number, act, roles))


def _lift(work: Work, number: str, act: Act, roles: Collection[Role]) -> dict[str, JSON]:
    said = LiftBody.read(act.body)
    row = lock(work.session, DepositHold, DepositHold.sha256 == said.hold_sha256)
    _, deposit = held_deposit(work, number, row.deposit_id)
    acting = frozenset(roles) & {act.role}
    facts = HoldFacts(work.now(), row.kind, row.ends_at, acting)
    row.state, row.over_at, row.over_reason = MOVES.choose(HoldAction.LIFT, row.state, acting, facts), facts.now, said.reason
    work.record(HoldLifted(case=CaseId(chain_of(number)), signed=act.envelope, subject=row.sha256, bidder=OrgId(deposit.org_id)))
    return {"hold_sha256": row.sha256}


def end(work: Work, hold_id: UUID) -> None:
    """The last day of a hold has passed. Records HoldEnded."""
    row = lock(work.session, DepositHold, DepositHold.id == hold_id)
    facts = HoldFacts(work.now(), row.kind, row.ends_at, SYSTEM)
    row.state, row.over_at = MOVES.choose(HoldAction.END, row.state, SYSTEM, facts), facts.now
    found = select(Deposit.org_id, Requirement.number).join(Requirement, Requirement.lot_id == Deposit.lot_id)
    org, number = work.session.execute(found.where(Deposit.id == row.deposit_id)).one()
    case, deposit = CaseId(chain_of(number)), DepositId(row.deposit_id)
    work.record(HoldEnded(case=case, subject=row.sha256, deposit=deposit, bidder=OrgId(org), hold_sha256=row.sha256))


def held_deposit(work: Work, number: str, deposit_id: UUID) -> tuple[Requirement, Deposit]:
    """A deposit of this lot, or its winner's security, locked, with what asks for it, for those who may know of it. Raises NotAllowed
    "deposit.sealed", NotFound."""
    numbers = (number, asked_number(number))
    query = select(Requirement).where(Requirement.number.in_(numbers)).order_by(Requirement.number).with_for_update(read=True)
    asked = {one.lot_id: one for one in work.session.scalars(query)}
    if not asked:
        raise NotFound("deposit.not_asked")
    known = [lot for lot, one in asked.items() if is_known_to_finance(one.state)]
    if not known:
        raise NotAllowed("deposit.sealed")
    deposit = lock(work.session, Deposit, Deposit.id == deposit_id, Deposit.lot_id.in_(known))
    return asked[deposit.lot_id], deposit
