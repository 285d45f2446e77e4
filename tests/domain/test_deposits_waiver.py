"""When a waiver may be used for a lot, and what is signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from deposits.domain.relief import Period, Waiver
from deposits.domain.waiver import Use, UseFacts, refuse_use

ORG, NOW = OrgId(UUID(int=1)), datetime(2026, 9, 1, 4, tzinfo=UTC)
WAIVER = Waiver(ORG, "甲方公司", 50, Period(date(2026, 1, 1), date(2026, 9, 1)), "信用评价 AAA")
FACTS = UseFacts(NOW, NOW + timedelta(milliseconds=1), ORG, WAIVER, has_deposit=False, is_used=False)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"deadline": NOW}, "waiver.too_late"),
        ({"waiver": None}, "waiver.none_holds"),
        ({"bidder": OrgId(UUID(int=2))}, "waiver.none_holds"),
        ({"waiver": replace(WAIVER, period=Period(date(2026, 1, 1), date(2026, 8, 31)))}, "waiver.none_holds"),
        ({"is_used": True}, "waiver.used_already"),
        ({"has_deposit": True}, "waiver.deposit_asked"),
    ],
)
def test_it_is_used_in_time_while_it_holds_once_and_before_an_account_is_asked_for(changes: dict[str, Any], code: str | None) -> None:
    refusal = refuse_use(replace(FACTS, **changes))
    assert (None if refusal is None else refusal.code) == code


def test_its_body_names_the_statement_and_the_firm() -> None:
    said = Use.read({"relief_sha256": "ab" * 32, "bidder": str(ORG)})
    assert said == Use("ab" * 32, ORG)
    for wrong in ({"relief_sha256": "ab"}, {"bidder": "x"}, {"more": 1}):
        with pytest.raises(RuleBroken):
            Use.read({"relief_sha256": "ab" * 32, "bidder": str(ORG)} | wrong)
