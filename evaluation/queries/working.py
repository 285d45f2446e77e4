"""The worked calculation of every bid, for the pages and the report: members' marks where the table of reads allows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.kernel.errors import NotFound
from evaluation.domain.committee import code_name
from evaluation.domain.methods.wording import Lang
from evaluation.domain.parts import parts_of
from evaluation.domain.room import See
from evaluation.domain.sheet import rules_of
from evaluation.domain.working import BidWorking, Mark, workings
from evaluation.queries.rooms import RoomView
from trading.queries.lots import LotView


def of_room(view: RoomView, lang: Lang) -> tuple[BidWorking, ...]:
    """Every bid that was added up, as this viewer may see it; nothing before the summary."""
    if view.scoring_case is None or not view.may(See.RESULT):
        return ()
    found = workings(view.scoring_case, titles_of(view.lot), lang)
    return found if view.may(See.ALL_SHEETS) else tuple(one.without_marks() for one in found)


def of_bid(view: RoomView, code: str, lang: Lang) -> BidWorking:
    """One bid's; raises NotFound before the summary, and for a bid that was not added up."""
    found = next((one for one in of_room(view, lang) if one.bid == code), None)
    if found is None:
        raise NotFound("evaluation.working_not_found")
    return found


def titles_of(lot: LotView) -> dict[str, str]:
    """Criterion → its words in the tender document."""
    return {one.id: one.title for part in parts_of(lot.method) for one in rules_of(lot.method, lot.score_rules, (), part).criteria}


def for_report(case: Mapping[str, Any], lot: LotView, named: Mapping[str, str]) -> list[dict[str, Any]]:
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
        for one in workings(case, titles_of(lot))
    ]


def _marks(marks: tuple[Mark, ...]) -> list[dict[str, Any]]:
    return [{"score": mark.score, "dropped": bool(mark.dropped)} for mark in marks]
