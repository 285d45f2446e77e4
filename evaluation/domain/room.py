"""The life of an evaluation session: who does what in which state, and who sees what from which state on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.moves import Move, Moves, Read, Reads, always, at
from core.kernel.roles import Role
from evaluation.domain.blind_opening import OPENERS
from evaluation.domain.report_refusal import is_not_noted, notes_a_refusal, sets_a_deadline
from evaluation.domain.room_doubts import (
    answers_a_doubt,
    doubt_can_be_decided,
    doubts_a_score,
    doubts_are_over,
    notes_a_replacement,
    notes_silence,
    nothing_is_doubted,
    votes_on_a_doubt,
)
from evaluation.domain.room_findings import all_answered, answers_a_finding
from evaluation.domain.room_pause import unless_paused
from evaluation.domain.room_sitting import (
    all_are_here,
    all_declared,
    all_voted_and_tied,
    all_voted_for_one,
    declares_once,
    has_taken_the_seat,
    keeps_its_chair,
    signs_in_once,
    stands_still,
    submits_once,
    votes_once,
)
from evaluation.domain.room_votes import (
    all_voted_on_rejections,
    asks_as_chair,
    closes_prices_as_chair,
    competition_can_be_decided,
    decides_unchallenged,
    enough_bids_go_on,
    has_something_to_vote,
    price_can_be_decided,
    prices_are_settled,
    prices_can_be_flagged,
    questions_are_over,
    votes_on_a_price,
    votes_on_competition_once,
    votes_on_rejections_once,
)
from evaluation.domain.room_votes import everybody as _all
from evaluation.domain.room_votes import once as _once
from evaluation.domain.unlock import asks_to_unlock, decides_on_an_unlock, nothing_to_unlock
from evaluation.domain.weighing import NOTHING_WEIGHED, WeighingFacts, proposes_a_weighing, votes_on_a_weighing, weighing_can_be_decided


class State(Enum):
    """Each state is named after what has been reached; what it waits for stands beside it."""

    COMMITTEE_FORMED = "committee_formed"  # every member to sign in
    SIGNED_IN = "signed_in"  # the chair's election
    CHAIR_ELECTED = "chair_elected"  # every member's declaration of recusal
    PRELIMINARY = "preliminary"  # every member's preliminary review
    REJECTION = "rejection"  # every member's votes on what somebody failed, or whether competition is lacking
    TECHNICAL = "technical"  # every member's signed score sheet
    LOCKED = "locked"  # technical scores locked; two signatures to open the code names
    COMMERCIAL = "commercial"  # code names open; the price envelopes, and the sheets of the other parts
    SUMMARY = "summary"  # price scored, all added up; the report
    SIGNING = "signing"  # report rendered, its digest fixed; every member's signature
    SUBMITTED = "submitted"  # nothing


class Action(Enum):
    """What members do, and what follows by itself when the last of them has done it."""

    SIGN_IN = "sign_in"
    ASSEMBLE = "assemble"
    VOTE_CHAIR = "vote_chair"
    VOTE_AGAIN = "vote_again"
    ELECT = "elect"
    KEEP_CHAIR = "keep_chair"
    DECLARE = "declare"
    STEP_BACK = "step_back"
    LEAVE = "leave"
    REPLACE = "replace"
    REFORM = "reform"
    RECUSE = "recuse"
    BEGIN_REVIEW = "begin_review"
    REVIEW = "review"
    DECIDE_REVIEW = "decide_review"
    PUT_TO_VOTE = "put_to_vote"
    CLOSE_REVIEW = "close_review"
    VOTE_REJECTION = "vote_rejection"
    DECIDE_REJECTIONS = "decide_rejections"
    VOTE_COMPETITION = "vote_competition"
    DECIDE_COMPETITION = "decide_competition"
    CLOSE_VOTE = "close_vote"
    REJECT_ALL = "reject_all"
    OPEN_REFERENCE = "open_reference"
    PROPOSE_QUESTION = "propose_question"
    ASK = "ask"
    FLAG_PRICES = "flag_prices"
    VOTE_PRICE = "vote_price"
    DECIDE_PRICE = "decide_price"
    CLOSE_PRICES = "close_prices"
    PROPOSE_WEIGHING = "propose_weighing"
    VOTE_WEIGHING = "vote_weighing"
    DECIDE_WEIGHING = "decide_weighing"
    SAVE_DRAFT = "save_draft"
    SUBMIT_SHEET = "submit_sheet"
    ASK_UNLOCK = "ask_unlock"
    DECIDE_UNLOCK = "decide_unlock"
    LOCK = "lock"
    OPEN_MAP = "open_map"
    UNSEAL = "unseal"
    SUMMARISE = "summarise"
    ANSWER_FINDING = "answer_finding"
    SETTLE = "settle"
    DOUBT_SCORE = "doubt_score"
    VOTE_DOUBT = "vote_doubt"
    DECIDE_DOUBT = "decide_doubt"
    ANSWER_DOUBT = "answer_doubt"
    NOTE_SILENCE = "note_silence"
    REPLACE_SCORE = "replace_score"
    CLOSE_DOUBTS = "close_doubts"
    DRAFT_REPORT = "draft_report"
    SIGN_REPORT = "sign_report"
    SET_DEADLINE = "set_deadline"
    NOTE_REFUSAL = "note_refusal"
    SUBMIT = "submit"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules of the room look at; `seat` is the acting member's code, the sets hold the codes of those who have acted."""

    seats: frozenset[str] = frozenset()
    seat: str = ""
    is_paused: bool = False
    has_no_bids: bool = False  # a drill that began before bids were invented too
    is_seated: bool = True  # at the workstation that was drawn, where any were
    signed_in: frozenset[str] = frozenset()
    voted: frozenset[str] = frozenset()
    is_elected: bool = False
    has_chair: bool = False  # elected before a successor came, and still here
    leaving: str = ""  # the seat that is to be handed on
    declared: frozenset[str] = frozenset()
    reviewed: frozenset[str] = frozenset()
    challenged: bool = False  # a member failed a bid on some check
    decided: bool = False  # which bids the review left in is decided
    rejection_voted: frozenset[str] = frozenset()
    competition_due: bool = False  # fewer than three bids are left, and nothing is decided about it
    competition_by_law: bool = False  # the law decides it, no vote
    competition_voted: frozenset[str] = frozenset()
    is_lacking: bool = False  # competition is lacking: no bid goes on
    is_chair: bool = False
    questions_open: int = 0  # asked of bidders and neither answered nor overdue
    price_check_due: bool = False  # the document has the committee look through the prices, and the chair has not closed that
    flags_due: bool = False  # the document states limits of low prices, and nothing was held against them
    enquiries_due: frozenset[str] = frozenset()  # bids with a low price of which nothing was asked
    price_matters: frozenset[str] = frozenset()  # bids that wait for a vote on their price
    price_voted: frozenset[str] = frozenset()  # those of them on which the acting member has voted
    price_decidable: frozenset[str] = frozenset()  # those of them on which all have
    weighing: WeighingFacts = NOTHING_WEIGHED
    sheets_due: bool = True  # the method has criteria that are scored in this state
    submitted: frozenset[str] = frozenset()  # who has signed all sheets that are due in this state
    unlockable: frozenset[str] = frozenset()  # parts that the acting member has signed and that are not locked
    unlocks_open: frozenset[str] = frozenset()  # seats whose request to write a sheet again is open
    unlocks_due: frozenset[str] = frozenset()  # those of them on which the acting member or office is to decide
    offices: frozenset[str] = frozenset()  # those that signed for the code names to be opened
    unsettled: bool = False  # an objective item differs, and not everybody had answered
    answers_due: frozenset[str] = frozenset()  # seats that have still to answer
    lots_due: bool = False  # equal bids wait for a draw of lots
    doubtable: bool = False  # law or document provide for abnormal scores, and bids are ranked
    doubts_open: int = 0  # doubted scores of which something is awaited
    doubts_ended: int = 0  # those of which nothing is, and which are not counted yet
    doubts_to_vote: frozenset[str] = frozenset()  # what the acting member is to vote on, by digest
    doubts_decidable: frozenset[str] = frozenset()  # that on which all have voted
    doubts_answering: frozenset[str] = frozenset()  # seats whose scores were found abnormal, and who have not answered
    doubts_overdue: frozenset[str] = frozenset()  # those of them whose time is over
    doubts_noting: frozenset[str] = frozenset()  # seats that have to note by what a score is replaced
    chair: str = ""
    signed: frozenset[str] = frozenset()
    noted: frozenset[str] = frozenset()  # whose refusal to sign the report the host has noted
    report_deadline: bool = False  # it was said until when the report is to be signed
    report_overdue: bool = False  # that moment has passed, and signatures are missing
    standing: int = 0  # bids that are still in
    prices_due: int = 0  # price envelopes asked for and neither opened nor failed
    reference_due: bool = False  # a reference price was committed to and is not opened yet
    reference_matches: bool = True


def reviews_once(facts: Facts) -> Refusal | None:
    """One preliminary review of each member."""
    return _once(facts.reviewed, facts, "preliminary.review.twice")


def all_reviewed_some_stand(facts: Facts) -> Refusal | None:
    """Every member reviewed and enough bids are left to score."""
    return _all(facts.reviewed, facts, "preliminary.reviews_missing") or enough_bids_go_on(facts)


def all_submitted(facts: Facts) -> Refusal | None:
    """The scores of a stage are locked when every member's sheet is in; without criteria there is nothing to wait for."""
    missing = _all(facts.submitted, facts, "score.sheets_missing") if facts.sheets_due else None
    return missing or questions_are_over(facts) or nothing_to_unlock(facts)


def opens_map_once(facts: Facts) -> Refusal | None:
    """One signature of each office."""
    return _once(facts.offices, facts, "blind.open.twice")


def both_opened(facts: Facts) -> Refusal | None:
    """Two persons open the code names: of the centre and of the supervisor."""
    return None if facts.offices >= set(OPENERS) else WrongState("blind.signatures_missing")


def none_stands(facts: Facts) -> Refusal | None:
    """Every bid is out (招标投标法 art. 42), or competition is lacking: asked after the votes, and when all prices are in."""
    if not facts.decided:
        return WrongState("rejection.votes_missing")
    return WrongState("room.some_stand") if facts.standing and not facts.is_lacking else None


def prices_are_known(facts: Facts) -> Refusal | None:
    """Every price envelope that was asked for is opened or has failed, and one at least is open."""
    if facts.prices_due:
        return WrongState("room.prices_missing", count=facts.prices_due)
    if facts.reference_due:
        return WrongState("reference_price.missing")
    if facts.is_lacking or not facts.standing:
        return WrongState("room.none_stands")
    return prices_are_settled(facts) or all_submitted(facts)


def opens_what_was_committed(facts: Facts) -> Refusal | None:
    """The reference price (标底) is the one that the tender document committed to, and is opened once (招标投标法实施条例 art. 27)."""
    if not facts.reference_due:
        return WrongState("reference_price.not_due")
    return None if facts.reference_matches else RuleBroken("reference_price.differs", "招标投标法实施条例 第二十七条")


def signs_report_once(facts: Facts) -> Refusal | None:
    """One signature of each member, until the host notes that there is none."""
    return _once(facts.signed, facts, "report.sign.twice") or is_not_noted(facts)


def all_signed(facts: Facts) -> Refusal | None:
    """The report is the committee's when every member has signed it, or refused to (招标投标法实施条例 art. 53)."""
    return _all(facts.signed | facts.noted, facts, "report.signatures_missing")


MEMBER = frozenset({Role.EXPERT})
HOST = frozenset({Role.CENTRE})
SUPERVISOR = frozenset({Role.SUPERVISOR})
TENDERER = frozenset({Role.TENDERER})
SYSTEM = frozenset({Role.SYSTEM})

ASKING = (State.PRELIMINARY, State.REJECTION, State.TECHNICAL, State.COMMERCIAL)
SCORING = (State.TECHNICAL, State.COMMERCIAL)
VOTING = (State.REJECTION, State.COMMERCIAL)
_LEAVING = ((Action.LEAVE, MEMBER), (Action.REPLACE, HOST), (Action.RECUSE, SUPERVISOR))
IN_OFFICE = frozenset(State) - {State.SUBMITTED}  # a member may be replaced (招标投标法实施条例 art. 48)


def _staying(
    action: Action, states: Iterable[State], who: frozenset[Role], only_if: Callable[[Facts], Refusal | None]
) -> Iterator[Move[Action, State, Role, Facts]]:
    """Rows of a move that may be made in several states and leaves each as it is."""
    return (Move(action, at(state), state, who, only_if) for state in states)


MOVES: Moves[Action, State, Role, Facts] = Moves(
    "room",
    unless_paused(
        # action, from, to, who, only if
        Move(Action.SIGN_IN, at(State.COMMITTEE_FORMED), State.COMMITTEE_FORMED, MEMBER, signs_in_once),
        Move(Action.ASSEMBLE, at(State.COMMITTEE_FORMED), State.SIGNED_IN, SYSTEM, all_are_here),
        Move(Action.VOTE_CHAIR, at(State.SIGNED_IN), State.SIGNED_IN, MEMBER, votes_once),
        Move(Action.VOTE_AGAIN, at(State.SIGNED_IN), State.SIGNED_IN, SYSTEM, all_voted_and_tied),
        Move(Action.ELECT, at(State.SIGNED_IN), State.CHAIR_ELECTED, SYSTEM, all_voted_for_one),
        Move(Action.KEEP_CHAIR, at(State.SIGNED_IN), State.CHAIR_ELECTED, SYSTEM, keeps_its_chair),
        *(Move(one, IN_OFFICE, State.COMMITTEE_FORMED, who, has_taken_the_seat) for one, who in _LEAVING),
        Move(Action.REFORM, IN_OFFICE, State.COMMITTEE_FORMED, HOST, stands_still),
        Move(Action.DECLARE, at(State.CHAIR_ELECTED), State.CHAIR_ELECTED, MEMBER, declares_once),
        Move(Action.STEP_BACK, at(State.CHAIR_ELECTED), State.COMMITTEE_FORMED, MEMBER, declares_once),
        Move(Action.BEGIN_REVIEW, at(State.CHAIR_ELECTED), State.PRELIMINARY, SYSTEM, all_declared),
        Move(Action.REVIEW, at(State.PRELIMINARY), State.PRELIMINARY, MEMBER, reviews_once),
        Move(Action.DECIDE_REVIEW, at(State.PRELIMINARY), State.PRELIMINARY, SYSTEM, decides_unchallenged),
        Move(Action.PUT_TO_VOTE, at(State.PRELIMINARY), State.REJECTION, SYSTEM, has_something_to_vote),
        Move(Action.CLOSE_REVIEW, at(State.PRELIMINARY), State.TECHNICAL, SYSTEM, all_reviewed_some_stand),
        Move(Action.VOTE_REJECTION, at(State.REJECTION), State.REJECTION, MEMBER, votes_on_rejections_once),
        Move(Action.DECIDE_REJECTIONS, at(State.REJECTION), State.REJECTION, SYSTEM, all_voted_on_rejections),
        *_staying(Action.VOTE_COMPETITION, VOTING, MEMBER, votes_on_competition_once),
        *_staying(Action.DECIDE_COMPETITION, VOTING, SYSTEM, competition_can_be_decided),
        *_staying(Action.PROPOSE_QUESTION, ASKING, MEMBER, always),
        *_staying(Action.ASK, ASKING, MEMBER, asks_as_chair),
        Move(Action.CLOSE_VOTE, at(State.REJECTION), State.TECHNICAL, SYSTEM, enough_bids_go_on),
        Move(Action.REJECT_ALL, at(State.REJECTION, State.COMMERCIAL), State.SUMMARY, SYSTEM, none_stands),
        *(Move(action, at(state), state, MEMBER, submits_once) for action in (Action.SAVE_DRAFT, Action.SUBMIT_SHEET) for state in SCORING),
        *_staying(Action.ASK_UNLOCK, SCORING, MEMBER, asks_to_unlock),
        *_staying(Action.DECIDE_UNLOCK, SCORING, MEMBER | HOST, decides_on_an_unlock),
        Move(Action.LOCK, at(State.TECHNICAL), State.LOCKED, SYSTEM, all_submitted),
        Move(Action.OPEN_MAP, at(State.LOCKED), State.LOCKED, HOST | SUPERVISOR, opens_map_once),
        Move(Action.UNSEAL, at(State.LOCKED), State.COMMERCIAL, SYSTEM, both_opened),
        Move(Action.OPEN_REFERENCE, at(State.COMMERCIAL), State.COMMERCIAL, TENDERER, opens_what_was_committed),
        Move(Action.CLOSE_PRICES, at(State.COMMERCIAL), State.COMMERCIAL, MEMBER, closes_prices_as_chair),
        Move(Action.FLAG_PRICES, at(State.COMMERCIAL), State.COMMERCIAL, SYSTEM, prices_can_be_flagged),
        Move(Action.VOTE_PRICE, at(State.COMMERCIAL), State.COMMERCIAL, MEMBER, votes_on_a_price),
        Move(Action.DECIDE_PRICE, at(State.COMMERCIAL), State.COMMERCIAL, SYSTEM, price_can_be_decided),
        Move(Action.PROPOSE_WEIGHING, at(State.COMMERCIAL), State.COMMERCIAL, MEMBER, proposes_a_weighing),
        Move(Action.VOTE_WEIGHING, at(State.COMMERCIAL), State.COMMERCIAL, MEMBER, votes_on_a_weighing),
        Move(Action.DECIDE_WEIGHING, at(State.COMMERCIAL), State.COMMERCIAL, SYSTEM, weighing_can_be_decided),
        Move(Action.SUMMARISE, at(State.COMMERCIAL), State.SUMMARY, SYSTEM, prices_are_known),
        Move(Action.ANSWER_FINDING, at(State.SUMMARY), State.SUMMARY, MEMBER, answers_a_finding),
        Move(Action.SETTLE, at(State.SUMMARY), State.SUMMARY, SYSTEM, all_answered),
        Move(Action.DOUBT_SCORE, at(State.SUMMARY, State.SIGNING), State.SUMMARY, MEMBER, doubts_a_score),  # a report that is drafted falls
        Move(Action.VOTE_DOUBT, at(State.SUMMARY), State.SUMMARY, MEMBER, votes_on_a_doubt),
        Move(Action.DECIDE_DOUBT, at(State.SUMMARY), State.SUMMARY, SYSTEM, doubt_can_be_decided),
        Move(Action.ANSWER_DOUBT, at(State.SUMMARY), State.SUMMARY, MEMBER, answers_a_doubt),
        Move(Action.NOTE_SILENCE, at(State.SUMMARY), State.SUMMARY, HOST, notes_silence),
        Move(Action.REPLACE_SCORE, at(State.SUMMARY), State.SUMMARY, MEMBER, notes_a_replacement),
        Move(Action.CLOSE_DOUBTS, at(State.SUMMARY), State.SUMMARY, SYSTEM, doubts_are_over),
        Move(Action.DRAFT_REPORT, at(State.SUMMARY), State.SIGNING, SYSTEM, nothing_is_doubted),
        Move(Action.SIGN_REPORT, at(State.SIGNING), State.SIGNING, MEMBER, signs_report_once),
        Move(Action.SET_DEADLINE, at(State.SIGNING), State.SIGNING, MEMBER, sets_a_deadline),
        Move(Action.NOTE_REFUSAL, at(State.SIGNING), State.SIGNING, HOST, notes_a_refusal),
        Move(Action.SUBMIT, at(State.SIGNING), State.SUBMITTED, SYSTEM, all_signed),
        Move(Action.REOPEN, at(State.SUBMITTED), State.COMMITTEE_FORMED, SYSTEM),  # by an order that trading has taken
    ),
)


class See(Enum):
    """What a page or an answer may show."""

    PROGRESS = "progress"  # that a seat has signed in, submitted, signed; never what
    BIDS = "bids"  # the documents under their code names
    REVIEW = "review"  # what the preliminary review decided
    VOTES = "votes"  # who failed what, how each seat voted, what was asked of a bidder and answered
    OWN_SHEET = "own_sheet"
    ALL_SHEETS = "all_sheets"
    MAPPING = "mapping"  # which code name is which bidder
    TECHNICAL_RESULT = "technical_result"
    RESULT = "result"
    REPORT = "report"
    NAMES = "names"  # who sits behind a code name


def since(state: State) -> frozenset[State]:
    """`state` and all that follow it."""
    states = list(State)
    return frozenset(states[states.index(state) :])


EVERYONE_INSIDE = MEMBER | HOST | SUPERVISOR
EVER = frozenset(State)

READS: Reads[See, State, Role] = Reads(
    "room",
    (
        # what, who, in states: before the lock nobody but the expert sees a score, supervisors included
        Read(See.PROGRESS, EVERYONE_INSIDE, EVER),
        Read(See.PROGRESS, TENDERER, since(State.COMMERCIAL)),
        Read(See.BIDS, MEMBER, since(State.PRELIMINARY)),
        Read(See.REVIEW, MEMBER | SUPERVISOR, since(State.PRELIMINARY)),
        Read(See.REVIEW, TENDERER | HOST, at(State.SUBMITTED)),
        Read(See.VOTES, MEMBER, since(State.REJECTION)),
        Read(See.VOTES, SUPERVISOR, since(State.COMMERCIAL)),
        Read(See.OWN_SHEET, MEMBER, since(State.TECHNICAL)),
        Read(See.ALL_SHEETS, MEMBER | SUPERVISOR, since(State.LOCKED)),  # the technical ones; the others from the summary on
        Read(See.MAPPING, MEMBER | SUPERVISOR, since(State.COMMERCIAL)),
        Read(See.TECHNICAL_RESULT, MEMBER | SUPERVISOR, since(State.LOCKED)),
        Read(See.RESULT, MEMBER | SUPERVISOR, since(State.SUMMARY)),
        Read(See.RESULT, TENDERER | HOST, at(State.SUBMITTED)),
        Read(See.MAPPING, TENDERER | HOST, at(State.SUBMITTED)),
        Read(See.REPORT, MEMBER | SUPERVISOR, since(State.SIGNING)),
        Read(See.REPORT, TENDERER | HOST, at(State.SUBMITTED)),
        Read(See.NAMES, SUPERVISOR | TENDERER | HOST, at(State.SUBMITTED)),
    ),
)


def roles_of(actor: Actor, members: Iterable[PersonId], tenderer: OrgId) -> frozenset[Role]:
    """The roles of `actor` in this room: a member by seat, the tenderer of this project alone, centre and supervisor by grant."""
    held = set(actor.roles & {Role.CENTRE, Role.SUPERVISOR, Role.SYSTEM})
    if Role.EXPERT in actor.roles and actor.person in set(members):
        held.add(Role.EXPERT)
    if Role.TENDERER in actor.roles and actor.org == tenderer:
        held.add(Role.TENDERER)
    return frozenset(held)
