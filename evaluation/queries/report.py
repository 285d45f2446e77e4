"""The data of an evaluation report, as its template takes it: text and lists of text, in the order in which they are printed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from evaluation.domain.blind import map_digest
from evaluation.domain.committee import code_name
from evaluation.domain.parts import parts_of
from evaluation.domain.provincial import drawn_by
from evaluation.domain.report import recommended
from evaluation.domain.scoring_case import digest
from evaluation.models.draws import Draw
from evaluation.models.experts import Site
from evaluation.models.rooms import Evaluation, ScoreSheet, Seat
from evaluation.queries import (
    bids,
    doubts,
    findings,
    provincial,
    report_doubts,
    report_questions,
    report_review,
    report_round,
    report_weighings,
    sheets,
    ties,
    working,
)
from evaluation.queries.blind import codes_of
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class ReportData:
    """What the typesetter needs; its words stand in the template."""

    at: datetime
    is_drafted: bool  # or not to be drafted yet
    sitting: str  # which report it is: another one after each replacement of a member and after each doubt
    fields: dict[str, Any]


def report_data(session: Session, evaluation: UUID) -> ReportData:
    """Everything the report of a summarised session says; raises NotFound before the summary."""
    room = session.get(Evaluation, evaluation)
    if room is None or room.summarised_at is None:
        raise NotFound("evaluation.not_found")
    lot = lots.by_id(session, LotId(room.lot_id))
    held = {code: str(org) for code, org in codes_of(session, room.id).items()}
    names = {str(bid.org): bid.name for bid in bids.opened(session, lot.id)}
    named = {code: names.get(org, "") for code, org in held.items()}
    case, result = cast("dict[str, Any]", room.scoring_case), cast("dict[str, Any]", room.result)
    seats = _seats(session, room)
    fields: dict[str, Any] = {
        "number": lot.number,
        "project": lot.project_title,
        "lot": lot.title,
        "tenderer": lot.tenderer_name,
        "agency": lot.agency_name,
        "method_kind": case["method"],
        "date": legal_day(room.summarised_at).isoformat(),
        "began_at": room.formed_at,
        **{name: getattr(room, name) for name in ("locked_at", "summarised_at")},
        **_draw(session, room),
        "sites": len({seat["site"] for seat in seats}),
        "members": seats,
        "replaced": _replaced(session, room),
        "chair": room.chair,
        "separation": lot.separation,
        "map_sha256": map_digest(room.blind_salt, held),
        "bids": [{"code": code, "name": name} for code, name in named.items()],
        **report_round.round_data(session, room, lot, named),
        **report_review.review_data(session, room, lot.regime),
        **report_questions.question_data(session, room),
        **_checks(session, room, lot),
        "candidates": _candidates(lot.separation, result, named),
        "workings": working.for_report(case, lot, named, _signed(session, room, lot.method)),
        "case_sha256": digest(case),
        "result_sha256": digest(result),
    }
    fields |= _scores(session, room, named) | ties.for_report(session, room, lot)
    return ReportData(
        room.summarised_at, bool(room.report_sha256) or doubts.is_any_open(session, room), doubts.sitting(session, room), fields
    )


def _signed(session: Session, room: Evaluation, method: dict[str, Any]) -> working.Signed:
    """The sheets of those in office, as they were signed."""
    held = session.scalars(select(Seat).where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    return sheets.signed(session, {one.id: one.code for one in held}, parts_of(method))


def _checks(session: Session, room: Evaluation, lot: LotView) -> dict[str, Any]:
    """What was looked at beside the scores: weighed prices, findings with their answers, and doubted scores."""
    return {
        **report_weighings.weighing_data(session, room, lot),
        "findings": [_finding(one) for one in cast("list[dict[str, Any]]", room.findings or [])],
        "finding_answers": _answers(session, room),
        "doubts": report_doubts.doubt_data(session, room, lot.method, working.titles_of(lot)),
    }


def _draw(session: Session, room: Evaluation) -> dict[str, str]:
    """The draw, and the provincial pool that made it, "" where it was our own."""
    draw = session.get_one(Draw, room.draw_id)
    by = drawn_by(provincial.request_of(session, draw))
    return {"draw": draw.name, "drawn_by": "" if by is None else by.partner}


def _finding(one: dict[str, Any]) -> dict[str, str]:
    """A finding of the consistency checks, its seats by code name."""
    seats = "、".join(code_name(seat) for seat in one["seats"])
    return {"kind": one["kind"], "seats": seats, "code": one["bid"] or "—", "criterion": one["criterion"] or "—"}


def _answers(session: Session, room: Evaluation) -> list[dict[str, str]]:
    """What members answered to what was found: another score, or why the difference stands."""
    held = session.scalars(select(Seat).where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    told = findings.told(session, {one.id: one.code for one in held})
    return [{"name": one.name, "code": one.code, "criterion": one.criterion, "score": one.score, "reason": one.reason} for one in told]


def _scores(session: Session, room: Evaluation, named: dict[str, str]) -> dict[str, Any]:
    """The tables of the scores, of all parts, and of the summary."""
    case, result = cast("dict[str, Any]", room.scoring_case), cast("dict[str, Any]", room.result)
    technical = cast("dict[str, Any]", room.technical or {"points": {}, "steps": [], "failed": []})
    criteria, points = case.get("criteria", []), findings.technical_points(session, room)
    return {
        "benchmark": result["benchmark"] or "",
        "failed": technical["failed"],
        "criteria": [{"id": one["id"], "max": one["max"]} for one in criteria],
        "technical": _technical(points, result, criteria),
        "rows": [_row(row, named, points) for row in result["rows"]],
        "steps": list(result["steps"]) if result["rows"] else [*technical["steps"], *result["steps"]],
        "sheets": _sheets(session, room, [one["id"] for one in criteria]),
    }


def _seats(session: Session, room: Evaluation) -> list[dict[str, Any]]:
    mine = select(Seat.code, Site.name).join(Site, Site.id == Seat.site_id)
    rows = session.execute(mine.where(Seat.evaluation_id == room.id, Seat.left_at.is_(None)))
    return [{"code": code, "name": code_name(code), "site": site} for code, site in sorted(rows, key=lambda row: int(row[0]))]


def _replaced(session: Session, room: Evaluation) -> list[dict[str, Any]]:
    """Who left in the room and was replaced: seat, cause, stage, and whether the code names were open by then."""
    gone = select(Seat).where(Seat.evaluation_id == room.id, Seat.left_cause != "").order_by(Seat.left_at)
    return [
        {"name": code_name(one.code), "at": one.left_at, "cause": one.left_cause, "stage": one.left_from, "open": one.map_was_open}
        for one in session.scalars(gone)
    ]


def _technical(points: dict[str, str], result: dict[str, Any], criteria: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Aggregated scores by criterion of those that were ranked; of the others the sum alone, as it was locked."""
    rows = {row["bid"]: row["criteria"] or {} for row in result["rows"]}
    return [
        {"code": code, "scores": [str(rows.get(code, {}).get(one["id"], "")) for one in criteria], "total": total}
        for code, total in sorted(points.items())
    ]


def _candidates(unranked: bool, result: dict[str, Any], named: dict[str, str]) -> list[dict[str, str]]:
    """In rank order, or by code name where the award is separated and the set is not ranked."""
    chosen = [{"code": one.code, "name": named[one.code], "price": str(one.price)} for one in recommended(result)]
    return sorted(chosen, key=lambda one: one["code"]) if unranked else chosen


def _row(row: dict[str, Any], named: dict[str, str], points: dict[str, str]) -> dict[str, str]:
    return {
        "rank": str(row["rank"]),
        "code": row["bid"],
        "name": named.get(row["bid"], ""),
        "price": row["contract_price"],
        "price_score": row["price_score"] or "",
        "technical": points.get(row["bid"], ""),
        "total": row["total"] or row["evaluated_price"],
    }


def _sheets(session: Session, room: Evaluation, criteria: list[str]) -> list[dict[str, Any]]:
    signed = (
        select(Seat.code, ScoreSheet.sheets)
        .join(ScoreSheet, ScoreSheet.seat_id == Seat.id)
        .where(Seat.evaluation_id == room.id, Seat.left_at.is_(None))
    )
    given: dict[tuple[int, str], dict[str, str]] = {}
    for code, given_by in session.execute(signed):
        for one in cast("list[dict[str, Any]]", given_by):
            given.setdefault((int(code), one["bid"]), {}).update(one["scores"])
    return [
        {"name": code_name(str(seat)), "code": bid, "scores": [scores.get(name, "") for name in criteria]}
        for (seat, bid), scores in sorted(given.items())
    ]
