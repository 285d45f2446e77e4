"""What comes in over the routes of the expert pool."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from core.web.forms import Form, Query
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
