"""A guarantee by values: its life, what is asked of its guarantor next, what it must say, and what is found wrong with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.errors import BadSignature, NotAllowed, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON, canonical
from core.kernel.money import Money
from core.kernel.roles import Role
from deposits.domain import guarantee as rules
from deposits.domain import guarantor
from deposits.domain.guarantee import (
    MOVES,
    ApplyFacts,
    GuaranteeAction,
    GuaranteeState,
    Standing,
    Task,
    Terms,
    Wanted,
    at_deadline,
    ending,
    faults,
    may_apply,
    must_hold_to,
    next_task,
)
from deposits.domain.guarantor import GuarantorAction, GuarantorState

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
LATER = NOW + timedelta(days=100)
_S, _A = GuaranteeState, GuaranteeAction
SYSTEM, BIDDER = frozenset({Role.SYSTEM}), frozenset({Role.BIDDER})

WHERE = {
    _A.SUBMIT: {_S.APPLIED: _S.UNDERWRITING},
    _A.APPROVE: {_S.APPLIED: _S.APPROVED, _S.UNDERWRITING: _S.APPROVED},
    _A.REJECT: dict.fromkeys((_S.APPLIED, _S.UNDERWRITING, _S.APPROVED, _S.PAID_PREMIUM), _S.REJECTED),
    _A.PAY: {_S.APPROVED: _S.PAID_PREMIUM},
    _A.ISSUE: {_S.PAID_PREMIUM: _S.ISSUED_SEALED},
    _A.EXTEND: {_S.ISSUED_SEALED: _S.ISSUED_SEALED},
    _A.UNSEAL: {_S.ISSUED_SEALED: _S.UNSEALED},
    _A.VERIFY: {_S.UNSEALED: _S.VERIFIED},
    _A.FAULT: {_S.UNSEALED: _S.FAULTY},
    _A.CANCEL: dict.fromkeys((_S.APPLIED, _S.UNDERWRITING, _S.APPROVED, _S.PAID_PREMIUM), _S.CANCELLED),
    _A.RELEASE: dict.fromkeys((_S.ISSUED_SEALED, _S.UNSEALED, _S.VERIFIED, _S.FAULTY), _S.RELEASED),
    _A.EXPIRE: dict.fromkeys((_S.ISSUED_SEALED, _S.UNSEALED, _S.VERIFIED, _S.FAULTY), _S.EXPIRED),
    _A.CALL: {_S.VERIFIED: _S.CALLED},
}


@pytest.mark.parametrize("action", GuaranteeAction)
@pytest.mark.parametrize("state", GuaranteeState)
@pytest.mark.parametrize("role", [Role.SYSTEM, Role.BIDDER, Role.TENDERER, Role.CENTRE])
def test_every_action_in_every_state_by_every_role(action: GuaranteeAction, state: GuaranteeState, role: Role) -> None:
    who = {_A.PAY: {Role.BIDDER}, _A.CANCEL: {Role.BIDDER, Role.SYSTEM}}.get(action, {Role.SYSTEM})
    to = WHERE[action].get(state)
    if role not in who:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), None)
    elif to is None:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), None)
    else:
        assert MOVES.choose(action, state, frozenset({role}), None) is to


FACTS = ApplyFacts(NOW, NOW + timedelta(days=1), Money(100), known=True)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (FACTS, None),
        (replace(FACTS, amount=Money(0)), "deposit.not_asked"),
        (replace(FACTS, taken=False), "guarantee.form_not_taken"),
        (replace(FACTS, now=NOW + timedelta(days=1, minutes=-10)), "guarantee.too_late"),
        (replace(FACTS, now=NOW + timedelta(days=1, minutes=-10, milliseconds=-1)), None),
        (replace(FACTS, known=False), "guarantee.issuer_unknown"),
        (replace(FACTS, standing=True), "guarantee.one_at_a_time"),
    ],
)
def test_who_may_apply(facts: ApplyFacts, code: str | None) -> None:
    refusal = may_apply(facts)
    assert (None if refusal is None else refusal.code) == code


@pytest.mark.parametrize(
    ("state", "opened", "valid_to", "told", "task"),
    [
        (_S.APPLIED, False, None, False, Task.APPLY),
        (_S.UNDERWRITING, False, None, False, Task.ASK),
        (_S.APPROVED, False, None, False, None),
        (_S.PAID_PREMIUM, False, None, False, Task.PAY),
        (_S.ISSUED_SEALED, False, LATER, False, None),
        (_S.ISSUED_SEALED, False, None, False, None),
        (_S.ISSUED_SEALED, False, LATER - timedelta(seconds=1), False, Task.EXTEND),
        (_S.ISSUED_SEALED, True, LATER, False, Task.KEY),
        (_S.VERIFIED, True, LATER, False, None),
        (_S.RELEASED, True, LATER, False, Task.END),
        (_S.RELEASED, True, LATER, True, None),
        (_S.CANCELLED, False, None, False, Task.END),
        (_S.EXPIRED, True, LATER, False, None),
    ],
)
def test_what_a_guarantor_is_asked_next(
    state: GuaranteeState, opened: bool, valid_to: datetime | None, told: bool, task: Task | None
) -> None:
    assert next_task(Standing(state, opened, valid_to, LATER, told)) is task


def test_what_deadline_and_end_do() -> None:
    assert [at_deadline(state, True) for state in (_S.APPLIED, _S.PAID_PREMIUM, _S.ISSUED_SEALED, _S.REJECTED)] == [
        _A.CANCEL,
        _A.CANCEL,
        None,
        None,
    ]
    assert at_deadline(_S.ISSUED_SEALED, False) is _A.RELEASE
    assert [ending(state) for state in (_S.VERIFIED, _S.APPROVED, _S.EXPIRED)] == [_A.RELEASE, _A.CANCEL, None]
    assert rules.is_standing(_S.VERIFIED) and not rules.is_standing(_S.FAULTY)
    assert [state for state in _S if rules.can_be_claimed(state)] == [_S.VERIFIED]


def test_a_guarantee_holds_as_long_as_the_bid_binds_to_the_end_of_that_day() -> None:
    deadline = datetime(2026, 3, 1, 1, 30, tzinfo=UTC)  # 09:30 in Beijing
    assert must_hold_to(deadline, 90) == datetime(2026, 5, 30, 16, tzinfo=UTC)
    assert must_hold_to(deadline, 0) == must_hold_to(deadline, 90)


def test_as_what_an_event_is_told() -> None:
    assert rules.told_as("guarantee.issue", _S.ISSUED_SEALED, "") == "issued"
    assert rules.told_as("guarantee.verify", _S.VERIFIED, "") == "verified"
    assert rules.told_as("guarantee.verify", _S.FAULTY, "") == "faulty"
    assert rules.told_as("guarantee.cancel", _S.CANCELLED, "too_late") == "cancelled"
    assert rules.told_as("guarantee.cancel", _S.CANCELLED, "own_wish") is None


def test_roles_towards_a_guarantee() -> None:
    org = OrgId(UUID(int=1))
    own = Actor(org=org, roles=frozenset({Role.BIDDER, Role.CENTRE}))
    assert rules.roles_of(own, org) == BIDDER
    assert rules.roles_of(own, OrgId(UUID(int=2))) == frozenset()
    assert rules.roles_of(SYSTEM_ACTOR, org) == SYSTEM


TERMS = Terms(
    application="a",
    guarantee_no="BH1",
    ver=1,
    product="bid",
    lot="T2026-000001-1",
    applicant="甲公司",
    applicant_uscc="91330000000000001X",
    beneficiary="招标人",
    amount_fen=100,
    issued_at=NOW,
    valid_from=NOW,
    valid_to=LATER,
    on_demand=True,
    verify_code="AB",
    file_sha256="f" * 64,
)
WANTED = Wanted("bid", "T2026-000001-1", "甲公司", "91330000000000001X", "招标人", 100, LATER)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"amount_fen": 101, "valid_to": LATER + timedelta(days=1)}, None),
        ({"file_sha256": "0" * 64}, "other_file"),
        ({"product": "performance"}, "other_product"),
        ({"lot": "T2026-000001-2"}, "other_lot"),
        ({"applicant": "乙公司"}, "other_applicant"),
        ({"applicant_uscc": "91330000000000002X"}, "other_applicant"),
        ({"beneficiary": "别人"}, "other_beneficiary"),
        ({"amount_fen": 99}, "amount_short"),
        ({"valid_to": LATER - timedelta(milliseconds=1)}, "validity_short"),
        ({"valid_from": LATER + timedelta(days=1)}, "validity_short"),
        ({"on_demand": False}, "not_on_demand"),
    ],
)
def test_what_is_wrong_with_terms(change: dict[str, object], code: str | None) -> None:
    found = faults(replace(TERMS, **change), WANTED, "f" * 64)  # type: ignore[arg-type]
    assert found == (() if code is None else (code,))


def test_terms_are_read_as_they_were_signed_and_no_other_way() -> None:
    assert Terms.read(TERMS.to_bytes()) == TERMS
    said = TERMS.to_json()
    wrong: list[dict[str, JSON]] = [
        {**said, "extra": 1},
        {name: value for name, value in said.items() if name != "lot"},
        {**said, "ver": "1"},
        {**said, "ver": True},
        {**said, "lot": 1},
        {**said, "on_demand": 1},
        {**said, "valid_to": "tomorrow"},
    ]
    for members in wrong:
        with pytest.raises(BadSignature, match=r"guarantee\.terms"):
            Terms.read(canonical(members))
    for raw in (b"[]", b"{ }", b"x" * (rules.LARGEST_TERMS + 1)):
        with pytest.raises(BadSignature):
            Terms.read(raw)


def test_the_life_of_a_guarantor() -> None:
    centre = frozenset({Role.CENTRE})
    assert guarantor.MOVES.choose(GuarantorAction.SUSPEND, GuarantorState.ACTIVE, centre, None) is GuarantorState.SUSPENDED
    assert guarantor.MOVES.choose(GuarantorAction.RESUME, GuarantorState.SUSPENDED, centre, None) is GuarantorState.ACTIVE
    with pytest.raises(WrongState):
        guarantor.MOVES.choose(GuarantorAction.RESUME, GuarantorState.ACTIVE, centre, None)
    with pytest.raises(NotAllowed):
        guarantor.MOVES.choose(GuarantorAction.SUSPEND, GuarantorState.ACTIVE, frozenset({Role.TENDERER}), None)
    assert guarantor.takes_applications(GuarantorState.ACTIVE) and not guarantor.takes_applications(GuarantorState.SUSPENDED)


@pytest.mark.parametrize("body", [{}, {"root_sha256": "f" * 64, "reason": " "}, {"root_sha256": 1, "reason": "r"}])
def test_a_malformed_word_about_a_guarantor_is_refused(body: dict[str, JSON]) -> None:
    with pytest.raises(RuleBroken, match=r"guarantor\.malformed"):
        guarantor.read_reason(body)


def test_a_reason_is_read() -> None:
    assert guarantor.read_reason({"root_sha256": "f" * 64, "reason": " r "}) == ("f" * 64, "r")
