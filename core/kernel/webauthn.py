"""WebAuthn assertions as signatures: their challenge, their check with `cryptography` alone, and an authenticator in software."""

from __future__ import annotations

import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Self

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature
from core.kernel.jcs import JSON

USER_PRESENT, USER_VERIFIED, ATTESTED = 0x01, 0x04, 0x40
_COSE_HEAD = bytes.fromhex("a5010203262001215820")  # {1: 2 (EC2), 3: -7 (ES256), -1: 1 (P-256), -2: 32 bytes …
_COSE_Y = bytes.fromhex("225820")  # … -3: 32 bytes}


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The one site whose assertions count: RP ID (`localhost`) and origin (`http://localhost:8000`)."""

    id: str
    origin: str


@dataclass(frozen=True, slots=True)
class Assertion:
    """An authenticator's answer to a challenge; the signature is DER."""

    authenticator_data: bytes
    client_data: bytes
    signature: bytes


def challenge(message: bytes) -> bytes:
    """The challenge that stands for PAE bytes."""
    return sha256(b"ztb/v1/webauthn-sign\0" + message)


def verify(public: ec.EllipticCurvePublicKey, answer: Assertion, challenge: bytes, rp: RelyingParty | None) -> None:
    """Raises BadSignature or InvalidSignature unless the assertion answers `challenge` for `rp` with user verification (WebAuthn §7.2)."""
    if rp is None:
        raise BadSignature("webauthn.no_relying_party")
    try:
        said = json.loads(answer.client_data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadSignature("webauthn.client_data") from None
    wanted = {"type": "webauthn.get", "challenge": b64url(challenge), "origin": rp.origin}
    if not isinstance(said, dict) or {name: said.get(name) for name in wanted} != wanted or said.get("crossOrigin", False) is not False:
        raise BadSignature("webauthn.client_data")
    data = answer.authenticator_data
    if len(data) < 37 or data[:32] != sha256(rp.id.encode()):
        raise BadSignature("webauthn.relying_party")
    if data[32] & (USER_PRESENT | USER_VERIFIED) != USER_PRESENT | USER_VERIFIED:
        raise BadSignature("webauthn.user_not_verified")
    public.verify(answer.signature, data + sha256(answer.client_data), ec.ECDSA(hashes.SHA256()))


def b64url(data: bytes) -> str:
    """Base64url without padding, as WebAuthn writes it in JSON."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def read_cose_p256(cose: bytes) -> ec.EllipticCurvePublicKey:
    """The key of a canonical COSE_Key for ES256 on P-256, the only one we register; raises BadSignature for any other."""
    x, y = cose[10:42], cose[45:77]
    if cose != _COSE_HEAD + x + _COSE_Y + y or len(cose) != 77:
        raise BadSignature("key.malformed")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b"\x04" + x + y)
    except ValueError:
        raise BadSignature("key.malformed") from None


def write_cose_p256(public: ec.EllipticCurvePublicKey) -> bytes:
    """The canonical COSE_Key of a P-256 public key."""
    numbers = public.public_numbers()
    return _COSE_HEAD + numbers.x.to_bytes(32, "big") + _COSE_Y + numbers.y.to_bytes(32, "big")


class SoftwareCredential:
    """One credential of an authenticator in software, bound to a relying party; for demonstration actors and tests."""

    def __init__(self, rp: RelyingParty, private: ec.EllipticCurvePrivateKey, credential_id: bytes | None = None) -> None:
        self.rp, self.private = rp, private
        self.credential_id = credential_id or secrets.token_bytes(32)
        self.sign_count = 0

    @classmethod
    def generate(cls, rp: RelyingParty) -> Self:
        """A fresh credential."""
        return cls(rp, ec.generate_private_key(ec.SECP256R1()))

    @property
    def cose(self) -> bytes:
        """The public key as WebAuthn servers store it."""
        return write_cose_p256(self.private.public_key())

    def answer(self, challenge: bytes) -> Assertion:
        """`navigator.credentials.get` for these challenge bytes."""
        self.sign_count += 1
        data, client = self._authenticator_data(0), self._client_data("webauthn.get", challenge)
        return Assertion(data, client, self.private.sign(data + sha256(client), ec.ECDSA(hashes.SHA256())))

    def get(self, challenge: bytes) -> dict[str, JSON]:
        """`answer` as the JSON of a PublicKeyCredential."""
        answer = self.answer(challenge)
        return self._credential(
            {
                "authenticatorData": b64url(answer.authenticator_data),
                "clientDataJSON": b64url(answer.client_data),
                "signature": b64url(answer.signature),
            }
        )

    def create(self, challenge: bytes) -> dict[str, JSON]:
        """`navigator.credentials.create` for these challenge bytes: the JSON of a PublicKeyCredential, attestation "none"."""
        identified = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._authenticator_data(ATTESTED) + identified + self.cose
        # CBOR of {"fmt": "none", "attStmt": {}, "authData": data}
        attestation = b"\xa3cfmtdnonegattStmt\xa0hauthData" + b"\x59" + len(data).to_bytes(2, "big") + data
        client = self._client_data("webauthn.create", challenge)
        return self._credential({"attestationObject": b64url(attestation), "clientDataJSON": b64url(client), "transports": ["internal"]})

    def _authenticator_data(self, flags: int) -> bytes:
        head = sha256(self.rp.id.encode()) + bytes([flags | USER_PRESENT | USER_VERIFIED])
        return head + self.sign_count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: bytes) -> bytes:
        said = {"type": kind, "challenge": b64url(challenge), "origin": self.rp.origin, "crossOrigin": False}
        return json.dumps(said, separators=(",", ":")).encode()

    def _credential(self, response: dict[str, JSON]) -> dict[str, JSON]:
        name = b64url(self.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }
