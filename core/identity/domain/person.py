"""A person: what their login name and password must be, and how statements and certificates name them."""

from __future__ import annotations

import re

from core.identity.domain.organisation import normal_name
from core.kernel.errors import RuleBroken
from core.kernel.ids import PersonId
from core.kernel.roles import Role

SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 128

_LOGIN = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{1,62})[a-z0-9]")


def urn(person: PersonId, role: Role | None = None) -> str:
    """How payloads (`actor.id`) and certificates (SAN URI) name a person; an officer bears a name of their own, as their keys do."""
    return f"urn:ztb:{'officer' if role is Role.OFFICER else 'person'}:{person}"


def login_name(written: str) -> str:
    """The one spelling of a login name: lower case, 3 to 64 of a–z 0–9 . _ @ -; raises RuleBroken for any other."""
    login = written.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise RuleBroken("person.login")
    return login


def personal_name(written: str) -> str:
    """The one spelling of a person's name; raises RuleBroken as `normal_name`."""
    return normal_name(written, "person.name")


def accept_password(password: str, login: str) -> None:
    """Raises RuleBroken for a password under 10 or over 128 characters, of fewer than 5 different ones, or holding the login name.

    Length rather than composition rules: NIST SP 800-63B §3.1.1.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise RuleBroken("person.password_length", least=SHORTEST_PASSWORD, most=LONGEST_PASSWORD)
    if len(set(password)) < 5 or login in password.lower():
        raise RuleBroken("person.password_easy")
