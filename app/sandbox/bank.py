"""A bank that speaks ISO 20022 over HTTP: its protocol is real, its money is not. It breaks on request."""

from __future__ import annotations

import json
import re
import time
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import click

from app.sandbox.bank_books import Books, Side
from app.sandbox.bank_faults import COUNTED, FAULTS, SET
from app.sandbox.serving import NO_ANSWER, Answer, serve, server
from core.kernel import clock
from core.kernel.calendar import legal_day
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import messages, orders, recall, statement
from deposits.domain.account import COLLECTING, plain_number
from deposits.domain.messages import PaymentStatus
from deposits.domain.wire import MEDIA
from deposits.domain.xml import LARGEST

_ACCOUNT = re.compile(r"/sandbox/accounts/([0-9A-Z]{1,34})(/close|/reopen|/rename)?")
XML, JSON_MEDIA = MEDIA, "application/json"


class SandboxBank:
    """One request at a time: a bank's ledger has an order."""

    def __init__(self, state: Path, clock_file: Path | None, seed: int = 0) -> None:
        self.books = Books(state, COLLECTING, seed)
        self._clock_file, self._one_at_a_time = clock_file, Lock()

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """The protocol under `/iso20022/`, with the faults that were asked for; the sandbox's own controls under `/sandbox/`, always."""
        where = urlsplit(path)
        is_control = where.path.startswith("/sandbox/")
        with self._one_at_a_time:
            delay = 0.0 if is_control else self.books.faults.delay()
            try:
                answer = self._control(method, where.path, body) if is_control else self._protocol(method, where.path, where.query, body)
            except (RuleBroken, ValueError, KeyError, TypeError) as fault:
                answer = _json({"error": str(fault)}, 400)
        time.sleep(delay)
        return answer

    def _now(self) -> datetime:
        return clock.now(self._clock_file)

    # ISO 20022

    def _protocol(self, method: str, path: str, query: str, body: bytes) -> Answer:
        faults, now = self.books.faults, self._now()
        if faults.is_down():
            return Answer(503)
        self.books.carry_out_due(now)
        asked = {name: values[0] for name, values in parse_qs(query).items()}
        if method == "POST" and path in ("/iso20022/pain.001", "/iso20022/camt.055"):
            answer = self._take_orders(body, now) if path.endswith("pain.001") else self._recall(body, now)
            return NO_ANSWER if faults.strikes("lose_answers") else answer
        if (method, path) == ("GET", "/iso20022/camt.054"):
            return self._notices(int(asked.get("after", "0")))
        if (method, path) == ("GET", "/iso20022/camt.053"):
            return self._statement(date.fromisoformat(asked["day"]), int(asked.get("page", "1")), now)
        if (method, path) == ("GET", "/iso20022/camt.052"):
            return Answer(200, messages.write_report(self.books.report(now)), XML)
        return Answer(404)

    def _take_orders(self, body: bytes, now: datetime) -> Answer:
        message, batch = orders.read_orders(body)
        statuses: list[PaymentStatus] = self.books.execute_all(batch, now)
        if len(statuses) > 1 and self.books.faults.strikes("lose_statuses"):
            statuses.pop(self.books.faults.pick(len(statuses)))
        return Answer(200, orders.write_statuses(message, statuses, now), XML)

    def _recall(self, body: bytes, now: datetime) -> Answer:
        asked = recall.read_recall(body)
        return Answer(200, recall.write_resolution(self.books.recall(asked), asked.debtor_name, now), XML)

    def _notices(self, after: int) -> Answer:
        if self.books.faults.strikes("hold_notices"):
            return Answer(204)
        notices = self.books.notices(after)
        if not notices.entries:
            return Answer(204)
        return Answer(200, messages.write_notices(notices, self.books.collecting.number, self._now()), XML)

    def _statement(self, day: date, number: int, now: datetime) -> Answer:
        page = self.books.statement(day, number) if day < legal_day(now) else None  # a day's statement is there when the day is over
        return Answer(404) if page is None else Answer(200, statement.write_page(page, now), XML)

    # Controls

    def _control(self, method: str, path: str, body: bytes) -> Answer:
        asked: dict[str, Any] = json.loads(body or b"{}", parse_float=_no_float)
        if (method, path) == ("POST", "/sandbox/pay"):
            return self._pay(asked)
        if path == "/sandbox/faults":
            return self._faults(asked if method == "POST" else {})
        if (method, path) == ("POST", "/sandbox/accounts"):
            return self._open(asked)
        found = _ACCOUNT.fullmatch(path)
        return Answer(404) if found is None else self._of_account(method, found.group(1), found.group(2) or "", asked)

    def _of_account(self, method: str, number: str, verb: str, asked: dict[str, Any]) -> Answer:
        if method == "GET" and not verb:
            return self._account(number)
        if method != "POST" or not verb:
            return Answer(404)
        known = self.books.rename(number, str(asked["name"])) if verb == "/rename" else self.books.close_account(number, verb == "/close")
        return _json({}) if known else Answer(404)

    def _pay(self, asked: dict[str, Any]) -> Answer:
        payer = Side(plain_number(str(asked["payer_account"])), str(asked["payer"]))
        at = clock.moment(str(asked["value_at"])) if "value_at" in asked else clock.moment(clock.text(self._now()))
        amount = Money.yuan(str(asked["amount"]))
        if not (asked["key"] and payer.name and payer.account and amount.fen):
            raise ValueError("key, payer, payer_account and an amount above zero are needed")
        ref = self.books.pay(str(asked["key"]), payer, plain_number(str(asked["to"])), amount, value_at=at, now=self._now())
        return _json({"ref": ref, "value_at": clock.text(at)})

    def _open(self, asked: dict[str, Any]) -> Answer:
        number, name = plain_number(str(asked["number"])), str(asked["name"])
        if not (number and name) or self.books.is_ours(number):
            raise ValueError("number and name of somebody else's account are needed")
        self.books.endow(number, name, Money.yuan(str(asked.get("amount", "0"))), self._now())
        return _json({"number": number})

    def _faults(self, asked: dict[str, Any]) -> Answer:
        for name, left in asked.items():
            self.books.faults.set(name, int(left))
        return _json({name: self.books.faults.get(name) for name in FAULTS})

    def _account(self, number: str) -> Answer:
        name = self.books.name_of(number)
        if name is None:
            return Answer(404)
        entries = [
            {
                "ref": row["ref"],
                "direction": "CRDT" if row["credit"] else "DBIT",
                "amount": str(Money(row["fen"])),
                "value_at": row["value_at"],
                "end_to_end_id": row["end_to_end_id"],
                "text": row["text"],
            }
            for row in self.books.movements(number)
        ]
        return _json({"account": number, "name": name, "balance": str(self.books.balance(number)), "entries": entries})


def _no_float(written: str) -> NoReturn:
    raise ValueError(f"amounts are strings: {written}")


def _json(facts: dict[str, Any], status: int = 200) -> Answer:
    return Answer(status, json.dumps(facts, ensure_ascii=False).encode(), JSON_MEDIA)


def _fault(_context: click.Context, _option: click.Parameter, written: tuple[str, ...]) -> dict[str, int]:
    asked = dict(text.partition("=")[::2] for text in written)
    if unknown := sorted(set(asked) - set(FAULTS)):
        raise click.BadParameter(f"no such fault: {unknown[0]}")
    return {name: int(left) for name, left in asked.items()}


_FAULTS_TOLD = "".join(f"\b\n  {name}: {what}\n\n" for name, what in (COUNTED | SET).items())


@click.command("sandbox-bank", epilog=f"Faults, for NAME times or as NAME_percent by chance:\n\n{_FAULTS_TOLD}")
@click.option("--state", type=click.Path(path_type=Path), required=True, help="Folder of the bank's own books.")
@click.option("--port", type=int, required=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", help="The shared clock offset.")
@click.option("--seed", type=int, default=0, show_default=True, help="What happens by chance happens again under the same seed.")
@click.option(
    "--fault", "faults", multiple=True, callback=_fault, metavar="NAME=NUMBER", help="What goes wrong; also POST /sandbox/faults."
)
def sandbox_bank(state: Path, *, port: int, host: str, clock_file: Path | None, seed: int, faults: dict[str, int]) -> None:
    """Runs a bank; prints one JSON line with its URL and the number of the centre's collecting account."""
    bank = SandboxBank(state, clock_file, seed)
    for name, left in faults.items():
        bank.books.faults.set(name, left)
    serve(server(host, port, bank.handle, LARGEST), {"account": COLLECTING.number})
