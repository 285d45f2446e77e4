"""Consortia by values: what an agreement may say, who may sign and leave when, and what a seal must name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel.errors import RuleBroken, Stale, WrongState
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from trading.domain.bid import BidFacts
from trading.domain.consortium import (
    MOVES,
    Agreement,
    ConsortiumAction,
    ConsortiumFacts,
    ConsortiumState,
    MemberSigning,
    Standing,
    check_agreement,
    check_sealing,
    number_of,
)

NOW = datetime(2026, 9, 1, tzinfo=UTC)
ORGS = [OrgId(UUID(int=n)) for n in range(1, 9)]
NOBODY: frozenset[OrgId] = frozenset()


def said(*shares: str, **changes: Any) -> dict[str, Any]:
    members = [
        {"org": str(org), "name": f"第{org.int}公司", "uscc": f"9132000000000000{org.int:02d}", "share": share, "duty": "施工"} | changes
        for org, share in zip(ORGS, shares, strict=False)
    ]
    return {"members": members}


def agreement(*shares: str, **changes: Any) -> Agreement:
    return Agreement.read(said(*shares, **changes))


def test_a_lawful_agreement_names_all_its_members_the_lead_first() -> None:
    made = agreement("60.00", "39.99", "0.01")
    check_agreement(made, 3, ORGS[0], NOBODY)
    assert made.to_json() == said("60.00", "39.99", "0.01") and made.orgs == tuple(ORGS[:3])
    assert made.name == "第1公司（联合体牵头人）、第2公司、第3公司"
    assert number_of("ab" * 32) == "LH-ABABABABABABABAB"


@pytest.mark.parametrize(
    ("made", "most", "lead", "parties", "code"),
    [
        (agreement("60.00", "40.00"), 0, ORGS[0], NOBODY, "consortium.not_accepted"),
        (agreement("60.00", "40.00"), 2, ORGS[1], NOBODY, "consortium.lead_other"),
        (agreement("100.00"), 2, ORGS[0], NOBODY, "consortium.members_unfit"),
        (agreement("60.00", "20.00", "20.00"), 2, ORGS[0], NOBODY, "consortium.members_unfit"),
        (agreement("60.00", "40.00", org=str(ORGS[0])), 2, ORGS[0], NOBODY, "consortium.member_twice"),
        (agreement("60.00", "40.00"), 2, ORGS[0], frozenset({ORGS[1]}), "consortium.party_member"),
        (agreement("60.00", "39.99"), 2, ORGS[0], NOBODY, "consortium.shares_unfit"),
        (agreement("100.00", "0.00"), 2, ORGS[0], NOBODY, "consortium.shares_unfit"),
        (agreement("60.00", "40.00", name="公" * 110), 2, ORGS[0], NOBODY, "consortium.name_too_long"),
    ],
)
def test_an_agreement_that_breaks_a_rule_is_refused(made: Agreement, most: int, lead: OrgId, parties: frozenset[OrgId], code: str) -> None:
    with pytest.raises(RuleBroken) as broken:
        check_agreement(made, most, lead, parties)
    assert broken.value.code == code


@pytest.mark.parametrize("changes", [{"share": "60"}, {"share": "-1.00"}, {"duty": ""}, {"org": "x"}, {"more": 1}])
def test_an_agreement_has_its_form(changes: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        agreement("60.00", "40.00", **changes)


def test_a_members_statement_names_firm_and_registration() -> None:
    read = MemberSigning.read({"org": str(ORGS[0]), "register_sha256": "ab" * 32})
    assert read == MemberSigning(ORGS[0], "ab" * 32)
    with pytest.raises(RuleBroken):
        MemberSigning.read({"org": str(ORGS[0]), "register_sha256": "ab"})


BIDDER = frozenset({Role.BIDDER})
S, A = ConsortiumState, ConsortiumAction


def facts(deadline: datetime = NOW + timedelta(milliseconds=1), **changes: Any) -> ConsortiumFacts:
    return ConsortiumFacts(BidFacts(NOW, deadline), **changes)


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [(A.REGISTER, S.DRAFTED, S.FORMING), (A.SIGN, S.FORMING, S.FORMING), (A.SIGN_LAST, S.FORMING, S.FORMED)],
)
def test_who_is_free_may_join_until_the_deadline(action: ConsortiumAction, before: ConsortiumState, after: ConsortiumState) -> None:
    assert MOVES.choose(action, before, BIDDER, facts()) is after
    for told, code in (
        (facts(deadline=NOW), "bid.seal.late"),
        (facts(has_signed=True), "consortium.signed_already"),
        (facts(is_bound=True), "consortium.bound"),
        (facts(has_bid=True), "consortium.has_bid"),
    ):
        with pytest.raises((RuleBroken, WrongState)) as refused:
            MOVES.choose(action, before, BIDDER, told)
        assert refused.value.code == code


@pytest.mark.parametrize("state", [S.FORMING, S.FORMED])
def test_a_consortium_is_dissolved_while_its_bid_is_not_in(state: ConsortiumState) -> None:
    assert MOVES.choose(A.DISSOLVE, state, BIDDER, facts()) is S.DISSOLVED
    for told, code in ((facts(is_sealed=True), "consortium.sealed"), (facts(deadline=NOW), "bid.seal.late")):
        with pytest.raises((RuleBroken, WrongState)) as refused:
            MOVES.choose(A.DISSOLVE, state, BIDDER, told)
        assert refused.value.code == code


def test_a_seal_names_exactly_the_members_of_a_whole_consortium() -> None:
    two = tuple(ORGS[:2])
    named = tuple(str(org) for org in two)
    check_sealing([(), ()], Standing())
    check_sealing([named, named], Standing(two, is_whole=True))
    for said_, standing, code in (
        ([()], Standing(is_member=True), "bid.seal.consortium_member"),
        ([named], Standing(two), "bid.seal.consortium_unsigned"),
        ([()], Standing(two, is_whole=True), "bid.seal.consortium_other"),
        ([named, ()], Standing(two, is_whole=True), "bid.seal.consortium_other"),
        ([named[::-1]], Standing(two, is_whole=True), "bid.seal.consortium_other"),
        ([named], Standing(), "bid.seal.consortium_other"),
    ):
        with pytest.raises((RuleBroken, Stale)) as refused:
            check_sealing(said_, standing)
        assert refused.value.code == code
