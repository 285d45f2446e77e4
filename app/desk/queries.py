"""What the front page and each person's work page show, gathered from the packages."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.roles import Role
from deposits.queries import finance_work
from deposits.queries.finance_work import ChoreLine
from evaluation.queries import question_page
from evaluation.queries import supervision as supervision_queries
from evaluation.queries.question_page import QuestionLine
from evaluation.queries.supervision import MeasureLine
from trading.domain.lot import MOVES, LotAction, LotState, roles_of
from trading.queries import duties, lots, notices, projects
from trading.queries.bids import OwnBidRow, own_bids
from trading.queries.duties import DutyLine
from trading.queries.notices import NoticeFilter, NoticeLine
from trading.queries.openings_list import OpeningRow, openings_list

PARTIES = frozenset({Role.AGENCY, Role.TENDERER, Role.CENTRE, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Front:
    """The front page: the newest notices and the next openings."""

    notices: tuple[NoticeLine, ...]
    openings: tuple[OpeningRow, ...]


@dataclass(frozen=True, slots=True)
class LotLine:
    """A lot on somebody's work page, with what this person may do to it now."""

    number: str
    title: str
    state: LotState
    deadline: datetime | None
    available: tuple[LotAction, ...]


@dataclass(frozen=True, slots=True)
class WorkPage:
    """What waits for one person in one role."""

    roles: frozenset[Role]
    lots: tuple[LotLine, ...] = ()
    bids: tuple[OwnBidRow, ...] = ()
    bidding: tuple[NoticeLine, ...] = ()
    duties: tuple[DutyLine, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    chores: tuple[ChoreLine, ...] = ()
    measures: tuple[MeasureLine, ...] = ()  # of supervisors, that wait for an answer


def front(session: Session) -> Front:
    """The front page for anybody."""
    found = notices.page(session, NoticeFilter(), limit=8)
    return Front(found.notices, openings_list(session, 5))


def work_of(session: Session, actor: Actor, now: datetime) -> WorkPage:
    """The work page of an actor: a party's lots, a bidder's bids and what it may still bid for, what finance has to do."""
    page = WorkPage(actor.roles)
    if actor.roles & PARTIES:
        page = WorkPage(actor.roles, lots=_lots(session, actor, now), duties=duties.mine(session, actor, now))
        page = replace(page, measures=supervision_queries.waiting(session, actor))
    elif Role.EXPERT in actor.roles:
        page = WorkPage(actor.roles, measures=supervision_queries.waiting(session, actor))
    elif Role.BIDDER in actor.roles and actor.org is not None:
        bidding = notices.page(session, NoticeFilter(bidding=True), limit=10).notices
        asked = question_page.waiting(session, actor)
        owed = duties.mine(session, actor, now)
        page = WorkPage(actor.roles, bids=own_bids(session, actor.org), bidding=bidding, duties=owed, questions=asked)
    elif Role.FINANCE in actor.roles and actor.person is not None:
        page = WorkPage(actor.roles, chores=finance_work.waiting(session, actor.person, now))
    return page


def _lots(session: Session, actor: Actor, now: datetime) -> tuple[LotLine, ...]:
    found = []
    for project in projects.mine(session, actor):
        for lot in project.lots:
            allowed = MOVES.available(lot.state, roles_of(actor, lot.parties), lots.facts(lot, now))
            found.append(LotLine(lot.number, f"{project.title} {lot.title}", lot.state, lot.deadline, allowed))
    return tuple(found)
