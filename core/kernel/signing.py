"""Signed statements: their common fields, the software keys that sign them, and the check of every kind of signature."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self, TypeAlias, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from core.kernel import clock, dsse, jcs, webauthn
from core.kernel.dsse import Envelope, Kind, Signature
from core.kernel.encoding import b64, unb64, unhex
from core.kernel.errors import BadSignature
from core.kernel.jcs import JSON
from core.kernel.webauthn import RelyingParty

SUITE = "ztb-intl-1"
STEP_UPS = ("", "webauthn", "password+device")

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

_TYPE = re.compile(r"[a-z][a-z0-9]*(?:[._-][a-z0-9]+)*")
_ECDSA = ec.ECDSA(hashes.SHA256())


# Keys


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """A public key with the one kind of signature it may make; the kind comes from here, never from the wire."""

    key_id: str
    kind: Kind
    spki: bytes
    suite: str = SUITE

    @classmethod
    def from_spki(cls, spki: bytes, kind: Kind) -> Self:
        """The record of a DER SubjectPublicKeyInfo; raises BadSignature when it cannot make signatures of `kind`."""
        try:
            public = serialization.load_der_public_key(spki)
        except (ValueError, TypeError):
            raise BadSignature("key.malformed") from None
        _fits(public, kind)
        if public_der(cast(PublicKey, public)) != spki:  # another spelling of the key would have another id
            raise BadSignature("key.malformed")
        return cls(dsse.key_id(spki), kind, spki)

    @classmethod
    def from_cose(cls, cose: bytes) -> Self:
        """The record of a WebAuthn credential: COSE_Key, EC2, P-256, ES256 (RFC 9053 §7.1)."""
        return cls.from_spki(public_der(webauthn.read_cose_p256(cose)), "webauthn-es256")

    @property
    def public(self) -> PublicKey:
        """The key itself."""
        return cast(PublicKey, serialization.load_der_public_key(self.spki))


def public_der(public: PublicKey) -> bytes:
    """The DER SubjectPublicKeyInfo."""
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _fits(public: object, kind: Kind) -> None:
    if kind == "ed25519":
        fits = isinstance(public, ed25519.Ed25519PublicKey)
    else:
        fits = isinstance(public, ec.EllipticCurvePublicKey) and isinstance(public.curve, ec.SECP256R1)
    if not fits:
        raise BadSignature("key.unfit", kind=kind)


# Statements


@dataclass(frozen=True, slots=True)
class Actor:
    """Who speaks, in which role, with which key."""

    id: str
    role: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Seen:
    """The latest checkpoint the client had seen: size and base64 root."""

    size: int
    root: str


NOTHING_SEEN = Seen(0, b64(unhex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")))


@dataclass(frozen=True, slots=True)
class Statement:
    """A parsed payload of §A of the algorithm card; `payload` keeps the bytes it was read from."""

    type: str
    case: str
    lot: str
    round: int
    prev: str
    actor: Actor
    nonce: str
    iat: datetime
    ckpt: Seen
    body: Mapping[str, JSON]
    view_sha256: str
    step_up: str
    suite: str
    payload: bytes


def statement(
    *,
    type: str,  # noqa: A002 - the member's name in the payload
    case: str,
    lot: str,
    round: int,  # noqa: A002 - the member's name in the payload
    prev: str,
    actor: Actor,
    nonce: str,
    iat: datetime,
    ckpt: Seen,
    body: Mapping[str, JSON],
    view_sha256: str = "",
    step_up: str = "",
) -> bytes:
    """The canonical payload bytes. `prev` is the hex digest of the actor's previous payload in this case or "", `nonce` 32 hex digits.

    `step_up` is "webauthn", "password+device" (demonstration mode) or "", and then the member is left out. Raises BadSignature for a
    field that `read_statement` would refuse.
    """
    members: dict[str, JSON] = {
        "v": 1,
        "suite": SUITE,
        "type": type,
        "case": case,
        "lot": lot,
        "round": round,
        "prev": prev,
        "actor": {"id": actor.id, "role": actor.role, "key_id": actor.key_id},
        "nonce": nonce,
        "iat": clock.text(iat),
        "ckpt": {"size": ckpt.size, "root": ckpt.root},
        "body": dict(body),
        "view_sha256": view_sha256,
    }
    if step_up:
        members["step_up"] = step_up
    payload = jcs.canonical(members)
    _statement(members, payload, iat)
    return payload


def read_statement(payload: bytes) -> Statement:
    """The statement in canonical payload bytes; raises BadSignature naming the first member that is missing, extra or malformed."""
    return _statement(jcs.parse_object(payload), payload)


def _statement(members: Mapping[str, JSON], payload: bytes, written: datetime | None = None) -> Statement:
    """`written`: the moment of which `iat` was written just now, which need not be read again."""
    step_up = _text(members, "step_up") if "step_up" in members else ""
    if set(members) - {"step_up"} != _MEMBERS or step_up not in STEP_UPS or ("step_up" in members) != bool(step_up):
        raise BadSignature("statement.malformed", member="")
    if members["v"] != 1 or isinstance(members["v"], bool) or members["suite"] != SUITE:
        raise BadSignature("statement.suite_unknown")
    actor = _exact(members, "actor", {"id", "role", "key_id"})
    seen = _exact(members, "ckpt", {"size", "root"})
    unhex(actor["key_id"], 32), unhex(members["nonce"], 16), unb64(seen["root"], 32)
    if members["prev"] != "":
        unhex(members["prev"], 32)
    if members["view_sha256"] != "":
        unhex(members["view_sha256"], 32)
    kind = _text(members, "type")
    if not _TYPE.fullmatch(kind):
        raise BadSignature("statement.malformed", member="type")
    try:
        iat = written or clock.moment(_text(members, "iat"))
    except ValueError:
        raise BadSignature("statement.malformed", member="iat") from None
    return Statement(
        type=kind,
        case=_text(members, "case"),
        lot=_text(members, "lot"),
        round=_count(members, "round"),
        prev=_text(members, "prev"),
        actor=Actor(_text(actor, "id"), _text(actor, "role"), _text(actor, "key_id")),
        nonce=_text(members, "nonce"),
        iat=iat,
        ckpt=Seen(_count(seen, "size"), _text(seen, "root")),
        body=_exact(members, "body", None),
        view_sha256=_text(members, "view_sha256"),
        step_up=step_up,
        suite=SUITE,
        payload=payload,
    )


_MEMBERS = {"v", "suite", "type", "case", "lot", "round", "prev", "actor", "nonce", "iat", "ckpt", "body", "view_sha256"}


def _text(members: Mapping[str, JSON], name: str) -> str:
    value = members[name]
    if not isinstance(value, str):
        raise BadSignature("statement.malformed", member=name)
    return value


def _count(members: Mapping[str, JSON], name: str) -> int:
    value = members[name]
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadSignature("statement.malformed", member=name)
    return value


def _exact(members: Mapping[str, JSON], name: str, names: set[str] | None) -> dict[str, JSON]:
    value = members[name]
    if not isinstance(value, dict) or (names is not None and set(value) != names):
        raise BadSignature("statement.malformed", member=name)
    return value


# Signing


class Signer(Protocol):
    """What can sign: a software key here, a browser, a UKey or an HSM elsewhere."""

    @property
    def key(self) -> KeyRecord: ...

    def sign(self, message: bytes) -> Signature:
        """The signature line over PAE bytes."""
        ...


def sign(payload: bytes, *signers: Signer) -> Envelope:
    """An envelope around canonical payload bytes, its type taken from the payload's `type` member."""
    kind = jcs.parse_object(payload).get("type")
    if not isinstance(kind, str):
        raise BadSignature("statement.malformed", member="type")
    unsigned = Envelope(dsse.payload_type(kind), payload, ())
    return Envelope(unsigned.payload_type, payload, tuple(signer.sign(unsigned.signed_bytes) for signer in signers))


class Ed25519Signer:
    """The platform's, a log's or a witness's key."""

    def __init__(self, private: ed25519.Ed25519PrivateKey) -> None:
        self.private = private
        self.key = KeyRecord.from_spki(public_der(private.public_key()), "ed25519")

    @classmethod
    def generate(cls) -> Self:
        """A fresh key."""
        return cls(ed25519.Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key of a 32-byte RFC 8032 seed."""
        return cls(ed25519.Ed25519PrivateKey.from_private_bytes(seed))

    @property
    def seed(self) -> bytes:
        """The 32 secret bytes."""
        return self.private.private_bytes_raw()

    @property
    def public_raw(self) -> bytes:
        """The 32 public bytes, as in a vkey."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> Signature:
        """Ed25519 over the message."""
        return Signature(self.key.key_id, "ed25519", self.private.sign(message))


class SoftwareP256Signer:
    """A device key in software: what a browser holds in IndexedDB, for command-line tools, demonstration actors and tests."""

    def __init__(self, private: ec.EllipticCurvePrivateKey) -> None:
        self.private = private
        self.key = KeyRecord.from_spki(public_der(private.public_key()), "es256")

    @classmethod
    def generate(cls) -> Self:
        """A fresh key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_pem(cls, pem: bytes) -> Self:
        """The key of an unencrypted PKCS#8 PEM; raises BadSignature for anything else."""
        return cls(read_p256_pem(pem))

    def to_pem(self) -> bytes:
        """The unencrypted PKCS#8 PEM."""
        return private_pem(self.private)

    def sign(self, message: bytes) -> Signature:
        """ECDSA P-256 with SHA-256, as 64 bytes r ‖ s."""
        r, s = decode_dss_signature(self.private.sign(message, _ECDSA))
        return Signature(self.key.key_id, "es256", r.to_bytes(32, "big") + s.to_bytes(32, "big"))


class SoftwareAuthenticator(webauthn.SoftwareCredential):
    """A WebAuthn authenticator in software that signs statements; user presence and verification are always claimed."""

    @property
    def key(self) -> KeyRecord:
        """The credential's public key."""
        return KeyRecord.from_spki(public_der(self.private.public_key()), "webauthn-es256")

    def sign(self, message: bytes) -> Signature:
        """An assertion for the challenge of §B over PAE bytes."""
        answer = self.answer(webauthn.challenge(message))
        return Signature(self.key.key_id, "webauthn-es256", answer.signature, answer.authenticator_data, answer.client_data)


def read_p256_pem(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """The P-256 private key of an unencrypted PKCS#8 PEM; raises BadSignature for anything else."""
    try:
        private = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError):
        raise BadSignature("key.malformed") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise BadSignature("key.unfit", kind="es256")
    return private


def private_pem(private: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """The unencrypted PKCS#8 PEM of a private key."""
    return private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


# Verifying


def verify(envelope: Envelope, key: KeyRecord, rp: RelyingParty | None = None) -> None:
    """Raises BadSignature unless the envelope carries a valid signature of `key`. `rp` is needed for `webauthn-es256` keys."""
    line = next((line for line in envelope.signatures if line.keyid == key.key_id), None)
    if line is None:
        raise BadSignature("signature.key_missing")
    if line.kind != key.kind:
        raise BadSignature("signature.kind_differs", kind=key.kind)
    if key.suite != SUITE:
        raise BadSignature("statement.suite_unknown")
    message, public = envelope.signed_bytes, key.public
    _fits(public, key.kind)
    try:
        if isinstance(public, ed25519.Ed25519PublicKey):
            public.verify(line.sig, message)
        elif key.kind == "es256":
            _verify_es256(public, line.sig, message)
        else:
            answer = webauthn.Assertion(line.authenticator_data, line.client_data, line.sig)
            webauthn.verify(public, answer, webauthn.challenge(message), rp)
    except InvalidSignature:
        raise BadSignature("signature.invalid") from None


def open_statement(envelope: Envelope, key: KeyRecord, rp: RelyingParty | None = None) -> Statement:
    """The statement that `key`'s actor signed: signature, canonical form, schema, type and claimed step-up all hold, else BadSignature."""
    verify(envelope, key, rp)
    said = read_statement(envelope.payload)
    if envelope.payload_type != dsse.payload_type(said.type):
        raise BadSignature("statement.type_differs")
    if said.actor.key_id != key.key_id:
        raise BadSignature("statement.key_differs")
    if (said.step_up == "webauthn") != (key.kind == "webauthn-es256") or (said.step_up == "password+device" and key.kind != "es256"):
        raise BadSignature("statement.step_up_differs")
    return said


def _verify_es256(public: ec.EllipticCurvePublicKey, sig: bytes, message: bytes) -> None:
    if len(sig) != 64:
        raise InvalidSignature
    der = encode_dss_signature(int.from_bytes(sig[:32], "big"), int.from_bytes(sig[32:], "big"))
    public.verify(der, message, _ECDSA)
