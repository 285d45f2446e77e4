"""The signed sheets of a room by seat, for the services, and for pages that the table of reads allows to show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.parts import merged
from evaluation.domain.sheet import BidScores
from evaluation.models.rooms import ScoreSheet


def signed(session: Session, code_of: Mapping[UUID, str], parts: Sequence[str]) -> dict[str, list[BidScores]]:
    """Seat → the signed sheets of these parts as one."""
    found: dict[str, list[list[BidScores]]] = {}
    for one in session.scalars(select(ScoreSheet).where(ScoreSheet.seat_id.in_(code_of), ScoreSheet.part.in_(parts))):
        given = [BidScores(**sheet) for sheet in cast("list[dict[str, Any]]", one.sheets)]
        found.setdefault(code_of[one.seat_id], []).append(given)
    return {seat: merged(given) for seat, given in found.items()}
