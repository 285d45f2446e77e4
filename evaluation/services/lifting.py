"""What a member's replacement undoes in a room: decisions, votes and locks fall; the reviews and sheets of those who stay stand."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import delete, select

from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.parts import parts_due
from evaluation.domain.rejection import Stage
from evaluation.models.blind import BlindOpening
from evaluation.models.doubts import Doubt, DoubtVote
from evaluation.models.findings import FindingAnswer
from evaluation.models.questions import PriceVote
from evaluation.models.rooms import ReportSignature, ScoreSheet, Seat
from evaluation.models.unlocks import ReportRefusal
from evaluation.models.votes import CompetitionVote, RejectionVote
from evaluation.services.locked import LockedRoom


def lift(work: Work, room: LockedRoom, *, keeps_review: bool = False) -> None:
    """All that was concluded from the work of a committee of which a part is void is concluded anew (招标投标法实施条例 art. 48).

    Votes are held again; what the events say of the first ones stays in the evidence. `keeps_review`: what was decided after the
    preliminary review stands, since a further round has other items reviewed.
    """
    row, session = room.row, work.session
    row.vote_round += 1
    row.technical = row.low_flags = row.scoring_case = row.result = row.findings = None
    row.locked_at = row.prices_closed_at = row.summarised_at = row.settled_at = row.report_until = None
    row.price_decisions, row.report_sha256 = [], ""
    if keeps_review:
        _carry_votes(work, room)
    else:
        row.rejections, row.decisions, row.competition = None, None, {}
    seats = select(Seat.id).where(Seat.evaluation_id == row.id)
    session.execute(delete(BlindOpening).where(BlindOpening.evaluation_id == row.id))
    session.execute(delete(DoubtVote).where(DoubtVote.seat_id.in_(seats)))
    session.execute(delete(Doubt).where(Doubt.evaluation_id == row.id))
    session.execute(delete(FindingAnswer).where(FindingAnswer.seat_id.in_(seats)))
    session.execute(delete(PriceVote).where(PriceVote.seat_id.in_(seats)))
    session.execute(delete(ReportRefusal).where(ReportRefusal.seat_id.in_(seats)))
    session.execute(delete(ReportSignature).where(ReportSignature.seat_id.in_(seats)))
    session.flush()


def _carry_votes(work: Work, room: LockedRoom) -> None:
    """The votes after the review are those of the new count of votes too; a vote on competition among the prices is not."""
    row, session, code_of = room.row, work.session, room.code_of
    row.competition = {stage: said for stage, said in cast("dict[str, JSON]", row.competition).items() if stage == Stage.REVIEW.value}
    before = row.vote_round - 1
    for one in session.scalars(select(RejectionVote).where(RejectionVote.seat_id.in_(code_of), RejectionVote.round == before)).all():
        session.add(RejectionVote(seat_id=one.seat_id, round=row.vote_round, votes=one.votes, at=one.at))
    mine = select(CompetitionVote).where(CompetitionVote.seat_id.in_(code_of), CompetitionVote.round == before)
    for vote in session.scalars(mine.where(CompetitionVote.stage == Stage.REVIEW.value)).all():
        said = {"stage": vote.stage, "lacking": vote.lacking, "reason": vote.reason, "at": vote.at}
        session.add(CompetitionVote(seat_id=vote.seat_id, round=row.vote_round, **said))


def drop_other_bids(work: Work, room: LockedRoom) -> None:
    """A sheet that was signed for other bids than now go on says nothing of these: its member signs one anew."""
    bids, due = set(room.passed()), parts_due(room.lot.method, room.row.state)
    signed = select(ScoreSheet).where(ScoreSheet.seat_id.in_(room.code_of), ScoreSheet.part.in_(due))
    for sheet in work.session.scalars(signed):
        if {one["bid"] for one in cast("list[dict[str, Any]]", sheet.sheets)} != bids:
            work.session.delete(sheet)
    work.session.flush()
