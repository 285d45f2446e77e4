"""What comes in about fees by plain forms and addresses."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.web.forms import Form, Query
from evaluation.web.forms import Identifier

Month = Annotated[str, Field(pattern=r"^([0-9]{4}-(0[1-9]|1[0-2]))?$")]


class FeePath(Query):
    """A fee."""

    fee: Identifier


class MonthQuery(Query):
    """A month such as 2026-11, "" for all."""

    month: Month = ""


class PayerAccountForm(Form):
    """An organisation's own account."""

    name: Annotated[str, Field(min_length=1, max_length=140)]
    number: Annotated[str, Field(min_length=1, max_length=60)]
    bank: Annotated[str, Field(min_length=1, max_length=100)]
