"""How long recordings are kept: a second copy is noted, and after its term a recording is disposed of, which is signed."""

from __future__ import annotations

from uuid import UUID

from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.ids import LotId
from core.kernel.work import Work
from evaluation.domain.recording import MOVES, TapeAction, TapeFacts, chain_of
from evaluation.events_recordings import TapeDisposed
from evaluation.models.recordings import Tape
from evaluation.models.rooms import Evaluation
from evaluation.services.locked import SYSTEM
from trading.queries import lots
from trading.services import archives


def dispose(work: Work, tape: UUID) -> str:
    """The term of a recording is over: from now on nobody is shown it, and its file may be deleted. Answers its id. Raises WrongState while
    the case is not filed, an order holds it, or the term runs. Records TapeDisposed."""
    row = lock(work.session, Tape, Tape.id == tape)
    evaluation = work.session.get_one(Evaluation, row.evaluation_id)
    lot = lots.by_id(work.session, LotId(evaluation.lot_id))
    is_filed, holds = archives.keeping(work, lot.case)
    now = work.now()
    facts = TapeFacts(kept_until=row.kept_until, today=legal_day(now), is_filed=is_filed, holds=holds)
    row.state, row.disposed_at = MOVES.choose(TapeAction.DISPOSE, row.state, SYSTEM, facts), now
    until = row.kept_until.isoformat() if row.kept_until else ""
    work.record(TapeDisposed(case=chain_of(lot.case), lot=lot.no, tape=str(tape), kept_until=until))
    return str(tape)


def copied(work: Work, tape: UUID) -> None:
    """A recording that ended lies in the second store too, compared byte by byte."""
    row = lock(work.session, Tape, Tape.id == tape)
    row.copied_at = row.copied_at or work.now()
