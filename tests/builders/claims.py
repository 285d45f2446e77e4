"""Claims under guarantees, signed by who may, in a tender in which two bidders gave guarantees and the first one's bid did not open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.kernel.ids import GuaranteeId
from core.kernel.jcs import JSON
from core.kernel.work import Door
from deposits import jobs_claims
from deposits.queries import claims as queries
from deposits.queries.claims import ClaimView
from tests.builders.bids import hall_of
from tests.builders.deposits import world as build
from tests.builders.guarantees import Surety, surety
from tests.builders.holds import KEEPER, Kept
from tests.builders.people import Person
from tests.builders.trading import TENDERER, tender
from trading.services import deposit_acts, lots

AMOUNT = 80_000_000  # fen


@dataclass
class Claimed(Kept):
    """A tender with three bidders, all opened but the first: the first two gave guarantees, the third has paid."""

    given: Surety
    guarantees: tuple[GuaranteeId, GuaranteeId]

    def claim_body(self, firm: int = 0, **changes: Any) -> dict[str, Any]:
        """A claim under a firm's guarantee: of the first for its bid that did not open, of the second by a clause of the document."""
        said = {"guarantee": str(self.guarantees[firm]), "amount_fen": AMOUNT, "reason": "逾期未解密，视为撤销投标文件。"}
        said |= {"payee_name": TENDERER, "payee_account": KEEPER, "payee_bank": "临江市商业银行"}
        document = {"ground": "document", "clause": "须知 3.4.4", "document_sha256": self.hall.tender.lot.document_sha256}
        return said | (document if firm else {"ground": "not_decrypted", "clause": "", "document_sha256": ""}) | changes

    def claim(self, firm: int = 0, by: Person | None = None, **changes: Any) -> str:
        """The tenderer claims; the digest of its claim."""
        body = self.claim_body(firm, **changes)
        return str(self.act(deposit_acts.claim, by or self.hall.tender.tenderer, "claim.decide", body)["claim_sha256"])

    def note_claim(self, claim: str, agrees: bool = True, by: Person | None = None) -> dict[str, JSON]:
        """The supervisor speaks to it."""
        body = {"decision_sha256": claim, "agrees": agrees, "text": "依据充分，同意。" if agrees else "依据不足。"}
        return self.act(deposit_acts.note_claim, by or self.hall.tender.supervisor, "claim.note", body)

    def confirm(self, claim: str, amount: int = AMOUNT, by: Person | None = None) -> dict[str, JSON]:
        """The tenderer has had the money."""
        body = {"claim_sha256": claim, "amount_fen": amount, "reference": "建行来账 0001"}
        return self.act(deposit_acts.confirm_claim, by or self.hall.tender.tenderer, "claim.receipt", body)

    def ask(self, times: int = 1, after: timedelta = timedelta(minutes=11)) -> int:
        """Guarantors are asked about claims; how often."""
        asked = 0
        for _ in range(times):
            self.world.jump(after)
            asked += jobs_claims.ask_all(self.world.door, self.given.outside)
        return asked

    def claims(self, firm: int = 0) -> tuple[ClaimView, ...]:
        """The claims under a firm's guarantee, the newest first."""
        guarantee = self.guarantees[firm]
        return self.world.door.read(lambda session: queries.claims_of(session, [guarantee])[guarantee])


@contextmanager
def claimed(door: Door, clock_file: Path, folder: Path, regime: str = "construction") -> Iterator[Claimed]:
    """The tender, its guarantors served as long as the block runs."""
    made = tender(door, clock_file, regime).noticed("RANK_ONE")
    assert made.lot.release_at is not None
    made.jump(made.lot.release_at)
    made.step(lots.open_bidding)
    room = hall_of(made, folder)
    with build(door, clock_file, folder) as world, surety(world, folder) as given:
        world.number, world.lot, world.crowd = room.number, room.tender.lot_id, room.tender.crowd
        world.firms = room.tender.join_bidders(3)
        for place in range(2):
            given.register(room.tender.centre, place)
        world.register(world.firms[2])
        world.paid(world.firms[2])
        issued = given.issued(world.firms[0]), given.issued(world.firms[1], 1)
        room.seal(world.firms[0], plain=b"no ZIP at all")
        for firm in world.firms[1:]:
            room.seal(firm)
        found = Claimed(room, world, room.tender.centre, given, issued)
        found.open_but_the_first()
        given.tick()
        assert [given.view(firm).state for firm in world.firms[:2]] == ["verified"] * 2
        yield found
