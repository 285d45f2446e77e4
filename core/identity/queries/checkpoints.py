"""Which checkpoints of the log this platform has signed."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.encoding import b64, unb64
from core.kernel.records import CheckpointRow
from core.kernel.signing import NOTHING_SEEN, Seen


def latest(session: Session) -> Seen:
    """The newest checkpoint, as a client's next act names it; the empty log's before the first."""
    row = session.execute(select(CheckpointRow.size, CheckpointRow.root).order_by(CheckpointRow.size.desc()).limit(1)).first()
    return NOTHING_SEEN if row is None else Seen(row.size, b64(row.root))


def is_known(session: Session, seen: Seen) -> bool:
    """Whether that checkpoint is one of ours: a client who was shown another log must not act here."""
    if seen == NOTHING_SEEN:
        return True
    return session.scalar(select(CheckpointRow.root).where(CheckpointRow.size == seen.size)) == unb64(seen.root)
