"""The reference price (标底): committed to in the tender document, secret until the technical scores are locked."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass

from core.kernel.encoding import lp
from core.kernel.errors import RuleBroken
from evaluation.domain.body import Body

DOMAIN = b"ztb/v1/reference-price\0"
_AMOUNT = re.compile(r"[1-9]\d{0,14}\.\d{2}")
_HEX32 = re.compile(r"[0-9a-f]{64}")


def commitment(case: str, lot: str, value: str, salt: bytes) -> str:
    """`reference_price_commit` of a tender document: SHA-256 of the domain word and of case, lot, amount and 32 bytes of salt, each behind
    its length."""
    parts = b"".join(lp(part) for part in (case.encode(), lot.encode(), value.encode(), salt))
    return hashlib.sha256(DOMAIN + parts).hexdigest()


@dataclass(frozen=True, slots=True)
class ReferenceBody:
    """The opened reference price: yuan with two decimals, and the salt of its commitment."""

    value: str
    salt: bytes

    @classmethod
    def read(cls, body: object) -> ReferenceBody:
        """From the signed body of `reference_price.open`."""
        fields = Body(body, "value", "salt")
        value, salt = fields.text("value", 18, 4), fields.text("salt", 64, 64)
        if not _AMOUNT.fullmatch(value) or not _HEX32.fullmatch(salt):
            raise RuleBroken("reference_price.malformed")
        return cls(value, bytes.fromhex(salt))

    def matches(self, case: str, lot: str, committed: str) -> bool:
        """Whether this is what was committed to."""
        return hmac.compare_digest(commitment(case, lot, self.value, self.salt), committed)
