"""A workstation's device: it offers a key that never leaves it, the staff bind it by signature, and it signs who sits at it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from core.kernel import jcs
from core.kernel.body import Body
from core.kernel.encoding import sha256, unb64
from core.kernel.errors import BadSignature, Refusal, WrongState
from core.kernel.jcs import JSON
from core.kernel.signing import KeyRecord

CODE_LENGTH = 10
CODE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is mistaken for another
CODE_LASTS = timedelta(minutes=15)
_HALF = 32  # bytes of r and of s


def code_digest(code: str) -> str:
    """How an activation code is kept and named: the digest of it without blanks and dashes, in capitals."""
    return sha256("".join(one for one in code.upper() if one.isalnum()).encode()).hex()


def is_usable(until: datetime | None, now: datetime) -> Refusal | None:
    """A code serves once and for a quarter of an hour; None: there is no such code, or it was used."""
    return None if until is not None and now < until else WrongState("station.code")


def offer(code_sha256: str, spki: str) -> dict[str, JSON]:
    """What a device signs, in its canonical form, when it offers its key."""
    return {"type": "station.offer", "code_sha256": code_sha256, "spki": spki}


def check_device(spki: str, said: Mapping[str, JSON], signature: str) -> str:
    """The key's id, if the key `spki` (base64 DER, P-256) signed `said` (ECDSA with SHA-256, base64 of r ‖ s as WebCrypto gives it).

    Raises BadSignature.
    """
    record = KeyRecord.from_spki(unb64(spki), "es256")
    halves = unb64(signature, 2 * _HALF)
    signed = encode_dss_signature(int.from_bytes(halves[:_HALF]), int.from_bytes(halves[_HALF:]))
    public = record.public
    assert isinstance(public, ec.EllipticCurvePublicKey)  # what es256 keys are
    try:
        public.verify(signed, jcs.canonical(dict(said)), ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        raise BadSignature("station.device_signature") from None
    return record.key_id


@dataclass(frozen=True, slots=True)
class Binding:
    """The signed body of `station.bind`: which device from now on is which workstation, and the device's own word for it."""

    site: str
    station: str
    key_id: str
    spki: str
    code_sha256: str
    proof: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Binding:
        """Of a signed body; raises RuleBroken naming the member, BadSignature where the device did not offer this key."""
        body = Body(signed)
        read = cls(
            body.text("site", 20),
            body.text("station", 12),
            body.digest("key_id"),
            body.text("spki", 400),
            body.digest("code_sha256"),
            body.text("proof", 100),
        )
        body.done()
        if check_device(read.spki, offer(read.code_sha256, read.spki), read.proof) != read.key_id:
            raise BadSignature("station.device_signature")
        return read


@dataclass(frozen=True, slots=True)
class StationNote:
    """The signed body of `station.release`, `station.fault` and `station.repair`: about which workstation, and why."""

    site: str
    station: str
    reason: str

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> StationNote:
        """Of a signed body; raises RuleBroken naming the member."""
        body = Body(signed)
        read = cls(body.text("site", 20), body.text("station", 12), body.text("reason", 500, least=2))
        body.done()
        return read
