"""What comes between a price and its evaluated price: proposed by any member, voted on by all, decided by the majority."""

from __future__ import annotations

from decimal import Decimal

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.errors import RuleBroken
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.room import Action
from evaluation.domain.weighing import Priced, Proposal, VoteBody
from evaluation.events_weighings import WeighingProposed, WeighingVoted
from evaluation.models.weighings import WeighingProposal, WeighingVote
from evaluation.queries import questions, weighings
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def propose(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member would have a deviation weighed or a preference confirmed, by a rule of the tender document. Records WeighingProposed."""
    lot = lots.by_number(work.session, number)
    expect = Expect("weighing.propose", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _propose(work, lot, act))


def _propose(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.PROPOSE_WEIGHING, act)
    body = Proposal.read(act.body)
    weighings.weighings(work.session, room.row, lot).check(body, priced(work, room))
    number = weighings.count(work.session, room.row) + 1
    row = WeighingProposal(
        id=new_id(room.now),
        evaluation_id=room.row.id,
        round=room.row.vote_round,
        number=number,
        seat_id=seat.id,
        code=body.bid,
        rule=body.rule,
        figure=body.figure,
        file=body.file,
        page=body.page,
        reason=body.reason,
        payload_sha256=act.payload_sha256,
        at=room.now,
    )
    work.session.add(row)
    event = WeighingProposed(
        case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, number=number, bid=body.bid, subject=act.payload_sha256
    )
    work.record(event)
    return {"number": number, "proposal": act.payload_sha256}


def priced(work: Work, room: LockedRoom) -> dict[str, Priced]:
    """What proposals are held against: the bids whose prices are open and that were not found invalid, by code name. A correction of which
    nothing was answered yet counts where it lowers the price."""
    asked, out = questions.asked(work.session, room.row.id), questions.out_by_price(room.row)
    counts = [one for one in asked if one.correction and (one.accepts == "yes" or (not one.ended_at and one.correction.startswith("-")))]
    return {
        code: Priced(
            bid.price,
            [Decimal(one.correction) for one in counts if one.code == code],
            frozenset(bid.claims),
            frozenset(file.sha256 for file in bid.files),
        )
        for code, bid in room.prices().items()
        if bid.price is not None and code not in out
    }


def vote(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member votes on a proposal; the last vote decides by majority. Records WeighingVoted."""
    lot = lots.by_number(work.session, number)
    expect = Expect("weighing.vote", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _vote(work, lot, act))


def _vote(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.seat_of(act.person)
    mine = room.facts(seat.code).weighing.mine
    room.act(Action.VOTE_WEIGHING, act)
    body = VoteBody.read(act.body)
    waiting = (one for one in weighings.proposed(work.session, room.row) if one.number in mine)
    proposal = next((one for one in waiting if one.payload_sha256 == body.proposal), None)
    if proposal is None:
        raise RuleBroken("weighing.proposal")
    work.session.add(WeighingVote(proposal_id=proposal.id, seat_id=seat.id, agrees=body.agrees, reason=body.reason, at=room.now))
    work.record(WeighingVoted(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, number=proposal.number))
    return go_on(work, room)
