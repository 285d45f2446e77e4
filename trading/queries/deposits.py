"""The list of a lot's deposits, for its parties, the centre, the supervisor and finance: after the opening."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.roles import Role
from deposits.queries import guarantees, requirements, watch
from deposits.queries.guarantees import GuaranteeView
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
    has_failed: bool  # its bid could not be opened by its bidder's own doing
    now: datetime


def deposit_page(session: Session, number: str, deposit: UUID, actor: Actor, now: datetime) -> DepositPage:
    """The page of one deposit. Raises NotAllowed "deposit.sealed" before the opening and for strangers, NotFound."""
    lot = lots.visible(session, number, actor)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.FINANCE})
    story = watch.story(session, number, deposit, roles)
    failed = select(Bid.id).where(Bid.lot_id == lot.id, Bid.org_id == story.deposit.org, Bid.state == BidState.DECRYPT_FAILED_OWN)
    in_procurement = lot.regime is LegalRegime.GOVERNMENT_PROCUREMENT
    return DepositPage(lot, story, roles, in_procurement, session.scalar(failed.limit(1)) is not None, now)


def deposit_list(session: Session, number: str, actor: Actor) -> DepositList:
    """The list. Raises NotAllowed "deposit.sealed" before the opening and for strangers, NotFound "deposit.not_asked"."""
    lot = lots.visible(session, number, actor)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.FINANCE})
    return DepositList(lot, requirements.listed(session, number, roles), guarantees.listed(session, number, roles))
