"""A party's slip in share boxes: dealt to three offices when it is committed to, so that two open it where the party stays silent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from cryptography import x509

from core.kernel import age, certificates, draw, jcs, sealing, shamir
from core.kernel.age import Identity
from core.kernel.document import DocumentFault, Node
from core.kernel.encoding import b64, unb64, unhex
from core.kernel.errors import BadSignature, WrongState
from core.kernel.evidence import EventProof, read_event_proof
from core.kernel.jcs import JSON
from core.kernel.sealing import ROLES, THRESHOLD, encrypt, read_share, share_commit
from core.kernel.signing import Seen, Statement, open_statement
from core.kernel.trust import TrustPolicy

FORMAT = "gongheng/slip-request/v1"
WINDOW = timedelta(minutes=30)  # from the last commit: after it the offices may open a slip that was not shown
_BOUND = "ztb/v1/draw-share"


@dataclass(frozen=True, slots=True)
class Place:
    """The one slip that boxes belong to."""

    case: str
    draw: str
    party: str


@dataclass(frozen=True, slots=True)
class SlipShare:
    """One office's share of a slip: an age file that any of `recipients` opens, and the commitment to what is in it."""

    role: str
    recipients: tuple[str, ...]
    box: bytes
    commitment: str

    def to_json(self) -> dict[str, JSON]:
        """Its entry in the `draw.commit` statement."""
        return {"role": self.role, "recs": list(self.recipients), "box": b64(self.box), "share_commit": self.commitment}


def deal(place: Place, value: bytes, offices: Mapping[str, Sequence[str]]) -> list[SlipShare]:
    """The boxes of a slip, one for each office (role → `age1…` recipients of its live keys)."""
    dealt = shamir.split(value, len(offices), THRESHOLD)
    return [_box(place, role, share, recipients) for (role, recipients), share in zip(offices.items(), dealt, strict=True)]


def _box(place: Place, role: str, share: bytes, recipients: Sequence[str]) -> SlipShare:
    content = jcs.canonical(_bound(place, role) | {"share": share.hex()})
    return SlipShare(role, tuple(recipients), encrypt(content, recipients), share_commit(share))


def _bound(place: Place, role: str) -> dict[str, JSON]:
    return {"t": _BOUND, "case": place.case, "draw": place.draw, "party": place.party, "role": role}


def read_shares(value: object) -> tuple[SlipShare, ...]:
    """The member `shares` of a `draw.commit`: none, or one for each of the three offices; raises BadSignature."""
    if not isinstance(value, list | tuple):
        raise BadSignature("slip.malformed")
    shares = tuple(_read(one) for one in value)
    if shares and tuple(share.role for share in shares) != ROLES:
        raise BadSignature("slip.malformed")
    return shares


def _read(one: object) -> SlipShare:
    if not isinstance(one, Mapping) or set(one) != {"role", "recs", "box", "share_commit"}:
        raise BadSignature("slip.malformed")
    role, recipients = one["role"], one["recs"]
    if role not in ROLES or not isinstance(recipients, list | tuple) or not recipients:
        raise BadSignature("slip.malformed")
    for recipient in recipients:
        age.read_recipient(recipient)
    box = unb64(one["box"])
    if len(box) > 4_000:
        raise BadSignature("slip.malformed")
    return SlipShare(cast(str, role), tuple(cast(str, each) for each in recipients), box, unhex(one["share_commit"], 32).hex())


def open_box(share: SlipShare, identity: Identity, place: Place) -> bytes:
    """An officer's look into a box: the share, once every bound field and its commitment fit; raises BadSignature otherwise."""
    bound = jcs.parse_object(sealing.decrypt(share.box, identity))
    held = read_share(bound.pop("share", None))
    if bound != _bound(place, share.role):
        raise BadSignature("share.bound_elsewhere")
    check_share(held, share)
    return held


def check_share(held: bytes, share: SlipShare) -> None:
    """Raises BadSignature unless a share is the one committed to."""
    if share_commit(held) != share.commitment:
        raise BadSignature("share.commitment_differs", role=share.role)


def combine(place: Place, shares: Mapping[str, bytes], commitment: str) -> bytes:
    """The slip's value from two offices' shares; raises BadSignature unless it is the one that the party had committed to."""
    if len(shares) < THRESHOLD:
        raise BadSignature("shamir.shares")
    value = shamir.combine(list(shares.values())[:THRESHOLD])
    if len(value) != draw.SECRET_BYTES or draw.commit(place.case, place.draw, place.party, value).hex() != commitment:
        raise BadSignature("slip.not_committed")
    return value


# What an office's tool is asked


class SlipRequestFault(DocumentFault):
    """The file is no request for the share of a slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRequest:
    """The whole file: the party whose slip is to be opened, and all three commits as the log holds them."""

    case: str
    lot: str
    role: str
    draw: str
    party: str
    authorities: tuple[x509.Certificate, ...]
    signers: tuple[x509.Certificate, ...]
    commits: Mapping[str, EventProof]
    prev: str

    def to_json(self) -> dict[str, JSON]:
        """The file as a JSON object."""
        return {
            "format": FORMAT,
            "case": self.case,
            "lot": self.lot,
            "role": self.role,
            "draw": self.draw,
            "party": self.party,
            "authorities": [certificates.to_pem(one) for one in self.authorities],
            "signers": [certificates.to_pem(one) for one in self.signers],
            "commits": {party: proof.to_json() for party, proof in self.commits.items()},
            "prev": self.prev,
        }


def read_request(value: object) -> SlipRequest:
    """The request in a JSON value; raises SlipRequestFault naming the place of the first fault."""
    known = {"format", "case", "lot", "role", "draw", "party", "authorities", "signers", "commits", "prev"}
    fields = Node(value, SlipRequestFault).fields(known)
    if fields.need("format").text() != FORMAT:
        raise fields.fault("format", "format_unknown")
    try:
        return SlipRequest(
            case=fields.need("case").id(),
            lot=fields.need("lot").id(),
            role=fields.need("role").id(),
            draw=fields.need("draw").id(),
            party=fields.need("party").id(),
            authorities=tuple(certificates.read_certificate(one.value) for one in fields.need("authorities").items()),
            signers=tuple(certificates.read_certificate(one.value) for one in fields.need("signers").items()),
            commits={name: read_event_proof(cast(JSON, node.value)) for name, node in fields.need("commits").members()},
            prev=fields.need("prev").text(),
        )
    except BadSignature as refusal:
        raise fields.fault("commits", "malformed", why=refusal.code) from None


def share_for(request: SlipRequest, policy: TrustPolicy, role: str, identity: Identity, now: datetime) -> tuple[bytes, Seen]:
    """The office's share, given away only when the witnessed log shows three commits of this draw and the window is over.

    Nobody's slip is opened before every slip is fixed, or whoever commits last could choose. Raises BadSignature or WrongState.
    """
    if request.role != role:
        raise BadSignature("release.other_office", role=request.role)
    if set(request.commits) != set(ROLES):
        raise BadSignature("release.no_grounds")
    read = {party: _logged(request, party, policy) for party in request.commits}
    ends = max(at for _, at, _ in read.values()) + WINDOW
    if now < ends:
        raise WrongState("release.window_open", until=ends.isoformat())
    said, _, seen = read[request.party]
    mine = next((share for share in read_shares(said.body.get("shares")) if share.role == role), None)
    if mine is None:
        raise BadSignature("seal.no_share", role=role)
    return open_box(mine, identity, Place(request.case, request.draw, request.party)), seen


def _logged(request: SlipRequest, party: str, policy: TrustPolicy) -> tuple[Statement, datetime, Seen]:
    event, witnessed = request.commits[party].accept(policy)
    signer = _signer(request, event.envelope.signatures[0].keyid, policy, event.received_at)
    said = open_statement(event.envelope, certificates.key_record(signer), policy.rp)
    where = (event.case, said.case, said.lot, said.type, said.actor.role, said.body.get("draw"), said.body.get("party"))
    if where != (request.case, request.case, request.lot, "draw.commit", party, request.draw, party):
        raise BadSignature("release.event_elsewhere", type="draw.commit")
    return said, event.received_at, Seen(witnessed.checkpoint.size, b64(witnessed.checkpoint.root))


def _signer(request: SlipRequest, key_id: str, policy: TrustPolicy, at: datetime) -> x509.Certificate:
    roots = [one for one in request.authorities if certificates.fingerprint(one) in policy.ca_roots]
    for one in request.signers:
        if certificates.key_record(one).key_id == key_id:
            certificates.verify_chain(one, request.authorities, roots, at, None)
            return one
    raise BadSignature("release.signer_unknown", key_id=key_id)
