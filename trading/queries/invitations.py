"""Who is invited to a lot, what each has answered, and whom a lot is open to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.models.people import Organisation
from core.identity.queries.people import people_of
from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import LotId, OrgId
from core.kernel.roles import Role
from trading.domain import invitation as rules
from trading.domain.bid import BidState
from trading.domain.invitation import AnswerFacts, InviteeAction, InviteeState
from trading.domain.notice import NoticeKind
from trading.domain.publication import OF_DOCUMENT
from trading.models.bid import Bid
from trading.models.invitation import LotInvitee
from trading.models.lot import Lot
from trading.models.notice import Notice
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class InviteeView:
    """An invitee; `state` is None while nobody may know what it has answered."""

    org: OrgId
    name: str
    uscc: str
    state: InviteeState | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPage:
    """The invitation letter as its reader may see it: `own` for an invitee, `invitees` for who invites, from the
    opening on for all."""

    lot: LotView
    now: datetime
    body: dict[str, Any]  # of the notice: reason, explanation, approval
    is_staff: bool
    own: InviteeView | None
    available: tuple[InviteeAction, ...]
    invitees: tuple[InviteeView, ...]
    answers_shown: bool


def admit(session: Session, number: str, actor: Actor) -> None:
    """Raises NotAllowed `lot.by_invitation` for who may not look at a lot; the same for who is logged in and who is not. A lot that is not
    there, or whose notice is not out, is for others to refuse."""
    row = session.execute(select(Lot.id, Lot.invited, Lot.state).where(Lot.number == number)).one_or_none()
    if row is None or rules.is_everybodys(row.invited, row.state):
        return
    if rules.is_staff(actor, lots.by_id(session, LotId(row.id)).parties) or _is_invited(session, LotId(row.id), actor):
        return
    raise NotAllowed("lot.by_invitation")


def admit_to_notice(session: Session, number: str, actor: Actor) -> None:
    """The same for a notice that tells what stands in the tender document."""
    lot = session.scalar(
        select(Lot.number).join(Notice, Notice.lot_id == Lot.id).where(Notice.number == number, Notice.kind.in_(OF_DOCUMENT))
    )
    if lot is not None:
        admit(session, lot, actor)


def _is_invited(session: Session, lot: LotId, actor: Actor) -> bool:
    return actor.org is not None and Role.BIDDER in actor.roles and own_row(session, lot, actor.org) is not None


def own_row(session: Session, lot: LotId, org: OrgId) -> LotInvitee | None:
    """The row of an invitee."""
    return session.scalar(select(LotInvitee).where(LotInvitee.lot_id == lot, LotInvitee.org_id == org))


def orgs(session: Session, lot: LotId) -> tuple[OrgId, ...]:
    """Who is invited to a lot; nobody to an open one."""
    return tuple(OrgId(org) for org in session.scalars(select(LotInvitee.org_id).where(LotInvitee.lot_id == lot)))


def registered(session: Session, uscc: str) -> rules.Invitee:
    """The invitee of a code, by the name on file. Raises RuleBroken for a code without a registered organisation that has bidders."""
    row = session.scalar(select(Organisation).where(Organisation.uscc == uscc))
    if row is None or not people_of(session, [OrgId(row.id)], Role.BIDDER):
        raise RuleBroken("invitation.invitee_unknown", uscc=uscc)
    return rules.Invitee(OrgId(row.id), row.name, row.uscc)


def has_bid(session: Session, lot: LotId, org: OrgId) -> bool:
    """Whether a sealed bid of this organisation stands. For that organisation alone."""
    return session.scalar(select(Bid.id).where(Bid.lot_id == lot, Bid.org_id == org, Bid.state == BidState.SEALED)) is not None


def letter(session: Session, number: str, actor: Actor, now: datetime) -> InvitationPage:
    """The letter's page. Raises NotFound for a lot that is not by invitation, NotAllowed for who may not see it."""
    lot = lots.noticed(session, number)
    if not lot.invited:
        raise NotFound("invitation.not_found")
    admit(session, number, actor)
    opened = lot.state in rules.EVERYBODYS
    own = own_row(session, lot.id, actor.org) if actor.org is not None and Role.BIDDER in actor.roles else None
    invitees: tuple[InviteeView, ...] = ()
    if rules.may_name_invitees(actor, lot.parties, lot.state):
        rows = session.scalars(select(LotInvitee).where(LotInvitee.lot_id == lot.id).order_by(LotInvitee.org_name))
        invitees = tuple(_view(row, opened) for row in rows)
    facts = AnswerFacts(now, lot.deadline, lot.state, own is not None and has_bid(session, lot.id, OrgId(own.org_id)))
    return InvitationPage(
        lot=lot,
        now=now,
        body=_notice_body(session, lot.id),
        is_staff=rules.is_staff(actor, lot.parties),
        own=None if own is None else _view(own, True),
        available=() if own is None else rules.MOVES.available(own.state, actor.roles, facts),
        invitees=invitees,
        answers_shown=opened,
    )


def _view(row: LotInvitee, with_answer: bool) -> InviteeView:
    state, at = (row.state, row.answered_at) if with_answer else (None, None)
    return InviteeView(OrgId(row.org_id), row.org_name, row.uscc, state, at)


def _notice_body(session: Session, lot: LotId) -> dict[str, Any]:
    found = session.scalars(select(Notice.body).where(Notice.lot_id == lot, Notice.kind == NoticeKind.TENDER)).one()
    return cast("dict[str, Any]", found)
