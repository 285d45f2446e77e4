"""What a member's replacement undoes in a room: decisions, votes and locks fall; the reviews and sheets of those who stay stand."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import delete, select

from core.kernel.work import Work
from evaluation.domain.parts import parts_due
from evaluation.models.blind import BlindOpening
from evaluation.models.findings import FindingAnswer
from evaluation.models.questions import PriceVote
from evaluation.models.rooms import ReportSignature, ScoreSheet, Seat
from evaluation.models.unlocks import ReportRefusal
from evaluation.services.locked import LockedRoom


def lift(work: Work, room: LockedRoom) -> None:
    """All that was concluded from the work of a committee of which a part is void is concluded anew (招标投标法实施条例 art. 48).

    Votes are held again; what the events say of the first ones stays in the evidence.
    """
    row, session = room.row, work.session
    row.vote_round += 1
    row.rejections = row.decisions = row.technical = row.low_flags = row.scoring_case = row.result = row.findings = None
    row.locked_at = row.prices_closed_at = row.summarised_at = row.settled_at = row.report_until = None
    row.competition, row.price_decisions, row.report_sha256 = {}, [], ""
    seats = select(Seat.id).where(Seat.evaluation_id == row.id)
    session.execute(delete(BlindOpening).where(BlindOpening.evaluation_id == row.id))
    session.execute(delete(FindingAnswer).where(FindingAnswer.seat_id.in_(seats)))
    session.execute(delete(PriceVote).where(PriceVote.seat_id.in_(seats)))
    session.execute(delete(ReportRefusal).where(ReportRefusal.seat_id.in_(seats)))
    session.execute(delete(ReportSignature).where(ReportSignature.seat_id.in_(seats)))
    session.flush()


def drop_other_bids(work: Work, room: LockedRoom) -> None:
    """A sheet that was signed for other bids than now go on says nothing of these: its member signs one anew."""
    bids, due = set(room.passed()), parts_due(room.lot.method, room.row.state)
    signed = select(ScoreSheet).where(ScoreSheet.seat_id.in_(room.code_of), ScoreSheet.part.in_(due))
    for sheet in work.session.scalars(signed):
        if {one["bid"] for one in cast("list[dict[str, Any]]", sheet.sheets)} != bids:
            work.session.delete(sheet)
    work.session.flush()
