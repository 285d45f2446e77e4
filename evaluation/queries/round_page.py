"""The rounds of an evaluation as its people may see them: the order, the round before it as it stood, and each bid's place in both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from evaluation.domain.room import READS, See, roles_of
from evaluation.domain.round import Place, compared
from evaluation.models.rooms import Evaluation, Seat
from evaluation.models.rounds import EvaluationRound
from evaluation.queries import bids, rounds, working
from evaluation.queries.blind import codes_of
from trading.domain.reevaluation import article_of
from trading.queries import lots, reevaluations
from trading.queries.lots import LotView
from trading.queries.reevaluations import OrderView


@dataclass(frozen=True, slots=True)
class RoundView:
    """A further round; `places` are code name, bidder (`""` while the code names are shut for the viewer), place before and after."""

    number: int
    order: OrderView
    article: str
    items: tuple[str, ...]  # titles of the scored items; the review is in the order
    places: tuple[tuple[str, str, Place, Place], ...]
    is_over: bool  # its result is known to the viewer
    report_sha256: str  # of the round before


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """All further rounds of a lot, the oldest first."""

    lot: LotView
    rounds: tuple[RoundView, ...]


def of_lot(session: Session, actor: Actor, number: str) -> RoundsPage:
    """For the people of a room, the tenderer included; raises NotFound for all others, where there was no further round, and for whoever
    took a seat in it until the result is known to them: they judge without the round before."""
    lot = lots.by_number(session, number)
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    held = [] if row is None else _rounds(session, row)
    if row is None or not held:
        raise NotFound("evaluation.no_rounds")
    seats = list(session.scalars(select(Seat).where(Seat.evaluation_id == row.id, Seat.left_at.is_(None))))
    roles = roles_of(actor, [PersonId(seat.person_id) for seat in seats], lot.parties.tenderer)
    knows = READS.may(See.RESULT, row.state, roles)
    mine = next((seat for seat in seats if seat.person_id == actor.person and Role.EXPERT in roles), None)
    if not roles or (mine is not None and not knows and not rounds.sat_before(held[-1], mine.id)):
        raise NotFound("evaluation.no_rounds")
    names = {} if mine is not None and not READS.may(See.MAPPING, row.state, roles) else _names(session, lot, row)
    later: list[Any] = [cast("dict[str, Any]", one.kept)["result"] for one in held[1:]] + [row.result if knows else None]
    orders = {one.order_sha256: one for one in reevaluations.of_lot(session, lot.id)}
    found = [_view(lot, one, orders[one.order_sha256], names, after) for one, after in zip(held, later, strict=True)]
    return RoundsPage(lot, tuple(found))


def current(session: Session, lot: LotView) -> OrderView | None:
    """The order that the round held now follows, for the people inside; None in the first round."""
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    one = None if row is None else rounds.current(session, row)
    return None if one is None else next(each for each in reevaluations.of_lot(session, lot.id) if each.order_sha256 == one.order_sha256)


def items_of(lot: LotView, order: OrderView) -> tuple[str, ...]:
    """The scored items of an order in the words of the tender document."""
    titles = working.titles_of(lot)
    return tuple(titles.get(name, name) for name in order.criteria)


def _rounds(session: Session, row: Evaluation) -> list[EvaluationRound]:
    mine = select(EvaluationRound).where(EvaluationRound.evaluation_id == row.id).order_by(EvaluationRound.number)
    return list(session.scalars(mine))


def _names(session: Session, lot: LotView, row: Evaluation) -> dict[str, str]:
    names = {bid.org: bid.name for bid in bids.opened(session, lot.id)}
    return {code: names.get(org, "") for code, org in codes_of(session, row.id).items()}  # type: ignore[call-overload]  # OrgId is a UUID


def _view(lot: LotView, one: EvaluationRound, order: OrderView, names: Mapping[str, str], after: Any) -> RoundView:
    kept = cast("dict[str, Any]", one.kept)
    places = tuple((code, names.get(code, ""), old, new) for code, old, new in compared(kept["result"], after))
    return RoundView(
        number=one.number,
        order=order,
        article=article_of(lot.regime, order.ground),
        items=items_of(lot, order),
        places=places,
        is_over=after is not None,
        report_sha256=str(kept["report_sha256"]),
    )
