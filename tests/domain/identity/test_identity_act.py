"""Every rule that a signed act must pass, one fact changed at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.identity.domain.act import Expect, Facts, accept
from core.identity.domain.person import urn
from core.kernel import signing
from core.kernel.errors import BadSignature, NotAllowed, Refusal, Stale
from core.kernel.ids import CaseId, PersonId
from core.kernel.roles import Role
from core.kernel.signing import Statement

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHO = PersonId(UUID(int=7))
EXPECT = Expect("seal", CaseId("T2026-000001"), "1", 0, Role.BIDDER)


def said(**change: Any) -> Statement:
    fields: dict[str, Any] = {
        "type": "seal",
        "case": "T2026-000001",
        "lot": "1",
        "round": 0,
        "prev": "",
        "actor": signing.Actor(urn(WHO), "bidder", "ab" * 32),
        "nonce": "00" * 16,
        "iat": NOON,
        "ckpt": signing.NOTHING_SEEN,
        "body": {},
    }
    return signing.read_statement(signing.statement(**(fields | change)))


FACTS = Facts(
    said=said(),
    expect=EXPECT,
    person=WHO,
    roles=frozenset({Role.BIDDER}),
    now=NOON,
    prev="",
    is_checkpoint_known=True,
    is_password_checked=False,
)


def actor(role: str, person: PersonId = WHO) -> signing.Actor:
    return signing.Actor(urn(person), role, "ab" * 32)


@pytest.mark.parametrize(
    ("facts", "kind", "code"),
    [
        (replace(FACTS, person=None), BadSignature, "act.other_person"),
        (replace(FACTS, person=PersonId(UUID(int=8))), BadSignature, "act.other_person"),
        (replace(FACTS, said=said(actor=actor("officer"))), BadSignature, "act.other_person"),  # officers bear another name
        (replace(FACTS, said=said(actor=actor("centre"))), NotAllowed, "act.role"),
        (replace(FACTS, said=said(actor=actor("emperor"))), NotAllowed, "act.role"),
        (replace(FACTS, roles=frozenset()), NotAllowed, "act.role"),
        (replace(FACTS, expect=replace(EXPECT, role=Role.CENTRE)), NotAllowed, "act.role"),
        (replace(FACTS, said=said(type="withdraw")), BadSignature, "act.other_statement"),
        (replace(FACTS, said=said(case="T2026-000002")), BadSignature, "act.other_statement"),
        (replace(FACTS, said=said(lot="2")), BadSignature, "act.other_statement"),
        (replace(FACTS, said=said(round=1)), BadSignature, "act.other_statement"),
        (replace(FACTS, said=said(iat=NOON + timedelta(minutes=5, milliseconds=1))), BadSignature, "act.in_the_future"),
        (replace(FACTS, said=said(step_up="password+device")), BadSignature, "act.password_needed"),
        (replace(FACTS, expect=replace(EXPECT, step_up=True)), NotAllowed, "act.step_up"),
        (replace(FACTS, is_checkpoint_known=False), BadSignature, "act.ckpt_unknown"),
        (replace(FACTS, prev="cd" * 32), Stale, "act.prev"),
        (replace(FACTS, said=said(prev="cd" * 32)), Stale, "act.prev"),
    ],
)
def test_one_wrong_fact_is_enough(facts: Facts, kind: type[Refusal], code: str) -> None:
    with pytest.raises(kind) as refused:
        accept(facts)
    assert refused.value.code == code


def test_a_stale_act_is_told_the_right_prev() -> None:
    with pytest.raises(Stale) as refused:
        accept(replace(FACTS, prev="cd" * 32))
    assert refused.value.facts == {"prev": "cd" * 32}


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        replace(FACTS, expect=replace(EXPECT, role=None)),
        replace(FACTS, said=said(iat=NOON + timedelta(minutes=5))),
        replace(FACTS, said=said(prev="cd" * 32), prev="cd" * 32),
        replace(FACTS, said=said(step_up="password+device"), expect=replace(EXPECT, step_up=True), is_password_checked=True),
        replace(FACTS, said=said(step_up="webauthn"), expect=replace(EXPECT, step_up=True)),
    ],
)
def test_an_act_that_is_what_it_should_be_is_accepted(facts: Facts) -> None:
    accept(facts)


def test_a_stranger_learns_nothing_of_the_case_before_the_person_fits() -> None:
    with pytest.raises(BadSignature, match=r"act\.other_person"):
        accept(replace(FACTS, person=PersonId(UUID(int=8)), prev="cd" * 32, is_checkpoint_known=False))
