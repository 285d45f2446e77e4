"""What is said between the platform and a guarantor about a claim: the claim with its signed papers, and the guarantor's signed word."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any

from cryptography import x509

from core.kernel import clock, detached, pades
from core.kernel.certpath import find_path
from core.kernel.encoding import b64, unb64
from core.kernel.errors import BadSignature, RuleBroken
from core.kernel.jcs import JSON, canonical, parse_object
from core.kernel.money import Money

LARGEST_WORD = 16_384  # bytes


class Verdict(Enum):
    """What a guarantor says to a claim."""

    UNDER_REVIEW = "under_review"
    PAID = "paid"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOrder:
    """A claim as it is put to the guarantor. `claim`: the digest of the tenderer's statement, and the key under which it is paid once;
    `decision` and `note`: the signed envelopes of tenderer and supervisor."""

    claim: str
    guarantee_no: str
    amount: Money
    ground: str
    payee_name: str
    payee_account: str
    payee_bank: str
    decision: bytes
    note: bytes

    def to_json(self) -> dict[str, JSON]:
        """As it goes out."""
        return {
            "claimId": self.claim,
            "guaranteeId": self.guarantee_no,
            "claimAmt": str(self.amount),
            "claimReason": self.ground,
            "payeeName": self.payee_name,
            "payeeAccount": self.payee_account,
            "payeeBank": self.payee_bank,
            "decision": b64(self.decision),
            "note": b64(self.note),
        }

    @classmethod
    def read(cls, said: dict[str, Any]) -> ClaimOrder:
        """The reverse; raises ValueError, KeyError, BadSignature."""
        return cls(
            claim=str(said["claimId"]),
            guarantee_no=str(said["guaranteeId"]),
            amount=Money.yuan(str(said["claimAmt"])),
            ground=str(said["claimReason"]),
            payee_name=str(said["payeeName"]),
            payee_account=str(said["payeeAccount"]),
            payee_bank=str(said["payeeBank"]),
            decision=unb64(said["decision"]),
            note=unb64(said["note"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWord:
    """What a guarantor has signed about a claim. `reference`: of its payment, `cause`: why it refuses; each "" where there is none."""

    application: str
    guarantee_no: str
    claim_sha256: str
    verdict: str
    amount_fen: int
    payee_account: str
    cause: str
    reference: str
    said_at: datetime

    @classmethod
    def read(cls, signed: bytes) -> ClaimWord:
        """Of the bytes that were signed: canonical JSON with exactly these members. Raises BadSignature "claim.word"."""
        if len(signed) > LARGEST_WORD:
            raise BadSignature("claim.word")
        said: dict[str, Any] = dict(parse_object(signed))
        if said.keys() != {one.name for one in fields(cls)} or type(said["amount_fen"]) is not int:
            raise BadSignature("claim.word")
        texts = {name: value for name, value in said.items() if name not in ("amount_fen", "said_at")}
        try:
            at, verdict = clock.moment(str(said["said_at"])), Verdict(said["verdict"])
        except ValueError:
            raise BadSignature("claim.word") from None
        fits = all(isinstance(value, str) and len(value) <= 200 for value in texts.values())
        if (
            not fits
            or (verdict is Verdict.REFUSED) is not bool(texts["cause"])
            or (verdict is Verdict.PAID) is not bool(texts["reference"])
        ):
            raise BadSignature("claim.word")
        return cls(said_at=at, amount_fen=said["amount_fen"], **texts)

    def to_bytes(self) -> bytes:
        """What is signed."""
        said = {one.name: getattr(self, one.name) for one in fields(self)}
        return canonical({name: clock.text(value) if isinstance(value, datetime) else value for name, value in said.items()})


@dataclass(frozen=True, slots=True)
class SignedWord:
    """The bytes of a word, and the guarantor's CMS signature over them."""

    word: bytes
    signature: bytes

    def to_json(self) -> dict[str, JSON]:
        """As it goes out."""
        return {"word": b64(self.word), "signature": b64(self.signature)}


def read_signed(body: bytes) -> SignedWord:
    """An answer to a claim, whatever else it may hold. Raises RuleBroken "message.malformed"."""
    try:
        said: Mapping[str, Any] = parse_object(body, strict=False)
        return SignedWord(unb64(said["word"]), unb64(said["signature"]))
    except (BadSignature, ValueError, KeyError, TypeError) as fault:
        raise RuleBroken("message.malformed", element=str(fault)[:80]) from None


@dataclass(frozen=True, slots=True)
class Expected:
    """Of which claim under which guarantee a word must be."""

    application: str
    guarantee_no: str
    claim_sha256: str
    amount: Money
    payee_account: str


def check_word(signed: SignedWord, expected: Expected, root: x509.Certificate, at: datetime) -> ClaimWord:
    """The word, if this guarantor has signed it as of `at` and it is about this claim, whole, to this account. Raises BadSignature."""
    signer = pades.signer_of(signed.signature)
    detached.verify(signed.word, signed.signature, signer)
    find_path(signer, [one for one in pades.certificates_in(signed.signature) if one != signer], [root], at)
    word = ClaimWord.read(signed.word)
    said = Expected(word.application, word.guarantee_no, word.claim_sha256, Money(max(word.amount_fen, 0)), word.payee_account)
    if said != expected:
        raise BadSignature("claim.other_word")
    return word
