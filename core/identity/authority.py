"""The internal certificate authority: its keys and certificates in files that nobody else may read.

The root signs one issuing certificate, once, and the revocation list above it; in production its key belongs offline.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from core.identity.domain.certificate import DAYS, OFFICER, Revocation
from core.kernel import certificates, clock
from core.kernel.certificates import Authority as Signing
from core.kernel.certificates import Holder
from core.kernel.encoding import sha256
from core.kernel.ids import PersonId
from core.kernel.signing import KeyRecord, private_pem, read_p256_pem

ROOT, ISSUING = "Gongheng Root CA", "Gongheng Issuing CA"


@dataclass(frozen=True, slots=True)
class Issued:
    """A fresh certificate (DER) with what it says; `subject` is its first SAN URI, `serial` lower-case hex."""

    der: bytes
    subject: str
    serial: str
    not_before: datetime
    not_after: datetime

    @property
    def sha256(self) -> str:
        """Hex digest of the DER."""
        return sha256(self.der).hex()


@dataclass(frozen=True, slots=True)
class Authority:
    """What can certify keys and publish what no longer counts."""

    root: Signing
    issuing: Signing

    @classmethod
    def open(cls, folder: Path) -> Authority:
        """The authority of a folder; its keys (mode 0600) are made there the first time."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (folder / "issuing.pem").exists():
            root = certificates.make_root(ROOT, clock.now())
            _store(folder, "root", root)
            _store(folder, "issuing", certificates.make_issuing(root, ISSUING, clock.now()))
        return cls(_load(folder, "root"), _load(folder, "issuing"))

    def issue(
        self, person: PersonId, purpose: str, key: KeyRecord, recipient: str, at: datetime, *, until: datetime | None = None
    ) -> Issued:
        """Certifies a person's key for one purpose; an officer's certificate also names the office and the age recipient."""
        if purpose.startswith(OFFICER):
            holder = Holder("officer", str(person), purpose.removeprefix(OFFICER), recipient)
        else:
            holder = Holder("person", str(person))
        return self._issue(holder, key, at, DAYS, until=until)

    def issue_platform(self, name: str, key: KeyRecord, at: datetime) -> Issued:
        """Certifies a key of the platform itself, for three years."""
        return self._issue(Holder("platform", name), key, at, 3 * DAYS)

    def _issue(self, holder: Holder, key: KeyRecord, at: datetime, days: int, *, until: datetime | None = None) -> Issued:
        made = certificates.issue(self.issuing, holder, key, at, days, until=until)
        subject, serial = f"urn:ztb:{holder.kind}:{holder.id}", f"{made.serial_number:x}"
        return Issued(made.public_bytes(Encoding.DER), subject, serial, made.not_valid_before_utc, made.not_valid_after_utc)

    def revocation_lists(self, revoked: Iterable[Revocation], at: datetime) -> tuple[str, str]:
        """The lists of `at` as PEM: the issuing authority's, holding `revoked`, and the root's, which holds nothing."""
        lines = [(int(line.serial, 16), line.revoked_at) for line in revoked]
        number = int(at.timestamp())
        issuing = certificates.issue_crl(self.issuing, lines, number, at)
        return certificates.to_pem(issuing), certificates.to_pem(certificates.issue_crl(self.root, (), number, at))

    @property
    def chain(self) -> tuple[str, str]:
        """The issuing and the root certificate as PEM."""
        return certificates.to_pem(self.issuing.certificate), certificates.to_pem(self.root.certificate)

    @property
    def root_sha256(self) -> str:
        """What stands in a trust policy as `ca-root`."""
        return certificates.fingerprint(self.root.certificate)


def pem_of(der: bytes) -> str:
    """A stored certificate as PEM."""
    return certificates.to_pem(x509.load_der_x509_certificate(der))


def _store(folder: Path, name: str, authority: Signing) -> None:
    """The key first: a certificate without its key would look like an authority that is there."""
    _write(folder / f"{name}.key", private_pem(authority.key), 0o600)
    _write(folder / f"{name}.pem", certificates.to_pem(authority.certificate).encode("ascii"), 0o644)


def _write(file: Path, data: bytes, mode: int) -> None:
    fresh = file.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    try:
        os.write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    fresh.replace(file)


def _load(folder: Path, name: str) -> Signing:
    certificate = certificates.read_certificate((folder / f"{name}.pem").read_text(encoding="ascii"))
    return Signing(certificate, read_p256_pem((folder / f"{name}.key").read_bytes()))
