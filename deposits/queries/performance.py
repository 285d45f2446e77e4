"""What a lot's winner is asked for before the contract, and whether it is there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from deposits.domain.deposit import MET, DepositState
from deposits.domain.guarantee import GuaranteeState
from deposits.domain.performance import SecurityFacts, asked_id, is_owed, is_performance
from deposits.models.guarantees import Guarantee
from deposits.models.performance import PerformanceAsk
from deposits.models.requirement import Deposit, Requirement

KEPT = frozenset({DepositState.FORFEIT_PROPOSED.value, DepositState.FORFEITED.value, GuaranteeState.CALLED.value})


@dataclass(frozen=True, slots=True)
class SecurityView:
    """A lot's performance security. `number`: under which it is paid and applied for; `form`: money or guarantee, "" while neither is
    there; `last`, `state` and `is_guarantee`: of the deposit or guarantee that came last, None, "" and
    False where there is none."""

    number: str
    winners: tuple[OrgId, ...]
    amount: Money
    price: Money
    deadline: datetime
    form: str
    last: UUID | None
    state: str
    is_guarantee: bool
    org_name: str
    contracted_at: datetime | None
    returned_at: datetime | None

    @property
    def facts(self) -> SecurityFacts:
        """What the rules look at; whether it is procurement only chooses the article, which the caller knows better."""
        return SecurityFacts(self.amount, self.price, given=bool(self.form), in_procurement=False)

    @property
    def is_kept(self) -> bool:
        """Whether the tenderer has decided to keep it, or it was paid whole under a claim."""
        return self.state in KEPT

    def is_owed(self, now: datetime) -> bool:
        """Whether the winner has not given it in time."""
        return is_owed(self.facts, self.deadline, now)


def winners_of(row: PerformanceAsk) -> list[OrgId]:
    """The winner's firms, the lead first."""
    return [OrgId(UUID(one)) for one in cast("Sequence[str]", row.winners)]


def check_giver(session: Session, asked: Requirement, org: OrgId) -> None:
    """Raises NotAllowed where a performance security is asked of others; bids' deposits may come from anybody."""
    row = session.get(PerformanceAsk, asked.lot_id) if is_performance(asked.number) else None
    if row is not None and org not in winners_of(row):
        raise NotAllowed("performance.winner_only")


def shown(session: Session, lot: LotId, bidder: OrgId | None, is_party: bool) -> SecurityView:
    """The security for one of the lot's parties or a firm of the winner's. Raises NotAllowed for others, NotFound where none is asked."""
    found = security(session, lot)
    if not is_party and (found is None or bidder not in found.winners):
        raise NotAllowed("performance.parties_only")
    if found is None:
        raise NotFound("performance.not_asked")
    return found


def security(session: Session, lot: LotId) -> SecurityView | None:
    """The security that a lot's winner is asked for; None where none is. A guarantee counts once it was opened and verified."""
    row = session.get(PerformanceAsk, asked_id(lot))
    if row is None:
        return None
    asked, winners = session.get_one(Requirement, row.asked_id), winners_of(row)
    paid = select(Deposit).where(Deposit.lot_id == row.asked_id, Deposit.org_id.in_(winners)).order_by(Deposit.requested_at)
    held = select(Guarantee).where(Guarantee.lot_id == row.asked_id, Guarantee.org_id.in_(winners)).order_by(Guarantee.applied_at)
    deposits, guarantees = session.scalars(paid).all(), session.scalars(held).all()
    money = next((one for one in deposits if one.state in MET), None)
    bond = next(
        (one for one in guarantees if one.state is GuaranteeState.VERIFIED and one.valid_to and one.valid_to >= one.wanted_to), None
    )
    last = money or bond or (guarantees or deposits or [None])[-1]
    return SecurityView(
        number=asked.number,
        winners=tuple(winners),
        amount=asked.amount,
        price=row.price,
        deadline=asked.deadline,
        form="money" if money else "guarantee" if bond else "",
        last=last.id if last is not None else None,
        state=last.state.value if last is not None else "",
        is_guarantee=isinstance(last, Guarantee),
        org_name=last.org_name if last is not None else "",
        contracted_at=row.contracted_at,
        returned_at=row.returned_at,
    )
