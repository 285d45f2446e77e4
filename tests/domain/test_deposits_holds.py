"""Holds and forfeiture: who orders what, for how long, on which grounds, in whose favour."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain import forfeiture, hold
from deposits.domain.account import BasicAccount
from deposits.domain.deposit import SYSTEM, RequirementState, is_known_to_finance
from deposits.domain.forfeiture import (
    ARTICLES,
    OF_THE_WINNER,
    DecisionBody,
    ForfeitureAction,
    ForfeitureState,
    Ground,
    GroundFacts,
    NoteBody,
    WaiverBody,
    check_ground,
    check_payee,
    offered,
)
from deposits.domain.hold import BY, LONGEST, HoldAction, HoldBody, HoldFacts, HoldKind, HoldState, LiftBody, check_hold, last_day

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)
DEPOSIT = "01900000-0000-7000-8000-000000000001"
PLACED: dict[str, Any] = {"deposit": DEPOSIT, "kind": "investigation", "reason": "调查", "document": "", "until": "2026-03-12"}
DECIDED: dict[str, Any] = {
    "deposit": DEPOSIT,
    "amount_fen": 100,
    "ground": "revoked",
    "clause": "",
    "document_sha256": "",
    "reason": "撤销",
}
DECIDED |= {"payee_name": "临江市城投", "payee_account": "6210 0088 8802", "payee_bank": "银行"}
FACTS = GroundFacts(False, True, False, False, frozenset({"a" * 64}))


def test_a_hold_ends_with_its_last_day_in_beijing() -> None:
    said = HoldBody.read(PLACED)
    assert said.ends_at == datetime(2026, 3, 12, 16, tzinfo=UTC)
    assert last_day(said.ends_at) == date(2026, 3, 12)


@pytest.mark.parametrize("kind", HoldKind)
@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.FINANCE, Role.TENDERER, Role.BIDDER])
def test_each_kind_of_hold_has_its_office(kind: HoldKind, role: Role) -> None:
    said = HoldBody.read(PLACED | {"kind": kind.value, "document": "（2026）临01民初18号"})
    facts = HoldFacts(NOW, kind, said.ends_at, frozenset({role}))
    if BY[kind] is role:
        check_hold(said, frozenset({role}), NOW)
        assert hold.MOVES.choose(HoldAction.LIFT, HoldState.STANDING, frozenset({role}), facts) is HoldState.LIFTED
        return
    with pytest.raises(NotAllowed, match="other_office"):
        check_hold(said, frozenset({role}), NOW)
    with pytest.raises(NotAllowed):
        hold.MOVES.choose(HoldAction.LIFT, HoldState.STANDING, frozenset({role}), facts)


@pytest.mark.parametrize("kind", HoldKind)
def test_a_hold_lasts_from_today_to_its_longest(kind: HoldKind) -> None:
    roles = frozenset({BY[kind]})
    for until, fits in ((0, True), (LONGEST[kind], True), (-1, False), (LONGEST[kind] + 1, False)):
        day = date.fromordinal(date(2026, 3, 2).toordinal() + until)
        said = HoldBody.read(PLACED | {"kind": kind.value, "document": "文号", "until": day.isoformat()})
        if fits:
            check_hold(said, roles, NOW)
            continue
        with pytest.raises(RuleBroken, match=r"hold\.until"):
            check_hold(said, roles, NOW)


def test_a_court_names_its_paper() -> None:
    with pytest.raises(RuleBroken, match="document_missing"):
        check_hold(HoldBody.read(PLACED | {"kind": "court"}), frozenset({Role.FINANCE}), NOW)


def test_the_clock_ends_a_hold_when_it_is_over_and_not_before() -> None:
    facts = HoldFacts(NOW, HoldKind.COURT, NOW, SYSTEM)
    assert hold.MOVES.choose(HoldAction.END, HoldState.STANDING, SYSTEM, facts) is HoldState.ENDED
    later = HoldFacts(NOW, HoldKind.COURT, NOW.replace(hour=5), SYSTEM)
    with pytest.raises(WrongState, match="not_over"):
        hold.MOVES.choose(HoldAction.END, HoldState.STANDING, SYSTEM, later)


def test_bodies_are_read_to_the_letter() -> None:
    assert LiftBody.read({"hold_sha256": "a" * 64, "reason": "好"}) == LiftBody(hold_sha256="a" * 64, reason="好")
    assert NoteBody.read({"decision_sha256": "a" * 64, "agrees": True, "text": "好"}).agrees is True
    assert str(WaiverBody.read({"deposit": DEPOSIT, "reason": "好"}).deposit) == DEPOSIT
    said = DecisionBody.read(DECIDED)
    assert (said.amount, said.ground, said.payee) == (Money(100), Ground.REVOKED, BasicAccount("临江市城投", "621000888802", "银行"))
    for read, body in ((HoldBody.read, PLACED), (DecisionBody.read, DECIDED)):
        for name in body:
            with pytest.raises(RuleBroken):
                read({key: value for key, value in body.items() if key != name})
        with pytest.raises(RuleBroken):
            read(body | {"extra": 1})


def ground(facts: GroundFacts = FACTS, secures: bool = False, **changes: Any) -> str:
    """What is wrong with a ground, "" for nothing."""
    try:
        check_ground(DecisionBody.read(DECIDED | changes), facts, secures)
    except RuleBroken as broken:
        return broken.code.removeprefix("forfeit.")
    return ""


@pytest.mark.parametrize("kind", [one for one in Ground if one is not Ground.BREACH])
def test_a_ground_needs_its_facts(kind: Ground) -> None:
    assert ARTICLES[kind]
    clause = {"clause": "须知 3.4", "document_sha256": "a" * 64}
    procurement = GroundFacts(True, True, False, kind is Ground.NOT_DECRYPTED, frozenset({"a" * 64}))
    loser = GroundFacts(False, False, False, kind is Ground.NOT_DECRYPTED, frozenset())
    contracted = GroundFacts(False, True, True, kind is Ground.NOT_DECRYPTED, frozenset())
    fitting = GroundFacts(False, True, False, kind is Ground.NOT_DECRYPTED, frozenset({"a" * 64}), kind is Ground.NO_SECURITY)
    other = GroundFacts(False, True, False, kind is not Ground.NOT_DECRYPTED, frozenset(), kind is Ground.NO_SECURITY)
    given = GroundFacts(False, True, False, kind is Ground.NOT_DECRYPTED, frozenset())
    if kind is Ground.DOCUMENT:
        assert ground(fitting, ground=kind.value) == "clause_missing"
        assert ground(fitting, ground=kind.value, clause="须知", document_sha256="b" * 64) == "clause_missing"
        assert [ground(facts, ground=kind.value, **clause) for facts in (fitting, procurement)] == ["", ""]
        return
    assert ground(fitting, ground=kind.value) == ""
    assert ground(fitting, ground=kind.value, **clause) == "clause_not_wanted"
    assert ground(procurement, ground=kind.value) == "by_document_alone"
    winners = "not_the_winner" if kind in OF_THE_WINNER else ""
    assert [ground(facts, ground=kind.value) for facts in (loser, contracted)] == [winners] * 2
    assert ground(other, ground=kind.value) == "other_failure"
    assert ground(given, ground=kind.value) == ("security_not_owed" if kind is Ground.NO_SECURITY else "")


@pytest.mark.parametrize("kind", Ground)
def test_a_performance_security_is_kept_for_a_breach_or_by_the_document_once_there_is_a_contract(kind: Ground) -> None:
    made = GroundFacts(False, True, True, False, frozenset({"a" * 64}))
    clause = {"clause": "合同条款 8.2", "document_sha256": "a" * 64} if kind is Ground.DOCUMENT else {}
    fits = kind in (Ground.BREACH, Ground.DOCUMENT)
    assert ground(made, secures=True, ground=kind.value, **clause) == ("" if fits else "other_security")
    bought = "" if kind is Ground.DOCUMENT else "by_document_alone"
    assert ground(replace(made, is_procurement=True), secures=True, ground=kind.value, **clause) == bought
    for lacks in (replace(made, is_winner=False), replace(made, is_contracted=False)):
        assert ground(lacks, secures=True, ground=kind.value, **clause) == "no_contract"
    if kind is Ground.BREACH:
        assert ground(made, ground=kind.value) == "other_security"


def test_each_is_offered_the_grounds_that_can_be_there() -> None:
    assert offered(in_procurement=True, has_failed=True, secures=True) == (Ground.DOCUMENT,)
    assert offered(in_procurement=False, has_failed=True, secures=True) == (Ground.BREACH, Ground.DOCUMENT)
    assert offered(in_procurement=False, has_failed=True, secures=False) == (Ground.NOT_DECRYPTED, Ground.DOCUMENT)
    of_a_bid = offered(in_procurement=False, has_failed=False, secures=False)
    assert set(of_a_bid) == set(Ground) - {Ground.NOT_DECRYPTED, Ground.BREACH}


def test_what_is_kept_goes_to_the_tenderer_in_procurement_to_the_treasury() -> None:
    own = BasicAccount("临江市 城投", "621000888802", "银行")
    treasury = BasicAccount("国家金库临江市支库", "621000199901", "中国人民银行临江市中心支行")
    check_payee(own, "临江市城投", is_procurement=False, treasury=None)
    check_payee(treasury, "临江市城投", is_procurement=True, treasury=treasury)
    for payee, procurement, code in ((own, True, "payee_treasury"), (treasury, False, "payee_other")):
        with pytest.raises(RuleBroken, match=code):
            check_payee(payee, "临江市城投", is_procurement=procurement, treasury=treasury)
    with pytest.raises(RuleBroken, match="treasury_missing"):
        check_payee(treasury, "临江市城投", is_procurement=True, treasury=None)


def test_a_decision_is_noted_once_and_by_the_supervisor() -> None:
    supervisor = frozenset({Role.SUPERVISOR})
    assert forfeiture.MOVES.choose(ForfeitureAction.AGREE, ForfeitureState.DECIDED, supervisor, None) is ForfeitureState.AGREED
    assert forfeiture.MOVES.choose(ForfeitureAction.REFUSE, ForfeitureState.DECIDED, supervisor, None) is ForfeitureState.REFUSED
    with pytest.raises(WrongState):
        forfeiture.MOVES.choose(ForfeitureAction.AGREE, ForfeitureState.REFUSED, supervisor, None)
    with pytest.raises(NotAllowed):
        forfeiture.MOVES.choose(ForfeitureAction.AGREE, ForfeitureState.DECIDED, frozenset({Role.TENDERER}), None)


def test_deposits_are_known_from_the_opening_on() -> None:
    assert {state for state in RequirementState if is_known_to_finance(state)} == {RequirementState.OPENED, RequirementState.ENDED}
