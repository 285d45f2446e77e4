"""What the review and the votes after it come to, the moment the last of them is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.question import decide_price as decide_price_by
from evaluation.domain.question import flagged
from evaluation.domain.rejection import Competition, Decision, competition_without_vote, count_competition, decide
from evaluation.domain.room import Action
from evaluation.domain.weighing import decide as decide_weighing_by
from evaluation.events import PreliminaryDecided
from evaluation.events_questions import PriceDecided, PricesFlagged
from evaluation.events_votes import CompetitionDecided, RejectionPutToVote
from evaluation.events_weighings import WeighingDecided
from evaluation.queries import questions, votes, weighings
from evaluation.services.locked import LockedRoom


def put_to_vote(work: Work, room: LockedRoom) -> None:
    """Some member failed a bid, or too few are left: the room goes on to votes. Records RejectionPutToVote where bids are voted on."""
    room.follow(Action.PUT_TO_VOTE)
    if room.row.rejections is None:
        work.record(RejectionPutToVote(case=room.lot.case, lot=room.lot.no, bids=room.challenged()))


def decide_review(work: Work, room: LockedRoom) -> None:
    """Nobody failed anything: every bid goes on, and no vote is held. Records PreliminaryDecided."""
    room.follow(Action.DECIDE_REVIEW)
    _decided(work, room, ())


def decide_rejections(work: Work, room: LockedRoom) -> None:
    """The majority's decision on every bid put to the vote. Records PreliminaryDecided."""
    room.follow(Action.DECIDE_REJECTIONS)
    _decided(work, room, decide(votes.rejection_votes(work.session, room.row, room.code_of)))


def decide_competition(work: Work, room: LockedRoom) -> None:
    """What fewer than three bids mean, by the law or by the majority. Records CompetitionDecided."""
    room.follow(Action.DECIDE_COMPETITION)
    row, lot, stage = room.row, room.lot, room.stage
    standing = room.facts().standing
    said = {seat: one.lacking for seat, one in votes.competition_votes(work.session, row, room.code_of, stage).items()}
    by_law = competition_without_vote(standing, lot.regime)
    outcome: Competition = count_competition(said) if by_law is None else by_law
    row.competition = {**cast("Mapping[str, JSON]", row.competition), stage.value: outcome.value}
    cast_votes = dict(sorted(said.items(), key=lambda one: int(one[0]))) if by_law is None else {}
    work.record(
        CompetitionDecided(case=lot.case, lot=lot.no, stage=stage.value, standing=standing, votes=cast_votes, outcome=outcome.value)
    )


def _decided(work: Work, room: LockedRoom, decisions: Sequence[Decision]) -> None:
    rejected: list[Mapping[str, JSON]] = [{"bid": one.bid, "grounds": list(one.grounds)} for one in decisions if one.rejected]
    room.row.rejections = [dict(one) for one in rejected]
    room.row.decisions = [one.to_json() for one in decisions]
    said = [one.to_json() for one in decisions]
    work.record(PreliminaryDecided(case=room.lot.case, lot=room.lot.no, standing=room.standing(), rejected=rejected, votes=said))


def flag_prices(work: Work, room: LockedRoom) -> None:
    """The opened prices are held against the limits of the tender document, once. Records PricesFlagged; nobody is rejected by it."""
    room.follow(Action.FLAG_PRICES)
    read_out = {code: bid.price for code, bid in room.prices().items() if bid.price is not None}
    corrections, method = questions.accepted(work.session, room.row.id), room.method
    prices = questions.prices_of(read_out, corrections, method)
    found = flagged(prices, questions.ceiling_of(method), room.lot.review.low_price or {})
    room.row.low_flags = {code: list(limits) for code, limits in found.items()}
    work.record(PricesFlagged(case=room.lot.case, lot=room.lot.no, bids=found))


def decide_price(work: Work, room: LockedRoom) -> None:
    """The majority keeps a bid in whose price was asked about, or finds it invalid. Records PriceDecided."""
    bid = min(room.facts().price_decidable)
    room.follow(Action.DECIDE_PRICE)
    cast_votes = questions.price_votes(work.session, room.code_of)[bid]
    found = decide_price_by(bid, {seat: one.stays for seat, one in cast_votes.items()})
    room.row.price_decisions = [*cast("list[JSON]", room.row.price_decisions), found.to_json()]
    said = {"bid": bid, "stays": found.stays, "against": found.against, "keeping": found.keeping}
    work.record(PriceDecided(case=room.lot.case, lot=room.lot.no, **said))  # type: ignore[arg-type]  # each of its field's type


def decide_weighing(work: Work, room: LockedRoom) -> None:
    """The majority adopts what a member would have weighed, or leaves the price as it is. Records WeighingDecided."""
    number = min(room.facts().weighing.decidable)
    room.follow(Action.DECIDE_WEIGHING)
    [proposal] = [one for one in weighings.proposed(work.session, room.row) if one.number == number]
    given = weighings.votes(work.session, room.code_of, [proposal])[proposal.id]
    found = decide_weighing_by({seat: one.agrees for seat, one in given.items()})
    proposal.decision = found.to_json()
    work.record(
        WeighingDecided(
            case=room.lot.case,
            lot=room.lot.no,
            number=number,
            bid=proposal.code,
            rule=proposal.rule,
            adopted=found.adopted,
            agreeing=found.agreeing,
            against=found.against,
            subject=proposal.payload_sha256,
        )
    )
