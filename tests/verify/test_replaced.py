"""A case in which two members were replaced, while prices were awaited and under the report, and other bids went on each time: it holds,
lies about it do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel.roles import Role
from evaluation.queries.blind import codes_of
from tests.builders import experts as pool_experts
from tests.builders.seating import sit_down
from tests.builders.whole import Whole
from tests.verify.conftest import LOOKED, members_of, unplayed
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


def doubted(made: Whole) -> str:
    """The code name of the first bidder: who knows the case's secrets may look."""
    held = made.room.tender.door.read(lambda session: codes_of(session, made._evaluation(session)))
    return next(code for code, org in held.items() if org == made.room.tender.bidders[0].org)


def vote(made: Whole, against: int) -> None:
    """All vote on the bid that one member failed."""
    for place, who in enumerate(made.room.members):
        made.room.vote_rejection(who, {doubted(made): "no_signature" if place < against else "stays"})


def reject_first(made: Whole) -> None:
    """One member fails a bid, and the vote of all has it out."""
    for place, who in enumerate(made.room.members):
        made.room.review(who, [(doubted(made), "formality.signature")] if place == 0 else ())
    vote(made, 4)


def succeed(made: Whole, seat: int, share: str, against: int) -> None:
    """Whoever follows does again what the committee has done; the votes are held again by all, and other bids go on than before."""
    room = made.room
    who = room.succeed(seat)
    sit_down(room, who, room.devices)
    room.review(who)
    vote(made, against)
    for one in room.members:
        room.submit(one, room.sheet(share if one is who else "0.8"))
    room.open_map()
    made.deliver()


def settle_again(made: Whole) -> None:
    """The prices are looked through once more, and voted on."""
    room = made.room
    room.leave(room.members[5])
    succeed(made, 6, "0.9", 4)  # its price is open by now, and counts no more
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
    with unplayed(folder, sqlite_template, review=LOOKED) as made:
        more_civil_engineers(made)
        settle = made._settle_prices

        def twice() -> None:
            settle()
            made.room.sign_report(made.room.members[0], "", made.report_sha256)
            settle_again(made)

        def envelopes() -> None:
            made.price_hall(1, *made.hall.tender.bidders[1:4])
            made.price_hall(3, made.hall.tender.bidders[0])

        made._review = lambda: reject_first(made)  # type: ignore[method-assign]
        made._settle_prices, made._open_envelopes = twice, envelopes  # type: ignore[method-assign]
        made.seal()
        made.open()
        made.evaluate()
        made.room.replace(made.room.tender.supervisor, "5", "recusal", "成员与投标人的股东有亲属关系")
        succeed(made, 5, "0.7", 2)
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


def nobody_asked_later(story: list[Said]) -> None:
    """The price of the bid that newly passed stays shut."""
    story[:] = [said for said in story if said["payload"]["round"] != 3]


def asked_of_all_again(story: list[Said]) -> None:
    body(story, "opening.request", 1)["passed"] += body(story, "opening.request")["passed"]


def asked_in_the_first_place(story: list[Said]) -> None:
    """As if the bid had passed from the beginning."""
    body(story, "opening.request")["passed"] += body(story, "opening.request", 1)["passed"]


def released_before(story: list[Said]) -> None:
    """The key of the bid that newly passed came with the first request."""
    next(said for said in reversed(story) if said["payload"]["type"] == "release")["payload"]["round"] = 1


def summary_before(story: list[Said]) -> None:
    put(story, "summary", result_sha256="ab" * 32)


LIES: dict[str, tuple[str, str, Edit]] = {
    "a price that newly counts and was never asked for": ("replaced", "prices_never_asked", nobody_asked_later),
    "prices asked for twice": ("commercial_request", "asked_of_others", asked_of_all_again),
    "a price asked for before its bid passed": ("commercial_request", "asked_of_others", asked_in_the_first_place),
    "a later price key before it was asked for": ("releases", "key_not_asked_for", released_before),
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
