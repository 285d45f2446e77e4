"""PAdES signatures of PDF files (ETSI EN 319 142-1, baseline B): who signed the whole file, checked with `cryptography` alone."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from core.kernel import der, detached
from core.kernel.certpath import Demands, Path, find_path, refusing
from core.kernel.der import Value
from core.kernel.errors import BadSignature

LARGEST = 4 << 20  # bytes of a file that is looked into
SUBFILTER = b"/ETSI.CAdES.detached"
SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")


@dataclass(frozen=True, slots=True)
class SignedPdf:
    """A PDF with one signature over all of it but the signature itself: what is covered, the CMS, and the certificates in it."""

    covered: bytes
    signature: bytes
    signer: x509.Certificate
    certificates: tuple[x509.Certificate, ...]


def verify(pdf: bytes, roots: Collection[x509.Certificate], at: datetime, demands: Demands = Demands()) -> Path:
    """The path of certificates from the signer to one of `roots`, as it stood at `at`; raises BadSignature unless the signature holds,
    covers the whole file, and names its certificate (signing-certificate-v2, as PAdES asks)."""
    signed = read(pdf)
    detached.verify(signed.covered, signed.signature, signed.signer)
    return find_path(signed.signer, [one for one in signed.certificates if one != signed.signer], roots, at, demands)


@refusing("pdf.malformed")
def read(pdf: bytes) -> SignedPdf:
    """The one signature of a PDF, not yet checked; raises BadSignature "pdf.unsigned", "pdf.malformed", or "pdf.not_whole" where bytes
    stand outside of what is signed: whoever adds to a signed file makes another file."""
    if not pdf.startswith(b"%PDF-") or len(pdf) > LARGEST:
        raise BadSignature("pdf.malformed")
    ranges = _RANGE.findall(pdf)
    if not ranges or SUBFILTER not in pdf:
        raise BadSignature("pdf.unsigned")
    first, start, rest = map(int, ranges[0])
    if len(ranges) != 1 or not 0 < first < start or start + rest != len(pdf):
        raise BadSignature("pdf.not_whole")
    held = pdf[first:start]
    if held[:1] != b"<" or held[-1:] != b">":
        raise BadSignature("pdf.not_whole")
    signature = _unpadded(bytes.fromhex(held[1:-1].decode("ascii")))
    certificates = certificates_in(signature)
    return SignedPdf(pdf[:first] + pdf[start:], signature, _signer(signature, certificates), certificates)


@refusing("pdf.malformed")
def certificates_in(signature: bytes) -> tuple[x509.Certificate, ...]:
    """The certificates that a CMS SignedData carries."""
    found = der.optional(_signed_data(signature), der.context(0))
    return tuple(x509.load_der_x509_certificate(value.raw) for value in (found.children() if found else []))


@refusing("pdf.malformed")
def signer_of(signature: bytes) -> x509.Certificate:
    """The certificate in a CMS SignedData that its SignerInfo points to and its signed attribute pins; raises BadSignature without one."""
    return _signer(signature, certificates_in(signature))


def _signed_data(signature: bytes) -> list[Value]:
    kind, wrapped = der.read(signature).members(der.SEQUENCE, 2)[:2]
    if kind.dotted != detached.SIGNED_DATA:
        raise BadSignature("pdf.malformed")
    return wrapped.members(der.context(0), 1)[0].members(der.SEQUENCE, 4)


def _signer(signature: bytes, certificates: tuple[x509.Certificate, ...]) -> x509.Certificate:
    info = _signed_data(signature)[-1].members(der.SET, 1)[0].members(der.SEQUENCE, 6)
    issuer, serial = info[1].members(der.SEQUENCE, 2)[:2]
    pairs = [attribute.members(der.SEQUENCE, 2) for attribute in info[3].members(der.context(0), 1)]
    pins = next((values for name, values in pairs if name.dotted == SIGNING_CERTIFICATE_V2), None)
    if pins is None:
        raise BadSignature("pdf.certificate_not_pinned")
    pin = pins.members(der.SET, 1)[0].members(der.SEQUENCE, 1)[0].members(der.SEQUENCE, 1)[0].members(der.SEQUENCE, 1)
    # SHA-256 is the default of ESSCertIDv2 and therefore left out in DER (RFC 5035 §4)
    digest = pin[0].the(der.OCTETS).content
    for certificate in certificates:
        is_named = certificate.issuer.public_bytes() == issuer.raw and certificate.serial_number == serial.number
        if is_named and certificate.fingerprint(hashes.SHA256()) == digest:
            return certificate
    raise BadSignature("pdf.certificate_not_pinned")


def _unpadded(held: bytes) -> bytes:
    """One DER value at the start of a placeholder whose rest is zero."""
    if len(held) < 4 or held[0] != der.SEQUENCE:
        raise BadSignature("pdf.malformed")
    size, start = held[1], 2
    if size >= 0x80:
        start += size & 0x7F
        size = int.from_bytes(held[2:start], "big")
    if any(held[start + size :]):
        raise BadSignature("pdf.malformed")
    return held[: start + size]
