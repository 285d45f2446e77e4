"""Dormant deposits by values: ages, names, lives, materials, books, sheets and what is signed."""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.moves import Moves
from core.kernel.roles import Role
from core.kernel.sheet_rows import Fault
from deposits.domain import dormant, dormant_books, dormant_ledger, dormant_said, ledger, refund
from deposits.domain.dormant import Age, DormantFacts, Material, Payer, Reason, Way
from deposits.domain.dormant_sheet import COLUMNS, Around, OldDeposit, paper, read_sheet
from deposits.domain.ledger import Account
from deposits.domain.refund import RefundState
from tests.builders.dormant import FIRM, old

TODAY = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (TODAY, Age.DUE),
        (date(2026, 10, 31), Age.DUE),
        (date(2026, 10, 30), Age.MONTH),
        (date(2025, 11, 30), Age.MONTH),
        (date(2025, 11, 29), Age.YEAR),
        (date(2023, 11, 30), Age.YEAR),
        (date(2023, 11, 29), Age.THREE_YEARS),
    ],
)
def test_an_age_is_more_than_its_days(due: date, expected: Age) -> None:
    assert dormant.age(due, TODAY) is expected


def test_a_leap_day_has_its_year_at_the_months_end() -> None:
    assert dormant.years_after(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert dormant.years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)


@given(st.dates(date(2018, 1, 1), date(2030, 12, 31)), st.integers(0, 2000))
def test_the_first_day_that_is_too_young_parts_the_ages(today: date, back: int) -> None:
    due = today - timedelta(days=back)
    order = list(Age)
    for bucket in Age:
        at_least = order.index(dormant.age(due, today)) >= order.index(bucket)
        assert (due < dormant.begins(bucket, today)) is at_least


def test_a_persons_name_is_masked_and_a_firms_is_not() -> None:
    assert dormant.shown_name(FIRM, Payer.FIRM) == FIRM
    assert dormant.shown_name("李小四", Payer.PERSON) == "李**"
    assert dormant.shown_name("李", Payer.PERSON) == "李*"
    assert dormant.shown_name("", Payer.PERSON) == ""


D, A = dormant.DormantState, dormant.DormantAction
C, B = dormant.ClaimState, dormant.ClaimAction
P, Q = dormant.PayoutState, dormant.PayoutAction
L, G = dormant_ledger.LedgerState, dormant_ledger.LedgerAction
PAYABLE = DormantFacts(today=TODAY, has_claim=True)
LIVES: list[tuple[Any, Any, dict[Any, Any], dict[Any, set[Role]]]] = [
    (
        dormant.MOVES,
        PAYABLE,
        {
            (A.PAY, D.LISTED): D.PAYING,
            (A.RECALL, D.WITH_NOTARY): D.RECALLED,
            (A.RECALL, D.WITH_TREASURY): D.RECALLED,
            (A.RESTORE, D.RECALLED): D.PAYING,
            (A.REFUND, D.PAYING): D.REFUNDED,
            (A.NOTARY, D.PAYING): D.WITH_NOTARY,
            (A.TREASURY, D.PAYING): D.WITH_TREASURY,
            (A.FAIL, D.PAYING): D.LISTED,
        },
        {key: {Role.FINANCE} for key in (A.PAY, A.RECALL, A.RESTORE)},
    ),
    (
        dormant.CLAIM_MOVES,
        None,
        {
            (B.RETURN, C.SUBMITTED): C.RETURNED,
            (B.REFUSE, C.SUBMITTED): C.REFUSED,
            (B.REFUSE, C.RETURNED): C.REFUSED,
            (B.WITHDRAW, C.SUBMITTED): C.WITHDRAWN,
            (B.WITHDRAW, C.RETURNED): C.WITHDRAWN,
            (B.SUBMIT_AGAIN, C.RETURNED): C.SUBMITTED,
            (B.PROPOSE, C.SUBMITTED): C.PROPOSED,
            (B.STEP_BACK, C.PROPOSED): C.SUBMITTED,
            (B.STEP_BACK, C.APPROVED): C.SUBMITTED,
            (B.APPROVE, C.PROPOSED): C.APPROVED,
        },
        {
            **{key: {Role.FINANCE} for key in (B.RETURN, B.REFUSE, B.PROPOSE, B.APPROVE)},
            **{key: {Role.FINANCE, Role.BIDDER} for key in (B.WITHDRAW, B.SUBMIT_AGAIN)},
        },
    ),
    (
        dormant.PAYOUT_MOVES,
        dormant.PayoutFacts(),
        {
            (Q.APPROVE, P.PROPOSED): P.ORDERED,
            (Q.AWAIT, P.PROPOSED): P.AWAITED,
            (Q.REJECT, P.PROPOSED): P.REJECTED,
            (Q.ORDER, P.AWAITED): P.ORDERED,
            (Q.SETTLE, P.ORDERED): P.PAID,
            (Q.FAIL, P.ORDERED): P.FAILED,
        },
        {key: {Role.FINANCE} for key in (Q.APPROVE, Q.AWAIT, Q.REJECT, Q.ORDER)},
    ),
    (
        dormant_ledger.MOVES,
        dormant_ledger.LedgerFacts(good=1),
        {(G.CONFIRM, L.PREVIEWED): L.CONFIRMED, (G.DISCARD, L.PREVIEWED): L.DISCARDED, (G.BOOK, L.CONFIRMED): L.BOOKED},
        {key: {Role.FINANCE} for key in (G.CONFIRM, G.DISCARD)},
    ),
]


@pytest.mark.parametrize(("moves", "facts", "allowed", "who"), LIVES, ids=lambda value: getattr(value, "name", ""))
def test_every_action_in_every_state_for_every_role(
    moves: Moves[Any, Any, Any, Any], facts: Any, allowed: dict[Any, Any], who: dict[Any, set[Role]]
) -> None:
    states: type[Enum] = type(next(iter(moves)).to)
    actions: type[Enum] = type(next(iter(moves)).action)
    for action in actions:
        for state in states:
            for role in Role:
                may = who.get(action, {Role.SYSTEM})
                if (action, state) == (B.STEP_BACK, C.PROPOSED):
                    may = {Role.FINANCE}
                if role in may and (action, state) in allowed:
                    assert moves.choose(action, state, frozenset({role}), facts) is allowed[action, state]
                else:
                    with pytest.raises(Refusal):
                        moves.choose(action, state, frozenset({role}), facts)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (DormantFacts(today=TODAY, has_claim=True, reason=Reason.COMPLAINT_HOLD), "dormant.held_back"),
        (DormantFacts(today=TODAY, has_claim=True, reason=Reason.FORFEIT_PENDING), "dormant.held_back"),
        (DormantFacts(today=TODAY), "dormant.no_claim"),
        (DormantFacts(today=TODAY, way=Way.NOTARY, has_claim=True), "dormant.claim_open"),
        (DormantFacts(today=TODAY, way=Way.NOTARY, contacts=1), "dormant.not_published"),
        (DormantFacts(today=TODAY, way=Way.TREASURY, contacts=1, published_on=date(2026, 10, 2)), "dormant.not_published"),
        (DormantFacts(today=TODAY, way=Way.TREASURY, published_on=date(2026, 10, 1)), "dormant.not_sought"),
        (DormantFacts(today=TODAY, way=Way.TREASURY, published_on=date(2026, 10, 1), contacts=1), None),
        (DormantFacts(today=TODAY, has_claim=True), None),
    ],
)
def test_what_keeps_a_deposit_from_being_paid(facts: DormantFacts, code: str | None) -> None:
    if code is None:
        assert dormant.MOVES.choose(A.PAY, D.LISTED, frozenset({Role.FINANCE}), facts) is D.PAYING
        return
    with pytest.raises(Refusal) as refusal:
        dormant.MOVES.choose(A.PAY, D.LISTED, frozenset({Role.FINANCE}), facts)
    assert refusal.value.code == code


def test_what_a_holder_has_is_recalled_for_a_claim_alone() -> None:
    for facts in (DormantFacts(today=TODAY), DormantFacts(today=TODAY, way=Way.NOTARY, has_claim=True)):
        with pytest.raises(WrongState):
            dormant.MOVES.choose(A.RECALL, D.WITH_NOTARY, frozenset({Role.FINANCE}), facts)
    assert [state for state in D if dormant.is_gone(state)] == [D.WITH_NOTARY, D.WITH_TREASURY]
    assert [state for state in D if dormant.is_claimable(state)] == [D.LISTED, D.WITH_NOTARY, D.WITH_TREASURY]


def test_one_person_is_not_two() -> None:
    with pytest.raises(RuleBroken, match=r"dormant\.same_person"):
        dormant.PAYOUT_MOVES.choose(Q.APPROVE, P.PROPOSED, frozenset({Role.FINANCE}), dormant.PayoutFacts(is_same_person=True))
    assert [state for state in P if dormant.is_ordered(state)] == [P.ORDERED]
    assert [state for state in C if dormant.may_complete(state)] == [C.RETURNED]
    assert [state for state in L if dormant_ledger.is_booked(state)] == [L.BOOKED]
    assert {state: refund.ended(state) for state in RefundState if refund.ended(state) is not None} == {
        RefundState.CONFIRMED: True,
        RefundState.REJECTED: False,
    }


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (dormant_ledger.LedgerFacts(good=1, is_known=True), "old_ledger.file_known"),
        (dormant_ledger.LedgerFacts(), "old_ledger.nothing"),
        (dormant_ledger.LedgerFacts(good=1, bad=2, left_out=1), "old_ledger.faults"),
    ],
)
def test_what_keeps_an_old_ledger_from_being_booked(facts: dormant_ledger.LedgerFacts, code: str) -> None:
    with pytest.raises(RuleBroken) as refusal:
        dormant_ledger.MOVES.choose(G.CONFIRM, L.PREVIEWED, frozenset({Role.FINANCE}), facts)
    assert refusal.value.code == code


ALL = frozenset(dormant.NEEDED)


@pytest.mark.parametrize(
    ("materials", "claimant", "payee", "code"),
    [
        (ALL, FIRM, FIRM, None),
        (ALL, f" {FIRM} ", FIRM, None),
        (ALL - {Material.LICENCE}, FIRM, FIRM, "dormant.material_missing"),
        (ALL, "新名有限公司", "新名有限公司", "dormant.material_missing"),
        (ALL | {Material.CHANGE}, "新名有限公司", "新名有限公司", None),
        (ALL, FIRM, "别家公司", "dormant.payee_other"),
    ],
)
def test_a_claim_has_its_materials(materials: frozenset[Material], claimant: str, payee: str, code: str | None) -> None:
    if code is None:
        dormant.check_claim(materials, claimant, FIRM, payee)
        return
    with pytest.raises(RuleBroken) as refusal:
        dormant.check_claim(materials, claimant, FIRM, payee)
    assert refusal.value.code == code


# Books

STEPS = st.lists(st.tuples(st.sampled_from(["import", "move_in", "pay", "fail", "settle", "restore"]), st.integers(1, 5000)), max_size=60)


@example([("import", 5), ("move_in", 9), ("pay", 1), ("settle", 1), ("restore", 1), ("pay", 2), ("fail", 1)])
@given(STEPS)
def test_any_sequence_of_moves_keeps_every_sum_at_zero(steps: list[tuple[str, int]]) -> None:
    books: dict[Account, Money] = {}
    rows: dict[str, Money] = {}
    promised: dict[str, list[tuple[str, Money]]] = {}
    gone: list[tuple[str, Money]] = []

    def book(entry: ledger.Entry) -> bool:
        try:
            books.update(ledger.apply(entry, books))
        except RuleBroken:
            return False
        return True

    for number, (step, fen) in enumerate(steps):
        name, amount = str(number), Money(fen)
        if step == "import" and book(dormant_books.take_over(name, [(dormant_books.old_bank("L"), name, amount)])):
            rows[name] = amount
        elif step == "move_in":
            book(ledger.receive(name, amount + Money(1)))
            book(dormant_books.move_in(name, "L", amount, Money(1)))
        elif step == "pay" and rows:
            row, owed = next(iter(rows.items()))
            if book(dormant_books.pay_out(name, "L", [(row, owed)], owed if fen % 2 else Money(0))):
                del rows[row]
                promised[name] = [(row, owed)]
        elif step == "fail" and promised:
            payout, held = promised.popitem()
            assert book(dormant_books.hand_back(payout, held))
            rows |= dict(held)
        elif step == "settle" and promised:
            payout, held = promised.popitem()
            total = Money(sum(owed.fen for _, owed in held))
            assert book(ledger.order(payout, dormant_books.claimed(payout), total, Money(0)))
            if book(ledger.settle(payout, total)):
                gone += held
        elif step == "restore" and gone:
            row, owed = gone.pop()
            book(ledger.receive(f"b{name}", owed))
            assert book(dormant_books.restore(f"b{name}", row, owed, Money(0)))
            rows[row] = owed
        assert ledger.is_balanced(books)
        assert all(balance.fen >= 0 for balance in books.values())


# Sheets

HEADS = [column.value for column in COLUMNS]
AROUND = Around(TODAY, {"单位": Payer.FIRM, "个人": Payer.PERSON}, {"付款人不明": Reason.UNKNOWN_PAYER}, {"是": True, "否": False})
CELLS = ["K-1", FIRM, "", "", "", "某某工程", "¥1,234.50元", "2019-03-04", "43617", "", "", "", ""]


def row(**changes: str) -> list[str]:
    return [changes.get(column.value, cell) for column, cell in zip(COLUMNS, CELLS, strict=True)]


def faults(*rows: list[str], around: Around = AROUND) -> list[tuple[int, str, str]]:
    found = read_sheet([HEADS, *rows], HEADS, around).faults
    return [(one.row, one.column.value if one.column else "", one.code) for one in found]


def test_a_row_is_read_as_people_write_it() -> None:
    sheet = read_sheet(
        [HEADS, row(), ["", ""], row(old_ref="K-2", payer="", reason="付款人不明", kind="个人", interest="否")], HEADS, AROUND
    )
    assert sheet.faults == ()
    (first, one), (second, other) = sheet.rows
    assert (first, second) == (2, 4)
    assert (one.amount, one.due_on, one.bears_interest, one.kind) == (Money.yuan("1234.50"), date(2019, 6, 1), True, Payer.FIRM)
    assert (other.payer, other.reason, other.bears_interest, other.kind) == ("", Reason.UNKNOWN_PAYER, False, Payer.PERSON)
    assert OldDeposit.of_json(one.to_json()) == one
    assert one.key != other.key
    assert paper([one]) != paper([one, other])


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"old_ref": ""}, "old_ref", "sheet.empty"),
        ({"project": "=1+1"}, "project", "sheet.formula"),
        ({"note": "x" * 501}, "note", "sheet.malformed"),
        ({"payer": ""}, "payer", "dormant.sheet_payer"),
        ({"uscc": "123"}, "uscc", "sheet.malformed"),
        ({"kind": "公司"}, "kind", "dormant.sheet_word"),
        ({"amount": "一千"}, "amount", "dormant.sheet_amount"),
        ({"amount": "0"}, "amount", "dormant.sheet_amount"),
        ({"received_on": "2019-02-30"}, "received_on", "sheet.day"),
        ({"received_on": "去年"}, "received_on", "sheet.day"),
        ({"received_on": "2027-01-01", "due_on": "2027-02-01"}, "received_on", "dormant.sheet_future"),
        ({"due_on": "2019-03-03"}, "due_on", "dormant.sheet_order"),
    ],
)
def test_a_row_with_a_fault_is_out(changes: dict[str, str], column: str, code: str) -> None:
    assert faults(row(**changes), row(old_ref="K-9")) == [(2, column, code)]


def test_nothing_comes_in_twice() -> None:
    assert faults(row(), row()) == [(3, "old_ref", "sheet.twice")]
    known = read_sheet([HEADS, row()], HEADS, AROUND).rows[0][1].key
    again = Around(TODAY, AROUND.kinds, AROUND.reasons, AROUND.answers, frozenset({known}))
    assert faults(row(), around=again) == [(2, "old_ref", "dormant.sheet_known")]


def test_what_is_no_sheet_of_ours_is_refused() -> None:
    assert read_sheet([], HEADS, AROUND).faults == (Fault(1, None, "sheet.heads", {}),)
    assert read_sheet([["a"]], HEADS, AROUND).faults[0].code == "sheet.heads"
    assert read_sheet([HEADS, *[row()] * 5001], HEADS, AROUND).faults[0].code == "sheet.too_many"


# What is signed

PAYEE: dict[str, JSON] = {"payee_name": FIRM, "payee_account": "6222 0000 0001", "payee_bank": "建设银行"}
FILE: dict[str, JSON] = {"name": "a.pdf", "sha256": "0" * 64, "size": 9}
CLAIM: dict[str, JSON] = {
    **{"row": "Y2026-000001-00001", "claimant": FIRM, "uscc": "9" * 18, "contact": "王经理", "text": ""},
    **PAYEE,
    **{one.value: [] for one in Material},
    "licence": [FILE],
}


def test_bodies_are_read_member_by_member() -> None:
    claim = dormant_said.Claim.read(CLAIM)
    assert claim.payee.account == "622200000001"
    assert claim.materials == frozenset({Material.LICENCE})
    assert dormant_said.as_json(claim.files[0]) == FILE
    with pytest.raises(RuleBroken, match=r"dormant\.file_twice"):
        dormant_said.Claim.read(CLAIM | {"application": [FILE]})
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        dormant_said.Claim.read(CLAIM | {"more": 1})
    contact: dict[str, JSON] = {"rows": ["a"], "on": "2026-11-30", "channel": "phone", "result": "reached", "note": ""}
    assert dormant_said.Contact.read(contact).channel is dormant_said.Channel.PHONE
    for rows in ([], ["a", "a"]):
        with pytest.raises(RuleBroken, match=r"dormant\.rows"):
            dormant_said.Contact.read(contact | {"rows": rows})
    assert dormant_said.Reasoned.read({"rows": ["a"], "reason": "UNKNOWN_PAYER", "note": "x"}).reason is Reason.UNKNOWN_PAYER
    assert dormant_said.Answer.read({"claim_sha256": "0" * 64, "reason": "x"}).reason == "x"
    assert dormant_said.Published.read({"rows": 1, "total_fen": 2}).total == Money(2)
    came: dict[str, JSON] = {"ref": "B1", "payout": "", "amount_fen": 0, "interest_fen": 1}
    assert dormant_said.Arrived.read(came).interest == Money(1)
    with pytest.raises(RuleBroken, match=r"dormant\.nothing_came"):
        dormant_said.Arrived.read(came | {"interest_fen": 0})
    proposal: dict[str, JSON] = {
        **{"payout": "01900000-0000-7000-8000-000000000001", "way": "notary", "rows": ["a"], "total_fen": 5, "claim_sha256": ""},
        **PAYEE,
        "reason": "x",
    }
    assert dormant_said.Proposal.read(proposal).way is Way.NOTARY
    assert dormant_said.Second.read({"proposal_sha256": "0" * 64, "total_fen": 5, "reason": ""}).total == Money(5)
    assert dormant_said.chain_of("Y2026-000001") == "D-DORMANT-Y2026-000001"
    taken: dict[str, JSON] = {"ledger": "Y1", "file_sha256": "", "rows_sha256": "0" * 64, "rows": 1, "total_fen": 1, "left_out": 0}
    assert dormant_said.TakenOver.read(taken).rows == 1
    assert old().key == old().key
