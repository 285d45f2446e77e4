"""Claims under guarantees: those of one guarantee, for whoever may see it, and what guarantors are to be asked about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.kernel.ids import GuaranteeId
from core.kernel.money import Money
from deposits.domain.claim import TO_ASK, ClaimState, is_in_doubt
from deposits.domain.claim_messages import ClaimOrder, Expected
from deposits.domain.forfeiture import Ground
from deposits.models.claims import GuaranteeClaim
from deposits.models.guarantees import Guarantee, Guarantor
from deposits.models.requirement import Requirement

AT_ONCE = 100
PATIENCE = timedelta(seconds=4)  # before a guarantor is asked again
AT_LEISURE = timedelta(minutes=10)
"""The same once it has said that it examines the claim, which takes days."""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """A claim as pages show it. `in_doubt`: it was put to the guarantor, which has not answered."""

    sha256: str
    state: ClaimState
    in_doubt: bool
    ground: Ground
    amount: Money
    clause: str
    reason: str
    payee: str
    decided_at: datetime
    note: str
    noted_at: datetime | None
    cause: str
    reference: str
    answered_at: datetime | None
    receipt: str
    settled_at: datetime | None


def claims_of(session: Session, guarantees: Sequence[UUID]) -> dict[UUID, tuple[ClaimView, ...]]:
    """Guarantee → its claims, the newest first; who may see them was decided before."""
    query = select(GuaranteeClaim).where(GuaranteeClaim.guarantee_id.in_(guarantees)).order_by(GuaranteeClaim.decided_at.desc())
    found: dict[UUID, list[ClaimView]] = {one: [] for one in guarantees}
    for row in session.scalars(query):
        found[row.guarantee_id].append(_view(row))
    return {guarantee: tuple(views) for guarantee, views in found.items()}


def _view(row: GuaranteeClaim) -> ClaimView:
    return ClaimView(
        sha256=row.sha256,
        state=row.state,
        in_doubt=is_in_doubt(row.state, row.asked_at is not None),
        ground=row.ground,
        amount=row.amount,
        clause=row.clause,
        reason=row.reason,
        payee=f"{row.payee_name} {row.payee_account}",
        decided_at=row.decided_at,
        note=row.note,
        noted_at=row.noted_at,
        cause=row.cause,
        reference=row.reference,
        answered_at=row.answered_at,
        receipt=row.receipt,
        settled_at=row.settled_at,
    )


# What guarantors are asked


@dataclass(frozen=True, slots=True)
class ClaimQuestion:
    """What a guarantor is asked about a claim: `new`: it has not said that it has it, so the claim itself goes out."""

    number: str
    guarantee: GuaranteeId
    url: str
    root: str
    new: bool
    order: ClaimOrder
    expected: Expected


def due(session: Session, now: datetime) -> Sequence[UUID]:
    """Claims about which guarantors are to be asked now, those that have waited longest first."""
    new = (GuaranteeClaim.state == ClaimState.CLAIMED) & or_(GuaranteeClaim.asked_at.is_(None), GuaranteeClaim.asked_at < now - PATIENCE)
    examined = (GuaranteeClaim.state == ClaimState.IN_REVIEW) & (GuaranteeClaim.asked_at < now - AT_LEISURE)
    query = select(GuaranteeClaim.id).where(GuaranteeClaim.state.in_(TO_ASK), new | examined)
    return session.scalars(query.order_by(GuaranteeClaim.decided_at, GuaranteeClaim.id).limit(AT_ONCE)).all()


def question(session: Session, claim: UUID) -> ClaimQuestion | None:
    """What is to be asked about it now; None: nothing."""
    row = session.get_one(GuaranteeClaim, claim)
    if row.state not in TO_ASK:
        return None
    guarantee = session.get_one(Guarantee, row.guarantee_id)
    issuer, number = session.get_one(Guarantor, guarantee.guarantor_id), session.get_one(Requirement, guarantee.lot_id).number
    order = ClaimOrder(
        claim=row.sha256,
        guarantee_no=guarantee.guarantee_no,
        amount=row.amount,
        ground=row.ground.value,
        payee_name=row.payee_name,
        payee_account=row.payee_account,
        payee_bank=row.payee_bank,
        decision=row.decision,
        note=row.note_envelope,
    )
    expected = Expected(str(guarantee.id), guarantee.guarantee_no, row.sha256, row.amount, row.payee_account)
    return ClaimQuestion(number, GuaranteeId(guarantee.id), issuer.url, issuer.root, row.state is ClaimState.CLAIMED, order, expected)
