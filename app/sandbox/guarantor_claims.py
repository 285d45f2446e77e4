"""How a sandbox guarantor deals with claims: it takes each in once, examines it, and pays it once or says why not, by its signature."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from app.sandbox.guarantor_books import GuarantorBooks
from core.kernel import clock
from core.kernel.dsse import read_envelope
from core.kernel.encoding import sha256
from core.kernel.jcs import canonical, parse_object
from core.kernel.money import Money
from deposits.domain.claim_messages import ClaimOrder, ClaimWord, SignedWord, Verdict
from deposits.domain.guarantee_messages import Application


class GuarantorClaims:
    """Claims of one guarantor, a file to each. What it pays it notes beside the claim: its payments are no part of any bank here."""

    def __init__(self, books: GuarantorBooks) -> None:
        self.books, self.state = books, books.state

    def take(self, key: str, order: ClaimOrder, now: datetime) -> SignedWord:
        """Takes a claim in, once: the same again gets the answer that stands. Raises ValueError for papers that are of another claim."""
        row = self._row(order.claim)
        if not row:
            if sha256(read_envelope(order.decision).payload).hex() != order.claim:
                raise ValueError("the decision is of another claim")
            said = {"key": key, "no": order.guarantee_no, "amount": str(order.amount), "account": order.payee_account}
            self._write(order.claim, said | self._first(key, order, now))
        return self._word(key, order.claim, now)

    def ask(self, key: str, claim: str, now: datetime) -> SignedWord:
        """How far it is: examining ends when somebody asks, unless it is slow."""
        row = self._row(claim)
        if row.get("verdict") == Verdict.UNDER_REVIEW.value and not self.books.use_fault("slow_claims"):
            self._write(claim, row | self._decided())
        return self._word(key, claim, now)

    def _first(self, key: str, order: ClaimOrder, now: datetime) -> dict[str, str]:
        """What is seen at once: a guarantee that has ended, or covers less, pays nothing."""
        held = self.books.answer(key)
        issued = held.issued
        if issued is None or issued.guarantee_no != order.guarantee_no:
            return _refused("担保责任已经解除")
        if now > issued.valid_to:
            return _refused("索赔在保函有效期之后")
        paid = [self._row(one) for one in self._paid_of(key)]
        if order.amount.fen > self._covered(key).fen - sum(Money.yuan(one["amount"]).fen for one in paid):
            return _refused("索赔金额超过担保金额")
        return {"verdict": Verdict.UNDER_REVIEW.value, "cause": "", "reference": ""}

    def _decided(self) -> dict[str, str]:
        if self.books.use_fault("refuse_claims"):
            return _refused("索赔材料与保函约定不符")
        return {"verdict": Verdict.PAID.value, "cause": "", "reference": f"PF{secrets.randbelow(10**12):012d}"}

    def _covered(self, key: str) -> Money:
        held = self.state.read(f"{key}.json")
        row: dict[str, Any] = dict(parse_object(held)) if held else {}
        return Application.read(row["application"]).amount

    def _paid_of(self, key: str) -> list[str]:
        names = [path.name.removeprefix("claim-").removesuffix(".json") for path in self.state.folder.glob("claim-*.json")]
        return [name for name in names if (row := self._row(name))["key"] == key and row["verdict"] == Verdict.PAID.value]

    def _word(self, key: str, claim: str, now: datetime) -> SignedWord:
        row = self._row(claim)
        if row.get("key") != key:
            raise KeyError(claim)
        less = 1 if self.books.use_fault("other_claim_word") else 0
        word = ClaimWord(
            application=key,
            guarantee_no=row["no"],
            claim_sha256=claim,
            verdict=row["verdict"],
            amount_fen=Money.yuan(row["amount"]).fen - less,
            payee_account=row["account"],
            cause=row["cause"],
            reference=row["reference"],
            said_at=clock.moment(clock.text(now)),
        ).to_bytes()
        return SignedWord(word, self.books.seal.sign(word))

    def _row(self, claim: str) -> dict[str, Any]:
        held = self.state.read(f"claim-{claim}.json")
        return dict(parse_object(held)) if held else {}

    def _write(self, claim: str, row: dict[str, Any]) -> None:
        self.state.write(f"claim-{claim}.json", canonical(row))


def _refused(cause: str) -> dict[str, str]:
    return {"verdict": Verdict.REFUSED.value, "cause": cause, "reference": ""}
