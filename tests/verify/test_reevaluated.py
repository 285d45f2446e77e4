"""A case in which a complaint was upheld and the original committee evaluated again: it holds, and no lie about either round does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import jcs
from core.kernel.calendar import legal_day
from tests.builders.remedies import remedies
from tests.builders.whole import Whole
from tests.verify.conftest import LOOKED, members_of, unplayed
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, drop, found, of, put

Edit = Callable[[list[Said]], object]


def complaint_upheld(made: Whole) -> str:
    """A bidder objects to the result, complains, and is found right; returns the number of the complaint."""
    said, who = remedies(made.room.tender), made.room.tender.bidders[2]
    objection = said.object(who, "result")
    said.answer(objection)
    number = said.investigated(who, "result", objection, known_on=legal_day(made.room.tender.now).isoformat())
    said.handle("decide", number)
    said.handle("publish", number, text="经查，评分未按招标文件规定的标准作出，责令重新评审。")
    return number


def sheets_of(made: Whole, who: Any) -> list[dict[str, Any]]:
    """What a member had signed."""
    for event in reversed(made.hall.find("score")):
        said: Any = jcs.parse_object(event.envelope.payload)
        if said["actor"]["id"].endswith(str(who.person)):
            return list(said["body"]["sheets"])
    raise AssertionError("no sheet")


def evaluate_again(made: Whole, number: str = "", least: int = 2) -> None:
    """The item `method` is scored again, so that another bid comes first."""
    room = made.room
    room.reevaluate(ground="complaint" if number else "ordered", complaint=number)
    made.deliver()
    room.sit_again()
    last = room.codes[-1]
    for place, who in enumerate(room.members):
        marks = {code: "15" if code == last else str(least + place % 2) for code in room.codes}
        room.submit(who, room.sheet_again(marks, sheets_of(made, who)))
    room.open_map()
    made.deliver()
    if room.tender.lot.review.price_check:
        look_through_prices(made)
    for who in room.members:
        room.sign_report(who, "", made.report_sha256)
    made.deliver()


def look_through_prices(made: Whole) -> None:
    """The chair closes the prices, and the committee votes again on the low one."""
    room = made.room
    room.close_prices()
    held = room.view(room.members[0]).map
    assert held is not None
    cheap = next(code for code, one in held.items() if one.org == room.tender.bidders[1].org)
    for place, who in enumerate(room.members):
        room.vote_price(who, cheap, place > 1)
    made.deliver()


@pytest.fixture(scope="module")
def again(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("again")
    with unplayed(folder, sqlite_template, review=LOOKED, plan="RANK_ONE") as made:
        made.seal()
        made.open()
        made.evaluate()
        made.open_prices()
        made.room.tender.publish_candidates()
        evaluate_again(made, complaint_upheld(made))
        made.award()
        made.close()
        yield Case.of(made, made.export(), folder)


def test_a_case_with_a_second_round_holds(again: Case) -> None:
    verdict = verify(again.path, again.policy)
    assert [(finding.check, finding.code, finding.member, finding.facts) for finding in verdict.findings if not finding.holds] == []
    assert {finding.check: finding.detail for finding in verdict.findings}["reevaluation"] == "1"
    told = members_of(again)
    papers = {name.removeprefix("papers/") for name in told if name.startswith("papers/")}
    story = again.story(told)
    reports = [said["payload"]["body"]["report_sha256"] for said in story if said["payload"]["type"] == "report.draft"]
    assert len(set(reports)) == 2 and set(reports) <= papers  # both rounds are whole in the package
    ranked = [said["payload"]["body"]["candidates"] for said in story if said["payload"]["type"] == "report.submit"]
    assert ranked[0] != ranked[1]


def another_item(story: list[Said]) -> None:
    """What was ordered is told otherwise than it was done."""
    put(story, "reevaluation.order", criteria=["team"])


def silent_change(story: list[Said]) -> None:
    for sheet in body(story, "score", -1)["sheets"]:
        sheet["reasons"].pop("method", None)


def more_than_ordered(story: list[Said]) -> None:
    sheet = body(story, "score", -1)["sheets"][0]
    sheet["scores"]["team"] = "0" if sheet["scores"]["team"] != "0" else "1"


def turned_ranking(story: list[Said]) -> None:
    """The platform keeps the ranking of the first round."""
    first, second = body(story, "summary"), body(story, "summary", -1)
    second.update(first)
    body(story, "report.submit", -1)["candidates"] = body(story, "report.submit")["candidates"]


def first_sheet(story: list[Said]) -> None:
    """A sheet of the first round is told otherwise."""
    sheet = body(story, "score")["sheets"][0]
    sheet["scores"]["method"] = "0" if sheet["scores"]["method"] != "0" else "1"


def published_early(story: list[Said]) -> None:
    """The candidates are published while the members still sign."""
    said, there = of(story, "candidates.publish", -1), of(story, "report.sign", -1)
    story.remove(said)
    said |= {"leaf": there["leaf"], "at": there["at"]}
    story.insert(story.index(there), said)


LIES: dict[str, tuple[str, str, Edit]] = {
    "a round that nobody ordered": ("order", "too_early", lambda story: drop(story, "reevaluation.order")),
    "an order of another item": ("reevaluation", "reevaluation.item_not_ordered", another_item),
    "an order on another report": (
        "reevaluation",
        "reevaluation.other_report",
        lambda s: put(s, "reevaluation.order", report_sha256="ab" * 32),
    ),
    "an order on a ground of the tenderer": (
        "reevaluation",
        "reevaluation.ground_other",
        lambda s: put(s, "reevaluation.order", ground="error"),
    ),
    "an order on a complaint that was dismissed": (
        "reevaluation",
        "reevaluation.complaint_not_upheld",
        lambda story: put(story, "complaint.decide", outcome="dismissed"),
    ),
    "a change without a reason": ("reevaluation", "reevaluation.reason_missing", silent_change),
    "a change of what was not ordered": ("reevaluation", "reevaluation.item_not_ordered", more_than_ordered),
    "a sheet of the second round left out": ("technical", "member_silent", lambda story: drop(story, "score", -1)),
    "the first ranking kept": ("scores", "summary_differs", turned_ranking),
    "a first sheet told otherwise": ("technical", "technical_differs", first_sheet),
    "a member who did not sign in again": ("room", "member_silent", lambda story: drop(story, "room.sign_in", -1)),
    "a member who did not declare again": ("room", "member_silent", lambda story: drop(story, "recusal.declare", -1)),
    "candidates of the first round published while it went on": (
        "reevaluation",
        "while_reevaluated",
        published_early,
    ),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_round_is_found(again: Case, tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    members: dict[str, Any] = members_of(again)
    broken = found(again, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken


@pytest.fixture(scope="module")
def awarded_again(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """The award committee had decided, its file was signed, and the lot had an award notice."""
    folder = tmp_path_factory.mktemp("awarded")
    with unplayed(folder, sqlite_template) as made:
        made.seal()
        made.open()
        made.evaluate()
        made.open_prices()
        one = made.room.tender
        one.publish_candidates()
        one.end_publicity()
        made.deliver()
        made._vote()
        one.send_award_notice()
        evaluate_again(made, least=10)
        before = list(made.room.award_members)
        made.room.award_members.clear()
        made.award()
        made.close()
        made.room.award_members += before  # a forger holds their keys too
        yield Case.of(made, made.export(), folder)


def test_a_case_with_two_award_sessions_holds(awarded_again: Case) -> None:
    verdict = verify(awarded_again.path, awarded_again.policy)
    assert [(finding.check, finding.code, finding.member, finding.facts) for finding in verdict.findings if not finding.holds] == []
    story = awarded_again.story(members_of(awarded_again))
    for kind in ("award.result", "award.notice", "award.report.draft", "report.submit"):
        assert sum(said["payload"]["type"] == kind for said in story) == 2


def test_the_first_award_is_counted_again_too(awarded_again: Case, tmp_path: Path) -> None:
    broken = found(awarded_again, members_of(awarded_again), tmp_path, lambda story: drop(story, "ballot"))
    assert ("vote", "vote_differs") in [(one, what) for one, what, _ in broken], broken
