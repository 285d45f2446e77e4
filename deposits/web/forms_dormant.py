"""What the pages and the API of dormant deposits take in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.web.forms import Digest, Query
from deposits.domain.dormant import Age, DormantState, Reason, Way

Row = Annotated[str, Field(pattern=r"^Y[0-9]{4}-[0-9]{6}-[0-9]{5}$")]
Ledger = Annotated[str, Field(pattern=r"^Y[0-9]{4}-[0-9]{6}$")]


class RowPath(Query):
    """A dormant deposit by its number."""

    dormant: Row


class LedgerPath(Query):
    """An old ledger by its number."""

    ledger: Ledger


class FilePath(Query):
    """A file of a claim."""

    dormant: Row
    sha256: Digest


class DormantSearch(Query):
    """What to look for in the public list."""

    q: Annotated[str, Field(max_length=100)] = ""
    age: Age | None = None


class DormantQuery(DormantSearch):
    """The same, and where the page begins."""

    after: Annotated[str, Field(pattern=r"^(Y[0-9]{4}-[0-9]{6}-[0-9]{5})?$")] = ""


class FinanceSearch(DormantSearch):
    """What finance looks for."""

    state: DormantState | None = None
    reason: Reason | None = None
    ledger: Annotated[str, Field(pattern=r"^(Y[0-9]{4}-[0-9]{6})?$")] = ""


class FinanceQuery(FinanceSearch):
    """The same, and where the page begins."""

    after: Annotated[str, Field(pattern=r"^(Y[0-9]{4}-[0-9]{6}-[0-9]{5})?$")] = ""


class WayQuery(Query):
    """Where deposits are to go together."""

    way: Way = Way.NOTARY


class MonthQuery(Query):
    """A month such as 2026-11; "" is this one."""

    month: Annotated[str, Field(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")] = ""
