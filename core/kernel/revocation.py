"""What an authority says of a certificate: questions and answers of OCSP (RFC 6960), revocation lists, what they come to for a moment."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from core.kernel import clock
from core.kernel.certpath import DIGESTS, is_issued, optional, refusing
from core.kernel.errors import BadSignature

State: TypeAlias = Literal["good", "revoked", "unknown"]
Source: TypeAlias = Literal["ocsp", "crl"]

# An arc of our own under 2.25 (ITU-T X.667: any UUID names one).
ARC = "2.25.2123378488286177479777377546968735504"
MOMENT = x509.ObjectIdentifier(f"{ARC}.2")
"""An extension of an entry of our own lists: the moment of the revocation to the millisecond, as text."""
AHEAD = timedelta(minutes=5)  # how far an authority's clock may run before ours
OPEN_END = timedelta(days=1)  # how old an answer may be that does not say when the next one comes
NONCE = 16  # bytes (RFC 8954 allows 1 to 32)


@dataclass(frozen=True, slots=True)
class Status:
    """What an authority said of one certificate; `revoked_at` where it is revoked, from when on. `next_update` may be left open."""

    state: State
    source: Source
    this_update: datetime
    next_update: datetime | None
    revoked_at: datetime | None = None

    def speaks_for(self, at: datetime) -> bool:
        """Made then or later, or not yet due for replacement then."""
        return at <= self.this_update or (self.next_update is not None and at <= self.next_update)

    def is_fresh(self, now: datetime) -> bool:
        """Whether it may be taken for the state of now."""
        end = self.next_update if self.next_update is not None else self.this_update + OPEN_END
        return self.this_update <= now + AHEAD and now <= end


def judge(said: Iterable[Status], at: datetime) -> State:
    """What all that was said of a certificate comes to for a moment: a revocation from then or earlier counts whenever it was told; of
    the rest, one that speaks for the moment is enough."""
    told = list(said)
    if any(one.revoked_at is not None and one.revoked_at <= at for one in told):
        return "revoked"
    return "good" if any(one.state != "unknown" and one.speaks_for(at) for one in told) else "unknown"


# OCSP


def ask(certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes) -> bytes:
    """A question in DER. The certificate is named under SHA-1, which every responder knows; it names and protects nothing."""
    builder = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA1())  # noqa: S303
    return builder.add_extension(x509.OCSPNonce(nonce), critical=False).build().public_bytes(Encoding.DER)


@refusing("status.malformed")
def read_ocsp(der: bytes, certificate: x509.Certificate, issuer: x509.Certificate, nonce: bytes | None = None) -> Status:
    """The status in an answer about `certificate`, signed by its issuer or by whom that has delegated; raises BadSignature.

    `nonce`: of the question, where it was asked just now; an answer that carries another is refused, one without is not, since it may be
    made in advance (RFC 6960, §4.4.1), and its times say how old it is.
    """
    answer = ocsp.load_der_ocsp_response(der)
    if answer.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise BadSignature("status.no_answer", why=answer.response_status.name.lower())
    _check_responder(answer, issuer)
    if nonce is not None:
        for found in answer.extensions:
            if isinstance(found.value, x509.OCSPNonce) and found.value.nonce != nonce:
                raise BadSignature("status.nonce")
    for one in answer.responses:
        if _is_about(one, certificate, issuer):
            return _status(one)
    raise BadSignature("status.other_certificate")


def _status(one: ocsp.OCSPSingleResponse) -> Status:
    names = {ocsp.OCSPCertStatus.GOOD: "good", ocsp.OCSPCertStatus.REVOKED: "revoked", ocsp.OCSPCertStatus.UNKNOWN: "unknown"}
    state = cast(State, names[one.certificate_status])
    return Status(state, "ocsp", one.this_update_utc, one.next_update_utc, one.revocation_time_utc)


def _is_about(one: ocsp.OCSPSingleResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    named = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, one.hash_algorithm).build()
    theirs = (one.serial_number, one.issuer_name_hash, one.issuer_key_hash)
    return theirs == (named.serial_number, named.issuer_name_hash, named.issuer_key_hash)


def _check_responder(answer: ocsp.OCSPResponse, issuer: x509.Certificate) -> None:
    """Signed by the issuer itself, or by a certificate that it issued for just that (RFC 6960, §4.2.2.2)."""
    for one in (issuer, *answer.certificates):
        if not _is_named(answer, one) or not _has_signed(answer, one):
            continue
        if one == issuer or (is_issued(one, issuer) and _is_delegate(one, answer.produced_at_utc)):
            return
        raise BadSignature("status.responder")
    raise BadSignature("status.signature")


def _is_named(answer: ocsp.OCSPResponse, one: x509.Certificate) -> bool:
    if answer.responder_name is not None:
        return answer.responder_name == one.subject
    return answer.responder_key_hash == x509.SubjectKeyIdentifier.from_public_key(one.public_key()).digest


def _has_signed(answer: ocsp.OCSPResponse, one: x509.Certificate) -> bool:
    digest, key = answer.signature_hash_algorithm, one.public_key()
    if digest is None or digest.name not in DIGESTS:
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(answer.signature, answer.tbs_response_bytes, ec.ECDSA(digest))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _is_delegate(one: x509.Certificate, at: datetime) -> bool:
    purposes = optional(one, x509.ExtendedKeyUsage)
    usage = optional(one, x509.KeyUsage)
    is_for_it = purposes is not None and ExtendedKeyUsageOID.OCSP_SIGNING in list(purposes)
    return is_for_it and (usage is None or usage.digital_signature) and one.not_valid_before_utc <= at <= one.not_valid_after_utc


# Revocation lists


def load_crl(written: bytes) -> x509.CertificateRevocationList:
    """A list in DER or PEM; raises BadSignature for anything else."""
    with refusing("status.malformed"):
        return x509.load_pem_x509_crl(written) if written.lstrip().startswith(b"-----") else x509.load_der_x509_crl(written)


@refusing("status.malformed")
def read_crl(crl: x509.CertificateRevocationList, certificate: x509.Certificate, issuer: x509.Certificate) -> Status:
    """What a list says of `certificate`; raises BadSignature unless its issuer signed it, for all that it has issued."""
    usage = optional(issuer, x509.KeyUsage)
    if crl.issuer != issuer.subject or crl.issuer != certificate.issuer or (usage is not None and not usage.crl_sign):
        raise BadSignature("status.responder")
    digest = crl.signature_hash_algorithm
    if digest is None or digest.name not in DIGESTS:
        raise BadSignature("status.signature")
    if not crl.is_signature_valid(cast(CertificateIssuerPublicKeyTypes, issuer.public_key())):
        raise BadSignature("status.signature")
    if any(found.critical for found in crl.extensions):  # a part of a list, or a difference between two, says nothing of who is left out
        raise BadSignature("status.partial")
    entry = crl.get_revoked_certificate_by_serial_number(certificate.serial_number)
    revoked_at = None if entry is None else _revoked_at(entry)
    return Status("good" if entry is None else "revoked", "crl", crl.last_update_utc, crl.next_update_utc, revoked_at)


def _revoked_at(entry: x509.RevokedCertificate) -> datetime:
    """The entry's second, or the very moment in it where our own extension tells it."""
    for found in entry.extensions:
        if found.oid == MOMENT and isinstance(found.value, x509.UnrecognizedExtension):
            told: datetime = clock.moment(found.value.value.decode("ascii"))
            if told.replace(microsecond=0) == entry.revocation_date_utc:
                return told
    return entry.revocation_date_utc
