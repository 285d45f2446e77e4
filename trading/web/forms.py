"""What comes in over trading's API and pages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field, field_validator

from core.web.forms import Digest, Form, LotNumber, Query
from trading.domain.clock import LegalRegime
from trading.domain.draft import DraftKind
from trading.domain.notice import NoticeKind
from trading.domain.project import Category

Case = Annotated[str, Field(pattern=r"^T[0-9]{4}-[0-9]{6}$")]
NoticeNumber = Annotated[str, Field(pattern=r"^T[0-9]{4}-[0-9]{6}-[0-9]{1,3}-N[0-9]{1,4}$")]


class NoForm(Form):
    """A body that says nothing: `{}`."""


class DraftForm(Form):
    """What a draft is made of; its kind's own reader says what must be in it."""

    content: dict[str, Any]


class CasePath(Query):
    """A case."""

    case: Case


class LotPath(Query):
    """A lot."""

    number: LotNumber


class DraftPath(LotPath):
    """A draft of a lot."""

    kind: DraftKind


class FilePath(LotPath):
    """A file of a lot's tender document."""

    sha256: Digest


class NoticePath(Query):
    """A notice."""

    number: NoticeNumber


class NoticeSearch(Query):
    """What to look for; a field left empty in a form is a field left open. `since` and `until` are Beijing days, both included."""

    q: Annotated[str, Field(max_length=100)] = ""
    kind: NoticeKind | None = None
    regime: LegalRegime | None = None
    category: Category | None = None
    region: Annotated[str, Field(max_length=60)] = ""
    since: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))] | None = None
    until: Annotated[date, Field(ge=date(2000, 1, 1), le=date(2999, 12, 31))] | None = None
    bidding: Annotated[str, Field(pattern="^1?$")] = ""

    @field_validator("kind", "regime", "category", "since", "until", mode="before")
    @classmethod
    def _left_open(cls, value: object) -> object:
        return None if value == "" else value


class NoticeQuery(NoticeSearch):
    """What to look for, and the notice that the page begins after."""

    after: Annotated[str, Field(pattern=r"^(T[0-9]{4}-[0-9]{6}-[0-9]{1,3}-N[0-9]{1,4})?$")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
