"""Consortia of a lot: how a firm stands towards them, and from the opening on who stands behind a bid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from trading.domain import bid as bids
from trading.domain.bid import BidFacts
from trading.domain.consortium import STANDING, ConsortiumFacts, ConsortiumState, Standing
from trading.models.consortium import Consortium, ConsortiumMember
from trading.models.lot import Lot
from trading.queries.invitations import has_bid


def draft_of(session: Session, lot: LotId, org: OrgId) -> Consortium | None:
    """What the lead has saved and not yet signed."""
    drafted = (Consortium.lot_id == lot, Consortium.lead_org == org, Consortium.state.in_((ConsortiumState.DRAFTED,)))
    return session.scalar(select(Consortium).where(*drafted))


def members(session: Session, row: Consortium) -> tuple[ConsortiumMember, ...]:
    """The members' rows, the lead first."""
    query = select(ConsortiumMember).where(ConsortiumMember.consortium_id == row.id).order_by(ConsortiumMember.place)
    return tuple(session.scalars(query))


def facts_of(session: Session, row: Consortium, org: OrgId, bid: BidFacts) -> ConsortiumFacts:
    """What the table of moves looks at, for one of its members."""
    lot = LotId(row.lot_id)
    held = standing(session, lot, org, but=row)
    return ConsortiumFacts(
        bid=bid,
        is_bound=bool(held.members) or held.is_member,
        has_bid=has_bid(session, lot, org),
        has_signed=any(member.org_id == org and member.signed_at is not None for member in members(session, row)),
        is_sealed=has_bid(session, lot, OrgId(row.lead_org)),
    )


def standing(session: Session, lot: LotId, org: OrgId, but: Consortium | None = None) -> Standing:
    """How a firm stands towards the consortia of a lot that it has signed. Before the opening for that firm alone."""
    query = select(Consortium).join(ConsortiumMember, ConsortiumMember.consortium_id == Consortium.id)
    bound = (ConsortiumMember.org_id == org, ConsortiumMember.signed_at.is_not(None), Consortium.state.in_(STANDING))
    rows = [row for row in session.scalars(query.where(Consortium.lot_id == lot, *bound)) if but is None or row.id != but.id]
    led = next((row for row in rows if row.lead_org == org), None)
    if led is None:
        return Standing(is_member=bool(rows))
    orgs = tuple(OrgId(member.org_id) for member in members(session, led))
    return Standing(orgs, led.state is ConsortiumState.FORMED)


def led_by(session: Session, lot: LotId, org: OrgId) -> Consortium | None:
    """The consortium, signed by all, in whose name this firm bids."""
    formed = (Consortium.lot_id == lot, Consortium.lead_org == org, Consortium.state.in_((ConsortiumState.FORMED,)))
    return session.scalar(select(Consortium).where(*formed))


def bound_orgs(session: Session, lot: LotId) -> tuple[OrgId, ...]:
    """Who has signed a consortium that stands. Secret before the opening."""
    query = select(ConsortiumMember.org_id).join(Consortium, Consortium.id == ConsortiumMember.consortium_id)
    signed = (Consortium.lot_id == lot, Consortium.state.in_(STANDING), ConsortiumMember.signed_at.is_not(None))
    return tuple(OrgId(org) for org in session.scalars(query.where(*signed)))


def behind(session: Session, lot: LotId, leads: Iterable[OrgId]) -> tuple[OrgId, ...]:
    """Bidders and all members of the consortia that they lead: whom it concerns what becomes of a bid. Ask it of an opened lot alone."""
    query = select(ConsortiumMember.org_id).join(Consortium, Consortium.id == ConsortiumMember.consortium_id)
    orgs = list(leads)
    formed = (Consortium.lot_id == lot, Consortium.lead_org.in_(orgs), Consortium.state.in_((ConsortiumState.FORMED,)))
    return tuple(dict.fromkeys([*orgs, *(OrgId(org) for org in session.scalars(query.where(*formed).order_by(ConsortiumMember.place)))]))


def named_in(session: Session, number: str) -> tuple[OrgId, ...]:
    """Whom a registered consortium names."""
    query = select(ConsortiumMember.org_id).join(Consortium, Consortium.id == ConsortiumMember.consortium_id)
    return tuple(OrgId(org) for org in session.scalars(query.where(Consortium.number == number).order_by(ConsortiumMember.place)))


def bid_facts(lot: Lot, now: datetime) -> BidFacts:
    """What the rules of a bid look at."""
    return BidFacts(now, lot.deadline, bids.takes_bids(lot.state), bids.stands_still(lot.state))
