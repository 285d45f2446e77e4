"""The draw's table of moves and its rules of form."""

from __future__ import annotations

from itertools import product

import pytest

from core.kernel.errors import BadSignature, NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from evaluation.domain.draw import (
    MOVES,
    PARTIES,
    Action,
    CommitBody,
    Facts,
    PoolMember,
    Quota,
    RecusalBody,
    RequestBody,
    RevealBody,
    SlipShareBody,
    State,
    request_body,
    wants_a_committee,
)

S, A = State, Action
SEVEN = frozenset(f"P{number}" for number in range(7))
PARTY_ROLES = {Role.CENTRE, Role.SUPERVISOR, Role.TENDERER}
READY = {
    A.COMMIT: (S.REQUESTED, S.REQUESTED, PARTY_ROLES, Facts(party="centre")),
    A.CLOSE: (S.REQUESTED, S.COMMITTED, {Role.SYSTEM}, Facts(committed=PARTIES)),
    A.REVEAL: (S.COMMITTED, S.COMMITTED, PARTY_ROLES, Facts(party="centre", committed=PARTIES)),
    A.REPLY: (S.REQUESTED, S.DRAWN, {Role.CENTRE}, Facts(is_provincial=True)),
    A.OPEN: (S.COMMITTED, S.COMMITTED, {Role.OFFICER}, Facts(party="tenderer", committed=PARTIES, is_overdue=True)),
    A.DRAW: (S.COMMITTED, S.DRAWN, {Role.SYSTEM}, Facts(committed=PARTIES, revealed=PARTIES)),
    A.CALL: (S.DRAWN, S.CALLING, {Role.SYSTEM}, Facts()),
    A.RECUSE: (S.CALLING, S.CALLING, {Role.CENTRE, Role.EXPERT, Role.SYSTEM}, Facts(pseudonym="P1", seated=SEVEN)),
    A.SEAL: (S.CALLING, S.LIST_SEALED, {Role.SYSTEM}, Facts(seated=SEVEN, confirmed=SEVEN)),
    A.EXHAUST: (S.CALLING, S.EXHAUSTED, {Role.SYSTEM}, Facts()),
    A.SET_ASIDE: (S.CALLING, S.SET_ASIDE, {Role.CENTRE}, Facts(is_another_due=True)),
    A.FORM: (S.LIST_SEALED, S.FORMED, {Role.CENTRE}, Facts(seated=SEVEN)),
}
ALSO = {
    (A.RECUSE, S.LIST_SEALED): S.CALLING,  # who had confirmed cannot come after all
    (A.RECUSE, S.FORMED): S.FORMED,  # and does not appear
    (A.EXHAUST, S.LIST_SEALED): S.EXHAUSTED,
    **{(A.REPLY, state): state for state in (S.CALLING, S.LIST_SEALED, S.FORMED)},  # more who may follow
    **{(A.SET_ASIDE, state): S.SET_ASIDE for state in (S.REQUESTED, S.COMMITTED, S.DRAWN, S.LIST_SEALED, S.EXHAUSTED, S.FORMED)},
}


@pytest.mark.parametrize(("action", "state", "role"), list(product(Action, State, Role)))
def test_each_action_is_for_its_state_and_roles_alone(action: Action, state: State, role: Role) -> None:
    source, to, roles, facts = READY[action]
    if role not in roles:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), facts)
    elif (action, state) in ALSO:
        assert MOVES.choose(action, state, frozenset({role}), facts) is ALSO[action, state]
    elif state is not source:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), facts)
    else:
        assert MOVES.choose(action, state, frozenset({role}), facts) is to


REFUSED: list[tuple[Action, Facts, type[Refusal], str]] = [
    (A.COMMIT, Facts(party="centre", committed=frozenset({"centre"})), WrongState, "draw.commit.twice"),
    (A.COMMIT, Facts(party="centre", is_provincial=True), WrongState, "draw.commit.provincial"),
    (A.REPLY, Facts(), WrongState, "draw.reply.own"),
    (A.CLOSE, Facts(committed=frozenset({"centre", "tenderer"})), WrongState, "draw.commits_missing"),
    (A.REVEAL, Facts(party="centre", revealed=frozenset({"centre"})), WrongState, "draw.reveal.twice"),
    (A.REVEAL, Facts(party="centre", reveal_matches=False), RuleBroken, "draw.reveal.differs"),
    (A.OPEN, Facts(party="tenderer", is_overdue=True, revealed=frozenset({"tenderer"})), WrongState, "draw.open.revealed"),
    (A.OPEN, Facts(party="tenderer"), WrongState, "draw.open.too_early"),
    (A.DRAW, Facts(revealed=frozenset({"centre"})), WrongState, "draw.reveals_missing"),
    (A.RECUSE, Facts(pseudonym="P9", seated=SEVEN), RuleBroken, "draw.recuse.not_seated"),
    (A.SEAL, Facts(seated=SEVEN, confirmed=SEVEN - {"P3"}), WrongState, "draw.confirmations_missing"),
    (A.SEAL, Facts(), WrongState, "draw.confirmations_missing"),
    (A.FORM, Facts(seated=frozenset({"P1", "P2", "P3"})), RuleBroken, "draw.form.size"),
    (A.FORM, Facts(seated=SEVEN - {"P0"}), RuleBroken, "draw.form.size"),
]


@pytest.mark.parametrize(("action", "facts", "kind", "code"), REFUSED)
def test_each_rule_refuses_with_its_own_code(action: Action, facts: Facts, kind: type[Refusal], code: str) -> None:
    source, _, roles, _ = READY[action]
    with pytest.raises(kind) as refused:
        MOVES.choose(action, source, frozenset(roles), facts)
    assert refused.value.code == code


def test_a_committee_that_was_not_sealed_is_followed_by_none() -> None:
    with pytest.raises(WrongState) as refused:
        MOVES.choose(A.SET_ASIDE, S.FORMED, frozenset({Role.CENTRE}), Facts())
    assert refused.value.code == "draw.request.formed"


def test_a_request_lists_pool_and_recusals_in_the_order_of_their_ids() -> None:
    pool = [PoolMember("P2", ("civil",), "O1"), PoolMember("P1", ("civil", "cost"), "O2")]
    made = request_body(pool, [Quota("civil", 5)], ["P2", "P1"], 1)
    assert made["pool"] == [{"id": "P1", "strata": ["civil", "cost"], "org": "O2"}, {"id": "P2", "strata": ["civil"], "org": "O1"}]
    assert made["recused"] == ["P1", "P2"] and made["strata"] == [{"id": "civil", "quota": 5}] and made["org_cap"] == 1


@pytest.mark.parametrize(
    ("quotas", "code"),
    [
        ([Quota("civil", 4)], "draw.form.size"),
        ([Quota("civil", 3)], "draw.form.size"),
        ([Quota("civil", 3), Quota("civil", 2)], "draw.request.quotas"),
        ([Quota("civil", 5), Quota("cost", 0)], "draw.request.quotas"),
    ],
)
def test_quotas_must_make_a_lawful_committee(quotas: list[Quota], code: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        wants_a_committee(quotas)
    assert refused.value.code == code
    wants_a_committee([Quota("civil", 5), Quota("cost", 2)])


def test_slips_are_64_hex_digits() -> None:
    good = {"draw": "draw-1-1", "party": "centre"}
    assert CommitBody.read(good | {"commit": "ab" * 32, "shares": []}).commit == "ab" * 32
    said = {"draw": "draw-1-1", "party": "centre", "role": "centre", "share": "ab" * 33}
    assert SlipShareBody.read(said).share == "ab" * 33
    with pytest.raises(BadSignature):
        SlipShareBody.read(said | {"share": "zz" * 33})
    assert RevealBody.read(good | {"value": "cd" * 32}).value == "cd" * 32
    for wrong in ("", "ab", "AB" * 32, "zz" * 32):
        with pytest.raises(RuleBroken):
            CommitBody.read(good | {"commit": wrong, "shares": []})
        with pytest.raises(RuleBroken):
            RevealBody.read(good | {"value": wrong})


def test_a_note_of_the_centre_names_one_of_the_causes_and_a_reason() -> None:
    said = {"draw": "draw-1-1", "id": "P1", "cause": "late", "reason": "来电说明"}
    assert RecusalBody.read(said).cause == "late"
    for wrong in ({"reason": " "}, {"cause": "silent"}, {"cause": "bored"}):
        with pytest.raises(RuleBroken):
            RecusalBody.read(said | wrong)


def test_a_request_keeps_its_object_and_fixes_the_calls() -> None:
    calling = {"at": "2026-12-01T01:00:00.000Z", "window": 30, "sites": [{"site": "主场", "seats": 5}], "gateway": ""}
    said = {"draw": "draw-1-1", "purpose": "评标", "request": {"pool": []}, "calling": calling, "again": {"code": "", "text": ""}}
    read = RequestBody.read(said)
    assert read.request == {"pool": []} and read.calling.to_json() == calling and read.again.to_json() == said["again"]
