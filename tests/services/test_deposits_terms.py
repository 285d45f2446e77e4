"""A lot's document says how its deposits are taken, and the law whether the basic account binds."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel.work import Door
from deposits.domain.terms import UNSAID, Form
from deposits.queries.terms import terms_by_number, terms_of
from tests.builders.trading import tender

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.mark.parametrize("mandatory", [True, False])
def test_the_notice_hands_the_terms_down(door: Door, clock_file: Path, mandatory: bool) -> None:
    lot = tender(door, clock_file, "construction", mandatory).bidding()
    seen = door.read(lambda session: terms_of(session, lot.lot_id))
    assert (seen.terms, seen.basic_only, seen.by_transfer) == (UNSAID, mandatory, True)
    assert seen.title and seen == door.read(lambda session: terms_by_number(session, lot.number))
    assert not door.read(lambda session: terms_by_number(session, "T2026-000099-1")).title
    assert Form.TRANSFER in seen.terms.forms
