"""Equal bids after everything was added up: lots are asked for where the document says so, and the ranking follows what was drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.scoring_case import digest, full_result
from evaluation.domain.ties import name_of, request_of, with_lots
from evaluation.events_ties import TieDrawAsked, TiesRanked
from evaluation.models.ties import TieDraw
from evaluation.queries import ties as queries
from evaluation.services.locked import LockedRoom
from trading.domain.lots_drawn import PARTIES
from trading.queries.lots_drawn import asked
from trading.services import lots_drawn


def decide(work: Work, room: LockedRoom) -> bool:
    """Whether no place that matters is left to a draw any more. Asks for the draws that are missing and, once each has its order, ranks
    the bids by them. The same equal bids are drawn once, however often all is added up. Records TieDrawAsked and TiesRanked."""
    groups = queries.waiting(room.row, room.lot)
    held = queries.held(work.session, room.row.id)
    for bids in groups:
        if frozenset(bids) not in held:
            ask(work, room, bids)
    drawn = [one for bids in groups if (one := held.get(frozenset(bids))) is not None and one.order]
    if len(drawn) < len(groups):
        return False
    if drawn:
        _rank(work, room, drawn)
    return True


def ask(work: Work, room: LockedRoom, bids: Sequence[str], *, parties: Sequence[str] = PARTIES) -> None:
    """Begins a draw among these bids. Records TieDrawAsked."""
    number = len(queries.draws_of(work.session, room.row.id)) + 1
    name, request = name_of(room.lot.no, number), request_of(bids)
    row = lots_drawn.begin(work, TieDraw, number, name, request, parties, evaluation_id=room.row.id, order=[])
    work.record(TieDrawAsked(case=room.lot.case, lot=room.lot.no, **asked(row)))


def _rank(work: Work, room: LockedRoom, drawn: Sequence[TieDraw]) -> None:
    """The case once more with what was drawn: report, candidates and evidence rest on it."""
    row, lot = room.row, room.lot
    case = with_lots(cast("dict[str, JSON]", row.scoring_case), [(one.name, cast("list[str]", one.order)) for one in drawn])
    result = full_result(case)
    row.scoring_case, row.result = case, result
    said = {"case_sha256": digest(case), "result_sha256": digest(result), "document": case, "result": result}
    work.record(TiesRanked(case=lot.case, lot=lot.no, **cast("dict[str, Any]", said)))
