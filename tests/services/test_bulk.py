"""Rows written many at a time are the rows that SQLAlchemy would have written one by one, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import insert_many, update_many
from core.kernel.money import Money
from core.kernel.work import Door, Work
from deposits.domain.matching import Outcome
from deposits.models.bank import BankEntryRow
from deposits.models.ledger import LedgerAccount

AT = datetime(2026, 9, 1, 8, 30, 15, 123_000, tzinfo=UTC)


def row(n: int) -> dict[str, object]:
    return {
        **{"id": uuid4(), "ref": f"B{n}", "seq": n, "credit": bool(n % 2), "amount": Money(n), "booked_at": AT, "value_at": AT},
        **{"sub_account": "62100", "party_name": "第九(集团)%s'\"", "party_account": "", "end_to_end_id": "", "received_at": AT},
        **{"outcome": Outcome.UNKNOWN, "deposit_id": None, "taken": Money(0), "returned": Money(0)},
    }


def test_rows_come_back_as_they_were_written(door: Door) -> None:
    rows = [row(n) for n in range(1, 41)]
    door.perform(SYSTEM_ACTOR, lambda work: insert_many(work.session.connection(), BankEntryRow, rows))
    kept = door.read(lambda session: list(session.scalars(select(BankEntryRow).order_by(BankEntryRow.seq))))
    assert [{name: getattr(one, name) for name in rows[0]} for one in kept] == rows


def test_nothing_is_written_of_rows_of_which_one_may_not_be(door: Door) -> None:
    rows = [row(1), row(2) | {"ref": "B1"}]
    with pytest.raises(IntegrityError):
        door.perform(SYSTEM_ACTOR, lambda work: insert_many(work.session.connection(), BankEntryRow, rows))
    with pytest.raises(ValueError, match="without its zone"):
        naive = [row(1) | {"value_at": AT.replace(tzinfo=None)}]
        door.perform(SYSTEM_ACTOR, lambda work: insert_many(work.session.connection(), BankEntryRow, naive))
    assert door.read(lambda session: session.scalar(select(BankEntryRow.ref))) is None


def test_changed_are_the_rows_named_and_no_others(door: Door) -> None:
    rows = [row(n) for n in (1, 2, 3)]
    later = AT + timedelta(days=1)
    changes = [{"id": one["id"], "value_at": later, "outcome": Outcome.LATE} for one in rows[:2]]

    def change(work: Work) -> None:
        insert_many(work.session.connection(), BankEntryRow, rows)
        update_many(work.session.connection(), BankEntryRow, "id", changes)
        insert_many(work.session.connection(), LedgerAccount, [])
        update_many(work.session.connection(), LedgerAccount, "key", [])

    door.perform(SYSTEM_ACTOR, change)
    kept = door.read(lambda session: list(session.scalars(select(BankEntryRow).order_by(BankEntryRow.seq))))
    assert [(one.value_at, one.outcome) for one in kept] == [(later, Outcome.LATE)] * 2 + [(AT, Outcome.UNKNOWN)]
