"""The only door to guarantors: JSON over HTTP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from core.kernel import clock
from core.kernel.errors import BadSignature, RuleBroken
from core.kernel.jcs import JSON, canonical, parse_object
from core.kernel.money import Money
from deposits.domain.claim_messages import ClaimOrder, SignedWord, read_signed
from deposits.domain.guarantee_messages import LARGEST, MEDIA, Answer, Application, read_answer

PATIENCE = 10.0  # s


class GuarantorSilent(Exception):
    """No answer that can be understood: what was asked may have been done or not, and is asked again under the same key."""


@dataclass(slots=True)
class Guarantors:
    """All guarantors, each at its registered address. An application's number is drawn at random: who knows it may ask about it."""

    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False))

    def apply(self, url: str, application: Application) -> Answer:
        """Hands an application in; the same again is the same. Raises GuarantorSilent, as all of these do."""
        return self._answer("POST", url, "", application.to_json())

    def ask(self, url: str, key: str) -> Answer:
        """How far it is."""
        return self._answer("GET", url, f"/{key}")

    def pay(self, url: str, key: str, premium: Money) -> Answer:
        """The bidder pays the premium."""
        return self._answer("POST", url, f"/{key}/premium", {"premium": str(premium)})

    def extend(self, url: str, key: str, valid_to: datetime, opening_at: datetime) -> Answer:
        """The opening is delayed: it should hold longer, and its key be kept longer."""
        moments: dict[str, JSON] = {"termEndDate": clock.text(valid_to), "tenderDocEndDate": clock.text(opening_at), "postponed": True}
        return self._answer("POST", url, f"/{key}/extension", moments)

    def end(self, url: str, key: str, reason: str) -> Answer:
        """It is released or cancelled."""
        return self._answer("POST", url, f"/{key}/end", {"reason": reason})

    def claim(self, url: str, key: str, order: ClaimOrder) -> SignedWord:
        """Puts a claim to it; the same again is the same claim."""
        return self._word("POST", url, f"/{key}/claims", order.to_json())

    def ask_claim(self, url: str, key: str, claim: str) -> SignedWord:
        """How far it is with a claim."""
        return self._word("GET", url, f"/{key}/claims/{claim}")

    def _word(self, method: str, url: str, path: str, said: Mapping[str, JSON] | None = None) -> SignedWord:
        body = self._ask(method, url, path, said)
        try:
            return read_signed(body)
        except RuleBroken as fault:
            raise GuarantorSilent(str(fault)) from fault

    def key(self, url: str, key: str) -> str:
        """The identity that opens it, after the opening."""
        body = self._ask("POST", url, f"/{key}/key", {})
        try:
            identity = parse_object(body, strict=False)["identity"]
        except (BadSignature, KeyError) as fault:
            raise GuarantorSilent(str(fault)) from fault
        if not isinstance(identity, str):
            raise GuarantorSilent("no key in the answer")
        return identity

    def _answer(self, method: str, url: str, path: str, said: Mapping[str, JSON] | None = None) -> Answer:
        body = self._ask(method, url, path, said)
        try:
            return read_answer(body)
        except RuleBroken as fault:
            raise GuarantorSilent(str(fault)) from fault

    def _ask(self, method: str, url: str, path: str, said: Mapping[str, JSON] | None = None) -> bytes:
        content = None if said is None else canonical(said)
        try:
            address = f"{url}/v1/applications{path}"
            with self._client.stream(method, address, content=content, headers={"Content-Type": MEDIA}) as answer:
                if answer.status_code != 200:
                    raise GuarantorSilent(f"status {answer.status_code}")
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise GuarantorSilent("an endless answer")
                return bytes(body)
        except httpx.HTTPError as failure:
            raise GuarantorSilent(type(failure).__name__) from failure
