"""The only door to the bank: ISO 20022 over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

import httpx

from core.kernel.errors import RuleBroken
from deposits.domain import messages, orders, recall, statement, wire
from deposits.domain.messages import Notices, OrderStatus, PaymentOrder, PaymentStatus, Report
from deposits.domain.recall import Recall, Resolution
from deposits.domain.statement import Statement, StatementPage
from deposits.domain.xml import LARGEST
from deposits.gateway_reader import ReaderGone

PATIENCE = 5.0  # s
UNDECIDED = frozenset({OrderStatus.RECEIVED, OrderStatus.PENDING})
"""Answers after which an order may still be refused: whoever took them for a promise would never hear of it."""
T = TypeVar("T")


class BankSilent(Exception):
    """No answer that can be understood: what was asked may have been done or not."""


@dataclass(slots=True)
class Bank:
    """The bank at an address."""

    url: str
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=PATIENCE, trust_env=False, follow_redirects=False))

    def notices(self, after: int, read: Callable[[bytes], Notices] = messages.read_notices) -> Notices:
        """The entries after number `after`, at most a page, as `read` understands them; none where `last` is `after`. Raises BankSilent."""
        body = self._ask("GET", f"/iso20022/camt.054?after={after}")
        return self._understand(lambda: read(body)) if body else Notices((), after)

    def order(self, order: PaymentOrder) -> PaymentStatus:
        """Orders a payment, which the bank carries out once for its key however often it is asked. Raises BankSilent: in doubt."""
        answer = self.orders(order.key, (order,)).get(order.key)
        if answer is None:
            raise BankSilent("an answer to another order")
        return answer

    def orders(self, message: str, batch: Sequence[PaymentOrder]) -> dict[str, PaymentStatus]:
        """Orders many payments in one message of that name, at most LARGEST_BATCH: key → answer. An order that the answer does not tell of,
        or that the bank has not decided about, is in doubt, and all of them when it raises BankSilent; ask again under the same keys."""
        body = self._ask("POST", "/iso20022/pain.001", orders.write_orders(message, batch))
        name, answers = self._understand(lambda: orders.read_statuses(body))
        asked = {order.key for order in batch}
        if name != message or not {answer.key for answer in answers} <= asked:
            raise BankSilent("an answer to another message")
        return {answer.key: answer for answer in answers if answer.status not in UNDECIDED}

    def recall(self, asked: Recall) -> Resolution:
        """Asks that an order be not carried out (camt.055, answered by camt.029); asking again changes nothing. Raises BankSilent."""
        body = self._ask("POST", "/iso20022/camt.055", recall.write_recall(asked))
        answer = self._understand(lambda: recall.read_resolution(body))
        if (answer.case, answer.key) != (asked.case, asked.key):
            raise BankSilent("a resolution of another case")
        return answer

    def statement(self, day: date) -> Statement:
        """What the bank booked on a Beijing day that is over: camt.053, all its pages. Raises BankSilent, also while the day lasts."""
        pages: list[StatementPage] = []
        while not pages or not pages[-1].is_last:
            body = self._ask("GET", f"/iso20022/camt.053?day={day.isoformat()}&page={len(pages) + 1}")
            pages.append(self._understand(lambda body=body: statement.read_page(body)))  # type: ignore[misc]  # bound by default
            if pages[-1].day != day or pages[-1].number != len(pages):
                raise BankSilent("a statement of another day")
        return self._understand(lambda: statement.joined(pages))

    def report(self) -> Report:
        """The balance of our account and the number of its last entry. Raises BankSilent."""
        body = self._ask("GET", "/iso20022/camt.052")
        return self._understand(lambda: messages.read_report(body))

    def _ask(self, method: str, path: str, content: bytes | None = None) -> bytes:
        try:
            address, kind = self.url.rstrip("/") + path, {"Content-Type": wire.MEDIA}
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
        except (RuleBroken, ReaderGone) as fault:
            raise BankSilent(repr(fault)) from fault
