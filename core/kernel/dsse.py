"""DSSE envelopes: the exact bytes that were signed, their type, and who signed them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from core.kernel import jcs
from core.kernel.encoding import b64, sha256, unb64, unhex
from core.kernel.errors import BadSignature
from core.kernel.jcs import JSON

Kind: TypeAlias = Literal["es256", "ed25519", "webauthn-es256"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line. `authenticator_data` and `client_data` are filled for `webauthn-es256` alone."""

    keyid: str
    kind: str
    sig: bytes = field(repr=False)
    authenticator_data: bytes = field(default=b"", repr=False)
    client_data: bytes = field(default=b"", repr=False)

    def to_json(self) -> dict[str, JSON]:
        """The wire form. DSSE wants `sig` in every entry, WebAuthn calls it `signature`: both stand there and must be equal."""
        entry: dict[str, JSON] = {"keyid": self.keyid, "kind": self.kind, "sig": b64(self.sig)}
        if self.kind == "webauthn-es256":
            entry["authenticatorData"] = b64(self.authenticator_data)
            entry["clientDataJSON"] = b64(self.client_data)
            entry["signature"] = b64(self.sig)
        return entry


@dataclass(frozen=True, slots=True)
class Envelope:
    """A payload with its type and at least one signature; nothing in it is verified yet."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]

    def to_json(self) -> dict[str, JSON]:
        """The wire form as a JSON object."""
        return {
            "payloadType": self.payload_type,
            "payload": b64(self.payload),
            "signatures": [signature.to_json() for signature in self.signatures],
        }

    def to_bytes(self) -> bytes:
        """The wire form in canonical bytes."""
        return jcs.canonical(self.to_json())

    @property
    def signed_bytes(self) -> bytes:
        """What every signature covers."""
        return pae(self.payload_type, self.payload)


def payload_type(statement_type: str) -> str:
    """The DSSE type of a statement type: `score` → `application/vnd.ztb.score.v1+json`."""
    return f"application/vnd.ztb.{statement_type}.v1+json"


def pae(payload_type: str, payload: bytes) -> bytes:
    """Pre-authentication encoding (DSSE protocol, §"Signature definition")."""
    kind = payload_type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def key_id(spki_der: bytes) -> str:
    """The name of a key everywhere: hex SHA-256 of its SubjectPublicKeyInfo."""
    return sha256(spki_der).hex()


def read_envelope(source: bytes | JSON) -> Envelope:
    """An envelope from its bytes (any JSON spelling) or its JSON object; raises BadSignature for missing, extra or malformed members."""
    value = jcs.parse(source, strict=False) if isinstance(source, bytes) else source
    if not isinstance(value, dict) or set(value) != {"payloadType", "payload", "signatures"}:
        raise BadSignature("dsse.malformed")
    kind, lines = value["payloadType"], value["signatures"]
    if not isinstance(kind, str) or not isinstance(lines, list) or not lines:
        raise BadSignature("dsse.malformed")
    signatures = tuple(_read_signature(line) for line in lines)
    if len({signature.keyid for signature in signatures}) != len(signatures):
        raise BadSignature("dsse.same_key_twice")
    return Envelope(kind, unb64(value["payload"]), signatures)


def _read_signature(line: JSON) -> Signature:
    if not isinstance(line, dict):
        raise BadSignature("dsse.malformed")
    kind = line.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise BadSignature("dsse.kind_unknown")
    members = {"keyid", "kind", "sig"}
    if kind == "webauthn-es256":
        members |= {"authenticatorData", "clientDataJSON", "signature"}
    if set(line) != members:
        raise BadSignature("dsse.malformed")
    keyid, sig = unhex(line["keyid"], 32).hex(), unb64(line["sig"])
    if kind != "webauthn-es256":
        return Signature(keyid, kind, sig)
    if line["signature"] != line["sig"]:
        raise BadSignature("dsse.malformed")
    return Signature(keyid, kind, sig, unb64(line["authenticatorData"]), unb64(line["clientDataJSON"]))
