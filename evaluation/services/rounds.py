"""A further round is opened by an order: the same committee sits down again, and what the order names is reviewed anew."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import delete, func, select

from core.kernel.events import as_json
from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.room import Action
from evaluation.domain.round import Scope, check_again
from evaluation.domain.sheet import BidScores
from evaluation.domain.shield_life import State as ShieldState
from evaluation.events_rounds import RoundOpened
from evaluation.models.awards import AwardSession
from evaluation.models.rooms import PreliminaryReview, ReportSignature, ScoreSheet, Seat
from evaluation.models.rounds import EvaluationRound
from evaluation.models.shields import Shield, ShieldStatement
from evaluation.models.unlocks import ReplacedSheet
from evaluation.queries import rounds, unlocks
from evaluation.services.lifting import lift
from evaluation.services.locked import LockedRoom
from evaluation.services.unlocks import fill_draft
from trading.queries import lots, reevaluations


def open_round(work: Work, lot_id: LotId, order_sha256: str) -> None:
    """The room of a lot begins anew with the same people and code names; an order that was followed before changes nothing. Records
    RoundOpened."""
    room = LockedRoom(work, lots.by_id(work.session, lot_id))
    order = next(one for one in reevaluations.of_lot(work.session, lot_id) if one.order_sha256 == order_sha256)
    if room.row.round >= order.round:
        return
    room.follow(Action.REOPEN)
    scope = Scope(order.review, frozenset(order.criteria))
    room.row.round = order.round
    row = EvaluationRound(
        evaluation_id=room.row.id,
        number=order.round,
        order_sha256=order_sha256,
        review=order.review,
        criteria=list(order.criteria),
        kept=_kept(work, room),
        opened_at=room.now,
    )
    work.session.add(row)
    lift(work, room, keeps_review=not order.review)
    _set_aside(work, room, scope)
    for seat in room.seats:
        seat.signed_in_at = seat.declared_at = None
    room.row.chair_round, room.row.chair_ties = room.row.chair_round + 1, 0  # the chair stays; an election after a chair has left is new
    _void_award(work, room)
    room.row.assembled_at = room.row.submitted_at = None
    work.session.flush()
    lot = room.lot
    work.record(RoundOpened(case=lot.case, lot=lot.no, round=order.round, order_sha256=order_sha256, subject=order_sha256))


def _void_award(work: Work, room: LockedRoom) -> None:
    """An award that rests on the report before counts no more; its file begins anew, and what was said stays in the chain."""
    session, lot_id = work.session, room.lot.id
    for sitting in session.scalars(select(AwardSession).where(AwardSession.lot_id == lot_id, AwardSession.voided_at.is_(None))):
        sitting.voided_at = room.now
    session.execute(delete(ShieldStatement).where(ShieldStatement.lot_id == lot_id))
    shield = session.get(Shield, lot_id)
    if shield is not None:
        shield.state, shield.winner, shield.drafted_at = ShieldState.PREPARING, None, None
        shield.result_sha256 = shield.report_sha256 = ""


def check_sheet(work: Work, room: LockedRoom, seat: Seat, part: str, sheets: tuple[BidScores, ...]) -> None:
    """In a further round a member's sheet differs from the one before in ordered items alone, each with a reason; raises RuleBroken."""
    one = rounds.current(work.session, room.row)
    if one is not None:
        check_again(rounds.scope_of(one), rounds.earlier_sheets(one, seat.id).get(part, []), sheets)


_CONCLUDED = (
    *("rejections", "decisions", "competition", "technical", "low_flags", "price_decisions", "scoring_case", "result", "findings"),
    *("report_sha256", "vote_round", "chair"),
)


def _kept(work: Work, room: LockedRoom) -> dict[str, JSON]:
    """The round that ends, as it stood."""
    row, session = room.row, work.session
    refused = unlocks.refusals(session, room.code_of)
    members: dict[str, JSON] = {}
    for seat in room.seats:
        review = session.get(PreliminaryReview, seat.id)
        signature = session.get(ReportSignature, seat.id)
        sheets = session.scalars(select(ScoreSheet).where(ScoreSheet.seat_id == seat.id))
        members[str(seat.id)] = {
            "code": seat.code,
            "review": [] if review is None else review.items,
            "sheets": {one.part: one.sheets for one in sheets},
            "signed": signature is not None,
            "dissent": signature.dissent if signature is not None else refused[seat.code].dissent if seat.code in refused else "",
        }
    times: dict[str, JSON] = {name: as_json(getattr(row, name)) for name in ("formed_at", "locked_at", "summarised_at", "submitted_at")}
    return {name: cast(JSON, getattr(row, name)) for name in _CONCLUDED} | times | {"members": members}


def _set_aside(work: Work, room: LockedRoom, scope: Scope) -> None:
    """Reviews, where ordered, and sheets with an ordered item are signed again; each draft begins with what was signed."""
    session, seats = work.session, room.seats
    if scope.review:
        session.execute(delete(PreliminaryReview).where(PreliminaryReview.seat_id.in_([seat.id for seat in seats])))
    for seat in seats:
        for part in scope.parts(room.lot.method):
            sheet = session.get(ScoreSheet, (seat.id, part))
            if sheet is not None:
                _replace(room, seat, sheet)


def _replace(room: LockedRoom, seat: Seat, sheet: ScoreSheet) -> None:
    session = room.work.session
    turn = select(func.count()).where(ReplacedSheet.seat_id == seat.id, ReplacedSheet.part == sheet.part)
    kept: dict[str, Any] = {"sheets": sheet.sheets, "payload_sha256": sheet.payload_sha256, "at": sheet.at}
    session.add(ReplacedSheet(seat_id=seat.id, part=sheet.part, turn=session.scalars(turn).one() + 1, **kept))
    for said in cast("list[dict[str, Any]]", sheet.sheets):
        fill_draft(room.work, room, seat, said)
    session.delete(sheet)
    session.flush()
