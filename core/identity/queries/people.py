"""People and organisations as pages show them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.identity.domain.grant import Office
from core.identity.models.people import Grant, Organisation, Person
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role

PAGE = 50


@dataclass(frozen=True, slots=True)
class GrantView:
    """A live role of a person."""

    id: UUID
    org: OrgId
    org_name: str
    uscc: str
    role: Role
    office: Office


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person with their live roles."""

    id: PersonId
    login: str
    name: str
    joined_at: datetime
    disabled_at: datetime | None
    grants: tuple[GrantView, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """At most 50 people; `after` is where the next page begins, "" on the last."""

    people: tuple[PersonView, ...]
    after: str


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """A legal person."""

    id: OrgId
    uscc: str
    name: str


def person(session: Session, who: PersonId) -> PersonView:
    """One person; raises NotFound."""
    row = session.get(Person, who)
    if row is None:
        raise NotFound("person.not_found")
    return _views(session, [row])[0]


def by_login(session: Session, login: str) -> PersonView:
    """Who logs in by that name; raises NotFound."""
    row = session.scalar(select(Person).where(Person.login == login))
    if row is None:
        raise NotFound("person.not_found")
    return _views(session, [row])[0]


def organisation(session: Session, org: OrgId) -> OrganisationView:
    """One organisation; raises NotFound."""
    row = session.get(Organisation, org)
    if row is None:
        raise NotFound("organisation.not_found")
    return OrganisationView(OrgId(row.id), row.uscc, row.name)


def organisation_by_uscc(session: Session, uscc: str) -> OrganisationView:
    """The organisation of a code in its normal form; raises NotFound."""
    row = session.scalar(select(Organisation).where(Organisation.uscc == uscc))
    if row is None:
        raise NotFound("organisation.not_found")
    return OrganisationView(OrgId(row.id), row.uscc, row.name)


def holders(session: Session, role: Role, org: OrgId | None = None) -> tuple[PersonView, ...]:
    """Everybody who holds a role now, in one organisation when `org` is given, by login name."""
    query = select(Person).join(Grant, Grant.person_id == Person.id).where(Grant.role == role, Grant.ended_at.is_(None))
    if org is not None:
        query = query.where(Grant.org_id == org)
    return tuple(_views(session, list(session.scalars(query.distinct().order_by(Person.login)))))


def people_of(session: Session, orgs: Iterable[OrgId], role: Role) -> tuple[PersonId, ...]:
    """Everybody who holds this role now in one of these organisations."""
    query = select(Grant.person_id).where(Grant.org_id.in_(list(orgs)), Grant.role == role, Grant.ended_at.is_(None))
    return tuple(PersonId(person) for person in session.scalars(query.distinct()))


def search(session: Session, words: str = "", after: str = "") -> Page:
    """People whose login, name or organisation holds `words`, by login name, from the login `after` on (keyset paging)."""
    query = select(Person).where(Person.login > after).order_by(Person.login).limit(PAGE + 1)
    if words:
        pattern = "%" + words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        orgs = select(Organisation.id).where(Organisation.name.like(pattern, escape="\\"))
        members = select(Grant.person_id).where(Grant.org_id.in_(orgs))
        logins, names = Person.login.like(pattern.lower(), escape="\\"), Person.name.like(pattern, escape="\\")
        query = query.where(or_(logins, names, Person.id.in_(members)))
    rows = list(session.scalars(query))
    return Page(tuple(_views(session, rows[:PAGE])), rows[PAGE - 1].login if len(rows) > PAGE else "")


def _views(session: Session, rows: list[Person]) -> list[PersonView]:
    query = select(Grant, Organisation).join(Organisation, Organisation.id == Grant.org_id)
    live = query.where(Grant.person_id.in_([row.id for row in rows]), Grant.ended_at.is_(None)).order_by(Grant.granted_at, Grant.id)
    held: dict[UUID, list[GrantView]] = {}
    for grant, org in session.execute(live):
        view = GrantView(grant.id, OrgId(org.id), org.name, org.uscc, grant.role, grant.office)
        held.setdefault(grant.person_id, []).append(view)
    return [PersonView(PersonId(row.id), row.login, row.name, row.joined_at, row.disabled_at, tuple(held.get(row.id, ()))) for row in rows]
