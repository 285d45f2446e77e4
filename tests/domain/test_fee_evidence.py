"""Fees from statements: who worked from when to when, what is signed about fees and read strictly, and the life of a fee by its table."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from core.kernel import clock
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.ids import PersonId
from core.kernel.money import Money
from core.kernel.roles import Role
from evaluation.domain import fee_body
from evaluation.domain.fee_body import Payer, payer_of
from evaluation.domain.fee_evidence import Room, Said, lines, rule_of, total
from evaluation.domain.fee_life import (
    MOVES,
    SYSTEM,
    FeeAction,
    FeeFacts,
    FeeState,
    account_chain,
    due_on,
    is_overdue,
    masked,
    may,
    names_are_open,
    payment_chain,
)
from trading.domain.lot import LotState

NINE = datetime(2026, 11, 30, 1, tzinfo=UTC)  # 09:00 in Beijing
RULE: dict[str, Any] = {
    "table": "guangzhou-2017",
    "half_hour": "up",
    "catalogue": False,
    "payer": "tenderer",
    "term_days": 10,
    "basis": "",
    "late_reason": "",
}
NONE: dict[str, Any] = {"emergency": False, "travelled": False, "nights": 0, "lodging_fen": 0, "days": 0, "transport_fen": 0}


def after(minutes: int) -> datetime:
    return NINE + timedelta(minutes=minutes)


def said(kind: str, minutes: int, actor: str = "platform", **body: Any) -> Said:
    return Said(kind, actor, after(minutes), f"{minutes:064d}", body)


def seats(*pseudonyms: str) -> list[dict[str, str]]:
    return [{"code": str(place), "pseudonym": one, "site": "主场"} for place, one in enumerate(pseudonyms, 1)]


def story(*more: Said, table: str = "guangzhou-2017", candidates: tuple[str, ...] = ("a",)) -> list[Said]:
    """Two sit from 09:10 and 09:20 to 12:10 and 12:20."""
    told = [
        said("fee.rule", -60, **RULE | {"table": table}),
        said("opening.start", 0),
        said("committee.form", 5, seats=seats("P1", "P2")),
        said("room.sign_in", 10, "anna", seat="1"),
        said("room.sign_in", 20, "bert", seat="2"),
        said("recusal.declare", 25, "anna", none=True),
        said("preliminary.open", 30),
        said("report.sign", 190, "anna"),
        said("report.sign", 200, "bert"),
        said("report.submit", 200, candidates=list(candidates)),
        *more,
    ]
    return sorted(told, key=lambda one: one.at)


def paid(told: list[Said]) -> dict[str, tuple[int, int, bool]]:
    return {one.line: (one.minutes, one.sum.fee.fen // 100, one.wasted) for one in lines(told)}


def rest(begin: int, until: int, *of: str, at: int = 195) -> Said:
    return said("fee.break", at, **{"seats": list(of), "why": "meal", "from": clock.text(after(begin)), "until": clock.text(after(until))})


def test_each_is_paid_from_the_own_sign_in_to_the_own_signature() -> None:
    assert paid(story()) == {"1-1": (180, 500, False), "2-1": (180, 500, False)}
    assert total(lines(story())) == Money(1000_00)
    assert rule_of(story()) is not None and rule_of([]) is None


def test_breaks_and_stops_are_not_paid() -> None:
    told = story(rest(60, 90, "1"), rest(80, 100), said("lot.suspend", 120), said("lot.suspend", 125), said("lot.resume", 140))
    assert paid(told) == {"1-1": (120, 400, False), "2-1": (140, 500, False)}
    assert paid(story(said("lot.resume", 50))) == paid(story())
    stopped = [one for one in story(said("lot.suspend", 100)) if one.kind != "report.sign"]
    assert paid(stopped)["1-1"][0] == 90  # the stop lasted to the end


def test_a_standard_may_count_from_the_opening() -> None:
    assert paid(story(table="weihai-2025"))["1-1"] == (190, 450, False)
    never_opened = [one for one in story(table="weihai-2025") if one.kind != "opening.start"]
    assert paid(never_opened)["1-1"] == (180, 400, False)


def test_who_steps_back_has_the_small_fee_and_a_successor_the_own_time() -> None:
    told = story(
        said("recusal.declare", 26, "bert", none=False),
        said("committee.form", 26, seats=seats("P1", "P9")),
        said("room.sign_in", 100, "carl", seat="2"),
        said("report.sign", 199, "carl"),
        said("report.sign", 199, "nobody"),
    )
    assert paid(told) == {"1-1": (180, 500, False), "2-1": (6, 100, True), "2-2": (99, 400, False)}
    assert paid([one for one in told if one.actor != "carl"]).keys() == {"1-1", "2-1"}  # who never came is paid nothing
    replaced = story(said("committee.form", 90, seats=seats("P9", "P2")))
    assert paid(replaced)["1-1"] == (80, 400, False)


def test_a_tender_that_ends_before_the_review_leaves_the_small_fee() -> None:
    told = [one for one in story() if one.at < after(28)]
    with pytest.raises(WrongState) as refusal:
        lines(told)
    assert refusal.value.code == "fee.room_open"
    assert paid([*told, said("lot.terminate", 60)]) == {"1-1": (50, 100, True), "2-1": (40, 100, True)}
    assert Room.read([*told, said("lot.terminate", 60), said("failure.publish", 90)]).ended == after(60)
    with pytest.raises(WrongState) as refusal:
        lines([one for one in story() if one.kind != "fee.rule"])
    assert refusal.value.code == "fee.rule_missing"


def test_extras_count_for_their_line_and_a_correction_stands_for_all_before() -> None:
    extra = said("fee.extra", 196, **{"line": "1-1", **NONE, "emergency": True, "note": "应急"})
    told = story(rest(60, 90), extra)
    assert paid(told) == {"1-1": (150, 700, False), "2-1": (150, 500, False)}
    fixed = {"line": "1-1", "breaks": [{"from": clock.text(after(60)), "until": clock.text(after(150))}], **NONE, "reason": "核对"}
    assert paid([*told, said("fee.correct", 300, **fixed)]) == {"1-1": (90, 400, False), "2-1": (150, 500, False)}


def test_a_line_is_told_without_a_name() -> None:
    [first, _] = lines(story())
    told = first.to_json()
    assert told["line"] == "1-1" and "anna" not in str(told) and told["fee_fen"] == 500_00 and told["begin"] == clock.text(after(10))


# What is signed

EXTRA = {"line": "1-1", **NONE, "note": "说明"}
CORRECTION = {"line": "1-1", "breaks": [], **NONE, "reason": "核对"}
SPAN = {"from": clock.text(NINE), "until": clock.text(after(1))}


@pytest.mark.parametrize(
    ("reader", "body", "changes", "code"),
    [
        (fee_body.RuleBody, RULE, {"table": "x"}, "fee.table_unknown"),
        (fee_body.RuleBody, RULE, {"half_hour": "x"}, "fee.half_hour"),
        (fee_body.RuleBody, RULE, {"payer": "x"}, "fee.payer"),
        (fee_body.BreakBody, {"seats": [], "why": "meal", **SPAN}, {"seats": ["x"]}, "evaluation.body"),
        (fee_body.BreakBody, {"seats": [], "why": "meal", **SPAN}, {"why": "x"}, "fee.break.why"),
        (fee_body.BreakBody, {"seats": [], "why": "meal", **SPAN}, {"from": "x"}, "fee.moment"),
        (fee_body.BreakBody, {"seats": [], "why": "meal", **SPAN}, {"until": clock.text(NINE)}, "fee.break.order"),
        (fee_body.ExtraBody, EXTRA, {"line": "x"}, "fee.line"),
        (fee_body.ExtraBody, EXTRA, {"nights": -1}, "evaluation.body"),
        (fee_body.ObjectionBody, {"line": "1-1", "text": "不对"}, {"text": ""}, "evaluation.body"),
        (fee_body.CorrectionBody, CORRECTION, {"breaks": [{"from": "x", "until": "y"}]}, "fee.moment"),
        (fee_body.ConfirmationBody, {"lines": ["1-1"], "total_fen": 1}, {"lines": []}, "fee.lines"),
        (fee_body.ConfirmationBody, {"lines": ["1-1"], "total_fen": 1}, {"lines": ["1-1", "1-1"]}, "fee.lines"),
        (fee_body.ConfirmationBody, {"lines": ["1-1"], "total_fen": 1}, {"lines": [1]}, "fee.line"),
        (fee_body.AccountBody, {"name": "何平", "number": "62170000 00000001", "bank": "银行"}, {"number": "1"}, "account.number"),
    ],
)
def test_bodies_are_read_strictly(reader: Any, body: dict[str, Any], changes: dict[str, Any], code: str) -> None:
    assert reader.read(body)
    with pytest.raises(RuleBroken) as refusal:
        reader.read(body | changes)
    assert refusal.value.code == code


def test_the_purchaser_pays_but_for_the_catalogue() -> None:
    assert [payer_of(a, b) for a, b in product((False, True), repeat=2)] == [Payer.TENDERER] * 3 + [Payer.AGENCY]


def test_travelling_is_told_from_what_is_not() -> None:
    assert not fee_body.ExtraBody.read(EXTRA | {"emergency": True}).extras.are_of_travel
    assert fee_body.ExtraBody.read(EXTRA | {"days": 1}).extras.are_of_travel


# The life


def code(state: FeeState, action: FeeAction, role: Role, **facts: bool) -> str:
    try:
        return MOVES.choose(action, state, frozenset({role}), FeeFacts(**facts)).value
    except Refusal as refusal:
        return refusal.code


def test_only_who_may_moves_a_fee_and_only_where_the_table_has_a_row() -> None:
    for state, action, role in product(FeeState, FeeAction, Role):
        rows = [row for row in MOVES if row.action is action and state in row.source and role in row.who]
        found = code(state, action, role, names_open=True, has_account=True, has_payer_account=True, is_new_account=True)
        assert found == rows[0].to.value if rows else found.endswith(("not_allowed", "wrong_state"))


@pytest.mark.parametrize(
    ("state", "action", "role", "facts", "found"),
    [
        (FeeState.CALCULATED, FeeAction.OBJECT, Role.EXPERT, {"is_closed": True}, "fee.case_closed"),
        (FeeState.CONFIRMED, FeeAction.OBJECT, Role.EXPERT, {"has_corrected": True}, "fee.object.twice"),
        (FeeState.CALCULATED, FeeAction.CORRECT, Role.CENTRE, {"has_corrected": True}, "fee.correct.twice"),
        (FeeState.CALCULATED, FeeAction.CORRECT, Role.CENTRE, {"is_closed": True}, "fee.case_closed"),
        (FeeState.CORRECTED, FeeAction.CONFIRM, Role.TENDERER, {"is_closed": True}, "fee.case_closed"),
        (FeeState.CONFIRMED, FeeAction.ORDER, Role.SYSTEM, {}, "fee.names_secret"),
        (FeeState.CONFIRMED, FeeAction.ORDER, Role.SYSTEM, {"names_open": True}, "fee.account_missing"),
        (FeeState.CONFIRMED, FeeAction.ORDER, Role.SYSTEM, {"names_open": True, "has_account": True}, "fee.payer_account_missing"),
        (
            FeeState.RETURNED,
            FeeAction.ORDER,
            Role.SYSTEM,
            {"names_open": True, "has_account": True, "has_payer_account": True},
            "fee.same_account",
        ),
        (FeeState.RETURNED, FeeAction.ORDER, Role.SYSTEM, {}, "fee.names_secret"),
    ],
)
def test_what_stands_against_a_move(state: FeeState, action: FeeAction, role: Role, facts: dict[str, bool], found: str) -> None:
    assert code(state, action, role, **facts) == found


def test_the_platform_moves_what_the_bank_says_alone() -> None:
    assert may(FeeAction.PAY, FeeState.IN_DOUBT) and not may(FeeAction.PAY, FeeState.PAID)
    with pytest.raises(NotAllowed):
        MOVES.choose(FeeAction.CONFIRM, FeeState.CALCULATED, SYSTEM, FeeFacts())


def test_names_are_open_from_the_award_notice_on() -> None:
    assert names_are_open(LotState.NOTICE_SENT) and names_are_open(LotState.FAILED)
    assert not any(map(names_are_open, (LotState.EVALUATED, LotState.CANDIDATES_PUBLISHED, LotState.AWARDED)))


def test_the_term_runs_from_the_later_of_calculation_and_result() -> None:
    due = due_on(NINE, NINE + timedelta(days=3), 10)
    assert due == date(2026, 12, 14)  # the 13th is a Sunday
    assert not is_overdue(due, datetime(2026, 12, 14, 15, 59, tzinfo=UTC)) and is_overdue(due, datetime(2026, 12, 14, 16, tzinfo=UTC))


def test_accounts_are_masked_and_chains_named() -> None:
    assert masked("6217000000001234") == "**** 1234" and masked("") == ""
    assert payment_chain("T2026-000001-1") == "F-T2026-000001-1"
    assert account_chain(PersonId(UUID(int=1))) == "X-000000000000-000000000000-00000001"
