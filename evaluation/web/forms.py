"""What comes in over the API of draw, room and award."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.web.forms import ActForm, Digest, Form, LotNumber, Query

__all__ = [
    "ActForm",
    "AwardDrawPath",
    "AwardPaperPath",
    "BidFilePath",
    "BidPath",
    "CallPath",
    "DraftForm",
    "DrawPath",
    "KeypadForm",
    "LotPath",
    "NothingForm",
    "PrepareForm",
    "QuestionFilePath",
    "SiteForm",
]

Code = Annotated[str, Field(pattern=r"^T-[0-9]{2}$")]
CallNumber = Annotated[str, Field(pattern=r"^CALL-[A-Z2-9]{12}$")]
DrawName = Annotated[str, Field(pattern=r"^draw-[0-9]{1,3}-[0-9]{1,3}$")]
AwardDrawName = Annotated[str, Field(pattern=r"^award-[0-9]{1,3}-[0-9]{1,3}$")]
TieDrawName = Annotated[str, Field(pattern=r"^tie-[0-9]{1,3}-[0-9]{1,3}$")]
Identifier = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$")]
Stratum = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,29}$")]
SiteName = Annotated[str, Field(min_length=1, max_length=60)]
Score = Annotated[str, Field(pattern=r"^([0-9]{1,6}(\.[0-9]{1,4})?)?$", max_length=12)]
CriterionId = Annotated[str, Field(min_length=1, max_length=60)]
DeductionId = Annotated[str, Field(min_length=1, max_length=20)]
Reason = Annotated[str, Field(max_length=500)]


class LotPath(Query):
    """A lot's sayable number."""

    number: LotNumber


class DrawPath(LotPath):
    """A draw of a lot."""

    draw: DrawName


class BidPath(LotPath):
    """A bid under its code name."""

    code: Code


class BidFilePath(BidPath):
    """A document of a bid by digest."""

    sha256: Digest


class AwardPaperPath(LotPath):
    """A paper to which reasons of the award committee may point."""

    sha256: Digest


class QuestionFilePath(LotPath):
    """A file that came with an answer, by digest."""

    sha256: Digest


class AwardDrawPath(LotPath):
    """A draw of lots in an award session."""

    draw: AwardDrawName


class TieDrawPath(LotPath):
    """A draw of lots among equal bids."""

    draw: TieDrawName


class NothingForm(Form):
    """A body that says nothing: `{}`."""


class SiteForm(Form):
    """A site that lends workstations."""

    name: SiteName
    city: SiteName
    is_host: bool
    workstations: Annotated[int, Field(ge=1, le=500)]


class QuotaForm(Form):
    """How many experts of one specialty."""

    id: Stratum
    quota: Annotated[int, Field(ge=1, le=99)]


class ShareForm(Form):
    """At least or at most so many of a specialty from a region."""

    stratum: Stratum
    region: Annotated[str, Field(min_length=1, max_length=60)]
    least: Annotated[int, Field(ge=1, le=99)] | None = None
    most: Annotated[int, Field(ge=0, le=99)] | None = None


class SeatsForm(Form):
    """How many seats at one site."""

    site: SiteName
    seats: Annotated[int, Field(ge=1, le=99)]


class AgainForm(Form):
    """Why a draw is made again."""

    code: Annotated[str, Field(max_length=20)] = ""
    text: Annotated[str, Field(max_length=500)] = ""


class PrepareForm(Form):
    """What the centre wants drawn."""

    strata: Annotated[list[QuotaForm], Field(min_length=1, max_length=20)]
    regions: Annotated[list[ShareForm], Field(max_length=8)] = []
    org_cap: Annotated[int, Field(ge=0, le=99)] = 1
    sites: Annotated[list[SeatsForm], Field(min_length=1, max_length=20)]
    assemble_at: Annotated[str, Field(max_length=40)]
    window: Annotated[int, Field(ge=1, le=1440)] = 30
    again: AgainForm = AgainForm()
    agreement: Annotated[str, Field(max_length=20)] = ""


class CallPath(Query):
    """A call's number."""

    call: CallNumber


class KeypadForm(Form):
    """A key on the telephone, as the voice gateway signed it."""

    id: Annotated[str, Field(min_length=1, max_length=40)]
    call: CallNumber
    digit: Annotated[str, Field(pattern=r"^[0-9*#]$")]
    at: Annotated[str, Field(max_length=40)]
    signature: Annotated[str, Field(max_length=100)]


class DraftForm(Form):
    """What a member has typed for one bid; `at` is the client's own time and is not kept."""

    scores: Annotated[dict[CriterionId, Score], Field(max_length=200)]
    reasons: Annotated[dict[CriterionId, Reason], Field(max_length=200)] = {}
    ticks: Annotated[dict[CriterionId, Annotated[list[DeductionId], Field(max_length=50)]], Field(max_length=200)] = {}
    at: Annotated[str, Field(max_length=40)] | None = None
    tab: Annotated[str, Field(pattern=r"^[0-9a-f-]{1,36}$")] | None = (
        None  # which window of the seat; without it the order is not looked at
    )
    number: Annotated[int, Field(ge=0, le=2**53)] = 0
    base: Annotated[int, Field(ge=0, le=2**53)] = 0
