"""What happens to waivers in a lot, on the chain of its deposits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId


@dataclass(frozen=True, kw_only=True)
class WaiverUsed(Event):
    """A bidder uses its waiver for this lot; `subject` is the digest of its statement."""

    KIND: ClassVar[str] = "waiver.use"
    bidder: OrgId
