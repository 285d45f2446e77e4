"""A lot by invitation, made through the services: its notice names who is invited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.kernel.jcs import JSON
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.domain.invitation import Invitee
from trading.services import invitations


def invitation(firms: Sequence[Person], **changes: Any) -> dict[str, Any]:
    """The member `invitation` of a notice that invites these firms."""
    invitees: list[JSON] = [Invitee(firm.org, firm.org_name, firm.uscc).to_json() for firm in firms]
    said: dict[str, Any] = {"reason": "few", "explanation": "盾构施工专业性强", "approval": "临发改审〔2026〕91号", "invitees": invitees}
    return said | changes


def inviting(world: Tender, firms: Sequence[Person], **changes: Any) -> Tender:
    """A world whose notice will invite these firms."""
    world.notice = {"invitation": invitation(firms, **changes)}
    return world


def answer(world: Tender, firm: Person, said: str, **changes: Any) -> dict[str, JSON]:
    """An invitee answers; `changes` go into the body."""
    request = firm.act("invitation.answer", world.case, world.no, body={"org": str(firm.org), "answer": said} | changes)
    return world.door.perform(firm.actor, lambda work: invitations.answer(work, world.number, request))
