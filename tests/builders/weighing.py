"""What a room's members weigh between a price and its evaluated price."""

from __future__ import annotations

from typing import Any

from core.kernel.jcs import JSON
from evaluation.queries import bids
from evaluation.services import weighings
from tests.builders.people import Person
from trading.domain.price_rules import CLAIMS, Preference, PriceRules

SHOWN = "aa" * 32
"""The document of an opened bid in which it is seen."""


class Weighing:
    """Verbs of a room; `members` and `signed` are the room's."""

    members: Any
    signed: Any

    def propose_weighing(self, who: Person, bid: str, rule: str, figure: str = "", **changes: Any) -> str:
        """Returns the digest by which votes name it."""
        body = {"bid": bid, "rule": rule, "figure": figure, "file": SHOWN, "page": 12, "reason": "见投标函附录"} | changes
        return str(self.signed(who, "weighing.propose", body, weighings.propose, step_up=True)["proposal"])

    def vote_weighing(self, who: Person, proposal: str, agrees: bool = True, reason: str = "已核对原件") -> dict[str, JSON]:
        body = {"proposal": proposal, "agrees": agrees, "reason": reason}
        return self.signed(who, "weighing.vote", body, weighings.vote, step_up=True)  # type: ignore[no-any-return]

    def weighed(self, bid: str, rule: str, figure: str = "") -> str:
        """The first member proposes it and all agree."""
        proposal = self.propose_weighing(self.members[0], bid, rule, figure)
        for who in self.members:
            self.vote_weighing(who, proposal)
        return proposal


# The whole case


def claim_of(place: int, rules: PriceRules) -> dict[str, JSON]:
    """What the bid at that place says beside its price: the fourth claims to be a small firm, where the document prefers one."""
    return {"items": {CLAIMS[Preference.SMALL]: "声明函见第 3 页"}} if place == 3 and rules.preferences else {}


def weigh_prices(room: Any) -> None:
    """One bid is late, by five votes against two; another lacks nothing, by four against three; a small firm is one."""
    if not room.tender.lot.review.prices:
        return
    code_of = {one.org: code for code, one in room.view(room.members[0]).map.items()}
    shown = {bid.org: bid.files[0].sha256 for bid in room.tender.door.read(lambda session: bids.opened(session, room.tender.lot_id))}
    for place, rule, figure, against in ((2, "late", "2", 2), (0, "missing", "180000", 4), (3, "preference.small", "", 0)):
        org = room.tender.bidders[place].org
        proposal = room.propose_weighing(room.members[1], code_of[org], rule, figure, file=shown[org])
        for seat, who in enumerate(room.members):
            room.vote_weighing(who, proposal, seat >= against)
