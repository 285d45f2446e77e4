"""What the statement pages take in."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Annotated

from pydantic import Field, field_validator

from core.web.forms import Query
from deposits.domain.passbook import Wanted

Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))]
LotIfAny = Annotated[str, Field(pattern=r"^(T[0-9]{4}-[0-9]{6}-[0-9]{1,3})?$")]


class Shown(Enum):
    """Which accounts: the bank's, or one kind of a lot's."""

    BANK = "bank"
    HELD = "held"
    SUSPENSE = "suspense"
    IN_TRANSIT = "in_transit"


class OwnQuery(Query):
    """A period of a firm's own deposits, of one lot or all; a field left empty is left open."""

    lot: LotIfAny = ""
    since: Day | None = None
    until: Day | None = None

    @field_validator("since", "until", mode="before")
    @classmethod
    def _left_open(cls, value: object) -> object:
        return None if value == "" else value


class PassbookQuery(OwnQuery):
    """Which accounts of opened lots, and whose: `q` is a part of a firm's name or of a reference."""

    account: Shown = Shown.BANK
    q: Annotated[str, Field(max_length=100)] = ""

    def wanted(self) -> Wanted:
        """The filter."""
        return Wanted(self.since, self.until, self.q.strip())
