"""Sheets of experts and agreements of pools by values: how cells are read, what is refused where, and which imports are confirmed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.roles import Role
from core.kernel.sheet_rows import MOST_ROWS
from evaluation.domain import expert_import as life
from evaluation.domain.agreement import Agreement, AgreementEnd, may_end
from evaluation.domain.expert import Recognised
from evaluation.domain.expert_sheet import COLUMNS, Around, Column, Sheet, read_sheet
from tests.builders.people import uscc_of

DAY = date(2026, 11, 30)
HEADS = [column.value for column in COLUMNS]
AROUND = Around(DAY, {"工程造价": "cost", "Cost": "cost", "土木": "civil"})
FIRM = "东湖设计院"


def row(**changes: str) -> list[str]:
    said = {"name": "何平", "employer": FIRM, "uscc": uscc_of(FIRM).lower(), "region": "临江市", "title": "高级工程师"}
    said |= {"qualified_from": "2025-01-01", "qualified_to": "2027/12/31", "strata": "工程造价、civil", "past": "", "trained_on": ""}
    return list((said | {"trained_until": "", "hours": "", "course": "", "origin_key": ""} | changes).values())


def read(*rows: list[str], around: Around = AROUND) -> Sheet:
    return read_sheet([HEADS, *rows], HEADS, around)


def test_a_row_is_read_with_its_days_specialties_past_and_training() -> None:
    past = f"甲方建设集团有限公司|{uscc_of('甲方建设集团有限公司')}|2015年1月1日|45292；\n"
    trained = {"trained_on": "2026-01-05 00:00:00", "trained_until": "2099-01-01", "hours": "16.0", "course": "继续教育"}
    sheet = read([], ["", " "], row(past=past, **trained))
    assert sheet.faults == () and [one.row for one in sheet.rows] == [4]
    profile, training = sheet.rows[0].profile, sheet.rows[0].training
    assert profile.strata == ("cost", "civil") and profile.qualified_to == date(2027, 12, 31)
    assert profile.past[0].until == date(2024, 1, 1) and training is not None and training.hours == 16
    kept = sheet.rows[0].to_json()
    assert kept["row"] == 4 and kept["training"] == {"on": "2026-01-05", "until": "2099-01-01", "hours": 16, "course": "继续教育"}
    assert read(row()).rows[0].to_json()["training"] is None


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"name": ""}, Column.NAME, "sheet.empty"),
        ({"name": "=1+1"}, Column.NAME, "sheet.formula"),
        ({"title": "@SUM"}, Column.TITLE, "sheet.formula"),
        ({"name": "长" * 61}, Column.NAME, "sheet.malformed"),
        ({"uscc": "123"}, Column.USCC, "organisation.uscc"),
        ({"uscc": "1" * 19}, Column.EMPLOYER, "sheet.malformed"),
        ({"qualified_from": "soon"}, Column.QUALIFIED_FROM, "sheet.day"),
        ({"qualified_from": "2025-02-30"}, Column.QUALIFIED_FROM, "sheet.day"),
        ({"qualified_to": "2024-01-01"}, Column.QUALIFIED_TO, "expert.qualified_days"),
        ({"strata": "算命"}, Column.STRATA, "pool.stratum_unknown"),
        ({"strata": "、civil civil"}, Column.STRATA, "pool.strata"),
        ({"past": "甲|乙"}, Column.PAST, "sheet.past"),
        ({"past": "甲|乙|丙|丁"}, Column.PAST, "sheet.past"),
        ({"past": f"甲|{uscc_of('甲')}|2020-01-02|2020-01-01"}, Column.PAST, "expert.past_days"),
        ({"hours": "16"}, Column.TRAINED_ON, "sheet.empty"),
        ({"trained_on": "2026-01-05", "trained_until": "2027-01-05", "hours": "many", "course": "x"}, Column.HOURS, "sheet.malformed"),
        (
            {"trained_on": "2027-01-05", "trained_until": "2027-01-05", "hours": "8", "course": "x"},
            Column.TRAINED_ON,
            "expert.training_days",
        ),
        ({"trained_on": "2026-01-05", "trained_until": "2027-01-05", "hours": "999", "course": "x"}, Column.COURSE, "sheet.malformed"),
        ({"origin_key": "NX-1"}, Column.ORIGIN_KEY, "sheet.no_origin"),
    ],
)
def test_what_is_wrong_is_told_with_its_cell(changes: dict[str, str], column: Column, code: str) -> None:
    sheet = read(row(**changes), row(name="别人"))
    assert [(one.row, one.column, one.code) for one in sheet.faults] == [(2, column, code)] and len(sheet.rows) == 1


def test_nobody_comes_in_twice_and_a_partner_names_everybody() -> None:
    twice = read(row(), row())
    assert [(one.row, one.code, one.facts) for one in twice.faults] == [(3, "sheet.twice", {"row": 2})]
    known = Around(DAY, AROUND.specialties, known=frozenset({("何平", uscc_of(FIRM))}))
    assert [one.code for one in read(row(), around=known).faults] == ["sheet.known"]
    partner = Around(DAY, AROUND.specialties, "A2026-000001", known_keys=frozenset({"NX-1"}))
    faults = read(row(), row(origin_key="NX-1"), row(origin_key="NX-2"), around=partner).faults
    assert [one.code for one in faults] == ["sheet.origin_key", "sheet.known"]


def test_another_head_and_too_many_rows_are_refused_whole() -> None:
    assert [one.code for one in read_sheet([], HEADS, AROUND).faults] == ["sheet.heads"]
    assert [one.code for one in read_sheet([["姓名"]], HEADS, AROUND).faults] == ["sheet.heads"]
    assert [one.code for one in read_sheet([HEADS] * (MOST_ROWS + 2), HEADS, AROUND).faults] == ["sheet.too_many"]


def test_an_import_is_confirmed_when_all_holds_or_the_rest_is_left_out() -> None:
    keeper, action, state = frozenset({Role.CENTRE}), life.ImportAction.CONFIRM, life.ImportState.PREVIEWED
    for facts in (life.ImportFacts(good=2), life.ImportFacts(good=2, bad=1, leaves_out=True)):
        assert life.MOVES.choose(action, state, keeper, facts) is life.ImportState.CONFIRMED
    for facts, code in ((life.ImportFacts(bad=1), "import.nothing"), (life.ImportFacts(good=1, bad=1), "import.faults")):
        with pytest.raises(RuleBroken, match=code):
            life.MOVES.choose(action, state, keeper, facts)
    with pytest.raises(WrongState):
        life.MOVES.choose(action, life.ImportState.DONE, keeper, life.ImportFacts(good=1))
    with pytest.raises(NotAllowed):
        life.MOVES.choose(action, state, frozenset({Role.SUPERVISOR}), life.ImportFacts(good=1))
    body = {"id": str(uuid4()), "file_sha256": "ab" * 32, "origin": "", "rows": 2, "left_out": 0}
    assert life.ImportBody.read(body).rows == 2


def agreement(**changes: Any) -> dict[str, Any]:
    body = {"partner": "宁溪市公共资源交易中心", "city": "宁溪市", "document": "宁临协〔2026〕1号", "since": "2026-12-01"}
    return body | {"until": "2028-11-30", "recognises": ["qualification", "training"], "note": ""} | changes


def test_an_agreement_has_its_days_and_says_what_it_recognises() -> None:
    read_again = Agreement.read(agreement())
    assert read_again.recognises == (Recognised.QUALIFICATION, Recognised.TRAINING)
    wrong = ({"until": "2026-11-30"}, {"until": "2037-11-30"})
    assert all(_refused(agreement(**one)) == "agreement.days" for one in wrong)
    wrong_too = ({"recognises": []}, {"recognises": ["fees", "fees"]}, {"recognises": ["love"]})
    assert all(_refused(agreement(**one)) == "agreement.recognises" for one in wrong_too)
    assert AgreementEnd.read({"number": "A2026-000001", "reason": "协商终止"}).number == "A2026-000001"


def _refused(body: dict[str, Any]) -> str:
    with pytest.raises(RuleBroken) as refusal:
        Agreement.read(body)
    return refusal.value.code


def test_an_agreement_ends_once_and_not_after_its_time() -> None:
    assert may_end(None, DAY, DAY) is None
    assert may_end(DAY, DAY, DAY) is not None and may_end(None, date(2026, 11, 29), DAY) is not None
