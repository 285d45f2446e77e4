"""The reader of signed bodies: what each getter takes, and that everything else is refused by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from uuid import UUID

import pytest

from core.kernel.errors import RuleBroken
from trading.domain.body import Body


class Kind(Enum):
    GOOD = "good"


TAKEN: list[tuple[Callable[[Body], object], object, object]] = [
    (lambda body: body.text("x", 5), "甲乙", "甲乙"),
    (lambda body: body.text("x", 5), "a\nb", "a\nb"),
    (lambda body: body.text("x", 5, least=0), "", ""),
    (lambda body: body.digest("x"), "ab" * 32, "ab" * 32),
    (lambda body: body.digest("x", optional=True), "", ""),
    (lambda body: body.amount("x"), "12.50", "12.50"),
    (lambda body: body.amount("x", optional=True), "", ""),
    (lambda body: body.count("x"), 0, 0),
    (lambda body: body.flag("x"), False, False),
    (lambda body: body.uuid("x"), "00000000-0000-0000-0000-00000000000a", UUID(int=10)),
    (lambda body: body.moment("x"), "2026-09-01T02:00:00.000Z", datetime(2026, 9, 1, 2, tzinfo=UTC)),
    (lambda body: body.day("x"), "2026-09-01", date(2026, 9, 1)),
    (lambda body: body.choice("x", Kind), "good", Kind.GOOD),
    (lambda body: body.texts("x", 2, 5), ["a", "b"], ("a", "b")),
    (lambda body: body.part("x").count("y"), {"y": 1}, 1),
    (lambda body: body.raw("x"), {"y": 1}, {"y": 1}),
    (lambda body: [part.count("y") for part in body.objects("x", 0, 2)], [{"y": 1}, {"y": 2}], [1, 2]),
]
REFUSED: list[tuple[Callable[[Body], object], object, str]] = [
    *((lambda body: body.text("x", 5), value, "x") for value in (1, None, "", " a", "a ", "abcdef", "a\x00", "a\u202e")),
    *((lambda body: body.digest("x"), value, "x") for value in (1, "", "AB" * 32, "ab" * 31, "ab" * 33)),
    (lambda body: body.digest("x", optional=True), "ab", "x"),
    *((lambda body: body.amount("x"), value, "x") for value in (1, "", "12", "12.5", "12.500", "-1.00", "1,000.00", "1" * 16 + ".00")),
    (lambda body: body.amount("x", optional=True), "1", "x"),
    *((lambda body: body.count("x", 1, 5), value, "x") for value in (0, 6, -1, "1", True, None, 1.5)),
    *((lambda body: body.flag("x"), value, "x") for value in (0, "true", None)),
    *((lambda body: body.uuid("x"), value, "x") for value in (1, "", "x", "0000000000000000000000000000000a", "urn:uuid:" + str(UUID(int=10)))),
    *((lambda body: body.moment("x"), value, "x") for value in (1, "", "2026-09-01", "2026-09-01T02:00:00Z", "2026-13-01T02:00:00.000Z")),
    *((lambda body: body.day("x"), value, "x") for value in (1, "", "20260901", "2026-W36-2", "2026-02-30")),
    *((lambda body: body.choice("x", Kind), value, "x") for value in ("bad", 1, None, [])),
    *((lambda body: body.texts("x", 2, 5), value, "x") for value in ("ab", {"0": "a"}, ["a", "b", "c"])),
    (lambda body: body.texts("x", 2, 5), ["a", 1], "x.1"),
    *((lambda body: body.part("x"), value, "x") for value in ([], "a", None)),
    (lambda body: body.part("x").count("y"), {"y": "1"}, "x.y"),
    (lambda body: body.part("x").done(), {"z": "1"}, "x.z"),
    *((lambda body: body.raw("x"), value, "x") for value in ([], 1)),
    *((lambda body: body.objects("x", 1, 2), value, "x") for value in ([], [{}, {}, {}], {}, "a")),
    (lambda body: body.objects("x", 1, 2), [{}, 1], "x.1"),
    (lambda body: [part.count("y") for part in body.objects("x", 1, 2)], [{"y": 1}, {}], "x.1.y"),
]


@pytest.mark.parametrize(("take", "value", "read"), TAKEN)
def test_a_fitting_member_is_read(take: Callable[[Body], object], value: object, read: object) -> None:
    body = Body({"x": value})
    assert take(body) == read
    body.done()


@pytest.mark.parametrize(("take", "value", "member"), REFUSED)
def test_anything_else_is_refused_by_its_name(take: Callable[[Body], object], value: object, member: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        take(Body({"x": value}))
    assert (refused.value.code, refused.value.facts) == ("body.malformed", {"member": member})


def test_a_missing_member_and_one_too_many_are_refused() -> None:
    with pytest.raises(RuleBroken):
        Body({}).text("x", 5)
    with pytest.raises(RuleBroken) as refused:
        Body({"b": 1, "a": 1}).done()
    assert refused.value.facts == {"member": "a"}
