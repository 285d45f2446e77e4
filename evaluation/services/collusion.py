"""Decisions on collusion cards: by the committee's chair on what the committee has before it, or by the supervisor."""

from __future__ import annotations

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.collusion import phase_of
from evaluation.domain.room import READS, See
from evaluation.models.rooms import Evaluation
from evaluation.queries.collusion import may_be_decided_blind
from evaluation.services.locked import LockedRoom
from trading.domain.collusion.life import Decision, Phase
from trading.queries import collusion as cards
from trading.queries import lots
from trading.queries.lots import LotView
from trading.services import collusion as trading


def decide(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """Confirms or explains a card, or has it clarified first (`collusion.decide`). Records CollusionDecided.

    Raises NotAllowed for members other than the chair, NotFound for a card that the signer can't see, WrongState once it is decided.
    """
    lot = lots.by_number(work.session, number)
    expect = Expect("collusion.decide", lot.case, lot.no, step_up=True)
    return once(work, signed, expect, lambda act: _decide(work, lot, act))


def _decide(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    has_room = work.session.scalar(select(Evaluation.id).where(Evaluation.lot_id == lot.id)) is not None
    room = LockedRoom(work, lot) if has_room else None
    phase = phase_of(room.row.state if room is not None else None)
    if act.role is Role.EXPERT:
        _check_chair(work, lot, room, act, phase)
    return trading.decide(work, lot, act, phase)


def _check_chair(work: Work, lot: LotView, room: LockedRoom | None, act: Act, phase: Phase) -> None:
    """The chair speaks for the committee, of cards that the committee has before it."""
    if room is None or room.seat_of(act.person).code != room.row.chair:
        raise NotAllowed("collusion.chair_only")
    room.refuse_while_paused()
    if not READS.may(See.BIDS, room.row.state, frozenset({Role.EXPERT})):
        raise NotAllowed("collusion.sealed")
    if phase is Phase.BLIND and not may_be_decided_blind(cards.card(work.session, lot.id, Decision.read(act.body).card)):
        raise NotFound("collusion.not_found")
