"""What happens to a tender plan, on its own chain (`P2026-000001`); its link to a project is an event of the project's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PlanPublished(Event):
    """A tenderer published a plan: event 0 of its chain."""

    KIND: ClassVar[str] = "plan.publish"
    title: str
    month: str


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Event):
    """The tenderer changed it."""

    KIND: ClassVar[str] = "plan.change"
    title: str
    month: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanCancelled(Event):
    """The tenderer gave it up."""

    KIND: ClassVar[str] = "plan.cancel"
    reason: str


@dataclass(frozen=True, kw_only=True)
class PlanLinked(Event):
    """The notice of what was planned is out; on the project's chain."""

    KIND: ClassVar[str] = "plan.link"
    plan: str
    plan_sha256: str  # of the statement that stood
    published_at: datetime
    month: str
