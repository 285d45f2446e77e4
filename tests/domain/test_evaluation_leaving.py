"""Who may say that a member is replaced, and why."""

from __future__ import annotations

from typing import Any

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.roles import Role
from evaluation.domain.audience import PROJECTIONS
from evaluation.domain.calling import Cause
from evaluation.domain.leaving import NOTED, OWN, VOIDED, LeaveBody, ReplaceBody
from evaluation.events_leaving import MemberLeft

SAID = "突发疾病，已由现场医务人员确认"


@pytest.mark.parametrize("cause", OWN)
def test_a_member_gives_a_cause_of_their_own(cause: Cause) -> None:
    assert LeaveBody.read({"cause": cause.value, "reason": SAID}) == LeaveBody(cause, SAID)


@pytest.mark.parametrize(("role", "cause"), [(role, cause) for role in NOTED for cause in Cause])
def test_each_office_notes_its_own_causes_alone(role: Role, cause: Cause) -> None:
    body = {"seat": "3", "cause": cause.value, "reason": SAID}
    if cause in NOTED[role]:
        assert ReplaceBody.read(body, role) == ReplaceBody("3", cause, SAID)
    else:
        with pytest.raises(RuleBroken):
            ReplaceBody.read(body, role)


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"cause": "health"},
        {"cause": "health", "reason": ""},
        {"cause": "health", "reason": "病" * 501},
        {"cause": "late", "reason": SAID},
        {"cause": "conduct", "reason": SAID},
        {"cause": "health", "reason": SAID, "seat": "3"},
    ],
)
def test_rubbish_is_refused(body: Any) -> None:
    with pytest.raises(RuleBroken):
        LeaveBody.read(body)


STAYS = frozenset(
    {
        *("committee.form", "room.sign_in", "room.assembled", "room.leave", "room.replace", "host.call", "host.answer"),
        *("chair.vote", "chair.tied", "chair.elected", "recusal.declare", "discussion.topic", "discussion.message"),
        *("preliminary.review", "score", "sheet.unlock.ask", "sheet.unlock.decide"),
        *("bid_question.propose", "bid_question.ask", "bid_question.answer", "bid_question.overdue"),
        *("blind.map", "reference_price.open", "report.submit", "reevaluation.open"),
        *("supervision.act", "supervision.answer", "supervision.urge", "supervision.overdue", "supervision.resume", "supervision.close"),
        *(
            "seats.commit",
            "seats.draw",
            "seats.drawn",
            "seat.check_in",
            "seat.left",
            "seat.back",
            "video.begin",
            "video.full",
            "video.gap",
            "video.back",
        ),
        *("halt.fault", "halt.repair", "halt.decide", "halt.night", "halt.open", "halt.sealed", "halt.reformed", "halt.vacancy"),
        *("drill.begin", "drill.bids", "drill.inject", "drill.lift", "drill.end"),
        *("supervision.view", "supervision.look", "supervision.view_end"),
        *("tie_draw.request", "tie_draw.commit", "tie_draw.reveal", "tie_draw.redraw", "tie_draw.result"),
    }
)
"""The work of those who stay, what is theirs alone, and what was said to others or drawn in their sight."""


def test_of_every_statement_in_the_room_it_is_decided_whether_a_replacement_voids_it() -> None:
    others = ("draw.", "award.", "award_draw.", "ballot", "interference.")
    assert {kind for kind in PROJECTIONS if not kind.startswith(others)} == STAYS | VOIDED and not STAYS & VOIDED


def test_the_committee_hears_of_the_seat_and_not_of_the_cause() -> None:
    event = MemberLeft(case="T2026-000001", lot="1", seat="3", cause="health")
    told = {one.audience: dict(one.data) for one in PROJECTIONS["room.leave"](event)}
    assert told["committee"] == {"lot": "1", "seat": "3"}
    assert told["supervisor"] == told["host"] == {"lot": "1", "seat": "3", "cause": "health"}
    assert set(told) == {"committee", "host", "supervisor"}
