"""Rules of the room about votes, questions to bidders and prices; the table in which they stand is `room.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.kernel.errors import Refusal, WrongState
from evaluation.domain.weighing import all_is_weighed

if TYPE_CHECKING:
    from evaluation.domain.room import Facts


def once(done: frozenset[str], facts: Facts, code: str) -> Refusal | None:
    """Refuses with `code` who has done it before."""
    return WrongState(code) if facts.seat in done else None


def everybody(done: frozenset[str], facts: Facts, code: str) -> Refusal | None:
    """Refuses with `code` while a seat has not done it."""
    return None if facts.seats and done >= facts.seats else WrongState(code)


def decides_unchallenged(facts: Facts) -> Refusal | None:
    """Every member reviewed and failed nothing: no vote is held."""
    if facts.challenged or facts.decided:
        return WrongState("rejection.vote_due" if facts.challenged else "rejection.decided")
    return everybody(facts.reviewed, facts, "preliminary.reviews_missing") or questions_are_over(facts)


def has_something_to_vote(facts: Facts) -> Refusal | None:
    """Every member reviewed, and one failed a bid, or fewer than three bids are left."""
    voting = facts.challenged or (facts.decided and facts.competition_due)
    missing = everybody(facts.reviewed, facts, "preliminary.reviews_missing") or (None if voting else WrongState("rejection.nothing_due"))
    return missing or questions_are_over(facts)


def votes_on_rejections_once(facts: Facts) -> Refusal | None:
    """One statement of each member on all bids put to the vote."""
    return WrongState("rejection.decided") if facts.decided else once(facts.rejection_voted, facts, "rejection.vote.twice")


def all_voted_on_rejections(facts: Facts) -> Refusal | None:
    """The majority is counted when every member has voted."""
    if facts.decided:
        return WrongState("rejection.decided")
    return everybody(facts.rejection_voted, facts, "rejection.votes_missing") or questions_are_over(facts)


def votes_on_competition_once(facts: Facts) -> Refusal | None:
    """Asked where fewer than three bids are left and the law does not decide it."""
    if not (facts.decided and facts.competition_due) or facts.competition_by_law or facts.price_matters:
        return WrongState("competition.not_due")
    return once(facts.competition_voted, facts, "competition.vote.twice")


def competition_can_be_decided(facts: Facts) -> Refusal | None:
    """By law at once, else when every member has voted."""
    if not (facts.decided and facts.competition_due) or facts.price_matters or facts.enquiries_due:
        return WrongState("competition.not_due")
    return None if facts.competition_by_law else everybody(facts.competition_voted, facts, "competition.votes_missing")


def enough_bids_go_on(facts: Facts) -> Refusal | None:
    """All is decided, and bids are left that may be scored."""
    if not facts.decided or facts.competition_due:
        return WrongState("rejection.votes_missing")
    return WrongState("room.none_stands") if facts.is_lacking or not facts.standing else None


def questions_are_over(facts: Facts) -> Refusal | None:
    """Nothing is decided while a bidder's answer may still come."""
    return WrongState("bid_question.still_open", count=facts.questions_open) if facts.questions_open else None


def asks_as_chair(facts: Facts) -> Refusal | None:
    """The committee asks through its chair (招标投标法实施条例 art. 52)."""
    return None if facts.is_chair else WrongState("bid_question.chair")


def closes_prices_as_chair(facts: Facts) -> Refusal | None:
    """The chair says that the prices were looked through, once they are open and no answer is awaited."""
    if not facts.price_check_due or facts.prices_due:
        return WrongState("price_check.not_due")
    return asks_as_chair(facts) or questions_are_over(facts) or all_is_weighed(facts)


def prices_can_be_flagged(facts: Facts) -> Refusal | None:
    """Prices are held against the limits once, when corrections are over."""
    if not facts.flags_due or facts.prices_due or facts.price_check_due or not facts.standing:
        return WrongState("low_price.not_due")
    return questions_are_over(facts)


def votes_on_a_price(facts: Facts) -> Refusal | None:
    """One vote of each member on each bid whose price was asked about."""
    return None if facts.price_matters - facts.price_voted else WrongState("price_matter.not_due")


def price_can_be_decided(facts: Facts) -> Refusal | None:
    """When every member has voted."""
    return None if facts.price_decidable else WrongState("price_matter.votes_missing")


def prices_are_settled(facts: Facts) -> Refusal | None:
    """Before the summary: no answer awaited, prices looked through, every low price asked about, every matter voted on."""
    if facts.price_check_due or facts.flags_due:
        return WrongState("price_check.due")
    if facts.enquiries_due or facts.price_matters:
        return WrongState("price_matter.open")
    return questions_are_over(facts) or (WrongState("competition.votes_missing") if facts.competition_due else None)
