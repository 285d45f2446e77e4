"""The list of a lot's deposits, for its parties, the centre, the supervisor and finance: after the opening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain.claim import is_open, left_of
from deposits.domain.forfeiture import Ground, offered
from deposits.domain.guarantee import GuaranteeState, can_be_claimed
from deposits.domain.performance import is_performance
from deposits.queries import claims, guarantees, performance, requirements, watch
from deposits.queries.claims import ClaimView
from deposits.queries.guarantees import GuaranteeView
from deposits.queries.performance import SecurityView
from deposits.queries.requirements import DepositView
from deposits.queries.watch import DepositStory
from trading.domain.bid import BidState
from trading.domain.lot import roles_of
from trading.domain.periods import LegalRegime
from trading.models.bid import Bid
from trading.queries import lots
from trading.queries.lots import LotView

READERS = (Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR, Role.FINANCE)


@dataclass(frozen=True, slots=True)
class DepositList:
    """A lot with the deposits of all its bidders."""

    lot: LotView
    deposits: tuple[DepositView, ...]
    guarantees: tuple[GuaranteeView, ...] = ()


@dataclass(frozen=True, slots=True)
class DepositPage:
    """One deposit of a lot, who the caller is there, and who may keep deposits of it: in procurement the treasury."""

    lot: LotView
    story: DepositStory
    roles: frozenset[Role]
    in_procurement: bool
    grounds: tuple[Ground, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """One guarantee of a lot with its claims; `left`: what can still be claimed, `may_claim`: a claim would be looked at now."""

    lot: LotView
    guarantee: GuaranteeView
    claims: tuple[ClaimView, ...]
    left: Money
    may_claim: bool
    roles: frozenset[Role]
    in_procurement: bool
    grounds: tuple[Ground, ...]


def claim_page(session: Session, number: str, guarantee: UUID, actor: Actor, now: datetime) -> ClaimPage:
    """The page of claims under one guarantee. Raises NotAllowed "deposit.sealed" before the opening and for strangers, NotFound."""
    lot = lots.visible(session, number, actor)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.FINANCE})
    found = next((one for one in guarantees.listed(session, number, roles) if one.id == guarantee), None)
    if found is None:
        raise NotFound("guarantee.not_found")
    of_it = claims.claims_of(session, [guarantee])[guarantee]
    left = left_of(found.amount, [(one.state, one.amount) for one in of_it])
    is_taken = any(is_open(one.state) for one in of_it)
    stands = can_be_claimed(GuaranteeState(found.state)) and found.valid_to is not None and now < found.valid_to
    grounds = _grounds(session, lot, found.org, is_performance(found.lot))
    return ClaimPage(lot, found, of_it, left, stands and not is_taken, roles, _in_procurement(lot), grounds)


def _grounds(session: Session, lot: LotView, bidder: OrgId, secures: bool) -> tuple[Ground, ...]:
    failed = select(Bid.id).where(Bid.lot_id == lot.id, Bid.org_id == bidder, Bid.state == BidState.DECRYPT_FAILED_OWN)
    return offered(_in_procurement(lot), session.scalar(failed.limit(1)) is not None, secures)


def _in_procurement(lot: LotView) -> bool:
    return lot.regime is LegalRegime.GOVERNMENT_PROCUREMENT


@dataclass(frozen=True, slots=True)
class SecurityPage:
    """A lot's performance security, who the caller is there, and whether it is a firm of the winner's."""

    lot: LotView
    security: SecurityView
    roles: frozenset[Role]
    is_winner: bool
    is_late: bool


def security_page(session: Session, number: str, actor: Actor, now: datetime) -> SecurityPage:
    """The page of the security, for the lot's parties, authorities and the winner. Raises NotAllowed for others, NotFound where none is
    asked for."""
    lot = lots.visible(session, number, actor)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.FINANCE})
    bidder = actor.org if Role.BIDDER in actor.roles else None
    found = performance.shown(session, lot.id, bidder, is_party=bool(roles & set(READERS)))
    return SecurityPage(lot, found, roles, bidder in found.winners, found.is_owed(now))


def deposit_page(session: Session, number: str, deposit: UUID, actor: Actor, now: datetime) -> DepositPage:
    """The page of one deposit. Raises NotAllowed "deposit.sealed" before the opening and for strangers, NotFound."""
    lot = lots.visible(session, number, actor)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.FINANCE})
    story = watch.story(session, number, deposit, roles)
    grounds = _grounds(session, lot, story.deposit.org, is_performance(story.deposit.lot))
    return DepositPage(lot, story, roles, _in_procurement(lot), grounds, now)


def deposit_list(session: Session, number: str, actor: Actor) -> DepositList:
    """The list. Raises NotAllowed "deposit.sealed" before the opening and for strangers, NotFound "deposit.not_asked"."""
    lot = lots.visible(session, number, actor)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.FINANCE})
    return DepositList(lot, requirements.listed(session, number, roles), guarantees.listed(session, number, roles))
