"""A case in which two members were replaced, while prices were awaited and under the report: it holds, lies about it do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel.roles import Role
from tests.builders import experts as pool_experts
from tests.builders.whole import Whole
from tests.verify.conftest import REVIEW, members_of, unplayed
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, drop, found, put

Edit = Callable[[list[Said]], object]


def more_civil_engineers(made: Whole) -> None:
    """Enough of one specialty for whoever leaves to be followed."""
    room, fill = made.room, made.room.fill_pool

    def both(experts: int) -> None:
        fill(experts)
        for number in range(experts, experts + 4):
            expert = room.tender.crowd.join(Role.EXPERT, f"第{number}设计研究院")
            room.experts.append(expert)
            pool_experts.ready(room.tender.door, room.tender.centre, expert, ["civil", "cost"])

    made.room.fill_pool = both  # type: ignore[method-assign]


def succeed(made: Whole, seat: int, share: str) -> None:
    """Whoever follows does again what the committee has done; the votes are held again by all."""
    room = made.room
    who = room.succeed(seat)
    room.review(who)
    doubted = room.codes[-1]
    for place, one in enumerate(room.members):
        room.vote_rejection(one, {doubted: "no_signature" if place < 2 else "stays"})
    room.submit(who, room.sheet(share))
    room.open_map()
    made.deliver()


def settle_again(made: Whole) -> None:
    """The prices are looked through once more, and voted on."""
    room = made.room
    room.leave(room.members[5])
    succeed(made, 6, "0.9")
    room.close_prices()
    held = room.view(room.members[0]).map
    assert held is not None
    cheap = next(code for code, one in held.items() if one.org == room.tender.bidders[1].org)
    for place, who in enumerate(room.members):
        room.vote_price(who, cheap, place > 1)
    made.deliver()


@pytest.fixture(scope="module")
def replaced(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("replaced")
    with unplayed(folder, sqlite_template, review=REVIEW) as made:
        more_civil_engineers(made)
        settle = made._settle_prices

        def twice() -> None:
            settle()
            made.room.sign_report(made.room.members[0], "", made.report_sha256)
            settle_again(made)

        made._settle_prices = twice  # type: ignore[method-assign]
        made.seal()
        made.open()
        made.evaluate()
        made.room.replace(made.room.tender.supervisor, "5", "recusal", "成员与投标人的股东有亲属关系")
        succeed(made, 5, "0.7")
        made.open_prices()
        made.award()
        made.close()
        yield Case.of(made, made.export(), folder)


def test_a_case_with_replacements_holds(replaced: Case) -> None:
    verdict = verify(replaced.path, replaced.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []
    assert {finding.check: finding.detail for finding in verdict.findings}["replaced"] == "2"


def another_seat(story: list[Said]) -> None:
    put(story, "room.replace", seat="4")


def another_speaker(story: list[Said]) -> None:
    left = next(said for said in story if said["payload"]["type"] == "room.leave")
    other = next(said for said in story if said["payload"]["type"] == "report.sign")
    left["payload"]["actor"], left["keys"] = other["payload"]["actor"], other["keys"]


def earlier_lock(story: list[Said]) -> None:
    """What was concluded before the replacement is told otherwise."""
    body(story, "technical.lock")["result_sha256"] = "ab" * 32


def first_votes(story: list[Said]) -> None:
    for place in range(2, 5):
        body(story, "rejection.vote", place)["votes"][0].update(ground="not_responsive")


def summary_before(story: list[Said]) -> None:
    put(story, "summary", result_sha256="ab" * 32)


LIES: dict[str, tuple[str, str, Edit]] = {
    "a seat handed on that nobody signed for": ("replaced", "leave_unsaid", lambda story: drop(story, "room.replace")),
    "a member who never left": ("replaced", "leave_unsaid", lambda story: drop(story, "room.leave")),
    "the word of another than who left": ("replaced", "seats_differ", another_speaker),
    "another seat than was named": ("replaced", "seats_differ", another_seat),
    "a cause that is not the supervisor's": ("replaced", "evaluation.body", lambda story: put(story, "room.replace", cause="late")),
    "another first result": ("replaced", "technical_differs", earlier_lock),
    "first votes turned": ("replaced", "rejection_differs", first_votes),
    "another first summary": ("replaced", "digest_differs", summary_before),
    "the successor's sheet left out": ("technical", "member_silent", lambda story: drop(story, "score", -1)),
    "votes not held again": ("preliminary", "member_silent", lambda story: drop(story, "rejection.vote", -1)),
    "names opened again by one": ("blind_map", "map_not_two", lambda story: drop(story, "blind.open", -1)),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_replacement_is_found(replaced: Case, tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    members: dict[str, Any] = members_of(replaced)
    broken = found(replaced, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken
