"""The people of a demonstration settle in, each with the organisation and roles that the case gives them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from core.identity.domain.grant import Office, duty_of
from core.identity.models.people import Grant, Person
from core.identity.services.people import Newcomer, Place, add_person, found_organisation, give_role, organisation_by_code
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from core.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody of the cast; `roles` names each organisation by its code."""

    who: Newcomer
    roles: Sequence[tuple[str, Role, Office]]


def settle(work: Work, organisations: Sequence[Place], residents: Sequence[Resident]) -> dict[str, PersonId]:
    """Founds organisations and adds people, whoever is not there yet; returns people by login name."""
    orgs = {org.uscc: organisation_by_code(work, org.uscc) or found_organisation(work, org) for org in organisations}
    return {resident.who.login: _settle(work, resident, orgs) for resident in residents}


def _settle(work: Work, resident: Resident, orgs: dict[str, OrgId]) -> PersonId:
    known = work.session.scalar(select(Person.id).where(Person.login == resident.who.login))
    person = PersonId(known) if known else add_person(work, resident.who, duty_of(resident.roles[0][1]))
    for uscc, role, office in resident.roles:
        org = orgs.get(uscc) or organisation_by_code(work, uscc)
        if org is None:
            raise NotFound("organisation.not_found")
        held = select(Grant.id).where(Grant.person_id == person, Grant.org_id == org, Grant.role == role, Grant.ended_at.is_(None))
        if work.session.scalar(held) is None:
            give_role(work, person, org, role, office)
    return person
