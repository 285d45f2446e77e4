"""A seat's drafts in their order: sent again they change nothing, and one window never overwrites what another has written since."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.draft import Held, Mark, Turn, turn
from evaluation.models.desks import DraftOrder
from evaluation.models.rooms import ScoreDraft
from evaluation.services.locked import LockedRoom


def in_turn(work: Work, number: str, code: str, mark: Mark, save: Callable[[Work], dict[str, JSON]]) -> dict[str, JSON]:
    """Has `save` keep the draft if its turn has come. Answers `saved`, the seat's number `seq` of what is kept and, where another window
    has written meanwhile, that draft as `kept`, for the window to merge and send again. Raises what `save` raises."""
    room = LockedRoom.by_number(work, number)
    seat = room.seat_of(work.actor.person)
    row = work.session.get(DraftOrder, (seat.id, code))
    held = Held() if row is None else Held(row.seq, row.tab, row.number)
    what = turn(held, mark)
    if what is Turn.TAKEN:
        told = save(work)
        if row is None:
            row = DraftOrder(seat_id=seat.id, code=code)
            work.session.add(row)
        row.seq, row.tab, row.number = held.seq + 1, mark.tab, mark.number
        return {"saved": True, "seq": row.seq} | told
    if what is Turn.KNOWN:
        return {"saved": True, "seq": held.seq}
    return {"saved": False, "seq": held.seq, "kept": _kept(work.session.get(ScoreDraft, (seat.id, code)))}


def _kept(draft: ScoreDraft | None) -> dict[str, JSON]:
    row: Any = draft
    return {name: dict(getattr(row, name, None) or {}) for name in ("scores", "reasons", "ticks")}
