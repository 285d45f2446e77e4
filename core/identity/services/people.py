"""Organisations and people join, are given roles, change passwords and leave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.identity.domain.grant import Duty, Office, accept_grant, duty_of
from core.identity.domain.organisation import normal_name, social_credit_code
from core.identity.domain.person import login_name, personal_name
from core.identity.models.people import Grant, Organisation, Person
from core.identity.services.sessions import end_all
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import OrgId, PersonId, SessionId, new_id
from core.kernel.roles import Role
from core.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who joins: the password hashed already, since hashing is slow on purpose and has no place in a transaction."""

    login: str
    name: str
    password_hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """An organisation as somebody wrote it."""

    uscc: str
    name: str


def sign_up(work: Work, where: Place, who: Newcomer) -> PersonId:
    """A bidder's organisation and its first person join by themselves. Raises RuleBroken for a code or a login that is taken."""
    org = found_organisation(work, where)
    person = add_person(work, who, Duty.PARTY)
    give_role(work, person, org, Role.BIDDER)
    return person


def enlist(work: Work, who: Newcomer, where: Place, role: Role, office: Office = Office.NONE) -> PersonId:
    """An administrator opens an account with its first role, in an organisation that joined or now does."""
    _only_admin(work)
    org = organisation_by_code(work, where.uscc) or found_organisation(work, where)
    person = add_person(work, who, duty_of(role))
    give_role(work, person, org, role, office)
    return person


def grant(work: Work, person: PersonId, uscc: str, role: Role, office: Office = Office.NONE) -> None:
    """An administrator gives a person another role, in an organisation that has joined."""
    _only_admin(work)
    org = organisation_by_code(work, uscc)
    if org is None:
        raise NotFound("organisation.not_found")
    give_role(work, person, org, role, office)


def end_roles(work: Work, person: PersonId, at: datetime) -> None:
    """An administrator bars a person: no login, no role from now on. `at` is the machine's clock, as for all sessions."""
    _only_admin(work)
    row = lock(work.session, Person, Person.id == person)
    if person == work.actor.person:
        raise RuleBroken("person.oneself")
    now = work.now()
    row.disabled_at = row.disabled_at or now
    for held in work.session.scalars(select(Grant).where(Grant.person_id == person, Grant.ended_at.is_(None))):
        held.ended_at = now
    end_all(work, person, at)


def change_password(work: Work, password_hash: str, at: datetime, this: SessionId | None) -> int:
    """A person's new password, hashed already; every other login of theirs ends. Returns how many ended."""
    if work.actor.person is None:
        raise NotAllowed("web.log_in")
    row = lock(work.session, Person, Person.id == work.actor.person)
    row.password_hash = password_hash
    return end_all(work, work.actor.person, at, but=this)


def found_organisation(work: Work, what: Place) -> OrgId:
    """An organisation joins; raises RuleBroken for a code that is wrong or taken."""
    now = work.now()
    row = Organisation(id=new_id(now), uscc=social_credit_code(what.uscc), name=normal_name(what.name), joined_at=now)
    with _taken(work, "organisation.taken"):
        work.session.add(row)
    return OrgId(row.id)


def add_person(work: Work, who: Newcomer, duty: Duty) -> PersonId:
    """A person of that duty joins; raises RuleBroken for a login name that is wrong or taken."""
    now = work.now()
    row = Person(
        id=new_id(now), login=login_name(who.login), name=personal_name(who.name), duty=duty, password_hash=who.password_hash, joined_at=now
    )
    with _taken(work, "person.taken"):
        work.session.add(row)
    return PersonId(row.id)


def give_role(work: Work, person: PersonId, org: OrgId, role: Role, office: Office = Office.NONE) -> None:
    """A role from now on; raises RuleBroken when separation of duty forbids it or it is held already."""
    row = lock(work.session, Person, Person.id == person)
    accept_grant(row.duty, role, office)
    now = work.now()
    with _taken(work, "grant.held"):
        held = {"role": role, "office": office, "granted_by": work.actor.person, "granted_at": now}
        work.session.add(Grant(id=new_id(now), person_id=person, org_id=org, duty=row.duty, **held))


def organisation_by_code(work: Work, uscc: str) -> OrgId | None:
    """The organisation of a code; None when it has not joined."""
    found = work.session.scalar(select(Organisation.id).where(Organisation.uscc == social_credit_code(uscc)))
    return None if found is None else OrgId(found)


def _only_admin(work: Work) -> None:
    if not work.actor.roles & {Role.ADMIN, Role.SYSTEM}:
        raise NotAllowed("people.not_allowed")


@contextmanager
def _taken(work: Work, code: str) -> Iterator[None]:
    """What the database's unique constraints refuse, said as a rule: two who race are told the same as one who comes late."""
    try:
        with work.session.begin_nested():
            yield
    except IntegrityError:
        raise RuleBroken(code) from None
