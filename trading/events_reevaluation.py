"""An order to evaluate again, before the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReevaluationOrdered(Event):
    """The supervisor, or the tenderer on a ground of the law, has the original committee review items again; which ones, and why, stays in
    the statement."""

    KIND: ClassVar[str] = "reevaluation.order"
    ground: str
