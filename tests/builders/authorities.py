"""Authorities that are not ours: roots, issuers, certificates of firms and people, and what such an authority says of them when asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = timedelta(days=1)
SIGNS = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
ISSUES = x509.KeyUsage(False, False, False, False, False, True, True, False, False)


def name(common: str, **more: str) -> x509.Name:
    parts = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    return x509.Name(parts + [x509.NameAttribute(getattr(NameOID, key), value) for key, value in more.items()])


def fresh(family: str):
    return ec.generate_private_key(ec.SECP256R1()) if family == "ecdsa" else rsa.generate_private_key(65537, 2048)


@dataclass
class Signing:
    """A certificate that issues, with its key."""

    certificate: x509.Certificate
    key: object

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()


def make(subject, public, above, since, until, *extensions, digest=None, serial=None):
    """A certificate; `above` is the Signing over it, or (name, key) for one that signs itself."""
    issuer, key = (above.certificate.subject, above.key) if isinstance(above, Signing) else above
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public)
    builder = builder.serial_number(serial or x509.random_serial_number()).not_valid_before(since).not_valid_after(until)
    known = {type(value) for value, _ in extensions}
    plain = [
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), False),
    ]
    for value, critical in (*extensions, *(one for one in plain if type(one[0]) not in known)):
        builder = builder.add_extension(value, critical)
    return builder.sign(key, digest or hashes.SHA256())


@dataclass
class ForeignAuthority:
    """A root, an issuer under it and a delegated responder, since `at`; `revoked` maps serial numbers to moments."""

    label: str
    at: datetime
    family: str = "ecdsa"
    days: int = 3650
    revoked: dict[int, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.root = self.authority(f"{self.label} Root", None)
        self.issuing = self.authority(f"{self.label} Issuing", self.root, 0)
        self.responder = self.delegate()

    @property
    def until(self) -> datetime:
        return self.at + self.days * DAY

    def authority(self, label, above, pathlen=None, *extensions, until=None):
        key = fresh(self.family)
        over = above or (name(label), key)
        limits = (x509.BasicConstraints(True, pathlen), True), (ISSUES, True)
        return Signing(make(name(label), key.public_key(), over, self.at - DAY, until or self.until, *limits, *extensions), key)

    def delegate(self, above=None, purpose=ExtendedKeyUsageOID.OCSP_SIGNING):
        key = fresh(self.family)
        purposes = (x509.ExtendedKeyUsage([purpose]), False), (x509.OCSPNoCheck(), False), (SIGNS, True)
        since = min(self.at, datetime.now(UTC)) - DAY  # an answer is dated by the machine's clock, and a world's clock may be weeks ahead
        return Signing(make(name("Responder"), key.public_key(), above or self.issuing, since, self.until, *purposes), key)

    def certify(self, public, uscc="", *, org="某某工程有限公司", person="", days=365, above=None, extensions=None, **more):
        """A certificate of a firm (and of a person who acts for it) for a public key."""
        subject = name(person or org, ORGANIZATION_NAME=org, **({"ORGANIZATION_IDENTIFIER": uscc} if uscc else {}), **more)
        told = extensions if extensions is not None else ((x509.BasicConstraints(False, None), True), (SIGNS, True))
        return make(subject, public, above or self.issuing, self.at - DAY, self.at + days * DAY, *told)

    def revoke(self, certificate, at):
        self.revoked[certificate.serial_number] = at

    def status(self, certificate, at, *, signer=None, nonce=None, state=None, issuer=None, hours=24, about=None, open_end=False):
        """An OCSP answer of moment `at` in DER; `signer` None is the delegated responder."""
        signer, issuer = signer or self.responder, issuer or self.issuing
        since = self.revoked.get(certificate.serial_number)
        state = state or ("revoked" if since is not None and since <= at else "good")
        builder = ocsp.OCSPResponseBuilder().add_response(
            cert=about or certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA1(),
            cert_status=getattr(ocsp.OCSPCertStatus, state.upper()),
            this_update=at,
            next_update=None if open_end else at + timedelta(hours=hours),
            revocation_time=(since or at) if state == "revoked" else None,
            revocation_reason=None,
        )
        builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, signer.certificate).certificates([signer.certificate])
        if nonce is not None:
            builder = builder.add_extension(x509.OCSPNonce(nonce), False)
        return builder.sign(signer.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def crl(self, at, *, above=None, days=7, extensions=()):
        """A revocation list of moment `at` in DER, of the issuer or of `above`."""
        above = above or self.issuing
        builder = x509.CertificateRevocationListBuilder().issuer_name(above.certificate.subject)
        builder = builder.last_update(at).next_update(at + days * DAY).add_extension(x509.CRLNumber(int(at.timestamp())), False)
        for value, critical in extensions:
            builder = builder.add_extension(value, critical)
        for serial, since in self.revoked.items():
            if since <= at:
                builder = builder.add_revoked_certificate(
                    x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).build()
                )
        return builder.sign(above.key, hashes.SHA256()).public_bytes(Encoding.DER)
