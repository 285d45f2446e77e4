"""Sheets of bank statements, row by row; and what a person may decide about a payment that matched nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.kernel.errors import RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.sheet_rows import MOST_ROWS, Fault
from deposits.domain.matching import Judgement, Outcome
from deposits.domain.statement_file import (
    COLUMNS,
    MOVES,
    Column,
    FileAction,
    FileBody,
    FileFacts,
    FileState,
    kept_entry,
    read_sheet,
)
from deposits.domain.suspense import AssignBody, ReturnBody, check_assign

HEADS = [column.value for column in COLUMNS]
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
GOOD = ["BK1", "贷", "800,000.00", "2026-11-30 09:15:00", "6210001888010000000001", "甲公司", "6222 0000-0001", "", "投标保证金"]


def sheet(*rows: list[str]) -> list[list[str]]:
    return [HEADS, *rows]


def changed(column: str, value: str) -> list[str]:
    row = list(GOOD)
    row[HEADS.index(column)] = value
    return row


def test_a_good_row_is_an_entry_of_the_bank() -> None:
    read = read_sheet(sheet(GOOD, ["", ""], [*changed("ref", "BK2")[:8]]), HEADS, NOW)
    assert not read.faults
    assert [one.row for one in read.rows] == [2, 4]
    entry = read.rows[0].entry
    assert (entry.credit, entry.amount, entry.party_account, entry.booked_at) == (
        True,
        Money.yuan("800000.00"),
        "622200000001",
        datetime(2026, 11, 30, 1, 15, tzinfo=UTC),
    )
    assert kept_entry(read.rows[0].to_json(), 7).seq == 7
    assert kept_entry(read.rows[0].to_json(), 0) == entry


def test_debits_and_interest_are_told_apart() -> None:
    rows = [changed("ref", "A"), changed("ref", "B"), changed("ref", "C")]
    rows[0][1], rows[1][1], rows[2][1] = "借", "利息", "credit"
    read = read_sheet(sheet(*rows), HEADS, NOW)
    assert [(one.entry.credit, one.entry.interest) for one in read.rows] == [(False, False), (True, True), (True, False)]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("ref", "", "ref"),
        ("ref", "x" * 36, "ref"),
        ("ref", "流水1", "ref"),
        ("direction", "进", "direction"),
        ("amount", "0", "amount"),
        ("amount", "1.001", "amount"),
        ("amount", "-1", "amount"),
        ("booked_at", "昨天", "moment"),
        ("booked_at", "2026-02-30 10:00", "moment"),
        ("booked_at", "2026-11-30 11:00:00", "future"),
        ("sub_account", "6.21e+21", "sub_account"),
        ("sub_account", "621000188801" + "0" * 30, "sub_account"),
        ("party_name", "", "party_name"),
        ("party_name", "长" * 141, "party_name"),
        ("party_account", "账号", "party_account"),
        ("key", "钥匙", "key"),
        ("text", "长" * 141, "text"),
    ],
)
def test_a_row_that_may_not_be_booked_has_its_fault(column: str, value: str, code: str) -> None:
    read = read_sheet(sheet(changed(column, value)), HEADS, NOW)
    assert not read.rows
    assert read.faults == (Fault(2, Column(column), f"bank_statement.{code}", {}),)


def test_a_reference_stands_once_and_a_row_tells_all_its_faults() -> None:
    read = read_sheet(sheet(GOOD, GOOD, ["?", "?"]), HEADS, NOW)
    assert len(read.rows) == 1
    assert [(fault.row, fault.code.rpartition(".")[2]) for fault in read.faults] == [
        (3, "twice"),
        *((4, code) for code in ("ref", "direction", "amount", "moment", "sub_account")),
    ]


def test_no_sheet_but_the_template_is_read() -> None:
    for cells in ([], [["a"]], [HEADS[::-1]]):
        with pytest.raises(RuleBroken, match=r"sheet\.heads"):
            read_sheet(cells, HEADS, NOW)
    with pytest.raises(RuleBroken, match=r"sheet\.too_many"):
        read_sheet(sheet(*[GOOD] * (MOST_ROWS + 1)), HEADS, NOW)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (FileFacts(), "bank_statement.nothing"),
        (FileFacts(good=1, bad=2), "bank_statement.faults"),
        (FileFacts(good=1, bad=2, left_out=2), None),
    ],
)
def test_a_sheet_is_confirmed_with_its_faults_left_out_by_name(facts: FileFacts, code: str | None) -> None:
    who = frozenset({Role.FINANCE})
    if code is None:
        assert MOVES.choose(FileAction.CONFIRM, FileState.PREVIEWED, who, facts) is FileState.CONFIRMED
        with pytest.raises(WrongState):
            MOVES.choose(FileAction.CONFIRM, FileState.DONE, who, facts)
    else:
        with pytest.raises(RuleBroken, match=code):
            MOVES.choose(FileAction.CONFIRM, FileState.PREVIEWED, who, facts)


def test_bodies_are_read_whole_or_refused() -> None:
    uuid = "01900000-0000-7000-8000-000000000001"
    assert FileBody.read({"id": uuid, "file_sha256": "0" * 64, "rows": 1, "left_out": 0}).rows == 1
    assert ReturnBody.read({"ref": "BK1", "reason": "x"}).ref == "BK1"
    assert str(AssignBody.read({"ref": "BK1", "deposit": uuid, "reason": "x"}).deposit) == uuid
    for read, body in ((FileBody.read, {}), (ReturnBody.read, {"ref": "BK1", "reason": "x", "more": 1}), (AssignBody.read, {"ref": "BK1"})):
        with pytest.raises(RuleBroken, match=r"body\.malformed"):
            read(body)  # type: ignore[operator]


@pytest.mark.parametrize("outcome", [Outcome.LATE, Outcome.WRONG_NAME, Outcome.NOT_BASIC_ACCOUNT, Outcome.DUPLICATE])
def test_nobody_may_assign_what_would_have_gone_back(outcome: Outcome) -> None:
    with pytest.raises(RuleBroken, match=r"suspense\.does_not_fit"):
        check_assign(Judgement(outcome, Money(0), Money(1)))
    check_assign(Judgement(Outcome.SHORT, Money(1), Money(0)))
