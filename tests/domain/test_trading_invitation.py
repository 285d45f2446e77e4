"""An invitation: whom it may name, whom the lot is open to, and what may be answered when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.calendar import CHINA
from core.kernel.errors import RuleBroken, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from trading.domain.clock import Law, LegalRegime
from trading.domain.invitation import (
    EVERYBODYS,
    MOVES,
    Answer,
    AnswerFacts,
    Invitation,
    InviteeAction,
    InviteeState,
    check_invitation,
    is_everybodys,
    is_staff,
    may_bid,
    may_name_invitees,
    public_body,
)
from trading.domain.lot import LotState, Parties
from trading.domain.notice import NoticeFacts, TenderNotice, check

NOW = datetime(2026, 9, 1, tzinfo=UTC)
ORGS = [OrgId(UUID(int=n)) for n in range(1, 9)]
WORKS, SUPPLIES = (Law(regime, True, CHINA) for regime in LegalRegime)
PARTIES = Parties(ORGS[6], ORGS[7])


def said(count: int = 3, **changes: Any) -> dict[str, Any]:
    invitees = [{"org": str(org), "name": f"第{org.int}公司", "uscc": f"9132000000000000{org.int:02d}"} for org in ORGS[:count]]
    return {"reason": "few", "explanation": "专业性强", "approval": "91号", "invitees": invitees} | changes


def invitation(count: int = 3, **changes: Any) -> Invitation:
    return Invitation.read(Body(said(count, **changes)))


def actor(role: Role, org: OrgId | None = None) -> Actor:
    return Actor(person=PersonId(UUID(int=99)), org=org, roles=frozenset({role}))


def test_three_or_more_are_invited() -> None:
    check_invitation(invitation(), WORKS)
    check_invitation(invitation(6), SUPPLIES, frozenset({PARTIES.tenderer, PARTIES.agency}))
    for law, article in ((WORKS, "招标投标法第十七条"), (SUPPLIES, "政府采购法第三十四条")):
        with pytest.raises(RuleBroken) as broken:
            check_invitation(invitation(2), law)
        assert (broken.value.code, broken.value.article) == ("invitation.too_few", article)


def test_nobody_counts_twice_and_who_invites_is_not_invited() -> None:
    twice = said()
    twice["invitees"].append(twice["invitees"][0])
    with pytest.raises(RuleBroken, match="invitee_twice"):
        check_invitation(Invitation.read(Body(twice)), WORKS)
    with pytest.raises(RuleBroken, match="party_invited"):
        check_invitation(invitation(7), WORKS, frozenset({PARTIES.tenderer, PARTIES.agency}))


def test_what_must_be_tendered_by_law_needs_an_approval() -> None:
    with pytest.raises(RuleBroken, match="approval_missing"):
        check_invitation(invitation(approval=""), WORKS)
    check_invitation(invitation(approval=""), Law(LegalRegime.CONSTRUCTION, False, CHINA))


@pytest.mark.parametrize("changes", [{"reason": "haste"}, {"explanation": ""}, {"invitees": [{"org": "x"}]}, {"more": 1}])
def test_an_invitation_has_its_form(changes: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken, match=r"body\.malformed"):
        invitation(**changes)


def test_a_notice_is_held_against_its_invitation() -> None:
    deadline = "2026-09-28T08:00:00.000Z"
    body: dict[str, Any] = {"title": "公告", "document_sha256": "ab" * 32, "award_plan_sha256": "cd" * 32, "publicity_days": 3}
    body |= {"release_at": "2026-09-01T08:00:00.000Z", "deadline": deadline, "opening_at": deadline}
    facts = NoticeFacts(now=NOW, law=WORKS, document_sha256="ab" * 32, award_plan_sha256="cd" * 32)
    check(TenderNotice.read(body | {"invitation": said()}), facts)
    assert [one.to_json() for one in invitation(2).invitees] == said(2)["invitees"]
    with pytest.raises(RuleBroken, match="too_few"):
        check(TenderNotice.read(body | {"invitation": said(2)}), facts)
    assert public_body(body) == body
    found = {"prequalification": {"result_sha256": "ef" * 32}}
    assert public_body(body | found)["prequalification"] == {}
    check(TenderNotice.read(body | found), replace(facts, round_sha256="ef" * 32))
    for signed, concluded, code in (
        (body | found, "", "round_other"),
        (body, "ef" * 32, "round_other"),
        (body | found | {"invitation": said()}, "ef" * 32, "invited_and_prequalified"),
    ):
        with pytest.raises(RuleBroken, match=code):
            check(TenderNotice.read(signed), replace(facts, round_sha256=concluded))
    shown = public_body(body | {"invitation": said(5)})
    assert shown["invitation"] == {"reason": "few", "explanation": "专业性强", "approval": "91号"}


def test_a_lot_by_invitation_is_everybodys_from_the_opening_on() -> None:
    assert all(is_everybodys(False, state) for state in LotState)
    opened = {state for state in LotState if is_everybodys(True, state)}
    assert opened == EVERYBODYS and LotState.OPENING in opened
    assert not opened & {LotState.NOTICED, LotState.BIDDING, LotState.SUSPENDED, LotState.TERMINATED, LotState.FAILED}


def test_who_works_for_the_lot_sees_it_and_who_invites_sees_whom() -> None:
    staff = [actor(Role.TENDERER, PARTIES.tenderer), actor(Role.AGENCY, PARTIES.agency), *map(actor, (Role.CENTRE, Role.SUPERVISOR))]
    staff += map(actor, (Role.FINANCE, Role.OFFICER))
    assert all(is_staff(one, PARTIES) for one in staff)
    strangers = [actor(Role.BIDDER, ORGS[0]), actor(Role.TENDERER, ORGS[0]), actor(Role.AGENCY), actor(Role.EXPERT), actor(Role.ADMIN)]
    assert not any(is_staff(one, PARTIES) for one in strangers)
    assert not is_staff(actor(Role.BIDDER, ORGS[0]), Parties(ORGS[6], ORGS[7], winners=frozenset({ORGS[0]})))
    named = [may_name_invitees(one, PARTIES, LotState.BIDDING) for one in staff]
    assert named == [True, True, False, False, False, False]
    assert may_name_invitees(strangers[0], PARTIES, LotState.OPENING)


BIDDER = frozenset({Role.BIDDER})


def facts(**changes: Any) -> AnswerFacts:
    told: dict[str, Any] = {"now": NOW, "deadline": NOW + timedelta(milliseconds=1), "lot": LotState.BIDDING}
    return AnswerFacts(**told | changes)


@pytest.mark.parametrize("state", list(InviteeState))
def test_an_invitee_answers_as_often_as_it_likes_until_the_deadline(state: InviteeState) -> None:
    assert MOVES.choose(InviteeAction.CONFIRM, state, BIDDER, facts()) is InviteeState.CONFIRMED
    assert MOVES.choose(InviteeAction.DECLINE, state, BIDDER, facts(lot=LotState.NOTICED)) is InviteeState.DECLINED
    for late in (facts(now=NOW + timedelta(milliseconds=1)), facts(deadline=None), facts(lot=LotState.TERMINATED)):
        for action in InviteeAction:
            with pytest.raises(WrongState, match="not_taken"):
                MOVES.choose(action, state, BIDDER, late)


def test_who_has_a_bid_in_does_not_decline_and_who_has_declined_does_not_bid() -> None:
    assert MOVES.choose(InviteeAction.CONFIRM, InviteeState.INVITED, BIDDER, facts(has_bid=True)) is InviteeState.CONFIRMED
    with pytest.raises(WrongState, match="has_bid"):
        MOVES.choose(InviteeAction.DECLINE, InviteeState.CONFIRMED, BIDDER, facts(has_bid=True))
    assert may_bid(InviteeState.INVITED) is may_bid(InviteeState.CONFIRMED) is None
    refused = may_bid(InviteeState.DECLINED)
    assert refused is not None and refused.code == "bid.invitation_declined"


def test_an_answer_names_its_organisation() -> None:
    read = Answer.read({"org": str(ORGS[0]), "answer": "decline"})
    assert read == Answer(ORGS[0], InviteeAction.DECLINE)
    with pytest.raises(RuleBroken):
        Answer.read({"org": str(ORGS[0]), "answer": "maybe"})
