"""What comes in over the routes of sites, workstations and bookings."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import Field

from core.kernel.errors import RuleBroken
from core.web.forms import ActForm, Form, LotNumber, Query
from evaluation.domain.booking import Need, Purpose, Window

SiteNumber = Annotated[str, Field(pattern=r"^V[0-9]{4}-[0-9]{6}$")]
StationLabel = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9-]{0,11}$")]
BEIJING = ZoneInfo("Asia/Shanghai")


class SitePath(Query):
    """A site by its number."""

    site: SiteNumber


class StationPath(SitePath):
    """A workstation of a site."""

    station: StationLabel


class OfferForm(Form):
    """A device's key, offered under an activation code."""

    code: Annotated[str, Field(min_length=10, max_length=20)]
    spki: Annotated[str, Field(min_length=20, max_length=400)]
    proof: Annotated[str, Field(min_length=20, max_length=100)]


class BookForm(ActForm):
    """A signed `venue.book`, and for which lot it is, which the statement does not say."""

    lot: LotNumber | None = None


class NeedQuery(Query):
    """What is looked for, in Beijing time; left empty: not asked yet."""

    since: Annotated[str, Field(max_length=25)] = ""
    until: Annotated[str, Field(max_length=25)] = ""
    seats: Annotated[int, Field(ge=1, le=60)] = 1
    purpose: Purpose = Purpose.EVALUATION
    apart: bool = False
    lot: LotNumber | None = None

    def need(self) -> Need | None:
        """The same for the rules; None before anything is asked. Raises RuleBroken for what is no time."""
        if not self.since and not self.until:
            return None
        return Need(Window(_moment(self.since), _moment(self.until)), self.purpose, self.seats, self.apart)


class PeriodQuery(Query):
    """The days over which sessions are counted, Beijing, both included."""

    since: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""
    until: Annotated[str, Field(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")] = ""

    def window(self, now: datetime) -> Window:
        """From midnight to midnight; this year until today where nothing is said. Raises RuleBroken for what is no day."""
        today = now.astimezone(BEIJING)
        since = self.since or f"{today.year}-01-01"
        until = self.until or today.date().isoformat()
        return Window(_moment(f"{since}T00:00"), _moment(f"{until}T00:00") + timedelta(days=1))


def _moment(written: str) -> datetime:
    """`2026-11-30T09:00` of Beijing, or with an offset of its own."""
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        raise RuleBroken("venue.window") from None
    return (read.replace(tzinfo=BEIJING) if read.tzinfo is None else read).astimezone(UTC)
