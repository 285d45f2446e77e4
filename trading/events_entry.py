"""What happens about who may bid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId


@dataclass(frozen=True, kw_only=True)
class InvitationAnswered(Event):
    """An invitee confirmed that it takes part, or declined; nobody else hears of it before the opening."""

    KIND: ClassVar[str] = "invitation.answer"
    org: OrgId
    answer: str
