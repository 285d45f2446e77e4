"""Calls as their experts, the host and supervisors see them, and what is due of them; no page of a call names the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries.messages import mobile_number
from core.kernel.actor import Actor
from core.kernel.ids import LotId, PersonId
from core.kernel.roles import Role
from evaluation.domain.calling import Conditions, State, seat_order
from evaluation.domain.redraw import Level
from evaluation.domain.secret import SecretKind
from evaluation.models.calls import DrawAlarm, DrawCall
from evaluation.models.draws import Draw, DrawPseudonym, DrawRecusal, PreparedDraw
from evaluation.models.experts import Expert, ExpertSecret
from evaluation.queries import venues
from trading.models.lot import Lot


@dataclass(frozen=True, slots=True)
class OwnCall:
    """A call as the expert sees it: when and where, and until when an answer is waited for; nothing of the project."""

    number: str
    assemble_at: datetime
    site: str
    city: str
    reply_until: datetime | None
    state: State
    cause: str
    is_open: bool
    """Whether an answer still counts: the draw is under way, and who has confirmed may still say that they cannot come."""


@dataclass(frozen=True, slots=True)
class SiteCount:
    """How many of a site's seats are confirmed."""

    site: str
    confirmed: int
    seats: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call as host and supervisor see it: a pseudonym and how it went."""

    id: str
    site: str
    state: State
    cause: str
    way: str
    reply_until: datetime | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Calls:
    """The calls of a draw; `rows` for host and supervisor alone."""

    assemble_at: datetime
    window_minutes: int
    by_gateway: bool
    confirmed: int
    wanted: int
    sites: tuple[SiteCount, ...]
    rows: tuple[CallRow, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm about a draw."""

    lot: str
    draw: str
    level: Level
    why: str
    text: str
    at: datetime


def conditions_of(session: Session, draw_id: UUID) -> Conditions:
    """What the request of a draw fixed of its calls."""
    return Conditions.read(session.get_one(PreparedDraw, draw_id).calling)


def first_drawn(draw: Draw, followed: list[tuple[str, str]]) -> list[str]:
    """The members as they were drawn, before anybody left, stratum by stratum."""
    picked = cast("Mapping[str, list[str]]", draw.picked or {})
    back = {successor: gone for gone, successor in followed}

    def origin(one: str) -> str:
        while one in back:
            one = back[one]
        return one

    return [origin(one) for ids in picked.values() for one in ids]


def seats_of(session: Session, draw: Draw) -> list[tuple[str, str]]:
    """Everybody on the list with the site of their seat, in the order of the seats."""
    rows = session.scalars(select(DrawRecusal).where(DrawRecusal.draw_id == draw.id).order_by(DrawRecusal.number))
    followed = [(row.pseudonym, row.successor) for row in rows]
    order = seat_order(bytes.fromhex(draw.seed), first_drawn(draw, followed), followed)
    places = [plan.site for plan in conditions_of(session, draw.id).sites for _ in range(plan.seats)]
    return list(zip(order, places, strict=True))


def own_calls(session: Session, person: PersonId) -> tuple[OwnCall, ...]:
    """What this expert was ever asked, newest first; a call that is not out yet is no call."""
    mine = (
        select(DrawCall, Draw)
        .join(Draw, Draw.id == DrawCall.draw_id)
        .join(DrawPseudonym, (DrawPseudonym.prepared_id == DrawCall.draw_id) & (DrawPseudonym.pseudonym == DrawCall.pseudonym))
        .join(Expert, Expert.id == DrawPseudonym.expert_id)
        .where(Expert.person_id == person, DrawCall.placed_at.is_not(None))
        .order_by(DrawCall.placed_at.desc(), DrawCall.number)
        .limit(50)
    )
    return tuple(_own(session, call, draw) for call, draw in session.execute(mine))


def _own(session: Session, call: DrawCall, draw: Draw) -> OwnCall:
    site, city = venues.where_to_go(session, call.site)
    at = conditions_of(session, draw.id).assemble_at
    is_open = call.state in (State.PLACED, State.CONFIRMED)
    return OwnCall(call.number, at, site, city, call.reply_until, call.state, call.cause, is_open)


def of_draw(session: Session, draw: Draw, roles: frozenset[Role]) -> Calls | None:
    """How the calls of a draw stand; None before the draw, and where a provincial pool has called by itself."""
    rows = list(session.scalars(select(DrawCall).where(DrawCall.draw_id == draw.id).order_by(DrawCall.id)))
    if not rows:
        return None
    conditions = conditions_of(session, draw.id)
    coming = {row.pseudonym for row in rows if row.state is State.CONFIRMED}
    seats = seats_of(session, draw)
    counts = tuple(
        SiteCount(plan.site, sum(one in coming and site == plan.site for one, site in seats), plan.seats) for plan in conditions.sites
    )
    sees = bool(roles & {Role.CENTRE, Role.SUPERVISOR})
    shown = tuple(CallRow(row.pseudonym, row.site, row.state, row.cause, row.way, row.reply_until, row.answered_at) for row in rows)
    return Calls(
        assemble_at=conditions.assemble_at,
        window_minutes=int(conditions.window.total_seconds()) // 60,
        by_gateway=bool(conditions.gateway),
        confirmed=sum(one in coming for one, _ in seats),
        wanted=len(seats),
        sites=counts if sees else (),
        rows=shown if sees else (),
    )


def silent(session: Session, now: datetime) -> list[UUID]:
    """The calls whose reply window has passed without an answer."""
    return list(session.scalars(select(DrawCall.id).where(DrawCall.state == State.PLACED, DrawCall.reply_until <= now).limit(100)))


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call for the gateway: whom to ring, and the words' facts.

    `sealed`: the number that the pool keeps of the entry `expert`, in its vault; `address`: the confirmed number of their account.
    """

    number: str
    expert: str
    sealed: bytes
    address: str
    assemble_at: datetime
    site: str
    city: str
    window_minutes: int
    is_due: bool


def outgoing(session: Session, call_id: UUID) -> Outgoing | None:
    """Whom to ask and how; None once the call is answered or over."""
    found = session.execute(
        select(DrawCall, Expert)
        .join(DrawPseudonym, (DrawPseudonym.prepared_id == DrawCall.draw_id) & (DrawPseudonym.pseudonym == DrawCall.pseudonym))
        .join(Expert, Expert.id == DrawPseudonym.expert_id)
        .where(DrawCall.id == call_id, DrawCall.state.in_((State.DUE, State.PLACED)))
    ).first()
    if found is None:
        return None
    call, expert = found
    site, city = venues.where_to_go(session, call.site)
    phone = (ExpertSecret.expert_id == expert.id) & (ExpertSecret.kind == SecretKind.PHONE)
    sealed = session.scalar(select(ExpertSecret.sealed).where(phone)) or b""
    conditions = conditions_of(session, call.draw_id)
    minutes = int(conditions.window.total_seconds()) // 60
    address = "" if expert.person_id is None else mobile_number(session, PersonId(expert.person_id))
    whom = (call.number, expert.number, sealed, address)
    return Outgoing(*whom, conditions.assemble_at, site, city, minutes, call.state is State.DUE)


def alarms(session: Session, actor: Actor, lot: LotId | None = None) -> tuple[Alarm, ...]:
    """The alarms about draws, newest first, for supervisors alone."""
    if Role.SUPERVISOR not in actor.roles:
        return ()
    query: Any = select(DrawAlarm, Lot.number).join(Lot, Lot.id == DrawAlarm.lot_id).order_by(DrawAlarm.at.desc()).limit(100)
    if lot is not None:
        query = query.where(DrawAlarm.lot_id == lot)
    return tuple(Alarm(number, row.name, row.level, row.why, row.text, row.at) for row, number in session.execute(query))
