"""A world in which deposits are paid and come back: a lot that asks for one, firms with basic accounts, the bank in this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any
from uuid import UUID

from app.sandbox.bank import SandboxBank
from app.sandbox.serving import server
from core.kernel import clock, outbox
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.ids import DepositId, LotId, OrgId
from core.kernel.money import Money
from core.kernel.outbox import Outside
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits import jobs
from deposits.domain.batch import Release
from deposits.gateway import Bank
from deposits.queries import requirements as queries
from deposits.queries.requirements import DepositView
from deposits.services import accounts, batches, refunds, requirements
from tests.builders.people import People, Person, people

AMOUNT = Money.yuan("800000.00")
NUMBER = "T2026-000001-1"
LOT = LotId(UUID("01900000-0000-7000-8000-000000000001"))


@dataclass
class World:
    """One lot that asks for a deposit of 800,000 yuan within ten days, and who pays it."""

    door: Door
    clock_file: Path
    sandbox: SandboxBank
    bank: Bank
    crowd: People
    number: str = NUMBER
    lot: LotId = LOT
    firms: list[Person] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The platform's clock, which is the bank's too."""
        return self.door.read(self.door.clock)

    def jump(self, ahead: timedelta) -> None:
        """Sets both clocks forward."""
        clock.write_offset(self.clock_file, clock.read_offset(self.clock_file) + ahead)

    def ask(self, amount: Money = AMOUNT, days: int = 10) -> None:
        """The lot's notice is out."""
        deadline = self.now + timedelta(days=days)
        self.door.perform(SYSTEM_ACTOR, lambda work: requirements.require(work, self.lot, self.number, amount, deadline))

    def join(self, count: int = 3, keys: bool = False) -> list[Person]:
        """Firms with basic accounts."""
        self.firms = [self.crowd.join(Role.BIDDER, f"第{n}建筑工程有限公司", keys=keys) for n in range(1, count + 1)]
        for firm in self.firms:
            self.register(firm)
        return self.firms

    def account_of(self, firm: Person) -> str:
        """The number of a firm's basic account."""
        return f"6222{OrgId(firm.org).int % 10**12:012d}"

    def register(self, firm: Person) -> None:
        """The firm registers its basic account."""
        self.door.perform(firm.actor, lambda work: accounts.register(work, firm.org_name, self.account_of(firm), "建设银行"))

    def request(self, firm: Person) -> DepositId:
        """The firm asks for its sub-account."""
        return self.door.perform(firm.actor, lambda work: requirements.request(work, self.number))

    def view(self, firm: Person) -> DepositView:
        """The firm's deposit as the firm sees it."""
        return self.door.read(lambda session: queries.own(session, self.number, firm.org, firm.org_name))

    def pay(self, firm: Person, amount: str = "800000.00", **changes: Any) -> str:
        """The firm pays into its sub-account, from its basic account and at once, unless `changes` say otherwise."""
        said = {
            "key": f"{firm.org}-{amount}-{len(self.sandbox.books.notices(0).entries)}",
            "payer": firm.org_name,
            "payer_account": self.account_of(firm),
            "to": self.view(firm).sub_account,
            "amount": amount,
        } | changes
        answer = self.sandbox._pay(said)
        assert answer.status == 200, answer.body
        return self.view(firm).sub_account

    def paid(self, *firms: Person) -> None:
        """These firms have asked, paid, and been told of."""
        for firm in firms:
            self.request(firm)
            self.pay(firm)
        self.read_notices()

    def read_notices(self) -> int:
        """What the tick does."""
        return jobs.read_notices(self.door, self.bank)

    def close(self, *bidders: Person, unseal: bool = True) -> None:
        """The deadline comes, with bids of these firms."""
        orgs = [bidder.org for bidder in bidders]
        self.jump(timedelta(days=10, minutes=1))
        self.door.perform(SYSTEM_ACTOR, lambda work: requirements.close(work, self.lot, orgs))
        if unseal:
            self.door.perform(SYSTEM_ACTOR, lambda work: requirements.unseal(work, self.lot))

    def schedule(self, *firms: Person, reason: str = "contract_signed") -> None:
        """Trading orders refunds."""
        orgs = [firm.org for firm in firms]
        due_at = self.now + timedelta(days=5)
        self.door.perform(SYSTEM_ACTOR, lambda work: refunds.schedule(work, self.lot, orgs, reason, due_at))

    def send(self) -> int:
        """Ticks and outbox: scheduled refunds are promised and ordered."""
        sent = jobs.send_due(self.door, Release.AUTOMATIC)
        carry = {
            refunds.ORDER: Outside(lambda door, payload: jobs._carry(door, self.bank, payload)),
            batches.ORDER: Outside(lambda door, payload: jobs.carry_batch(door, self.bank, payload)),
        }
        outbox.deliver(self.door, carry)
        return sent

    def ask_again(self) -> int:
        """What the tick does, after its patience."""
        self.jump(timedelta(seconds=11))
        return jobs.ask_again(self.door, self.bank)

    def balance_of(self, firm: Person) -> str:
        """What the bank says the firm has on its basic account: what it got back."""
        return str(self.sandbox.books.balance(self.account_of(firm)))


@contextmanager
def world(door: Door, clock_file: Path, folder: Path) -> Iterator[World]:
    """The world, its bank served on a free port as long as the block runs."""
    sandbox = SandboxBank(folder / "bank", clock_file)
    running = server("127.0.0.1", 0, sandbox.handle)
    thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield World(door, clock_file, sandbox, Bank(f"http://127.0.0.1:{running.server_address[1]}"), people(door))
    finally:
        running.shutdown()
        running.server_close()
        thread.join()
