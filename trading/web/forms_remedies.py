"""What comes in over the pages and the API of objections and complaints."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.web.forms import Digest, LotNumber, Query
from trading.domain.remedy import Stage

RemedyNumber = Annotated[str, Field(pattern=r"^(YY|ZY|TS)-[0-9A-F]{12}$")]


class LotPath(Query):
    """A lot by its sayable number."""

    number: LotNumber


class RemedyPath(Query):
    """An objection or a complaint by its number."""

    remedy: RemedyNumber


class RemedyFilePath(RemedyPath):
    """A file that came with one."""

    sha256: Digest


class StepPath(RemedyPath):
    """One act of an authority."""

    step: Literal["accept", "refuse", "hand-over", "investigate", "suspend", "lift", "decide", "publish"]


class StagePath(LotPath):
    """The stage that is attacked."""

    stage: Stage


class AfterQuery(Query):
    """Where a page of decisions begins."""

    after: Annotated[str, Field(pattern=r"^(TS-[0-9A-F]{12})?$")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
