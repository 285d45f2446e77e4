"""Certification paths of any length up to a limit: from a certificate by way of others to a trust anchor, as they stood at a moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, ObjectIdentifier

from core.kernel.errors import BadSignature, Refusal

Extension = TypeVar("Extension", bound=x509.ExtensionType)
Path = tuple[x509.Certificate, ...]

MOST_STEPS = 8  # certificates of a path, leaf and root included
MOST_GIVEN = 6  # certificates between leaf and root that somebody may hand in: they may all have signed each other
FAMILIES = ("ecdsa", "rsa")
DIGESTS = frozenset({"sha256", "sha384", "sha512"})
CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)
SHORTEST_RSA, LONGEST_RSA = 2048, 8192  # bits
SIGNING = frozenset(
    {
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # id-kp-documentSigning (RFC 9336)
    }
)
"""Purposes of which a certificate must have one, where it names any, to sign as a person or a firm."""

_SM2_WITH_SM3 = "1.2.156.10197.1.501"
_SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")  # 1.2.156.10197.1.301 in DER
# Extensions whose meaning is either checked below or changes nothing about whether a path holds.
_UNDERSTOOD = (
    x509.BasicConstraints,
    x509.KeyUsage,
    x509.ExtendedKeyUsage,
    x509.SubjectAlternativeName,
    x509.IssuerAlternativeName,
    x509.SubjectKeyIdentifier,
    x509.AuthorityKeyIdentifier,
    x509.CertificatePolicies,
)

ODDITIES = (
    ValueError,
    TypeError,
    InvalidSignature,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.DuplicateExtension,
    x509.ExtensionNotFound,
    x509.UnsupportedGeneralNameType,
)


@contextmanager
def refusing(code: str) -> Iterator[None]:
    """Turns what `cryptography` raises over somebody's odd certificate into BadSignature(`code`); a decorator too."""
    try:
        yield
    except ODDITIES:
        raise BadSignature(code) from None


@dataclass(frozen=True, slots=True)
class Demands:
    """What a path must be besides whole: by which families of signatures, under one of which policies (none: any), for one of which
    purposes (None: the caller looks for itself), of how many certificates."""

    families: Collection[str] = FAMILIES
    policies: Collection[str] = ()
    purposes: Collection[ObjectIdentifier] | None = SIGNING
    least: int = 2
    most: int = MOST_STEPS


@refusing("certificate.malformed")
def find_path(
    leaf: x509.Certificate,
    between: Sequence[x509.Certificate],
    anchors: Collection[x509.Certificate],
    at: datetime,
    demands: Demands = Demands(),
) -> Path:
    """The first path from `leaf` to one of the self-signed `anchors` that held at moment `at`, the leaf first; raises BadSignature.

    RFC 5280, §6.1, without revocation, which is its own question. Two answers are stricter than there: whoever constrains names is
    refused, and policies are asked of the leaf alone, so that no mapping between authorities is followed.
    """
    if len(between) > MOST_GIVEN:
        raise BadSignature("certificate.too_many", most=MOST_GIVEN)
    issued = _Memory()
    roots = [anchor for anchor in anchors if issued(anchor, anchor)]
    fault: Refusal | None = None
    for path in _climb((leaf,), between, roots, issued, demands.most):
        if len(path) < demands.least:
            continue
        try:
            _check(path, at, demands)
        except Refusal as refusal:
            fault = fault or refusal
        else:
            return path
    raise fault or _no_path((leaf, *between))


def _no_path(given: Sequence[x509.Certificate]) -> BadSignature:
    """Signatures that cannot be checked look like none at all, and their holder should know which it is."""
    if any(is_sm2(one) for one in given):
        return BadSignature("certificate.sm2")
    weak = (one for one in given if one.signature_hash_algorithm is not None and one.signature_hash_algorithm.name not in DIGESTS)
    for one in weak:
        return BadSignature("certificate.algorithm", serial=f"{one.serial_number:x}")
    return BadSignature("certificate.chain")


def is_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether the issuer's name stands in the certificate and its key has signed it."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except ODDITIES:
        return False
    return True


def is_sm2(certificate: x509.Certificate) -> bool:
    """Whether it is signed with SM2, which `cryptography` cannot check, or holds a key of SM2's curve, which it cannot read."""
    return certificate.signature_algorithm_oid.dotted_string == _SM2_WITH_SM3 or _SM2_CURVE in certificate.tbs_certificate_bytes


def extension(certificate: x509.Certificate, kind: type[Extension]) -> Extension:
    """An extension that must be there; raises BadSignature."""
    found = optional(certificate, kind)
    if found is None:
        raise BadSignature("certificate.extension", name=kind.__name__)
    return found


def optional(certificate: x509.Certificate, kind: type[Extension]) -> Extension | None:
    """An extension that may be there."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
    except ODDITIES:
        raise BadSignature("certificate.extension", name=kind.__name__) from None


class _Memory:
    """Who has issued whom, each pair asked once: certificates that signed each other make many ways and few signatures."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, int], bool] = {}

    def __call__(self, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
        pair = id(certificate), id(issuer)
        if pair not in self.known:
            self.known[pair] = is_issued(certificate, issuer)
        return self.known[pair]


def _climb(
    path: Path,
    between: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    issued: Callable[[x509.Certificate, x509.Certificate], bool],
    most: int,
) -> Iterator[Path]:
    for root in roots:
        if issued(path[-1], root) and root not in path:
            yield (*path, root)
    if len(path) + 2 <= most:
        for one in between:
            if one not in path and issued(path[-1], one):
                yield from _climb((*path, one), between, roots, issued, most)


def _check(path: Path, at: datetime, demands: Demands) -> None:
    for place, certificate in enumerate(path):
        _check_form(certificate)
        if place > 0:
            below = sum(one.subject != one.issuer for one in path[1:place])
            _check_authority(certificate, below)
        _check_strength(certificate, demands.families)
    _check_leaf(path[0], demands)
    for certificate in path:
        if not certificate.not_valid_before_utc <= at <= certificate.not_valid_after_utc:
            raise BadSignature("certificate.not_valid_then", serial=f"{certificate.serial_number:x}")


def _check_form(certificate: x509.Certificate) -> None:
    for found in certificate.extensions:
        if isinstance(found.value, x509.NameConstraints):
            raise BadSignature("certificate.name_constraints")
        if found.critical and not isinstance(found.value, _UNDERSTOOD):
            raise BadSignature("certificate.critical", oid=found.oid.dotted_string)


def _check_authority(certificate: x509.Certificate, below: int) -> None:
    constraints, usage = optional(certificate, x509.BasicConstraints), optional(certificate, x509.KeyUsage)
    if constraints is None or not constraints.ca or (usage is not None and not usage.key_cert_sign):
        raise BadSignature("certificate.not_an_authority")
    if constraints.path_length is not None and below > constraints.path_length:
        raise BadSignature("certificate.path_length")


def _check_strength(certificate: x509.Certificate, families: Collection[str]) -> None:
    """The key of an authority, and the digest under which each certificate was signed."""
    digest, key = certificate.signature_hash_algorithm, certificate.public_key()
    if digest is None or digest.name not in DIGESTS:
        raise BadSignature("certificate.algorithm", serial=f"{certificate.serial_number:x}")
    constraints = optional(certificate, x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        return
    if isinstance(key, rsa.RSAPublicKey):
        fits = "rsa" in families and SHORTEST_RSA <= key.key_size <= LONGEST_RSA
    else:
        fits = "ecdsa" in families and isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, CURVES)
    if not fits:
        raise BadSignature("certificate.algorithm", serial=f"{certificate.serial_number:x}")


def _check_leaf(leaf: x509.Certificate, demands: Demands) -> None:
    constraints, usage = optional(leaf, x509.BasicConstraints), optional(leaf, x509.KeyUsage)
    if (constraints is not None and constraints.ca) or (usage is not None and not usage.digital_signature):
        raise BadSignature("certificate.purpose")
    named = optional(leaf, x509.ExtendedKeyUsage)
    if demands.purposes is not None and named is not None and not any(purpose in demands.purposes for purpose in named):
        raise BadSignature("certificate.purpose")
    if demands.policies:
        under = optional(leaf, x509.CertificatePolicies)
        if under is None or not any(policy.policy_identifier.dotted_string in demands.policies for policy in under):
            raise BadSignature("certificate.policy")


@refusing("certificate.malformed")
def check_root(root: x509.Certificate, families: Collection[str]) -> None:
    """Raises BadSignature unless a root could end a path at all."""
    _check_form(root)
    _check_authority(root, 0)
    _check_strength(root, families)
