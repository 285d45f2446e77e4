"""Fees of a room's experts: each step through the services, and a bank that really answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from app.sandbox.bank import SandboxBank
from app.sandbox.serving import server
from core.kernel import chain, clock, jcs, outbox
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.outbox import Outside
from core.kernel.ticks import each
from deposits.gateway import Bank
from evaluation import jobs_fees as jobs
from evaluation.domain.fee_life import account_chain
from evaluation.queries import fee_due
from evaluation.services import fee_payments, fees
from tests.builders.evaluation import Room
from tests.builders.people import Person

RULE: Mapping[str, JSON] = {
    "table": "guangzhou-2017",
    "half_hour": "up",
    "catalogue": False,
    "payer": "tenderer",
    "term_days": 10,
    "basis": "按市际协作协议参照广州市标准",
    "late_reason": "",
}
NO_EXTRAS: Mapping[str, JSON] = {"emergency": False, "travelled": False, "nights": 0, "lodging_fen": 0, "days": 0, "transport_fen": 0}
PAYER_NUMBER = "6222000000000001"


def number_of(who: Person) -> str:
    """The account of an expert."""
    return f"62170000{who.person.int % 10**8:08d}"


@dataclass
class Fees:
    """The fees of one room."""

    room: Room
    bank: Bank | None = None
    books: SandboxBank | None = None

    @property
    def door(self) -> Any:
        return self.room.tender.door

    def fix(self, who: Person | None = None, **changes: Any) -> dict[str, JSON]:
        return self.room.signed(who or self.room.tender.centre, "fee.rule", {**RULE, **changes}, fees.fix_rule)

    def rest(self, begin: datetime, until: datetime, *seats: str, who: Person | None = None, **changes: Any) -> dict[str, JSON]:
        body = {"seats": list(seats), "why": "meal", "from": clock.text(begin), "until": clock.text(until)} | changes
        return self.room.signed(who or self.room.tender.centre, "fee.break", body, fees.record_break)

    def extra(self, line: str, **given: Any) -> dict[str, JSON]:
        body = {"line": line, **NO_EXTRAS, "note": "应急补抽"} | given
        return self.room.signed(self.room.tender.centre, "fee.extra", body, fees.record_extra)

    def calculate(self) -> int:
        return each(fee_due.to_calculate, fees.calculate)(self.door)

    def object_to(self, who: Person, line: str, text: str = "午餐只有半小时，扣了一小时") -> dict[str, JSON]:
        return self.room.signed(who, "fee.object", {"line": line, "text": text}, fees.object_to)

    def correct(self, line: str, breaks: list[tuple[datetime, datetime]] | None = None, **changes: Any) -> dict[str, JSON]:
        rests = [{"from": clock.text(begin), "until": clock.text(until)} for begin, until in breaks or []]
        body = {"line": line, "breaks": rests, **NO_EXTRAS, "reason": "已核对签到和用餐记录"} | changes
        return self.room.signed(self.room.tender.centre, "fee.correct", body, fees.correct)

    def confirm(self, *lines: str, who: Person | None = None, **changes: Any) -> dict[str, JSON]:
        total = sum(self.said_of(line)["fee_fen"] + self.said_of(line)["travel_fen"] for line in lines)
        body = {"lines": list(lines), "total_fen": total} | changes
        return self.room.signed(who or self.room.tender.tenderer, "fee.confirm", body, fees.confirm, step_up=True)

    def lines(self) -> dict[str, dict[str, Any]]:
        """What was calculated last for each line, as the case has it."""
        found = {}
        for body in self.bodies(self.room.case, "fee.calculate"):
            found |= {one["line"]: one for one in body["lines"]}
        return found

    def said_of(self, line: str) -> dict[str, Any]:
        return self.lines()[line]

    def bodies(self, case: str, kind: str) -> list[dict[str, Any]]:
        """The bodies of the statements of a kind."""
        found = self.door.read(lambda session: chain.find(session, case, kind))
        return [dict(jcs.parse_object(one.envelope.payload)["body"]) for one in found]

    def chain(self) -> list[tuple[str, dict[str, Any]]]:
        """What the lot's own chain of payments says."""
        case = CaseId(f"F-{self.room.number}")
        return [
            (one.kind, dict(jcs.parse_object(one.envelope.payload)["body"]))
            for one in self.door.read(lambda session: chain.events(session, case))
        ]

    # Money

    def give_account(self, who: Person, number: str = "", **changes: Any) -> dict[str, JSON]:
        number = number or number_of(who)
        body = {"name": who.name, "number": number, "bank": "临江市商业银行滨江支行"} | changes
        request = who.act("expert.account", account_chain(who.person), body=body, step_up=True)
        return self.room.perform(who, lambda work: fee_payments.give_account(work, request))

    def set_payer(self, who: Person | None = None, **changes: Any) -> None:
        payer = who or self.room.tender.tenderer
        given = {"name": payer.org_name, "number": PAYER_NUMBER, "bank": "临江市商业银行营业部"} | changes
        self.room.perform(payer, lambda work: fee_payments.set_payer_account(work, **given))

    def endow(self, amount: str = "100000.00") -> None:
        """The bank has the payer's account, with money on it, and those of the members."""
        assert self.books is not None
        now = self.room.tender.now
        self.books.books.endow(PAYER_NUMBER, self.room.tender.tenderer.org_name, Money.yuan(amount), now)
        for who in self.room.experts:
            self.books.books.endow(number_of(who), who.name, Money(0), now)

    def order(self) -> int:
        """What the clock does about orders, the outbox included."""
        assert self.bank is not None
        bank = self.bank
        done = each(fee_due.to_order, fee_payments.order)(self.door)
        carry = Outside(lambda door, payload: jobs.pay(door, bank, UUID(str(payload["order"]))))
        outbox.deliver(self.door, {fee_payments.ORDER: carry})
        return done

    def ask_again(self) -> int:
        """What the clock does about the unanswered, after its patience."""
        assert self.bank is not None
        self.room.tender.jump(self.room.tender.now + timedelta(seconds=11))
        return jobs.ask_again(self.door, self.bank)

    def warn(self) -> int:
        """What the clock does about the late."""
        return each(fee_due.overdue, fee_payments.warn)(self.door)


@contextmanager
def bank(folder: Path, clock_file: Path) -> Iterator[tuple[Bank, SandboxBank]]:
    """A sandbox bank in this process."""
    books = SandboxBank(folder / "bank", clock_file)
    serving = server("127.0.0.1", 0, books.handle)
    thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Bank(f"http://127.0.0.1:{serving.server_address[1]}"), books
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()
