"""The recordings of a case in its package: the index of every tape, and the recordings themselves where they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.kernel import chain
from core.kernel.chain import StoredEvent
from core.kernel.ids import LotId
from core.kernel.records import EventRow
from core.kernel.tapestore import TapeStore
from evaluation.domain.recording import TapeState, chain_of
from evaluation.queries import recordings


def events(session: Session, case: str) -> list[StoredEvent]:
    """The chain of a case's recordings as far as it stands in the log: who watches while a package is made does not hold it up."""
    return [event for event in chain.events(session, chain_of(case)) if event.leaf_index is not None]


def head(session: Session, case: str) -> str:
    """How far that chain stands in the log."""
    last = select(func.max(EventRow.case_seq)).where(EventRow.case_id == chain_of(case), EventRow.leaf_index.is_not(None))
    return f"V:{session.scalar(last)}"


def files(session: Session, store: TapeStore, lot_ids: Sequence[LotId], whole: bool) -> Iterator[tuple[str, Path]]:
    """Each index, and where the package is to be `whole` each recording that was not disposed of; a tape without a slice has none."""
    for tape in recordings.of_lots(session, lot_ids):
        if tape.slices:
            yield f"tapes/{tape.id}.index", store.index(str(tape.id))
            if whole and tape.state is not TapeState.DISPOSED:
                yield f"tapes/{tape.id}.webm", store.recording(str(tape.id))
