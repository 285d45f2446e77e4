"""Sealed envelopes: single-use key, its boxes, the seal statement's body, release, rescue and opening (§E and §F of the card)."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO, cast

from core.kernel import age, jcs, shamir
from core.kernel.age import Identity, Sink, Written
from core.kernel.encoding import sha256, unhex
from core.kernel.errors import BadSignature
from core.kernel.jcs import JSON

THRESHOLD = 2
ROLES = ("tenderer", "centre", "supervisor")


class Purpose(StrEnum):
    """What is sealed: a bid, or an application to be admitted to bid (资格预审申请文件). Statements name the latter alone."""

    BID = "bid"
    APPLICATION = "application"


@dataclass(frozen=True, slots=True)
class Place:
    """The one envelope that a key, its boxes and its statement belong to."""

    case: str
    lot: str
    env: str
    ver: int
    bidder: str
    consortium: tuple[str, ...] = ()  # all members, the lead first, where the bidder leads one
    purpose: Purpose = Purpose.BID


# Sealing


@dataclass(frozen=True, slots=True)
class ShareBox:
    """One office's share of the key, in an age file that any of `recipients` opens."""

    role: str
    recipients: tuple[str, ...]
    box: bytes
    commitment: str

    def to_json(self) -> dict[str, JSON]:
        """Its entry in the seal statement."""
        return {
            "role": self.role,
            "recs": list(self.recipients),
            "box_sha256": sha256(self.box).hex(),
            "share_commit": self.commitment,
        }


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing one envelope leaves behind beside the ciphertext."""

    body: Mapping[str, JSON]
    box: bytes
    shares: tuple[ShareBox, ...]


def seal(
    plain: BinaryIO,
    target: Sink,
    place: Place,
    *,
    offices: Mapping[str, Sequence[str]],
    bidder: Sequence[str],
    client_build: str,
) -> Sealed:
    """Seals all of `plain` to a fresh single-use key, writing the age file to `target`.

    `offices` maps each role to the `age1…` recipients of its active keys, in the order of the shares; empty where the case has no escrow.
    `bidder` are the recipients of the bidder box: the device's key and the recovery key.
    """
    identity = age.new_identity()
    written = age.encrypt_stream(plain, target, [identity.recipient])
    dealt = shamir.split(identity.raw, len(offices), THRESHOLD) if offices else []
    shares = tuple(
        share_box(place, identity.recipient, role, share, recipients)
        for (role, recipients), share in zip(offices.items(), dealt, strict=True)
    )
    box = encrypt(identity.secret.encode(), bidder)
    return Sealed(seal_body(place, identity.recipient, written, shares=shares, box=box, client_build=client_build), box, shares)


def encrypt(plain: bytes, recipients: Sequence[str]) -> bytes:
    """A small age file in memory."""
    target = io.BytesIO()
    age.encrypt_stream(io.BytesIO(plain), target, recipients)
    return target.getvalue()


def share_commit(share: bytes) -> str:
    """The hex commitment to the 33 bytes of a share."""
    return sha256(b"ztb/v1/share-commit\0" + share).hex()


def share_box(place: Place, bid_pub: str, role: str, share: bytes, recipients: Sequence[str]) -> ShareBox:
    """One office's share, bound to its place and sealed to the office."""
    bound: dict[str, JSON] = {"t": "ztb/v1/share", **_bound(place), "bid_pub": bid_pub, "role": role, "share": share.hex()}
    return ShareBox(role, tuple(recipients), encrypt(jcs.canonical(bound), recipients), share_commit(share))


def seal_body(
    place: Place, bid_pub: str, written: Written, *, shares: Sequence[ShareBox], box: bytes, client_build: str
) -> dict[str, JSON]:
    """The body of a `seal` statement."""
    return {
        "env": place.env,
        "ver": place.ver,
        "bid_pub": bid_pub,
        "ct_sha256": written.sha256,
        "ct_size": written.size,
        "threshold": THRESHOLD,
        "shares": [share.to_json() for share in shares],
        "box_sha256": sha256(box).hex(),
        "client_build": client_build,
        **({"consortium": list(place.consortium)} if place.consortium else {}),
        **_purpose(place),
    }


def _bound(place: Place) -> dict[str, JSON]:
    return {"case": place.case, "lot": place.lot, "env": place.env, "ver": place.ver, "bidder": place.bidder, **_purpose(place)}


def _purpose(place: Place) -> dict[str, JSON]:
    """Said of an application alone, so that what is said of bids stays as it always was."""
    return {} if place.purpose is Purpose.BID else {"purpose": place.purpose.value}


# Reading a seal statement


@dataclass(frozen=True, slots=True)
class SharePromise:
    """What a seal statement says of one office's share."""

    role: str
    recipients: tuple[str, ...]
    box_sha256: str
    commitment: str


@dataclass(frozen=True, slots=True)
class SealBody:
    """The body of a seal statement, every member checked for form."""

    env: str
    ver: int
    bid_pub: str
    ct_sha256: str
    ct_size: int
    shares: tuple[SharePromise, ...]
    box_sha256: str
    client_build: str
    consortium: tuple[str, ...] = ()  # organisation ids of all members, the lead first; empty for who bids alone
    purpose: Purpose = Purpose.BID

    def share(self, role: str) -> SharePromise:
        """The promise for `role`; raises BadSignature if there is none."""
        for promise in self.shares:
            if promise.role == role:
                return promise
        raise BadSignature("seal.no_share", role=role)


MOST_MEMBERS = 20  # of a consortium; a tender document allows fewer
_BODY = {"env", "ver", "bid_pub", "ct_sha256", "ct_size", "threshold", "shares", "box_sha256", "client_build"}


def read_seal_body(body: Mapping[str, JSON]) -> SealBody:
    """The seal body in a statement; raises BadSignature for missing, extra or malformed members, doubled roles or an impossible size."""
    env, ver, shares, build = body.get("env"), body.get("ver"), body.get("shares"), body.get("client_build")
    size, threshold, bid_pub = body.get("ct_size"), body.get("threshold"), body.get("bid_pub")
    if (
        set(body) - {"consortium", "purpose"} != _BODY
        or not isinstance(env, str)
        or not isinstance(build, str)
        or not isinstance(shares, list | tuple)
        or body.get("purpose", Purpose.APPLICATION) != Purpose.APPLICATION
    ):
        raise BadSignature("seal.malformed")
    if not _is_count(ver) or not _is_count(size) or not _is_count(threshold) or threshold != THRESHOLD:
        raise BadSignature("seal.malformed")
    age.read_recipient(bid_pub)
    age.plain_size(cast(int, size))
    promises = tuple(_read_promise(share) for share in shares)
    if len({promise.role for promise in promises}) != len(promises) or len(promises) == 1:
        raise BadSignature("seal.malformed")
    return SealBody(
        env,
        cast(int, ver),
        cast(str, bid_pub),
        unhex(body["ct_sha256"], 32).hex(),
        cast(int, size),
        promises,
        unhex(body["box_sha256"], 32).hex(),
        build,
        _read_consortium(body),
        Purpose.APPLICATION if "purpose" in body else Purpose.BID,
    )


def _read_consortium(body: Mapping[str, JSON]) -> tuple[str, ...]:
    if "consortium" not in body:
        return ()
    members = body["consortium"]
    if not isinstance(members, list | tuple) or not 2 <= len(members) <= MOST_MEMBERS or not all(isinstance(one, str) for one in members):
        raise BadSignature("seal.malformed")
    return tuple(cast(str, one) for one in members)


def _read_promise(share: JSON) -> SharePromise:
    if not isinstance(share, dict) or set(share) != {"role", "recs", "box_sha256", "share_commit"}:
        raise BadSignature("seal.malformed")
    role, recipients = share["role"], share["recs"]
    if not isinstance(role, str) or not isinstance(recipients, list | tuple) or not recipients:
        raise BadSignature("seal.malformed")
    for recipient in recipients:
        age.read_recipient(recipient)
    texts = tuple(cast(str, recipient) for recipient in recipients)
    return SharePromise(role, texts, unhex(share["box_sha256"], 32).hex(), unhex(share["share_commit"], 32).hex())


def _is_count(value: JSON) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1


def check_ciphertext(body: SealBody, written: Written, start: bytes) -> None:
    """Raises BadSignature unless an uploaded file is the promised one and looks like an age file to one recipient."""
    if (written.sha256, written.size) != (body.ct_sha256, body.ct_size):
        raise BadSignature("seal.ciphertext_differs")
    age.check_header(start)


# Releasing and opening


def read_share(share: object) -> bytes:
    """The 33 bytes of a share in hex."""
    return unhex(share, 33)


def open_share_box(box: bytes, identity: Identity, place: Place, bid_pub: str, promise: SharePromise) -> bytes:
    """An officer's look into a share box: the share, once every bound field and both commitments fit; raises BadSignature otherwise."""
    if sha256(box).hex() != promise.box_sha256:
        raise BadSignature("share.box_differs")
    bound = jcs.parse_object(decrypt(box, identity))
    share = bound.pop("share", None)
    if bound != {"t": "ztb/v1/share", **_bound(place), "bid_pub": bid_pub, "role": promise.role}:
        raise BadSignature("share.bound_elsewhere")
    check_share(read_share(share), promise)
    return read_share(share)


def check_share(share: bytes, promise: SharePromise) -> None:
    """Raises BadSignature unless the share is the one committed to."""
    if share_commit(share) != promise.commitment:
        raise BadSignature("share.commitment_differs", role=promise.role)


def open_bidder_box(box: bytes, identity: Identity, bid_pub: str) -> Identity:
    """The bidder's look into the own box: the single-use key."""
    return check_secret(decrypt(box, identity).decode("ascii", "replace"), bid_pub)


def check_secret(secret: object, bid_pub: str) -> Identity:
    """The released key; raises BadSignature unless its public half is the `bid_pub` of the seal statement."""
    identity = age.read_identity(secret)
    if identity.recipient != bid_pub:
        raise BadSignature("release.wrong_key")
    return identity


def rescue(shares: Mapping[str, bytes], body: SealBody) -> Identity:
    """The key from the offices' shares (role → 33 bytes), each held to its commitment; raises BadSignature if they do not give it."""
    for role, share in shares.items():
        check_share(share, body.share(role))
    if len(shares) < THRESHOLD:
        raise BadSignature("shamir.shares")
    raw = shamir.combine(list(shares.values()))
    if len(raw) != 32:
        raise BadSignature("shamir.shares")
    return check_secret(Identity(raw).secret, body.bid_pub)


def release_body(body: SealBody, method: str, identity: Identity) -> dict[str, JSON]:
    """The body of a `release` statement; `method` is "bidder" or "escrow"."""
    return {"env": body.env, "ver": body.ver, "bid_pub": body.bid_pub, "method": method, "secret": identity.secret}


def share_release_body(bid_pub: str, role: str, share: bytes) -> dict[str, JSON]:
    """The body of an officer's `share-release` statement."""
    return {"bid_pub": bid_pub, "role": role, "share": share.hex()}


def open_envelope(source: BinaryIO, target: Sink, identity: Identity) -> Written:
    """Decrypts an age file as it streams; size and digest are the plaintext's.

    Raises BadSignature for another key or any damage, and what `target` has received by then must be thrown away; an error of `source` or
    `target` themselves is raised as it is.
    """
    import pyrage  # only opening needs an age library: verifiers without one can still check everything else

    counted, watched = age.Counted(target), _Watched(source)
    written_to = _Watched(counted)
    try:
        pyrage.decrypt_io(watched, written_to, [pyrage.x25519.Identity.from_str(identity.secret)])
    except (pyrage.DecryptError, OSError):
        if failure := watched.failure or written_to.failure:
            raise failure from None
        raise BadSignature("seal.cannot_open") from None
    return counted.written


class _Watched:
    """Keeps the error of a stream that the age library reports as its own: a full disk must not pass for a damaged bid."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        with self._keeping():
            return cast(bytes, self._stream.read(size))

    def write(self, data: bytes) -> int:
        with self._keeping():
            return cast(int, self._stream.write(data))

    def flush(self) -> None:
        """Nothing is held back here."""

    @contextmanager
    def _keeping(self) -> Iterator[None]:
        try:
            yield
        except OSError as failure:
            self.failure = failure
            raise


def decrypt(box: bytes, identity: Identity) -> bytes:
    """The content of a small age file; raises BadSignature for another key or any damage."""
    target = io.BytesIO()
    open_envelope(io.BytesIO(box), target, identity)
    return target.getvalue()
