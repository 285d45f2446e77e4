"""How an opening comes about: bidding is closed at the deadline, price envelopes are asked for after the technical lock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.kernel import log
from core.kernel.db import lock
from core.kernel.errors import RuleBroken, WrongState
from core.kernel.ids import LotId, OrgId, new_id
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import bid as bids
from trading.domain import opening as rules
from trading.domain.bid import BidFacts, EnvelopeAction, EnvelopeState
from trading.domain.failure import FailureReason
from trading.domain.lot import LotState
from trading.domain.opening import OpeningAction, OpeningFacts, OpeningState
from trading.events_opening import BiddingClosed, CommercialRequested
from trading.models.bid import Bid, BidEnvelope, Submission
from trading.models.lot import Lot
from trading.models.opening import Opening
from trading.queries import lots as lot_queries
from trading.queries import openings as queries
from trading.services import lots
from trading.services.notices import announce_failure

_SYSTEM = frozenset({Role.SYSTEM})


# The deadline


def close_bidding(work: Work, lot_id: LotId) -> LotState:
    """At the deadline: locks every sealed bid, lets unfinished uploads lapse, and makes the closing list (招标投标法 art. 34, 36).

    With fewer than three bids the lot fails and nothing is opened (招标投标法实施条例 art. 44). Doing it again changes nothing. Raises
    WrongState before the deadline.
    """
    lot = lock(work.session, Lot, Lot.id == lot_id)
    if not bids.takes_bids(lot.state):
        return lot.state
    view, facts = lot_queries.by_id(work.session, lot_id), BidFacts(work.now(), lot.deadline)
    if (early := bids.deadline_has_passed(facts)) is not None:
        raise early
    accepted, bidders = lock_sealed(work, lot, Bid, facts)
    deadline = lot.deadline or facts.now
    closed = BiddingClosed(case=view.case, lot=view.no, subject=view.no, deadline=deadline, accepted=sorted(accepted), bidders=bidders)
    work.record(closed)
    state = lots.close_bidding(work, lot_id, bidders)
    if state is LotState.OPENING:
        to = rules.MOVES.choose(OpeningAction.CLOSE_BIDDING, OpeningState.SCHEDULED, _SYSTEM, OpeningFacts(facts.now, deadline))
        work.session.add(_new_opening(work, lot_id, 0, view.envelopes[0].env, to))
    else:
        announce_failure(work, (lot, lots.project_of(work, lot)), FailureReason.TOO_FEW)
    force_checkpoint(work, "deadline", view.number)
    work.send("deadline.closed", str(lot_id), {"lot_id": str(lot_id), "state": state.value})
    return state


def lock_sealed(work: Work, lot: Lot, kind: type[Submission], facts: BidFacts) -> tuple[list[str], list[OrgId]]:
    """Moves every bid, or every application, of the lot past its deadline; returns the accepted seals and who made them."""
    held = select(kind).where(kind.lot_id == lot.id).order_by(kind.id).with_for_update(key_share=True)
    for bid in work.session.scalars(held):
        action = bids.AT_DEADLINE.get(bid.state)
        if action is not None:
            bid.state = bids.MOVES.choose(action, bid.state, _SYSTEM, facts)
    sealed = select(BidEnvelope, kind.org_id).join(kind, kind.id == BidEnvelope.bid_id)
    accepted, bidders = [], dict[OrgId, None]()
    for envelope, org in work.session.execute(sealed.where(kind.lot_id == lot.id, BidEnvelope.state.in_((EnvelopeState.SEALED,)))):
        envelope.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.LOCK, envelope.state, _SYSTEM, None)
        accepted.append(envelope.seal_sha256)
        bidders[OrgId(org)] = None
    work.session.flush()
    return accepted, list(bidders)


def _new_opening(work: Work, lot_id: LotId, round_: int, env: str, state: OpeningState) -> Opening:
    now = work.now()
    return Opening(id=new_id(now), lot_id=lot_id, round=round_, env=env, state=state, began_at=now, record=b"", record_sha256="")


def request_commercial(work: Work, lot_id: LotId, passed: Sequence[OrgId]) -> None:
    """Asks for the keys of the price envelopes of the bids that passed; the others stay shut, unless they pass later.

    Called by the evaluation once its `technical.lock` stands, whose list `passed` is; a later time, after a committee member was replaced,
    with those of its list of which nobody asked before: their own opening follows, by the same procedure. The windows run at once;
    officers and bidders release only when they see that lock in a witnessed checkpoint.
    """
    lock(work.session, Lot, Lot.id == lot_id)
    view, now = lot_queries.by_id(work.session, lot_id), work.now()
    if len(view.envelopes) < 2:
        raise WrongState("opening.request.one_envelope")
    held = work.session.scalars(select(Opening.round).where(Opening.lot_id == lot_id)).all()
    state = rules.MOVES.choose(OpeningAction.REQUEST, OpeningState.SCHEDULED, _SYSTEM, OpeningFacts(now, now))
    opening = _new_opening(work, lot_id, rules.price_round(held), view.envelopes[1].env, state)
    opening.started_at, opening.release_from = now, now
    opening.release_until, opening.rescue_until = now + rules.RELEASE_WINDOW, now + rules.RELEASE_WINDOW + rules.RESCUE_WINDOW
    work.session.add(opening)
    is_later = opening.round >= rules.LATER_PRICES
    asked = _ask_later(work, opening, set(passed)) if is_later else _shut_the_rest(work, opening, set(passed))
    work.record(
        CommercialRequested(
            case=view.case,
            lot=view.no,
            round=opening.round,
            subject=queries.request_subject(view, opening.round),
            bidders=_orgs(work, opening),
            env=opening.env,
            passed=sorted(asked),
            release_until=opening.release_until,
            rescue_until=opening.rescue_until,
        )
    )
    force_checkpoint(work, "opening.request", f"{view.number}/{opening.round}")


def _ask_later(work: Work, opening: Opening, passed: set[OrgId]) -> list[str]:
    """Takes the envelopes of these bids, shut so far, into an opening of their own; returns their seals."""
    work.session.flush()
    shut = select(BidEnvelope, Bid).join(Bid, Bid.id == BidEnvelope.bid_id)
    shut = shut.where(BidEnvelope.lot_id == opening.lot_id, BidEnvelope.env == opening.env, BidEnvelope.state.in_((EnvelopeState.SHUT,)))
    asked = []
    for envelope, bid in work.session.execute(shut).all():
        if OrgId(bid.org_id) in passed and bids.is_in_evaluation(bid.state):
            envelope.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.ASK_LATER, envelope.state, _SYSTEM, None)
            envelope.asked_in = opening.round
            asked.append(envelope.seal_sha256)
    work.session.flush()
    if not passed or len(asked) != len(passed):
        raise WrongState("opening.request.again")
    return asked


def _shut_the_rest(work: Work, opening: Opening, passed: set[OrgId]) -> list[str]:
    """Shuts the envelopes of bids that did not pass; returns the seals whose keys are asked for."""
    work.session.flush()
    asked = []
    for envelope, bid in work.session.execute(queries.at_stake(opening)).all():
        if OrgId(bid.org_id) in passed and bids.is_in_evaluation(bid.state):
            asked.append(envelope.seal_sha256)
        else:
            envelope.state = bids.ENVELOPE_MOVES.choose(EnvelopeAction.SHUT, envelope.state, _SYSTEM, None)
    work.session.flush()
    if len(asked) != len(passed):
        raise RuleBroken("opening.request.not_opened")
    return asked


def force_checkpoint(work: Work, reason: str, number: str) -> None:
    """Has a ceremony's events logged and witnessed at once instead of with the next minute."""
    work.send(log.TOPIC, f"{reason}/{number}", {"reason": reason})


def _orgs(work: Work, opening: Opening) -> list[OrgId]:
    return [org for org, _ in queries.bidders(work.session, opening.lot_id)]
