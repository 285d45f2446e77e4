"""The main pages of the twelve steps in both sizes and languages: there, silent in the console, without a serious finding of axe-core."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from core.kernel.roles import Role
from core.settings import Settings
from tests.browser.accessibility import serious_findings
from tests.browser.people import until
from tests.browser.stage import Seen, Stage, staged
from tests.builders import documents
from tests.builders.people import Person
from tests.builders.plans import published
from tests.builders.supervising import say_purpose
from trading.domain.clarification import name_of
from trading.queries import notices
from trading.services import projects

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
SHOTS = Path(__file__).resolve().parents[2] / "var" / "screenshots" / "steps"
SIZES = ((1440, 900), (390, 844))


@pytest.fixture
def stage(browser: Browser, settings: Settings, clock_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(browser, settings, clock_file, tmp_path / "hall", monkeypatch) as made:
        yield made


def look(stage: Stage, person: Person | None, pages: dict[str, str]) -> None:
    """One person's pages by the name of their pictures; raises AssertionError with all that is wrong."""
    SHOTS.mkdir(parents=True, exist_ok=True)
    seen = stage.come(person)
    wrong = [fault for name, path in pages.items() for fault in _faults(seen, name, path)]
    seen.page.context.close()
    assert wrong == []


def _faults(seen: Seen, name: str, path: str) -> Iterator[object]:
    for width, height in SIZES:
        seen.page.set_viewport_size({"width": width, "height": height})
        for lang in ("en", "zh"):
            seen.said.clear()
            answer = seen.page.goto(f"{seen.url}{path}{'&' if '?' in path else '?'}lang={lang}")
            if "/supervision/purpose?" in seen.page.url and seen.person is not None:
                say_purpose(seen.person, path)
                answer = seen.page.goto(f"{seen.url}{path}{'&' if '?' in path else '?'}lang={lang}")
            seen.page.wait_for_load_state("networkidle") if name == "07-workstation" else None
            until(lambda: seen.page.locator("[data-countdown]:not([data-over]):not(:has(.u))").count() == 0)
            seen.page.screenshot(path=SHOTS / f"{name}-{width}-{lang}.png", full_page=True)
            here = (name, width, lang)
            if answer is None or answer.status != 200 or answer.request.redirected_from:
                yield here, answer and (answer.status, answer.url)
            if not seen.quiet:
                yield here, list(seen.said)
            if seen.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                yield here, "scrolls sideways", seen.page.evaluate(_WIDE)
    yield from ((name, finding) for finding in serious_findings(seen.page))


def _notice(stage: Stage) -> str:
    """The newest notice of the lot."""
    found = stage.tender.door.read(lambda session: notices.of_lot(session, stage.tender.lot_id))
    return f"/notices/{max(found, key=lambda line: line.published_at).number}"


_WIDE = """() => [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)
  .slice(0, 5).map(e => e.tagName + '.' + e.className)"""


def test_those_of_registration_notice_and_bidding(stage: Stage) -> None:
    number, people = stage.hall.number, stage.tender
    bidder = people.join_bidders(1)[0]
    draft = str(people.door.perform(people.agency.actor, projects.reserve_number))
    look(
        stage,
        None,
        {
            "00-login": "/login",
            "00-home": "/",
            "01-notices": "/notices",
            "01-notice": _notice(stage),
            "02-lot": f"/lots/{number}",
            "01-plan": f"/plans/{published(people)}",
            "01-plans": "/plans",
        },
    )
    look(
        stage,
        people.agency,
        {
            "01-projects": "/projects",
            "01-register": f"/projects/new/{draft}",
            "00-work-agency": "/work",
            "02-compose": f"/lots/{number}/document/compose",
        },
    )
    planned = {name: f"/lots/{number}/{name}" for name in ("award-plan", "document", "notice", "method")}
    own = {"01-project": f"/projects/{people.case}", "01-plan-new": "/plans/new", "02-termination": f"/lots/{number}/termination"}
    look(stage, people.tenderer, {f"02-{name}": path for name, path in planned.items()} | own)
    look(
        stage,
        bidder,
        {"03-deposit": f"/lots/{number}/deposit", "04-bid": f"/lots/{number}/bid", "04-bids": "/bids", "00-work-bidder": "/work"},
    )
    sealed = stage.hall.seal(bidder)
    look(stage, bidder, {"04-sealed": f"/lots/{number}/bid", "04-receipt": f"/receipts/{sealed['receipts'][0]['id']}"})
    _change_the_document(stage, bidder)
    asked = f"/lots/{number}/questions"
    look(stage, bidder, {"04-questions": asked, "04-versions": f"/lots/{number}/versions"})
    look(stage, people.agency, {"04-amendment": f"/lots/{number}/amendment", "04-clarification": f"/lots/{number}/clarification"})
    finance = people.crowd.join(Role.FINANCE, people.centre.org_name)
    look(stage, finance, {"03-finance": "/finance"})


def _change_the_document(stage: Stage, bidder: Person) -> None:
    """Amended, answered, asked about again, receipted, and another amendment drafted."""
    world = stage.tender
    documents.ask(world, bidder, "是否组织踏勘？")
    documents.clarify(world, {"question": "是否组织踏勘？", "answer": "不组织。", "settles": [name_of("是否组织踏勘？")]})
    documents.amend(world, "补充地质勘察资料，延长投标时间。", not_before="2030-01-07T01:00:00.000Z")
    documents.ask(world, bidder, "地下水位按哪一期勘察报告取值？")
    documents.receipt(world, bidder)
    documents.draft_amendment(world, "更正最高投标限价的税率。", not_before="2030-01-09T01:00:00.000Z")


def test_those_of_opening_and_draw(stage: Stage) -> None:
    number, people, one = stage.hall.number, stage.tender, stage.hall
    bidders = people.join_bidders(3)
    for bidder in bidders:
        one.seal(bidder)
    one.close()
    stage.grow()
    one.sign_in(*bidders[:2])
    hall = f"/lots/{number}/opening"
    look(stage, people.centre, {"05-hall-start": hall})
    one.start()
    one.confirm()
    look(stage, bidders[0], {"05-hall-release": hall})
    for bidder in bidders:
        one.release(bidder)
    one.batch()
    look(stage, None, {"05-hall-read-out": hall, "05-openings": "/openings"})
    stage.whole._close_hall(0)
    look(stage, people.supervisor, {"05-record": f"{hall}/record"})
    stage.room.fill_pool(11)
    look(stage, people.centre, {"06-draw-request": f"/lots/{number}/draw"})
    stage.room.drawn()
    look(stage, None, {"06-draw": f"/lots/{number}/draw"})


def test_those_of_the_evaluation(stage: Stage) -> None:
    number, room = stage.opened().hall.number, stage.room
    place = f"/lots/{number}/evaluation"
    room.fill_pool(11)
    room.reviewing()
    expert = room.members[0]
    look(stage, expert, {"07-calls": "/evaluations", "07-review": f"{place}/review"})
    for member in room.members:
        room.review(member)
    look(stage, expert, {"07-room": place, "07-workstation": f"{place}/bids/{room.codes[0]}", "07-sheet": f"{place}/sheet"})
    room.submit(room.members[1])
    look(stage, stage.tender.supervisor, {"07-supervision": f"/lots/{number}/supervision", "07-rooms": "/supervision"})
    look(stage, stage.tender.centre, {"07-host": place, "00-work-centre": "/work"})


def test_those_of_report_award_and_contract(stage: Stage) -> None:
    number, room, people = stage.hall.number, stage.room, stage.tender
    stage.reported()
    report = f"/lots/{number}/evaluation"
    look(stage, room.members[0], {"07-report": f"{report}/report", "07-result": f"{report}/result"})
    look(stage, people.tenderer, {"08-candidates-draft": f"/lots/{number}/candidates"})
    stage.publicised()
    look(stage, None, {"08-candidates": _notice(stage)})
    look(stage, people.tenderer, {"09-award-open": f"/lots/{number}/award"})
    room.open_award()
    look(stage, room.award_members[0], {"09-award-sign-in": f"/lots/{number}/award"})
    room.assemble_award(room.award_members)
    look(stage, room.award_members[0], {"09-ballot": f"/lots/{number}/award", "09-awards": "/awards"})
    for member in room.award_members:
        room.ballot(member, room.candidates[0])
    stage.whole.deliver()
    look(stage, people.tenderer, {"09-decided": f"/lots/{number}/award", "09-file": f"/lots/{number}/award/shield"})
    stage.whole.sign_file()
    look(stage, people.tenderer, {"10-award-notice-draft": f"/lots/{number}/award-notice"})
    people.send_award_notice()
    look(stage, None, {"10-award-notice": _notice(stage), "12-verify": "/verify"})
    due = {"10-contract": f"/lots/{number}/contract", "10-lot-due": f"/lots/{number}", "10-work-due": "/work"}
    look(stage, people.tenderer, due)
    people.jump(people.now + timedelta(days=33))
    look(stage, people.supervisor, {"10-work-late": "/work", "10-lot-late": f"/lots/{number}"})
