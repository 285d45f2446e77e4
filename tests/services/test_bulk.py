"""Rows written many at a time are the rows that SQLAlchemy would have written one by one, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.bulk import among, find_many, insert_many, update_many
from core.kernel.money import Money
from core.kernel.records import EventRow
from core.kernel.streams import StreamHead
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


ODD = ["", "NULL", "null", "\\", '"', '\\"', "{a,b}", "},{", " a ", "\n\t", "%s %b $1", "'; --", "𠮷", "\\x41", '","']


def test_no_text_ends_its_array(door: Door) -> None:
    """On PostgreSQL a column travels as one array."""
    rows = [row(n) | {"party_name": text} for n, text in enumerate(ODD)]
    changed = [{"id": one["id"], "party_account": text} for one, text in zip(rows, reversed(ODD), strict=True)]

    def change(work: Work) -> list[str]:
        connection = work.session.connection()
        insert_many(connection, BankEntryRow, rows)
        update_many(connection, BankEntryRow, "id", changed)
        return list(work.session.scalars(select(BankEntryRow.party_name).where(among(connection, BankEntryRow.party_name, ODD[:8]))))

    assert sorted(door.perform(SYSTEM_ACTOR, change)) == sorted(ODD[:8])
    kept = door.read(lambda session: list(session.scalars(select(BankEntryRow).order_by(BankEntryRow.seq))))
    assert [(one.party_name, one.party_account) for one in kept] == list(zip(ODD, reversed(ODD), strict=True))


def test_bytes_numbers_and_what_is_not_there_come_back(door: Door) -> None:
    salts = [bytes(range(32)), b"\\x" * 16, b'"{},' * 8, b"\0" * 32]
    rows = [
        {
            "case_id": "T",
            "case_seq": n,
            "kind": "k",
            "subject": "",
            "at": AT,
            "salt": salt,
            "data": b"",
            "commitment": salt,
            "leaf_index": leaf,
        }
        for n, (salt, leaf) in enumerate(zip(salts, (None, -3, 2**62, None), strict=True))
    ]
    door.perform(SYSTEM_ACTOR, lambda work: insert_many(work.session.connection(), EventRow, rows))
    kept = door.read(lambda session: list(session.scalars(select(EventRow).order_by(EventRow.case_seq))))
    assert [{name: getattr(one, name) for name in rows[0]} for one in kept] == rows


def test_a_text_with_a_zero_in_it_is_never_stored_cut_short(door: Door) -> None:
    told = [row(1) | {"party_name": "第九\0建筑"}, row(2)]
    try:
        door.perform(SYSTEM_ACTOR, lambda work: insert_many(work.session.connection(), BankEntryRow, told))
    except DBAPIError:  # PostgreSQL has no such text
        told = []
    kept = door.read(lambda session: list(session.scalars(select(BankEntryRow.party_name).order_by(BankEntryRow.seq))))
    assert kept == [one["party_name"] for one in told]


def test_rows_are_found_by_several_columns_together(door: Door) -> None:
    heads = [{"case_id": case, "audience": audience, "seq": n} for n, (case, audience) in enumerate((("A", "x"), ("A", 'y"'), ("B", "x")))]

    def find(work: Work) -> list[tuple[object, ...]]:
        connection = work.session.connection()
        insert_many(connection, StreamHead, heads)
        assert find_many(connection, StreamHead, {"case_id": [], "audience": []}, ("seq",)) == []
        return find_many(connection, StreamHead, {"case_id": ["A", "B", "B"], "audience": ['y"', 'y"', "x"]}, ("audience", "seq"))

    assert sorted(door.perform(SYSTEM_ACTOR, find)) == [("x", 2), ('y"', 1)]


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
