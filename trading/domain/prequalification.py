"""Prequalification (资格预审) before a tender notice: the life of the round, its document, its notice, and the periods that it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from core.kernel.body import Body
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import FileEntry, digest_of, read_file

FEWEST_APPLICANTS = 3  # 招标投标法 art. 28 for who applies, 实施条例 art. 19 for who passes
MOST_CRITERIA = 40

_C, _P = LegalRegime.CONSTRUCTION, LegalRegime.GOVERNMENT_PROCUREMENT
ARTICLE = {_C: "招标投标法实施条例第十五条", _P: "政府采购法实施条例第二十一条"}
REVIEW_ARTICLE = {_C: "招标投标法实施条例第十八条", _P: "政府采购货物和服务招标投标管理办法第四十四条"}
FEW_ARTICLE = {_C: "招标投标法实施条例第十九条", _P: "政府采购法第三十六条"}
OBJECTION_ARTICLE = "招标投标法实施条例第二十二条"


class RoundState(Enum):
    """The life of a round, one a lot."""

    DRAFTED = "drafted"  # its document is laid down
    NOTICED = "noticed"  # its notice is out; from the release to the deadline applications are taken
    CLOSED = "closed"  # the deadline came, with enough applications
    OPENED = "opened"  # they are open to who reviews them
    REVIEWED = "reviewed"  # every reviewer has signed
    ENDED = "ended"  # every applicant has its letter; who passed may bid
    FAILED = "failed"  # fewer than three applied, or passed


class RoundAction(Enum):
    """What moves a round along."""

    LAY_DOWN = "lay_down"
    PUBLISH = "publish"
    AMEND = "amend"
    CLOSE = "close"
    FAIL = "fail"
    OPEN = "open"
    NAME_COMMITTEE = "name_committee"
    REVIEW = "review"
    SUM_UP = "sum_up"
    CONCLUDE = "conclude"
    FAIL_REVIEWED = "fail_reviewed"


class Reviewers(Enum):
    """Who reviews the applications."""

    COMMITTEE = "committee"  # 资格审查委员会
    TENDERER = "tenderer"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundFacts:
    """What the rules of a round look at; moments are aware UTC. `applications` is None before the deadline, when nobody may know it;
    `waiting`: reviewers who have not signed; `passed`: applicants who passed, None before the review is summed up; `unanswered`:
    objections to the round that wait for their answer."""

    now: datetime
    regime: LegalRegime = LegalRegime.CONSTRUCTION
    release_at: datetime | None = None
    deadline: datetime | None = None
    applications: int | None = None
    committee_named: bool = False
    waiting: int = 0
    passed: int | None = None
    unanswered: int = 0


def stopped(facts: RoundFacts) -> Refusal | None:
    """An objection stops a round until it is answered (招标投标法实施条例 art. 22); a challenge does not (政府采购法实施条例 art. 54)."""
    if facts.unanswered and facts.regime is LegalRegime.CONSTRUCTION:
        return RuleBroken("prequalification.objection_unanswered", OBJECTION_ARTICLE)
    return None


def _passed_deadline(facts: RoundFacts) -> bool:
    return facts.deadline is not None and facts.now >= facts.deadline


def _before_deadline(facts: RoundFacts) -> Refusal | None:
    return WrongState("prequalification.deadline_passed") if _passed_deadline(facts) else None


def _enough_applied(facts: RoundFacts) -> Refusal | None:
    if not _passed_deadline(facts):
        return WrongState("prequalification.deadline_not_reached")
    if facts.applications is None or facts.applications < FEWEST_APPLICANTS:
        return RuleBroken("prequalification.too_few_applied", FEW_ARTICLE[facts.regime])
    return stopped(facts)


def _too_few_applied(facts: RoundFacts) -> Refusal | None:
    if not _passed_deadline(facts):
        return WrongState("prequalification.deadline_not_reached")
    if facts.applications is not None and facts.applications < FEWEST_APPLICANTS:
        return stopped(facts)
    return WrongState("prequalification.enough_applied")


def _unnamed(facts: RoundFacts) -> Refusal | None:
    return WrongState("prequalification.committee_named") if facts.committee_named else None


def _named(facts: RoundFacts) -> Refusal | None:
    return stopped(facts) or (None if facts.committee_named else WrongState("prequalification.committee_missing"))


def _all_signed(facts: RoundFacts) -> Refusal | None:
    return WrongState("prequalification.sheets_missing") if facts.waiting or not facts.committee_named else None


def _enough_passed(facts: RoundFacts) -> Refusal | None:
    if facts.passed is None or facts.passed < FEWEST_APPLICANTS:
        return RuleBroken("prequalification.too_few_passed", FEW_ARTICLE[facts.regime])
    return stopped(facts)


def _too_few_passed(facts: RoundFacts) -> Refusal | None:
    if facts.passed is not None and facts.passed < FEWEST_APPLICANTS:
        return stopped(facts)
    return WrongState("prequalification.enough_passed")


_S = RoundState
_AGENCY, _TENDERER, _SYSTEM = at(Role.AGENCY), at(Role.TENDERER), at(Role.SYSTEM)
_REVIEWER = at(Role.EXPERT, Role.TENDERER)

MOVES: Moves[RoundAction, RoundState, Role, RoundFacts] = Moves(
    "prequalification",
    (
        Move(RoundAction.LAY_DOWN, at(_S.DRAFTED), _S.DRAFTED, _AGENCY),
        Move(RoundAction.PUBLISH, at(_S.DRAFTED), _S.NOTICED, _TENDERER),
        Move(RoundAction.AMEND, at(_S.NOTICED), _S.NOTICED, _TENDERER, _before_deadline),
        Move(RoundAction.CLOSE, at(_S.NOTICED), _S.CLOSED, _SYSTEM, _enough_applied),
        Move(RoundAction.FAIL, at(_S.NOTICED), _S.FAILED, _SYSTEM, _too_few_applied),
        Move(RoundAction.OPEN, at(_S.CLOSED), _S.OPENED, _SYSTEM, stopped),
        *(Move(RoundAction.NAME_COMMITTEE, at(state), state, _TENDERER, _unnamed) for state in (_S.NOTICED, _S.CLOSED, _S.OPENED)),
        Move(RoundAction.REVIEW, at(_S.OPENED), _S.OPENED, _REVIEWER, _named),
        Move(RoundAction.SUM_UP, at(_S.OPENED), _S.REVIEWED, _SYSTEM, _all_signed),
        Move(RoundAction.CONCLUDE, at(_S.REVIEWED), _S.ENDED, _TENDERER, _enough_passed),
        Move(RoundAction.FAIL_REVIEWED, at(_S.REVIEWED), _S.FAILED, _TENDERER, _too_few_passed),
    ),
)

PUBLIC = frozenset(_S) - at(_S.DRAFTED)  # its notice is out
SETTLED = at(_S.ENDED, _S.FAILED)  # nothing of the round is left to do


def takes_applications(state: RoundState, facts: RoundFacts) -> Refusal | None:
    """From the release to the deadline, on the database's clock, while no objection stops the round."""
    if _passed_deadline(facts):
        return WrongState("prequalification.deadline_passed")
    if state is not RoundState.NOTICED or facts.release_at is None or facts.now < facts.release_at:
        return WrongState("prequalification.takes_none")
    return stopped(facts)


# Its document


@dataclass(frozen=True, slots=True)
class Criterion:
    """A thing that an applicant has or has not; failing one is failing (合格制)."""

    id: str
    title: str
    requirement: str

    @classmethod
    def read(cls, body: Body) -> Criterion:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        read = cls(body.text("id", 20), body.text("title", 60), body.text("requirement", 500))
        body.done()
        return read

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed body."""
        return {"id": self.id, "title": self.title, "requirement": self.requirement}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundDocument:
    """The signed body of `prequalification.document`; `state_funds`: state-held funds control or lead the project."""

    document_sha256: str
    files: tuple[FileEntry, ...]
    criteria: tuple[Criterion, ...]
    reviewers: Reviewers
    state_funds: bool

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> RoundDocument:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            document_sha256=body.digest("document_sha256"),
            files=tuple(read_file(entry) for entry in body.objects("files", least=1, most=50)),
            criteria=tuple(Criterion.read(one) for one in body.objects("criteria", least=1, most=MOST_CRITERIA)),
            reviewers=body.choice("reviewers", Reviewers),
            state_funds=body.flag("state_funds"),
        )
        body.done()
        return read


def check_document(document: RoundDocument, signed: Mapping[str, object], law: Law) -> None:
    """Raises RuleBroken for the first rule that the document breaks: a committee where the law asks for one (实施条例 art. 18), in
    procurement the purchaser itself (87号令 art. 44)."""
    if document.document_sha256 != digest_of(signed):
        raise RuleBroken("document.digest_other")
    if len({entry.name for entry in document.files}) < len(document.files):
        raise RuleBroken("document.file_twice")
    if len({one.id for one in document.criteria}) < len(document.criteria):
        raise RuleBroken("prequalification.criterion_twice")
    procurement = law.regime is LegalRegime.GOVERNMENT_PROCUREMENT
    if procurement and document.reviewers is not Reviewers.TENDERER:
        raise RuleBroken("prequalification.purchaser_reviews", REVIEW_ARTICLE[law.regime])
    if not procurement and law.mandatory and document.state_funds and document.reviewers is not Reviewers.COMMITTEE:
        raise RuleBroken("prequalification.committee_needed", REVIEW_ARTICLE[law.regime])


# Its notice


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundNotice:
    """The signed body of `prequalification.publish`; moments are aware UTC. The document can be had from `release_at` up to
    `release_until`, applications are due by `deadline` and opened then."""

    title: str
    document_sha256: str
    release_at: datetime
    release_until: datetime
    deadline: datetime

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> RoundNotice:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            title=body.text("title", 200),
            document_sha256=body.digest("document_sha256"),
            release_at=body.moment("release_at"),
            release_until=body.moment("release_until"),
            deadline=body.moment("deadline"),
        )
        body.done()
        return read


def check_notice(notice: RoundNotice, document_sha256: str, now: datetime, law: Law) -> None:
    """Raises RuleBroken for the first rule that the notice breaks: the document on file, times in order, T2B, T6. Both periods are kept
    by every round, also where the law makes no tender; there is no deviation."""
    if notice.document_sha256 != document_sha256:
        raise RuleBroken("prequalification.document_other")
    if notice.release_at < now:
        raise RuleBroken("notice.release_past")
    if not notice.release_at < notice.release_until <= notice.deadline:
        raise RuleBroken("prequalification.times_unordered")
    procurement = law.regime is LegalRegime.GOVERNMENT_PROCUREMENT
    anchors = {"T2B": now if procurement else notice.release_at, "T6": now if procurement else notice.release_until}
    for code, planned in (("T2B", notice.release_until), ("T6", notice.deadline)):
        bound = law.standing(code, anchors[code])
        refusal = None if bound is None else law.misses(bound, anchors[code], planned)
        if refusal is not None:
            raise refusal
