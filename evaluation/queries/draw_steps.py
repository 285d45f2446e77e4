"""A finished draw recomputed step by step from its public record."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.kernel.draw import parse_draw
from core.kernel.draw_steps import Steps, steps
from core.kernel.jcs import JSON, canonical
from evaluation.queries.draws import public_record
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class StepsPage:
    """The steps of a draw; `request`: the bytes that are hashed, as text."""

    lot: LotView
    steps: Steps
    request: str


def page(session: Session, number: str, name: str) -> StepsPage:
    """The steps of a draw of a lot; raises NotFound, WrongState before the result."""
    record = public_record(session, number, name)
    return StepsPage(lots.by_number(session, number), steps(parse_draw(record)), _hashed(record["request"]))


def _hashed(request: JSON) -> str:
    return canonical(request).decode()  # its pool was sorted when it was drawn up
