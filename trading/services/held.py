"""An opening held for one act, and the way in which every act of the hall comes to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.clock import text
from core.kernel.db import lock
from core.kernel.events import Event
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from core.kernel.signing import read_statement
from core.kernel.work import Work
from trading.domain import application
from trading.domain import opening as rules
from trading.domain.opening import OpeningAction
from trading.models.opening import AnyOpening
from trading.queries import openings as queries
from trading.queries.calls import called
from trading.queries.lots import LotView, split
from trading.services.openings import force_checkpoint


class Held:
    """An opening held for one act: its row, its lot, the caller's roles and the facts of this moment."""

    def __init__(self, work: Work, lot: LotView, round_: int) -> None:
        self.work, self.lot = work, lot
        self.opening = lock(work.session, AnyOpening, AnyOpening.lot_id == lot.id, AnyOpening.round == round_)
        self.now = work.now()
        self.roles = rules.roles_of(work.actor, queries.parties_of(work.session, self.opening, lot))
        self.facts = queries.facts_of(work.session, self.opening, lot, self.now, work.actor)
        self.bidders = queries.bidders(work.session, lot.id, self.opening.kind)

    def move(self, action: OpeningAction, role: Role | None = None) -> None:
        """Moves the opening by the caller's roles, or by the one in which the act was signed; raises what the table finds."""
        roles = self.roles if role is None else self.roles & {role}
        self.opening.state = rules.MOVES.choose(action, self.opening.state, roles, self.facts)

    def check(self, action: OpeningAction) -> None:
        """Raises what the table finds against a move that is made later."""
        rules.MOVES.choose(action, self.opening.state, self.roles, self.facts)

    def record(self, kind: Callable[..., Event], act: Act | None = None, **fields: Any) -> None:
        """Records an event of this opening, for the whole hall to hear."""
        orgs = [org for org, _ in self.bidders]
        signed = None if act is None else act.envelope
        event = kind(case=self.lot.case, lot=self.lot.no, round=self.opening.round, signed=signed, bidders=orgs, **fields)
        self.work.record(event)

    def witness(self, reason: str) -> None:
        """Has what happens here logged and witnessed at once."""
        force_checkpoint(self.work, reason, f"{self.lot.number}/{self.opening.round}")

    def name_of(self, org: OrgId | None) -> str:
        """A bidder's name on the list."""
        return next((name for listed, name in self.bidders if listed == org), "")

    @property
    def answer(self) -> dict[str, JSON]:
        """What most acts answer."""
        return {"state": self.opening.state.value, "now": text(self.now)}


def act_in_hall(
    work: Work,
    number: str,
    request: SignedRequest,
    expected: tuple[str, Role | None],
    do: Callable[[Held, Act], dict[str, JSON]],
    *,
    step_up: bool = False,
) -> dict[str, JSON]:
    """Accepts a statement of the type and role in `expected` for the round that it names, holds that opening, and does it."""
    case, no = split(number)
    kind, role = expected
    round_ = read_statement(request.envelope.payload).round
    expect = Expect(kind, case, no, round_, role, step_up)
    return once(work, request, expect, lambda act: do(Held(work, _lot(work, number, round_), round_), act))


def _lot(work: Work, number: str, round_: int) -> LotView:
    return called(work.session, number, Purpose.APPLICATION if round_ == application.ROUND else Purpose.BID)
