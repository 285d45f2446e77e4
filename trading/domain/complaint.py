"""A complaint (投诉) to an authority: its states, who may do what, and its signed bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import FileEntry
from trading.domain.lot import Parties
from trading.domain.remedy import (
    COMPLAINT_ARTICLES,
    HANDLING_ARTICLES,
    Capacity,
    Heard,
    complaint_ends,
    complaint_rule,
    last_day_of,
    read_files,
    words,
)


class ComplaintState(Enum):
    """The life of a complaint."""

    UNFILED = "unfiled"  # no row yet
    FILED = "filed"
    REFUSED = "refused"  # 不予受理
    HANDED_OVER = "handed_over"  # to the authority that had it first
    ACCEPTED = "accepted"
    INVESTIGATING = "investigating"
    DECIDED = "decided"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class ComplaintAction(Enum):
    """What moves a complaint along."""

    FILE = "file"
    ACCEPT = "accept"
    REFUSE = "refuse"
    HAND_OVER = "hand_over"
    INVESTIGATE = "investigate"
    ORDER_SUSPENSION = "order_suspension"
    LIFT_SUSPENSION = "lift_suspension"
    LAPSE_SUSPENSION = "lapse_suspension"
    DECIDE = "decide"
    PUBLISH = "publish"
    WITHDRAW = "withdraw"


class Matter(Enum):
    """What a complaint is about; for all but `OTHER` the objection comes first (条例 art. 60)."""

    DOCUMENT = "document"
    PREQUALIFICATION = "prequalification"
    OPENING = "opening"
    PROCESS = "process"  # procurement alone
    RESULT = "result"
    OTHER = "other"  # works alone


MATTERS: Mapping[LegalRegime, tuple[Matter, ...]] = {
    LegalRegime.CONSTRUCTION: (Matter.PREQUALIFICATION, Matter.DOCUMENT, Matter.OPENING, Matter.RESULT, Matter.OTHER),
    LegalRegime.GOVERNMENT_PROCUREMENT: (Matter.DOCUMENT, Matter.PROCESS, Matter.RESULT),
}
SECRET_MATTERS = frozenset({Matter.DOCUMENT, Matter.PREQUALIFICATION, Matter.OTHER})  # whoever speaks may be a prospective bidder


class Ground(Enum):
    """Why a complaint is not taken on."""

    STANDING = "standing"  # 投诉人不是投标人或者其他利害关系人
    NO_OBJECTION = "no_objection"  # 应当先提出异议、质疑
    LATE = "late"  # 超过投诉期限
    NO_EVIDENCE = "no_evidence"  # 没有明确的请求和必要的证明材料
    FABRICATED = "fabricated"  # 捏造事实、伪造材料或者以非法手段取得证明材料
    DECIDED_BEFORE = "decided_before"  # 已经作出处理决定，且没有新证据


class Outcome(Enum):
    """What a decision says."""

    UPHELD = "upheld"  # 投诉成立
    PARTLY_UPHELD = "partly_upheld"
    DISMISSED = "dismissed"  # 驳回


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFacts:
    """What the rules of a complaint look at. `earlier`: another authority received the same complaint before; `heard` is the objection
    that came first, `hall` that one was raised on the spot in the opening hall."""

    now: datetime
    law: Law
    matter: Matter
    known_on: date
    capacity: Capacity | None = None
    took_part: bool = False
    heard: Heard | None = None
    hall: bool = False
    twice: bool = False
    earlier: bool = False
    suspended: bool = False
    suspended_until: datetime | None = None


def _fileable(facts: ComplaintFacts) -> Refusal | None:
    if facts.matter not in MATTERS[facts.law.regime]:
        return RuleBroken("complaint.matter_unknown")
    if facts.twice:
        return RuleBroken("complaint.twice")
    article = COMPLAINT_ARTICLES[facts.law.regime]
    return _capacity(facts, article) or _objected_first(facts, article) or _in_time(facts)


def _in_time(facts: ComplaintFacts) -> Refusal | None:
    if facts.known_on > legal_day(facts.now):
        return RuleBroken("complaint.known_in_future")
    ends, bound = complaint_ends(facts.law, facts.known_on, facts.heard), complaint_rule(facts.law)
    if facts.now < ends:
        return None
    return RuleBroken("complaint.too_late", bound.article, days=bound.n, last=last_day_of(ends).isoformat())


def _capacity(facts: ComplaintFacts, article: str) -> Refusal | None:
    if facts.capacity is None:
        return None
    if (facts.capacity is Capacity.SUPPLIER) != (facts.law.regime is LegalRegime.GOVERNMENT_PROCUREMENT):
        return RuleBroken("objection.capacity_unfit", article)
    if facts.capacity is Capacity.BIDDER and not facts.took_part:
        return RuleBroken("objection.took_no_part", article)
    return None


def _objected_first(facts: ComplaintFacts, article: str) -> Refusal | None:
    if facts.matter is Matter.OTHER:
        return None
    if facts.matter is Matter.OPENING:
        return None if facts.hall else RuleBroken("complaint.objection_first_hall", article)
    if facts.heard is None:
        return RuleBroken("complaint.objection_first", article)
    if facts.heard.answered_at is None and facts.now < facts.heard.due_at:
        return RuleBroken("complaint.answer_running", article, last=last_day_of(facts.heard.due_at).isoformat())
    if facts.law.regime is LegalRegime.CONSTRUCTION and facts.known_on > legal_day(facts.heard.filed_at):
        return RuleBroken("complaint.known_after_objection", article)
    return None


def _first_here(facts: ComplaintFacts) -> Refusal | None:
    return RuleBroken("complaint.earlier_elsewhere", HANDLING_ARTICLES[facts.law.regime]) if facts.earlier else None


def _earlier(facts: ComplaintFacts) -> Refusal | None:
    return None if facts.earlier else WrongState("complaint.nobody_earlier")


def _running(facts: ComplaintFacts) -> Refusal | None:
    return WrongState("complaint.suspended_already") if facts.suspended else None


def _suspended(facts: ComplaintFacts) -> Refusal | None:
    return None if facts.suspended else WrongState("complaint.not_suspended")


def _run_out(facts: ComplaintFacts) -> Refusal | None:
    over = facts.suspended and facts.suspended_until is not None and facts.now >= facts.suspended_until
    return None if over else WrongState("complaint.suspension_runs")


_FILER = frozenset({Role.BIDDER})
_AUTHORITY = frozenset({Role.SUPERVISOR})  # `roles_of` gives it to the authority that has the complaint
_SYSTEM = frozenset({Role.SYSTEM})
_S, _A = ComplaintState, ComplaintAction
HANDLED = at(_S.ACCEPTED, _S.INVESTIGATING)
OPEN = at(_S.FILED, _S.ACCEPTED, _S.INVESTIGATING)

MOVES: Moves[ComplaintAction, ComplaintState, Role, ComplaintFacts] = Moves(
    "complaint",
    (
        Move(_A.FILE, at(_S.UNFILED), _S.FILED, _FILER, _fileable),
        Move(_A.ACCEPT, at(_S.FILED), _S.ACCEPTED, _AUTHORITY, _first_here),
        Move(_A.REFUSE, at(_S.FILED), _S.REFUSED, _AUTHORITY),
        Move(_A.HAND_OVER, at(_S.FILED), _S.HANDED_OVER, _AUTHORITY, _earlier),
        Move(_A.INVESTIGATE, at(_S.ACCEPTED), _S.INVESTIGATING, _AUTHORITY),
        Move(_A.ORDER_SUSPENSION, HANDLED, _S.INVESTIGATING, _AUTHORITY, _running),
        Move(_A.LIFT_SUSPENSION, at(_S.INVESTIGATING), _S.INVESTIGATING, _AUTHORITY, _suspended),
        Move(_A.LAPSE_SUSPENSION, at(_S.INVESTIGATING), _S.INVESTIGATING, _SYSTEM, _run_out),
        Move(_A.DECIDE, at(_S.INVESTIGATING), _S.DECIDED, _AUTHORITY),
        Move(_A.PUBLISH, at(_S.DECIDED), _S.PUBLISHED, _AUTHORITY),
        Move(_A.WITHDRAW, OPEN, _S.WITHDRAWN, _FILER),
    ),
)


class See(Enum):
    """What may be seen of a complaint."""

    ALL = "all"  # words, files, and whose it is
    EXISTENCE = "existence"  # that there is one, its state and its dates
    DECISION = "decision"  # once it is published


READS: Reads[See, Matter, Role] = Reads(
    "complaint",
    (
        Read(See.ALL, _FILER | _AUTHORITY, frozenset(Matter)),
        # Whom it accuses gets a copy, but never so that a prospective bidder is named before the opening (招标投标法 art. 22).
        Read(See.ALL, frozenset({Role.TENDERER, Role.AGENCY}), frozenset(Matter) - SECRET_MATTERS),
        Read(See.EXISTENCE, _FILER | _AUTHORITY | {Role.TENDERER, Role.AGENCY}, frozenset(Matter)),
        Read(See.DECISION, frozenset(Role), frozenset(Matter)),
    ),
)


def roles_of(actor: Actor, parties: Parties, filer: OrgId | None, authority: OrgId | None) -> frozenset[Role]:
    """The roles of an actor towards a complaint: a bidder its own alone, a supervisor those that were addressed to its authority."""
    orgs = {Role.TENDERER: parties.tenderer, Role.AGENCY: parties.agency, Role.SUPERVISOR: authority}
    mine = {role for role, org in orgs.items() if org is not None and org == actor.org}
    is_filer = actor.org == filer if filer is not None else actor.org not in (parties.tenderer, parties.agency)
    if is_filer and actor.org is not None:
        mine.add(Role.BIDDER)
    return actor.roles & (mine | {Role.SYSTEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFiling:
    """The signed body of `complaint.file`. `objection` is the number of what came first, "" where nothing had to or it was in the hall."""

    authority: OrgId
    matter: Matter
    objection: str
    capacity: Capacity
    interest: str
    known_on: date
    facts: str
    request: str
    files: tuple[FileEntry, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ComplaintFiling:
        """Of a signed body; raises RuleBroken naming the member, or that request and evidence are required (条例 art. 60)."""
        body = Body(signed)
        read = cls(
            authority=OrgId(body.uuid("authority")),
            matter=body.choice("matter", Matter),
            objection=body.text("objection", 24, least=0),
            capacity=body.choice("capacity", Capacity),
            interest=body.text("interest", 500, least=0),
            known_on=body.day("known_on"),
            facts=words(body, "facts"),
            request=words(body, "request", 2000, least=0),
            files=read_files(body),
        )
        body.done()
        if (read.capacity is Capacity.INTERESTED_PARTY) != bool(read.interest):
            raise RuleBroken("objection.interest_missing" if not read.interest else "objection.interest_unneeded")
        return read

    def check(self, regime: LegalRegime) -> None:
        """Raises RuleBroken unless it has a request and evidence (条例 art. 60; 政府采购质疑和投诉办法 art. 18)."""
        if not self.request or not self.files:
            article = "招标投标法实施条例第六十条" if regime is LegalRegime.CONSTRUCTION else "政府采购质疑和投诉办法第十八条"
            raise RuleBroken("complaint.request_and_evidence", article)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What an authority says of a complaint in one of its acts; what an act does not say is "" or None."""

    complaint: str
    text: str = ""
    late_reason: str = ""
    ground: Ground | None = None
    outcome: Outcome | None = None
    until: date | None = None

    @classmethod
    def accept(cls, signed: Mapping[str, object]) -> Ruling:
        """`complaint.accept`."""
        body = Body(signed)
        read = cls(complaint=body.text("complaint", 24), late_reason=body.text("late_reason", 500, least=0))
        body.done()
        return read

    @classmethod
    def refuse(cls, signed: Mapping[str, object]) -> Ruling:
        """`complaint.refuse`: a ground and its explanation."""
        body = Body(signed)
        read = cls(
            complaint=body.text("complaint", 24),
            ground=body.choice("ground", Ground),
            text=words(body, "text", 2000),
            late_reason=body.text("late_reason", 500, least=0),
        )
        body.done()
        return read

    @classmethod
    def say(cls, signed: Mapping[str, object]) -> Ruling:
        """`complaint.hand_over`, `complaint.investigate`, `complaint.lift`, `complaint.publish`: a text."""
        body = Body(signed)
        read = cls(complaint=body.text("complaint", 24), text=words(body, "text"))
        body.done()
        return read

    @classmethod
    def suspend(cls, signed: Mapping[str, object]) -> Ruling:
        """`complaint.suspend`: why, and the last day of the suspension, "" where the decision ends it."""
        body = Body(signed)
        number, text = body.text("complaint", 24), words(body, "text", 2000)
        open_end = signed.get("until") == ""
        until = None if open_end else body.day("until")
        if open_end:
            body.text("until", 1, least=0)
        body.done()
        return cls(complaint=number, text=text, until=until)

    @classmethod
    def decide(cls, signed: Mapping[str, object]) -> Ruling:
        """`complaint.decide`: the outcome and its reasons."""
        body = Body(signed)
        read = cls(
            complaint=body.text("complaint", 24),
            outcome=body.choice("outcome", Outcome),
            text=words(body, "text", 10_000),
            late_reason=body.text("late_reason", 500, least=0),
        )
        body.done()
        return read
