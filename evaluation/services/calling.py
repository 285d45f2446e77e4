"""Asking the drawn experts to come: at once after the draw, and whoever follows at once after who left."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from core.kernel.ids import new_id
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import draw as draws
from evaluation.domain.calling import MOVES, Action, Cause, Facts, State, call_number
from evaluation.events_calls import ExpertCalled, ListSealed
from evaluation.models.calls import DrawCall
from evaluation.models.draws import Draw
from evaluation.queries.calls import conditions_of, seats_of
from evaluation.queries.draws import on_list
from evaluation.services.seated import facts_of
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})
TOPIC = "draw.call"  # of the outbox: a call for the gateway


def begin(work: Work, lot: LotView, draw: Draw) -> None:
    """Everybody drawn is asked. Records ExpertCalled for each, at once or when the gateway has taken the call."""
    draw.state = draws.MOVES.choose(draws.Action.CALL, draw.state, SYSTEM, facts_of(work, draw))
    for pseudonym in on_list(draw):
        call(work, lot, draw, pseudonym)


def call(work: Work, lot: LotView, draw: Draw, pseudonym: str) -> None:
    """Asks one member; through the gateway where the request names one."""
    conditions = conditions_of(work.session, draw.id)
    site = dict(seats_of(work.session, draw))[pseudonym]
    now = work.now()
    row = DrawCall(id=new_id(now), number=call_number(), draw_id=draw.id, pseudonym=pseudonym, site=site, state=State.DUE)
    work.session.add(row)
    work.session.flush()
    work.send(TOPIC, row.number, {"call": str(row.id)})
    if not conditions.gateway:
        place(work, lot, draw, row)


def place(work: Work, lot: LotView, draw: Draw, row: DrawCall) -> None:
    """The call is out: the window runs from now. Records ExpertCalled."""
    now = work.now()
    row.state = MOVES.choose(Action.PLACE, row.state, SYSTEM, Facts(now=now))
    row.placed_at, row.reply_until = now, now + conditions_of(work.session, draw.id).window
    work.session.flush()
    work.record(
        ExpertCalled(
            case=lot.case,
            lot=lot.no,
            draw=draw.name,
            id=row.pseudonym,
            call=row.number,
            site=row.site,
            reply_until=row.reply_until,
            subject=draw.name,
        )
    )


def seal_if_complete(work: Work, lot: LotView, draw: Draw) -> None:
    """When everybody on the list has confirmed, it is sealed. Records ListSealed."""
    work.session.flush()
    facts = facts_of(work, draw)
    if draws.Action.SEAL in draws.MOVES.available(draw.state, SYSTEM, facts):
        draw.state = draws.MOVES.choose(draws.Action.SEAL, draw.state, SYSTEM, facts)
        work.now()
        work.record(ListSealed(case=lot.case, lot=lot.no, draw=draw.name, confirmed=sorted(on_list(draw)), subject=draw.name))
        work.send("log.checkpoint", f"draw.list/{draw.id}/{work.now().isoformat()}", {"reason": "draw"})


def end_all(work: Work, draw_id: UUID) -> None:
    """The draw is over: nobody needs to answer any more."""
    open_ones = select(DrawCall).where(DrawCall.draw_id == draw_id, DrawCall.state.in_((State.DUE, State.PLACED, State.CONFIRMED)))
    now = work.now()
    for row in work.session.scalars(open_ones):
        row.state = MOVES.choose(Action.END, row.state, SYSTEM, Facts(now=now))


def close_in_room(work: Work, draw: Draw, pseudonym: str, cause: Cause, now: datetime) -> None:
    """A member left in the room: the call that brought them there is over."""
    for row in work.session.scalars(select(DrawCall).where(DrawCall.draw_id == draw.id, DrawCall.pseudonym == pseudonym)):
        row.state, row.cause, row.way, row.answered_at = State.DECLINED, cause.value, "room", now
