"""What comes in over the API of a member's workstation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.web.forms import Digest, Form
from evaluation.web.forms import Code, CriterionId, Identifier, LotPath


class NotePath(LotPath):
    """A note by the id that the client made."""

    note: Identifier


class NoteForm(Form):
    """A bookmark, or a note with what was selected and what the member says of it."""

    code: Code
    sha256: Digest
    page: Annotated[int, Field(ge=1, le=20_000)]
    kind: Literal["bookmark", "note"]
    criterion: CriterionId | Literal[""] = ""
    quote: Annotated[str, Field(max_length=500)] = ""
    text: Annotated[str, Field(max_length=1000)] = ""
