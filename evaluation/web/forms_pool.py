"""What comes in over the routes of the expert pool."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from core.web.forms import Form, Query
from evaluation.domain.expert import ExpertState
from evaluation.web.forms import Identifier

ExpertNumber = Annotated[str, Field(pattern=r"^E[0-9]{4}-[0-9]{6}$")]


class ExpertPath(Query):
    """An entry of the pool."""

    number: ExpertNumber


class ExpertDraftForm(Form):
    """What the keeper typed of an expert, whose own reader says what must be in it; `person`: the account, if there is one yet."""

    content: dict[str, Any]
    person: Identifier | None = None


class LinkForm(Form):
    """The login name of the expert's account."""

    login: Annotated[str, Field(min_length=1, max_length=64)]


class ContactForm(Form):
    """Numbers to be kept under seal; "" leaves what is kept."""

    phone: Annotated[str, Field(max_length=30)] = ""
    id_number: Annotated[str, Field(max_length=30)] = ""


class ExpertQuery(Query):
    """What to look for in the pool, and the entry that the page begins after; a field left empty is left open."""

    q: Annotated[str, Field(max_length=100)] = ""
    stratum: Annotated[str, Field(pattern=r"^[a-z_]{0,30}$")] = ""
    region: Annotated[str, Field(max_length=60)] = ""
    state: ExpertState | None = None
    origin: Annotated[str, Field(pattern=r"^(own|A[0-9]{4}-[0-9]{6})?$")] = ""
    after: Annotated[str, Field(pattern=r"^(E[0-9]{4}-[0-9]{6})?$")] = ""

    @field_validator("state", mode="before")
    @classmethod
    def _left_open(cls, value: object) -> object:
        return None if value == "" else value
