"""One's own account as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.identity.domain.anchor import refuse_anchor
from core.identity.domain.certificate import purposes
from core.identity.domain.person import urn
from core.identity.queries import anchors, certificates, licences, people, sessions
from core.identity.queries.anchors import AnchorView
from core.identity.queries.certificates import CertifiedKey
from core.identity.queries.people import PersonView
from core.identity.queries.sessions import Login
from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed
from core.kernel.ids import PersonId
from core.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class AccountView:
    """Who one is, which roles one holds, and where one is logged in."""

    person: PersonView
    logins: tuple[Login, ...]


@dataclass(frozen=True, slots=True)
class DevicesView:
    """One's keys, those that count first; `purposes` are what the role at hand may have keys for, `now` the platform's clock,
    `anchors` the authorities whose certificates count."""

    person: PersonView
    urn: str
    role: Role | None
    purposes: tuple[str, ...]
    live: tuple[CertifiedKey, ...]
    ended: tuple[CertifiedKey, ...]
    now: datetime
    anchors: tuple[AnchorView, ...]
    licence_issuer: str  # of the licence that confirms who one is, "" for whoever has a password
    is_confirmed: bool  # it was shown a short while ago


def account(session: Session, person: PersonId, this: str, at: datetime) -> AccountView:
    """The account page; `at` by the machine's clock, as for all sessions."""
    return AccountView(people.person(session, person), sessions.logins(session, person, this, at))


def devices(session: Session, who: Actor, now: datetime, this: str, at: datetime) -> DevicesView:
    """The devices page of a session (`this`, its id as text); `at` by the machine's clock."""
    if who.person is None:
        raise NotAllowed("web.log_in")
    view, keys = people.person(session, who.person), certificates.keys_of(session, who.person)
    role = next(iter(who.roles), None)
    office = next((grant.office for grant in view.grants if grant.role is role and grant.org == who.org), None)
    allowed = purposes(role, office) if role is not None and office is not None else ()
    live = tuple(key for key in keys if key.is_live(now))
    ended = tuple(key for key in keys if not key.is_live(now))
    known = tuple(one for one in anchors.public_anchors(session) if refuse_anchor(one.state, one.until, now) is None)
    issuer = licences.issuer_of(session, who.person)
    confirmed = sessions.has_fresh_licence(session, this, at)
    return DevicesView(view, urn(who.person, role), role, allowed, live, ended, now, known, issuer, confirmed)
