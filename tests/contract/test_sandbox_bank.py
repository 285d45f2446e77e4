"""The sandbox bank over its protocol: batches, statements, recalls, and what goes wrong on request; once killed, it is whole again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from app.sandbox.bank import SandboxBank, sandbox_bank
from app.sandbox.serving import server
from core.kernel import clock
from core.kernel.calendar import legal_day
from core.kernel.money import Money
from deposits.domain import statement
from deposits.domain.messages import BankEntry, OrderStatus, PaymentOrder
from deposits.domain.orders import LARGEST_BATCH
from deposits.domain.recall import Recall, Resolved
from deposits.gateway import Bank, BankSilent
from tests.contract.test_deposits_crash import BankProcess

OURS, CENTRE = "6210001888010000000001", "临江市公共资源交易中心"
FIRM = "62220000000001"


class Line:
    """A bank in this process, and we at its counter."""

    def __init__(self, folder: Path, clock_file: Path, seed: int = 0) -> None:
        self.bank = SandboxBank(folder / "bank", clock_file, seed)
        self._served = server("127.0.0.1", 0, self.bank.handle, 1 << 22)
        self.url = f"http://127.0.0.1:{self._served.server_address[1]}"
        self._thread = Thread(target=self._served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.gate, self.clock_file = Bank(self.url), clock_file

    def stop(self) -> None:
        """It listens no more."""
        self._served.shutdown()
        self._served.server_close()
        self._thread.join()

    def control(self, path: str, body: dict[str, Any]) -> Any:
        """Asks for something out of the ordinary."""
        return httpx.post(self.url + path, json=body, trust_env=False).raise_for_status().json()

    def pay(self, key: str = "p1", amount: str = "800.00", to: str = OURS) -> str:
        """The firm pays into a sub-account."""
        said = {"key": key, "payer": "甲公司", "payer_account": FIRM, "to": to, "amount": amount}
        return str(self.control("/sandbox/pay", said)["ref"])

    def order(self, key: str, fen: int = 100, **changes: Any) -> PaymentOrder:
        """An order to pay the firm back."""
        facts = {"debtor_account": OURS, "creditor_name": "甲公司", "creditor_account": FIRM} | changes
        return PaymentOrder(key=key, ordered_at=clock.now(self.clock_file), debtor_name=CENTRE, amount=Money(fen), text="REFUND", **facts)

    def entries(self) -> list[BankEntry]:
        """All that the notices tell, as often as they tell it."""
        told, after = list[BankEntry](), 0
        while (page := self.gate.notices(after)).entries:
            told, after = [*told, *page.entries], page.last
        return told


@pytest.fixture
def line(tmp_path: Path, clock_file: Path) -> Iterator[Line]:
    with at_the_counter(tmp_path, clock_file) as made:
        yield made


@contextmanager
def at_the_counter(folder: Path, clock_file: Path, seed: int = 0) -> Iterator[Line]:
    made = Line(folder, clock_file, seed)
    try:
        yield made
    finally:
        made.stop()


def test_a_batch_is_carried_out_order_by_order_and_once(line: Line) -> None:
    line.pay()
    line.control("/sandbox/accounts", {"number": "62220000000002", "name": "乙公司"})
    line.control("/sandbox/accounts/62220000000002/close", {})
    batch = [
        line.order("good"),
        line.order("name", creditor_name="丙公司"),
        line.order("none", creditor_account="62229999999999"),
        line.order("closed", creditor_name="乙公司", creditor_account="62220000000002"),
        line.order("much", 99_999_999),
    ]
    said = {key: (answer.status, answer.cause) for key, answer in line.gate.orders("B1", batch).items()}
    assert said == {
        "good": (OrderStatus.SETTLED, ""),
        "name": (OrderStatus.REJECTED, "BE01"),
        "none": (OrderStatus.REJECTED, "AC01"),
        "closed": (OrderStatus.REJECTED, "AC04"),
        "much": (OrderStatus.REJECTED, "AM04"),
    }
    assert {key: (answer.status, answer.cause) for key, answer in line.gate.orders("B2", batch).items()} == said
    assert [(one.credit, one.end_to_end_id) for one in line.entries()] == [(True, ""), (False, "good")]


def test_a_batch_of_the_largest_size_passes(line: Line) -> None:
    line.pay(amount="100000.00")
    batch = [line.order(f"{n:032}") for n in range(LARGEST_BATCH)]
    assert {answer.status for answer in line.gate.orders("B1", batch).values()} == {OrderStatus.SETTLED}
    assert len(line.entries()) == LARGEST_BATCH + 1


def test_a_renamed_or_reopened_account_is_paid_under_its_new_name_alone(line: Line) -> None:
    line.pay()
    line.control(f"/sandbox/accounts/{FIRM}/close", {})
    line.control(f"/sandbox/accounts/{FIRM}/reopen", {})
    line.control(f"/sandbox/accounts/{FIRM}/rename", {"name": "新甲公司"})
    assert line.gate.order(line.order("old")).cause == "BE01"
    assert line.gate.order(line.order("new", creditor_name="新甲公司")).status is OrderStatus.SETTLED


def test_a_lost_answer_hides_what_was_done_and_an_untold_order_is_in_doubt(line: Line) -> None:
    line.pay()
    line.control("/sandbox/faults", {"lose_answers": 1})
    with pytest.raises(BankSilent):
        line.gate.orders("B1", [line.order("k1"), line.order("k2")])
    line.control("/sandbox/faults", {"lose_statuses": 1})
    assert len(line.gate.orders("B2", [line.order("k1"), line.order("k2")])) == 1
    assert len(line.gate.orders("B3", [line.order("k1"), line.order("k2")])) == 2
    assert [one.end_to_end_id for one in line.entries()] == ["", "k1", "k2"]


def test_notices_come_twice_and_in_another_order_and_say_the_same(line: Line) -> None:
    line.control("/sandbox/faults", {"duplicate_notices_percent": 50, "reorder_notices": 1})
    for n in range(40):
        line.pay(f"p{n}", f"{n + 1}.00")
    told = line.gate.notices(0)
    seqs = [one.seq for one in told.entries]
    assert (sorted(set(seqs)), told.last) == (list(range(1, 41)), 40)
    assert 45 < len(seqs) < 75
    assert seqs[:40] != sorted(seqs[:40])


def test_a_pending_order_is_carried_out_later_or_recalled(line: Line) -> None:
    line.pay()
    line.control("/sandbox/faults", {"pend_orders": 2, "pend_ms": 60_000})
    for key in ("k1", "k2"):
        with pytest.raises(BankSilent):  # no decision is no answer
            line.gate.order(line.order(key))
    asked = Recall("c1", "k1", clock.now(line.clock_file), CENTRE, Money(100))
    assert line.gate.recall(asked).resolved is Resolved.CANCELLED
    assert line.gate.recall(asked).resolved is Resolved.CANCELLED
    assert (line.gate.order(line.order("k1")).status, line.gate.order(line.order("k1")).cause) == (OrderStatus.REJECTED, "DS02")
    assert line.gate.orders("B1", [line.order("k2")]) == {}
    line.bank.books._database.execute("UPDATE pending SET due = 0")
    assert line.gate.order(line.order("k2")).status is OrderStatus.SETTLED
    refused = line.gate.recall(Recall("c2", "k2", clock.now(line.clock_file), CENTRE, Money(100)))
    assert (refused.resolved, refused.cause) == (Resolved.REFUSED, "AGNT")
    assert [one.end_to_end_id for one in line.entries()] == ["", "k2"]


def test_an_order_recalled_before_it_came_is_never_carried_out(line: Line) -> None:
    line.pay()
    assert line.gate.recall(Recall("c1", "k1", clock.now(line.clock_file), CENTRE, Money(100))).resolved is Resolved.CANCELLED
    assert line.gate.order(line.order("k1")).cause == "DS02"
    assert len(line.entries()) == 1


def test_a_statement_is_there_when_its_day_is_over_and_tells_every_entry_once(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statement, "PAGE", 10)
    line.control("/sandbox/faults", {"duplicate_notices_percent": 100})
    for n in range(25):
        line.bank.books.pay(f"p{n}", _side(), OURS, Money(100), value_at=_early(line), now=clock.now(line.clock_file))
    day = legal_day(clock.now(line.clock_file))
    with pytest.raises(BankSilent):
        line.gate.statement(day)
    clock.write_offset(line.clock_file, clock.read_offset(line.clock_file) + timedelta(days=1))
    line.pay("late", "5.00")
    told = line.gate.statement(day)
    assert (told.opening, told.closing, len(told.entries)) == (Money(0), Money(2500), 25)
    clock.write_offset(line.clock_file, clock.read_offset(line.clock_file) + timedelta(days=1))
    after = line.gate.statement(day + timedelta(days=1))
    assert (after.opening, after.closing, [one.amount for one in after.entries]) == (Money(2500), Money(3000), [Money(500)])
    assert line.gate.statement(day - timedelta(days=1)).entries == ()


def _side() -> Any:
    from app.sandbox.bank_books import Side

    return Side(FIRM, "甲公司")


def _early(line: Line) -> Any:
    return clock.now(line.clock_file) - timedelta(days=30)


def test_a_bank_that_is_down_says_nothing_for_so_long(line: Line) -> None:
    line.control("/sandbox/faults", {"down_ms": 60_000})
    with pytest.raises(BankSilent, match="503"):
        line.gate.report()
    told = line.control("/sandbox/faults", {"down_ms": 0, "refuse_orders": 1, "delay_ms": 1, "delay_up_to_ms": 2})
    assert (told["down_ms"], told["refuse_orders"]) == (0, 1)
    line.pay()
    assert line.gate.order(line.order("k1")).cause == "MS03"


@pytest.mark.parametrize("asked", [{"no_such": 1}, {"down_percent": 101}, {"down": -1}])
def test_a_fault_that_is_none_is_refused(line: Line, asked: dict[str, int]) -> None:
    assert httpx.post(f"{line.url}/sandbox/faults", json=asked, trust_env=False).status_code == 400
    assert httpx.get(f"{line.url}/sandbox/faults", trust_env=False).json()["down"] == 0


def test_what_happens_by_chance_happens_again_under_the_same_seed(tmp_path: Path, clock_file: Path) -> None:
    def struck(name: str, seed: int) -> list[bool]:
        with at_the_counter(tmp_path / name, clock_file, seed) as line:
            line.bank.books.set_fault("refuse_orders_percent", 50)
            return [line.bank.books.faults.strikes("refuse_orders") for _ in range(40)]

    assert struck("a", 1) == struck("b", 1)
    assert struck("c", 1) != struck("d", 2)


def test_the_command_knows_its_faults(tmp_path: Path) -> None:
    refused = CliRunner().invoke(sandbox_bank, ["--state", str(tmp_path), "--port", "0", "--fault", "nonsense=1"])
    assert "no such fault: nonsense" in refused.output
    assert "lose_answers" in CliRunner().invoke(sandbox_bank, ["--help"]).output


def test_killed_in_the_midst_it_has_done_each_order_once_or_not_at_all(tmp_path: Path, clock_file: Path) -> None:
    bank = BankProcess(tmp_path / "bank", clock_file)
    at = clock.now(clock_file)
    paid = {"key": "p", "payer": "甲公司", "payer_account": FIRM, "to": OURS, "amount": "1000.00"}
    bank.post("/sandbox/pay", paid)
    batches = [[PaymentOrder(f"{b}-{n}", at, CENTRE, OURS, "甲公司", FIRM, Money(100), "REFUND") for n in range(20)] for b in range(5)]
    for number, batch in enumerate(batches):
        asking = Thread(target=_ask, args=(bank.url, batch), daemon=True)
        asking.start()
        asking.join(0.01 * number)
        bank.kill()
        bank.start()
        asking.join()
    for batch in batches:
        assert {answer.status for answer in Bank(bank.url).orders("again", batch).values()} == {OrderStatus.SETTLED}
    told = bank.account(FIRM)
    bank.kill()
    assert told["balance"] == "100.00"
    assert len({one["end_to_end_id"] for one in told["entries"]} - {""}) == 100


def _ask(url: str, batch: list[PaymentOrder]) -> None:
    with suppress(BankSilent):
        Bank(url).orders("first", batch)
