"""A lot whose document asks for a performance security, awarded, with a bank and guarantors, seen as builders of deposits see a lot."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.kernel.calendar import legal_day
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.work import Door
from deposits import jobs_claims
from deposits.domain.performance import asked_id, asked_number
from deposits.queries import performance as queries
from deposits.queries.performance import SecurityView
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.guarantees import Surety, surety
from tests.builders.holds import KEEPER, Service
from tests.builders.people import Person
from tests.builders.trading import TENDERER, Tender, tender
from trading.services import deposit_acts, lots

TERMS = {"bp": 1_000, "days": 400}
ASKED = "13000000.00"
"""A tenth of the price at which the first bidder wins."""


@dataclass
class Secured:
    """A tender whose first bidder has its award notice; `world` is what it is asked for."""

    tender: Tender
    world: World
    given: Surety

    @property
    def case(self) -> str:
        """The chain of the lot's deposits."""
        return f"D-{self.tender.number}"

    @property
    def winner(self) -> Person:
        """Who has won."""
        return self.tender.bidders[0]

    @property
    def view(self) -> SecurityView:
        """What was asked for, and whether it is there."""
        found = self.world.door.read(lambda session: queries.security(session, self.tender.lot_id))
        assert found is not None
        return found

    def pay(self, by: Person | None = None, amount: str = ASKED) -> None:
        """The winner pays, from an account of its own, and the bank tells."""
        who = by or self.winner
        self.world.request(who)
        self.world.pay(who, amount)
        self.world.read_notices()

    def act(self, service: Service, who: Person, kind: str, body: dict[str, Any]) -> dict[str, JSON]:
        """Signs and does it."""
        request = who.act(kind, self.case, body=body, step_up=True)
        return self.world.door.perform(who.actor, lambda work: service(work, self.tender.number, request))

    def breach(self, **of: str) -> dict[str, Any]:
        """The body of a claim under a `guarantee`, or of a decision to keep a `deposit`, for a contract that is not performed."""
        payee = {"payee_name": TENDERER, "payee_account": KEEPER, "payee_bank": "临江市商业银行"}
        said = {"amount_fen": Money.yuan(ASKED).fen, "ground": "breach", "clause": "", "document_sha256": ""}
        return said | payee | {"reason": "中标人停工逾六十日，经催告仍不复工。"} | of

    def claim(self, **changes: str) -> str:
        """The tenderer claims under the winner's guarantee, and the supervisor agrees; the digest of the claim."""
        body = self.breach(guarantee=str(self.given.view(self.winner).id)) | changes
        claim = self.act(deposit_acts.claim, self.tender.tenderer, "claim.decide", body)["claim_sha256"]
        said = {"decision_sha256": claim, "agrees": True, "text": "违约事实清楚，同意。"}
        self.act(deposit_acts.note_claim, self.tender.supervisor, "claim.note", said)
        return str(claim)

    def keep(self, **changes: str) -> None:
        """The tenderer decides to keep the winner's money, and the supervisor agrees."""
        body = self.breach(deposit=str(self.world.view(self.winner).id)) | changes
        decided = self.act(deposit_acts.decide, self.tender.tenderer, "forfeit.decide", body)["decision_sha256"]
        said = {"decision_sha256": decided, "agrees": True, "text": "违约事实清楚，同意。"}
        self.act(deposit_acts.note, self.tender.supervisor, "forfeit.note", said)

    def answered(self) -> None:
        """The guarantor has examined the claim, and answers."""
        for _ in range(2):
            self.world.jump(timedelta(minutes=11))
            jobs_claims.ask_all(self.world.door, self.given.outside)

    def give_back(self, by: Person | None = None, **changes: Any) -> dict[str, JSON]:
        """The tenderer says that the contract was performed."""
        who = by or self.tender.tenderer
        body = {"performed_on": legal_day(self.world.now).isoformat(), "note": "竣工验收合格。"} | changes
        request = who.act("performance.return", self.case, body=body, step_up=True)
        return self.world.door.perform(who.actor, lambda work: deposit_acts.return_security(work, self.tender.number, request))


@contextmanager
def secured(
    door: Door, clock_file: Path, folder: Path, terms: dict[str, int] | None = TERMS, regime: str = "construction"
) -> Iterator[Secured]:
    """The award notice is out; bank and guarantors are served as long as the block runs."""
    made = tender(door, clock_file, regime).bidding("RANK_ONE", **({} if terms is None else {"performance": terms}))
    orgs = [bidder.org for bidder in made.join_bidders(4)]
    made.close_bidding(orgs)
    made.step(lots.begin_evaluation)
    made.accept_report(orgs[:3])
    made.publish_candidates()
    made.end_publicity()
    if made.lot.separation:
        made.step_award()
    made.send_award_notice()
    with build(door, clock_file, folder) as world, surety(world, folder) as given:
        world.number, world.lot, world.crowd = asked_number(made.number), asked_id(made.lot_id), made.crowd
        world.firms = made.bidders
        for place in range(2):
            given.register(made.centre, place)
        yield Secured(made, world, given)
