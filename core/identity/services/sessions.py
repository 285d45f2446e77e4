"""Logging in and out. All moments here are the machine's own: a demonstration that jumps ahead must not log everybody out."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from core.identity.domain.session import Life, is_good
from core.identity.models.people import Grant, Person
from core.identity.models.sessions import LoginSession
from core.identity.queries.sessions import token_digest
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import PersonId, SessionId, new_id
from core.kernel.roles import Role
from core.kernel.work import Work

LONGEST_DEVICE = 200


def open_session(
    work: Work, person: PersonId, device: str, at: datetime, role: Role | None = None, *, licence_at: datetime | None = None
) -> str:
    """Logs a person in whose password was checked already, or who showed an electronic licence at `licence_at`; returns the new token.

    The role is chosen at once when there is only one, or when `role` names one of several. Raises NotAllowed for a disabled person.
    """
    row = lock(work.session, Person, Person.id == person, shared=True)
    if row.disabled_at is not None:
        raise NotAllowed("session.refused")
    query = select(Grant).where(Grant.person_id == person, Grant.ended_at.is_(None)).order_by(Grant.granted_at, Grant.id)
    grants = [grant for grant in work.session.scalars(query) if role in (None, grant.role)]
    chosen = grants[0].id if len(grants) == 1 or (role is not None and grants) else None
    return _open(work, person, chosen, device, opened_at=at, at=at, licence_at=licence_at)


def choose_role(work: Work, token: str, grant: UUID, at: datetime) -> str:
    """Goes on in another role: the old token ends, the new one is returned; the twelve hours run on."""
    row = _good(work, token, at)
    found = work.session.get(Grant, grant)
    if found is None or found.person_id != row.person_id or found.ended_at is not None:
        raise NotFound("role_grant.not_found")
    row.ended_at = at
    return _open(work, PersonId(row.person_id), found.id, row.device, opened_at=row.opened_at, at=at, licence_at=row.licence_at)


def close_session(work: Work, token: str, at: datetime) -> None:
    """Logs out; a token that is no longer good is left as it is."""
    query = update(LoginSession).where(LoginSession.token_sha256 == token_digest(token), LoginSession.ended_at.is_(None))
    work.session.execute(query.values(ended_at=at))


def end_session(work: Work, person: PersonId, session: SessionId, at: datetime) -> None:
    """Ends one of a person's own logins; raises NotFound for anybody else's."""
    row = lock(work.session, LoginSession, LoginSession.id == session, LoginSession.person_id == person)
    row.ended_at = row.ended_at or at


def end_all(work: Work, person: PersonId, at: datetime, but: SessionId | None = None) -> int:
    """Ends a person's logins, all or all but one; returns how many it ended."""
    rows = work.session.scalars(select(LoginSession).where(LoginSession.person_id == person, LoginSession.ended_at.is_(None)))
    ended = [row for row in rows if row.id != but]
    for row in ended:
        row.ended_at = at
    return len(ended)


def touch(work: Work, token: str, at: datetime) -> None:
    """Writes down that a login was used just now; says nothing when it is no longer good."""
    query = update(LoginSession).where(LoginSession.token_sha256 == token_digest(token), LoginSession.ended_at.is_(None))
    work.session.execute(query.where(LoginSession.seen_at < at).values(seen_at=at))


def ask(work: Work, session: SessionId, at: datetime) -> bytes:
    """A new WebAuthn challenge for this login; an older one is forgotten."""
    row = lock(work.session, LoginSession, LoginSession.id == session)
    row.challenge, row.challenged_at = secrets.token_bytes(32), at
    return row.challenge


def _good(work: Work, token: str, at: datetime) -> LoginSession:
    row = lock(work.session, LoginSession, LoginSession.token_sha256 == token_digest(token))
    if not is_good(Life(row.opened_at, row.seen_at, row.ended_at), at):
        raise NotAllowed("web.log_in")
    return row


def _open(
    work: Work, person: PersonId, grant: UUID | None, device: str, *, opened_at: datetime, at: datetime, licence_at: datetime | None
) -> str:
    token = secrets.token_urlsafe(32)
    row = LoginSession(
        id=new_id(at),
        token_sha256=token_digest(token),
        person_id=person,
        grant_id=grant,
        device=device[:LONGEST_DEVICE],
        opened_at=opened_at,
        seen_at=at,
        licence_at=licence_at,
    )
    work.session.add(row)
    return token
