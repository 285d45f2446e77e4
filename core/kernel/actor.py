"""Who acts: the person, organisation and roles that a use case is performed for."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """`person` and `org` are None for the platform itself and for the anonymous public (who has no roles)."""

    person: PersonId | None = None
    org: OrgId | None = None
    roles: frozenset[Role] = frozenset()
    name: str = ""


SYSTEM_ACTOR = Actor(roles=frozenset({Role.SYSTEM}), name="system")
PUBLIC_ACTOR = Actor()
