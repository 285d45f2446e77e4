"""Reopened sheets and missing signatures: who decides, what a reason may hold, until when a report is to be signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.kernel import clock
from core.kernel.errors import RuleBroken
from evaluation.domain.report_refusal import DeadlineBody, RefusalBody
from evaluation.domain.unlock import DecisionBody, State, UnlockBody, deciders, outcome

SEVEN = "1234567"
NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
SHEET, REPORT = "ab" * 32, "5e" * 32


def test_the_host_and_the_chair_decide_and_two_members_of_the_lowest_seats_where_the_chair_asks() -> None:
    assert deciders("3", "5", SEVEN) == {"centre", "5"}
    assert deciders("5", "5", SEVEN) == {"centre", "1", "2"}
    assert deciders("1", "1", SEVEN) == {"centre", "2", "3"}
    assert deciders("2", "", SEVEN) == {"centre", "1", "3"}  # the chair's seat is empty
    assert all(asker not in deciders(asker, chair, SEVEN) for asker in SEVEN for chair in SEVEN)


@pytest.mark.parametrize(
    ("granted", "refused", "state"),
    [
        ((), (), State.OPEN),
        (("centre",), (), State.OPEN),
        (("centre", "5"), (), State.GRANTED),
        (("centre",), ("5",), State.REFUSED),
        ((), ("centre",), State.REFUSED),
        (("centre", "4"), (), State.OPEN),
        (("centre", "5"), ("4",), State.GRANTED),  # whoever does not decide counts nowhere
    ],
)
def test_the_first_refusal_refuses_and_all_have_to_grant(granted: tuple[str, ...], refused: tuple[str, ...], state: State) -> None:
    assert outcome(frozenset({"centre", "5"}), granted, refused) is state and state.is_granted == (state is State.GRANTED)


def refusal(read: Any, *given: Any) -> str:
    with pytest.raises(RuleBroken) as refused:
        read(*given)
    return refused.value.code


def test_a_reason_holds_no_figure_whatever_its_script() -> None:
    assert UnlockBody.read({"sheet_sha256": SHEET, "reason": " 第二项看错了页面 "}).reason == "第二项看错了页面"
    for reason in ("应为12分", "应为１２分", "①看错了", "½"):
        assert refusal(UnlockBody.read, {"sheet_sha256": SHEET, "reason": "理由：" + reason}) == "unlock.ask.figures"
    assert refusal(UnlockBody.read, {"sheet_sha256": SHEET, "reason": " "}) == "evaluation.body"
    assert refusal(UnlockBody.read, {"sheet_sha256": "x" * 64, "reason": "看错了"}) == "unlock.ask.other_sheet"


def test_who_refuses_says_why() -> None:
    assert DecisionBody.read({"request_sha256": SHEET, "granted": True, "reason": ""}) == DecisionBody(SHEET, True, "")
    assert DecisionBody.read({"request_sha256": SHEET, "granted": False, "reason": "理由不足"}).reason == "理由不足"
    assert refusal(DecisionBody.read, {"request_sha256": SHEET, "granted": False, "reason": " "}) == "unlock.decide.reason"


def until(**later: float) -> dict[str, str]:
    return {"report_sha256": REPORT, "until": clock.text(NOW + timedelta(**later))}


def test_a_deadline_leaves_time_to_read_and_does_not_hold_the_report_up() -> None:
    for span in ({"minutes": 30}, {"days": 3}):
        assert DeadlineBody.read(until(**span), REPORT, NOW).until == NOW + timedelta(**span)
    for span in ({"minutes": 29, "seconds": 59}, {"days": 3, "seconds": 1}, {"minutes": -5}):
        assert refusal(DeadlineBody.read, until(**span), REPORT, NOW) == "report.deadline.span"
    assert refusal(DeadlineBody.read, {"report_sha256": REPORT, "until": "soon"}, REPORT, NOW) == "report.deadline.span"
    assert refusal(DeadlineBody.read, until(hours=1), SHEET, NOW) == "report.sign.other_report"


def test_a_note_is_about_one_member_and_the_report_on_file() -> None:
    said = {"report_sha256": REPORT, "seat": "7", "dissent": " 不同意 "}
    assert RefusalBody.read(said, REPORT) == RefusalBody(REPORT, "7", "不同意")
    assert refusal(RefusalBody.read, said, SHEET) == "report.sign.other_report"
