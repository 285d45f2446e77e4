"""Consortia: drafted and registered by their lead, signed by every member with its own certificate, dissolved before a bid is in."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.body import Body
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken, Stale
from core.kernel.ids import CaseId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import MOST_MEMBERS
from core.kernel.work import Work
from trading.domain import consortium as rules
from trading.domain.bid import bidding_is_open
from trading.domain.consortium import Agreement, ConsortiumAction, ConsortiumState, Member, MemberSigning
from trading.events_entry import ConsortiumDissolved, ConsortiumRegistered, ConsortiumSigned
from trading.models.bid import Submission
from trading.models.consortium import Consortium, ConsortiumMember
from trading.models.lot import Lot
from trading.queries import consortia as queries
from trading.queries.invitations import registered
from trading.queries.lots import split
from trading.services.lots import project_of

_ROLES = frozenset({Role.BIDDER})


def _own_org(work: Work) -> OrgId:
    if work.actor.org is None or Role.BIDDER not in work.actor.roles:
        raise NotAllowed("bid.no_organisation")
    return work.actor.org


def _hold(work: Work, number: str) -> tuple[Lot, datetime]:
    """The lot, held against everybody else who forms, signs or seals: what is read of a firm stays so until the commit."""
    lot = lock(work.session, Lot, Lot.number == number)
    return lot, work.now()


def save(work: Work, number: str, content: Mapping[str, JSON]) -> dict[str, JSON]:
    """The lead saves an agreement in place of an earlier draft: `members` [{`uscc`, `share`, `duty`}], its own first. Binds nobody."""
    org, (lot, now) = _own_org(work), _hold(work, number)
    if (closed := bidding_is_open(queries.bid_facts(lot, now))) is not None:
        raise closed
    agreement = Agreement(tuple(_named(work, one) for one in Body(content).objects("members", least=1, most=MOST_MEMBERS)))
    _check(work, lot, agreement, org)
    if (old := queries.draft_of(work.session, LotId(lot.id), org)) is not None:
        work.session.execute(delete(ConsortiumMember).where(ConsortiumMember.consortium_id == old.id))
        work.session.delete(old)
        work.session.flush()
    _keep(work, lot, agreement, now)
    return agreement.to_json()


def _named(work: Work, body: Body) -> Member:
    found = registered(work.session, body.text("uscc", 18))
    return Member.read(Body({**found.to_json(), "share": body.amount("share"), "duty": body.text("duty", 200)}))


def _check(work: Work, lot: Lot, agreement: Agreement, org: OrgId) -> None:
    project = project_of(work, lot)
    most = 0 if lot.invited else lot.consortium_members  # who is invited to what is not found out by naming them
    rules.check_agreement(agreement, most, org, frozenset({OrgId(project.tenderer_org), OrgId(project.agency_org)}))


def _keep(work: Work, lot: Lot, agreement: Agreement, now: datetime) -> Consortium:
    row = Consortium(
        id=new_id(now),
        lot_id=lot.id,
        lead_org=agreement.lead.org,
        name=agreement.name,
        state=ConsortiumState.DRAFTED,
        body=agreement.to_json(),
        register_sha256="",
        number="",
        changed_at=now,
    )
    work.session.add(row)
    work.session.flush()
    for place, org in enumerate(agreement.orgs):
        work.session.add(ConsortiumMember(id=new_id(now), consortium_id=row.id, org_id=org, place=place, signed_at=None))
    work.session.flush()
    return row


def register(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The lead signs the drafted agreement. Raises Stale for another than the draft, RuleBroken for who is bound or has bid alone."""
    case, no = split(number)
    expect = Expect("consortium.register", case, no, role=Role.BIDDER, step_up=True)
    return once(work, request, expect, lambda act: _register(work, number, act))


def _register(work: Work, number: str, act: Act) -> dict[str, JSON]:
    org, (lot, now) = _own_org(work), _hold(work, number)
    agreement, row = Agreement.read(act.body), queries.draft_of(work.session, LotId(lot.id), org)
    _check(work, lot, agreement, org)
    if row is None or agreement.to_json() != row.body:
        raise Stale("consortium.draft_other")
    for member in agreement.members:
        known = registered(work.session, member.uscc)
        if (known.org, known.name) != (member.org, member.name):
            raise RuleBroken("consortium.member_other", name=member.name)
    facts = queries.facts_of(work.session, row, org, queries.bid_facts(lot, now))
    row.state = rules.MOVES.choose(ConsortiumAction.REGISTER, row.state, _ROLES, facts)
    row.register_sha256, row.number, row.changed_at = act.payload_sha256, rules.number_of(act.payload_sha256), now
    queries.members(work.session, row)[0].signed_at = now
    case, no = split(number)
    work.record(
        ConsortiumRegistered(case=CaseId(case), lot=no, signed=act.envelope, subject=row.number, members=agreement.orgs),
    )
    return {"lot": number, "number": row.number, "register_sha256": row.register_sha256}


def sign(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A member signs the agreement: from now on it is bound. Raises RuleBroken for who is bound elsewhere or has bid alone."""
    case, no = split(number)
    expect = Expect("consortium.sign", case, no, role=Role.BIDDER, step_up=True)
    return once(work, request, expect, lambda act: _sign(work, number, act))


def _sign(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, row, said, now = _held(work, number, act)
    facts = queries.facts_of(work.session, row, said.org, queries.bid_facts(lot, now))
    members = queries.members(work.session, row)
    waiting = [member for member in members if member.signed_at is None]
    is_last = [OrgId(member.org_id) for member in waiting] == [said.org]
    row.state = rules.MOVES.choose(ConsortiumAction.SIGN_LAST if is_last else ConsortiumAction.SIGN, row.state, _ROLES, facts)
    next(member for member in members if member.org_id == said.org).signed_at = row.changed_at = now
    case, no = split(number)
    orgs = [OrgId(member.org_id) for member in members]
    work.record(
        ConsortiumSigned(case=CaseId(case), lot=no, signed=act.envelope, subject=row.number, members=orgs, org=said.org, complete=is_last)
    )
    return {"lot": number, "number": row.number, "state": row.state.value}


def dissolve(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A member dissolves the consortium while its bid is not in; all are free again."""
    case, no = split(number)
    expect = Expect("consortium.dissolve", case, no, role=Role.BIDDER, step_up=True)
    return once(work, request, expect, lambda act: _dissolve(work, number, act))


def _dissolve(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, row, said, now = _held(work, number, act)
    facts = queries.facts_of(work.session, row, said.org, queries.bid_facts(lot, now))
    row.state = rules.MOVES.choose(ConsortiumAction.DISSOLVE, row.state, _ROLES, facts)
    row.changed_at = now
    case, no = split(number)
    orgs = [OrgId(member.org_id) for member in queries.members(work.session, row)]
    work.record(
        ConsortiumDissolved(case=CaseId(case), lot=no, signed=act.envelope, subject=row.number, members=orgs, org=said.org),
    )
    return {"lot": number, "number": row.number, "state": row.state.value}


def _held(work: Work, number: str, act: Act) -> tuple[Lot, Consortium, MemberSigning, datetime]:
    """The consortium that a member's statement is about; NotFound for everybody whom it does not name, as if there were none."""
    org, (lot, now), said = _own_org(work), _hold(work, number), MemberSigning.read(act.body)
    row = lock(work.session, Consortium, Consortium.lot_id == lot.id, Consortium.register_sha256 == said.register_sha256)
    if said.org != org or org not in {member.org_id for member in queries.members(work.session, row)}:
        raise NotFound("consortium.not_found")
    return lot, row, said, now


def take_name(work: Work, lot: Lot, bid: Submission, named: list[tuple[str, ...]], own_name: str) -> None:
    """Checks that a version is sealed by whom it may be, and has the bid stand under the names of all who make it."""
    org = OrgId(bid.org_id)
    rules.check_sealing(named, queries.standing(work.session, LotId(lot.id), org))
    led = queries.led_by(work.session, LotId(lot.id), org)
    bid.org_name = own_name if led is None else led.name
