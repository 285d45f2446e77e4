"""What a plain form posted: done, or the sentences that stand beside its fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from flask import request
from pydantic import ValidationError

from core.identity.web.texts import FILL_IN, WHERE
from core.kernel.errors import Refusal
from core.web.forms import Form
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence

F = TypeVar("F", bound=Form)
T = TypeVar("T")
BESIDE = frozenset({"csrf_token", "next"})  # fields of the page, not of the form


@dataclass(frozen=True, slots=True)
class Posted(Generic[T]):
    """`value` when there are no `errors`, pairs of a field's name ("" for the whole form) and a sentence; else the HTTP status."""

    value: T
    errors: list[tuple[str, str]]
    status: int = 303


def posted(schema: type[F], do: Callable[[F], T], more: Mapping[str, object] | None = None) -> Posted[T]:
    """Reads the posted form by its schema and does it; `more` stands beside what the form's own fields say."""
    fields: dict[str, object] = {name: value for name, value in request.form.items() if name not in BESIDE}
    nothing = cast(T, None)
    try:
        return Posted(do(schema.model_validate(fields | dict(more or {}))), [])
    except ValidationError as fault:
        places = dict.fromkeys(str(error["loc"][0]) if error["loc"] else "" for error in fault.errors(include_url=False))
        return Posted(nothing, [(place, str(FILL_IN)) for place in places], 422)
    except Refusal as refusal:
        beside = WHERE.get(refusal.code, "")
        return Posted(nothing, [(beside, sentence(refusal, platform().sentences))], status_of(refusal))
