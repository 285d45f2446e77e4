"""Detached signatures of offices outside: Ed25519 as it is, or CMS (RFC 5652) by an ECDSA or RSA key, over the bytes of a document."""

from __future__ import annotations

from collections.abc import Mapping

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from core.kernel import der
from core.kernel.certpath import refusing
from core.kernel.der import Value
from core.kernel.errors import BadSignature

SIGNED_DATA, DATA = "1.2.840.113549.1.7.2", "1.2.840.113549.1.7.1"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
_HASHES: Mapping[str, type[hashes.SHA256] | type[hashes.SHA384] | type[hashes.SHA512]] = {
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
}
MOST = 64 * 1024  # bytes of a signature


def verify(content: bytes, signature: bytes, signer: x509.Certificate) -> None:
    """Raises BadSignature unless the key of `signer` has signed these bytes; who that is and whether it may is the caller's question."""
    if len(signature) > MOST:
        raise BadSignature("detached.malformed")
    with refusing("detached.key"):
        public = signer.public_key()
    if isinstance(public, Ed25519PublicKey):
        try:
            public.verify(signature, content)
        except InvalidSignature:
            raise BadSignature("detached.invalid") from None
    else:
        _verify_cms(content, signature, signer)


def _verify_cms(content: bytes, signature: bytes, signer: x509.Certificate) -> None:
    info = _signer_info(signature)
    version, who, algorithm, *rest = info.members(der.SEQUENCE, 5)
    issuer, serial = who.members(der.SEQUENCE, 2)[:2]
    if version.number != 1 or (issuer.raw, serial.number) != (signer.issuer.public_bytes(), signer.serial_number):
        raise BadSignature("detached.signer")
    kind = _HASHES.get(algorithm.members(der.SEQUENCE, 1)[0].dotted)
    if kind is None:
        raise BadSignature("detached.malformed")
    signed = content
    if rest[0].tag == der.context(0):
        attributes, rest = rest[0], rest[1:]
        _check_attributes(attributes, content, kind())
        signed = der.tlv(der.SET, attributes.content)  # signed as SET OF, sent as [0] (RFC 5652 §5.4)
    if len(rest) < 2:
        raise BadSignature("detached.malformed")
    _check(signer, rest[1].the(der.OCTETS).content, signed, kind())


def _signer_info(signature: bytes) -> Value:
    """The one SignerInfo of a SignedData without content."""
    kind, wrapped = der.read(signature).members(der.SEQUENCE, 2)[:2]
    if kind.dotted != SIGNED_DATA:
        raise BadSignature("detached.malformed")
    _, _, inner, *rest = wrapped.members(der.context(0), 1)[0].members(der.SEQUENCE, 4)
    what = inner.members(der.SEQUENCE, 1)
    signers = rest[-1].members(der.SET, 1)
    if len(what) != 1 or what[0].dotted != DATA or len(signers) != 1:
        raise BadSignature("detached.malformed")
    return signers[0]


def _check_attributes(attributes: Value, content: bytes, algorithm: hashes.HashAlgorithm) -> None:
    pairs = [attribute.members(der.SEQUENCE, 2) for attribute in attributes.members(der.context(0), 1)]
    named = {name.dotted: values.members(der.SET, 1)[0] for name, values in pairs}
    digest = hashes.Hash(algorithm)
    digest.update(content)
    kind, told = named.get(CONTENT_TYPE), named.get(MESSAGE_DIGEST)
    if len(named) != len(pairs) or kind is None or told is None or kind.dotted != DATA:
        raise BadSignature("detached.malformed")
    if told.the(der.OCTETS).content != digest.finalize():
        raise BadSignature("detached.invalid")


def _check(signer: x509.Certificate, signature: bytes, signed: bytes, algorithm: hashes.HashAlgorithm) -> None:
    public = signer.public_key()
    try:
        if isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, signed, ec.ECDSA(algorithm))
        elif isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, signed, padding.PKCS1v15(), algorithm)
        else:
            raise BadSignature("detached.key")
    except InvalidSignature:
        raise BadSignature("detached.invalid") from None
