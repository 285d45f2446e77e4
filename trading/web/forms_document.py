"""What comes in about tender documents while bids are taken."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.web.forms import Form, Query
from trading.domain.clarification import LONGEST


class QuestionForm(Form):
    """A question about the tender document."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]


class DownloadPath(Query):
    """A receipt for a download."""

    download: Annotated[str, Field(pattern=r"^DR-[0-9A-F]{16}$")]


class VersionsQuery(Query):
    """Two versions to be compared; 0 leaves it to the page."""

    before: Annotated[int, Field(ge=0, le=100)] = 0
    after: Annotated[int, Field(ge=0, le=100)] = 0
