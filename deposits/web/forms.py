"""What the API and the pages of deposits take in."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from core.web.forms import Form, Query

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Reference = Annotated[str, Field(pattern=r"^[0-9A-Za-z-]{1,35}$")]


class LotPath(Query):
    """A lot by its sayable number, or with `-P` what its winner is asked for."""

    number: Annotated[str, Field(pattern=r"^T[0-9]{4}-[0-9]{6}-[0-9]{1,3}(-P)?$")]


class RefundPath(Query):
    """A refund."""

    refund: Uuid


class EntryPath(Query):
    """An entry of the bank by its reference."""

    ref: Reference


class NothingForm(Form):
    """An empty object."""


class BasicAccountForm(Form):
    """A firm's basic account."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    account: Annotated[str, Field(min_length=8, max_length=60)]
    bank: Annotated[str, Field(min_length=2, max_length=100)]
