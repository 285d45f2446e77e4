"""Refunds under kill -9 of the platform and of the bank, with lost answers and notices that come twice: every firm is paid exactly once."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.kernel import chain, clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.ids import CaseId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.deposit import DepositState
from deposits.gateway import Bank
from deposits.queries import finance
from deposits.queries import requirements as queries
from deposits.services import accounts, refunds, requirements
from tests.builders.deposits import AMOUNT, LOT, NUMBER
from tests.builders.people import Person, people
from tests.contract.deposits_load import patient_door

ROOT = Path(__file__).resolve().parents[2]
FIRMS = 24


class BankProcess:
    """The sandbox bank as a process of its own, at one address through all its lives."""

    def __init__(self, folder: Path, clock_file: Path) -> None:
        main = "from app.cli import main; main()"
        self._command = [sys.executable, "-c", main, "sandbox-bank", "--state", str(folder), "--clock-file", str(clock_file), "--port"]
        self.url, self._port = "", "0"
        self.start()

    def start(self) -> None:
        """Starts it where it was."""
        self._process = subprocess.Popen([*self._command, self._port], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = json.loads(self._process.stdout.readline())["url"]
        self._port = self.url.rpartition(":")[2]

    def kill(self) -> None:
        """As the power does."""
        self._process.kill()
        self._process.communicate()

    def post(self, path: str, body: dict[str, Any]) -> Any:
        """A control."""
        return httpx.post(self.url + path, json=body, trust_env=False).raise_for_status().json()

    def account(self, number: str) -> Any:
        """What the bank says of an account."""
        return httpx.get(f"{self.url}/sandbox/accounts/{number}", trust_env=False).raise_for_status().json()


def number_of(firm: Person) -> str:
    return f"6222{firm.org.int % 10**12:012d}"


def all_paid(door: Door, bank: BankProcess) -> list[Person]:
    """Two dozen firms have paid, the deadline is over, and all are to be refunded."""
    crowd, deadline = people(door), door.read(door.clock) + timedelta(days=1)
    door.perform(SYSTEM_ACTOR, lambda work: requirements.require(work, LOT, NUMBER, AMOUNT, deadline))
    firms = [crowd.join(Role.BIDDER, f"第{n}建筑工程有限公司", keys=False) for n in range(FIRMS)]
    for firm in firms:
        door.perform(firm.actor, lambda work, firm=firm: accounts.register(work, firm.org_name, number_of(firm), "建设银行"))  # type: ignore[misc]
        door.perform(firm.actor, lambda work: requirements.request(work, NUMBER))
        to = door.read(lambda session, firm=firm: queries.own(session, NUMBER, firm.org, "")).sub_account  # type: ignore[misc]
        pay = {"key": str(firm.org), "payer": firm.org_name, "payer_account": number_of(firm), "to": to, "amount": "800000.00"}
        bank.post("/sandbox/pay", pay)
    jobs.read_notices(door, Bank(bank.url))
    return firms


@pytest.mark.slow
def test_every_firm_is_refunded_exactly_once(door: Door, database: str, clock_file: Path, tmp_path: Path) -> None:
    bank = BankProcess(tmp_path / "bank", clock_file)
    firms = all_paid(door, bank)
    clock.write_offset(clock_file, timedelta(days=31))
    orgs = [firm.org for firm in firms]
    door.perform(SYSTEM_ACTOR, lambda work: requirements.close(work, LOT, orgs))
    door.perform(SYSTEM_ACTOR, lambda work: requirements.unseal(work, LOT))
    door.perform(SYSTEM_ACTOR, lambda work: refunds.schedule(work, LOT, orgs, "contract_signed", work.now() + timedelta(days=5)))
    door.close()
    bank.post("/sandbox/faults", {"lose_answers": 8, "duplicate_notices": 15, "delay_ms": 5})

    chance, kills = random.Random(20260901), 0
    while True:
        command = [sys.executable, "-m", "tests.contract.deposits_load", database, bank.url, str(clock_file)]
        platform = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert platform.stdout is not None
        assert platform.stdout.readline() == "at work\n"
        clock.write_offset(clock_file, clock.read_offset(clock_file) + timedelta(seconds=11))  # so that what is unanswered is asked again
        if kills == 5:
            rest, _ = platform.communicate(timeout=120)
            assert rest == "done\n"
            break
        time.sleep(chance.uniform(0.02, 0.3))
        if kills in (1, 3):
            bank.kill()
            bank.start()
        platform.kill()
        platform.communicate()
        kills += 1

    again = patient_door(database, clock_file)
    check(again, bank, firms)
    again.close()
    bank.kill()


def check(door: Door, bank: BankProcess, firms: list[Person]) -> None:
    """Bank, ledger and deposits tell the same story of every firm."""
    for firm in firms:
        told = bank.account(number_of(firm))
        view = door.read(lambda session, firm=firm: queries.own(session, NUMBER, firm.org, ""))  # type: ignore[misc]
        (refund,) = view.refunds
        assert view.state == DepositState.REFUNDED.value
        assert [entry["direction"] for entry in told["entries"]] == ["CRDT", "DBIT", "CRDT"]  # cash, the deposit, and its one refund
        assert refund.interest > Money(0)
        assert told["balance"] == str(refund.principal + refund.interest)
        assert told["entries"][-1]["end_to_end_id"] == refund.id.replace("-", "")
    assert door.read(finance.audit) == finance.Audit((), True, ())
    jobs.read_notices(door, Bank(bank.url))
    assert jobs.reconcile(door, Bank(bank.url))
    found = door.read(finance.reconciliation)
    assert found.agrees is True
    assert found.bank == Money.yuan(bank.account("621000188801")["balance"])
    events = door.read(lambda session: chain.events(session, CaseId(f"D-{NUMBER}")))
    kinds = Counter(event.kind for event in events)
    assert [kinds[kind] for kind in ("refund.schedule", "refund.send", "refund.confirm")] == [1, FIRMS, FIRMS]
    promised = [json.loads(event.envelope.payload)["body"]["refunds"] for event in events if event.kind == "refund.schedule"]
    assert len({refund["deposit"] for together in promised for refund in together}) == FIRMS
    bodies = [json.loads(event.envelope.payload)["body"] for event in events if event.kind == "deposit.match"]
    matched = [deposit["deposit"] for body in bodies for deposit in body["deposits"]]
    assert len(set(matched)) == len(matched) == FIRMS
