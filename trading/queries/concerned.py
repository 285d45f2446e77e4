"""The people of each circle that an event of a lot concerns."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from core.identity.queries.people import holders, people_of
from core.kernel.ids import LotId, OrgId, PersonId
from core.kernel.roles import Role
from trading.domain.concern import Circle
from trading.models.bid import Application, Bid
from trading.models.clarification import DocumentQuestion
from trading.models.download import DownloadReceipt
from trading.models.follow import Follow
from trading.models.lot import Lot
from trading.models.project import Project
from trading.models.remedy import Complaint, Objection
from trading.queries.awards import took_part
from trading.queries.consortia import behind, bound_orgs, named_in
from trading.queries.invitations import orgs as invited_orgs
from trading.queries.prequalifications import org_of_letter, reviewers


def circle(session: Session, which: Circle, project: Project, lot: Lot | None, subject: str = "") -> tuple[PersonId, ...]:
    """Who belongs to a circle now; of a case without a lot its tenderer's and agency's people alone. `subject` is the number of the
    objection, complaint or consortium that the event is about."""
    if which is Circle.TENDERER:
        return people_of(session, [OrgId(project.tenderer_org)], Role.TENDERER)
    if which is Circle.AGENCY:
        return people_of(session, [OrgId(project.agency_org)], Role.AGENCY)
    if which is Circle.SUPERVISORS:
        return tuple(person.id for person in holders(session, Role.SUPERVISOR))
    if which in _OF_A_SUBJECT:
        return _OF_A_SUBJECT[which](session, subject)
    return () if lot is None else _OF_A_LOT[which](session, lot)


def _followers(session: Session, lot: Lot) -> tuple[PersonId, ...]:
    return tuple(PersonId(person) for person in session.scalars(select(Follow.person_id).where(Follow.lot_id == lot.id)))


def _takers(session: Session, lot: Lot) -> tuple[PersonId, ...]:
    found = union(*(select(table.org_id).where(table.lot_id == lot.id) for table in (Bid, DownloadReceipt, DocumentQuestion)))
    return people_of(session, [*(OrgId(org) for org in session.scalars(found)), *bound_orgs(session, LotId(lot.id))], Role.BIDDER)


def _applicants(session: Session, lot: Lot) -> tuple[PersonId, ...]:
    orgs = session.scalars(select(Application.org_id).where(Application.lot_id == lot.id))
    return people_of(session, [OrgId(org) for org in orgs], Role.BIDDER)


def _invitees(session: Session, lot: Lot) -> tuple[PersonId, ...]:
    return people_of(session, invited_orgs(session, LotId(lot.id)), Role.BIDDER)


def _bidders(session: Session, lot: Lot) -> tuple[PersonId, ...]:
    return people_of(session, took_part(session, LotId(lot.id)), Role.BIDDER)


def _winner(session: Session, lot: Lot) -> tuple[PersonId, ...]:
    if lot.winner_org is None:
        return ()
    return people_of(session, behind(session, LotId(lot.id), [OrgId(lot.winner_org)]), Role.BIDDER)


def _losers(session: Session, lot: Lot) -> tuple[PersonId, ...]:
    won = () if lot.winner_org is None else behind(session, LotId(lot.id), [OrgId(lot.winner_org)])
    lost = [org for org in took_part(session, LotId(lot.id)) if org not in won]
    return people_of(session, lost, Role.BIDDER)


def _filer(session: Session, number: str) -> tuple[PersonId, ...]:
    filed = select(Objection.org_id).where(Objection.number == number)
    orgs = session.scalars(filed.union_all(select(Complaint.org_id).where(Complaint.number == number)))
    return people_of(session, [OrgId(org) for org in orgs], Role.BIDDER)


def _authority(session: Session, number: str) -> tuple[PersonId, ...]:
    orgs = session.scalars(select(Complaint.authority_org).where(Complaint.number == number))
    return people_of(session, [OrgId(org) for org in orgs], Role.SUPERVISOR)


def _members(session: Session, number: str) -> tuple[PersonId, ...]:
    return people_of(session, named_in(session, number), Role.BIDDER)


def _applicant(session: Session, letter: str) -> tuple[PersonId, ...]:
    org = org_of_letter(session, letter)
    return () if org is None else people_of(session, [org], Role.BIDDER)


_OF_A_SUBJECT: Mapping[Circle, Callable[[Session, str], tuple[PersonId, ...]]] = {
    Circle.FILER: _filer,
    Circle.AUTHORITY: _authority,
    Circle.MEMBERS: _members,
    Circle.APPLICANT: _applicant,
}
_OF_A_LOT: Mapping[Circle, Callable[[Session, Lot], tuple[PersonId, ...]]] = {
    Circle.FOLLOWERS: _followers,
    Circle.REVIEWERS: lambda session, lot: reviewers(session, LotId(lot.id)),
    Circle.INVITEES: _invitees,
    Circle.TAKERS: _takers,
    Circle.APPLICANTS: _applicants,
    Circle.BIDDERS: _bidders,
    Circle.WINNER: _winner,
    Circle.LOSERS: _losers,
}
