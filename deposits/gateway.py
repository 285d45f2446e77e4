"""The only door to the bank: ISO 20022 over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import httpx

from core.kernel.errors import RuleBroken
from deposits.domain import messages
from deposits.domain.messages import Notices, PaymentOrder, PaymentStatus, Report
from deposits.domain.xml import LARGEST

PATIENCE = 5.0  # s
T = TypeVar("T")


class BankSilent(Exception):
    """No answer that can be understood: what was asked may have been done or not."""


@dataclass(slots=True)
class Bank:
    """The bank at an address."""

    url: str
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False))

    def notices(self, after: int) -> Notices:
        """The entries after number `after`, at most a page; none where `last` is `after`. Raises BankSilent."""
        body = self._ask("GET", f"/iso20022/camt.054?after={after}")
        return self._understand(lambda: messages.read_notices(body)) if body else Notices((), after)

    def order(self, order: PaymentOrder) -> PaymentStatus:
        """Orders a payment, which the bank carries out once for its key however often it is asked. Raises BankSilent: in doubt."""
        body = self._ask("POST", "/iso20022/pain.001", messages.write_order(order))
        answer = self._understand(lambda: messages.read_status(body))
        if answer.key != order.key:
            raise BankSilent("an answer to another order")
        return answer

    def report(self) -> Report:
        """The balance of our account and the number of its last entry. Raises BankSilent."""
        body = self._ask("GET", "/iso20022/camt.052")
        return self._understand(lambda: messages.read_report(body))

    def _ask(self, method: str, path: str, content: bytes | None = None) -> bytes:
        try:
            address, kind = self.url.rstrip("/") + path, {"Content-Type": messages.MEDIA}
            with self._client.stream(method, address, content=content, headers=kind) as answer:
                if answer.status_code not in (200, 204):
                    raise BankSilent(f"status {answer.status_code}")
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > LARGEST:
                        raise BankSilent("an endless answer")
                return bytes(body)
        except httpx.HTTPError as failure:
            raise BankSilent(type(failure).__name__) from failure

    @staticmethod
    def _understand(read: Callable[[], T]) -> T:
        try:
            return read()
        except RuleBroken as fault:
            raise BankSilent(str(fault)) from fault
