"""Signed acts: accepted once, refused for every way of not being what they should be."""

from __future__ import annotations

from core.kernel.roles import Role
from core.kernel.work import Door
from tests.builders.people import people


def test_a_person_joins_with_keys(door: Door) -> None:
    someone = people(door).join(Role.BIDDER)
    assert someone.prev("T2026-000001") == ""
