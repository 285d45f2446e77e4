"""A lot's table of moves: every action in every state for every role, and each rule that stands in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import pytest

from core.kernel.actor import SYSTEM_ACTOR, Actor
from core.kernel.errors import NotAllowed, Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime
from trading.domain.lot import (
    ENDED,
    MOVES,
    NOTICED_OR_LATER,
    OPENED_OR_LATER,
    LotAction,
    LotFacts,
    LotState,
    Parties,
    hindrances,
    roles_of,
)

NOW = datetime(2026, 9, 1, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
# All rules content, for a lot whose award is separated; `RANKED` the same for one whose award is not.
READY = LotFacts(
    now=NOW,
    plan_fixed=True,
    document_published=True,
    release_at=NOW - HOUR,
    deadline=NOW,
    sealed=3,
    separation=True,
    publicity_until=NOW,
    contract_offered=True,
)
BEFORE_DEADLINE = replace(READY, deadline=NOW + HOUR)
AFTER = replace(READY, publicity_after=True)  # its result is published after the award
FITTING = {
    LotAction.DRAFT_AMENDMENT: BEFORE_DEADLINE,
    LotAction.AMEND_DOCUMENT: BEFORE_DEADLINE,
    LotAction.CLARIFY: BEFORE_DEADLINE,
    LotAction.FAIL_PREQUALIFIED: replace(READY, awaits_round=True),
    LotAction.FAIL: replace(READY, sealed=2),
    LotAction.RESUME: replace(READY, suspended_at=READY.now),
    **dict.fromkeys((LotAction.AWARD_FIRST, LotAction.LEAVE_FIRST, LotAction.CHOOSE_FIRST), replace(READY, separation=False)),
    LotAction.OFFER_CONTRACT: replace(READY, contract_offered=False),
    LotAction.HALT: replace(READY, unanswered=1),
    **dict.fromkeys((LotAction.BEGIN_AWARD, LotAction.KEEP_AWARD), AFTER),
    **dict.fromkeys((LotAction.PUBLISH_RESULT, LotAction.CONFIRM_AWARD), replace(AFTER, award_decided=True)),
}
T, A, C, S, B, Y = Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR, Role.BIDDER, Role.SYSTEM
EXPECTED = {
    ("register", "planned"): ("registered", {T}),
    ("fix_plan", "registered"): ("registered", {T}),
    ("prequalify", "registered"): ("registered", {A}),
    ("fail_prequalified", "registered"): ("failed", {Y}),
    ("publish_document", "registered"): ("registered", {A}),
    ("draft_notice", "registered"): ("registered", {A}),
    ("publish_notice", "registered"): ("noticed", {T}),
    ("open_bidding", "noticed"): ("bidding", {Y}),
    ("draft_amendment", "bidding"): ("bidding", {A}),
    ("amend_document", "bidding"): ("bidding", {T}),
    ("clarify", "bidding"): ("bidding", {A}),
    ("halt", "bidding"): ("suspended", {Y}),
    ("go_on", "suspended"): ("bidding", {Y}),
    ("suspend", "bidding"): ("suspended", {S}),
    ("resume", "suspended"): ("bidding", {S}),
    ("terminate", "noticed"): ("terminated", {T}),
    ("terminate", "bidding"): ("terminated", {T}),
    ("terminate", "suspended"): ("terminated", {T}),
    ("fail", "bidding"): ("failed", {Y}),
    ("open_bids", "bidding"): ("opening", {Y}),
    ("begin_evaluation", "opening"): ("evaluating", {Y, C}),
    ("begin_evaluation", "reevaluation"): ("evaluating", {Y, C}),
    ("accept_report", "evaluating"): ("evaluated", {Y}),
    ("reject_all", "evaluating"): ("all_rejected", {Y}),
    ("publish_candidates", "evaluated"): ("candidates_published", {T}),
    ("end_publicity", "candidates_published"): ("award_deciding", {Y}),
    ("award_first", "candidates_published"): ("awarded", {Y}),
    ("leave_first", "candidates_published"): ("award_deciding", {Y}),
    ("choose_first", "award_deciding"): ("awarded", {T}),
    ("accept_award", "award_deciding"): ("awarded", {Y}),
    ("begin_award", "evaluated"): ("award_deciding", {Y}),
    ("keep_award", "award_deciding"): ("award_deciding", {Y}),
    ("publish_result", "award_deciding"): ("candidates_published", {T}),
    ("confirm_award", "candidates_published"): ("awarded", {Y}),
    ("send_award_notice", "awarded"): ("notice_sent", {T}),
    ("remind_of_contract", "notice_sent"): ("notice_sent", {Y}),
    ("offer_contract", "notice_sent"): ("notice_sent", {T}),
    ("sign_contract", "notice_sent"): ("notice_sent", {B}),
    ("conclude_contract", "notice_sent"): ("contracted", {Y}),
    ("reevaluate", "evaluated"): ("reevaluation", {S}),
    ("reevaluate", "candidates_published"): ("reevaluation", {S}),
    ("reevaluate", "award_deciding"): ("reevaluation", {S}),
    ("reevaluate", "awarded"): ("reevaluation", {S}),
    ("reevaluate", "notice_sent"): ("reevaluation", {S}),
    ("ask_reevaluation", "evaluated"): ("reevaluation", {T}),
    ("ask_reevaluation", "candidates_published"): ("reevaluation", {T}),
    ("ask_reevaluation", "award_deciding"): ("reevaluation", {T}),
    ("ask_reevaluation", "awarded"): ("reevaluation", {T}),
    ("close", "contracted"): ("closed", {Y}),
    ("archive", "closed"): ("archived", {C}),
    ("begin_evaluation", "drill"): ("drill", {Y}),
    ("end_drill", "drill"): ("drilled", {C}),
}


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("state", LotState)
@pytest.mark.parametrize("action", LotAction)
def test_every_action_in_every_state_for_every_role(action: LotAction, state: LotState, role: Role) -> None:
    may_ever = any(role in who for (name, _), (_, who) in EXPECTED.items() if name == action.value)
    to, who = EXPECTED.get((action.value, state.value), ("", set()))
    facts = FITTING.get(action, READY)
    if role in who:
        assert MOVES.choose(action, state, frozenset({role}), facts) is LotState(to)
        assert action in MOVES.available(state, frozenset({role}), facts)
    else:
        with pytest.raises(WrongState if may_ever else NotAllowed):
            MOVES.choose(action, state, frozenset({role}), facts)
        assert action not in MOVES.available(state, frozenset({role}), facts)


SHOWN = LotState.CANDIDATES_PUBLISHED
Ruled: TypeAlias = tuple[LotAction, LotState, Role, dict[str, object], str, str]
RULED: list[Ruled] = [
    (LotAction.PUBLISH_DOCUMENT, LotState.REGISTERED, A, {"plan_fixed": False}, "document.plan_missing", "招标投标法第十九条"),
    (LotAction.DRAFT_NOTICE, LotState.REGISTERED, A, {"plan_fixed": False}, "notice.plan_missing", "招标投标法第十九条"),
    (LotAction.PUBLISH_NOTICE, LotState.REGISTERED, T, {"plan_fixed": False}, "notice.plan_missing", "招标投标法第十九条"),
    (LotAction.PUBLISH_NOTICE, LotState.REGISTERED, T, {"document_published": False}, "notice.document_missing", "招标投标法第十九条"),
    (LotAction.OPEN_BIDDING, LotState.NOTICED, Y, {"release_at": None}, "lot.release.not_reached", ""),
    (LotAction.OPEN_BIDDING, LotState.NOTICED, Y, {"release_at": NOW + HOUR}, "lot.release.not_reached", ""),
    (LotAction.FAIL, LotState.BIDDING, Y, {"deadline": None}, "lot.deadline.not_reached", ""),
    (LotAction.FAIL, LotState.BIDDING, Y, {"deadline": NOW + HOUR}, "lot.deadline.not_reached", ""),
    (LotAction.RESUME, LotState.SUSPENDED, Role.SUPERVISOR, {"suspended_at": None}, "lot.resume.not_ordered", ""),
    (LotAction.FAIL, LotState.BIDDING, Y, {"sealed": 3}, "lot.fail.enough_bids", ""),
    (LotAction.FAIL, LotState.BIDDING, Y, {"sealed": None}, "lot.fail.enough_bids", ""),
    (LotAction.OPEN_BIDS, LotState.BIDDING, Y, {"deadline": NOW + HOUR}, "lot.deadline.not_reached", ""),
    (LotAction.OPEN_BIDS, LotState.BIDDING, Y, {"sealed": 2}, "lot.open_bids.too_few", "招标投标法实施条例第四十四条"),
    (LotAction.OPEN_BIDS, LotState.BIDDING, Y, {"sealed": None}, "lot.open_bids.too_few", "招标投标法实施条例第四十四条"),
    (LotAction.END_PUBLICITY, SHOWN, Y, {"publicity_until": None}, "lot.publicity.running", "招标投标法实施条例第五十四条"),
    (LotAction.END_PUBLICITY, SHOWN, Y, {"publicity_until": NOW + HOUR}, "lot.publicity.running", "招标投标法实施条例第五十四条"),
    (LotAction.END_PUBLICITY, SHOWN, Y, {"separation": False}, "lot.separation.absent", ""),
    (LotAction.AWARD_FIRST, LotState.CANDIDATES_PUBLISHED, Y, {"separation": True}, "lot.separation.present", ""),
    (LotAction.LEAVE_FIRST, LotState.CANDIDATES_PUBLISHED, Y, {"separation": True}, "lot.separation.present", ""),
    (LotAction.CHOOSE_FIRST, LotState.AWARD_DECIDING, T, {"separation": True}, "lot.separation.present", ""),
    (LotAction.PUBLISH_CANDIDATES, LotState.EVALUATED, T, {"publicity_after": True}, "lot.publicity.after_award", ""),
    (LotAction.END_PUBLICITY, SHOWN, Y, {"publicity_after": True}, "lot.publicity.after_award", ""),
    (LotAction.ACCEPT_AWARD, LotState.AWARD_DECIDING, Y, {"publicity_after": True}, "lot.publicity.after_award", ""),
    (LotAction.BEGIN_AWARD, LotState.EVALUATED, Y, {"publicity_after": False}, "lot.publicity.before_award", ""),
    (LotAction.KEEP_AWARD, LotState.AWARD_DECIDING, Y, {"publicity_after": False}, "lot.publicity.before_award", ""),
    (LotAction.PUBLISH_RESULT, LotState.AWARD_DECIDING, T, {"publicity_after": False}, "lot.publicity.before_award", ""),
    (LotAction.PUBLISH_RESULT, LotState.AWARD_DECIDING, T, {"award_decided": False}, "lot.award_undecided", ""),
    (LotAction.CONFIRM_AWARD, SHOWN, Y, {"award_decided": False}, "lot.award_undecided", ""),
    (LotAction.CONFIRM_AWARD, SHOWN, Y, {"publicity_until": NOW + HOUR}, "lot.publicity.running", "招标投标法实施条例第五十四条"),
    (LotAction.HALT, LotState.BIDDING, Y, {"unanswered": 0}, "lot.nothing_stops", ""),
    (LotAction.HALT, LotState.BIDDING, Y, {"regime": LegalRegime.GOVERNMENT_PROCUREMENT}, "lot.nothing_stops", ""),
    (LotAction.OFFER_CONTRACT, LotState.NOTICE_SENT, T, {"contract_offered": True}, "contract.offered_already", ""),
    (LotAction.SIGN_CONTRACT, LotState.NOTICE_SENT, B, {"contract_offered": False}, "contract.not_offered", ""),
    (LotAction.SIGN_CONTRACT, LotState.NOTICE_SENT, B, {"contract_signed": True}, "contract.signed_already", ""),
    (LotAction.CONCLUDE_CONTRACT, LotState.NOTICE_SENT, Y, {"contract_awaits": 1}, "contract.members_missing", ""),
]


WORKS_STOP = {"unanswered": 1}, "招标投标法实施条例第五十四条", "lot.objection_unanswered"
DOCUMENT_STOP = {"unanswered": 1}, "招标投标法实施条例第二十二条", "lot.document_objection_unanswered"
CHALLENGED = {"unanswered": 1, "regime": LegalRegime.GOVERNMENT_PROCUREMENT}, "政府采购法实施条例第五十四条", "lot.challenge_unanswered"
ORDERED = {"stays": 1}, "招标投标法实施条例第六十二条", "lot.stayed"
ORDERED_B = {"stays": 1, "regime": LegalRegime.GOVERNMENT_PROCUREMENT}, "政府采购法第五十七条", "lot.stayed"
STEPS = [
    *((LotAction.BEGIN_EVALUATION, LotState.OPENING, Y), (LotAction.ACCEPT_REPORT, LotState.EVALUATING, Y)),
    *((LotAction.PUBLISH_CANDIDATES, LotState.EVALUATED, T), (LotAction.END_PUBLICITY, LotState.CANDIDATES_PUBLISHED, Y)),
    *((LotAction.AWARD_FIRST, LotState.CANDIDATES_PUBLISHED, Y), (LotAction.ACCEPT_AWARD, LotState.AWARD_DECIDING, Y)),
    *((LotAction.LEAVE_FIRST, LotState.CANDIDATES_PUBLISHED, Y), (LotAction.CHOOSE_FIRST, LotState.AWARD_DECIDING, T)),
    *((LotAction.BEGIN_AWARD, LotState.EVALUATED, Y), (LotAction.KEEP_AWARD, LotState.AWARD_DECIDING, Y)),
    *((LotAction.PUBLISH_RESULT, LotState.AWARD_DECIDING, T), (LotAction.CONFIRM_AWARD, LotState.CANDIDATES_PUBLISHED, Y)),
    (LotAction.SEND_AWARD_NOTICE, LotState.AWARDED, T),
]
CONTRACT = [(LotAction.OFFER_CONTRACT, LotState.NOTICE_SENT, T), (LotAction.SIGN_CONTRACT, LotState.NOTICE_SENT, B)]
GOING_ON = [(LotAction.GO_ON, LotState.SUSPENDED, Y), (LotAction.RESUME, LotState.SUSPENDED, S)]


def check_stop(step: tuple[LotAction, LotState, Role], stop: tuple[dict[str, object], str, str]) -> None:
    """The step is refused with that article, and taken once nothing stops it."""
    (action, state, role), (changes, article, code) = step, stop
    facts = FITTING.get(action, READY)
    with pytest.raises(RuleBroken) as refused:
        MOVES.choose(action, state, frozenset({role}), replace(facts, **changes))  # type: ignore[arg-type]
    assert (refused.value.code, refused.value.article) == (code, article)
    MOVES.choose(action, state, frozenset({role}), facts)


def test_what_waits_for_an_answer_or_was_ordered_stops_every_step() -> None:
    for step in (*STEPS, *CONTRACT):
        for stop in (WORKS_STOP, ORDERED, ORDERED_B):
            check_stop(step, stop)
    for step in GOING_ON:
        for stop in (DOCUMENT_STOP, ORDERED, ORDERED_B):
            check_stop(step, stop)


def test_a_challenge_stops_the_contract_alone() -> None:
    for step in CONTRACT:
        check_stop(step, CHALLENGED)
    for action, state, role in (*STEPS, *GOING_ON):
        facts = replace(FITTING.get(action, READY), unanswered=1, regime=LegalRegime.GOVERNMENT_PROCUREMENT)
        MOVES.choose(action, state, frozenset({role}), facts)


@pytest.mark.parametrize("ruled", RULED, ids=lambda ruled: f"{ruled[0].value}-{ruled[4]}")
def test_a_row_refuses_with_its_code_and_article(ruled: Ruled) -> None:
    action, state, role, changes, code, article = ruled
    facts = replace(FITTING.get(action, READY), **changes)  # type: ignore[arg-type]
    with pytest.raises(Refusal) as refused:
        MOVES.choose(action, state, frozenset({role}), facts)
    assert refused.value.code == code
    assert article == (refused.value.article if isinstance(refused.value, RuleBroken) else "")
    assert action in [found.action for found in hindrances(state, frozenset({role}), facts)]


def test_what_may_be_done_is_no_hindrance() -> None:
    assert hindrances(LotState.REGISTERED, frozenset({T}), READY) == ()
    assert hindrances(LotState.REGISTERED, frozenset({Role.EXPERT}), READY) == ()


TENDERER, AGENCY, WINNER, STRANGER = (OrgId(UUID(int=n)) for n in range(1, 5))
ALL = frozenset(Role)


@pytest.mark.parametrize(
    ("org", "roles"),
    [(TENDERER, {T, C, S, Y}), (AGENCY, {A, C, S, Y}), (WINNER, {B, C, S, Y}), (STRANGER, {C, S, Y}), (None, {C, S, Y})],
)
def test_roles_are_of_the_own_lot_alone(org: OrgId | None, roles: set[Role]) -> None:
    assert roles_of(Actor(org=org, roles=ALL), Parties(TENDERER, AGENCY, frozenset({WINNER}))) == roles


def test_before_an_award_nobody_is_the_winner() -> None:
    assert B not in roles_of(Actor(org=None, roles=ALL), Parties(TENDERER, AGENCY))
    assert roles_of(SYSTEM_ACTOR, Parties(TENDERER, AGENCY)) == {Y}


def test_the_secret_phase_is_in_no_list_of_what_is_open() -> None:
    assert not OPENED_OR_LATER & {LotState.NOTICED, LotState.BIDDING, LotState.SUSPENDED, LotState.PLANNED, LotState.REGISTERED}
    assert LotState.BIDDING in NOTICED_OR_LATER
    assert LotState.BIDDING not in ENDED
