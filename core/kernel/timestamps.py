"""RFC 3161 time stamps: the request, and the check of a response with `cryptography` alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.kernel import der
from core.kernel.certpath import refusing
from core.kernel.der import Value
from core.kernel.errors import BadSignature

MEDIA_QUERY, MEDIA_REPLY = "application/timestamp-query", "application/timestamp-reply"

SHA256 = "2.16.840.1.101.3.4.2.1"
SIGNED_DATA = "1.2.840.113549.1.7.2"
TST_INFO = "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"

Digest: TypeAlias = hashes.SHA256 | hashes.SHA384 | hashes.SHA512

_HASHES: Mapping[str, type[Digest]] = {
    SHA256: hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
_ECDSA = {hashes.SHA256: "1.2.840.10045.4.3.2", hashes.SHA384: "1.2.840.10045.4.3.3", hashes.SHA512: "1.2.840.10045.4.3.4"}
_RSA = {hashes.SHA256: "1.2.840.113549.1.1.11", hashes.SHA384: "1.2.840.113549.1.1.12", hashes.SHA512: "1.2.840.113549.1.1.13"}
_RSA_ANY = "1.2.840.113549.1.1.1"  # names no digest: SignerInfo does
_MAX_STEPS = 5


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asks for: a stamp over a SHA-256 digest."""

    imprint: bytes
    nonce: int | None
    policy: str | None


@dataclass(frozen=True, slots=True)
class Stamp:
    """A verified time stamp: `imprint` (SHA-256) existed at `at`."""

    at: datetime
    imprint: bytes
    policy: str
    serial: int
    certificate: x509.Certificate


def write_request(imprint: bytes, nonce: int) -> bytes:
    """The DER TimeStampReq over a SHA-256 digest, asking for the certificates; keep `nonce` (not negative) with it."""
    return der.sequence(der.integer(1), message_imprint(imprint), der.integer(nonce), der.tlv(der.BOOLEAN, b"\xff"))


def read_request(data: bytes) -> Request:
    """What a DER TimeStampReq asks for; raises BadSignature when malformed or for another digest than SHA-256."""
    version, imprint, *rest = der.read(data).members(der.SEQUENCE, 2)
    policy, nonce = der.optional(rest, der.OID), der.optional(rest, der.INTEGER)
    if version.number != 1:
        raise BadSignature("timestamp.malformed")
    return Request(_read_imprint(imprint), nonce.number if nonce else None, policy.dotted if policy else None)


def message_imprint(imprint: bytes) -> bytes:
    """MessageImprint of a SHA-256 digest."""
    return der.sequence(der.sequence(der.oid(SHA256), der.tlv(der.NULL)), der.tlv(der.OCTETS, imprint))


@refusing("timestamp.malformed")
def verify(
    response: bytes,
    imprint: bytes,
    roots: Collection[x509.Certificate],
    policy: str | None = None,
    nonce: int | None = None,
) -> Stamp:
    """The stamp in a DER TimeStampResp; raises BadSignature unless it is granted and holds.

    It must cover `imprint` (and answer `nonce` under `policy`, where given), be signed by a certificate whose one, critical purpose is time
    stamping, that is named in the signature and leads to one of `roots`, all of them valid at the stamp's own moment (RFC 3161 §2.4,
    RFC 5816). That the certificates may have expired since is no fault (RFC 3161 appendix B).
    """
    signed = _signed_data(response)
    info = _tst_info(signed.content)
    certificate = _signer(signed)
    _verify_signature(signed, certificate)
    stamp = Stamp(info.moment, info.imprint, info.policy, info.serial, certificate)
    if info.imprint != imprint or (nonce is not None and info.nonce != nonce) or (policy is not None and info.policy != policy):
        raise BadSignature("timestamp.not_what_was_asked")
    _check_purpose(certificate)
    _climb(certificate, signed.certificates, roots, info.moment)
    return stamp


# The parts of a response


@dataclass(frozen=True, slots=True)
class _Signed:
    """SignedData of CMS (RFC 5652 §5) with its one SignerInfo taken apart."""

    content: bytes
    certificates: tuple[x509.Certificate, ...]
    issuer_and_serial: Value
    digest: type[Digest]
    algorithm: str
    attributes: Mapping[str, Value]
    attributes_raw: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class _Info:
    policy: str
    imprint: bytes
    serial: int
    moment: datetime
    nonce: int | None


def _signed_data(response: bytes) -> _Signed:
    status, *token = der.read(response).members(der.SEQUENCE, 1)
    if status.members(der.SEQUENCE, 1)[0].number != 0 or len(token) != 1:
        raise BadSignature("timestamp.not_granted")
    kind, wrapped = token[0].members(der.SEQUENCE, 2)[:2]
    if kind.dotted != SIGNED_DATA:
        raise BadSignature("timestamp.malformed")
    version, digests, content, *rest = wrapped.members(der.context(0), 1)[0].members(der.SEQUENCE, 4)
    inner, octets = content.members(der.SEQUENCE, 2)[:2]
    certificates, signers = der.optional(rest, der.context(0)), rest[-1].members(der.SET, 1)
    signer_version, sid, digest, attributes, algorithm, signature = signers[0].members(der.SEQUENCE, 6)[:6]
    if (version.number, signer_version.number) != (3, 1) or digests.raw != der.set_of(digest.raw):
        raise BadSignature("timestamp.malformed")
    if inner.dotted != TST_INFO or len(signers) != 1:
        raise BadSignature("timestamp.malformed")
    pairs = [attribute.members(der.SEQUENCE, 2) for attribute in attributes.members(der.context(0), 1)]
    named = {name.dotted: values.members(der.SET, 1)[0] for name, values in pairs}
    if len(named) != len(pairs):
        raise BadSignature("timestamp.malformed")
    return _Signed(
        content=octets.members(der.context(0), 1)[0].the(der.OCTETS).content,
        certificates=tuple(x509.load_der_x509_certificate(value.raw) for value in (certificates.children() if certificates else [])),
        issuer_and_serial=sid.the(der.SEQUENCE),
        digest=_hash(digest),
        algorithm=_algorithm(algorithm),
        attributes=named,
        attributes_raw=der.tlv(der.SET, attributes.content),  # signed as SET OF, sent as [0] (RFC 5652 §5.4)
        signature=signature.the(der.OCTETS).content,
    )


def _tst_info(content: bytes) -> _Info:
    version, policy, imprint, serial, moment, *rest = der.read(content).members(der.SEQUENCE, 5)
    nonce = der.optional(rest, der.INTEGER)
    if version.number != 1:
        raise BadSignature("timestamp.malformed")
    return _Info(policy.dotted, _read_imprint(imprint), serial.number, moment.moment, nonce.number if nonce else None)


def _read_imprint(value: Value) -> bytes:
    algorithm, digest = value.members(der.SEQUENCE, 2)[:2]
    if _algorithm(algorithm) != SHA256 or len(digest.the(der.OCTETS).content) != 32:
        raise BadSignature("timestamp.digest")
    return digest.content


def _hash(algorithm: Value) -> type[Digest]:
    found = _HASHES.get(_algorithm(algorithm))
    if found is None:
        raise BadSignature("timestamp.digest")
    return found


def _algorithm(value: Value) -> str:
    """The name in an AlgorithmIdentifier that has no parameters, or NULL ones."""
    name, *parameters = value.members(der.SEQUENCE, 1)
    if [parameter.raw for parameter in parameters] not in ([], [der.tlv(der.NULL)]):
        raise BadSignature("timestamp.malformed")
    return name.dotted


# Who signed, and whether they may


def _signer(signed: _Signed) -> x509.Certificate:
    """The certificate that SignerInfo points to and the signed attribute pins."""
    pins = signed.attributes.get(SIGNING_CERTIFICATE_V2)
    if pins is None:
        raise BadSignature("timestamp.certificate_not_pinned")
    pin = pins.members(der.SEQUENCE, 1)[0].members(der.SEQUENCE, 1)[0].members(der.SEQUENCE, 1)
    explicit = pin[0].tag == der.SEQUENCE
    algorithm, digest = (_hash(pin[0]), pin[1]) if explicit and len(pin) > 1 else (hashes.SHA256, pin[0])
    issuer, serial = signed.issuer_and_serial.members(der.SEQUENCE, 2)[:2]
    for certificate in signed.certificates:
        is_named = certificate.issuer.public_bytes() == issuer.raw and certificate.serial_number == serial.number
        if is_named and certificate.fingerprint(algorithm()) == digest.the(der.OCTETS).content:
            return certificate
    raise BadSignature("timestamp.certificate_not_pinned")


def _verify_signature(signed: _Signed, certificate: x509.Certificate) -> None:
    digest = hashes.Hash(signed.digest())
    digest.update(signed.content)
    told, kind = signed.attributes.get(MESSAGE_DIGEST), signed.attributes.get(CONTENT_TYPE)
    if told is None or kind is None or kind.dotted != TST_INFO or told.the(der.OCTETS).content != digest.finalize():
        raise BadSignature("timestamp.digest")
    public = certificate.public_key()
    try:
        if isinstance(public, ec.EllipticCurvePublicKey) and signed.algorithm == _ECDSA[signed.digest]:
            public.verify(signed.signature, signed.attributes_raw, ec.ECDSA(signed.digest()))
        elif isinstance(public, rsa.RSAPublicKey) and signed.algorithm in (_RSA[signed.digest], _RSA_ANY):
            public.verify(signed.signature, signed.attributes_raw, padding.PKCS1v15(), signed.digest())
        else:
            raise BadSignature("timestamp.key_unfit")
    except InvalidSignature:
        raise BadSignature("signature.invalid") from None


@refusing("timestamp.purpose")
def _check_purpose(certificate: x509.Certificate) -> None:
    purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not purposes.critical or list(purposes.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise BadSignature("timestamp.purpose")


def _climb(leaf: x509.Certificate, pool: Sequence[x509.Certificate], roots: Collection[x509.Certificate], at: datetime) -> None:
    """Raises BadSignature unless `leaf` leads to one of `roots` through authorities of `pool`, each valid at `at`."""
    here = leaf
    for _ in range(_MAX_STEPS):
        if not here.not_valid_before_utc <= at <= here.not_valid_after_utc:
            raise BadSignature("certificate.not_valid_then", serial=f"{here.serial_number:x}")
        if here in roots:
            return
        above = next((issuer for issuer in (*roots, *pool) if issuer != here and _issued(here, issuer)), None)
        if above is None:
            break
        here = above
    raise BadSignature("timestamp.root_unknown")


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        with refusing(""):
            certificate.verify_directly_issued_by(issuer)
            return issuer.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except BadSignature:
        return False
