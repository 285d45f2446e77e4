"""What the report says of doubted scores: which, why, both votes with the minority, the explanation, and what counts instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import doubt_page
from evaluation.queries.doubt_page import DoubtView, Poll


def doubt_data(session: Session, room: Evaluation, method: Mapping[str, Any], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """The field `doubts` of the report, in the order in which they were raised."""
    seats = session.scalars(select(Seat).where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    code_of = {seat.id: seat.code for seat in seats}
    return [_doubt(one) for one in doubt_page.told(session, room, code_of, method, titles)]


def _doubt(one: DoubtView) -> dict[str, Any]:
    same = ("name", "raised_by", "side", "reason", "explanation", "silence", "note")
    scores = [[each.title, each.signed, each.now] for each in one.scores]
    return {name: getattr(one, name) for name in same} | {
        "code": one.bid,
        "state": one.state.value,
        "scores": scores,
        "votes": [_poll(poll) for poll in one.polls],
    }


def _poll(poll: Poll) -> dict[str, Any]:
    rows = [{"name": vote.name, "yes": vote.yes, "reason": vote.reason} for vote in poll.votes]
    return {"question": poll.question.value, "rows": rows}
