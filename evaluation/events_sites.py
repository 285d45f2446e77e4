"""What happens to sites, workstations and bookings, on the chain `SITES`; none of it names a project (四不知)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from core.kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SiteKept(Event):
    """The centre put a site into the catalogue, or changed it; `subject` is its number."""

    KIND: ClassVar[str] = "site.keep"


@dataclass(frozen=True, kw_only=True)
class SiteRetired(Event):
    """The centre took a site out of the catalogue."""

    KIND: ClassVar[str] = "site.retire"


@dataclass(frozen=True, kw_only=True)
class StationBound(Event):
    """A device is a workstation from now on."""

    KIND: ClassVar[str] = "station.bind"


@dataclass(frozen=True, kw_only=True)
class StationReleased(Event):
    """The device of a workstation is none any more."""

    KIND: ClassVar[str] = "station.release"


@dataclass(frozen=True, kw_only=True)
class StationFaulty(Event):
    """A workstation does not work."""

    KIND: ClassVar[str] = "station.fault"


@dataclass(frozen=True, kw_only=True)
class StationRepaired(Event):
    """A workstation works again."""

    KIND: ClassVar[str] = "station.repair"


@dataclass(frozen=True, kw_only=True)
class VenueBooked(Event):
    """The centre asked for a site; `subject` is the booking's number."""

    KIND: ClassVar[str] = "venue.book"


@dataclass(frozen=True, kw_only=True)
class SiteDrawSigned(Event):
    """The centre had a partner's site drawn; `subject` is the draw's name."""

    KIND: ClassVar[str] = "venue.draw"


@dataclass(frozen=True, kw_only=True)
class SiteDrawn(Event):
    """What was drawn: the platform's value, the sites in the order of the draw, and the booking of the one that is asked now."""

    KIND: ClassVar[str] = "venue.drawn"
    draw: str
    secret: str
    order: Sequence[str]
    site: str
    booking: str


@dataclass(frozen=True, kw_only=True)
class VenueHeld(Event):
    """A booking keeps these places from now on: of a site that needs nobody's word, or once its staff have accepted."""

    KIND: ClassVar[str] = "venue.hold"
    booking: str
    site: str
    statement_sha256: str
    since: datetime
    until: datetime
    places: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class VenueAnswered(Event):
    """A partner's staff accepted a booking, or refused it."""

    KIND: ClassVar[str] = "venue.answer"


@dataclass(frozen=True, kw_only=True)
class VenueCancelled(Event):
    """The centre gave a booking up before it began."""

    KIND: ClassVar[str] = "venue.cancel"


@dataclass(frozen=True, kw_only=True)
class VenueClosed(Event):
    """Whether a booking was used."""

    KIND: ClassVar[str] = "venue.close"


@dataclass(frozen=True, kw_only=True)
class MaterialHandedOver(Event):
    """A partner's staff handed papers, files and recordings over; `subject` is the booking's number."""

    KIND: ClassVar[str] = "venue.hand_over"


@dataclass(frozen=True, kw_only=True)
class MaterialReceived(Event):
    """The centre received what was handed over."""

    KIND: ClassVar[str] = "venue.receive"


@dataclass(frozen=True, kw_only=True)
class HandOverLate(Event):
    """Nothing was handed over within the working days after the use."""

    KIND: ClassVar[str] = "venue.late"
    booking: str
    due: datetime


@dataclass(frozen=True, kw_only=True)
class VenueSealed(Event):
    """The rooms of a booking are closed with what lies in them."""

    KIND: ClassVar[str] = "venue.seal"
    booking: str
    site: str
    rooms: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class VenueUnsealed(Event):
    """Who keeps the site opened them; `subject` is the booking's number."""

    KIND: ClassVar[str] = "venue.unseal"
