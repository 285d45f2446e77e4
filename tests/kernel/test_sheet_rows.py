"""Rows of a sheet: read or with their fault, whatever the spreadsheet wrote."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum

import pytest

from core.kernel.sheet_rows import MOST_ROWS, Fault, Sheet, Wrong, check_written, day_of, read_rows, written_day


class Column(Enum):
    NAME = "name"
    DAY = "day"


HEADS = ["姓名", "日期"]


def read(number: int, cell: Mapping[Column, str]) -> tuple[int, str, date]:
    check_written(cell, {Column.NAME})
    return number, cell[Column.NAME], day_of(cell, Column.DAY)


def test_rows_hold_or_have_their_fault_and_blank_ones_are_passed_over() -> None:
    cells = [HEADS, [" 甲 ", "2026-11-30"], ["", " "], ["乙", "2026-13-01"], ["", "2026-11-30"], ["=1+1", "2026-11-30"], ["丙"]]
    assert read_rows(cells, HEADS, tuple(Column), read) == Sheet(
        ((2, "甲", date(2026, 11, 30)),),
        (
            Fault(4, Column.DAY, "sheet.day", {}),
            Fault(5, Column.NAME, "sheet.empty", {}),
            Fault(6, Column.NAME, "sheet.formula", {}),
            Fault(7, Column.DAY, "sheet.day", {}),
        ),
    )


def test_what_is_no_sheet_of_ours_has_one_fault() -> None:
    for cells in ([], [["姓名"]], [["日期", "姓名"]]):
        assert read_rows(cells, HEADS, tuple(Column), read).faults == (Fault(1, None, "sheet.heads", {}),)
    many = read_rows([HEADS] * (MOST_ROWS + 2), HEADS, tuple(Column), read)
    assert many.faults == (Fault(MOST_ROWS + 2, None, "sheet.too_many", {"most": MOST_ROWS}),)


def test_a_fault_carries_its_facts() -> None:
    def wrong(_number: int, cell: Mapping[Column, str]) -> str:
        raise Wrong(None, "sheet.twice", row=2)

    assert read_rows([HEADS, ["甲"]], HEADS, tuple(Column), wrong).faults == (Fault(2, None, "sheet.twice", {"row": 2}),)


@pytest.mark.parametrize("written", ["2026-11-30", "2026/11/30", "2026.11.30", "2026年11月30日", "2026-11-30 00:00:00", "46356", "46356.0"])
def test_a_day_is_read_however_it_is_written(written: str) -> None:
    assert written_day(written) == date(2026, 11, 30)


@pytest.mark.parametrize("written", ["", "2026-11", "2026-02-30", "4635", "２０２６", "昨天", "2026-11-30 09:00:00"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert written_day(written) is None
