"""What finance decides about payments that matched nothing, and the statements that it hands in as sheets, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.ids import OrgId


@dataclass(frozen=True, kw_only=True)
class SuspenseReturned(Event):
    """A payment that matched nothing goes back. `subject` is the bank's reference."""

    KIND: ClassVar[str] = "suspense.return"


@dataclass(frozen=True, kw_only=True)
class SuspenseAssigned(Event):
    """A payment that matched nothing is a bidder's deposit, on the chain of its lot. `subject` is the bank's reference."""

    KIND: ClassVar[str] = "suspense.assign"
    bidder: OrgId


@dataclass(frozen=True, kw_only=True)
class StatementImported(Event):
    """Finance answers for the rows of a sheet. `subject` is its id."""

    KIND: ClassVar[str] = "bank_statement.import"
