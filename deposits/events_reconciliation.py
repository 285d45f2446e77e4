"""What happens to the books of a day, in the past tense, on the chain of the books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class DifferenceClosed(Event):
    """A person of finance has closed a difference with its cause. `subject` is the difference."""

    KIND: ClassVar[str] = "difference.close"
