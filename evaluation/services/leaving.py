"""A member leaves or is replaced, at any moment until the report is submitted; the next of the draw is called at once."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.leaving import NOTED, LeaveBody, ReplaceBody
from evaluation.domain.room import MOVES, Action, roles_of
from evaluation.events_leaving import MemberLeft, MemberReplaced
from evaluation.services.committees import Leaving, hand_on
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def leave(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member leaves; their work is void and the successor's. Records MemberLeft and CommitteeFormed.

    Raises RuleBroken where the draw has nobody left to follow.
    """
    lot = lots.by_number(work.session, number)
    expect = Expect("room.leave", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _leave(work, lot, act))


def replace(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre notes why a member is replaced, the supervisor where a recusal was found later. Records MemberReplaced and
    CommitteeFormed; raises as `leave`."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("room.replace", lot.case, lot.no, step_up=True), lambda act: _replace(work, lot, act))


def _leave(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    stage = room.row.state
    seat = room.act(Action.LEAVE, act)
    body = LeaveBody.read(act.body)
    work.record(MemberLeft(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, cause=body.cause.value))
    hand_on(work, room, Leaving(seat, body.cause, body.reason, stage))
    return go_on(work, room)


def _replace(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    stage = room.row.state
    action = Action.RECUSE if act.role is Role.SUPERVISOR else Action.REPLACE
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), (), lot.parties.tenderer) & set(NOTED)
    code = str(act.body.get("seat", ""))
    room.row.state = MOVES.choose(action, stage, frozenset(roles), room.facts(leaving=code))
    body = ReplaceBody.read(act.body, act.role)
    seat = next(one for one in room.seats if one.code == body.seat)
    work.record(MemberReplaced(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, cause=body.cause.value))
    hand_on(work, room, Leaving(seat, body.cause, body.reason, stage))
    return go_on(work, room)
