"""The internal certificate authority: root → issuing → persons, officers and the platform; revocation lists; the check of a chain."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal, TypeAlias, get_args

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from core.kernel import clock, revocation
from core.kernel.certpath import Demands, extension, find_path, refusing
from core.kernel.dsse import KINDS, Kind
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature
from core.kernel.revocation import Status
from core.kernel.signing import KeyRecord

HolderKind: TypeAlias = Literal["person", "officer", "platform"]

_ARC = revocation.ARC
_PURPOSE: Mapping[Kind, ObjectIdentifier] = {kind: ObjectIdentifier(f"{_ARC}.1.{place}") for place, kind in enumerate(KINDS, 1)}
_SKEW = timedelta(minutes=5)  # a certificate is good a little before it is made, since clocks differ
_CA_USAGE = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
_STEPS = Demands(families=("ecdsa",), purposes=None, least=3, most=3)
_LEAF_USAGE = x509.KeyUsage(True, True, False, False, False, False, False, False, False)


@dataclass(frozen=True, slots=True)
class Authority:
    """A certificate that may issue, with its private key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Holder:
    """Whom a certificate names. `role` (of an office or of the platform) and `recipient` (an officer's `age1…`) may be empty."""

    kind: HolderKind
    id: str
    role: str = ""
    recipient: str = ""


# Issuing


def make_root(name: str, at: datetime, days: int = 3650) -> Authority:
    """A self-signed root with a fresh P-256 key; it may stand over issuing certificates alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(_ca(_builder(_name(name), _name(name), at, days), key.public_key(), key, 1), key)


def make_issuing(root: Authority, name: str, at: datetime, days: int = 1825) -> Authority:
    """An issuing certificate with a fresh P-256 key under `root`."""
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(_ca(_builder(_name(name), root.certificate.subject, at, days), key.public_key(), root.key, 0), key)


def issue(
    authority: Authority, holder: Holder, key: KeyRecord, at: datetime, days: int = 365, *, until: datetime | None = None
) -> x509.Certificate:
    """A certificate that says whose `key` is and which kind of signature it makes, for `days` and in no case longer than `until`."""
    names = [f"urn:ztb:{holder.kind}:{holder.id}"]
    names += [f"urn:ztb:role:{holder.role}"] if holder.role else []
    names += [f"urn:ztb:age:{holder.recipient}"] if holder.recipient else []
    builder = _builder(_name(holder.id), authority.certificate.subject, at, days, until).public_key(key.public)
    for value, critical in (
        (x509.BasicConstraints(False, None), True),
        (_LEAF_USAGE, True),
        (x509.ExtendedKeyUsage([_PURPOSE[key.kind]]), True),
        (x509.SubjectAlternativeName([x509.UniformResourceIdentifier(name) for name in names]), False),
        (x509.SubjectKeyIdentifier.from_public_key(key.public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False),
    ):
        builder = builder.add_extension(value, critical)
    return builder.sign(authority.key, hashes.SHA256())


def issue_crl(
    authority: Authority, revoked: Iterable[tuple[int, datetime]], number: int, at: datetime, days: int = 7
) -> x509.CertificateRevocationList:
    """The list of revoked serial numbers, each with the moment from which its signatures no longer count.

    A list tells whole seconds; ours adds the moment to the millisecond, so that what was signed earlier in that second stands.
    """
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(at).next_update(at + timedelta(days=days)).add_extension(x509.CRLNumber(number), False)
    builder = builder.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False)
    for serial, since in revoked:
        moment = x509.UnrecognizedExtension(revocation.MOMENT, clock.text(since).encode())
        entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since).add_extension(moment, False).build()
        builder = builder.add_revoked_certificate(entry)
    return builder.sign(authority.key, hashes.SHA256())


def _ca(
    builder: x509.CertificateBuilder, public: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePrivateKey, pathlen: int
) -> x509.Certificate:
    builder = builder.public_key(public)
    for value, critical in (
        (x509.BasicConstraints(True, pathlen), True),
        (_CA_USAGE, True),
        (x509.SubjectKeyIdentifier.from_public_key(public), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ):
        builder = builder.add_extension(value, critical)
    return builder.sign(signer, hashes.SHA256())


def _builder(subject: x509.Name, issuer: x509.Name, at: datetime, days: int, until: datetime | None = None) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).serial_number(x509.random_serial_number())
    end = at + timedelta(days=days)
    return builder.not_valid_before(at - _SKEW).not_valid_after(end if until is None else min(end, until))


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


# Reading


def to_pem(thing: x509.Certificate | x509.CertificateRevocationList) -> str:
    """PEM text."""
    return thing.public_bytes(serialization.Encoding.PEM).decode("ascii")


def fingerprint(certificate: x509.Certificate) -> str:
    """Hex SHA-256 of the DER certificate, as in a trust policy."""
    return sha256(certificate.public_bytes(serialization.Encoding.DER)).hex()


def read_certificate(pem: object) -> x509.Certificate:
    """The certificate in PEM text; raises BadSignature when it holds anything else."""
    with refusing("certificate.malformed"):
        certificate = x509.load_pem_x509_certificate(pem.encode("ascii")) if isinstance(pem, str) else None
    if certificate is None or to_pem(certificate) != pem:
        raise BadSignature("certificate.malformed")
    return certificate


def read_crl(pem: object) -> x509.CertificateRevocationList:
    """The revocation list in PEM text; raises BadSignature when it holds anything else."""
    with refusing("certificate.malformed"):
        crl = x509.load_pem_x509_crl(pem.encode("ascii")) if isinstance(pem, str) else None
    if crl is None or to_pem(crl) != pem:
        raise BadSignature("certificate.malformed")
    return crl


@refusing("certificate.malformed")
def key_record(certificate: x509.Certificate) -> KeyRecord:
    """The certified key; its kind is the certificate's one purpose."""
    purposes = list(extension(certificate, x509.ExtendedKeyUsage))
    kind = next((kind for kind, purpose in _PURPOSE.items() if purposes == [purpose]), None)
    if kind is None:
        raise BadSignature("certificate.purpose")
    spki = certificate.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return KeyRecord.from_spki(spki, kind)


@refusing("certificate.malformed")
def holder(certificate: x509.Certificate) -> Holder:
    """Whom the certificate names."""
    names = extension(certificate, x509.SubjectAlternativeName).get_values_for_type(x509.UniformResourceIdentifier)
    said: dict[str, str] = {}
    for name in names:
        scheme, _, rest = name.removeprefix("urn:ztb:").partition(":")
        if not name.startswith("urn:ztb:") or scheme in said or not rest:
            raise BadSignature("certificate.holder")
        said[scheme] = rest
    role, recipient = said.pop("role", ""), said.pop("age", "")
    for kind in get_args(HolderKind):
        if set(said) == {kind}:
            return Holder(kind, said[kind], role, recipient)
    raise BadSignature("certificate.holder")


def names_code(certificate: x509.Certificate, code_at: str, uscc: str) -> bool:
    """Whether a certificate names the firm of this unified social credit code, where the authority writes it.

    Authorities write it bare or behind a word of theirs (`NTRCN-…`), so it must stand at the end, apart from other letters and digits.
    """
    kind, _, oid = code_at.partition(":")
    place = x509.ObjectIdentifier(oid)
    if kind == "subject":
        said = [str(one.value) for one in certificate.subject.get_attributes_for_oid(place)]
    else:
        said = [text for one in certificate.extensions if one.oid == place and (text := _extension_text(one.value)) is not None]
    return any(re.search(rf"(?:^|[^0-9A-Za-z]){re.escape(uscc)}$", one.strip().upper()) is not None for one in said)


def _extension_text(value: x509.ExtensionType) -> str | None:
    """The one string (UTF8String, PrintableString, IA5String) that an authority's own extension is."""
    der = value.value if isinstance(value, x509.UnrecognizedExtension) else b""
    if len(der) < 3 or der[0] not in (0x0C, 0x13, 0x16) or der[1] != len(der) - 2 or der[1] >= 0x80:
        return None
    try:
        return der[2:].decode("utf-8")
    except UnicodeDecodeError:
        return None


# Checking


@refusing("certificate.malformed")
def verify_chain(
    leaf: x509.Certificate,
    intermediates: Sequence[x509.Certificate],
    roots: Collection[x509.Certificate],
    at: datetime,
    crls: Sequence[x509.CertificateRevocationList] | None,
) -> None:
    """Raises BadSignature unless `leaf` stood at moment `at` under one issuing certificate under one of `roots`, none of them revoked.

    The hierarchy has exactly these three steps, a case of what `certpath` checks. `crls` must hold a list of each issuer that speaks for
    `at` (made then or later, or not yet due for replacement then); None leaves revocation to the caller.
    """
    path = find_path(leaf, intermediates, roots, at, _STEPS)
    _check_pathlen(path[2], 1)
    _check_pathlen(path[1], 0)
    extension(leaf, x509.BasicConstraints), extension(leaf, x509.KeyUsage), key_record(leaf), holder(leaf)
    if crls is not None:
        for certificate, issuer in pairwise(path):
            _check_revocation(certificate, issuer, at, crls)


def _check_pathlen(certificate: x509.Certificate, steps: int) -> None:
    if extension(certificate, x509.BasicConstraints).path_length != steps or not extension(certificate, x509.KeyUsage).key_cert_sign:
        raise BadSignature("certificate.not_an_authority")


def _check_revocation(
    certificate: x509.Certificate, issuer: x509.Certificate, at: datetime, crls: Sequence[x509.CertificateRevocationList]
) -> None:
    lists = [crl for crl in crls if crl.issuer == issuer.subject]
    state = revocation.judge((said for crl in lists if (said := _said(crl, certificate, issuer)) is not None), at)
    if state == "unknown":
        raise BadSignature("certificate.no_revocation_list")
    if state == "revoked":
        raise BadSignature("certificate.revoked", serial=f"{certificate.serial_number:x}")


def _said(crl: x509.CertificateRevocationList, certificate: x509.Certificate, issuer: x509.Certificate) -> Status | None:
    try:
        return revocation.read_crl(crl, certificate, issuer)
    except BadSignature:
        return None  # a list that somebody else has made says nothing
