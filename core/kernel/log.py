"""The transparency log: once a minute, and at once when a ceremony asks, all new commitments become one record under a signed checkpoint.

The network is asked outside every transaction: witnesses to cosign the newest checkpoint, the time stamp
authority to stamp those that a ceremony forced. Who does not answer is asked again later and holds up nobody.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Protocol

import httpx
from cryptography import x509
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.kernel import merkle, proofs, timestamps, witnessing
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.checkpoint import LOG, Checkpoint, Note, NoteSignature, Vkey, cosigned_at, read_number, sign_note, vkey
from core.kernel.db import lock, table
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature
from core.kernel.merkle import Batch, Coordinate
from core.kernel.outbox import Outside, Payload, Subscriptions
from core.kernel.proofs import StoredCheckpoint
from core.kernel.records import BatchRow, CheckpointRow, EventRow, LogNode
from core.kernel.signing import Ed25519Signer
from core.kernel.ticks import Tick
from core.kernel.work import Door, Work

log = logging.getLogger(__name__)

TOPIC = "log.checkpoint"  # send {"reason": "deadline"} there to force a batch and its checkpoint
MINUTE = 60.0
PATIENCE = 5.0  # s for an answer from outside
FRESH = timedelta(minutes=2)  # for how long the newest checkpoint is shown to witnesses
AGAIN = 5.0  # s between two looks at what witnesses and the authority still owe
LONGEST_PAUSE = 60.0  # s until a witness that failed many times is asked again
ATTEMPTS = 5  # to append, when another process appends at the same moment


class WitnessAt(Protocol):
    """A witness: the address under which its `add-checkpoint` is, and its verifier key."""

    @property
    def url(self) -> str: ...

    @property
    def vkey(self) -> Vkey: ...


@dataclass(slots=True)
class _Memory:
    """What this process remembers of a witness between two calls; forgetting it costs one more request."""

    size: int = 0
    failures: int = 0
    ask_after: float = 0.0


@dataclass(frozen=True, slots=True)
class _Grown:
    """A batch that is built and not yet stored."""

    leaf_index: int
    salt: bytes
    batch: Batch
    events: Sequence[tuple[str, int]]
    full: bool
    at: datetime  # when it was looked what waits: of what came later its checkpoint says that it was not there yet


@dataclass(frozen=True, slots=True)
class StampAuthority:
    """A time stamp authority (RFC 3161 over HTTP) and the roots that its certificate must lead to."""

    url: str
    roots: tuple[x509.Certificate, ...]


@dataclass(slots=True)
class Log:
    """The log of this platform, as its operator."""

    origin: str
    key: Ed25519Signer
    witnesses: Sequence[WitnessAt] = ()
    authority: StampAuthority | None = None
    _memory: dict[str, _Memory] = field(default_factory=dict)
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE))

    @property
    def vkey(self) -> Vkey:
        """The key that the log's checkpoints verify under."""
        return vkey(self.origin, LOG, self.key.private)

    def ticks(self) -> tuple[Tick, ...]:
        """A batch a minute, and a look at what is still owed from outside."""
        return (Tick("log.batch", MINUTE, self.grow_and_witness), Tick("log.witness", AGAIN, self.witness))

    def subscriptions(self) -> Subscriptions:
        """The outbox topic by which a ceremony forces a checkpoint."""
        return {TOPIC: Outside(self._force)}

    def grow_and_witness(self, door: Door, reason: str = "") -> int:
        """`grow`, then `witness`; returns the log's size."""
        size = self.grow(door, reason)
        self.witness(door)
        return size

    def _force(self, door: Door, payload: Payload) -> None:
        self.grow_and_witness(door, str(payload.get("reason", "")))

    # Growing

    def grow(self, door: Door, reason: str = "") -> int:
        """Puts every commitment that has no place yet into a batch, or several; dummies alone when there is none. Returns the size."""
        while True:
            grown = self._append(door, reason)
            if not grown.full:
                return grown.leaf_index + 1
            log.error("more than %d events in a minute: the number of batches shows it", merkle.PLACES)

    def _append(self, door: Door, reason: str, attempts: int = ATTEMPTS) -> _Grown:
        grown = door.read(lambda session: _build(session, door.clock(session)))  # thousands of hashes: in a reader's thread
        try:
            door.perform(SYSTEM_ACTOR, lambda work: self._store(work, grown, reason))
        except IntegrityError:  # another process took this index: its batch holds these events
            if attempts == 1:
                raise
            return self._append(door, reason, attempts - 1)
        return grown

    def _store(self, work: Work, grown: _Grown, reason: str) -> None:
        connection, size = work.session.connection(), grown.leaf_index
        row = {"leaf_index": size, "salt": grown.salt, "root": grown.batch.root, "at": grown.at}
        connection.execute(insert(table(BatchRow)), row)  # first: who comes second fails here
        if grown.events:
            event = table(EventRow)
            mine = (event.c.case_id == bindparam("case")) & (event.c.case_seq == bindparam("seq"))
            placed = [
                {"case": case, "seq": seq, "at_place": place} for (case, seq), place in zip(grown.events, grown.batch.places, strict=True)
            ]
            values: dict[str, Any] = {"leaf_index": size, "place": bindparam("at_place")}
            connection.execute(update(event).where(mine).values(values), placed)
        stored = proofs.read_nodes(work.session)
        nodes = merkle.grown_nodes(size, merkle.leaf_hash(grown.batch.root), stored)
        root = merkle.root(size + 1, _with(stored, dict(nodes)))
        connection.execute(insert(table(LogNode)), [{"level": level, "idx": index, "hash": hash_} for (level, index), hash_ in nodes])
        note = sign_note(Checkpoint(self.origin, size + 1, root).text, self.origin, self.key.private)
        head = {"size": size + 1, "root": root, "note": str(note), "reason": reason, "at": grown.at, "cosignatures": "", "tsr": None}
        connection.execute(insert(table(CheckpointRow)), head)

    # What is asked of others

    def witness(self, door: Door) -> None:
        """Asks every witness that has not cosigned the newest checkpoint, and the authority for the stamps that are missing.

        A checkpoint that has waited is shown to nobody any more: its cosignature would be dated now, and say of what happened since that it
        was not there yet. After an outage the next minute's is shown instead; an answer that is dated as late is not kept either.
        """
        head, now = door.read(lambda session: (proofs.latest(session), door.clock(session)))
        tasks: list[Callable[[], object]] = []
        if head is not None and now - head.at <= FRESH:
            owing = [witness for witness in self.witnesses if witness.vkey.name not in head.cosigned_by]
            tasks += [_bound(self._ask_witness, door, witness, head) for witness in owing]
        if self.authority is not None:
            tasks += [_bound(self._ask_authority, door, self.authority, bare) for bare in door.read(proofs.unstamped)]
        if tasks:
            with ThreadPoolExecutor(min(8, len(tasks))) as pool:  # who is slow makes nobody else slow
                list(pool.map(lambda task: task(), tasks))

    def _ask_witness(self, door: Door, witness: WitnessAt, head: StoredCheckpoint) -> None:
        memory = self._memory.setdefault(witness.vkey.name, _Memory())
        if monotonic() < memory.ask_after:
            return
        try:
            lines = self._cosignatures(door, witness, head, memory)
            door.perform(SYSTEM_ACTOR, lambda work: _keep_cosignatures(work, head.size, lines))
            memory.failures, memory.size = 0, head.size
        except (httpx.HTTPError, BadSignature) as failure:
            memory.failures += 1
            memory.ask_after = monotonic() + min(LONGEST_PAUSE, 2.0 ** min(memory.failures, 10) - 1)
            log.warning("witness %s has not cosigned %d: %s", witness.vkey.name, head.size, failure)

    def _cosignatures(self, door: Door, witness: WitnessAt, head: StoredCheckpoint, memory: _Memory) -> list[NoteSignature]:
        """C2SP tlog-witness: a conflict tells the size that the witness holds, from which it is asked once more."""
        own = Note(head.note.text, head.note.signatures[:1])
        for _ in range(2):
            old = min(memory.size, head.size)
            proof = door.read(lambda session, old=old: proofs.consistency(session, old, head.size))  # type: ignore[misc]  # bound now
            body = witnessing.write_request(old, proof, own)
            answer = self._client.post(f"{witness.url}/add-checkpoint", content=body)
            if answer.status_code != httpx.codes.CONFLICT:
                break
            memory.size = read_number(answer.text.strip())
        answer.raise_for_status()
        answered = Note(own.text, tuple(witnessing.read_answer(answer.text, own, [witness.vkey])))
        at = cosigned_at(answered, witness.vkey)
        if at is None:
            raise BadSignature("note.not_signed_by", name=witness.vkey.name)
        if at > (head.at + FRESH).timestamp():  # it was shown in time, and the clock went on
            raise BadSignature("witness.late", name=witness.vkey.name)
        return list(answered.signatures)

    def _ask_authority(self, door: Door, authority: StampAuthority, head: StoredCheckpoint) -> None:
        imprint, nonce = sha256(head.note.text.encode()), secrets.randbits(63)
        query = timestamps.write_request(imprint, nonce)
        try:
            headers = {"Content-Type": timestamps.MEDIA_QUERY}
            answer = self._client.post(authority.url, content=query, headers=headers).raise_for_status().content
            timestamps.verify(answer, imprint, authority.roots, nonce=nonce)
        except (httpx.HTTPError, BadSignature) as failure:
            log.warning("checkpoint %d has no time stamp yet: %s", head.size, failure)
            return
        door.perform(SYSTEM_ACTOR, lambda work: _keep_stamp(work, head.size, answer))


def _build(session: Session, at: datetime) -> _Grown:
    """The next batch over all that waits, at most what one batch holds."""
    head = proofs.latest(session)
    query = select(EventRow.case_id, EventRow.case_seq, EventRow.commitment).where(EventRow.leaf_index.is_(None))
    waiting = session.execute(query.order_by(EventRow.at, EventRow.case_id, EventRow.case_seq).limit(merkle.PLACES)).all()
    salt = secrets.token_bytes(32)
    batch = merkle.build_batch([commitment for _, _, commitment in waiting], salt)
    events = [(case, seq) for case, seq, _ in waiting]
    return _Grown(head.size if head else 0, salt, batch, events, len(waiting) == merkle.PLACES, at)


def _with(stored: merkle.ReadNodes, fresh: Mapping[Coordinate, bytes]) -> merkle.ReadNodes:
    def read(wanted: Sequence[Coordinate]) -> Mapping[Coordinate, bytes]:
        return {**stored([coordinate for coordinate in wanted if coordinate not in fresh]), **fresh}

    return read


def _bound(ask: Callable[..., object], *arguments: object) -> Callable[[], object]:
    return lambda: ask(*arguments)


def _keep_cosignatures(work: Work, size: int, lines: Iterable[NoteSignature]) -> None:
    row = lock(work.session, CheckpointRow, CheckpointRow.size == size)
    for line in lines:  # a forced batch and the minute's may both have asked: a note bears one line of a witness, the first
        if f"— {line.name} " not in row.cosignatures:
            row.cosignatures += str(line)


def _keep_stamp(work: Work, size: int, answer: bytes) -> None:
    row = lock(work.session, CheckpointRow, CheckpointRow.size == size)
    if row.tsr is None:
        row.tsr = answer
