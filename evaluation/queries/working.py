"""The worked calculation of every bid, for the pages and the report: members' marks where the table of reads allows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.errors import NotFound
from evaluation.domain.committee import code_name
from evaluation.domain.methods.wording import Lang
from evaluation.domain.parts import parts_of
from evaluation.domain.room import See
from evaluation.domain.sheet import BidScores, rules_of
from evaluation.domain.working import BidWorking, Mark, workings
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import sheets
from evaluation.queries.rooms import RoomView
from trading.queries.lots import LotView

Signed = Mapping[str, Sequence[BidScores]]
"""Seat → its sheets as they were signed."""


def signed_of(session: Session, view: RoomView) -> Signed:
    """The signed sheets, for whoever may see them once all is added up."""
    if not (view.may(See.ALL_SHEETS) and view.may(See.RESULT)):
        return {}
    seats = select(Seat.id, Seat.code).join(Evaluation, Evaluation.id == Seat.evaluation_id)
    mine = session.execute(seats.where(Evaluation.lot_id == view.lot.id, Seat.left_at.is_(None)))
    return sheets.signed(session, {seat: code for seat, code in mine}, parts_of(view.lot.method))  # noqa: C416 - rows are no pairs to mypy


def of_room(view: RoomView, lang: Lang, signed: Signed) -> tuple[BidWorking, ...]:
    """Every bid that was added up, as this viewer may see it; nothing before the summary."""
    if view.scoring_case is None or not view.may(See.RESULT):
        return ()
    found = workings(view.scoring_case, titles_of(view.lot), lang)
    return tuple(one.with_signed(signed) if view.may(See.ALL_SHEETS) else one.without_marks() for one in found)


def of_bid(view: RoomView, code: str, lang: Lang, signed: Signed) -> BidWorking:
    """One bid's; raises NotFound before the summary, and for a bid that was not added up."""
    found = next((one for one in of_room(view, lang, signed) if one.bid == code), None)
    if found is None:
        raise NotFound("evaluation.working_not_found")
    return found


def titles_of(lot: LotView) -> dict[str, str]:
    """Criterion → its words in the tender document."""
    return {one.id: one.title for part in parts_of(lot.method) for one in rules_of(lot.method, lot.score_rules, (), part).criteria}


def for_report(case: Mapping[str, Any], lot: LotView, named: Mapping[str, str], signed: Signed) -> list[dict[str, Any]]:
    """The same text as the pages' for the typesetter, in Chinese."""
    return [
        {
            "code": one.bid,
            "name": named.get(one.bid, ""),
            "rank": one.rank,
            "joint": one.joint,
            "total": one.total,
            "seats": [code_name(mark.seat) for mark in one.criteria[0].marks] if one.criteria else [],
            "criteria": [
                {"title": each.title, "max": each.max, "weight": each.weight, "points": each.points, "weighted": each.weighted}
                | {"marks": _marks(each.marks)}
                for each in one.criteria
            ],
            "sums": _marks(one.sums),
            "lines": [line for line in (one.sum_line, *one.price, *one.adding, *one.place) if line],
        }
        for one in (each.with_signed(signed) for each in workings(case, titles_of(lot)))
    ]


def _marks(marks: tuple[Mark, ...]) -> list[dict[str, Any]]:
    return [{"score": mark.score, "dropped": bool(mark.dropped), "signed": mark.signed} for mark in marks]
