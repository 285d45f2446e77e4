"""A case with objections and complaints: its package is accepted, and a story in which something went on meanwhile is not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.verify.steps import verify
from core.kernel import clock
from core.kernel.calendar import legal_day
from tests.builders.remedies import remedies
from tests.builders.trading import DAY
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said, packed
from tests.verify.test_forgeries import body, drop, move, put, twice


@pytest.fixture(scope="module")
def remedied(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """Two objections to a document, one answered two days later and one taken back; a complaint that halts the lot, is decided and
    published; one that is refused. The lot fails for want of bids, at its last deadline."""
    folder = tmp_path_factory.mktemp("remedied")
    with unplayed(folder, sqlite_template) as case:
        one, world = case.hall.tender, remedies(case.hall.tender)
        a, b, c, *_ = one.bidders
        case.hall.seal(a)
        known = world.known(legal_day(one.now))
        first, second = world.object(a), world.object(b)
        one.jump(one.now + 2 * DAY)
        world.answer(first)
        world.withdraw(b, second)
        number = world.investigated(a, objection=first, **known)
        world.handle("suspend", number)
        one.jump(one.now + DAY)
        world.handle("lift", number)
        world.handle("decide", number)
        world.handle("publish", number)
        world.handle("refuse", world.complain(c, "other"), ground="standing")
        case.hall.seal(b)
        case.hall.close()
        case.deliver()
        case.close()
        yield Case.of(case, case.export(), folder)


def test_a_case_with_objections_and_complaints_is_accepted(remedied: Case) -> None:
    verdict = verify(remedied.path, remedied.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    [found] = [finding for finding in verdict.findings if finding.check == "remedies"]
    assert found.detail == "2; 2"


def take_the_days(story: list[Said]) -> None:
    """The deadline stays what it was, though the lot stood still."""
    put(story, "bidding.go_on", deadline=body(story, "notice.publish")["deadline"])


def close_early(story: list[Said]) -> None:
    """The list is closed at the deadline of the notice."""
    put(story, "close", deadline=body(story, "notice.publish")["deadline"])


EDITS: dict[str, tuple[Callable[[list[Said]], object], str, str]] = {
    "the days that an objection took are not given back": (take_the_days, "remedies", "too_early"),
    "the lot goes on and was never halted": (lambda story: drop(story, "bidding.halt"), "remedies", "event_missing"),
    "a bid is sealed while an objection waits": (lambda story: move(story, "seal", "objection.answer", 1), "remedies", "objection_open"),
    "an objection is answered twice": (lambda story: twice(story, "objection.answer"), "remedies", "said_twice"),
    "an answer to nobody": (lambda story: put(story, "objection.answer", objection="YY-000000000000"), "remedies", "remedy_unknown"),
    "a decision on no complaint": (lambda story: put(story, "complaint.decide", complaint="TS-000000000000"), "remedies", "remedy_unknown"),
    "a complaint is decided twice": (lambda story: twice(story, "complaint.decide"), "remedies", "said_twice"),
    "a bid is sealed against an authority's order": (lambda story: drop(story, "complaint.lift"), "remedies", "suspended"),
    "bidding closed at the deadline of the notice": (close_early, "closing_list", "deadline_differs"),
}


@pytest.mark.parametrize("name", EDITS)
def test_another_story_of_what_was_objected_is_refused(remedied: Case, name: str, tmp_path: Path) -> None:
    edit, check, code = EDITS[name]
    path = tmp_path / "forged.zip"
    path.write_bytes(packed(remedied.forge(members_of(remedied), edit)))
    broken = [finding for finding in verify(path, remedied.unstamped).findings if not finding.holds]
    assert (check, code) in [(finding.check, finding.code) for finding in broken], broken


def test_a_forger_can_move_the_deadline_by_more_than_the_law_asks_and_is_seen_at_the_close(remedied: Case, tmp_path: Path) -> None:
    def generous(story: list[Said]) -> None:
        said = body(story, "bidding.go_on", 1)
        said["deadline"] = clock.text(clock.moment(said["deadline"]) + DAY)

    path = tmp_path / "forged.zip"
    path.write_bytes(packed(remedied.forge(members_of(remedied), generous)))
    broken = {(finding.check, finding.code) for finding in verify(path, remedied.unstamped).findings if not finding.holds}
    assert ("closing_list", "deadline_differs") in broken
