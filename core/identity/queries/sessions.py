"""Who is behind a session token, what a login is checked against, and a person's own logins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.domain.grant import Office
from core.identity.domain.session import IDLE, Life, browser_name, is_answer_in_time, is_due_a_touch, is_good, is_licence_fresh
from core.identity.models.people import Grant, Organisation, Person
from core.identity.models.sessions import LoginSession
from core.kernel.actor import Actor
from core.kernel.encoding import sha256
from core.kernel.errors import NotAllowed
from core.kernel.ids import OrgId, PersonId, SessionId
from core.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A good login: its actor (roles empty until one is chosen), and whether its last use is due to be written down."""

    session: SessionId
    actor: Actor
    org_name: str
    role: Role | None
    office: Office
    is_due_a_touch: bool


@dataclass(frozen=True, slots=True)
class Login:
    """One row of "where am I logged in"."""

    session: SessionId
    device: str
    opened_at: datetime
    seen_at: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Account:
    """What a password is checked against."""

    person: PersonId
    password_hash: str = field(repr=False)


def token_digest(token: str) -> bytes:
    """Under what a token is kept."""
    return sha256(token.encode("utf-8", "surrogatepass"))


def signed_in(session: Session, token: str, at: datetime) -> SignedIn | None:
    """The good login of a token at a moment of the machine's clock; None for an ended, idle, aged or unknown one, or a disabled person."""
    query = (
        select(LoginSession, Person, Grant, Organisation)
        .join(Person, Person.id == LoginSession.person_id)
        .outerjoin(Grant, (Grant.id == LoginSession.grant_id) & Grant.ended_at.is_(None))
        .outerjoin(Organisation, Organisation.id == Grant.org_id)
        .where(LoginSession.token_sha256 == token_digest(token), Person.disabled_at.is_(None))
    )
    found = session.execute(query).first()
    if found is None:
        return None
    row, person, grant, org = found
    life = Life(row.opened_at, row.seen_at, row.ended_at)
    if not is_good(life, at):
        return None
    roles = frozenset() if grant is None else frozenset({grant.role})
    actor = Actor(PersonId(person.id), None if org is None else OrgId(org.id), roles, person.name)
    return SignedIn(
        SessionId(row.id),
        actor,
        "" if org is None else org.name,
        None if grant is None else grant.role,
        Office.NONE if grant is None else grant.office,
        is_due_a_touch(life, at),
    )


def logins(session: Session, person: PersonId, this: str, at: datetime) -> tuple[Login, ...]:
    """A person's good logins, the latest used first; `this` is the session's id as text of the one that asks."""
    query = select(LoginSession).where(LoginSession.person_id == person, LoginSession.ended_at.is_(None), LoginSession.seen_at > at - IDLE)
    rows = session.scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.id))
    good = [row for row in rows if is_good(Life(row.opened_at, row.seen_at, row.ended_at), at)]
    return tuple(Login(SessionId(row.id), browser_name(row.device), row.opened_at, row.seen_at, str(row.id) == this) for row in good)


def account(session: Session, login: str) -> Account | None:
    """What a login with this name is checked against; None for a name that nobody has or a disabled person."""
    row = session.execute(select(Person.id, Person.password_hash).where(Person.login == login, Person.disabled_at.is_(None))).first()
    return None if row is None else Account(PersonId(row.id), row.password_hash)


def account_of(session: Session, person: PersonId) -> Account | None:
    """The same, for somebody who is logged in already."""
    row = session.execute(select(Person.id, Person.password_hash).where(Person.id == person, Person.disabled_at.is_(None))).first()
    return None if row is None else Account(PersonId(row.id), row.password_hash)


def has_fresh_licence(session: Session, key: str, at: datetime) -> bool:
    """Whether this session (its id as text) began with an electronic licence that was shown a short while ago."""
    row = session.get(LoginSession, UUID(key))
    return row is not None and is_licence_fresh(row.licence_at, at)


def challenge(session: Session, key: str, at: datetime) -> bytes:
    """The WebAuthn challenge that this session (its id as text) was given and may still answer; raises NotAllowed."""
    row = session.get(LoginSession, UUID(key))
    if row is None or row.challenge is None or not is_answer_in_time(row.challenged_at, at):
        raise NotAllowed("enrolment.too_late")
    return row.challenge
