"""Guarantors in this process, and what bidders, clock and deadline do with them, beside the world of deposits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Thread

from app.sandbox.guarantor import SandboxGuarantor
from app.sandbox.serving import server
from core.kernel import certificates
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.events import PLATFORM
from core.kernel.ids import GuaranteeId
from core.kernel.roles import Role
from deposits import jobs_guarantees
from deposits.gateway_guarantors import Guarantors
from deposits.queries import guarantees as queries
from deposits.queries.guarantees import GuaranteeView, GuarantorView, OwnGuarantees
from deposits.services import guarantees, guarantors
from deposits.services.guarantees import LotTerms
from tests.builders.deposits import World
from tests.builders.people import Person

TERMS = LotTerms("临江市建设投资集团有限公司", "T2026-000001", "滨江大道改造工程", "施工一标段", 90)
NAMES = ("临江融资担保有限公司", "江州财产保险股份有限公司")


@dataclass
class Surety:
    """The world of deposits with guarantors in it."""

    world: World
    sandboxes: list[SandboxGuarantor] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    outside: Guarantors = field(default_factory=Guarantors)
    clerk: Person | None = None

    def register(self, centre: Person, place: int = 0) -> None:
        """The centre registers a guarantor."""
        root = certificates.to_pem(self.sandboxes[place].books.seal.root)
        body = {"name": NAMES[place], "url": self.urls[place], "root": root, "reason": "按登记办法审核"}
        act = centre.act("guarantor.register", PLATFORM, body=body, step_up=True)
        self.world.door.perform(centre.actor, lambda work: guarantors.register(work, act))

    def registered(self) -> None:
        """The centre has registered all of them."""
        self.clerk = self.world.crowd.join(Role.CENTRE, "临江市公共资源交易中心")
        for place in range(len(self.sandboxes)):
            self.register(self.clerk, place)

    def ask(self, terms: LotTerms = TERMS) -> None:
        """The lot takes guarantees."""
        self.world.door.perform(SYSTEM_ACTOR, lambda work: guarantees.ask(work, self.world.lot, terms))

    @property
    def known(self) -> tuple[GuarantorView, ...]:
        """Who is registered, in the order of NAMES."""
        found = {view.name: view for view in self.world.door.read(queries.guarantors)}
        return tuple(found[name] for name in NAMES if name in found)

    def apply(self, firm: Person, place: int = 0) -> GuaranteeId:
        """A firm applies."""
        chosen = self.known[place].id
        return self.world.door.perform(firm.actor, lambda work: guarantees.apply(work, self.world.number, chosen))

    def tick(self, times: int = 1) -> None:
        """What the clock does, each time after a guarantor's patience."""
        for _ in range(times):
            self.world.jump(timedelta(seconds=5))
            jobs_guarantees.ask_all(self.world.door, self.outside)

    def pay(self, firm: Person, guarantee: GuaranteeId) -> None:
        """The firm has the premium paid."""
        self.world.door.perform(firm.actor, lambda work: guarantees.pay(work, guarantee))

    def issued(self, firm: Person, place: int = 0) -> GuaranteeId:
        """A firm has applied, paid, and has its guarantee."""
        made = self.apply(firm, place)
        self.tick(2)
        self.pay(firm, made)
        self.tick()
        return made

    def own(self, firm: Person) -> OwnGuarantees:
        """The firm's guarantees as the firm sees them."""
        world = self.world
        return world.door.read(lambda session: queries.own(session, world.number, firm.org, firm.org_name, world.now))

    def view(self, firm: Person) -> GuaranteeView:
        """The newest of them."""
        return self.own(firm).guarantees[0]

    def close(self, *bidders: Person, unseal: bool = True) -> None:
        """The deadline comes, with bids of these firms."""
        orgs = [bidder.org for bidder in bidders]
        self.world.close(*bidders, unseal=unseal)
        self.world.door.perform(SYSTEM_ACTOR, lambda work: guarantees.close(work, self.world.lot, orgs))


@contextmanager
def surety(world: World, folder: Path, count: int = 2) -> Iterator[Surety]:
    """Guarantors on free ports as long as the block runs."""
    made, running = Surety(world), []
    for place in range(count):
        sandbox = SandboxGuarantor(folder / f"guarantor-{place}", NAMES[place], world.clock_file)
        running.append(server("127.0.0.1", 0, sandbox.handle))
        Thread(target=running[-1].serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        made.sandboxes.append(sandbox)
        made.urls.append(f"http://127.0.0.1:{running[-1].server_address[1]}")
    try:
        yield made
    finally:
        for one in running:
            one.shutdown()
            one.server_close()
