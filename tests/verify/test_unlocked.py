"""Reopened sheets and members who do not sign the report: the true story holds, and every lie about who decided, or when, is found."""

from __future__ import annotations

import copy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.kernel import clock
from tests.verify.forging import Case, Said
from tests.verify.test_forgeries import Edit, body, drop, found, of, put

# A member asks for the sheet back, the host and the chair grant it, the member signs another


def member(story: list[Said], seat: str) -> dict[str, Any]:
    """Actor and keys of the member at a seat, as they signed their sheet."""
    who = next(one for one in story if one["payload"]["type"] == "room.sign_in" and one["payload"]["body"]["seat"] == seat)
    return next(
        one for one in story if one["payload"]["type"] == "score" and one["payload"]["actor"]["id"] == who["payload"]["actor"]["id"]
    )


def say(story: list[Said], after: Said, like: Said, kind: str, said: dict[str, Any], *, mark: str) -> Said:
    """Another statement of whoever said `like`, right after another, under a digest that others may name."""
    payload = copy.deepcopy(like["payload"]) | {"type": kind, "nonce": (mark * 32)[:32], "body": said, "round": 0}
    new = {**like, "payload": payload, "old": (mark * 64)[:64], "at": after["at"], "leaf": after["leaf"]}
    story.insert(story.index(after) + 1, new)
    body(story, "case.close")["events"] = len(story) - 1
    return new


def reopened(story: list[Said]) -> None:
    """Seat 1 has signed; the host and the chair grant that it signs again."""
    first, chair = member(story, "1"), member(story, body(story, "chair.elected", -1)["chair"])
    asked = {"sheet_sha256": first["old"], "reason": "看错了附图"}
    granted = {"request_sha256": "a" * 64, "granted": True, "reason": ""}
    last = say(story, first, first, "sheet.unlock.ask", asked, mark="a")
    last = say(story, last, of(story, "blind.open"), "sheet.unlock.decide", dict(granted), mark="b")
    last = say(story, last, chair, "sheet.unlock.decide", dict(granted), mark="c")
    say(story, last, first, "score", copy.deepcopy(first["payload"]["body"]), mark="d")


def then(edit: Edit) -> Edit:
    """The same with another turn."""

    def told(story: list[Said]) -> None:
        reopened(story)
        edit(story)

    return told


def by_another(story: list[Said], nth: int, seat: str) -> None:
    """A decision is put into the mouth of the member at a seat."""
    said, other = of(story, "sheet.unlock.decide", nth), member(story, seat)
    said["payload"]["actor"], said["keys"] = other["payload"]["actor"], other["keys"]


def again(story: list[Said], mark: str) -> None:
    """One more sheet of seat 1, which nobody reopened for."""
    first = member(story, "1")
    say(story, next(one for one in story if one["old"] == "d" * 64), first, "score", copy.deepcopy(first["payload"]["body"]), mark=mark)


def left_open(story: list[Said]) -> None:
    """The chair never decides, and no other sheet comes."""
    drop(story, "sheet.unlock.decide", 1)
    drop(story, "score", 1)


def again_without(story: list[Said]) -> None:
    """Two sheets of one member, and nothing between them."""
    first = member(story, "1")
    say(story, first, first, "score", copy.deepcopy(first["payload"]["body"]), mark="d")


LIES: dict[str, tuple[str, str, Edit]] = {
    "a second sheet that nobody asked for": ("technical", "said_twice", again_without),
    "a second sheet that the chair alone granted": ("technical", "said_twice", then(lambda story: drop(story, "sheet.unlock.decide", 0))),
    "a third sheet": ("technical", "said_twice", then(lambda story: again(story, "e"))),
    "a second sheet in spite of a refusal": (
        "technical",
        "said_twice",
        then(lambda story: put(story, "sheet.unlock.decide", 1, granted=False, reason="理由不足")),
    ),
    "a lock while a request is open": ("unlocks", "unlock_open", then(left_open)),
    "a reopened sheet that is not signed again": ("technical", "sheet_reopened", then(lambda story: drop(story, "score", 1))),
    "a decision on oneself": ("unlocks", "unlock_differs", then(lambda story: by_another(story, 1, "1"))),
    "a decision of whoever does not decide": ("unlocks", "unlock_differs", then(lambda story: by_another(story, 1, "7"))),
    "a request about another's sheet": (
        "unlocks",
        "unlock_differs",
        then(lambda story: put(story, "sheet.unlock.ask", sheet_sha256=member(story, "3")["old"])),
    ),
    "a decision on no request": (
        "unlocks",
        "unlock_differs",
        then(lambda story: put(story, "sheet.unlock.decide", request_sha256="9" * 64)),
    ),
    "a score in the reason": ("unlocks", "unlock.ask.figures", then(lambda story: put(story, "sheet.unlock.ask", reason="应为12分"))),
}


def test_a_sheet_that_both_reopened_is_replaced(case: Case, members: dict[str, bytes], tmp_path: Path) -> None:
    assert found(case, members, tmp_path, reopened) == []


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_about_a_reopened_sheet_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    check, code, edit = LIES[lie]
    broken = found(case, members, tmp_path, edit)
    assert (check, code) in [(one, what) for one, what, _ in broken], broken


# A member does not sign the report


def signature(story: list[Said], seat: str) -> Said:
    """The signature of the member at a seat under the report."""
    who = member(story, seat)["payload"]["actor"]["id"]
    return next(one for one in story if one["payload"]["type"] == "report.sign" and one["payload"]["actor"]["id"] == who)


def unsigned(story: list[Said]) -> None:
    """Seat 7 does not sign; the chair sets a deadline, and the host notes it an hour later."""
    story.remove(signature(story, "7"))
    report = body(story, "report.draft")["report_sha256"]
    last, chair = of(story, "report.sign", -1), signature(story, body(story, "chair.elected", -1)["chair"])
    until = clock.moment(last["at"]) + timedelta(minutes=40)
    told = say(story, last, chair, "report.deadline", {"report_sha256": report, "until": clock.text(until)}, mark="a")
    noted = say(story, told, of(story, "blind.open"), "report.refusal", {"report_sha256": report, "seat": "7", "dissent": ""}, mark="b")
    for said in story[story.index(noted) :]:
        said["at"] = max(said["at"], clock.text(until))
    body(story, "report.submit")["unsigned"] = ["7"]


def noted(**changes: Any) -> Edit:
    """The same with another note."""

    def told(story: list[Said]) -> None:
        unsigned(story)
        put(story, "report.refusal", **changes)

    return told


def without(kind: str) -> Edit:
    """The same, but for one statement."""

    def told(story: list[Said]) -> None:
        unsigned(story)
        drop(story, kind)

    return told


def too_early(story: list[Said]) -> None:
    unsigned(story)
    of(story, "report.refusal")["at"] = of(story, "report.deadline")["at"]


def deadline_by(seat: str) -> Edit:
    """The same, but the deadline is of another member."""

    def told(story: list[Said]) -> None:
        unsigned(story)
        said, other = of(story, "report.deadline"), signature(story, seat)
        said["payload"]["actor"], said["keys"] = other["payload"]["actor"], other["keys"]

    return told


REFUSALS: dict[str, tuple[str, Edit]] = {
    "nobody noted it": ("member_silent", without("report.refusal")),
    "no deadline was set": ("refusal_differs", without("report.deadline")),
    "it was noted before the deadline": ("too_early", too_early),
    "it was noted of who had signed": ("refusal_differs", noted(seat="3")),
    "the deadline was set by another than the chair": ("not_the_chair", deadline_by("3")),
    "the report says that all signed": ("refusal_differs", lambda story: (unsigned(story), put(story, "report.submit", unsigned=[]))),
    "it was noted of another report": ("report.sign.other_report", noted(report_sha256="9" * 64)),
}


def test_a_report_goes_on_without_who_did_not_sign_in_time(case: Case, members: dict[str, bytes], tmp_path: Path) -> None:
    broken = found(case, members, tmp_path, unsigned)
    assert not [one for one in broken if one[0] not in ("fees", "shield")], broken  # which follow from other moments than were told


@pytest.mark.parametrize("lie", REFUSALS)
def test_a_lie_about_a_missing_signature_is_found(case: Case, members: dict[str, bytes], tmp_path: Path, lie: str) -> None:
    code, edit = REFUSALS[lie]
    broken = found(case, members, tmp_path, edit)
    assert ("report", code) in [(check, what) for check, what, _ in broken], broken
