"""Votes to reject, and whether competition is lacking: each member's, signed."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.rejection import CompetitionVoteBody, RejectionVoteBody
from evaluation.domain.room import Action
from evaluation.events_votes import CompetitionVoteCast, RejectionVoteCast
from evaluation.models.votes import CompetitionVote, RejectionVote
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def vote_rejection(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member votes on every bid that somebody failed; the last vote decides by majority. Records RejectionVoteCast."""
    lot = lots.by_number(work.session, number)
    expect = Expect("rejection.vote", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _vote_rejection(work, lot, act))


def vote_competition(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member votes whether competition is clearly lacking; the last vote decides by majority. Records CompetitionVoteCast."""
    lot = lots.by_number(work.session, number)
    expect = Expect("competition.vote", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _vote_competition(work, lot, act))


def _vote_rejection(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.VOTE_REJECTION, act)
    body = RejectionVoteBody.read(act.body, room.challenged(), lot.regime)
    work.session.add(RejectionVote(seat_id=seat.id, round=room.row.vote_round, votes=as_json(body.votes), at=room.now))
    work.record(RejectionVoteCast(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return go_on(work, room)


def _vote_competition(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.VOTE_COMPETITION, act)
    body = CompetitionVoteBody.read(act.body, room.stage.value)
    row = CompetitionVote(
        seat_id=seat.id, round=room.row.vote_round, stage=body.stage, lacking=body.lacking, reason=body.reason, at=room.now
    )
    work.session.add(row)
    work.record(CompetitionVoteCast(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return go_on(work, room)
