"""Partners' pools that sign files: an office with a certificate of an authority of its own, and the documents it signs."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder

from core.kernel import jcs
from core.kernel.certificates import to_pem
from tests.builders.authorities import ForeignAuthority, fresh


@dataclass
class Office:
    """A partner's office that signs: by Ed25519 as it is, by ECDSA or RSA as CMS."""

    name: str
    authority: ForeignAuthority
    key: Any
    certificate: x509.Certificate

    @classmethod
    def make(cls, name: str, authority: ForeignAuthority, family: str = "ed25519") -> Office:
        """An office with a fresh key."""
        key = Ed25519PrivateKey.generate() if family == "ed25519" else fresh(family)
        return cls(name, authority, key, authority.certify(key.public_key(), org=name))

    def sign(self, content: bytes) -> bytes:
        """A detached signature over these bytes."""
        if isinstance(self.key, Ed25519PrivateKey):
            return self.key.sign(content)
        builder = PKCS7SignatureBuilder().set_data(content).add_signer(self.certificate, self.key, hashes.SHA256())
        return builder.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])

    def file(self, member: str, said: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
        """The file that is sent."""
        signature = base64.b64encode(self.sign(jcs.canonical(dict(said)))).decode()
        chain = [to_pem(self.certificate), self.authority.issuing.pem, self.authority.root.pem]
        return {member: dict(said), "signature": signature, "chain": chain} | changes
