"""Orders on a lot: the deadline of one that goes on gives back the time that was lost, and nothing of a suspended one is late."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.calendar import CHINA
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.roles import Role
from trading.domain.bid import MOVES, BidAction, BidFacts, BidState, bidding_is_open, may_withdraw
from trading.domain.clock import Law, LegalRegime
from trading.domain.lot_order import Resumption, ResumptionFacts, check_resumption, earliest_deadline, read_reason

LAW = Law(LegalRegime.CONSTRUCTION, True, CHINA)
DEADLINE = datetime(2026, 9, 21, 1, 30, tzinfo=UTC)  # a Monday, 9:30 in Beijing
STOPPED = datetime(2026, 9, 15, 2, tzinfo=UTC)
DAY, MS = timedelta(days=1), timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (timedelta(0), "2026-09-21"),
        (MS, "2026-09-22"),  # a day that was begun counts
        (DAY, "2026-09-22"),
        (DAY + MS, "2026-09-23"),
        (4 * DAY, "2026-09-28"),  # the 25th to 27th are holidays
        (10 * DAY, "2026-10-08"),  # and so is the National Day's week
    ],
)
def test_a_deadline_is_later_by_every_day_begun_and_on_a_working_day(after: timedelta, expected: str) -> None:
    moved = earliest_deadline(LAW, DEADLINE, STOPPED, STOPPED + after)
    assert f"{moved:%Y-%m-%d}" == expected and moved.time() == DEADLINE.time()
    assert moved - (STOPPED + after) >= DEADLINE - STOPPED  # nobody has less time left than when the lot stood still


def said(**changes: Any) -> Resumption:
    deadline = clock.text(datetime(2026, 9, 23, 1, 30, tzinfo=UTC))
    body = {"reason": "调查结束", "suspend_sha256": "ab" * 32, "deadline": deadline, "opening_at": deadline}
    return Resumption.read(body | changes)


FACTS = ResumptionFacts(now=STOPPED + 2 * DAY, law=LAW, deadline=DEADLINE, suspended_at=STOPPED, suspend_sha256="ab" * 32)


@pytest.mark.parametrize(
    ("changes", "code", "article"),
    [
        ({"suspend_sha256": "cd" * 32}, "lot.resume.other_suspension", ""),
        ({"opening_at": "2026-09-24T01:30:00.000Z"}, "notice.opening_other", "招标投标法第三十四条"),
        (
            {"deadline": "2026-09-23T01:29:59.999Z", "opening_at": "2026-09-23T01:29:59.999Z"},
            "lot.resume.deadline_too_early",
            "招标投标法第二十四条",
        ),
        ({"reason": ""}, "body.malformed", ""),
    ],
)
def test_a_resumption_that_takes_time_from_bidders_is_refused(changes: dict[str, str], code: str, article: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_resumption(said(**changes), FACTS)
    assert (refused.value.code, getattr(refused.value, "article", "")) == (code, article)


def test_a_resumption_may_give_more_time_than_was_lost() -> None:
    check_resumption(said(), FACTS)
    check_resumption(said(deadline="2026-09-30T01:30:00.000Z", opening_at="2026-09-30T01:30:00.000Z"), FACTS)


def test_an_order_says_why() -> None:
    assert read_reason({"reason": "规划调整"}) == "规划调整"
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        read_reason({"reason": "规划调整", "more": 1})


@pytest.mark.parametrize("now", [DEADLINE - DAY, DEADLINE + DAY])
def test_while_a_lot_stands_still_no_bid_is_taken_none_is_late_and_one_may_be_taken_back(now: datetime) -> None:
    facts = BidFacts(now, DEADLINE, is_bidding=False, is_suspended=True)
    refused = bidding_is_open(facts)
    assert refused is not None and refused.code == "bid.lot_suspended"
    assert may_withdraw(facts) is None
    assert MOVES.available(BidState.SEALED, frozenset({Role.BIDDER}), facts) == (BidAction.WITHDRAW,)
