"""The room until the bids lie open: signing in, the chair's election, declarations of recusal."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.calling import Cause
from evaluation.domain.committee import ChairVoteBody, RecusalDeclaration, SignInBody
from evaluation.domain.room import Action
from evaluation.events import ChairVoteCast, MemberSignedIn, RecusalDeclared
from evaluation.models.rooms import ChairVote
from evaluation.queries.rooms import chair_round
from evaluation.services.committees import Leaving, hand_on
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def sign_in(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member takes their seat; when all have, the evaluation of the lot begins. Records MemberSignedIn."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("room.sign_in", lot.case, lot.no, role=Role.EXPERT), lambda act: _sign_in(work, lot, act))


def vote_chair(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member votes for the chair; the last vote elects, or calls another round among the tied. Records ChairVoteCast."""
    lot = lots.by_number(work.session, number)
    expect = Expect("chair.vote", lot.case, lot.no, chair_round(work.session, lot.id), role=Role.EXPERT)
    return once(work, signed, expect, lambda act: _vote_chair(work, lot, act))


def declare(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member declares that nothing stands against them, or steps back and is replaced. Records RecusalDeclared."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("recusal.declare", lot.case, lot.no, role=Role.EXPERT), lambda act: _declare(work, lot, act))


def _sign_in(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.SIGN_IN, act)
    body = SignInBody.read(act.body, seat.code, room.site_of(seat))
    seat.signed_in_at = room.now
    work.record(MemberSignedIn(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, site=body.site))
    return go_on(work, room)


def _vote_chair(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.VOTE_CHAIR, act)
    among: list[str] = list(room.row.chair_among)  # type: ignore[arg-type]  # a list of codes
    body = ChairVoteBody.read(act.body, frozenset(among), room.row.chair_round)
    work.session.add(ChairVote(seat_id=seat.id, round=body.round, choice=body.choice))
    work.record(ChairVoteCast(case=lot.case, lot=lot.no, round=body.round, signed=act.envelope, seat=seat.code))
    return go_on(work, room)


def _declare(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    stage = room.row.state
    body = RecusalDeclaration.read(act.body)
    seat = room.act(Action.DECLARE if body.none else Action.STEP_BACK, act)
    seat.declared_at = room.now
    work.record(RecusalDeclared(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, none=body.none))
    if not body.none:
        hand_on(work, room, Leaving(seat, Cause.RECUSAL, body.reason, stage))
    return go_on(work, room)
