"""What comes in over the routes of tender plans."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, field_validator

from core.web.forms import Form, Query
from trading.domain.clock import LegalRegime
from trading.domain.plan import PlanState
from trading.domain.project import Category

PlanNumber = Annotated[str, Field(pattern=r"^P[0-9]{4}-[0-9]{6}$")]
MONTH = r"20[0-9]{2}-(0[1-9]|1[0-2])"


class PlanPath(Query):
    """A plan."""

    number: PlanNumber


class PlanDraftForm(Form):
    """What a plan's draft says; its own reader says what must be in it."""

    content: dict[str, Any]


class PlanSearch(Query):
    """What to look for; a field left empty in a form is a field left open. `month`: of the planned notice, `2026-12`."""

    q: Annotated[str, Field(max_length=100)] = ""
    state: PlanState | None = None
    regime: LegalRegime | None = None
    category: Category | None = None
    region: Annotated[str, Field(max_length=60)] = ""
    month: Annotated[str, Field(pattern=f"^({MONTH})?$")] = ""

    @field_validator("state", "regime", "category", mode="before")
    @classmethod
    def _left_open(cls, value: object) -> object:
        return None if value == "" else value


class PlanQuery(PlanSearch):
    """What to look for, and the plan that the page begins after."""

    after: Annotated[str, Field(pattern=r"^(P[0-9]{4}-[0-9]{6})?$")] = ""
    limit: Annotated[int, Field(ge=1, le=100)] = 20
