"""What is said between the platform and a guarantor: JSON over HTTP, with the names of fields that guarantee platforms use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.kernel import clock
from core.kernel.age import read_recipient
from core.kernel.encoding import b64, sha256, unb64, unhex
from core.kernel.errors import BadSignature, RuleBroken
from core.kernel.jcs import JSON, canonical, parse_object
from core.kernel.money import Money

MEDIA = "application/json"
LARGEST = 8 << 20  # bytes of an answer
STATES = frozenset({"underwriting", "offered", "rejected", "paid", "issued", "ended"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """An application (字段名依电子保函接口惯例). No identity papers and no telephone: whoever issues asks its customer itself.

    `opening_at`: before it the guarantor hands its key to nobody.
    """

    application: str
    product: str
    applicant: str
    applicant_uscc: str
    project_number: str
    project: str
    lot: str
    title: str
    beneficiary: str
    amount: Money
    valid_from: datetime
    valid_to: datetime
    opening_at: datetime

    def to_json(self) -> dict[str, JSON]:
        """As it goes out."""
        return {
            "applicationId": self.application,
            "product": self.product,
            "companyName": self.applicant,
            "socialCreditCode": self.applicant_uscc,
            "projectNumber": self.project_number,
            "projectName": self.project,
            "bidNum": self.lot,
            "bidName": self.title,
            "beneficiary": self.beneficiary,
            "guaranteeAmt": str(self.amount),
            "termStartDate": clock.text(self.valid_from),
            "termEndDate": clock.text(self.valid_to),
            "tenderDocEndDate": clock.text(self.opening_at),
        }

    @classmethod
    def read(cls, said: dict[str, Any]) -> Application:
        """The reverse; raises ValueError, KeyError."""
        return cls(
            application=str(said["applicationId"]),
            product=str(said["product"]),
            applicant=str(said["companyName"]),
            applicant_uscc=str(said["socialCreditCode"]),
            project_number=str(said["projectNumber"]),
            project=str(said["projectName"]),
            lot=str(said["bidNum"]),
            title=str(said["bidName"]),
            beneficiary=str(said["beneficiary"]),
            amount=Money.yuan(str(said["guaranteeAmt"])),
            valid_from=clock.moment(str(said["termStartDate"])),
            valid_to=clock.moment(str(said["termEndDate"])),
            opening_at=clock.moment(str(said["tenderDocEndDate"])),
        )


@dataclass(frozen=True, slots=True)
class Issued:
    """A guarantee as it is handed over before the opening: closed, with the key that it is closed to and the digests of both forms."""

    ver: int
    guarantee_no: str
    recipient: str
    ciphertext: bytes
    file_sha256: str
    valid_to: datetime

    @property
    def ct_sha256(self) -> str:
        """Of the closed form."""
        return sha256(self.ciphertext).hex()

    def to_json(self) -> dict[str, JSON]:
        """As it goes out."""
        return {
            "ver": self.ver,
            "guaranteeId": self.guarantee_no,
            "recipient": self.recipient,
            "ciphertext": b64(self.ciphertext),
            "fileSha256": self.file_sha256,
            "termEndDate": clock.text(self.valid_to),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """How far a guarantor is with an application. `cause`: why it will not; `premium`: what it asks once it will."""

    state: str
    cause: str = ""
    premium: Money | None = None
    issued: Issued | None = None

    def to_json(self) -> dict[str, JSON]:
        """As it goes out."""
        said: dict[str, JSON] = {"state": self.state, "cause": self.cause}
        if self.premium is not None:
            said["premium"] = str(self.premium)
        return said if self.issued is None else said | {"issued": self.issued.to_json()}


def read_answer(body: bytes) -> Answer:
    """An answer, whatever else it may hold. Raises RuleBroken "message.malformed"."""
    try:
        said: dict[str, Any] = parse_object(body, strict=False)
        state, cause = said["state"], said.get("cause", "")
        premium = Money.yuan(said["premium"]) if "premium" in said else None
        issued = _issued(said["issued"]) if "issued" in said else None
        if state not in STATES or not isinstance(cause, str):
            raise ValueError(state)
    except (BadSignature, ValueError, KeyError, TypeError) as fault:
        raise RuleBroken("message.malformed", element=str(fault)[:80]) from None
    return Answer(state, cause[:200], premium, issued)


def _issued(said: dict[str, Any]) -> Issued:
    ver, number, recipient = said["ver"], said["guaranteeId"], said["recipient"]
    if type(ver) is not int or ver < 1 or not isinstance(number, str) or not 1 <= len(number) <= 40:
        raise ValueError("guaranteeId")
    read_recipient(recipient)
    unhex(said["fileSha256"], 32)
    return Issued(ver, number, recipient, unb64(said["ciphertext"]), said["fileSha256"], clock.moment(said["termEndDate"]))


# What is closed


@dataclass(frozen=True, slots=True)
class Contents:
    """What the closed form holds: the PDF for people, the terms for machines, and the guarantor's CMS signature over the terms."""

    pdf: bytes
    terms: bytes
    signature: bytes

    def to_bytes(self) -> bytes:
        """Before it is closed."""
        return canonical({"pdf": b64(self.pdf), "terms": b64(self.terms), "signature": b64(self.signature)})


def read_contents(plain: bytes) -> Contents:
    """The reverse; raises BadSignature "guarantee.contents"."""
    try:
        said = parse_object(plain)
        return Contents(unb64(said["pdf"]), unb64(said["terms"]), unb64(said["signature"]))
    except (BadSignature, KeyError):
        raise BadSignature("guarantee.contents") from None
