"""Who hears what of a case of trading: everybody from the notice on, the parties and the house before, and every kind has its row."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from core.kernel.events import KINDS
from core.kernel.ids import CaseId, OrgId
from core.kernel.money import Money
from trading import events, events_entry
from trading.domain.audience import EVERYBODY, INSIDE, PROJECTIONS

NOW = datetime(2026, 9, 1, tzinfo=UTC)
CASE = CaseId("T2026-000001")


def test_every_kind_of_trading_has_a_row() -> None:
    mine = {kind for kind, made in KINDS.items() if made.__module__ == events.__name__}
    assert mine and mine <= PROJECTIONS.keys()


def test_before_the_notice_only_the_inside_hears() -> None:
    shown = list(PROJECTIONS["award_plan.fix"](events.AwardPlanFixed(case=CASE, lot="1", plan_sha256="ab", method="DIRECT_VOTE")))
    assert [projection.audience for projection in shown] == list(INSIDE)
    assert shown[0].data == {"lot": "1", "plan_sha256": "ab"}  # not the method


def test_from_the_notice_on_everybody_hears() -> None:
    event = events.NoticePublished(case=CASE, lot="1", number="T2026-000001-1-N1", title="公告", release_at=NOW, deadline=NOW)
    shown = list(PROJECTIONS["notice.publish"](event))
    assert [projection.audience for projection in shown] == list(EVERYBODY)
    assert shown[0].data["deadline"] == "2026-09-01T00:00:00.000Z"


def test_of_the_award_each_who_took_part_hears_on_the_own_stream() -> None:
    org = OrgId(UUID(int=7))
    event = events.AwardNoticeSent(case=CASE, lot="1", number="N1", winner=org, winner_name="甲", price=Money(100), bidders=[org])
    heard = {projection.audience: projection.data for projection in PROJECTIONS["award.notice"](event)}
    assert heard.keys() == {*EVERYBODY, f"bidder:{org}"}
    assert heard["public"] == {"lot": "1", "number": "N1", "winner": str(org), "winner_name": "甲", "price": 100}


def test_of_a_consortium_its_members_alone_hear() -> None:
    one, other = OrgId(UUID(int=7)), OrgId(UUID(int=8))
    event = events_entry.ConsortiumSigned(case=CASE, lot="1", subject="LH-1", members=[one, other], org=one, complete=True)
    heard = {projection.audience: projection.data for projection in PROJECTIONS["consortium.sign"](event)}
    assert heard.keys() == {f"bidder:{one}", f"bidder:{other}"}
    assert heard[f"bidder:{one}"] == {"lot": "1", "subject": "LH-1", "complete": True}


def test_of_a_review_no_stream_tells() -> None:
    for kind in ("prequalification.committee", "prequalification.review", "prequalification.conclude"):
        event = events_entry.ConsortiumSigned(case=CASE, lot="1", subject="x", members=[], org=OrgId(UUID(int=7)), complete=True)
        assert list(PROJECTIONS[kind](event)) == []
