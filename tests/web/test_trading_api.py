"""Trading's JSON API: acts over HTTP, public reading with ETags and keyset pages, and what bad input gets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.factory import Application
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.work import Door
from core.settings import Settings
from tests.builders.trading import CONTRACT, Tender, digest, document_body, plan, tender
from tests.builders.trading_web import Browser, application, browser
from trading.services import lots


@pytest.fixture
def app(settings: Settings, door: Door) -> Application:
    return application(settings, door)


@pytest.fixture
def world(door: Door, clock_file: Path, app: Application) -> Tender:
    return tender(door, clock_file)


@pytest.fixture
def public(app: Application) -> Browser:
    return browser(app)


def test_a_lot_is_taken_from_its_number_to_its_notice_over_http(world: Tender, app: Application, public: Browser) -> None:
    agency, tenderer = browser(app, world.agency), browser(app, world.tenderer)
    world.case = agency.post("/api/v1/projects", json={}).json["number"]  # type: ignore[index]
    project, lot = f"/api/v1/projects/{world.case}", f"/api/v1/lots/{world.number}"

    registered = agency.act(f"{project}/registration", world.agency.act("project.register", world.case, body=world.registration()))
    assert registered.status_code == 200, registered.text
    named = registered.json["register_sha256"]  # type: ignore[index]
    said = world.tenderer.act("project.countersign", world.case, body={"register_sha256": named}, step_up=True)
    assert tenderer.act(f"{project}/countersignature", said).json == {"case": world.case, "state": "registered"}

    made = plan()
    body = tenderer.post(f"{lot}/drafts/award-plan", json={"content": made}).json
    assert body == {"plan_sha256": digest(made), "plan": made}
    fixed = tenderer.act(f"{lot}/award-plan", world.tenderer.act("award_plan.fix", world.case, "1", body=body, step_up=True))
    assert fixed.status_code == 200, fixed.text

    content = {name: value for name, value in document_body([world.upload(b"%PDF-1.7")]).items() if name != "document_sha256"}
    body = agency.post(f"{lot}/drafts/document", json={"content": content}).json
    published = agency.act(f"{lot}/document", world.agency.act("document.publish", world.case, "1", body=body))
    assert published.status_code == 200, published.text

    wish = {name: world.notice_body()[name] for name in ("title", "release_at", "deadline", "publicity_days")}
    body = agency.post(f"{lot}/drafts/notice", json={"content": wish}).json
    assert public.get(lot).status_code == 404
    noticed = tenderer.act(f"{lot}/notice", world.tenderer.act("notice.publish", world.case, "1", body=body, step_up=True))
    assert noticed.json == {"lot": world.number, "state": "noticed", "notice": f"{world.number}-N1"}
    assert public.get(lot).json["state"] == "noticed"  # type: ignore[index]


def test_the_rest_of_a_lots_life_goes_over_http_too(world: Tender, app: Application, public: Browser) -> None:
    world.evaluated()
    tenderer, winner = browser(app, world.tenderer), browser(app, world.bidders[0])
    lot, project = f"/api/v1/lots/{world.number}", f"/api/v1/projects/{world.case}"
    said = world.tenderer.act("candidates.publish", world.case, "1", body=world.candidates_body(), step_up=True)
    assert tenderer.act(f"{lot}/candidates", said).status_code == 200
    assert len(public.get(lot).json["candidates"]) == 3  # type: ignore[index]
    world.end_publicity()
    world.step_award()
    shown = public.get(lot).json
    assert shown is not None and "winner_org" not in shown
    awarded: dict[str, Any] = {"winner": str(world.bidders[0].org), "price_fen": 13_000_000_000, "result_sha256": "ef" * 32}
    said = world.tenderer.act("award.notice", world.case, "1", body=awarded, step_up=True)
    assert tenderer.act(f"{lot}/award-notice", said).json["state"] == "notice_sent"  # type: ignore[index]
    assert public.get(lot).json["price_fen"] == 13_000_000_000  # type: ignore[index]
    entry = world.upload(CONTRACT, world.tenderer)
    body: dict[str, Any] = {"contract_sha256": entry["sha256"], "price_fen": 13_000_000_000, "late_reason": ""}
    said = world.tenderer.act("contract.sign", world.case, "1", body=body, step_up=True)
    assert tenderer.act(f"{lot}/contract", said).json == {"lot": world.number, "state": "notice_sent", "complete": False}
    said = world.bidders[0].act("contract.sign", world.case, "1", body=body, step_up=True)
    assert winner.act(f"{lot}/contract", said).json == {"lot": world.number, "state": "contracted", "complete": True}

    centre, supervisor = browser(app, world.centre), browser(app, world.supervisor)
    events = centre.get(project).json["events"]  # type: ignore[index]
    said = world.centre.act("case.close", world.case, body={"events": events}, step_up=True)
    assert centre.act(f"{project}/close", said).json["state"] == "closing"  # type: ignore[index]
    waiting = supervisor.get(project).json["close_proposal"]  # type: ignore[index]
    assert waiting == said.envelope.to_json()
    assert supervisor.act(f"{project}/close/countersignature", world.supervisor.cosign(said)).json["state"] == "closed"  # type: ignore[index]


def test_public_answers_have_etags_and_answer_304(world: Tender, public: Browser) -> None:
    world.noticed()
    for address in ("/api/v1/notices", f"/api/v1/notices/{world.number}-N1", f"/api/v1/lots/{world.number}"):
        first = public.get(address)
        again = public.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code, again.data) == (200, 304, b""), address
        assert first.headers["Cache-Control"] == "public, no-cache"


def test_notices_are_paged_by_their_link(world: Tender, public: Browser) -> None:
    for _ in range(3):
        world.case = type(world.case)("")
        world.noticed()
    address, seen = "/api/v1/notices?limit=1&q=滨江路&kind=tender", []
    while address:
        answer = public.get(address)
        assert answer.json is not None
        seen += [line["number"] for line in answer.json["notices"]]
        address = answer.headers.get("Link", "").partition("<")[2].partition(">")[0]
    assert len(seen) == len(set(seen)) == 3


def test_the_documents_bytes_are_what_its_digest_says(world: Tender, app: Application, public: Browser) -> None:
    world.bidding()
    content = b"%PDF-1.7 tender document"
    app.extensions["gongheng"].files.put(content)
    (file,) = public.get(f"/api/v1/lots/{world.number}").json["documents"]  # type: ignore[index]
    answer = public.get(file["href"])
    assert answer.data == content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert public.get(f"/api/v1/lots/{world.number}/documents/{'00' * 32}").status_code == 404


def test_nothing_public_changes_while_bids_come_in(world: Tender, public: Browser) -> None:
    world.bidding()
    before = {address: public.get(address).data for address in watched(world)}
    world.join_bidders(4)
    assert {address: public.get(address).data for address in watched(world)} == before
    shown = b"".join(before.values()).decode()
    for word in ("bids", "bidders", "downloads", "sealed"):
        assert f'"{word}"' not in shown


def watched(world: Tender) -> tuple[str, ...]:
    return (f"/api/v1/lots/{world.number}", "/api/v1/notices", f"/api/v1/notices/{world.number}-N1")


NO_ENVELOPE = {"payloadType": "x", "payload": "x", "signatures": []}
BAD: tuple[Any, ...] = (None, [], "x", 1, {}, {"envelope": None}, {"envelope": {}}, {"envelope": NO_ENVELOPE})
BAD_PLANS: tuple[dict[str, Any], ...] = (
    {},
    {"method": "DIRECT_VOTE"},
    plan(members="5"),
    plan(members=5.0),
    plan(ties="price"),
    plan(legal_basis="x" * 5000),
    plan(factors=[[]]),
)


def test_malformed_bodies_and_drafts_get_a_sentence_and_change_nothing(world: Tender, app: Application) -> None:
    world.registered()
    tenderer, lot = browser(app, world.tenderer), f"/api/v1/lots/{world.number}"
    steps = ("award-plan", "notice", "candidates", "award-notice", "contract")
    asked = [(f"{lot}/{step}", bad) for step in steps for bad in BAD]
    asked += [(f"{lot}/drafts/award-plan", {"content": bad}) for bad in BAD_PLANS]
    asked += [(f"{lot}/drafts/{kind}", {"content": {}}) for kind in ("document", "notice", "contract", "nothing")]
    for address, bad in asked:
        answer = tenderer.post(address, json=bad)
        assert 400 <= answer.status_code < 500, (address, bad)
        assert answer.mimetype == "application/problem+json" and answer.json is not None and answer.json["detail"]
    assert world.lot.state.value == "registered"


def test_a_number_that_is_none_is_not_found_or_refused(public: Browser) -> None:
    numbers = ("T2026-000009-1", "x", "T2026-000001-1%00", "../../etc", "T2026-000001-1' OR 1=1")
    every = ("/api/v1/lots/{0}", "/lots/{0}", "/api/v1/notices/{0}-N1", "/notices/{0}")
    for address in [pattern.format(number) for number in numbers for pattern in every]:
        assert public.get(address).status_code in (404, 422), address


def test_refusals_name_their_article(world: Tender, app: Application) -> None:
    world.registered()
    body = document_body([world.upload(b"%PDF-1.7")])
    answer = browser(app, world.agency).act(
        f"/api/v1/lots/{world.number}/document", world.agency.act("document.publish", world.case, "1", body=body)
    )
    assert answer.status_code == 422 and answer.json is not None
    assert answer.json["article"] == "招标投标法第十九条"
    assert answer.json["detail"] == "定标方案还没有确定。请招标人先签署定标方案，再发布招标文件。"


def test_the_system_opens_bidding_without_a_person(world: Tender) -> None:
    world.noticed()
    release, lot = world.lot.release_at, world.lot.id
    assert release is not None
    world.jump(release)
    world.door.perform(SYSTEM_ACTOR, lambda work: lots.open_bidding(work, lot))
    assert world.lot.state.value == "bidding"
