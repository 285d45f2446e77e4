"""The room's table of moves and its table of reads: every action × state × role, and each rule on its facts."""

from __future__ import annotations

from itertools import product
from uuid import uuid4

import pytest

from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.roles import Role
from evaluation.domain.collusion import phase_of
from evaluation.domain.room import MOVES, READS, Action, Facts, See, State, roles_of, since
from evaluation.domain.weighing import WeighingFacts
from trading.domain.collusion.life import Phase

SEVEN = frozenset("1234567")
BOTH = frozenset({"centre", "supervisor"})
S, A = State, Action

# action → (states it leads from, state it leads to or None where each stays as it is, roles, facts under which it is allowed)
READY = {
    A.SIGN_IN: ({S.COMMITTEE_FORMED}, S.COMMITTEE_FORMED, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.ASSEMBLE: ({S.COMMITTEE_FORMED}, S.SIGNED_IN, {Role.SYSTEM}, Facts(seats=SEVEN, signed_in=SEVEN)),
    A.VOTE_CHAIR: ({S.SIGNED_IN}, S.SIGNED_IN, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.VOTE_AGAIN: ({S.SIGNED_IN}, S.SIGNED_IN, {Role.SYSTEM}, Facts(seats=SEVEN, voted=SEVEN)),
    A.ELECT: ({S.SIGNED_IN}, S.CHAIR_ELECTED, {Role.SYSTEM}, Facts(seats=SEVEN, voted=SEVEN, is_elected=True)),
    A.KEEP_CHAIR: ({S.SIGNED_IN}, S.CHAIR_ELECTED, {Role.SYSTEM}, Facts(seats=SEVEN, has_chair=True)),
    A.LEAVE: (set(S) - {S.SUBMITTED}, S.COMMITTEE_FORMED, {Role.EXPERT}, Facts(seats=SEVEN, leaving="1", signed_in=SEVEN)),
    A.REPLACE: (set(S) - {S.SUBMITTED}, S.COMMITTEE_FORMED, {Role.CENTRE}, Facts(seats=SEVEN, leaving="1", signed_in=SEVEN)),
    A.REFORM: (set(S) - {S.SUBMITTED}, S.COMMITTEE_FORMED, {Role.CENTRE}, Facts(seats=SEVEN, is_paused=True)),
    A.RECUSE: (set(S) - {S.SUBMITTED}, S.COMMITTEE_FORMED, {Role.SUPERVISOR}, Facts(seats=SEVEN, leaving="1", signed_in=SEVEN)),
    A.DECLARE: ({S.CHAIR_ELECTED}, S.CHAIR_ELECTED, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.STEP_BACK: ({S.CHAIR_ELECTED}, S.COMMITTEE_FORMED, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.BEGIN_REVIEW: ({S.CHAIR_ELECTED}, S.PRELIMINARY, {Role.SYSTEM}, Facts(seats=SEVEN, declared=SEVEN)),
    A.REVIEW: ({S.PRELIMINARY}, S.PRELIMINARY, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.DECIDE_REVIEW: ({S.PRELIMINARY}, S.PRELIMINARY, {Role.SYSTEM}, Facts(seats=SEVEN, reviewed=SEVEN)),
    A.PUT_TO_VOTE: ({S.PRELIMINARY}, S.REJECTION, {Role.SYSTEM}, Facts(seats=SEVEN, reviewed=SEVEN, challenged=True)),
    A.CLOSE_REVIEW: ({S.PRELIMINARY}, S.TECHNICAL, {Role.SYSTEM}, Facts(seats=SEVEN, reviewed=SEVEN, decided=True, standing=1)),
    A.VOTE_REJECTION: ({S.REJECTION}, S.REJECTION, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.DECIDE_REJECTIONS: ({S.REJECTION}, S.REJECTION, {Role.SYSTEM}, Facts(seats=SEVEN, rejection_voted=SEVEN)),
    A.VOTE_COMPETITION: (
        {S.REJECTION, S.COMMERCIAL},
        None,
        {Role.EXPERT},
        Facts(seats=SEVEN, seat="1", decided=True, competition_due=True),
    ),
    A.DECIDE_COMPETITION: (
        {S.REJECTION, S.COMMERCIAL},
        None,
        {Role.SYSTEM},
        Facts(seats=SEVEN, decided=True, competition_due=True, competition_voted=SEVEN),
    ),
    A.CLOSE_VOTE: ({S.REJECTION}, S.TECHNICAL, {Role.SYSTEM}, Facts(seats=SEVEN, decided=True, standing=2)),
    A.REJECT_ALL: ({S.REJECTION, S.COMMERCIAL}, S.SUMMARY, {Role.SYSTEM}, Facts(seats=SEVEN, decided=True)),
    A.SAVE_DRAFT: ({S.TECHNICAL, S.COMMERCIAL}, None, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.SUBMIT_SHEET: ({S.TECHNICAL, S.COMMERCIAL}, None, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.ASK_UNLOCK: ({S.TECHNICAL, S.COMMERCIAL}, None, {Role.EXPERT}, Facts(seat="1", unlockable=frozenset({"technical"}))),
    A.DECIDE_UNLOCK: ({S.TECHNICAL, S.COMMERCIAL}, None, {Role.EXPERT, Role.CENTRE}, Facts(unlocks_due=frozenset("2"))),
    A.SET_DEADLINE: ({S.SIGNING}, S.SIGNING, {Role.EXPERT}, Facts(seat="1", chair="1", is_chair=True, signed=frozenset("1"))),
    A.NOTE_REFUSAL: ({S.SIGNING}, S.SIGNING, {Role.CENTRE}, Facts(report_overdue=True)),
    A.LOCK: ({S.TECHNICAL}, S.LOCKED, {Role.SYSTEM}, Facts(seats=SEVEN, submitted=SEVEN)),
    A.OPEN_MAP: ({S.LOCKED}, S.LOCKED, {Role.CENTRE, Role.SUPERVISOR}, Facts(seat="centre")),
    A.UNSEAL: ({S.LOCKED}, S.COMMERCIAL, {Role.SYSTEM}, Facts(offices=BOTH)),
    A.OPEN_REFERENCE: ({S.COMMERCIAL}, S.COMMERCIAL, {Role.TENDERER}, Facts(reference_due=True)),
    A.SUMMARISE: ({S.COMMERCIAL}, S.SUMMARY, {Role.SYSTEM}, Facts(standing=3, sheets_due=False)),
    A.PROPOSE_QUESTION: ({S.PRELIMINARY, S.REJECTION, S.TECHNICAL, S.COMMERCIAL}, None, {Role.EXPERT}, Facts()),
    A.ASK: ({S.PRELIMINARY, S.REJECTION, S.TECHNICAL, S.COMMERCIAL}, None, {Role.EXPERT}, Facts(is_chair=True)),
    A.CLOSE_PRICES: ({S.COMMERCIAL}, S.COMMERCIAL, {Role.EXPERT}, Facts(is_chair=True, price_check_due=True)),
    A.FLAG_PRICES: ({S.COMMERCIAL}, S.COMMERCIAL, {Role.SYSTEM}, Facts(flags_due=True, standing=3)),
    A.PROPOSE_WEIGHING: (
        {S.COMMERCIAL},
        S.COMMERCIAL,
        {Role.EXPERT},
        Facts(price_check_due=True, weighing=WeighingFacts(weighs=True)),
    ),
    A.VOTE_WEIGHING: ({S.COMMERCIAL}, S.COMMERCIAL, {Role.EXPERT}, Facts(weighing=WeighingFacts(mine=frozenset({1})))),
    A.DECIDE_WEIGHING: ({S.COMMERCIAL}, S.COMMERCIAL, {Role.SYSTEM}, Facts(weighing=WeighingFacts(decidable=frozenset({1})))),
    A.VOTE_PRICE: ({S.COMMERCIAL}, S.COMMERCIAL, {Role.EXPERT}, Facts(price_matters=frozenset({"T-10"}))),
    A.DECIDE_PRICE: ({S.COMMERCIAL}, S.COMMERCIAL, {Role.SYSTEM}, Facts(price_decidable=frozenset({"T-10"}))),
    A.ANSWER_FINDING: ({S.SUMMARY}, S.SUMMARY, {Role.EXPERT}, Facts(seat="1", unsettled=True, answers_due=frozenset("1"))),
    A.SETTLE: ({S.SUMMARY}, S.SUMMARY, {Role.SYSTEM}, Facts(unsettled=True)),
    A.DOUBT_SCORE: ({S.SUMMARY, S.SIGNING}, S.SUMMARY, {Role.EXPERT}, Facts(seat="1", doubtable=True)),
    A.VOTE_DOUBT: ({S.SUMMARY}, S.SUMMARY, {Role.EXPERT}, Facts(doubts_to_vote=frozenset({"ab"}))),
    A.DECIDE_DOUBT: ({S.SUMMARY}, S.SUMMARY, {Role.SYSTEM}, Facts(doubts_decidable=frozenset({"ab"}))),
    A.ANSWER_DOUBT: ({S.SUMMARY}, S.SUMMARY, {Role.EXPERT}, Facts(seat="1", doubts_answering=frozenset("1"))),
    A.NOTE_SILENCE: ({S.SUMMARY}, S.SUMMARY, {Role.CENTRE}, Facts(doubts_overdue=frozenset("1"))),
    A.REPLACE_SCORE: ({S.SUMMARY}, S.SUMMARY, {Role.EXPERT}, Facts(seat="1", doubts_noting=frozenset("1"))),
    A.CLOSE_DOUBTS: ({S.SUMMARY}, S.SUMMARY, {Role.SYSTEM}, Facts(doubts_ended=1)),
    A.DRAFT_REPORT: ({S.SUMMARY}, S.SIGNING, {Role.SYSTEM}, Facts()),
    A.SIGN_REPORT: ({S.SIGNING}, S.SIGNING, {Role.EXPERT}, Facts(seats=SEVEN, seat="1")),
    A.SUBMIT: ({S.SIGNING}, S.SUBMITTED, {Role.SYSTEM}, Facts(seats=SEVEN, signed=SEVEN)),
    A.REOPEN: ({S.SUBMITTED}, S.COMMITTEE_FORMED, {Role.SYSTEM}, Facts()),
}


def test_every_action_has_its_row_here() -> None:
    assert set(READY) == set(Action)


@pytest.mark.parametrize(("action", "state", "role"), list(product(Action, State, Role)))
def test_each_action_is_for_its_states_and_roles_alone(action: Action, state: State, role: Role) -> None:
    states, to, roles, facts = READY[action]
    if role not in roles:
        with pytest.raises(NotAllowed):
            MOVES.choose(action, state, frozenset({role}), facts)
    elif state not in states:
        with pytest.raises(WrongState):
            MOVES.choose(action, state, frozenset({role}), facts)
    else:
        assert MOVES.choose(action, state, frozenset({role}), facts) is (to or state)


SIX = SEVEN - {"7"}
REFUSED = [
    (A.SIGN_IN, Facts(seats=SEVEN, seat="1", signed_in=frozenset("1")), "room.sign_in.twice"),
    (A.ASSEMBLE, Facts(seats=SEVEN, signed_in=SIX), "room.members_missing"),
    (A.ASSEMBLE, Facts(), "room.members_missing"),
    (A.VOTE_CHAIR, Facts(seats=SEVEN, seat="1", voted=frozenset("1")), "chair.vote.twice"),
    (A.VOTE_AGAIN, Facts(seats=SEVEN, voted=SIX), "chair.votes_missing"),
    (A.VOTE_AGAIN, Facts(seats=SEVEN, voted=SEVEN, is_elected=True), "chair.decided"),
    (A.ELECT, Facts(seats=SEVEN, voted=SIX, is_elected=True), "chair.votes_missing"),
    (A.ELECT, Facts(seats=SEVEN, voted=SEVEN), "chair.tied"),
    (A.KEEP_CHAIR, Facts(seats=SEVEN), "chair.votes_missing"),
    (A.LEAVE, Facts(seats=SEVEN, leaving="1"), "room.leave.not_here"),
    (A.REPLACE, Facts(seats=SEVEN, leaving="9", signed_in=SEVEN), "room.leave.not_here"),
    (A.RECUSE, Facts(seats=SEVEN, signed_in=SEVEN), "room.leave.not_here"),
    (A.REFORM, Facts(seats=SEVEN, signed_in=SEVEN), "room.reform.not_sealed"),
    (A.DECLARE, Facts(seats=SEVEN, seat="1", declared=frozenset("1")), "recusal.declare.twice"),
    (A.STEP_BACK, Facts(seats=SEVEN, seat="1", declared=frozenset("1")), "recusal.declare.twice"),
    (A.BEGIN_REVIEW, Facts(seats=SEVEN, declared=SIX), "recusal.declarations_missing"),
    (A.REVIEW, Facts(seats=SEVEN, seat="1", reviewed=frozenset("1")), "preliminary.review.twice"),
    (A.DECIDE_REVIEW, Facts(seats=SEVEN, reviewed=SIX), "preliminary.reviews_missing"),
    (A.DECIDE_REVIEW, Facts(seats=SEVEN, reviewed=SEVEN, challenged=True), "rejection.vote_due"),
    (A.DECIDE_REVIEW, Facts(seats=SEVEN, reviewed=SEVEN, decided=True), "rejection.decided"),
    (A.PUT_TO_VOTE, Facts(seats=SEVEN, reviewed=SIX, challenged=True), "preliminary.reviews_missing"),
    (A.PUT_TO_VOTE, Facts(seats=SEVEN, reviewed=SEVEN, competition_due=True), "rejection.nothing_due"),
    (A.CLOSE_REVIEW, Facts(seats=SEVEN, reviewed=SIX, standing=1), "preliminary.reviews_missing"),
    (A.CLOSE_REVIEW, Facts(seats=SEVEN, reviewed=SEVEN, standing=1), "rejection.votes_missing"),
    (A.CLOSE_REVIEW, Facts(seats=SEVEN, reviewed=SEVEN, decided=True), "room.none_stands"),
    (A.VOTE_REJECTION, Facts(seats=SEVEN, seat="1", rejection_voted=frozenset("1")), "rejection.vote.twice"),
    (A.VOTE_REJECTION, Facts(seats=SEVEN, seat="1", decided=True), "rejection.decided"),
    (A.DECIDE_REJECTIONS, Facts(seats=SEVEN, rejection_voted=SIX), "rejection.votes_missing"),
    (A.DECIDE_REJECTIONS, Facts(seats=SEVEN, rejection_voted=SEVEN, decided=True), "rejection.decided"),
    (A.VOTE_COMPETITION, Facts(seats=SEVEN, seat="1", decided=True), "competition.not_due"),
    (A.VOTE_COMPETITION, Facts(seats=SEVEN, seat="1", competition_due=True), "competition.not_due"),
    (A.VOTE_COMPETITION, Facts(seat="1", decided=True, competition_due=True, competition_by_law=True), "competition.not_due"),
    (A.VOTE_COMPETITION, Facts(seat="1", decided=True, competition_due=True, competition_voted=frozenset("1")), "competition.vote.twice"),
    (A.DECIDE_COMPETITION, Facts(seats=SEVEN, decided=True, competition_voted=SEVEN), "competition.not_due"),
    (A.DECIDE_COMPETITION, Facts(seats=SEVEN, decided=True, competition_due=True, competition_voted=SIX), "competition.votes_missing"),
    (A.CLOSE_VOTE, Facts(standing=2), "rejection.votes_missing"),
    (A.CLOSE_VOTE, Facts(standing=2, decided=True, competition_due=True), "rejection.votes_missing"),
    (A.CLOSE_VOTE, Facts(standing=2, decided=True, is_lacking=True), "room.none_stands"),
    (A.REJECT_ALL, Facts(), "rejection.votes_missing"),
    (A.REJECT_ALL, Facts(standing=1, decided=True), "room.some_stand"),
    (A.SAVE_DRAFT, Facts(seats=SEVEN, seat="1", submitted=frozenset("1")), "score.submit.twice"),
    (A.SUBMIT_SHEET, Facts(seats=SEVEN, seat="1", submitted=frozenset("1")), "score.submit.twice"),
    (A.SUBMIT_SHEET, Facts(seats=SEVEN, seat="1", sheets_due=False), "score.none_due"),
    (A.SUBMIT_SHEET, Facts(seats=SEVEN, seat="1", is_seated=False), "seating.not_here"),
    (A.LOCK, Facts(seats=SEVEN, submitted=SIX), "score.sheets_missing"),
    (A.OPEN_MAP, Facts(seat="centre", offices=frozenset({"centre"})), "blind.open.twice"),
    (A.UNSEAL, Facts(offices=frozenset({"centre"})), "blind.signatures_missing"),
    (A.SUMMARISE, Facts(seats=SEVEN, standing=3, submitted=SIX), "score.sheets_missing"),
    (A.OPEN_REFERENCE, Facts(), "reference_price.not_due"),
    (A.SUMMARISE, Facts(standing=3, prices_due=1), "room.prices_missing"),
    (A.SUMMARISE, Facts(standing=3, reference_due=True), "reference_price.missing"),
    (A.SUMMARISE, Facts(), "room.none_stands"),
    (A.SUMMARISE, Facts(standing=3, is_lacking=True), "room.none_stands"),
    (A.SUMMARISE, Facts(standing=3, questions_open=1), "bid_question.still_open"),
    (A.SUMMARISE, Facts(standing=3, price_check_due=True), "price_check.due"),
    (A.SUMMARISE, Facts(standing=3, flags_due=True), "price_check.due"),
    (A.SUMMARISE, Facts(standing=3, enquiries_due=frozenset({"T-10"})), "price_matter.open"),
    (A.SUMMARISE, Facts(standing=3, price_matters=frozenset({"T-10"})), "price_matter.open"),
    (A.SUMMARISE, Facts(standing=2, competition_due=True), "competition.votes_missing"),
    (A.LOCK, Facts(seats=SEVEN, submitted=SEVEN, questions_open=1), "bid_question.still_open"),
    (A.DECIDE_REVIEW, Facts(seats=SEVEN, reviewed=SEVEN, questions_open=1), "bid_question.still_open"),
    (A.PUT_TO_VOTE, Facts(seats=SEVEN, reviewed=SEVEN, challenged=True, questions_open=1), "bid_question.still_open"),
    (A.DECIDE_REJECTIONS, Facts(seats=SEVEN, rejection_voted=SEVEN, questions_open=1), "bid_question.still_open"),
    (A.DECIDE_COMPETITION, Facts(decided=True, competition_due=True, price_matters=frozenset({"T-10"})), "competition.not_due"),
    (A.ASK, Facts(), "bid_question.chair"),
    (A.CLOSE_PRICES, Facts(is_chair=True), "price_check.not_due"),
    (A.CLOSE_PRICES, Facts(is_chair=True, price_check_due=True, prices_due=1), "price_check.not_due"),
    (A.CLOSE_PRICES, Facts(price_check_due=True), "bid_question.chair"),
    (
        A.CLOSE_PRICES,
        Facts(is_chair=True, price_check_due=True, weighing=WeighingFacts(open=frozenset({1}))),
        "weighing.open",
    ),
    (A.CLOSE_PRICES, Facts(is_chair=True, price_check_due=True, questions_open=1), "bid_question.still_open"),
    (A.FLAG_PRICES, Facts(standing=3), "low_price.not_due"),
    (A.FLAG_PRICES, Facts(standing=3, flags_due=True, prices_due=1), "low_price.not_due"),
    (A.FLAG_PRICES, Facts(standing=3, flags_due=True, price_check_due=True), "low_price.not_due"),
    (A.FLAG_PRICES, Facts(flags_due=True), "low_price.not_due"),
    (A.FLAG_PRICES, Facts(standing=3, flags_due=True, questions_open=1), "bid_question.still_open"),
    (A.VOTE_PRICE, Facts(price_matters=frozenset({"T-10"}), price_voted=frozenset({"T-10"})), "price_matter.not_due"),
    (A.DECIDE_PRICE, Facts(), "price_matter.votes_missing"),
    (A.SIGN_REPORT, Facts(seats=SEVEN, seat="1", signed=frozenset("1")), "report.sign.twice"),
    (A.SUBMIT, Facts(seats=SEVEN, signed=SIX), "report.signatures_missing"),
    (A.ANSWER_FINDING, Facts(seat="1", unsettled=True, answers_due=frozenset("2")), "finding.answer.not_due"),
    (A.SETTLE, Facts(), "finding.settled"),
    (A.SETTLE, Facts(unsettled=True, answers_due=frozenset("2")), "finding.answers_missing"),
    (A.DRAFT_REPORT, Facts(unsettled=True), "finding.answers_missing"),
    (A.DOUBT_SCORE, Facts(seat="1"), "doubt.not_provided"),
    (A.VOTE_DOUBT, Facts(seat="1"), "doubt.vote.not_due"),
    (A.DECIDE_DOUBT, Facts(), "doubt.votes_missing"),
    (A.ANSWER_DOUBT, Facts(seat="1", doubts_answering=frozenset("2")), "doubt.answer.not_due"),
    (A.NOTE_SILENCE, Facts(doubts_answering=frozenset("2")), "doubt.silence.too_early"),
    (A.REPLACE_SCORE, Facts(seat="1", doubts_noting=frozenset("2")), "doubt.replace.not_due"),
    (A.CLOSE_DOUBTS, Facts(), "doubt.open"),
    (A.CLOSE_DOUBTS, Facts(doubts_ended=1, doubts_open=1), "doubt.open"),
    (A.DRAFT_REPORT, Facts(doubts_ended=1), "doubt.open"),
    (A.ASK_UNLOCK, Facts(seat="1"), "unlock.ask.nothing_signed"),
    (A.ASK_UNLOCK, Facts(seat="1", unlockable=frozenset({"technical"}), unlocks_open=frozenset("1")), "unlock.ask.twice"),
    (A.DECIDE_UNLOCK, Facts(unlocks_open=frozenset("1")), "unlock.decide.not_due"),
    (A.LOCK, Facts(seats=SEVEN, submitted=SEVEN, unlocks_open=frozenset("1")), "unlock.open"),
    (A.SUMMARISE, Facts(seats=SEVEN, standing=3, submitted=SEVEN, unlocks_open=frozenset("1")), "unlock.open"),
    (A.SET_DEADLINE, Facts(seat="1", is_chair=True, chair="1"), "report.deadline.chair"),
    (A.SET_DEADLINE, Facts(seat="2", chair="1", signed=frozenset("12")), "report.deadline.chair"),
    (A.SET_DEADLINE, Facts(seat="1", is_chair=True, chair="1", signed=frozenset("1"), report_deadline=True), "report.deadline.twice"),
    (A.NOTE_REFUSAL, Facts(report_deadline=True), "report.refusal.too_early"),
    (A.SIGN_REPORT, Facts(seats=SEVEN, seat="1", noted=frozenset("1")), "report.sign.noted"),
]


@pytest.mark.parametrize(("action", "facts", "code"), REFUSED)
def test_each_rule_refuses_with_its_own_code(action: Action, facts: Facts, code: str) -> None:
    states, _, roles, _ = READY[action]
    with pytest.raises(WrongState) as refused:
        MOVES.choose(action, next(iter(states)), frozenset(roles), facts)
    assert refused.value.code == code


def test_a_reference_price_that_was_not_committed_to_names_its_article() -> None:
    with pytest.raises(RuleBroken) as refused:
        MOVES.choose(A.OPEN_REFERENCE, S.COMMERCIAL, frozenset({Role.TENDERER}), Facts(reference_due=True, reference_matches=False))
    assert refused.value.code == "reference_price.differs" and "第二十七条" in refused.value.article


def test_fewer_than_three_bids_are_voted_on_or_decided_by_law_and_no_bid_goes_on_where_competition_is_lacking() -> None:
    system = frozenset({Role.SYSTEM})
    few = Facts(seats=SEVEN, reviewed=SEVEN, decided=True, standing=2, competition_due=True)
    assert MOVES.choose(A.PUT_TO_VOTE, S.PRELIMINARY, system, few) is S.REJECTION
    by_law = Facts(seats=SEVEN, decided=True, standing=2, competition_due=True, competition_by_law=True)
    assert MOVES.choose(A.DECIDE_COMPETITION, S.REJECTION, system, by_law) is S.REJECTION
    assert MOVES.choose(A.REJECT_ALL, S.REJECTION, system, Facts(decided=True, standing=2, is_lacking=True)) is S.SUMMARY


def test_a_report_goes_on_without_those_whose_refusal_was_noted_and_another_member_stands_in_for_a_silent_chair() -> None:
    assert MOVES.choose(A.SUBMIT, S.SIGNING, frozenset({Role.SYSTEM}), Facts(seats=SEVEN, signed=SIX, noted=frozenset("7"))) is S.SUBMITTED
    stands_in = Facts(seat="2", chair="1", signed=frozenset("2"))
    assert MOVES.choose(A.SET_DEADLINE, S.SIGNING, frozenset({Role.EXPERT}), stands_in) is S.SIGNING


def test_every_state_is_reached_from_the_first() -> None:
    reached = {S.COMMITTEE_FORMED}
    for _ in State:
        reached |= {row.to for row in MOVES if row.source & reached}
    assert reached == set(State)


BEFORE_THE_LOCK = set(State) - since(S.LOCKED)
SCORES = (See.ALL_SHEETS, See.TECHNICAL_RESULT, See.MAPPING, See.RESULT, See.REPORT)


@pytest.mark.parametrize(("what", "state", "role"), list(product(SCORES, BEFORE_THE_LOCK, Role)))
def test_before_the_lock_nobody_reads_a_score_or_a_mapping(what: See, state: State, role: Role) -> None:
    assert not READS.may(what, state, frozenset({role}))


@pytest.mark.parametrize("role", Role)
def test_before_two_persons_have_opened_the_code_names_nobody_reads_the_mapping(role: Role) -> None:
    assert not READS.may(See.MAPPING, S.LOCKED, frozenset({role}))


def test_a_method_without_technical_criteria_locks_by_itself() -> None:
    assert A.LOCK in MOVES.available(S.TECHNICAL, frozenset({Role.SYSTEM}), Facts(seats=SEVEN, sheets_due=False))


@pytest.mark.parametrize(("state", "role"), list(product(State, set(Role) - {Role.EXPERT})))
def test_a_sheet_and_the_blind_bids_are_for_members_alone(state: State, role: Role) -> None:
    assert not READS.may(See.OWN_SHEET, state, frozenset({role}))
    assert not READS.may(See.BIDS, state, frozenset({role}))


@pytest.mark.parametrize("state", set(State) - {S.SUBMITTED})
def test_the_tenderer_and_the_host_read_no_result_before_the_report_is_submitted(state: State) -> None:
    for role, what in product((Role.TENDERER, Role.CENTRE), (See.RESULT, See.REPORT, See.MAPPING, See.NAMES)):
        assert not READS.may(what, state, frozenset({role}))
        assert READS.may(what, S.SUBMITTED, frozenset({role}))


@pytest.mark.parametrize("role", set(Role) - {Role.EXPERT, Role.CENTRE, Role.SUPERVISOR, Role.TENDERER})
def test_other_roles_read_nothing(role: Role) -> None:
    assert not any(READS.may(what, state, frozenset({role})) for what, state in product(See, State))


def test_roles_are_those_for_this_room_alone() -> None:
    member, other, tenderer = PersonId(uuid4()), PersonId(uuid4()), OrgId(uuid4())
    expert = frozenset({Role.EXPERT})
    assert roles_of(Actor(member, None, expert), [member], tenderer) == expert
    assert roles_of(Actor(other, None, expert), [member], tenderer) == frozenset()
    assert roles_of(Actor(member, None, frozenset({Role.CENTRE})), [member], tenderer) == {Role.CENTRE}
    assert roles_of(Actor(other, tenderer, frozenset({Role.TENDERER})), [], tenderer) == {Role.TENDERER}
    assert roles_of(Actor(other, OrgId(uuid4()), frozenset({Role.TENDERER, Role.BIDDER})), [], tenderer) == frozenset()


@pytest.mark.parametrize(
    ("state", "phase"),
    [
        (None, "BLIND"),
        (State.TECHNICAL, "BLIND"),
        (State.LOCKED, "BLIND"),
        (State.COMMERCIAL, "LOCKED"),
        (State.SIGNING, "LOCKED"),
        (State.SUBMITTED, "REPORTED"),
    ],
)
def test_collusion_cards_stay_blind_until_the_technical_lock(state: State | None, phase: str) -> None:
    assert phase_of(state) is Phase[phase]
