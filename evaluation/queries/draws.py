"""Draws as pages and the public see them: pseudonyms only, the record from which anyone recomputes the result."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.drills import is_drill
from core.kernel.errors import NotFound, WrongState
from core.kernel.ids import LotId, PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import THRESHOLD
from core.kernel.slips import WINDOW
from evaluation.domain.draw import State
from evaluation.domain.provincial import drawn_by
from evaluation.models.draws import Draw, DrawRecusal, DrawSlip, PreparedDraw, SlipRelease
from evaluation.models.experts import Site
from evaluation.models.rooms import Evaluation, Seat
from trading.domain.lot import LotState
from trading.models.lot import Lot
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class DrawView:
    """A draw with the parties' slips; `values` and what follows are empty until the parties have revealed."""

    lot: LotView
    name: str
    state: State
    purpose: str
    request: dict[str, Any]
    pool_hash: str
    seed: str
    picked: dict[str, list[str]]
    reserves: dict[str, list[str]]
    commits: dict[str, str]
    values: dict[str, str]
    recused_later: tuple[str, ...]
    requested_at: datetime
    drawn_at: datetime | None
    reveal_until: datetime | None = None
    opened: tuple[str, ...] = ()

    @property
    def is_drawn(self) -> bool:
        """Whether the list stands."""
        return bool(self.seed)


@dataclass(frozen=True, slots=True)
class Call:
    """An expert's own seat in a formed committee: which lot, under which pseudonym, where."""

    number: str
    case: str
    lot: str
    draw: str
    id: str
    seat: str
    site: str
    state: str


def by_name(session: Session, number: str, name: str) -> DrawView:
    """A draw of a lot; raises NotFound."""
    lot = _drawing(session, number)
    draw = session.scalar(select(Draw).where(Draw.lot_id == lot.id, Draw.name == name))
    if draw is None:
        raise NotFound("expert_draw.not_found")
    return _view(session, lot, draw)


def of_lot(session: Session, number: str) -> tuple[DrawView, ...]:
    """Every draw of a lot, oldest first."""
    lot = _drawing(session, number)
    draws = session.scalars(select(Draw).where(Draw.lot_id == lot.id).order_by(Draw.requested_at))
    return tuple(_view(session, lot, draw) for draw in draws)


def _drawing(session: Session, number: str) -> LotView:
    """The lot; in a drill nobody is drawn."""
    lot = lots.by_number(session, number)
    if is_drill(lot.case):
        raise NotFound("expert_draw.not_found")
    return lot


def as_seen(view: DrawView, actor: Actor) -> DrawView:
    """A draw for this reader. Whom a provincial pool has named only host and supervisor are shown: its references are names that others
    know its experts by, and the list of members is secret until the result (招标投标法 art. 37)."""
    if drawn_by(view.request) is None or actor.roles & {Role.CENTRE, Role.SUPERVISOR}:
        return view
    return replace(view, request=view.request | {"recused": []}, picked={}, reserves={}, recused_later=())


def public_record(session: Session, number: str, name: str) -> dict[str, JSON]:
    """The published parts of a finished draw (`gongheng draw replay` reads them); raises NotFound, WrongState before the result."""
    lot = _drawing(session, number)
    draw = session.scalar(select(Draw).where(Draw.lot_id == lot.id, Draw.name == name))
    if draw is None:
        raise NotFound("expert_draw.not_found")
    if not draw.seed:
        raise WrongState("draw.record.not_drawn")
    if drawn_by(cast("dict[str, Any]", session.get_one(PreparedDraw, draw.id).request)):
        raise WrongState("draw.record.provincial")
    return record_of(session, draw)


def record_of(session: Session, draw: Draw) -> dict[str, JSON]:
    """The draw record of a row, whatever its state."""
    case = lots.by_id(session, LotId(draw.lot_id)).case
    prepared = session.get_one(PreparedDraw, draw.id)
    slips = list(session.scalars(select(DrawSlip).where(DrawSlip.draw_id == draw.id).order_by(DrawSlip.party)))
    return {
        "case": case,
        "draw": draw.name,
        "request": prepared.request,
        "commits": {slip.party: slip.commit for slip in slips},
        "reveals": {slip.party: slip.value for slip in slips if slip.value},
        "recused_later": list(recused_later(session, draw.id)),
    }


def on_list(draw: Draw) -> list[str]:
    """Who is on a draw's list now, by pseudonym, stratum by stratum."""
    return [one for ids in _picked(draw.picked).values() for one in ids]


def recused_later(session: Session, draw_id: UUID) -> tuple[str, ...]:
    """Who stepped back after the draw, in that order."""
    query = select(DrawRecusal.pseudonym).where(DrawRecusal.draw_id == draw_id).order_by(DrawRecusal.number)
    return tuple(session.scalars(query))


def calls(session: Session, person: PersonId) -> tuple[Call, ...]:
    """The seats that this expert holds in formed committees, newest first: before that nobody called is told of the project."""
    mine = (
        select(Draw, Seat, func.coalesce(func.nullif(Seat.place, ""), Site.name), Evaluation.state, Lot.number)
        .join(Evaluation, Evaluation.id == Seat.evaluation_id)
        .join(Draw, Draw.id == Evaluation.draw_id)
        .join(Site, Site.id == Seat.site_id)
        .join(Lot, Lot.id == Draw.lot_id)
        .where(Seat.person_id == person, Seat.left_at.is_(None), Lot.state != LotState.DRILLED)
        .order_by(Draw.requested_at.desc())
    )
    found = []
    for draw, seat, site, state, number in session.execute(mine):
        case, lot = lots.split(number)
        found.append(Call(number, case, lot, draw.name, seat.pseudonym, seat.code, site, state.value))
    return tuple(found)


def _view(session: Session, lot: LotView, draw: Draw) -> DrawView:
    prepared = session.get_one(PreparedDraw, draw.id)
    slips = list(session.scalars(select(DrawSlip).where(DrawSlip.draw_id == draw.id).order_by(DrawSlip.party)))
    return DrawView(
        lot=lot,
        name=draw.name,
        state=draw.state,
        purpose=draw.purpose,
        request=cast("dict[str, Any]", prepared.request),
        pool_hash=draw.pool_hash,
        seed=draw.seed,
        picked=_picked(draw.picked),
        reserves=_picked(draw.reserves),
        commits={slip.party: slip.commit for slip in slips},
        values={slip.party: slip.value for slip in slips if slip.value},
        recused_later=recused_later(session, draw.id),
        requested_at=draw.requested_at,
        drawn_at=draw.drawn_at,
        reveal_until=None if draw.committed_at is None or not all(slip.shares for slip in slips) else draw.committed_at + WINDOW,
        opened=tuple(slip.party for slip in slips if slip.value and _is_opened(session, draw, slip.party)),
    )


def _is_opened(session: Session, draw: Draw, party: str) -> bool:
    given = select(func.count()).select_from(SlipRelease).where(SlipRelease.draw_id == draw.id, SlipRelease.party == party)
    return (session.scalar(given) or 0) >= THRESHOLD


def _picked(value: JSON) -> dict[str, list[str]]:
    return cast("dict[str, list[str]]", value or {})
