"""What is due on lots: for one lot, for the work page of its parties, its winner and the supervisor, and for the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.ids import LotId
from core.kernel.roles import Role
from trading.domain.duty import CONTRACT, Duty, Reminder, duties, reminder
from trading.domain.lot import MOVES, LotAction, LotState, roles_of
from trading.domain.statutory import Term
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.lots import LotView, facts, law_of
from trading.queries.terms import terms

MOST = 100
OWING = (
    *(LotState.EVALUATED, LotState.CANDIDATES_PUBLISHED, LotState.AWARD_DECIDING),
    *(LotState.AWARDED, LotState.NOTICE_SENT, LotState.CONTRACTED),
)


@dataclass(frozen=True, slots=True)
class DutyLine:
    """Something that is due, with its lot."""

    number: str
    title: str
    state: LotState
    duty: Duty


def of_lot(lot: LotView, found: tuple[Term, ...], roles: frozenset[Role], now: datetime) -> tuple[Duty, ...]:
    """What is due on a lot, for who has these roles towards it: all of it for its parties, centre and supervisor; the contract for the
    winner; nothing for anybody else."""
    if not roles or lot.state not in OWING:
        return ()
    owed = duties(found, legal_day(now))
    return owed if roles - {Role.BIDDER} else tuple(duty for duty in owed if duty.rule.code == CONTRACT)


def mine(session: Session, actor: Actor, now: datetime) -> tuple[DutyLine, ...]:
    """What is due on the lots of an actor, the most urgent first; the centre and the supervisor see of all lots what is late."""
    query = select(Lot, Project).join(Project, Project.id == Lot.project_id).where(Lot.state.in_(OWING)).order_by(Lot.number)
    oversees = actor.roles & {Role.CENTRE, Role.SUPERVISOR}
    if not oversees:
        query = query.where((Project.agency_org == actor.org) | (Project.tenderer_org == actor.org) | (Lot.winner_org == actor.org))
    found = []
    for row, project in session.execute(query):
        lot = LotView.of(row, project)
        owed = of_lot(lot, terms(session, lot, now), roles_of(actor, lot.parties), now)
        title = f"{lot.project_title} {lot.title}"
        found += [DutyLine(lot.number, title, lot.state, duty) for duty in owed if duty.is_late or not oversees]
    return tuple(sorted(found, key=lambda line: (line.duty.day, line.number))[:MOST])


def last_day_of_contract(lot: Lot, project: Project) -> date | None:
    """The last Beijing day on which the contract of a lot may be signed in time; None before its award notice."""
    return None if lot.award_notice_at is None else law_of(project).last_day(CONTRACT, lot.award_notice_at)


def to_remind(session: Session, now: datetime) -> list[LotId]:
    """Lots whose contract is not signed and whose parties are to be reminded of it; the use case looks at them again."""
    waiting = select(Lot, Project).join(Project, Project.id == Lot.project_id).where(Lot.state == LotState.NOTICE_SENT)
    system = frozenset({Role.SYSTEM})
    rows = session.execute(waiting.where(Lot.contract_reminded < Reminder.OVERDUE).order_by(Lot.award_notice_at, Lot.id))
    today, found = legal_day(now), list[LotId]()
    for lot, project in rows:
        last = last_day_of_contract(lot, project)
        free = LotAction.REMIND_OF_CONTRACT in MOVES.available(lot.state, system, facts(lot, now))
        if free and last is not None and reminder(last, today) > lot.contract_reminded:
            found.append(LotId(lot.id))
    return found[:MOST]
