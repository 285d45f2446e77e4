"""What the report says of questions to bidders: each with its answer, accepted corrections, and votes on prices with both sides."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.committee import code_name
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import questions


def question_data(session: Session, room: Evaluation) -> dict[str, Any]:
    """The fields `questions` and `price_matters` of the report."""
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    votes = questions.price_votes(session, {seat.id: seat.code for seat in seats})
    flags = cast("dict[str, list[str]]", room.low_flags or {})
    same = ("number", "code", "kind", "text", "rule", "correction", "answer", "accepts")
    asked = [
        {name: getattr(one, name) for name in same} | {"state": one.state.value, "files": [file["name"] for file in _files(one.files)]}
        for one in questions.asked(session, room.id)
    ]
    matters = []
    for one in cast("list[dict[str, Any]]", room.price_decisions or []):
        mine = votes.get(one["bid"], {})
        rows = [{"name": code_name(seat), "stays": mine[seat].stays, "reason": mine[seat].reason} for seat in sorted(mine, key=int)]
        matters.append({"code": one["bid"], "stays": one["stays"], "limits": flags.get(one["bid"], []), "votes": rows})
    return {"questions": asked, "price_matters": matters}


def _files(said: object) -> list[dict[str, str]]:
    return cast("list[dict[str, str]]", said or [])
