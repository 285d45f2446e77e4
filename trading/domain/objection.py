"""An objection (异议) or, in procurement, a challenge (质疑): its states, who may do what, and its signed bodies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role
from trading.domain.clock import Law
from trading.domain.document import FileEntry
from trading.domain.lot import Parties
from trading.domain.remedy import (
    CAPACITIES,
    OBJECTION_ARTICLES,
    SECRET,
    TOOK_PART,
    Capacity,
    Milestones,
    Stage,
    answer_rule,
    check_late_reason,
    read_files,
    stage_refusal,
    window,
    words,
)


class ObjectionState(Enum):
    """The life of an objection."""

    UNFILED = "unfiled"  # no row yet
    FILED = "filed"
    UNANSWERED_OVERDUE = "unanswered_overdue"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"


class ObjectionAction(Enum):
    """What moves an objection along."""

    FILE = "file"
    FIND_LATE = "find_late"
    ANSWER = "answer"
    WITHDRAW = "withdraw"
    CLOSE = "close"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFacts:
    """What the rules of an objection look at; moments are aware UTC. `took_part`: the filer's bid was there when bids were opened."""

    now: datetime
    law: Law
    stage: Stage
    told: Milestones
    capacity: Capacity | None = None
    took_part: bool = False
    due_at: datetime | None = None
    complaint_until: datetime | None = None
    complaint_open: bool = False
    lot_ended: bool = False


def _fileable(facts: ObjectionFacts) -> Refusal | None:
    article = OBJECTION_ARTICLES.get((facts.law.regime, facts.stage), "")
    try:
        found = window(facts.law, facts.stage, facts.told)
    except RuleBroken as unknown:
        return unknown
    if (refusal := stage_refusal(found, facts.now, article)) is not None:
        return refusal
    if facts.capacity is not None and facts.capacity not in CAPACITIES[facts.law.regime, facts.stage]:
        return RuleBroken("objection.capacity_unfit", article)
    if facts.capacity in TOOK_PART and facts.stage not in SECRET and not facts.took_part:
        return RuleBroken("objection.took_no_part", article)
    return None


def _overdue(facts: ObjectionFacts) -> Refusal | None:
    return None if facts.due_at is not None and facts.now >= facts.due_at else WrongState("objection.due.not_reached")


def _settled(facts: ObjectionFacts) -> Refusal | None:
    """Answered, and nobody complains any more; or the lot has ended."""
    over = facts.complaint_until is not None and facts.now >= facts.complaint_until and not facts.complaint_open
    return None if over or facts.lot_ended else WrongState("objection.close.early")


def _without_object(facts: ObjectionFacts) -> Refusal | None:
    return None if facts.lot_ended else WrongState("objection.close.unanswered")


FILER = frozenset({Role.BIDDER})  # `roles_of` gives it to the filer's organisation alone; to file, to any that may bid
ANSWERER = frozenset({Role.TENDERER, Role.AGENCY})  # the agency within its mandate (招标投标法 art. 15; 政府采购法 art. 54)
_SYSTEM = frozenset({Role.SYSTEM})
_S = ObjectionState
OPEN = at(_S.FILED, _S.UNANSWERED_OVERDUE)
COUNTS = OPEN | at(_S.ANSWERED, _S.CLOSED)  # a complaint may rest on it

MOVES: Moves[ObjectionAction, ObjectionState, Role, ObjectionFacts] = Moves(
    "objection",
    (
        Move(ObjectionAction.FILE, at(_S.UNFILED), _S.FILED, FILER, _fileable),
        Move(ObjectionAction.FIND_LATE, at(_S.FILED), _S.UNANSWERED_OVERDUE, _SYSTEM, _overdue),
        Move(ObjectionAction.ANSWER, OPEN, _S.ANSWERED, ANSWERER),
        Move(ObjectionAction.WITHDRAW, OPEN, _S.WITHDRAWN, FILER),
        Move(ObjectionAction.CLOSE, at(_S.ANSWERED), _S.CLOSED, _SYSTEM, _settled),
        Move(ObjectionAction.CLOSE, OPEN, _S.CLOSED, _SYSTEM, _without_object),
    ),
)


class See(Enum):
    """What may be seen of an objection."""

    EXISTENCE = "existence"  # that there is one: stage, moments, state
    TEXT = "text"  # what it says, with its files
    FILER = "filer"  # whose it is
    ANSWER = "answer"


_EVERYBODY = frozenset(Role)
_INSIDE = FILER | ANSWERER | {Role.SUPERVISOR, Role.CENTRE}

READS: Reads[See, Stage, Role] = Reads(
    "objection",
    (
        Read(See.EXISTENCE, _INSIDE, frozenset(Stage)),
        Read(See.TEXT, FILER | ANSWERER, SECRET),  # the answerer needs the words, and not the speaker
        Read(See.TEXT, _INSIDE, frozenset(Stage) - SECRET),
        Read(See.FILER, FILER, SECRET),
        Read(See.FILER, _INSIDE, frozenset(Stage) - SECRET),
        Read(See.ANSWER, _EVERYBODY, SECRET),  # to all, without a source (条例 art. 21)
        Read(See.ANSWER, _INSIDE, frozenset(Stage) - SECRET),
    ),
)


def roles_of(actor: Actor, parties: Parties, filer: OrgId | None) -> frozenset[Role]:
    """The roles of an actor towards an objection: a bidder its own alone (`filer` None: one that is not filed yet, anybody's that is not
    the tenderer's or its agency's), tenderer and agency of the lot, centre and supervisor of all."""
    orgs = {Role.TENDERER: parties.tenderer, Role.AGENCY: parties.agency}
    mine = {role for role, org in orgs.items() if org == actor.org}
    is_filer = actor.org == filer if filer is not None else actor.org not in (None, parties.tenderer, parties.agency)
    if is_filer and actor.org is not None:
        mine.add(Role.BIDDER)
    return actor.roles & (mine | {Role.CENTRE, Role.SUPERVISOR, Role.SYSTEM})


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionFiling:
    """The signed body of `objection.file`. `interest`: the interested party's, "" for all others."""

    stage: Stage
    capacity: Capacity
    interest: str
    facts: str
    request: str
    files: tuple[FileEntry, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ObjectionFiling:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member, or for an interested party without interest."""
        body = Body(signed)
        read = cls(
            stage=body.choice("stage", Stage),
            capacity=body.choice("capacity", Capacity),
            interest=body.text("interest", 500, least=0),
            facts=words(body, "facts"),
            request=words(body, "request", 2000),
            files=read_files(body),
        )
        body.done()
        if (read.capacity is Capacity.INTERESTED_PARTY) != bool(read.interest):
            raise RuleBroken("objection.interest_missing" if not read.interest else "objection.interest_unneeded")
        return read


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectionAnswer:
    """The signed body of `objection.answer`: the question as it may be published, the answer, "" or why it is late."""

    objection: str
    question: str
    answer: str
    late_reason: str
    files: tuple[FileEntry, ...]

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> ObjectionAnswer:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            objection=body.text("objection", 24),
            question=words(body, "question", 2000),
            answer=words(body, "answer"),
            late_reason=body.text("late_reason", 500, least=0),
            files=read_files(body),
        )
        body.done()
        return read

    def check(self, law: Law, stage: Stage, due_at: datetime, now: datetime) -> None:
        """Raises RuleBroken unless a late answer says why."""
        check_late_reason(self.late_reason, due_at, now, answer_rule(law, stage).article)


def read_withdrawal(signed: Mapping[str, object], name: str) -> str:
    """The signed body of a withdrawal: the number of what is withdrawn, under its `name`."""
    body = Body(signed)
    number = body.text(name, 24)
    body.done()
    return number
