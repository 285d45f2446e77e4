"""Somebody comes in by an electronic business licence: no registration, no password; the first time makes organisation and person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from core.identity.domain.grant import Duty
from core.identity.domain.licence import Presented
from core.identity.models.licences import LicenceHolder, LicenceShown
from core.identity.models.people import Grant
from core.identity.services.people import Newcomer, Place, add_person, found_organisation, give_role, organisation_by_code
from core.identity.services.sessions import open_session
from core.kernel.db import insert_new
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotAllowed
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from core.kernel.work import Work

UNHASHED = "!"  # no password has this hash


def log_in(work: Work, shown: Presented, nonce: str, device: str, at: datetime) -> str:
    """The token of a new login. Raises BadSignature for an answer that was used before, NotAllowed for a holder who was barred or whose
    licence names another organisation than at first. `at` is the machine's clock, as for all sessions."""
    fresh = {"nonce_sha256": sha256(nonce.encode()), "at": work.now()}
    if insert_new(work.session.connection(), LicenceShown, [fresh]) == 0:
        raise BadSignature("licence.used")
    held = work.session.get(LicenceHolder, (shown.issuer, shown.subject))
    person = _welcome(work, shown) if held is None else _known(work, held, shown)
    return open_session(work, person, device, at, Role.BIDDER, licence_at=at)


def _welcome(work: Work, shown: Presented) -> PersonId:
    """The licence proves the code, so an organisation that joined under it before gains a member."""
    org = organisation_by_code(work, shown.uscc) or found_organisation(work, Place(shown.uscc, shown.org_name))
    person = add_person(work, Newcomer(shown.login, shown.handler, UNHASHED), Duty.PARTY)
    give_role(work, person, org, Role.BIDDER)
    holder = LicenceHolder(issuer=shown.issuer, subject=shown.subject, person_id=person, org_id=org, since=work.now())
    work.session.add(holder)
    return person


def _known(work: Work, held: LicenceHolder, shown: Presented) -> PersonId:
    if OrgId(held.org_id) != organisation_by_code(work, shown.uscc):
        raise NotAllowed("licence.other_organisation")
    mine = (Grant.person_id == held.person_id) & (Grant.org_id == held.org_id) & (Grant.role == Role.BIDDER)
    if work.session.scalar(select(Grant.id).where(mine, Grant.ended_at.is_(None))) is None:
        raise NotAllowed("licence.barred")
    return PersonId(held.person_id)
