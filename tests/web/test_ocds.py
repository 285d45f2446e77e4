"""Open data: what each step releases, that the standard accepts it, and that nothing comes out before its moment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from app.factory import Application
from core.kernel.roles import Role
from core.kernel.work import Door
from core.settings import Settings
from tests.builders import documents
from tests.builders.bids import hall
from tests.builders.ocds import faults, merged
from tests.builders.trading import Tender, tender
from tests.builders.trading_web import Browser, application, browser
from trading.domain.clarification import name_of
from trading.models.ocds import OcdsRelease


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, app: Application) -> Tender:
    return tender(door, clock_file)


@pytest.fixture
def public(app: Application) -> Browser:
    return browser(app)


def asked(public: Browser, address: str) -> dict[str, Any]:
    answer = public.get(address)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.get_json()
    return said


def releases(public: Browser) -> list[dict[str, Any]]:
    package = asked(public, "/api/v1/ocds/releases")
    assert faults(package, "release-package") == []
    found: list[dict[str, Any]] = package["releases"]
    return found


def test_a_tender_is_released_step_by_step_and_the_standard_accepts_all_of_it(world: Tender, public: Browser) -> None:
    world.contracted()
    found = releases(public)
    assert [one["tag"] for one in found] == [["tender"], ["tenderUpdate"], ["award"], ["awardUpdate"], ["contract"]]
    assert [one["id"].rsplit("-", 1)[1] for one in found] == ["N1", "R", "N2", "N3", "N4"]
    assert [one["tender"]["status"] for one in found] == ["active", "active", "active", "complete", "complete"]
    assert [award["status"] for award in found[2]["awards"]] == ["pending"] * 3
    assert sorted(award["status"] for award in found[3]["awards"]) == ["active", "unsuccessful", "unsuccessful"]
    assert found[4]["contracts"][0]["awardID"] in {award["id"] for award in found[3]["awards"] if award["status"] == "active"}
    assert '"amount":130000000.00' in public.get("/api/v1/ocds/releases").text

    record = asked(public, f"/api/v1/ocds/records/{found[0]['ocid']}")
    assert faults(record, "record-package") == []
    assert record["records"][0]["releases"] == found
    assert record["records"][0]["compiledRelease"] == merged(found)


def test_what_the_document_says_is_not_released_before_the_document_is(world: Tender, public: Browser) -> None:
    world.noticed()
    [notice] = releases(public)
    assert "value" not in notice["tender"]["lots"][0] and "awardCriteria" not in notice["tender"]
    assert [document["documentType"] for document in notice["tender"]["documents"]] == ["tenderNotice"]
    assert "tenderers" not in notice["tender"] and "bids" not in notice


def test_a_tender_that_failed_is_unsuccessful_and_says_nothing_of_who_had_bid(world: Tender, public: Browser, tmp_path: Path) -> None:
    room = hall(world, tmp_path)
    bidders = world.join_bidders(2)
    for bidder in bidders:
        room.seal(bidder)
    room.close()
    last = releases(public)[-1]
    assert last["tag"] == ["tenderUpdate"] and last["tender"]["status"] == "unsuccessful"
    assert not [bidder for bidder in bidders if bidder.org_name in str(last) or str(bidder.org) in str(last)]
    page = public.page(f"/notices/{last['id']}")
    assert "流标公告" in page and "招标投标法实施条例第四十四条" in page


def test_amendments_and_answers_are_released_without_who_asked_and_the_standard_accepts_them(world: Tender, public: Browser) -> None:
    world.bidding()
    firm = world.crowd.join(Role.BIDDER, "提问的公司")
    documents.ask(world, firm, "有无踏勘？")
    documents.clarify(world, {"question": "是否组织踏勘？", "answer": "不组织。", "settles": [name_of("有无踏勘？")]})
    documents.amend(world, "补充地质资料", not_before="2030-01-07T01:00:00.000Z")
    documents.amend(world, "补充第二份")
    *_, release, answered, amended, again = found = releases(public)
    assert [one["tag"] for one in (release, answered, amended, again)] == [["tenderUpdate"]] * 4
    [enquiry] = answered["tender"]["enquiries"]
    assert (enquiry["description"], enquiry["answer"], enquiry["relatedLot"]) == ("是否组织踏勘？", "不组织。", world.number)
    assert answered["tender"]["hasEnquiries"] and "author" not in enquiry and "date" not in enquiry
    assert not [one for one in found if firm.org_name in str(one) or str(firm.org) in str(one) or name_of("有无踏勘？") in str(one)]
    first, second = again["tender"]["amendments"]
    assert (first["rationale"], first["amendsReleaseID"], first["releaseID"]) == ("补充地质资料", release["id"], amended["id"])
    assert (second["amendsReleaseID"], second["releaseID"]) == (amended["id"], again["id"])
    assert amended["tender"]["tenderPeriod"]["endDate"] == "2030-01-07T01:00:00.000Z"
    record = asked(public, f"/api/v1/ocds/records/{again['ocid']}")
    assert faults(record, "record-package") == [] and record["records"][0]["compiledRelease"] == merged(found)


def test_pages_follow_each_other_and_a_reader_goes_on_where_it_stopped(world: Tender, public: Browser) -> None:
    world.evaluated()
    first = public.get("/api/v1/ocds/releases?limit=1")
    assert first.headers["Link"] == '</api/v1/ocds/releases?since=1&limit=1>; rel="next"'
    rest = asked(public, "/api/v1/ocds/releases?since=1")
    assert [one["id"] for one in rest["releases"]] == [f"{world.number}-R"] and "links" not in rest
    assert public.get("/api/v1/ocds/releases?limit=1", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert asked(public, f"/api/v1/ocds/releases?since={rest['cursor']}")["releases"] == []
    world.publish_candidates()
    assert [one["tag"] for one in asked(public, f"/api/v1/ocds/releases?since={rest['cursor']}")["releases"]] == [["award"]]
    assert public.get("/api/v1/ocds/releases?limit=1").get_data() == first.get_data()


@pytest.mark.parametrize("ocid", ["ocds-000000-T2026-999999", "ocds-zzzzzz-T2026-000001", "x"])
def test_an_unknown_ocid_is_refused_with_a_sentence(public: Browser, ocid: str) -> None:
    answer = public.get(f"/api/v1/ocds/records/{ocid}")
    assert answer.status_code in (404, 422) and answer.mimetype == "application/problem+json"


def test_a_release_is_never_changed(world: Tender, door: Door) -> None:
    world.noticed()
    with pytest.raises(DBAPIError, match="append-only"):
        world.door.perform(world.centre.actor, lambda work: work.session.execute(update(OcdsRelease).values(case_id="T2026-000002")))
