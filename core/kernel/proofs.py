"""What the log shows of itself: checkpoints, tiles, and proofs that an event, a batch or an older log stands in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from core.kernel import checkpoint, merkle, tiles
from core.kernel.checkpoint import Note, TlogProof
from core.kernel.encoding import b64, unb64
from core.kernel.errors import BadSignature, NotFound
from core.kernel.jcs import JSON
from core.kernel.merkle import Coordinate
from core.kernel.records import BatchRow, CheckpointRow, EventRow, LogNode

RECENT = 60  # checkpoints, an hour of them when no ceremony forces one: no proof is sought further back


@dataclass(frozen=True, slots=True)
class StoredCheckpoint:
    """A checkpoint with what has been added to it; `tsr` is the DER TimeStampResp over SHA-256 of the note's text, None without one."""

    size: int
    root: bytes
    note: Note
    reason: str
    at: datetime
    tsr: bytes | None

    @property
    def cosigned_by(self) -> frozenset[str]:
        """The names of the witnesses whose cosignatures stand here."""
        return frozenset(line.name for line in self.note.signatures[1:])


_COLUMNS: tuple[Any, ...] = (
    CheckpointRow.size,
    CheckpointRow.root,
    CheckpointRow.note,
    CheckpointRow.cosignatures,
    CheckpointRow.reason,
    CheckpointRow.at,
    CheckpointRow.tsr,
)


def latest(session: Session) -> StoredCheckpoint | None:
    """The newest checkpoint, None before the first batch."""
    row = session.execute(select(*_COLUMNS).order_by(CheckpointRow.size.desc()).limit(1)).first()
    return _stored(row) if row else None


def at_size(session: Session, size: int) -> StoredCheckpoint:
    """The checkpoint over the first `size` records; raises NotFound."""
    row = session.execute(select(*_COLUMNS).where(CheckpointRow.size == size)).first()
    if row is None:
        raise NotFound("log.no_such_checkpoint", size=size)
    return _stored(row)


def covering(session: Session, leaf_index: int, by: Sequence[str] = ()) -> StoredCheckpoint | None:
    """The first checkpoint that includes record `leaf_index` and is cosigned by all of `by`; None while there is none."""
    query = select(*_COLUMNS).where(CheckpointRow.size > leaf_index).order_by(CheckpointRow.size)
    found = (_stored(row) for row in session.execute(query.execution_options(yield_per=50)))
    return next((stored for stored in found if stored.cosigned_by >= set(by)), None)


def best_witnessed(session: Session, leaf_index: int) -> StoredCheckpoint | None:
    """The newest of the checkpoints that include record `leaf_index` and that most witnesses have cosigned; None while there is none.

    Readers offline ask for a quorum, and the newest checkpoint is seconds old at times: its witnesses may not have answered yet.
    """
    query = select(*_COLUMNS).where(CheckpointRow.size > leaf_index).order_by(CheckpointRow.size.desc()).limit(RECENT)
    found = [_stored(row) for row in session.execute(query)]
    return max(found, key=lambda stored: len(stored.cosigned_by), default=None)  # the first of equals is the newest


def ceremonial(session: Session) -> list[StoredCheckpoint]:
    """The checkpoints that a ceremony forced, oldest first."""
    query = select(*_COLUMNS).where(CheckpointRow.reason != "").order_by(CheckpointRow.size)
    return [_stored(row) for row in session.execute(query)]


def unstamped(session: Session, limit: int = 20) -> list[StoredCheckpoint]:
    """The newest checkpoints that a ceremony forced and that still lack their time stamp."""
    query = select(*_COLUMNS).where(CheckpointRow.reason != "", CheckpointRow.tsr.is_(None))
    return [_stored(row) for row in session.execute(query.order_by(CheckpointRow.size.desc()).limit(limit))]


def known_checkpoint(session: Session, size: int, root: str) -> bool:
    """Whether the log ever stood at `size` under `root` (base64); the empty log always did."""
    try:
        wanted = unb64(root, 32)
    except BadSignature:
        return False
    if size == 0:
        return wanted == merkle.EMPTY_ROOT
    return session.execute(select(CheckpointRow.root).where(CheckpointRow.size == size)).scalar_one_or_none() == wanted


def read_nodes(session: Session) -> merkle.ReadNodes:
    """The stored tree, for the functions of `merkle`."""

    def read(wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        if not wanted:
            return {}
        query = select(LogNode.level, LogNode.idx, LogNode.hash).where(tuple_(LogNode.level, LogNode.idx).in_(wanted))
        return {(level, index): hash_ for level, index, hash_ in session.execute(query)}

    return read


def event_proof(session: Session, case: str, case_seq: int) -> dict[str, JSON]:
    """Where an event stands in its batch: `{"salt", "leaf_index", "place", "path": [12 hashes]}`, hashes and salt in base64.

    Raises NotFound for no such event, and while its minute is not over.
    """
    row = session.get(EventRow, (case, case_seq))
    if row is None or row.leaf_index is None or row.place is None:
        raise NotFound("log.not_in_the_log_yet")
    path = _batch(session, row.leaf_index).path(row.place)
    return {"salt": b64(row.salt), "leaf_index": row.leaf_index, "place": row.place, "path": [b64(node) for node in path]}


def event_proofs(session: Session, case: str) -> list[dict[str, JSON]]:
    """`event_proof` of every event of a case in order, each batch built once; raises NotFound while one has no batch yet."""
    query = select(EventRow.salt, EventRow.leaf_index, EventRow.place).where(EventRow.case_id == case).order_by(EventRow.case_seq)
    built: dict[int, merkle.Batch] = {}
    proofs: list[dict[str, JSON]] = []
    for salt, leaf_index, place in session.execute(query):
        if leaf_index is None or place is None:
            raise NotFound("log.not_in_the_log_yet")
        if leaf_index not in built:
            built[leaf_index] = _batch(session, leaf_index)
        path = [b64(node) for node in built[leaf_index].path(place)]
        proofs.append({"salt": b64(salt), "leaf_index": leaf_index, "place": place, "path": path})
    return proofs


def _batch(session: Session, leaf_index: int) -> merkle.Batch:
    salt = session.execute(select(BatchRow.salt).where(BatchRow.leaf_index == leaf_index)).scalar_one()
    query = select(EventRow.commitment, EventRow.place).where(EventRow.leaf_index == leaf_index).order_by(EventRow.place)
    taken = [(commitment, place) for commitment, place in session.execute(query) if place is not None]
    return merkle.rebuild_batch([commitment for commitment, _ in taken], [place for _, place in taken], salt)


def batch_root(session: Session, leaf_index: int) -> bytes:
    """Record `leaf_index` of the log; raises NotFound."""
    found = session.execute(select(BatchRow.root).where(BatchRow.leaf_index == leaf_index)).scalar_one_or_none()
    if found is None:
        raise NotFound("log.no_such_record", index=leaf_index)
    return found


def tlog_proof(session: Session, leaf_index: int, size: int | None = None) -> TlogProof:
    """The C2SP proof file of record `leaf_index` to the checkpoint of `size`, by default to `best_witnessed`; raises NotFound."""
    head = best_witnessed(session, leaf_index) if size is None else at_size(session, size)
    if head is None or not 0 <= leaf_index < head.size:
        raise NotFound("log.no_such_record", index=leaf_index)
    path = merkle.inclusion_proof(leaf_index, head.size, read_nodes(session))
    return TlogProof(leaf_index, tuple(path), head.note)


def consistency(session: Session, old: int, new: int) -> list[bytes]:
    """The proof that the log of `new` records extends that of `old`; raises NotFound for sizes that it has not reached in that order."""
    head = latest(session)
    if head is None or not 0 <= old <= new <= head.size:
        raise NotFound("log.no_such_checkpoint", size=new)
    return merkle.consistency_proof(old, new, read_nodes(session))


def tile(session: Session, path: str) -> bytes:
    """The bytes at `/log/tile/<path>` (C2SP tlog-tiles); raises NotFound for what the log does not hold yet."""
    wanted = tiles.read_path(path)
    head = latest(session)
    if head is None or not wanted.available(head.size):
        raise NotFound("log.no_such_tile")
    if wanted.level is not None:
        return tiles.tile_bytes(wanted, read_nodes(session))
    start = wanted.index * tiles.WIDTH
    query = select(BatchRow.root).where(BatchRow.leaf_index >= start, BatchRow.leaf_index < start + wanted.width)
    return tiles.bundle_bytes(session.execute(query.order_by(BatchRow.leaf_index)).scalars())


def _stored(row: Any) -> StoredCheckpoint:
    note = checkpoint.read_note(row.note + row.cosignatures)
    return StoredCheckpoint(row.size, row.root, note, row.reason, row.at, row.tsr)
