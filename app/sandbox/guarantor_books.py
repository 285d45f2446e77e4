"""What a sandbox guarantor knows of each application, a file to each, and how it issues a guarantee: typeset, signed, closed."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from app.sandbox.sealing_certificates import Seal
from app.sandbox.state import StateFolder
from core.kernel import age, clock
from core.kernel.encoding import sha256
from core.kernel.jcs import canonical, parse_object
from core.kernel.money import Money
from core.kernel.paper import typeset
from deposits.domain.guarantee import Terms
from deposits.domain.guarantee_messages import Answer, Application, Contents, Issued

TEMPLATE = Path(__file__).parent / "templates" / "pdf" / "guarantee.typ"
FAULTS = (
    "lose_answers",
    "down",
    "delay_ms",
    "refuse",
    "slow",
    "short_amount",
    "short_validity",
    "other_beneficiary",
    "keep_key",
    "refuse_claims",
    "slow_claims",
    "other_claim_word",
)
"""What it does wrong on request, so many times each; `delay_ms` is a time. "refuse" an application, "slow": still underwriting,
"keep_key": it does not hand over the key of a closed guarantee, "slow_claims": it goes on examining a claim, "other_claim_word": it signs
another amount than was claimed."""


class GuarantorBooks:
    """Applications and guarantees of one guarantor."""

    def __init__(self, folder: Path, name: str) -> None:
        self.state, self.name = StateFolder(folder), name
        self.seal = Seal(self.state, name)

    # Faults

    def fault(self, name: str) -> int:
        """How often it is still to be done."""
        found: int = self._read("faults").get(name, 0)
        return found

    def set_fault(self, name: str, left: int) -> None:
        """From now on so many times."""
        self._write("faults", self._read("faults") | {name: left})

    def use_fault(self, name: str) -> bool:
        """Whether it is to be done now; once less afterwards."""
        left = self.fault(name)
        if left:
            self.set_fault(name, left - 1)
        return left > 0

    # Applications

    def apply(self, application: Application) -> Answer:
        """Takes an application in, once: the same again gets the answer that stands."""
        if not self._read(application.application):
            refused = self.use_fault("refuse")
            state = {"state": "rejected" if refused else "underwriting", "cause": "申请人授信不足" if refused else ""}
            self._write(application.application, {"application": application.to_json()} | state)
        return self.answer(application.application)

    def ask(self, key: str) -> Answer:
        """How far it is: underwriting ends when somebody asks."""
        row = self._row(key)
        if row["state"] == "underwriting" and not self.use_fault("slow"):
            row |= {"state": "offered", "premium": str(_premium(Money.yuan(row["application"]["guaranteeAmt"])))}
            self._write(key, row)
        return self.answer(key)

    def pay(self, key: str, premium: Money, now: datetime) -> Answer:
        """The premium is paid: the guarantee is issued, at once unless it is slow."""
        row = self._row(key)
        if row["state"] == "offered":
            if str(premium) != row["premium"]:
                raise ValueError("another premium was offered")
            row["state"] = "paid"
            self._write(key, row)
        if row["state"] == "paid" and not self.use_fault("slow"):
            self._issue(key, row, now)
        return self.answer(key)

    def extend(self, key: str, valid_to: datetime, opening_at: datetime, now: datetime) -> Answer:
        """The opening is delayed: another version that holds longer; asked again for the same it is the same."""
        row = self._row(key)
        told = Application.read(row["application"])
        if row["state"] == "issued" and valid_to > told.valid_to:
            row["application"] = replace(told, valid_to=valid_to, opening_at=opening_at).to_json()
            self._issue(key, row, now)
        return self.answer(key)

    def key(self, key: str, now: datetime) -> str:
        """The identity that opens the standing version; raises PermissionError before the opening, by this guarantor's own clock."""
        row = self._row(key)
        if row["state"] != "issued" or now < Application.read(row["application"]).opening_at or self.use_fault("keep_key"):
            raise PermissionError(key)
        identity: str = row["identity"]
        return identity

    def end(self, key: str) -> Answer:
        """Released or cancelled: nobody can claim under it any more."""
        row = self._row(key)
        self._write(key, row | {"state": "ended"})
        return self.answer(key)

    def answer(self, key: str) -> Answer:
        """What stands."""
        row = self._row(key)
        premium = Money.yuan(row["premium"]) if "premium" in row else None
        issued = None
        if row["state"] == "issued":
            told = Application.read(row["application"])
            closed = self.state.read(f"{key}.age") or b""
            issued = Issued(
                row["ver"],
                row["number"],
                row["recipient"],
                closed,
                row["file_sha256"],
                clock.moment(row.get("held_to", clock.text(told.valid_to))),
            )
        return Answer(row["state"], row.get("cause", ""), premium, issued)

    def letter(self, key: str) -> bytes | None:
        """The PDF as it went to the customer."""
        return self.state.read(f"{key}.pdf")

    def customers_key(self, key: str) -> str:
        """The key that the customer got with its PDF: with it the customer opens its guarantee where the guarantor is away."""
        identity: str = self._row(key)["identity"]
        return identity

    def _issue(self, key: str, row: dict[str, Any], now: datetime) -> None:
        told = Application.read(row["application"])
        row["ver"] = row.get("ver", 0) + 1
        row.setdefault("number", f"BH{secrets.randbelow(10**14):014d}")
        row.setdefault("code", secrets.token_hex(8).upper())
        said = self._said(told)
        pdf = self.seal.sign_pdf(typeset(TEMPLATE, _paper(self.name, row, said, now), now), now)
        terms = _terms(key, row, said, now, pdf).to_bytes()
        contents = Contents(pdf, terms, self.seal.sign(terms)).to_bytes()
        identity, sink = age.new_identity(), BytesIO()
        age.encrypt_stream(BytesIO(contents), sink, [identity.recipient])
        self.state.write(f"{key}.age", sink.getvalue())
        self.state.write(f"{key}.pdf", pdf)
        row |= {"state": "issued", "identity": identity.secret, "recipient": identity.recipient, "file_sha256": sha256(pdf).hex()}
        self._write(key, row | {"held_to": clock.text(told.valid_to)})

    def _said(self, told: Application) -> Application:
        """What the guarantee will say: what was applied for, or, on request, something else."""
        if self.use_fault("short_amount"):
            told = replace(told, amount=Money(told.amount.fen - 1))
        if self.use_fault("short_validity"):
            told = replace(told, valid_to=told.valid_to - timedelta(days=1))
        return replace(told, beneficiary="另一家招标人") if self.use_fault("other_beneficiary") else told

    def _row(self, key: str) -> dict[str, Any]:
        row = self._read(key)
        if not row:
            raise KeyError(key)
        return row

    def _read(self, name: str) -> dict[str, Any]:
        held = self.state.read(f"{name}.json")
        return dict(parse_object(held)) if held else {}

    def _write(self, name: str, row: dict[str, Any]) -> None:
        self.state.write(f"{name}.json", canonical(row))


def _premium(amount: Money) -> Money:
    """0.4 % of the amount, at least 300 yuan."""
    return Money(max(30_000, (amount.fen * 4 + 500) // 1000))


def _paper(guarantor: str, row: dict[str, Any], told: Application, now: datetime) -> dict[str, Any]:
    return {
        "guarantor": guarantor,
        "product": told.product,
        "guarantee_no": row["number"],
        "ver": row["ver"],
        "verify_code": row["code"],
        "beneficiary": told.beneficiary,
        "applicant": told.applicant,
        "applicant_uscc": told.applicant_uscc,
        "project": told.project,
        "project_number": told.project_number,
        "title": told.title,
        "lot": told.lot,
        "amount": f"{told.amount.decimal:,.2f}",
        "valid_from": told.valid_from,
        "valid_to": told.valid_to,
        "issued_at": now,
    }


def _terms(key: str, row: dict[str, Any], told: Application, now: datetime, pdf: bytes) -> Terms:
    return Terms(
        application=key,
        guarantee_no=row["number"],
        ver=row["ver"],
        product=told.product,
        lot=told.lot,
        applicant=told.applicant,
        applicant_uscc=told.applicant_uscc,
        beneficiary=told.beneficiary,
        amount_fen=told.amount.fen,
        issued_at=clock.moment(clock.text(now)),
        valid_from=told.valid_from,
        valid_to=told.valid_to,
        on_demand=True,
        verify_code=row["code"],
        file_sha256=sha256(pdf).hex(),
    )
