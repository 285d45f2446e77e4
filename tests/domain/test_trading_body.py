"""The reader of signed bodies: what each getter takes, and that everything else is refused by name."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import Enum
from typing import TypeAlias
from uuid import UUID

import pytest

from core.kernel.body import Body, digest
from core.kernel.errors import RuleBroken


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
Case: TypeAlias = tuple[Callable[[Body], object], object, str]


def each(take: Callable[[Body], object], *values: object) -> list[Case]:
    return [(take, value, "x") for value in values]


REFUSED: list[Case] = [
    *each(lambda body: body.text("x", 5), 1, None, "", " a", "a ", "abcdef", "a\x00", "a\u202e"),
    *each(lambda body: body.digest("x"), 1, "", "AB" * 32, "ab" * 31, "ab" * 33),
    (lambda body: body.digest("x", optional=True), "ab", "x"),
    *each(lambda body: body.amount("x"), 1, "", "12", "12.5", "12.500", "-1.00", "1,000.00", "1" * 16 + ".00"),
    (lambda body: body.amount("x", optional=True), "1", "x"),
    *each(lambda body: body.count("x", 1, 5), 0, 6, -1, "1", True, None, 1.5),
    *each(lambda body: body.flag("x"), 0, "true", None),
    *each(lambda body: body.uuid("x"), 1, "", "x", "0" * 31 + "a", f"urn:uuid:{UUID(int=10)}"),
    *each(lambda body: body.moment("x"), 1, "", "2026-09-01", "2026-09-01T02:00:00Z", "2026-13-01T02:00:00.000Z"),
    *each(lambda body: body.day("x"), 1, "", "20260901", "2026-W36-2", "2026-02-30"),
    *each(lambda body: body.choice("x", Kind), "bad", 1, None, []),
    *each(lambda body: body.texts("x", 2, 5), "ab", {"0": "a"}, ["a", "b", "c"]),
    (lambda body: body.texts("x", 2, 5), ["a", 1], "x.1"),
    *each(lambda body: body.part("x"), [], "a", None),
    (lambda body: body.part("x").count("y"), {"y": "1"}, "x.y"),
    (lambda body: body.part("x").done(), {"z": "1"}, "x.z"),
    *each(lambda body: body.raw("x"), [], 1),
    *each(lambda body: body.objects("x", 1, 2), [], [{}, {}, {}], {}, "a"),
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


def test_the_digest_of_an_object_is_that_of_its_canonical_bytes() -> None:
    assert digest({"b": 1, "a": "甲"}) == hashlib.sha256('{"a":"甲","b":1}'.encode()).hexdigest()
