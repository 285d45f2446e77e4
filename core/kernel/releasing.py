"""What an opening office's tool is asked, and when it may give a share away: never before outsiders have seen the opening begin."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

from cryptography import x509

from core.kernel import certificates, clock, sealing, signing
from core.kernel.age import Identity
from core.kernel.document import DocumentFault, Node
from core.kernel.encoding import b64, sha256, unb64
from core.kernel.errors import BadSignature, WrongState
from core.kernel.evidence import EventProof, read_event_proof
from core.kernel.jcs import JSON
from core.kernel.sealing import Place, Purpose, SealBody, read_seal_body
from core.kernel.signing import Seen, Signer, Statement, open_statement, read_statement
from core.kernel.trust import TrustPolicy

FORMAT = "gongheng/release-request/v1"
CLOSE, START, LOCK = "close", "opening.start", "technical.lock"
WINDOWS = ("opening.identity", "opening.request")
CLOSED_LIST, CLOSED_START = "application.close", "application.open"
OF_APPLICATIONS = 2
"""The round of their opening; that of bids stands in its window's event."""

T = TypeVar("T")


class RequestFault(DocumentFault):
    """The file is no release request."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One envelope whose share is asked for: its bidder, the payload of the seal statement, and the office's share box."""

    bidder: str
    name: str
    seal: bytes
    box: bytes

    @property
    def statement(self) -> Statement:
        """The seal statement; its digest on the closing list vouches for it."""
        return read_statement(self.seal)

    @property
    def body(self) -> SealBody:
        """The seal's body."""
        return read_seal_body(self.statement.body)

    def to_json(self) -> dict[str, JSON]:
        """Its entry in the file."""
        return {"bidder": self.bidder, "name": self.name, "seal": b64(self.seal), "box": b64(self.box)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRequest:
    """The whole file. `signers` are the certificates of those who signed the events; `prev` the officer's last payload in the case."""

    case: str
    lot: str
    role: str
    authorities: tuple[x509.Certificate, ...]
    signers: tuple[x509.Certificate, ...]
    events: Mapping[str, EventProof]
    prev: str
    asked: tuple[Asked, ...]

    def to_json(self) -> dict[str, JSON]:
        """The file as a JSON object."""
        return {
            "format": FORMAT,
            "case": self.case,
            "lot": self.lot,
            "role": self.role,
            "authorities": [certificates.to_pem(certificate) for certificate in self.authorities],
            "signers": [certificates.to_pem(certificate) for certificate in self.signers],
            "events": {name: proof.to_json() for name, proof in self.events.items()},
            "prev": self.prev,
            "asked": [asked.to_json() for asked in self.asked],
        }


def read_request(value: object) -> ReleaseRequest:
    """The request in a JSON value; raises RequestFault naming the place of the first fault."""
    known = {"format", "case", "lot", "role", "authorities", "signers", "events", "prev", "asked"}
    fields = Node(value, RequestFault).fields(known)
    if fields.need("format").text() != FORMAT:
        raise fields.fault("format", "format_unknown")
    proofs = fields.need("events").members()
    return ReleaseRequest(
        case=fields.need("case").id(),
        lot=fields.need("lot").id(),
        role=fields.need("role").id(),
        authorities=tuple(_held(pem, certificates.read_certificate) for pem in fields.need("authorities").items()),
        signers=tuple(_held(pem, certificates.read_certificate) for pem in fields.need("signers").items()),
        events={name: _held(node, lambda proof: read_event_proof(cast(JSON, proof))) for name, node in proofs},
        prev=fields.need("prev").text(),
        asked=tuple(_asked(node) for node in fields.need("asked").items()),
    )


def _asked(node: Node) -> Asked:
    fields = node.fields({"bidder", "name", "seal", "box"})
    asked = Asked(
        bidder=fields.need("bidder").id(),
        name=fields.need("name").text(),
        seal=_held(fields.need("seal"), unb64),
        box=_held(fields.need("box"), unb64),
    )
    _held(fields.need("seal"), lambda _: asked.body)
    return asked


def _held(node: Node, read: Callable[[object], T]) -> T:
    """A value in a form of its own; its refusal becomes a fault at this place."""
    try:
        return read(node.value)
    except BadSignature as refusal:
        raise node.fault("malformed", why=refusal.code) from None


# The grounds for a release


@dataclass(frozen=True, slots=True)
class Grounds:
    """What the log proves: the closing list, whose price envelopes may be opened (None: all), the end of the bidders' own window."""

    accepted: frozenset[str]
    passed: frozenset[str] | None
    window_ends: datetime
    seen: Seen
    purpose: Purpose = Purpose.BID
    round: int = 0  # of the opening


def grounds(request: ReleaseRequest, policy: TrustPolicy, window: timedelta) -> Grounds:
    """The grounds in a request; raises BadSignature unless the log, its witnesses and the signers' certificates bear them out.

    The closing list must stand in the log before the opening's start, which names it, and the release window's event after that. `window`
    is how long bidders have where that event does not say. Price envelopes (window event `opening.request`) also need `technical.lock`.
    Of applications the closing list and the host's order to open them are enough: their makers release no key, so nobody waits for them.
    """
    if CLOSED_LIST in request.events:
        return _closed_grounds(request, policy)
    kind = next((name for name in WINDOWS if name in request.events), "")
    if not {CLOSE, START, kind} <= set(request.events) or (kind == WINDOWS[1] and LOCK not in request.events):
        raise BadSignature("release.no_grounds")
    read = {name: _logged(request, name, policy) for name in request.events}
    (close, closed_at), (start, started_at), (opened, opened_at) = read[CLOSE][:2], read[START][:2], read[kind][:2]
    if not closed_at <= started_at <= opened_at or start.body.get("close_sha256") != sha256(close.payload).hex():
        raise BadSignature("release.out_of_order")
    passed = _texts(read[LOCK][0].body, "passed") if kind == WINDOWS[1] else None
    if passed is not None and not started_at <= read[LOCK][1] <= opened_at:
        raise BadSignature("release.out_of_order")
    return Grounds(_texts(close.body, "accepted"), passed, _window_ends(opened, opened_at, window), read[kind][2], round=opened.round)


def _closed_grounds(request: ReleaseRequest, policy: TrustPolicy) -> Grounds:
    if set(request.events) != {CLOSED_LIST, CLOSED_START}:
        raise BadSignature("release.no_grounds")
    (close, closed_at, _), (start, started_at, seen) = (_logged(request, name, policy) for name in (CLOSED_LIST, CLOSED_START))
    if closed_at > started_at or start.body.get("close_sha256") != sha256(close.payload).hex():
        raise BadSignature("release.out_of_order")
    return Grounds(_texts(close.body, "accepted"), None, started_at, seen, Purpose.APPLICATION, OF_APPLICATIONS)


def _logged(request: ReleaseRequest, name: str, policy: TrustPolicy) -> tuple[Statement, datetime, Seen]:
    """An event's statement, when the platform received it, and the witnessed checkpoint that proves it."""
    event, witnessed = request.events[name].accept(policy)
    signer = _signer(request, event.envelope.signatures[0].keyid, policy, event.received_at)
    said = open_statement(event.envelope, certificates.key_record(signer), policy.rp)
    if (event.case, said.case, said.lot, said.type) != (request.case, request.case, request.lot, name):
        raise BadSignature("release.event_elsewhere", type=name)
    return said, event.received_at, Seen(witnessed.checkpoint.size, b64(witnessed.checkpoint.root))


def _signer(request: ReleaseRequest, key_id: str, policy: TrustPolicy, at: datetime) -> x509.Certificate:
    roots = [certificate for certificate in request.authorities if certificates.fingerprint(certificate) in policy.ca_roots]
    for certificate in request.signers:
        if certificates.key_record(certificate).key_id == key_id:
            certificates.verify_chain(certificate, request.authorities, roots, at, None)
            return certificate
    raise BadSignature("release.signer_unknown", key_id=key_id)


def _window_ends(opened: Statement, at: datetime, window: timedelta) -> datetime:
    said = opened.body.get("release_until")
    try:
        return clock.moment(said) if isinstance(said, str) else at + window
    except ValueError:
        raise BadSignature("release.out_of_order") from None


def _texts(body: Mapping[str, JSON], name: str) -> frozenset[str]:
    said = body.get(name)
    if not isinstance(said, list) or not all(isinstance(text, str) for text in said):
        raise BadSignature("release.event_malformed", name=name)
    return frozenset(str(text) for text in said)


def check_asked(request: ReleaseRequest, asked: Asked, known: Grounds, now: datetime) -> Place:
    """The place of an envelope whose share may be given away now; raises BadSignature or WrongState where it may not.

    The seal must be on the closing list (so no older version is), its bidder must have passed where that is asked, and the time in which
    the bidder could release the key must be over.
    """
    said = asked.statement
    if (said.type, said.case, said.lot) != ("seal", request.case, request.lot) or sha256(asked.seal).hex() not in known.accepted:
        raise BadSignature("release.not_accepted", bidder=asked.bidder)
    if asked.body.purpose is not known.purpose:
        raise BadSignature("release.not_accepted", bidder=asked.bidder)
    if known.passed is not None and asked.bidder not in known.passed:
        raise BadSignature("release.not_passed", bidder=asked.bidder)
    if now < known.window_ends:
        raise WrongState("release.window_open", until=clock.text(known.window_ends))
    return Place(request.case, request.lot, asked.body.env, asked.body.ver, asked.bidder, purpose=asked.body.purpose)


@dataclass(frozen=True, slots=True)
class Officer:
    """Who releases: the person, the office, the age identity that opens its boxes, and the key that signs."""

    person: str
    office: str
    identity: Identity
    signer: Signer


def release(request: ReleaseRequest, known: Grounds, officer: Officer, now: datetime) -> list[bytes]:
    """A signed `share-release` envelope for each envelope asked for, all or none, each naming the one before as `prev`."""
    if officer.office != request.role:
        raise BadSignature("release.other_office", role=request.role)
    envelopes, prev = [], request.prev
    for asked in request.asked:
        place, body = check_asked(request, asked, known, now), asked.body
        share = sealing.open_share_box(asked.box, officer.identity, place, body.bid_pub, body.share(officer.office))
        payload = signing.statement(
            type="share-release",
            case=request.case,
            lot=request.lot,
            round=known.round,
            prev=prev,
            actor=signing.Actor(officer.person, "officer", officer.signer.key.key_id),
            nonce=secrets.token_hex(16),
            iat=now,
            ckpt=known.seen,
            body=sealing.share_release_body(body.bid_pub, officer.office, share),
        )
        prev = sha256(payload).hex()
        envelopes.append(signing.sign(payload, officer.signer).to_bytes())
    return envelopes
