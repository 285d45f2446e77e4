"""What comes in of recordings: which tapes a seat's browser begins, why somebody watches, and addresses of tapes and views."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.web.forms import Form
from evaluation.web.forms import Identifier, LotPath

Media = Annotated[str, Field(pattern=r"^video/webm(;codecs=[a-zA-Z0-9.,]{1,40})?$")]
SeatCode = Annotated[str, Field(pattern=r"^[0-9]{1,3}$")]


class TapesForm(Form):
    """What a seat's browser is about to send: the type of each form."""

    clear: Media
    shield: Media


class WatchForm(Form):
    """Why somebody watches which seats, all where none are named; a supervisor leaves the purpose to the visit."""

    purpose: Literal["", "routine", "alarm", "measure", "complaint", "review", "other"] = ""
    note: Annotated[str, Field(max_length=200)] = ""
    seats: Annotated[list[SeatCode], Field(max_length=100)] = []


class TapePath(LotPath):
    """A tape by its id."""

    tape: Identifier


class ViewPath(LotPath):
    """A view by its id."""

    view: Identifier


class ViewTapePath(ViewPath):
    """A tape that a view shows."""

    tape: Identifier


class ViewSeatPath(ViewPath):
    """A seat that a view shows."""

    seat: SeatCode
