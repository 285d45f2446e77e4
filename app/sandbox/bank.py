"""A bank that speaks ISO 20022 over HTTP: its protocol is real, its money is not. It breaks on request."""

from __future__ import annotations

import json
import re
import time
from datetime import datetime
from pathlib import Path
from threading import Lock
from typing import Any, NoReturn
from urllib.parse import parse_qs, urlsplit

import click

from app.sandbox.bank_books import FAULTS, Books, Side
from app.sandbox.serving import NO_ANSWER, Answer, serve, server
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import messages
from deposits.domain.account import COLLECTING, plain_number

_ACCOUNT = re.compile(r"/sandbox/accounts/([0-9A-Z]{1,34})(/close)?")
XML, JSON_MEDIA = messages.MEDIA, "application/json"


class SandboxBank:
    """One request at a time: a bank's ledger has an order."""

    def __init__(self, state: Path, clock_file: Path | None) -> None:
        self.books = Books(state, COLLECTING)
        self._clock_file, self._one_at_a_time = clock_file, Lock()

    def handle(self, method: str, path: str, _media: str, body: bytes) -> Answer:
        """The protocol under `/iso20022/`, with the faults that were asked for; the sandbox's own controls under `/sandbox/`, always."""
        where = urlsplit(path)
        is_control = where.path.startswith("/sandbox/")
        with self._one_at_a_time:
            delay = 0 if is_control else self.books.fault("delay_ms")
            try:
                answer = self._control(method, where.path, body) if is_control else self._protocol(method, where.path, where.query, body)
            except (RuleBroken, ValueError, KeyError, TypeError) as fault:
                answer = _json({"error": str(fault)}, 400)
        time.sleep(delay / 1000)
        return answer

    def _now(self) -> datetime:
        return clock.now(self._clock_file)

    # ISO 20022

    def _protocol(self, method: str, path: str, query: str, body: bytes) -> Answer:
        if self.books.use_fault("down"):
            return Answer(503)
        if (method, path) == ("POST", "/iso20022/pain.001"):
            status = self.books.execute(messages.read_order(body), self._now())
            answer = Answer(200, messages.write_status(status, self._now()), XML)
            return NO_ANSWER if self.books.use_fault("lose_answers") else answer
        if (method, path) == ("GET", "/iso20022/camt.054"):
            return self._notices(int(parse_qs(query).get("after", ["0"])[0]))
        if (method, path) == ("GET", "/iso20022/camt.052"):
            return Answer(200, messages.write_report(self.books.report(self._now())), XML)
        return Answer(404)

    def _notices(self, after: int) -> Answer:
        if self.books.use_fault("hold_notices"):
            return Answer(204)
        notices = self.books.notices(after)
        if not notices.entries:
            return Answer(204)
        return Answer(200, messages.write_notices(notices, self.books.collecting.number, self._now()), XML)

    # Controls

    def _control(self, method: str, path: str, body: bytes) -> Answer:
        asked: dict[str, Any] = json.loads(body or b"{}", parse_float=_no_float)
        if (method, path) == ("POST", "/sandbox/pay"):
            return self._pay(asked)
        if (method, path) == ("POST", "/sandbox/faults"):
            return self._set_faults(asked)
        if (method, path) == ("POST", "/sandbox/accounts"):
            return self._open(asked)
        found = _ACCOUNT.fullmatch(path)
        if found is None:
            return Answer(404)
        number = found.group(1)
        if method == "POST" and found.group(2):
            return _json({}) if self.books.close_account(number) else Answer(404)
        return self._account(number) if method == "GET" and not found.group(2) else Answer(404)

    def _pay(self, asked: dict[str, Any]) -> Answer:
        payer = Side(plain_number(str(asked["payer_account"])), str(asked["payer"]))
        at = clock.moment(str(asked["value_at"])) if "value_at" in asked else clock.moment(clock.text(self._now()))
        amount = Money.yuan(str(asked["amount"]))
        if not (asked["key"] and payer.name and payer.account and amount.fen):
            raise ValueError("key, payer, payer_account and an amount above zero are needed")
        ref = self.books.pay(str(asked["key"]), payer, plain_number(str(asked["to"])), amount, at)
        return _json({"ref": ref, "value_at": clock.text(at)})

    def _open(self, asked: dict[str, Any]) -> Answer:
        number, name = plain_number(str(asked["number"])), str(asked["name"])
        if not (number and name) or self.books.is_ours(number):
            raise ValueError("number and name of somebody else's account are needed")
        self.books.endow(number, name, Money.yuan(str(asked.get("amount", "0"))), self._now())
        return _json({"number": number})

    def _set_faults(self, asked: dict[str, Any]) -> Answer:
        if unknown := sorted(set(asked) - set(FAULTS)):
            raise ValueError(f"no such fault: {unknown[0]}")
        for name, left in asked.items():
            self.books.set_fault(name, int(left))
        return _json({name: self.books.fault(name) for name in FAULTS})

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


@click.command("sandbox-bank")
@click.option("--state", type=click.Path(path_type=Path), required=True, help="Folder of the bank's own books.")
@click.option("--port", type=int, required=True, help="0 takes a free one.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--clock-file", type=click.Path(path_type=Path), envvar="GONGHENG_CLOCK_FILE", help="The shared clock offset.")
def sandbox_bank(state: Path, *, port: int, host: str, clock_file: Path | None) -> None:
    """Runs a bank; prints one JSON line with its URL and the number of the centre's collecting account."""
    bank = SandboxBank(state, clock_file)
    serve(server(host, port, bank.handle), {"account": COLLECTING.number})
