"""What was found in the files of opened bids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class OddFileFound(Event):
    """A file of an opened bid is odd: it is kept as received and not shown in the browser. `subject` is the file's digest."""

    KIND: ClassVar[str] = "file.odd"
    bidder: OrgId
    env: str
    sha256: str
    size: int
    oddities: Sequence[str]
    parser: str

    def body(self) -> dict[str, JSON]:
        """By the file's digest: its name may say whose it is."""
        return {name: as_json(getattr(self, name)) for name in ("bidder", "env", "sha256", "size", "oddities", "parser")}
