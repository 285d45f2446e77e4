"""All that a lot's page shows to one actor: what stands, its legal moments, what may be done now and why the rest may not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import legal_day, start_of
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from deposits.domain.relief import Freed
from trading.domain.clock import Law
from trading.domain.duty import Duty
from trading.domain.lot import CUT_SHORT, MOVES, Hindrance, LotAction, LotState, hindrances, roles_of
from trading.domain.readiness import Finding
from trading.domain.retender import Consequence, consequence_of
from trading.domain.statutory import Term
from trading.queries import awards, documents, duties, lots, notices
from trading.queries.awards import CandidateView
from trading.queries.documents import FileView
from trading.queries.freed import freed_of
from trading.queries.lots import LotView
from trading.queries.notices import NoticeLine
from trading.queries.readiness import readiness
from trading.queries.retenders import successor
from trading.queries.rounds import is_called
from trading.queries.terms import terms


class Milestone(Enum):
    """The moments of a lot's time line."""

    NOTICE = "notice"
    RELEASE = "release"
    OBJECTIONS = "objections"
    DEADLINE = "deadline"
    REPORT = "report"
    PUBLICITY = "publicity"
    AWARD_NOTICE = "award_notice"
    CONTRACT_DUE = "contract_due"
    CONTRACT = "contract"


_PERIODS = frozenset({Milestone.OBJECTIONS, Milestone.PUBLICITY, Milestone.CONTRACT_DUE})


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment of the time line: `state` is done, now or next; `article` names the rule that set it, "" for none."""

    milestone: Milestone
    at: datetime | None
    state: str
    article: str = ""

    @property
    def day(self) -> str:
        """The last day of a period that ends with it, as ISO text; "" for a moment that is a time of day."""
        if self.at is None or self.milestone not in _PERIODS or self.at != start_of(legal_day(self.at)):
            return ""
        return (legal_day(self.at) - timedelta(days=1)).isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class LotPage:
    """What one actor sees of a lot."""

    lot: LotView
    now: datetime
    roles: frozenset[Role]
    timeline: tuple[Moment, ...]
    terms: tuple[Term, ...]  # empty before the notice
    duties: tuple[Duty, ...]  # what is due now, for those whom it concerns
    available: tuple[LotAction, ...]
    hindrances: tuple[Hindrance, ...]
    files: tuple[FileView, ...]  # empty before the release, but for the parties
    notices: tuple[NoticeLine, ...]
    candidates: tuple[CandidateView, ...]  # empty before their publication
    consequence: Consequence | None  # what the law makes of an end without a contract
    successor: str  # the lot that follows it, "" for none that the reader may know of
    may_register: bool  # the reader may register one
    checks: tuple[Finding, ...] = ()  # before the notice, for the parties
    freed: Freed | None = None  # what frees such projects of deposits now, or did when the notice went out


HAS_DOCUMENT = frozenset(LotState) - {LotState.PLANNED, LotState.REGISTERED, LotState.NOTICED}
HAS_CANDIDATES = frozenset(
    {
        LotState.CANDIDATES_PUBLISHED,
        LotState.AWARD_DECIDING,
        LotState.AWARDED,
        LotState.NOTICE_SENT,
        LotState.CONTRACTED,
        LotState.CLOSED,
        LotState.ARCHIVED,
    }
)


def has_candidates(lot: LotView) -> bool:
    """Whether the candidates are public: not while the award is decided before its result is published."""
    return lot.state in HAS_CANDIDATES and not (lot.publicity_after and lot.state is LotState.AWARD_DECIDING)


_PARTIES = frozenset({Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR})


def lot_page(session: Session, number: str, actor: Actor, now: datetime) -> LotPage:
    """The page of a lot for an actor at a moment by the platform's clock. Raises NotFound for a lot that is neither public nor theirs."""
    lot = lots.visible(session, number, actor)
    roles, told = roles_of(actor, lot.parties), lots.facts(lot, now, actor.org)
    legal = terms(session, lot, now) if lot.notice_at is not None or is_called(session, lot.id) else ()
    return LotPage(
        lot=lot,
        now=now,
        roles=roles,
        timeline=timeline(lot, now),
        terms=legal,
        duties=duties.of_lot(lot, legal, roles, now),
        available=MOVES.available(lot.state, roles, told),
        hindrances=hindrances(lot.state, roles, told),
        files=documents.files(session, lot.id) if _has_document(lot, roles) else (),
        notices=notices.of_lot(session, lot.id),
        candidates=awards.candidates(session, lot.id) if has_candidates(lot) or Role.TENDERER in roles else (),
        consequence=consequence_of(lot.state, lot.law, lot.category, lot.attempt),
        successor=successor(session, lot.number, bool(roles & _PARTIES)) if lot.state in CUT_SHORT else "",
        may_register=Role.AGENCY in actor.roles and lot.state in CUT_SHORT,
        checks=readiness(session, lot, now) if roles & _PARTIES and lot.state is LotState.REGISTERED else (),
        freed=freed_of(session, lot, lot.notice_at or now),
    )


def may_have_document(session: Session, number: str, actor: Actor) -> LotView:
    """The lot, if this actor may have its tender document: anybody from the release on, its parties before. Raises NotFound."""
    lot = lots.visible(session, number, actor)
    if not _has_document(lot, roles_of(actor, lot.parties)):
        raise NotFound("document_file.not_found")
    return lot


def _has_document(lot: LotView, roles: frozenset[Role]) -> bool:
    return lot.state in HAS_DOCUMENT or bool(roles & _PARTIES)


def timeline(lot: LotView, now: datetime) -> tuple[Moment, ...]:
    """The lot's legal moments in order: those passed, the next one as `now`, the rest; of a lot that was cut short those passed alone."""
    law = lot.law
    objections = None if lot.deadline is None else law.ends_at("T5", lot.deadline)
    due = None if lot.award_notice_at is None else law.ends_at("T13", lot.award_notice_at)
    rows: tuple[tuple[Milestone, datetime | None, str], ...] = (
        (Milestone.NOTICE, lot.notice_at, ""),
        (Milestone.RELEASE, lot.release_at, _article(law, "T2")),
        *(((Milestone.OBJECTIONS, objections, _article(law, "T5")),) if law.binding("T5") else ()),
        (Milestone.DEADLINE, lot.deadline, _article(law, "T3")),
        (Milestone.REPORT, lot.report_at, ""),
        (Milestone.PUBLICITY, lot.publicity_until, _article(law, "T10A")),
        (Milestone.AWARD_NOTICE, lot.award_notice_at, ""),
        *(((Milestone.CONTRACT_DUE, due, _article(law, "T13")),) if lot.contract_at is None else ()),
        (Milestone.CONTRACT, lot.contract_at, ""),
    )
    if lot.state in CUT_SHORT:
        until = lot.ended_at or now
        rows = tuple(row for row in rows if row[1] is not None and row[1] <= until)
    passed = [at is not None and at <= now for _, at, _ in rows]
    current = passed.index(False) if False in passed else len(rows)
    states = ["done" if done else "now" if place == current else "next" for place, done in enumerate(passed)]
    return tuple(Moment(milestone, at, state, article) for (milestone, at, article), state in zip(rows, states, strict=True))


def _article(law: Law, code: str) -> str:
    bound = law.binding(code)
    return "" if bound is None else bound.article
