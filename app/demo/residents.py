"""The people of a case settle in the platform's empty database before it serves."""

from __future__ import annotations

from collections.abc import Mapping

from app import tables
from app.demo.case import PASSWORD, CaseFile
from core.identity import passwords
from core.identity.domain.grant import Office
from core.identity.services.demonstration import Resident, settle
from core.identity.services.people import Newcomer, Place
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine
from core.kernel.keyfile import open_key
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import load

__all__ = ["move_in", "tables"]


def move_in(case: CaseFile, environment: Mapping[str, str]) -> None:
    """Founds the organisations and adds the people with their roles; harmless when repeated. The server must not run yet."""
    settings = load(environment)
    hashed = passwords.hashed(PASSWORD)  # one for all: the password is known, and hashing is slow on purpose
    places = [Place(org["uscc"], org["name"]) for org in case.organisations.values()]
    residents = [
        Resident(
            Newcomer(person["login"], person["name"], hashed),
            ((case.organisations[person["org"]]["uscc"], Role(person["role"]), Office(person.get("office", ""))),),
        )
        for person in case.people
    ]
    door = Door(open_engine(settings.database_url), open_key(settings.platform_key_file, make=True), clock_file=settings.clock_file)
    try:
        door.perform(SYSTEM_ACTOR, lambda work: settle(work, places, residents))
    finally:
        door.close()
