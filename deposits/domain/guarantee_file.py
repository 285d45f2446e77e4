"""What a guarantee's file proves: the guarantor's signature over the PDF and over its terms, and whether the terms are those wanted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from core.kernel import detached, pades
from core.kernel.certpath import find_path
from core.kernel.encoding import sha256
from core.kernel.errors import Refusal
from deposits.domain.guarantee import Terms, Wanted, faults
from deposits.domain.guarantee_messages import Contents


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found: `terms` None where their signature does not hold; `faults` empty where the guarantee stands."""

    terms: Terms | None
    faults: tuple[str, ...]


def examine(contents: Contents, committed: str, wanted: Wanted, root: x509.Certificate, at: datetime) -> Finding:
    """Both signatures against the registered root of the guarantor as of `at`, then the file against the digest that was committed to when
    it was issued, then the terms against what is wanted."""
    found: tuple[str, ...] = ("pdf_signature",) if _refused(contents, root, at) else ()
    found += ("changed_file",) if sha256(contents.pdf).hex() != committed else ()
    terms = read_terms(contents.terms, contents.signature, root, at)
    if terms is None:
        return Finding(None, (*found, "terms_signature"))
    return Finding(terms, (*found, *faults(terms, wanted, committed)))


def read_terms(terms: bytes, signature: bytes, root: x509.Certificate, at: datetime) -> Terms | None:
    """The terms, if the guarantor has signed them; None otherwise."""
    try:
        signer = pades.signer_of(signature)
        detached.verify(terms, signature, signer)
        find_path(signer, [one for one in pades.certificates_in(signature) if one != signer], [root], at)
        return Terms.read(terms)
    except Refusal:
        return None


def _refused(contents: Contents, root: x509.Certificate, at: datetime) -> bool:
    try:
        pades.verify(contents.pdf, [root], at)
    except Refusal:
        return True
    return False
