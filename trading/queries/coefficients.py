"""Draws of coefficients as the hall shows them, as a record that anyone can recompute, and as the evaluation uses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from trading.domain import coefficient as rules
from trading.domain.coefficient import Coefficient
from trading.domain.lots_drawn import PARTY_OF, DrawAction, DrawState
from trading.models.coefficient import CoefficientDraw
from trading.models.lot import Lot
from trading.queries import lots, lots_drawn
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class DrawView:
    """One draw: `party` is the caller's own, "" for none."""

    name: str
    state: DrawState
    parties: tuple[str, ...]
    commits: Mapping[str, str]
    values: Mapping[str, str]
    pool_hash: str
    seed: str
    drawn: Mapping[str, str]
    drawn_at: datetime | None
    party: str
    available: tuple[DrawAction, ...]

    @property
    def may_commit(self) -> bool:
        """Whether the caller's slip is wanted now."""
        return DrawAction.COMMIT in self.available

    @property
    def may_reveal(self) -> bool:
        """Whether the caller's slip may be opened now."""
        return DrawAction.REVEAL in self.available

    @property
    def may_be_given_up(self) -> bool:
        """Whether the host may give the draw up."""
        return DrawAction.ABANDON in self.available

    def to_json(self) -> dict[str, JSON]:
        """As the API tells it."""
        return {
            "draw": self.name,
            "state": self.state.value,
            "parties": list(self.parties),
            "commits": dict(self.commits),
            "values": dict(self.values),
            "drawn": dict(self.drawn),
            "available": [action.value for action in self.available],
        }


@dataclass(frozen=True, slots=True)
class CoefficientsView:
    """The coefficients that a lot's document leaves to a draw, and its draws, the newest last."""

    wanted: tuple[Coefficient, ...]
    draws: tuple[DrawView, ...]

    @property
    def newest(self) -> DrawView | None:
        """The draw that counts."""
        return self.draws[-1] if self.draws else None

    def to_json(self) -> dict[str, JSON]:
        """As the API tells it."""
        wanted: list[JSON] = [{"id": one.id, "title": one.title, "values": list(one.values)} for one in self.wanted]
        return {"wanted": wanted, "draws": [draw.to_json() for draw in self.draws]}


def view(session: Session, lot: LotView, roles: frozenset[Role], now: datetime) -> CoefficientsView:
    """What the hall shows of a lot's coefficients to somebody with these roles."""
    rows = session.scalars(select(CoefficientDraw).where(CoefficientDraw.lot_id == lot.id).order_by(CoefficientDraw.number))
    return CoefficientsView(rules.coefficients_of(lot.method), tuple(_view(session, row, roles, now) for row in rows))


def _view(session: Session, row: CoefficientDraw, roles: frozenset[Role], now: datetime) -> DrawView:
    commits, values = lots_drawn.shown(lots_drawn.slips(session, row))
    party = next((PARTY_OF[role] for role in PARTY_OF if role in roles), "")
    facts = lots_drawn.facts_of(session, row, now, party)
    return DrawView(
        name=row.name,
        state=row.state,
        parties=tuple(cast("list[str]", row.parties)),
        commits=commits,
        values=values,
        pool_hash=row.pool_hash,
        seed=row.seed,
        drawn=cast("dict[str, str]", row.drawn),
        drawn_at=row.drawn_at,
        party=party,
        available=rules.MOVES.available(row.state, roles, facts),
    )


def record(session: Session, number: str, name: str) -> dict[str, Any]:
    """The record of a draw that has ended in a result; raises NotFound."""
    lot = lots.noticed(session, number)
    row = session.scalar(select(CoefficientDraw).where(CoefficientDraw.lot_id == lot.id, CoefficientDraw.name == name))
    if row is None or row.drawn_at is None:
        raise NotFound("coefficient.not_found")
    return lots_drawn.record_of(session, row, lot.case)


def drawn_names(session: Session, number: str) -> list[str]:
    """The names of the lot's draws that ended in a result."""
    query = select(CoefficientDraw.name).join(Lot, Lot.id == CoefficientDraw.lot_id)
    return list(session.scalars(query.where(Lot.number == number, CoefficientDraw.drawn_at.is_not(None)).order_by(CoefficientDraw.number)))


def drawn(session: Session, lot_id: LotId) -> dict[str, str]:
    """Coefficient → drawn value; empty before the draw, and for a lot that draws none."""
    row = session.scalar(select(CoefficientDraw).where(CoefficientDraw.lot_id == lot_id, CoefficientDraw.drawn_at.is_not(None)))
    return {} if row is None else dict(cast("dict[str, str]", row.drawn))


def are_settled(session: Session, lot: LotView) -> bool:
    """Whether nothing is left to be drawn."""
    return len(drawn(session, lot.id)) == len(rules.coefficients_of(lot.method))
