"""The signatures under a report, and who did not sign it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotAllowed
from evaluation.domain.committee import code_name
from evaluation.domain.room import See
from evaluation.models.rooms import Evaluation, ReportSignature, Seat
from evaluation.queries import unlocks
from evaluation.queries.rooms import RoomView


@dataclass(frozen=True, slots=True)
class SignatureView:
    """Whether a seat has signed the report; the dissent is part of the report's record."""

    seat: str
    name: str
    signed: bool
    dissent: str
    at: datetime | None
    refused: bool  # the host noted that no signature came in time; without a dissent that is agreement


def signatures(session: Session, room: RoomView) -> tuple[SignatureView, ...]:
    """The members' signatures under the report; raises NotAllowed for whoever may not see it yet."""
    if not room.may(See.REPORT):
        raise NotAllowed("evaluation.report_sealed")
    mine = (
        select(Seat).join(Evaluation, Evaluation.id == Seat.evaluation_id).where(Evaluation.lot_id == room.lot.id, Seat.left_at.is_(None))
    )
    held = {seat.id: seat.code for seat in sorted(session.scalars(mine), key=lambda seat: int(seat.code))}
    given = {held[one.seat_id]: one for one in session.scalars(select(ReportSignature).where(ReportSignature.seat_id.in_(held)))}
    noted = unlocks.refusals(session, held)
    found = []
    for code in held.values():
        one = given.get(code) or noted.get(code)
        at, dissent = (None, "") if one is None else (one.at, one.dissent)
        found.append(SignatureView(code, code_name(code), code in given, dissent, at, code in noted))
    return tuple(found)
