"""Which audience a caller is on a chain of deposits."""

from __future__ import annotations

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.roles import Role


def audience_of(_session: Session, actor: Actor, case: str) -> str | None:
    """A bidder hears of its own deposit; nobody else hears anything."""
    if case.startswith("D-") and actor.org is not None and Role.BIDDER in actor.roles:
        return f"bidder:{actor.org}"
    return None
