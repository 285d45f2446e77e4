"""Invitations: the letters go out with the notice, each invitee answers for itself, and nobody else bids."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import CaseId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import invitation as rules
from trading.domain.invitation import Answer, AnswerFacts, Invitation, InviteeState
from trading.events_entry import InvitationAnswered
from trading.models.invitation import LotInvitee
from trading.models.lot import Lot
from trading.queries import invitations as queries
from trading.queries.lots import split
from trading.queries.prequalifications import passers


def invite(work: Work, lot: Lot, said: Invitation | None) -> None:
    """Takes in whom a signed notice invites. Raises RuleBroken for an organisation that is not registered as the notice names it."""
    if said is None:
        return
    lot.invited, at = True, work.now()
    for one in said.invitees:
        if queries.registered(work.session, one.uscc) != one:
            raise RuleBroken("invitation.invitee_other", name=one.name)
        row = LotInvitee(id=new_id(at), lot_id=lot.id, org_id=one.org, org_name=one.name, uscc=one.uscc, state=InviteeState.INVITED)
        work.session.add(row)


def admit_passers(work: Work, lot: Lot) -> None:
    """With the tender notice a lot that was prequalified is open to who passed, and to nobody else (招标投标法实施条例 art. 19)."""
    if not lot.prequalified:
        return
    lot.invited, at = True, work.now()
    for one in passers(work.session, LotId(lot.id)):
        row = LotInvitee(id=new_id(at), lot_id=lot.id, org_id=one.org, org_name=one.name, uscc=one.uscc, state=InviteeState.INVITED)
        work.session.add(row)


def answer(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """An invitee confirms or declines. Raises WrongState from the deadline on, or to decline while its bid is in."""
    case, no = split(number)
    return once(work, request, Expect("invitation.answer", case, no, role=Role.BIDDER), lambda act: _answer(work, number, act))


def _answer(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said = Answer.read(act.body)
    lot = lock(work.session, Lot, Lot.number == number, shared=True)
    row = _hold(work, lot)
    if said.org != row.org_id:
        raise RuleBroken("invitation.answer.other_org")
    facts = AnswerFacts(work.now(), lot.deadline, lot.state, queries.has_bid(work.session, LotId(lot.id), said.org))
    row.state = rules.MOVES.choose(said.answer, row.state, work.actor.roles, facts)
    row.answered_at = facts.now
    case, no = split(number)
    work.record(InvitationAnswered(case=CaseId(case), lot=no, signed=act.envelope, org=said.org, answer=said.answer.value))
    return {"lot": number, "state": row.state.value, "answered_at": clock.text(facts.now)}


def _hold(work: Work, lot: Lot) -> LotInvitee:
    """The locked row of the actor's own organisation; raises NotAllowed, in the same words for every lot that is not open to it."""
    org = work.actor.org
    if org is None or queries.own_row(work.session, LotId(lot.id), org) is None:
        raise NotAllowed("lot.by_invitation")
    return lock(work.session, LotInvitee, LotInvitee.lot_id == lot.id, LotInvitee.org_id == org)


def admit_bid(work: Work, lot: Lot, org: OrgId) -> None:
    """Nobody but an invitee that has not declined bids on a held lot; an answer and a seal of one firm wait for each other."""
    if lot.invited and work.actor.org == org and (refusal := rules.may_bid(_hold(work, lot).state)) is not None:
        raise refusal
