"""Applications: who made one bids with the same members, and nobody outside its room hears of its opening."""

from __future__ import annotations

from uuid import UUID

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.events import Event
from core.kernel.ids import CaseId, OrgId
from tests.domain.test_trading_consortium import NOW
from trading.domain.application import ROUND, check_members, is_awaited
from trading.domain.opening_audience import PROJECTIONS
from trading.domain.prequalification import RoundState
from trading.events_applications import ApplicationsClosed, ApplicationsOpening
from trading.events_opening import EnvelopeOpened

A, B = (OrgId(UUID(int=n)) for n in (1, 2))
INSIDE = {"tenderer", "host", "supervisor"}


def test_whoever_has_applied_bids_with_the_very_same_members() -> None:
    check_members([("a", "b")], None)  # a lot without a round
    check_members([(), ()], ())
    check_members([("a", "b"), ("a", "b")], ("a", "b"))
    for named, applied in (([("a", "b")], ()), ([()], ("a", "b")), ([("a", "c")], ("a", "b")), ([("a", "b"), ()], ("a", "b"))):
        with pytest.raises(RuleBroken) as refused:
            check_members(named, applied)
        assert (refused.value.code, refused.value.article) == ("bid.seal.members_changed", "招标投标法实施条例第三十七条")


def test_a_round_is_awaited_until_its_deadline() -> None:
    assert [state for state in RoundState if is_awaited(state)] == [RoundState.NOTICED]


def audiences(event: Event) -> set[str]:
    return {projection.audience for projection in PROJECTIONS[event.KIND](event)}


def test_nobody_outside_the_room_hears_of_it_but_each_applicant_of_the_own() -> None:
    said = {"case": CaseId("T2026-000001"), "lot": "1", "round": ROUND}
    closed = ApplicationsClosed(**said, deadline=NOW, accepted=["ab"], bidders=[A, B])
    assert audiences(closed) == INSIDE | {f"bidder:{A}", f"bidder:{B}"}
    assert all("accepted" not in str(one.data) for one in PROJECTIONS[closed.KIND](closed))
    assert audiences(ApplicationsOpening(**said, bidders=[A, B], until=NOW)) == INSIDE
    about = {"env": "application", "ver": 1, "bid_pub": "age1", "method": "escrow", "pt_sha256": "", "pt_size": 0, "read_out": {}}
    one = EnvelopeOpened(**said, **about, bidders=[A, B], bidder=A, name="甲", held_from=NOW)
    assert audiences(one) == INSIDE | {f"bidder:{A}"}
    assert "public" in audiences(EnvelopeOpened(**(said | {"round": 0}), **about, bidders=[A, B], bidder=A, name="甲", held_from=NOW))
