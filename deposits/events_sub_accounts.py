"""What happens to sub-accounts, in the past tense, on the chain of their lot: `D-<lot number>`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SubAccountsCancelled(Event):
    """Finance has cancelled sub-accounts of a lot that hold nothing."""

    KIND: ClassVar[str] = "sub_account.cancel"
