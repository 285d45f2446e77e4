"""What comes in over the public reading: open data, feeds, papers and exports."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.web.forms import Query
from trading.web.forms import NoticeSearch

Ocid = Annotated[str, Field(pattern=r"^ocds-[a-z0-9]{6}-T[0-9]{4}-[0-9]{6}$")]


class ReleaseQuery(Query):
    """The number after which releases are wanted, and how many."""

    since: Annotated[int, Field(ge=0, le=2**62)] = 0
    limit: Annotated[int, Field(ge=1, le=100)] = 100


class OcidPath(Query):
    """A tender by its Open Contracting ID."""

    ocid: Ocid


class CalendarQuery(NoticeSearch):
    """Which lots' dates are wanted: by the filters of the list of notices, or one lot alone."""

    lot: Annotated[str, Field(pattern=r"^(T[0-9]{4}-[0-9]{6}-[0-9]{1,3})?$")] = ""
