"""What comes in over the pages and the API of bids and openings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.web.forms import EnvelopeForm, Form, LotNumber, Query

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|^[0-9a-f]{32}$")]
Base64 = Annotated[str, Field(pattern=r"^[A-Za-z0-9+/]*={0,2}$", max_length=100_000)]
EnvelopeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,19}$")]


class ShareBoxForm(Form):
    """An office's share box."""

    role: Literal["tenderer", "centre", "supervisor"]
    box: Base64


class SealPartForm(Form):
    """One envelope: its signed statement, its finished upload, and the boxes of its key."""

    envelope: EnvelopeForm
    upload: Uuid
    bidder_box: Base64
    share_boxes: Annotated[list[ShareBoxForm], Field(max_length=3)]


class SealForm(Form):
    """A version: all its envelopes, in the order of the tender document."""

    seals: Annotated[list[SealPartForm], Field(min_length=1, max_length=3)]


class NothingForm(Form):
    """A body that says nothing: `{}`."""


class LotPath(Query):
    """A lot by its sayable number."""

    number: LotNumber


class EnvelopePath(LotPath):
    """One envelope of a bid."""

    env: EnvelopeName


class ReceiptPath(Query):
    """A receipt by its number."""

    receipt: Annotated[str, Field(pattern=r"^RC-[0-9A-F]{16}$")]


class LateSealPath(Query):
    """The trace of a late seal by its number."""

    late_seal: Annotated[str, Field(pattern=r"^LT-[0-9A-F]{16}$")]


class FilePath(LotPath):
    """A file by its digest."""

    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class DrawPath(LotPath):
    """A draw of coefficients by its name."""

    draw: Annotated[str, Field(pattern=r"^coefficients-[0-9A-Za-z]{1,8}-[0-9]{1,4}$")]


class PartQuery(Query):
    """Which opening is meant: the envelope's name and, where there are several of one, the round; or the latest."""

    part: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,19})?$")] = ""
    round: Annotated[int, Field(ge=0, le=99)] | None = None
