"""The reference price: opened by the tenderer once the technical scores are locked."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.reference import ReferenceBody
from evaluation.domain.room import MOVES, Action, roles_of
from evaluation.events import ReferencePriceOpened
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def open_reference(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The tenderer opens the reference price; the summary follows when the prices are in. Records ReferencePriceOpened."""
    lot = lots.by_number(work.session, number)
    expect = Expect("reference_price.open", lot.case, lot.no, role=Role.TENDERER, step_up=True)
    return once(work, signed, expect, lambda act: _open(work, lot, act))


def _open(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    body = ReferenceBody.read(act.body)
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), (), lot.parties.tenderer)
    facts = room.facts(reference_matches=body.matches(lot.case, lot.no, lot.reference_price_commit))
    room.row.state = MOVES.choose(Action.OPEN_REFERENCE, room.row.state, roles, facts)
    room.row.reference_price = body.value
    work.record(ReferencePriceOpened(case=lot.case, lot=lot.no, signed=act.envelope, value=body.value))
    return go_on(work, room)
