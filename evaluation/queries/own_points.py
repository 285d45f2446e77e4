"""A bidder's own points with the reasons, after the award notice; nothing of any other bid, nor who said what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from evaluation.domain.methods.wording import Lang
from evaluation.domain.own_points import price_lines, reasons_in_drawn_order
from evaluation.domain.parts import parts_of
from evaluation.domain.sheet import Criterion, rules_of
from evaluation.models.rooms import Evaluation, ScoreSheet, Seat
from evaluation.queries import findings
from evaluation.queries.blind import codes_of
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class OwnCriterion:
    """One criterion: the points that all members' scores came to, "" where the bid was out before, and their reasons."""

    criterion: Criterion
    points: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPoints:
    """What the bidder's own page shows. `outcome`: "" where it was ranked, else the code of why it was not."""

    lot: LotView
    code: str
    outcome: str
    rows: tuple[OwnCriterion, ...]
    technical: str
    price_score: str
    total: str
    contract_price: str = ""
    evaluated_price: str = ""
    price_lines: tuple[str, ...] = ()  # how the one became the other


def of_bidder(session: Session, actor: Actor, number: str, lang: Lang = "zh") -> OwnPoints:
    """The caller's own bid; raises NotFound before the award notice, and for whoever has no bid here."""
    lot = lots.by_number(session, number)
    room = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    held = {} if room is None else codes_of(session, room.id)
    code = next((code for code, org in held.items() if org == actor.org), "")
    if room is None or not code or lot.award_notice_at is None or Role.BIDDER not in actor.roles:
        raise NotFound("evaluation.own_points_not_found")
    result = cast("dict[str, Any]", room.result or {})
    row = next((one for one in result.get("rows", ()) if one["bid"] == code), None)
    rejected = [one["bid"] for one in cast("list[dict[str, Any]]", room.rejections or [])]
    out = "preliminary" if code in rejected else next((one["code"] for one in result.get("rejected", ()) if one["bid"] == code), "")
    said = reasons_in_drawn_order(room.blind_salt, _sheets(session, room), code)
    criteria = [one for part in parts_of(lot.method) for one in rules_of(lot.method, lot.score_rules, (), part).criteria]
    points = (row["criteria"] or {}) if row else {}
    return OwnPoints(
        lot=lot,
        code=code,
        outcome=out,
        rows=tuple(OwnCriterion(one, str(points.get(one.id, "")), said.get(one.id, ())) for one in criteria),
        technical=findings.technical_points(session, room).get(code, ""),
        price_score=str(row["price_score"] or "") if row else "",
        total=str(row["total"] or "") if row else "",
        contract_price=row["contract_price"] if row else "",
        evaluated_price=row["evaluated_price"] if row else "",
        price_lines=price_lines(cast("dict[str, Any]", room.scoring_case), code, lang) if row else (),
    )


def _sheets(session: Session, room: Evaluation) -> list[list[dict[str, Any]]]:
    mine = select(ScoreSheet.sheets).join(Seat, Seat.id == ScoreSheet.seat_id)
    rows = session.scalars(mine.where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    return [cast("list[dict[str, Any]]", one) for one in rows]
