"""What a partner's pool sends as a file: a JSON document, its detached signature, and the certificates that say who signed."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.x509.oid import NameOID

from core.kernel import detached, jcs
from core.kernel.certificates import fingerprint, read_certificate
from core.kernel.certpath import Demands, Path, find_path
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, RuleBroken
from core.kernel.jcs import JSON

MOST_CERTIFICATES = 8


@dataclass(frozen=True, slots=True)
class Authority:
    """A root that is trusted here, and what its certificates must be."""

    root: x509.Certificate
    demands: Demands


@dataclass(frozen=True, slots=True)
class PartnerWord:
    """A signed document: `said` is what was signed, in its canonical form; `chain` the signer's certificate first."""

    said: Mapping[str, JSON]
    signature: bytes
    chain: tuple[x509.Certificate, ...]

    @classmethod
    def read(cls, file: Mapping[str, JSON], member: str) -> PartnerWord:
        """From the object `{<member>: {…}, "signature": base64, "chain": [PEM…]}`; raises RuleBroken for another form, BadSignature for a
        certificate that cannot be read."""
        said, signature, chain = file.get(member), file.get("signature"), file.get("chain")
        if set(file) != {member, "signature", "chain"} or not isinstance(said, Mapping) or not isinstance(signature, str):
            raise RuleBroken("partner.form", member=member)
        if not isinstance(chain, list) or not 0 < len(chain) <= MOST_CERTIFICATES:
            raise RuleBroken("partner.form", member=member)
        try:
            raw = base64.b64decode(signature, validate=True)
        except (binascii.Error, ValueError):
            raise RuleBroken("partner.form", member=member) from None
        return cls(said, raw, tuple(read_certificate(pem) for pem in chain))

    @property
    def sha256(self) -> str:
        """The digest of what was signed."""
        return sha256(jcs.canonical(self.said)).hex()

    @property
    def subject(self) -> str:
        """The signer as their certificate names them."""
        return self.chain[0].subject.rfc4514_string()

    def verify(self, authorities: Collection[Authority], at: datetime, partner: str) -> Path:
        """The path from the signer to one of these roots, as it held at that moment.

        Raises BadSignature, or RuleBroken where the certificate names another organisation than the partner.
        """
        leaf, above = self.chain[0], [one for one in self.chain[1:] if one.issuer != one.subject]
        path = self._path(leaf, above, authorities, at)
        named = [str(one.value).strip() for one in leaf.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
        if partner.strip() not in named:
            raise RuleBroken("partner.other", partner=partner)
        detached.verify(jcs.canonical(self.said), self.signature, leaf)
        return path

    def _path(self, leaf: x509.Certificate, above: list[x509.Certificate], authorities: Collection[Authority], at: datetime) -> Path:
        fault = BadSignature("partner.authority", root=fingerprint(self.chain[-1])[:16])
        for one in authorities:
            try:
                return find_path(leaf, above, [one.root], at, one.demands)
            except BadSignature as refusal:
                fault = refusal if refusal.code != "certificate.chain" else fault
        raise fault
