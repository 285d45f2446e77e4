"""What comes in over the routes of the archive."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, field_validator

from core.web.forms import Query
from trading.domain.archive import Secrecy
from trading.domain.clock import LegalRegime
from trading.domain.retention import Retention


class ArchiveSearch(Query):
    """What to look for; a field left empty in a form is a field left open. `held`: only cases that an order keeps as they are."""

    q: Annotated[str, Field(max_length=100)] = ""
    retention: Retention | None = None
    secrecy: Secrecy | None = None
    regime: LegalRegime | None = None
    year: Annotated[int | None, Field(ge=2000, le=2200)] = None
    held: bool = False

    @field_validator("retention", "secrecy", "regime", "year", mode="before")
    @classmethod
    def _left_open(cls, value: object) -> object:
        return None if value == "" else value


class ArchiveQuery(ArchiveSearch):
    """What to look for, and the case that the page begins after."""

    after: Annotated[str, Field(pattern=r"^(T[0-9]{4}-[0-9]{6})?$")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
