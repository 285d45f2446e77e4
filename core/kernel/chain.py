"""The chains of evidence: each case's events linked one to the next, and the platform's own statements in it likewise."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from core.kernel import clock, dsse, jcs, merkle, signing, speaking
from core.kernel.bulk import insert_many, update_many
from core.kernel.db import COMPACT, insert_new
from core.kernel.dsse import Envelope, Signature
from core.kernel.encoding import b64, sha256
from core.kernel.errors import BadSignature
from core.kernel.events import Event
from core.kernel.records import CaseHead, CheckpointRow, EventRow
from core.kernel.signing import NOTHING_SEEN, Seen, Signer
from core.kernel.streams import Projection

PLATFORM_ID, PLATFORM_ROLE = "urn:ztb:platform", "system"


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as a use case left it: when it happened by the database's clock, what each audience learns of it, and the canonical body of
    the platform's statement, where it is the platform that speaks: made while the database is at work on what the use case changed."""

    event: Event
    at: datetime
    shown: tuple[Projection, ...]
    body: bytes


@dataclass(slots=True)
class _Head:
    seq: int
    commitment: bytes
    platform_prev: str


@dataclass(frozen=True, slots=True)
class Heads:
    """The ends of some cases' chains, locked, and what of the log the platform has seen when it speaks."""

    of: Mapping[str, _Head]
    seen: Seen


def check_statement(event: Event) -> None:
    """Raises BadSignature unless the person's statement is about this event: type, case, lot, round. Its signature is checked before."""
    assert event.signed is not None
    said = json.loads(event.signed.payload)
    if (said["type"], said["case"], said["lot"], said["round"]) != (event.KIND, event.case, event.lot, event.round):
        raise BadSignature("statement.type_differs", type=event.KIND)


# Events, at a group's end


def lock_heads(connection: Connection, recorded: Sequence[Recorded]) -> Heads:
    """The heads of a group's cases and the log's last word, locked until COMMIT; whoever takes them takes them in order."""
    cases = sorted({record.event.case for record in recorded})
    heads = _heads(connection, cases)
    if len(heads) < len(cases):  # a new case: whoever comes second waits here for who came first
        fresh = [case for case in cases if case not in heads]
        insert_new(connection, CaseHead, [{"case_id": case, "case_seq": -1, "commitment": b"", "platform_prev": ""} for case in fresh])
        heads = _heads(connection, cases)
    speaks = any(record.event.signed is None for record in recorded)
    return Heads(heads, latest_seen(connection) if speaks else NOTHING_SEEN)


def _heads(connection: Connection, cases: Iterable[str]) -> dict[str, _Head]:
    columns = CaseHead.case_id, CaseHead.case_seq, CaseHead.commitment, CaseHead.platform_prev
    query = select(*columns).where(CaseHead.case_id.in_(cases)).order_by(CaseHead.case_id).with_for_update()
    return {case: _Head(seq, commitment, prev) for case, seq, commitment, prev in connection.execute(query)}


def link(connection: Connection, recorded: Sequence[Recorded], heads: Heads, platform: Signer) -> None:
    """Signs, numbers, links and stores a group's events behind the heads of their cases."""
    rows = [_row(record, heads.of[record.event.case], platform, heads.seen) for record in recorded]
    insert_many(connection, EventRow, rows)
    moved = [
        {"case_id": case, "case_seq": head.seq, "commitment": head.commitment, "platform_prev": head.platform_prev}
        for case, head in heads.of.items()
    ]
    update_many(connection, CaseHead, "case_id", moved)


def _row(record: Recorded, head: _Head, platform: Signer, seen: Seen) -> dict[str, object]:
    """The event's row; moves its case's head."""
    event = record.event
    envelope = event.signed
    if envelope is None:
        envelope = _speak(record, "" if event.ALONE else head.platform_prev, platform, seen)
        if not event.ALONE:
            head.platform_prev = sha256(envelope.payload).hex()
    head.seq += 1
    data = event_data(event.case, head.seq, head.commitment.hex(), record.at, envelope)
    salt = secrets.token_bytes(32)
    head.commitment = merkle.commit(salt, data)
    return {
        "case_id": event.case,
        "case_seq": head.seq,
        "kind": event.KIND,
        "subject": event.subject,
        "at": record.at,
        "salt": salt,
        "data": data,
        "commitment": head.commitment,
    }


def _speak(record: Recorded, prev: str, platform: Signer, seen: Seen) -> Envelope:
    """The platform's own statement of an event."""
    event = record.event
    return speak(platform, event.KIND, event.case, record.at, seen, body=record.body, lot=event.lot, round=event.round, prev=prev)


def speak(
    platform: Signer,
    kind: str,
    case: str,
    at: datetime,
    seen: Seen,
    *,
    body: bytes,
    lot: str = "",
    round: int = 0,  # noqa: A002 - the member's name in the payload
    prev: str = "",
) -> Envelope:
    """A statement of the platform's own with that canonical body, signed."""
    payload = speaking.own_statement(
        type=kind,
        case=case,
        lot=lot,
        round=round,
        prev=prev,
        actor=signing.Actor(PLATFORM_ID, PLATFORM_ROLE, platform.key.key_id),
        nonce=secrets.token_hex(16),
        iat=at,
        ckpt=seen,
        body=body,
    )
    spoken = dsse.payload_type(kind)
    return Envelope(spoken, payload, (platform.sign(dsse.pae(spoken, payload)),))


def event_data(case: str, seq: int, prev: str, at: datetime, envelope: Envelope) -> bytes:
    """The canonical bytes of an event in its chain; `prev` is the hex commitment of the event before it, "" for event 0."""
    # Its members in the order of RFC 8785, written out: base64, hex, digits and moments need no escape, the rest is encoded as ever.
    signatures = ",".join(_line(line) for line in envelope.signatures)
    signed = f'"payload":"{b64(envelope.payload)}","payloadType":{_quoted(envelope.payload_type)},"signatures":[{signatures}]'
    text = f'{{"case":{_quoted(case)},"case_seq":{seq:d},"dsse":{{{signed}}},"prev":"{prev}","received_at":"{clock.text(at)}"}}'
    return text.encode("utf-8")


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    return COMPACT.encode(text)


def _line(line: Signature) -> str:
    if line.kind == "webauthn-es256":
        return COMPACT.encode(line.to_json())
    return f'{{"keyid":{_quoted(line.keyid)},"kind":{_quoted(line.kind)},"sig":"{b64(line.sig)}"}}'


def latest_seen(connection: Connection) -> Seen:
    """The newest checkpoint's size and root, as a statement's `ckpt` names it."""
    query = select(CheckpointRow.size, CheckpointRow.root).order_by(CheckpointRow.size.desc()).limit(1)
    found = connection.execute(query).first()
    return Seen(found.size, b64(found.root)) if found else NOTHING_SEEN


# Reading back


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event of a chain as stored; `data` are its canonical bytes."""

    case: str
    case_seq: int
    kind: str
    subject: str
    at: datetime
    salt: bytes
    data: bytes
    commitment: bytes
    leaf_index: int | None
    place: int | None

    @property
    def envelope(self) -> Envelope:
        """The signed statement."""
        members = jcs.parse_object(self.data, strict=False)
        return dsse.read_envelope(members["dsse"])


_COLUMNS: tuple[Any, ...] = (
    EventRow.case_id,
    EventRow.case_seq,
    EventRow.kind,
    EventRow.subject,
    EventRow.at,
    EventRow.salt,
    EventRow.data,
    EventRow.commitment,
    EventRow.leaf_index,
    EventRow.place,
)


def find(session: Session, case: str, kind: str, subject: str | None = None) -> list[StoredEvent]:
    """The events of a kind in a case, oldest first; of one `subject` alone if it is given."""
    query = select(*_COLUMNS).where(EventRow.case_id == case, EventRow.kind == kind)
    if subject is not None:
        query = query.where(EventRow.subject == subject)
    return [StoredEvent(*row) for row in session.execute(query.order_by(EventRow.case_seq))]


def of_kinds(session: Session, case: str, kinds: Iterable[str]) -> list[StoredEvent]:
    """The events of several kinds in a case, oldest first."""
    query = select(*_COLUMNS).where(EventRow.case_id == case, EventRow.kind.in_(list(kinds))).order_by(EventRow.case_seq)
    return [StoredEvent(*row) for row in session.execute(query)]


def events(session: Session, case: str) -> list[StoredEvent]:
    """The whole chain of a case, from event 0 on."""
    query = select(*_COLUMNS).where(EventRow.case_id == case).order_by(EventRow.case_seq)
    return [StoredEvent(*row) for row in session.execute(query)]
