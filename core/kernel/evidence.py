"""One event with the proof that it stands in the log: what a lot file, a release request and an evidence package carry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.kernel import clock, jcs, merkle
from core.kernel.checkpoint import TlogProof, read_proof
from core.kernel.dsse import Envelope, read_envelope
from core.kernel.encoding import b64, unb64, unhex
from core.kernel.errors import BadSignature
from core.kernel.jcs import JSON
from core.kernel.trust import TrustPolicy, Witnessed, accept_record


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """The `data` of §C of the algorithm card, taken apart; its signature is not checked yet. `prev` is "" for event 0."""

    case: str
    case_seq: int
    prev: str
    received_at: datetime
    envelope: Envelope
    data: bytes


def read_event(data: bytes) -> LoggedEvent:
    """The event in its canonical bytes; raises BadSignature when a member is missing, extra or malformed."""
    members = jcs.parse_object(data)
    case, seq, prev, received_at = (members.get(name) for name in ("case", "case_seq", "prev", "received_at"))
    if set(members) != {"case", "case_seq", "prev", "received_at", "dsse"} or not isinstance(case, str) or not isinstance(prev, str):
        raise BadSignature("event.malformed")
    if not isinstance(seq, int) or isinstance(seq, bool) or seq < 0 or (prev == "") != (seq == 0):
        raise BadSignature("event.malformed")
    if prev:
        unhex(prev, 32)
    try:
        at = clock.moment(received_at if isinstance(received_at, str) else "")
    except ValueError:
        raise BadSignature("event.malformed") from None
    return LoggedEvent(case, seq, prev, at, read_envelope(members["dsse"]), data)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an event's commitment stands: the `events/<case_seq>.proof.json` of a package."""

    salt: bytes
    leaf_index: int
    place: int
    path: tuple[bytes, ...]

    def to_json(self) -> dict[str, JSON]:
        """The proof file."""
        return {"salt": b64(self.salt), "leaf_index": self.leaf_index, "place": self.place, "path": [b64(node) for node in self.path]}

    def batch_root(self, data: bytes) -> bytes:
        """The record of the log that includes the event with these bytes, still to be proved in the log."""
        return merkle.verify_place(merkle.commit(self.salt, data), self.place, self.path)


def read_placement(value: JSON) -> Placement:
    """A proof file's JSON object; raises BadSignature when a member is missing, extra or malformed."""
    if not isinstance(value, Mapping) or set(value) != {"salt", "leaf_index", "place", "path"}:
        raise BadSignature("event.placement")
    leaf_index, place, path = value["leaf_index"], value["place"], value["path"]
    if not isinstance(path, list | tuple) or len(path) != merkle.PATH_LENGTH:
        raise BadSignature("event.placement")
    if not isinstance(leaf_index, int) or not isinstance(place, int) or isinstance(leaf_index, bool) or isinstance(place, bool):
        raise BadSignature("event.placement")
    return Placement(unb64(value["salt"], 32), leaf_index, place, tuple(unb64(node, 32) for node in path))


@dataclass(frozen=True, slots=True)
class EventProof:
    """An event's bytes with everything that leads from them to a signed checkpoint."""

    data: bytes
    placement: Placement
    proof: TlogProof

    def to_json(self) -> dict[str, JSON]:
        """`{"data": b64, "salt", "leaf_index", "place", "path", "tlog_proof": text}`"""
        return {"data": b64(self.data), **self.placement.to_json(), "tlog_proof": str(self.proof)}

    def accept(self, policy: TrustPolicy) -> tuple[LoggedEvent, Witnessed]:
        """The event and the witnessed checkpoint that includes it; raises BadSignature where the proof or the quorum fails.

        Who signed the event is still to be checked.
        """
        if self.proof.index != self.placement.leaf_index:
            raise BadSignature("event.placement")
        witnessed = accept_record(self.proof, self.placement.batch_root(self.data), policy)
        return read_event(self.data), witnessed


def read_event_proof(value: JSON) -> EventProof:
    """The reverse of `EventProof.to_json`; raises BadSignature when malformed."""
    members = dict(value) if isinstance(value, Mapping) else {}
    data, proof = unb64(members.pop("data", None)), members.pop("tlog_proof", None)
    if not isinstance(proof, str):
        raise BadSignature("event.placement")
    return EventProof(data, read_placement(members), read_proof(proof))
