"""The preliminary review: each member's findings, signed."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.preliminary import ReviewBody, checks_of
from evaluation.domain.room import Action
from evaluation.events import PreliminaryReviewed
from evaluation.models.rooms import PreliminaryReview
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def review(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member hands in the review of every bid; the last one decides by majority. Records PreliminaryReviewed."""
    lot = lots.by_number(work.session, number)
    expect = Expect("preliminary.review", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _review(work, lot, act))


def _review(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.REVIEW, act)
    body = ReviewBody.read(act.body, room.map(), checks_of(lot.regime, lot.review))
    work.session.add(PreliminaryReview(seat_id=seat.id, items=as_json(body.findings), at=room.now))
    work.record(PreliminaryReviewed(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return go_on(work, room)
