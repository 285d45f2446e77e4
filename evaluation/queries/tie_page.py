"""Draws of lots among equal bids as each viewer may know them: members and parties in the room, everybody once the ranking is public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.draw import parse_draw
from core.kernel.draw_steps import steps
from core.kernel.errors import NotFound
from core.kernel.jcs import JSON, canonical
from core.kernel.roles import Role
from evaluation.domain.room import See, State
from evaluation.domain.ties import due, equal, pool_of
from evaluation.models.rooms import Evaluation
from evaluation.models.ties import TieDraw
from evaluation.queries import rooms
from evaluation.queries.draw_steps import StepsPage
from evaluation.queries.rooms import RoomView
from evaluation.queries.ties import among_of, draws_of, ranked_by, records, waiting
from trading.domain.lots_drawn import PARTY_OF, DrawState
from trading.queries import lots, lots_drawn


@dataclass(frozen=True, slots=True)
class TieView:
    """A draw as a viewer may see it: `among` and `order` by code name, empty for whoever may not know the ranking; `counts` where the
    ranking waits for it or rests on it."""

    name: str
    state: DrawState
    parties: tuple[str, ...]
    pool_hash: str
    commits: Mapping[str, str]
    values: Mapping[str, str]
    among: tuple[str, ...]
    order: tuple[str, ...]
    seed: str
    since: datetime
    is_due: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class TiesPage:
    """The room, the draws, as which party the viewer draws ("" for nobody), and the groups that stay equal since no draw is named."""

    room: RoomView
    draws: tuple[TieView, ...]
    party: str
    joint: tuple[tuple[str, ...], ...]


def page(session: Session, actor: Actor, number: str) -> TiesPage:
    """The draws of a room, for its members and the three parties; raises NotFound for everybody else, and where there is none."""
    room = rooms.view(session, actor, number)
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    found = draws_of(session, row.id)
    joint = joint_of(room)
    if not found and not joint:
        raise NotFound("tie_draw.not_found")
    wanted = {frozenset(group) for group in waiting(row, room.lot)}
    known = room.may(See.RESULT)
    views = tuple(_view(session, one, known, among_of(one) in wanted, ranked_by(row)) for one in found)
    return TiesPage(room, views, "" if room.me else _party(room.roles), joint)


def _view(session: Session, row: TieDraw, known: bool, wanted: bool, ranked: Sequence[str]) -> TieView:
    commits, values = lots_drawn.shown(lots_drawn.slips(session, row))
    is_due = wanted and row.state is not DrawState.ABANDONED
    return TieView(
        name=row.name,
        state=row.state,
        parties=tuple(cast("list[str]", row.parties)),
        pool_hash=row.pool_hash,
        commits=commits,
        values=values,
        among=pool_of(cast("dict[str, Any]", row.request)) if known else (),
        order=tuple(cast("list[str]", row.order)) if known else (),
        seed=row.seed if known else "",
        since=row.since,
        is_due=is_due and row.state is not DrawState.DRAWN,
        counts=is_due or row.name in ranked,
    )


def _party(roles: frozenset[Role]) -> str:
    return next((party for role, party in PARTY_OF.items() if role in roles), "")


def joint_of(room: RoomView) -> tuple[tuple[str, ...], ...]:
    """Groups of equal bids that stay equal since the tender document names no draw; nothing for whoever may not see the result."""
    if not room.result or not room.scoring_case:
        return ()
    facts = room.scoring_case, room.result
    return () if due(*facts, ranked=not room.lot.separation) else equal(*facts, ranked=not room.lot.separation)


# What the public may draw again


def published(session: Session, number: str) -> tuple[str, ...]:
    """The draws of a lot on which the published ranking rests; none before the candidates are public."""
    lot = lots.by_number(session, number)
    if lot.publicity_from is None:
        return ()
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    return () if row is None or row.state is not State.SUBMITTED else ranked_by(row)


def public_record(session: Session, number: str, name: str) -> dict[str, JSON]:
    """The record of a draw on which the published ranking rests; raises NotFound, before the candidates are public as well."""
    if name not in published(session, number):
        raise NotFound("tie_draw.not_found")
    lot = lots.by_number(session, number)
    return records(session, lot.id, lot.case)[name]


def record(session: Session, actor: Actor, number: str, name: str) -> dict[str, JSON]:
    """The record of a drawn draw, for whoever may see the result of the room; raises NotFound."""
    room = rooms.view(session, actor, number)
    found = records(session, room.lot.id, room.lot.case).get(name) if room.may(See.RESULT) else None
    if found is None:
        raise NotFound("tie_draw.not_found")
    return found


def steps_page(session: Session, number: str, name: str) -> StepsPage:
    """The steps of a public draw; raises NotFound."""
    made = public_record(session, number, name)
    return StepsPage(lots.by_number(session, number), steps(parse_draw(made)), canonical(made["request"]).decode())
