"""A case whose committee was sealed after four hours and followed by another, drawn beyond those who follow: it holds, lies do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel.roles import Role
from evaluation.domain.redraw import Again
from evaluation.jobs import TICKS
from evaluation.queries import sites as site_queries
from tests.builders import experts as pool_experts
from tests.builders.evaluation import SITES
from tests.builders.fees import Fees
from tests.builders.halting import fault, unseal
from tests.builders.seating import draw_seats, sit_down
from tests.builders.sites import sites_of
from tests.builders.whole import Whole
from tests.verify.conftest import members_of, unplayed
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import body, drop, found, put

Edit = Callable[[list[Said]], object]
AGAIN = Again("fault", "评审中故障超过四小时，另组评标委员会")


def more_experts(made: Whole) -> None:
    """Enough of both specialties for a second committee."""
    room, fill = made.room, made.room.fill_pool

    def both(experts: int) -> None:
        fill(experts)
        for number in range(experts, experts + 14):
            expert = room.tender.crowd.join(Role.EXPERT, f"第{number}设计研究院")
            room.experts.append(expert)
            pool_experts.ready(room.tender.door, room.tender.centre, expert, ["civil", "cost"])

    made.room.fill_pool = both  # type: ignore[method-assign]


def book_again(made: Whole) -> None:
    """The sites are booked for when the second committee assembles."""
    tender = made.room.tender
    keeper = sites_of(tender.door, tender.crowd, tender.centre)
    for plan in SITES:
        lines = tender.door.read(lambda session: site_queries.all_of(session, tender.door.clock(session), tender.centre.actor))
        keeper.book(
            next(one.number for one in lines if one.name == plan.site), lot=made.room.number, seats=4, apart=True, start=8.5 / 24, hours=12
        )


def reform(made: Whole) -> None:
    """One has reviewed when all stops; after four hours another committee is drawn, and begins from the beginning."""
    room = made.room
    room.review(room.members[0])
    fault(room)
    room.tender.jump(room.tender.now + timedelta(hours=4.1))
    next(tick for tick in TICKS if tick.name == "evaluation.faults_overdue").run(room.tender.door)
    unseal(room)
    book_again(made)
    room.drawn(again=AGAIN, hours=9)
    made.deliver()
    room.all_answer()
    room.form()
    room.tender.jump(room.tender.now + timedelta(hours=9))
    for who in room.members:
        room.sign_in(who)
    draw_seats(room)
    for who in room.members:
        sit_down(room, who, room.devices)
    for who in room.members:
        room.vote_chair(who, "2", 2)
    for who in room.members:
        room.declare(who)


def fees(made: Whole) -> None:
    """Those of both committees; the third member of the second objects."""
    told = Fees(made.room)
    told.calculate()
    told.object_to(made.room.members[2], "3-2")
    told.correct("3-2", emergency=True)
    told.confirm(*(line for line in told.lines() if line != "7-2"))


@pytest.fixture(scope="module")
def reformed(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    folder = tmp_path_factory.mktemp("reformed")
    with unplayed(folder, sqlite_template) as made:
        more_experts(made)
        decide = made._decide_on_card

        def after_another() -> None:
            reform(made)
            decide()

        made._decide_on_card = after_another  # type: ignore[method-assign]
        made.fees = lambda: fees(made)  # type: ignore[method-assign]
        yield Case.of(made, made.play().export(), folder)


def test_a_case_with_another_committee_holds(reformed: Case) -> None:
    verdict = verify(reformed.path, reformed.policy)
    assert [(finding.check, finding.code, finding.member) for finding in verdict.findings if not finding.holds] == []


def without_reason(story: list[Said]) -> None:
    body(story, "draw.request", 1)["again"] = {"code": "", "text": ""}


def other_conditions(story: list[Said]) -> None:
    body(story, "draw.request", 1)["request"]["org_cap"] = 3


def old_members_in_the_pool(story: list[Said]) -> None:
    body(story, "draw.request", 1)["request"]["recused"] = []


LIES: dict[str, tuple[str, Edit]] = {
    "no reason": ("draw.request.reason", without_reason),
    "other conditions": ("draw.request.conditions", other_conditions),
    "old members who may be drawn": ("draw.request.old_member", old_members_in_the_pool),
    "a committee that was never sealed": ("draw.request.formed", lambda story: drop(story, "halt.sealed")),
    "an alarm that nobody heard": ("alarm_missing", lambda story: drop(story, "draw.alarm")),
    "a seat for another": ("seats_differ", lambda story: put(story, "committee.form", -1, seats=body(story, "committee.form")["seats"])),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_another_committee_is_found(reformed: Case, tmp_path: Path, lie: str) -> None:
    code, edit = LIES[lie]
    members: dict[str, Any] = members_of(reformed)
    broken = found(reformed, members, tmp_path, edit)
    assert code in [what for _, what, _ in broken], broken
