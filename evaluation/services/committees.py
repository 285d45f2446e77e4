"""The committee: formed from the draw, a seat handed on when a member leaves."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.drills import is_drill
from core.kernel.errors import RuleBroken, WrongState
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import draw as draws_domain
from evaluation.domain.blind import NUMBERS, code_names, map_digest
from evaluation.domain.calling import Cause
from evaluation.domain.committee import SeatPlan, seat_all
from evaluation.domain.draw import Action
from evaluation.domain.room import MOVES, State
from evaluation.domain.room import Action as RoomAction
from evaluation.events import BlindMapSealed, CommitteeFormed
from evaluation.models.draws import Draw, DrawPseudonym
from evaluation.models.experts import Expert
from evaluation.models.rooms import BlindCode, Evaluation, Seat
from evaluation.queries import bids, venues
from evaluation.queries.calls import conditions_of, seats_of
from evaluation.queries.contingencies import another_is_due
from evaluation.queries.stage import is_opening
from evaluation.services import calling, contingencies
from evaluation.services.lifting import lift
from evaluation.services.locked import LockedRoom
from evaluation.services.seated import facts_of, follow, hold
from trading.domain.lot import roles_of
from trading.queries import lots
from trading.queries.lots import LotView


def form(work: Work, number: str, draw_name: str) -> dict[str, JSON]:
    """The centre forms the committee of a drawn list: seats given out, list sealed until all have signed in, code names of the bids drawn.

    Where the room of an earlier committee was sealed for another, that one leaves and all seats are the new list's: their work is begun
    anew, the map of code names stays. Records CommitteeFormed, and BlindMapSealed or CommitteeReformed. Raises WrongState while the opening
    is not closed, or where the committee that sits there was not sealed.
    """
    lot = lots.by_number(work.session, number)
    draw = hold(work, lot, draw_name)
    actor = Actor(work.actor.person, work.actor.org, work.actor.roles)
    roles = roles_of(actor, lot.parties)
    draw.state = draws_domain.MOVES.choose(Action.FORM, draw.state, roles, facts_of(work, draw))
    if work.session.scalar(select(Evaluation.id).where(Evaluation.lot_id == lot.id)) is not None:
        plan = _seat_plan(work, draw)
        _reform(work, LockedRoom(work, lot), draw, plan, roles)
        return _said(plan)
    if not is_opening(lot) or not bids.first_opening_is_closed(work.session, lot.id):
        raise WrongState("draw.form.opening")
    plan = _seat_plan(work, draw)
    room = open_room(work, lot, draw, plan)
    held = draw_code_names(work, lot, room, [str(bid.org) for bid in bids.opened(work.session, lot.id)])
    work.session.add_all(BlindCode(evaluation_id=room.id, code=code, org_id=UUID(org)) for code, org in held.items())
    return _said(plan)


def _said(plan: Sequence[SeatPlan]) -> dict[str, JSON]:
    return {"seats": [{"code": seat.code, "site": seat.site} for seat in plan]}


def _reform(work: Work, room: LockedRoom, draw: Draw, plan: Sequence[SeatPlan], roles: frozenset[Role]) -> None:
    """All leave whose room was sealed, and the new list takes the seats; what the old ones signed stays theirs and counts for nothing."""
    row, stage = room.row, room.row.state
    old = lock(work.session, Draw, Draw.id == row.draw_id)
    facts = facts_of(work, old, is_another_due=another_is_due(work.session, room.lot.id))
    old.state = draws_domain.MOVES.choose(Action.SET_ASIDE, old.state, roles, facts)
    row.state = MOVES.choose(RoomAction.REFORM, stage, roles, room.facts())
    calling.end_all(work, old.id)
    for seat in room.seats:
        seat.left_at, seat.left_cause, seat.left_from = room.now, Cause.REFORMED.value, stage.value
        seat.map_was_open = row.asked is not None
    row.draw_id = draw.id
    work.session.flush()
    for one in plan:
        _seat(work, row, draw, one)
    work.session.flush()
    row.chair, row.chair_round, row.chair_ties = "", row.chair_round + 1, 0
    row.chair_among = [one.code for one in plan]
    lift(work, room)
    work.session.flush()
    work.record(_formed(room.lot, draw, plan))
    contingencies.note_reformed(work, room)


def open_room(work: Work, lot: LotView, draw: Draw, plan: Sequence[SeatPlan]) -> Evaluation:
    """The room of a list with these seats. Records CommitteeFormed."""
    now = work.now()
    room = Evaluation(
        id=new_id(now), lot_id=lot.id, draw_id=draw.id, state=State.COMMITTEE_FORMED, formed_at=now, chair_round=1, chair_among=[]
    )
    work.session.add(room)
    work.session.flush()
    for seat in plan:
        _seat(work, room, draw, seat)
    room.chair_among = [seat.code for seat in plan]
    work.session.flush()
    work.record(_formed(lot, draw, plan))
    return room


@dataclass(frozen=True, slots=True)
class Leaving:
    """Who leaves the room, why, and at which stage of it."""

    seat: Seat
    cause: Cause
    reason: str
    stage: State


def hand_on(work: Work, room: LockedRoom, left: Leaving) -> None:
    """A member leaves: the next of the draw is called and takes the seat. Records CommitteeFormed.

    What the predecessor did is void and the successor does it again, at whatever stage the room stands (招标投标法实施条例 art. 48): prices
    that are known by then are no exception in the law, so the report says so and the technical bids are judged blind once more.
    """
    leaving = left.seat
    draw = work.session.get_one(Draw, room.row.draw_id)
    successor = follow(work, draw, leaving.pseudonym, left.reason)
    if not successor:
        raise RuleBroken("draw.recuse.nobody_left")
    calling.close_in_room(work, draw, leaving.pseudonym, left.cause, room.now)
    leaving.left_cause, leaving.left_from, leaving.map_was_open = left.cause.value, left.stage.value, room.row.asked is not None
    seat_successor(work, room, leaving, successor)
    if not is_drill(room.lot.case):  # whoever plays is there already
        calling.call(work, room.lot, draw, successor)


def seat_successor(work: Work, room: LockedRoom, leaving: Seat, successor: str) -> None:
    """The seat goes to whoever follows in the draw; a chair who leaves, or none yet, is elected anew. Records CommitteeFormed."""
    row = room.row
    draw = work.session.get_one(Draw, row.draw_id)
    site = room.site_of(leaving)
    leaving.left_at = room.now
    work.session.flush()
    _seat(work, row, draw, SeatPlan(leaving.code, successor, site))
    if row.chair in ("", leaving.code):
        row.chair, row.chair_round, row.chair_ties = "", row.chair_round + 1, 0
        row.chair_among = [seat.code for seat in room.seats]
    lift(work, room)
    work.session.flush()
    seats = [SeatPlan(seat.code, seat.pseudonym, room.site_of(seat)) for seat in room.seats]
    work.record(_formed(room.lot, draw, seats))
    contingencies.note_reformed(work, room)


def _formed(lot: LotView, draw: Draw, seats: Sequence[SeatPlan]) -> CommitteeFormed:
    rows = [{"code": seat.code, "pseudonym": seat.pseudonym, "site": seat.site} for seat in seats]
    return CommitteeFormed(case=lot.case, lot=lot.no, draw=draw.name, seats=rows)


def _seat_plan(work: Work, draw: Draw) -> tuple[SeatPlan, ...]:
    """Seats in an order that the draw's seed decides, so that a code name tells nothing of specialty or rank; where the calls said."""
    seats = seats_of(work.session, draw)
    return seat_all([member for member, _ in seats], conditions_of(work.session, draw.id).sites)


def _seat(work: Work, room: Evaluation, draw: Draw, plan: SeatPlan) -> None:
    behind = select(Expert).join(DrawPseudonym, DrawPseudonym.expert_id == Expert.id)
    expert = work.session.scalars(behind.where(DrawPseudonym.prepared_id == draw.id, DrawPseudonym.pseudonym == plan.pseudonym)).one()
    site = venues.site_named(work.session, plan.site)
    assert site is not None  # the request was held against the catalogue
    work.session.add(
        Seat(
            id=new_id(work.now()),
            evaluation_id=room.id,
            code=plan.code,
            site_id=site.id,
            place="" if site.name == plan.site else plan.site,
            expert_id=expert.id,
            person_id=expert.person_id,
            pseudonym=plan.pseudonym,
        )
    )


def draw_code_names(work: Work, lot: LotView, room: Evaluation, orgs: Sequence[str]) -> dict[str, str]:
    """Code name → organisation, drawn; the map is fixed before anybody judges a bid. Records BlindMapSealed."""
    held = code_names(secrets.SystemRandom().sample(NUMBERS, min(len(orgs), len(NUMBERS))), orgs)
    room.blind_salt = secrets.token_bytes(32)
    sealed = map_digest(room.blind_salt, held)
    work.record(BlindMapSealed(case=lot.case, lot=lot.no, bids=sorted(held), map_sha256=sealed))
    return held
