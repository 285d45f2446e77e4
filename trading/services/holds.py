"""What stops a lot: objections that wait for their answer, and orders of authorities; it stands still while there is one, and no longer."""

from __future__ import annotations

from core.kernel.ids import CaseId
from core.kernel.work import Work
from trading.domain.lot import MOVES, LotAction
from trading.domain.lot_order import earliest_deadline
from trading.events_remedies import BiddingGoesOn, BiddingHalted
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.lots import facts, law_of
from trading.services import deadlines, prequalifications
from trading.services.lots import SYSTEM, move_as_system

Held = tuple[Lot, Project]


def objected(work: Work, held: Held, number: str) -> None:
    """One more objection waits for its answer."""
    held[0].unanswered += 1
    _settle(work, held, number)


def answered(work: Work, held: Held, number: str) -> None:
    """One fewer waits: answered, taken back, or without object."""
    held[0].unanswered -= 1
    _settle(work, held, number)


def ordered(work: Work, held: Held, number: str) -> None:
    """An authority orders the activity suspended."""
    held[0].stays += 1
    _settle(work, held, number)


def released(work: Work, held: Held, number: str) -> None:
    """One such order has ended."""
    held[0].stays -= 1
    _settle(work, held, number)


def _settle(work: Work, held: Held, number: str) -> None:
    """Halts a lot that takes bids when something stops it, and lets it go on when nothing does; later steps look for themselves."""
    lot, project = held
    prequalifications.settle(work, held, number)
    now, case = work.now(), CaseId(project.number)
    available = MOVES.available(lot.state, SYSTEM, facts(lot, now))
    if LotAction.HALT in available:
        move_as_system(work, lot, LotAction.HALT)
        lot.halted_at = now
        deadlines.stop(work, lot)
        work.record(BiddingHalted(case=case, lot=lot.no, number=number))
    elif LotAction.GO_ON in available and lot.halted_at is not None and lot.deadline is not None:
        move_as_system(work, lot, LotAction.GO_ON)
        deadline = earliest_deadline(law_of(project), lot.deadline, lot.halted_at, now)
        lot.halted_at = None
        deadlines.move_deadline(work, lot, deadline)
        work.record(BiddingGoesOn(case=case, lot=lot.no, number=number, deadline=deadline))
