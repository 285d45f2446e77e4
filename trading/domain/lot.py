"""A lot (标段): its states, who may do what in them, and the facts on which that depends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime


class LotState(Enum):
    """The life of a lot, from the plan to the archive."""

    PLANNED = "planned"
    REGISTERED = "registered"
    NOTICED = "noticed"
    BIDDING = "bidding"
    SUSPENDED = "suspended"
    TERMINATED = "terminated"
    FAILED = "failed"  # 流标: fewer than three bids
    OPENING = "opening"
    EVALUATING = "evaluating"
    ALL_REJECTED = "all_rejected"
    EVALUATED = "evaluated"
    CANDIDATES_PUBLISHED = "candidates_published"
    AWARD_DECIDING = "award_deciding"  # 评定分离, or several share the first place
    AWARDED = "awarded"
    NOTICE_SENT = "notice_sent"
    CONTRACTED = "contracted"
    CLOSED = "closed"
    ARCHIVED = "archived"
    REEVALUATION = "reevaluation"
    DRILL = "drill"  # an invented lot, in whose room faults are practised
    DRILLED = "drilled"  # that is over


class LotAction(Enum):
    """What moves a lot along."""

    REGISTER = "register"
    FIX_PLAN = "fix_plan"
    PREQUALIFY = "prequalify"
    FAIL_PREQUALIFIED = "fail_prequalified"
    PUBLISH_DOCUMENT = "publish_document"
    DRAFT_NOTICE = "draft_notice"
    PUBLISH_NOTICE = "publish_notice"
    OPEN_BIDDING = "open_bidding"
    DRAFT_AMENDMENT = "draft_amendment"
    AMEND_DOCUMENT = "amend_document"
    CLARIFY = "clarify"
    HALT = "halt"
    GO_ON = "go_on"
    SUSPEND = "suspend"
    RESUME = "resume"
    TERMINATE = "terminate"
    FAIL = "fail"
    OPEN_BIDS = "open_bids"
    BEGIN_EVALUATION = "begin_evaluation"
    ACCEPT_REPORT = "accept_report"
    REJECT_ALL = "reject_all"
    PUBLISH_CANDIDATES = "publish_candidates"
    END_PUBLICITY = "end_publicity"
    AWARD_FIRST = "award_first"
    LEAVE_FIRST = "leave_first"  # several share the first place
    CHOOSE_FIRST = "choose_first"
    ACCEPT_AWARD = "accept_award"
    BEGIN_AWARD = "begin_award"
    KEEP_AWARD = "keep_award"
    PUBLISH_RESULT = "publish_result"
    CONFIRM_AWARD = "confirm_award"
    SEND_AWARD_NOTICE = "send_award_notice"
    REMIND_OF_CONTRACT = "remind_of_contract"
    OFFER_CONTRACT = "offer_contract"
    SIGN_CONTRACT = "sign_contract"
    CONCLUDE_CONTRACT = "conclude_contract"
    REEVALUATE = "reevaluate"
    ASK_REEVALUATION = "ask_reevaluation"
    CLOSE = "close"
    ARCHIVE = "archive"
    END_DRILL = "end_drill"


FEWEST_BIDS = 3  # Regulation on Tendering and Bidding, art. 44: fewer than three bidders, no opening


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """What the rules of a lot look at; moments are aware UTC. `sealed` is None before the deadline, when nobody may know it."""

    now: datetime
    plan_fixed: bool = False
    document_published: bool = False
    release_at: datetime | None = None
    deadline: datetime | None = None
    sealed: int | None = None
    separation: bool = False
    publicity_until: datetime | None = None
    contract_offered: bool = False
    contract_signed: bool = False  # by the firm that asks
    contract_awaits: int = 0  # firms of the winner that have not signed
    suspended_at: datetime | None = None  # by an order of the supervisor
    regime: LegalRegime = LegalRegime.CONSTRUCTION
    unanswered: int = 0  # objections or challenges that wait for their answer
    stays: int = 0  # orders of an authority that handles a complaint
    awaits_round: bool = False  # a prequalification was begun and has not ended
    prequalified: bool = False  # one has ended: who passed may bid
    publicity_after: bool = False  # the result is published after the award, not the candidates before it
    award_decided: bool = False


_ROUND_ARTICLES = {
    LegalRegime.CONSTRUCTION: "招标投标法实施条例第十五条",
    LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法实施条例第二十一条",
}


def _ready_for_notice(facts: LotFacts) -> Refusal | None:
    if not facts.plan_fixed:
        return RuleBroken("notice.plan_missing", "招标投标法第十九条")
    if not facts.document_published:
        return RuleBroken("notice.document_missing", "招标投标法第十九条")
    if facts.awaits_round:
        return RuleBroken("notice.prequalification_running", _ROUND_ARTICLES[facts.regime])
    return None


def _before_round(facts: LotFacts) -> Refusal | None:
    return WrongState("lot.prequalified") if facts.prequalified else None


def _in_round(facts: LotFacts) -> Refusal | None:
    return None if facts.awaits_round else WrongState("lot.no_prequalification")


def _document_after_plan(facts: LotFacts) -> Refusal | None:
    return None if facts.plan_fixed else RuleBroken("document.plan_missing", "招标投标法第十九条")


def _released(facts: LotFacts) -> Refusal | None:
    if facts.release_at is not None and facts.now >= facts.release_at:
        return None
    return WrongState("lot.release.not_reached")


def _before_deadline(facts: LotFacts) -> Refusal | None:
    return None if facts.deadline is None or facts.now < facts.deadline else WrongState("lot.deadline.passed")


def _deadline_passed(facts: LotFacts) -> Refusal | None:
    if facts.deadline is not None and facts.now >= facts.deadline:
        return None
    return WrongState("lot.deadline.not_reached")


def _too_few(facts: LotFacts) -> Refusal | None:
    if (early := _deadline_passed(facts)) is not None:
        return early
    return None if facts.sealed is not None and facts.sealed < FEWEST_BIDS else WrongState("lot.fail.enough_bids")


def _enough(facts: LotFacts) -> Refusal | None:
    if (early := _deadline_passed(facts)) is not None:
        return early
    if facts.sealed is not None and facts.sealed >= FEWEST_BIDS:
        return None
    return RuleBroken("lot.open_bids.too_few", "招标投标法实施条例第四十四条")


def _publicity_over(facts: LotFacts) -> Refusal | None:
    if facts.publicity_until is not None and facts.now >= facts.publicity_until:
        return None
    return RuleBroken("lot.publicity.running", "招标投标法实施条例第五十四条")


def _separated(facts: LotFacts) -> Refusal | None:
    return _candidates_first(facts) or (_publicity_over(facts) if facts.separation else WrongState("lot.separation.absent"))


def _candidates_first(facts: LotFacts) -> Refusal | None:
    return WrongState("lot.publicity.after_award") if facts.publicity_after else None


def _award_before(facts: LotFacts) -> Refusal | None:
    return None if facts.publicity_after else WrongState("lot.publicity.before_award")


def _result_known(facts: LotFacts) -> Refusal | None:
    return _award_before(facts) or (None if facts.award_decided else WrongState("lot.award_undecided"))


def _result_published(facts: LotFacts) -> Refusal | None:
    return _result_known(facts) or _publicity_over(facts)


def _ranked(facts: LotFacts) -> Refusal | None:
    return WrongState("lot.separation.present") if facts.separation else _publicity_over(facts)


def _no_contract_yet(facts: LotFacts) -> Refusal | None:
    return WrongState("contract.offered_already") if facts.contract_offered else None


def _ordered(facts: LotFacts) -> Refusal | None:
    return None if facts.suspended_at is not None else WrongState("lot.resume.not_ordered")


def _not_ordered(facts: LotFacts) -> Refusal | None:
    """A supervisor's order is ended by the supervisor alone."""
    return None if facts.suspended_at is None else WrongState("lot.ordered")


def _contract_offered(facts: LotFacts) -> Refusal | None:
    if facts.contract_signed:
        return WrongState("contract.signed_already")
    return None if facts.contract_offered else WrongState("contract.not_offered")


def _all_signed(facts: LotFacts) -> Refusal | None:
    """A consortium makes the contract together (招标投标法 art. 31, 政府采购法 art. 24)."""
    return WrongState("contract.members_missing", count=facts.contract_awaits) if facts.contract_awaits else None


_STAY_ARTICLES = {LegalRegime.CONSTRUCTION: "招标投标法实施条例第六十二条", LegalRegime.GOVERNMENT_PROCUREMENT: "政府采购法第五十七条"}


def stopped(facts: LotFacts) -> Refusal | None:
    """What an authority's order, or an objection that waits for its answer, has against the next step (条例 arts 22, 54, 62)."""
    if facts.stays:
        return RuleBroken("lot.stayed", _STAY_ARTICLES[facts.regime])
    if facts.unanswered and facts.regime is LegalRegime.CONSTRUCTION:
        return RuleBroken("lot.objection_unanswered", "招标投标法实施条例第五十四条")
    return None


def _something_stops(facts: LotFacts) -> Refusal | None:
    return WrongState("lot.nothing_stops") if stopped(facts) is None else None


def _document_answered(facts: LotFacts) -> Refusal | None:
    """As `stopped`, while bids are taken: then it is the document that was objected to."""
    found = stopped(facts)
    if found is not None and found.code == "lot.objection_unanswered":
        return RuleBroken("lot.document_objection_unanswered", "招标投标法实施条例第二十二条")
    return found


def _contract_free(facts: LotFacts) -> Refusal | None:
    """A challenge stops the contract, and nothing before it (政府采购法实施条例 art. 54)."""
    if facts.unanswered and facts.regime is LegalRegime.GOVERNMENT_PROCUREMENT:
        return RuleBroken("lot.challenge_unanswered", "政府采购法实施条例第五十四条")
    return stopped(facts)


def _unless(hindrance: Callable[[LotFacts], Refusal | None], rule: Callable[[LotFacts], Refusal | None]) -> Callable[..., Refusal | None]:
    """The rule, once nothing stops the lot."""

    def check(facts: LotFacts) -> Refusal | None:
        return hindrance(facts) or rule(facts)

    check.__name__ = f"{hindrance.__name__.strip('_')}, then {rule.__name__}"
    return check


_TENDERER = frozenset({Role.TENDERER})
_AGENCY = frozenset({Role.AGENCY})
_CENTRE = frozenset({Role.CENTRE})
_SUPERVISOR = frozenset({Role.SUPERVISOR})
_WINNER = frozenset({Role.BIDDER})  # `roles_of` gives it to the winner alone
_SYSTEM = frozenset({Role.SYSTEM})

_S = LotState
_BEFORE_CONTRACT = at(_S.EVALUATED, _S.CANDIDATES_PUBLISHED, _S.AWARD_DECIDING, _S.AWARDED, _S.NOTICE_SENT)
_NOTICED_UNOPENED = at(_S.NOTICED, _S.BIDDING, _S.SUSPENDED)  # what was announced can be ended; before its notice there is nothing to end

MOVES: Moves[LotAction, LotState, Role, LotFacts] = Moves(
    "lot",
    (
        Move(LotAction.REGISTER, at(_S.PLANNED), _S.REGISTERED, _TENDERER),
        Move(LotAction.FIX_PLAN, at(_S.REGISTERED), _S.REGISTERED, _TENDERER),
        Move(LotAction.PREQUALIFY, at(_S.REGISTERED), _S.REGISTERED, _AGENCY, _before_round),
        Move(LotAction.FAIL_PREQUALIFIED, at(_S.REGISTERED), _S.FAILED, _SYSTEM, _in_round),
        Move(LotAction.PUBLISH_DOCUMENT, at(_S.REGISTERED), _S.REGISTERED, _AGENCY, _document_after_plan),
        Move(LotAction.DRAFT_NOTICE, at(_S.REGISTERED), _S.REGISTERED, _AGENCY, _ready_for_notice),
        Move(LotAction.PUBLISH_NOTICE, at(_S.REGISTERED), _S.NOTICED, _TENDERER, _ready_for_notice),
        Move(LotAction.OPEN_BIDDING, at(_S.NOTICED), _S.BIDDING, _SYSTEM, _released),
        Move(LotAction.DRAFT_AMENDMENT, at(_S.BIDDING), _S.BIDDING, _AGENCY, _before_deadline),
        Move(LotAction.AMEND_DOCUMENT, at(_S.BIDDING), _S.BIDDING, _TENDERER, _before_deadline),
        Move(LotAction.CLARIFY, at(_S.BIDDING), _S.BIDDING, _AGENCY, _before_deadline),
        Move(LotAction.HALT, at(_S.BIDDING), _S.SUSPENDED, _SYSTEM, _something_stops),
        Move(LotAction.GO_ON, at(_S.SUSPENDED), _S.BIDDING, _SYSTEM, _unless(_document_answered, _not_ordered)),
        Move(LotAction.SUSPEND, at(_S.BIDDING), _S.SUSPENDED, _SUPERVISOR),
        Move(LotAction.RESUME, at(_S.SUSPENDED), _S.BIDDING, _SUPERVISOR, _unless(_document_answered, _ordered)),
        Move(LotAction.TERMINATE, _NOTICED_UNOPENED, _S.TERMINATED, _TENDERER),
        Move(LotAction.FAIL, at(_S.BIDDING), _S.FAILED, _SYSTEM, _too_few),
        Move(LotAction.OPEN_BIDS, at(_S.BIDDING), _S.OPENING, _SYSTEM, _enough),
        Move(LotAction.BEGIN_EVALUATION, at(_S.OPENING, _S.REEVALUATION), _S.EVALUATING, _SYSTEM | _CENTRE, stopped),
        Move(LotAction.BEGIN_EVALUATION, at(_S.DRILL), _S.DRILL, _SYSTEM),  # all that an invented lot does: it has no bids and no award
        Move(LotAction.END_DRILL, at(_S.DRILL), _S.DRILLED, _CENTRE),
        Move(LotAction.ACCEPT_REPORT, at(_S.EVALUATING), _S.EVALUATED, _SYSTEM, stopped),
        Move(LotAction.REJECT_ALL, at(_S.EVALUATING), _S.ALL_REJECTED, _SYSTEM),
        Move(LotAction.PUBLISH_CANDIDATES, at(_S.EVALUATED), _S.CANDIDATES_PUBLISHED, _TENDERER, _unless(stopped, _candidates_first)),
        Move(LotAction.END_PUBLICITY, at(_S.CANDIDATES_PUBLISHED), _S.AWARD_DECIDING, _SYSTEM, _unless(stopped, _separated)),
        Move(LotAction.AWARD_FIRST, at(_S.CANDIDATES_PUBLISHED), _S.AWARDED, _SYSTEM, _unless(stopped, _ranked)),
        Move(LotAction.LEAVE_FIRST, at(_S.CANDIDATES_PUBLISHED), _S.AWARD_DECIDING, _SYSTEM, _unless(stopped, _ranked)),
        Move(LotAction.CHOOSE_FIRST, at(_S.AWARD_DECIDING), _S.AWARDED, _TENDERER, _unless(stopped, _ranked)),
        Move(LotAction.ACCEPT_AWARD, at(_S.AWARD_DECIDING), _S.AWARDED, _SYSTEM, _unless(stopped, _candidates_first)),
        Move(LotAction.BEGIN_AWARD, at(_S.EVALUATED), _S.AWARD_DECIDING, _SYSTEM, _unless(stopped, _award_before)),
        Move(LotAction.KEEP_AWARD, at(_S.AWARD_DECIDING), _S.AWARD_DECIDING, _SYSTEM, _unless(stopped, _award_before)),
        Move(LotAction.PUBLISH_RESULT, at(_S.AWARD_DECIDING), _S.CANDIDATES_PUBLISHED, _TENDERER, _unless(stopped, _result_known)),
        Move(LotAction.CONFIRM_AWARD, at(_S.CANDIDATES_PUBLISHED), _S.AWARDED, _SYSTEM, _unless(stopped, _result_published)),
        Move(LotAction.SEND_AWARD_NOTICE, at(_S.AWARDED), _S.NOTICE_SENT, _TENDERER, stopped),
        Move(LotAction.REMIND_OF_CONTRACT, at(_S.NOTICE_SENT), _S.NOTICE_SENT, _SYSTEM, _contract_free),
        Move(LotAction.OFFER_CONTRACT, at(_S.NOTICE_SENT), _S.NOTICE_SENT, _TENDERER, _unless(_contract_free, _no_contract_yet)),
        Move(LotAction.SIGN_CONTRACT, at(_S.NOTICE_SENT), _S.NOTICE_SENT, _WINNER, _unless(_contract_free, _contract_offered)),
        Move(LotAction.CONCLUDE_CONTRACT, at(_S.NOTICE_SENT), _S.CONTRACTED, _SYSTEM, _unless(_contract_free, _all_signed)),
        Move(LotAction.REEVALUATE, _BEFORE_CONTRACT, _S.REEVALUATION, _SUPERVISOR),
        Move(LotAction.ASK_REEVALUATION, _BEFORE_CONTRACT - at(_S.NOTICE_SENT), _S.REEVALUATION, _TENDERER),  # art. 56
        Move(LotAction.CLOSE, at(_S.CONTRACTED), _S.CLOSED, _SYSTEM),
        Move(LotAction.ARCHIVE, at(_S.CLOSED), _S.ARCHIVED, _CENTRE),
    ),
)

CUT_SHORT = at(_S.TERMINATED, _S.FAILED, _S.ALL_REJECTED)  # ended without a contract; what it was for may be tendered again
ENDED = CUT_SHORT | at(_S.CONTRACTED, _S.CLOSED, _S.ARCHIVED)  # nothing of the case is left to do here
INVENTED = at(_S.DRILL, _S.DRILLED)  # nothing of it is ever public, counted or paid
NOTICED_OR_LATER = frozenset(_S) - at(_S.PLANNED, _S.REGISTERED) - INVENTED  # public
OPENED_OR_LATER = NOTICED_OR_LATER - at(_S.NOTICED, _S.BIDDING, _S.SUSPENDED, _S.TERMINATED)  # the secret phase is over


@dataclass(frozen=True, slots=True)
class Parties:
    """The organisations of a lot; `winners` is empty until one is decided, and holds all members of a consortium that won."""

    tenderer: OrgId
    agency: OrgId
    winners: frozenset[OrgId] = frozenset()


_HOUSE_ROLES = frozenset({Role.CENTRE, Role.SUPERVISOR, Role.SYSTEM})


def roles_of(actor: Actor, parties: Parties) -> frozenset[Role]:
    """The roles of an actor towards this lot: tenderer and agency of their own, a bidder as the winner, centre and supervisor of all."""
    orgs = {Role.TENDERER: {parties.tenderer}, Role.AGENCY: {parties.agency}, Role.BIDDER: parties.winners}
    mine = frozenset(role for role, of in orgs.items() if actor.org in of)
    return actor.roles & (mine | _HOUSE_ROLES)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """An action that the role would have in this state, and what stands against it now."""

    action: LotAction
    refusal: Refusal


def hindrances(state: LotState, roles: frozenset[Role], facts: LotFacts) -> tuple[Hindrance, ...]:
    """Why what these roles may do in this state may not be done yet."""
    rows = [row for row in MOVES if state in row.source and row.who & roles]
    found = ((row.action, row.only_if(facts)) for row in rows)
    return tuple(Hindrance(action, refusal) for action, refusal in found if refusal is not None)
