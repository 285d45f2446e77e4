"""Open data: what a release says of a lot from what is public, and how the releases of a case are compiled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel import clock
from core.kernel.ids import OrgId
from core.kernel.money import Money
from trading.domain.lot import LotState
from trading.domain.ocds import (
    PublicAmendment,
    PublicAnswer,
    PublicBid,
    PublicDocument,
    PublicLot,
    PublicOrg,
    Told,
    compiled,
    release,
    status,
)
from trading.domain.project import Category
from trading.domain.publication import ReleaseTag

NOW = datetime(2026, 9, 1, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=27)
TENDERER, AGENCY, FIRST, SECOND = (PublicOrg(OrgId(UUID(int=n)), f"单位{n}") for n in (1, 2, 3, 4))
LOT = PublicLot(number="T-1", title="一标段", state=LotState.OPENING, release_at=NOW, deadline=DEADLINE)
BIDS = (PublicBid(FIRST, Money.yuan("100.00")), PublicBid(SECOND, None))
CANDIDATES = (PublicBid(FIRST, Money.yuan("100.00"), 1), PublicBid(SECOND, None))
DECIDED = replace(LOT, state=LotState.CONTRACTED, bids=BIDS, candidates=CANDIDATES, winner=FIRST.org, award_notice_at=DEADLINE)


def told(lot: PublicLot = LOT, tag: ReleaseTag = ReleaseTag.TENDER, agency: PublicOrg = AGENCY, *others: PublicLot) -> Told:
    return Told(
        id="T-1-N1",
        tag=tag,
        at=NOW,
        case="T",
        title="工程",
        category=Category.CONSTRUCTION,
        tenderer=TENDERER,
        agency=agency,
        lot=lot,
        all_lots=(lot, *others),
    )


def roles(facts: Told) -> dict[str, list[str]]:
    return {party["name"]: party["roles"] for party in release(facts)["parties"]}


@pytest.mark.parametrize(
    ("lots", "said"),
    [
        ([LotState.OPENING, LotState.CONTRACTED], "active"),
        ([LotState.FAILED, LotState.ARCHIVED], "complete"),
        ([LotState.TERMINATED, LotState.ALL_REJECTED], "unsuccessful"),
        ([LotState.TERMINATED], "cancelled"),
    ],
)
def test_a_tender_is_active_until_every_lot_has_ended_and_complete_where_any_was_awarded(lots: list[LotState], said: str) -> None:
    assert status(lots) == said


def test_a_notice_says_what_is_public_and_no_more() -> None:
    said = release(told())
    assert (said["id"], said["date"], said["tag"], said["buyer"]["name"]) == ("T-1-N1", clock.text(NOW), ["tender"], "单位1")
    assert not {"bids", "awards", "contracts"} & set(said)
    tender = said["tender"]
    assert not {"awardCriteria", "documents", "tenderers", "numberOfTenderers"} & set(tender)
    assert tender["mainProcurementCategory"] == "works" and tender["status"] == "active"
    assert tender["lots"] == [{"id": "T-1", "title": "一标段", "status": "active"}]
    assert [(one["dueDate"], one["relatedLots"]) for one in tender["milestones"]] == [(clock.text(DEADLINE), ["T-1"])]


def test_the_period_spans_the_lots_that_have_dates_and_a_lot_without_a_deadline_has_no_milestone() -> None:
    bare = replace(LOT, release_at=None, deadline=None)
    later = replace(LOT, release_at=NOW + timedelta(days=1), deadline=DEADLINE + timedelta(days=1))
    tender = release(told(bare, ReleaseTag.TENDER, AGENCY, LOT, later))["tender"]
    assert tender["tenderPeriod"] == {"startDate": clock.text(NOW), "endDate": clock.text(DEADLINE + timedelta(days=1))}
    assert tender["milestones"] == []


def test_a_tender_is_limited_where_every_lot_is_by_invitation_and_open_where_any_is_not() -> None:
    chosen = release(told(replace(LOT, prequalified=True)))["tender"]
    assert (chosen["procurementMethod"], chosen["procurementMethodDetails"]) == ("selective", "资格预审")
    invited = replace(LOT, invited=True)
    limited = release(told(invited))["tender"]
    assert (limited["procurementMethod"], limited["procurementMethodDetails"]) == ("limited", "邀请招标")
    assert release(told(invited, ReleaseTag.TENDER, AGENCY, LOT))["tender"]["procurementMethod"] == "open"


@pytest.mark.parametrize(("method", "said"), [("lowest_price", "priceOnly"), ("comprehensive", "ratedCriteria")])
def test_a_released_document_brings_the_ceiling_the_criteria_and_itself(method: str, said: str) -> None:
    document = PublicDocument("D1", "biddingDocuments", "招标文件", "/d/1", "application/pdf", NOW)
    lot = replace(LOT, ceiling=Money.yuan("120.00"), method=method, documents=(document, replace(document, id="D2", kind="")))
    tender = release(told(lot))["tender"]
    assert tender["lots"][0]["value"] == {"amount": "120.00", "currency": "CNY"} and tender["awardCriteria"] == said
    assert [(one["id"], one.get("documentType")) for one in tender["documents"]] == [("D1", "biddingDocuments"), ("D2", None)]
    assert tender["documents"][0]["url"] == "/d/1" and tender["documents"][0]["datePublished"] == clock.text(NOW)


def test_after_the_opening_each_bid_stands_with_the_price_that_was_read_out() -> None:
    said = release(told(replace(LOT, bids=BIDS, candidates=CANDIDATES), ReleaseTag.TENDER_UPDATE))
    assert [bid.get("value") for bid in said["bids"]["details"]] == [{"amount": "100.00", "currency": "CNY"}, None]
    assert said["tender"]["numberOfTenderers"] == 2 and [one["name"] for one in said["tender"]["tenderers"]] == ["单位3", "单位4"]
    assert "awards" not in said


def test_each_party_is_named_once_with_all_its_roles() -> None:
    assert roles(told(DECIDED, ReleaseTag.AWARD_UPDATE, TENDERER)) == {
        "单位1": ["buyer", "procuringEntity"],
        "单位3": ["tenderer", "supplier"],
        "单位4": ["tenderer"],
    }
    undecided = replace(DECIDED, award_notice_at=None, bids=())
    assert roles(told(undecided, ReleaseTag.AWARD))["单位3"] == ["tenderer"]
    assert "单位3" not in roles(told(undecided, ReleaseTag.TENDER_UPDATE))


def test_candidates_are_pending_until_the_award_is_decided() -> None:
    first, second = release(told(replace(DECIDED, award_notice_at=None), ReleaseTag.AWARD))["awards"]
    assert (first["status"], second["status"]) == ("pending", "pending") and "date" not in first
    assert first["title"] == "中标候选人（第 1 名）" and "title" not in second
    assert first["value"]["amount"] == "100.00" and "value" not in second
    decided = release(told(DECIDED, ReleaseTag.AWARD_UPDATE))["awards"]
    assert [(one["status"], one["date"]) for one in decided] == [("active", clock.text(DEADLINE)), ("unsuccessful", clock.text(DEADLINE))]


def test_a_lot_names_its_award_method_and_plan_and_the_award_its_report() -> None:
    planned = replace(DECIDED, award_method="DIRECT_VOTE", award_plan="ab" * 32, award_report="cd" * 32)
    said = release(told(planned, ReleaseTag.AWARD_UPDATE))
    assert said["tender"]["lots"][0]["description"] == f"定标方法：评定分离，直接票决；定标方案 SHA-256：{'ab' * 32}"
    won, lost = said["awards"]
    assert won["description"] == f"定标报告 SHA-256：{'cd' * 32}" and "description" not in lost


def test_a_contract_belongs_to_the_award_of_its_winner() -> None:
    lot = replace(DECIDED, contract_at=DEADLINE, price=Money.yuan("99.00"), bids=())
    said = release(told(lot, ReleaseTag.CONTRACT))
    [contract] = said["contracts"]
    assert contract["awardID"] == f"T-1-{FIRST.org}" and contract["id"] == "T-1-C"
    assert contract["value"]["amount"] == "99.00" and contract["dateSigned"] == clock.text(DEADLINE)
    assert [party["roles"] for party in said["parties"]][2:] == [["tenderer", "supplier"], ["tenderer"]]


def test_releases_are_compiled_member_by_member_and_lists_by_id() -> None:
    one: dict[str, Any] = {
        "ocid": "o",
        "id": "1",
        "date": "d1",
        "tag": ["tender"],
        "tender": {"title": "甲", "lots": [{"id": "1", "a": 1}]},
    }
    two: dict[str, Any] = {
        **{"ocid": "o", "id": "2", "date": "d2", "tag": ["award"], "language": "zh"},
        "tender": {"title": "乙", "submissionMethod": ["x"], "documents": [], "lots": [{"id": "1", "b": {"c": 2}}, {"id": "2"}]},
    }
    assert compiled("o", [one, two]) == {
        **{"ocid": "o", "id": "o-d2", "date": "d2", "tag": ["compiled"], "language": "zh"},
        "tender": {"title": "乙", "submissionMethod": ["x"], "documents": [], "lots": [{"id": "1", "a": 1, "b": {"c": 2}}, {"id": "2"}]},
    }
    assert one["tender"]["lots"] == [{"id": "1", "a": 1}]  # what was released stays as it was


def test_a_new_tender_names_the_one_before_and_its_plan() -> None:
    said = release(replace(told(), related=(("planning", "P2026-000001"), ("prior", "T2025-000009"))))["relatedProcesses"]
    assert [(one["relationship"], one["identifier"], one["scheme"]) for one in said] == [
        (["planning"], "P2026-000001", "ocid"),
        (["prior"], "T2025-000009", "ocid"),
    ]


def test_amendments_and_answers_stand_in_the_tender() -> None:
    change = PublicAmendment(id="A1", at=NOW, reason="图纸更正", before="T-1-N1", release="T-1-A1")
    answer = PublicAnswer(id="Q1", at=NOW, question="可否分包？", answer="可以。")
    tender = release(told(replace(LOT, amendments=(change,), answers=(answer,))))["tender"]
    assert [(one["amendsReleaseID"], one["releaseID"], one["rationale"]) for one in tender["amendments"]] == [
        ("T-1-N1", "T-1-A1", "图纸更正")
    ]
    assert tender["hasEnquiries"] is True and [(one["description"], one["answer"]) for one in tender["enquiries"]] == [
        ("可否分包？", "可以。")
    ]
