"""What happens about who may bid."""

from __future__ import annotations

from collections.abc import Sequence
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


@dataclass(frozen=True, kw_only=True)
class ConsortiumRegistered(Event):
    """A lead member registered a consortium for a lot, signing its agreement; `subject` is its number."""

    KIND: ClassVar[str] = "consortium.register"
    members: Sequence[OrgId]


@dataclass(frozen=True, kw_only=True)
class ConsortiumSigned(Event):
    """A member signed the agreement; `complete` once all have."""

    KIND: ClassVar[str] = "consortium.sign"
    members: Sequence[OrgId]
    org: OrgId
    complete: bool


@dataclass(frozen=True, kw_only=True)
class ConsortiumDissolved(Event):
    """A member dissolved the consortium before its bid was in: nobody is bound by it any more."""

    KIND: ClassVar[str] = "consortium.dissolve"
    members: Sequence[OrgId]
    org: OrgId
