"""Holds on deposits and decisions about them, signed by who may give them, in a tender whose bidders have paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from core.identity.services.acts import SignedRequest
from core.kernel.calendar import legal_day
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Door, Work
from deposits.queries import holds as queries
from tests.builders.bids import Hall, hall_of
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.builders.trading import TENDERER, tender
from trading.services import deposit_acts, lots

KEEPER = "621000888802"
"""The tenderer's account."""
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


@dataclass
class Kept:
    """A tender with three bidders who have paid, and everybody who has a say about their deposits."""

    hall: Hall
    world: World
    clerk: Person

    @property
    def case(self) -> str:
        """The chain of the lot's deposits."""
        return f"D-{self.hall.number}"

    def deposit(self, firm: int = 0) -> str:
        """The id of a firm's deposit."""
        return self.world.door.read(lambda session: str(queries.deposit_id(session, self.hall.number, self.world.firms[firm].org)))

    def act(self, service: Service, who: Person, kind: str, body: dict[str, Any], step_up: bool = True) -> dict[str, JSON]:
        """Signs and does it."""
        request = who.act(kind, self.case, body=body, step_up=step_up)
        return self.world.door.perform(who.actor, lambda work: service(work, self.hall.number, request))

    def hold(self, by: Person | None = None, firm: int = 0, **changes: Any) -> dict[str, JSON]:
        """The supervisor, or somebody else, has a deposit wait for ten days."""
        who = by or self.hall.tender.supervisor
        kinds = {Role.SUPERVISOR: "investigation", Role.FINANCE: "court", Role.TENDERER: "dispute"}
        until = (legal_day(self.world.now) + timedelta(days=10)).isoformat()
        said = {"deposit": self.deposit(firm), "kind": kinds.get(who.role, "dispute"), "reason": "投诉调查期间暂缓退还。", "document": ""}
        said |= {"until": until, "document": "（2026）临01民初18号" if who.role is Role.FINANCE else ""}
        return self.act(deposit_acts.place_hold, who, "hold.place", said | changes)

    def lift(self, hold: dict[str, JSON], by: Person | None = None) -> dict[str, JSON]:
        """It is lifted."""
        body = {"hold_sha256": hold["hold_sha256"], "reason": "调查结束。"}
        return self.act(deposit_acts.lift_hold, by or self.hall.tender.supervisor, "hold.lift", body)

    def decision(self, firm: int = 0, **changes: Any) -> dict[str, Any]:
        """The body of a decision to keep a deposit for a bid that did not open."""
        said = {"deposit": self.deposit(firm), "amount_fen": 80_000_000, "ground": "not_decrypted", "clause": "", "document_sha256": ""}
        payee = {"payee_name": TENDERER, "payee_account": KEEPER, "payee_bank": "临江市商业银行"}
        return said | payee | {"reason": "逾期未解密，视为撤销投标文件。"} | changes

    def decide(self, firm: int = 0, by: Person | None = None, **changes: Any) -> dict[str, JSON]:
        """The tenderer decides."""
        return self.act(deposit_acts.decide, by or self.hall.tender.tenderer, "forfeit.decide", self.decision(firm, **changes))

    def note(self, decision: dict[str, JSON], agrees: bool = True, by: Person | None = None) -> dict[str, JSON]:
        """The supervisor speaks to it."""
        body = {"decision_sha256": decision["decision_sha256"], "agrees": agrees, "text": "依据充分，同意。" if agrees else "依据不足。"}
        return self.act(deposit_acts.note, by or self.hall.tender.supervisor, "forfeit.note", body)

    def waive(self, firm: int = 0) -> dict[str, JSON]:
        """The tenderer does not keep it."""
        body = {"deposit": self.deposit(firm), "reason": "情节轻微。"}
        return self.act(deposit_acts.waive, self.hall.tender.tenderer, "forfeit.waive", body)

    def states(self) -> list[str]:
        """The states of the firms' deposits."""
        return [self.world.view(firm).state for firm in self.world.firms]

    def open_but_the_first(self) -> None:
        """All release their keys; what the first firm has sealed is rubbish, so its bid cannot be opened by its own doing."""
        self.hall.decrypting(*self.world.firms)
        for firm in self.world.firms:
            self.hall.release(firm)
        self.hall.batch()


@contextmanager
def kept(door: Door, clock_file: Path, folder: Path, regime: str = "construction") -> Iterator[Kept]:
    """Three bidders have paid and sealed, the first of them rubbish."""
    made = tender(door, clock_file, regime).noticed("RANK_ONE")
    assert made.lot.release_at is not None
    made.jump(made.lot.release_at)
    made.step(lots.open_bidding)
    room = hall_of(made, folder)
    with build(door, clock_file, folder) as made:
        made.number, made.lot, made.crowd = room.number, room.tender.lot_id, room.tender.crowd
        made.firms = room.tender.join_bidders(3)
        for firm in made.firms:
            made.register(firm)
        made.paid(*made.firms)
        room.seal(made.firms[0], plain=b"no ZIP at all")
        for firm in made.firms[1:]:
            room.seal(firm)
        made.sandbox.books.open_account(KEEPER, TENDERER)
        yield Kept(room, made, made.crowd.join(Role.FINANCE, "临江市公共资源交易中心"))
