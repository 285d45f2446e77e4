"""The page of consortia for one firm: what it has drafted, what it is named in, and what it may do now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from trading.domain import bid as bids
from trading.domain import consortium as rules
from trading.domain.bid import BidFacts
from trading.domain.consortium import STANDING, ConsortiumAction, ConsortiumState
from trading.models.consortium import Consortium, ConsortiumMember
from trading.queries.consortia import draft_of, facts_of, members, standing
from trading.queries.lot_page import may_have_document
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member as the agreement names it, and when it signed."""

    org: OrgId
    name: str
    uscc: str
    share: str
    duty: str
    signed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumView:
    """A consortium for one of its members."""

    number: str
    name: str
    state: ConsortiumState
    register_sha256: str
    body: dict[str, Any]
    members: tuple[MemberView, ...]
    available: tuple[ConsortiumAction, ...]
    is_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsortiumPage:
    """A firm's own page: its draft, and the consortia that stand and name it. `may_draft`: it may begin one now."""

    lot: LotView
    now: datetime
    org: OrgId
    draft: ConsortiumView | None
    consortia: tuple[ConsortiumView, ...]
    may_draft: bool


def page(session: Session, number: str, actor: Actor, now: datetime) -> ConsortiumPage:
    """The page for a firm's people; raises NotFound for everybody else and before the tender document is out."""
    lot = may_have_document(session, number, actor)
    if actor.org is None or Role.BIDDER not in actor.roles:
        raise NotFound("lot.not_found")
    org, facts = actor.org, BidFacts(now, lot.deadline, bids.takes_bids(lot.state), bids.stands_still(lot.state))
    named = select(ConsortiumMember.consortium_id).where(ConsortiumMember.org_id == org)
    query = select(Consortium).where(Consortium.lot_id == lot.id, Consortium.state.in_(STANDING), Consortium.id.in_(named))
    draft = draft_of(session, lot.id, org)
    free = not standing(session, lot.id, org).members and not standing(session, lot.id, org).is_member
    open_now = bids.bidding_is_open(facts) is None and bool(lot.consortium_members) and not lot.invited
    return ConsortiumPage(
        lot=lot,
        now=now,
        org=org,
        draft=None if draft is None else _view(session, draft, org, facts),
        consortia=tuple(_view(session, row, org, facts) for row in session.scalars(query.order_by(Consortium.changed_at))),
        may_draft=free and open_now,
    )


def _view(session: Session, row: Consortium, org: OrgId, facts: BidFacts) -> ConsortiumView:
    signed = {OrgId(member.org_id): member.signed_at for member in members(session, row)}
    body = cast("dict[str, Any]", row.body)
    told = facts_of(session, row, org, facts)
    return ConsortiumView(
        number=row.number,
        name=row.name,
        state=row.state,
        register_sha256=row.register_sha256,
        body=body,
        members=tuple(
            MemberView(
                org=member.org,
                name=member.name,
                uscc=member.uscc,
                share=f"{member.share:.2f}",
                duty=member.duty,
                signed_at=signed.get(member.org),
            )
            for member in rules.Agreement.read(body).members
        ),
        available=rules.MOVES.available(row.state, frozenset({Role.BIDDER}), told),
        is_lead=row.lead_org == org,
    )
