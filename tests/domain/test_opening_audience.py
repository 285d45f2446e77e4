"""Who hears what: before the start the bidder alone, afterwards the whole hall."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import trading.events_applications
import trading.events_coefficient
import trading.events_files
import trading.events_opening as events
from core.kernel.events import KINDS
from core.kernel.ids import CaseId, OrgId
from trading.domain.application import ROUND
from trading.domain.opening_audience import HALL, INSIDE, PROJECTIONS, bidder

CASE, NOW = CaseId("T2026-000001"), datetime(2026, 11, 24, tzinfo=UTC)
US, THEM = OrgId(UUID(int=1)), OrgId(UUID(int=2))
SECRET = ("seal", "receipt", "seal.late", "withdraw")


def test_every_kind_of_bids_and_openings_has_its_row() -> None:
    hall = {module.__name__ for module in (events, trading.events_applications, trading.events_coefficient, trading.events_files)}
    mine = {kind for kind, event in KINDS.items() if event.__module__ in hall}
    assert mine == set(PROJECTIONS)


def test_before_the_opening_only_the_bidder_hears_of_the_own_bid() -> None:
    sealed = events.BidSealed(case=CASE, lot="1", org=US, env="technical", ver=1)
    assert [(shown.audience, shown.data) for shown in PROJECTIONS["seal"](sealed)] == [
        (bidder(US), {"lot": "1", "round": 0, "env": "technical", "ver": 1})
    ]


def test_of_applications_those_who_open_hear_and_each_firm_on_the_own_stream_and_never_the_public() -> None:
    closed = trading.events_applications.ApplicationsClosed(case=CASE, lot="1", deadline=NOW, accepted=["ab"], bidders=[US, THEM])
    shown = list(PROJECTIONS["application.close"](closed))
    assert {each.audience for each in shown} == {*INSIDE, bidder(US), bidder(THEM)}
    assert all(set(each.data) == {"lot", "round", "deadline"} for each in shown)
    opening = trading.events_applications.ApplicationsOpening(case=CASE, lot="1", round=ROUND, bidders=[US, THEM], until=NOW)
    assert [each.audience for each in PROJECTIONS["application.open"](opening)] == list(INSIDE)
    released = events.KeyReleased(case=CASE, round=ROUND, org=US, name="甲", env="application", bidders=[US, THEM])
    assert [each.audience for each in PROJECTIONS["release"](released)] == [*INSIDE, bidder(US)]


def test_a_receipts_statement_does_not_name_its_bidder() -> None:
    receipt = events.ReceiptGiven(
        case=CASE,
        org=US,
        env="technical",
        ver=1,
        receipt_no="RC-1",
        seal_sha256="ab",
        ct_sha256="cd",
        ct_size=5,
        received_at=NOW,
    )
    assert set(receipt.body()) == {"seal_sha256", "ct_sha256", "ct_size", "received_at"}


def test_the_closing_list_stays_untold() -> None:
    closed = events.BiddingClosed(case=CASE, lot="1", deadline=NOW, accepted=["ab"], bidders=[US, THEM])
    shown = list(PROJECTIONS["close"](closed))
    assert {each.audience for each in shown} == {*HALL, bidder(US), bidder(THEM)}
    assert all(set(each.data) == {"lot", "round", "deadline"} for each in shown)


def test_a_sign_in_is_told_to_all_only_once_the_list_is_public() -> None:
    early = events.BidderSignedIn(case=CASE, org=US, name="甲", is_public=False, bidders=[US, THEM])
    late = events.BidderSignedIn(case=CASE, org=US, name="甲", is_public=True, bidders=[US, THEM])
    assert [each.audience for each in PROJECTIONS["opening.sign_in"](early)] == [bidder(US)]
    assert {each.audience for each in PROJECTIONS["opening.sign_in"](late)} == {*HALL, bidder(US), bidder(THEM)}


def test_no_projection_ever_carries_a_secret() -> None:
    released = events.KeyReleased(case=CASE, org=US, name="甲", env="technical", bidders=[US])
    for shown in PROJECTIONS["release"](released):
        assert set(shown.data) == {"lot", "round", "name", "env"}


def test_an_odd_file_is_told_to_its_bidder_and_to_those_who_run_the_opening_alone() -> None:
    odd = trading.events_files.OddFileFound(case=CASE, bidder=US, env="technical", sha256="ab", size=5, oddities=["encrypted"], parser="1")
    shown = list(PROJECTIONS["file.odd"](odd))
    assert {each.audience for each in shown} == {"tenderer", "host", "supervisor", bidder(US)}
    assert all(set(each.data) == {"lot", "round", "env", "sha256", "oddities"} for each in shown)
    assert odd.body().keys() == {"bidder", "env", "sha256", "size", "oddities", "parser"}
