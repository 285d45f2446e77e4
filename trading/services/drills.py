"""Invented tenders for drills (演练): a project and its one lot under a number that says so; nothing of them is public, counted or paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from core.identity.queries import people
from core.identity.queries.people import OrganisationView
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.drills import WORD
from core.kernel.errors import RuleBroken
from core.kernel.ids import CaseId, LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.clock import LegalRegime
from trading.domain.document import Escrow
from trading.domain.lot import LotAction, LotState
from trading.domain.project import Category, ProjectState, lot_number
from trading.models.lot import Lot
from trading.models.project import Project, ProjectCount
from trading.queries import lots
from trading.queries.drills import next_case
from trading.queries.lots import LotView
from trading.services.lots import hold_by_id, move

LOT = "1"


def invent(work: Work, case: CaseId, title: str, tenderer_uscc: str, terms: Mapping[str, JSON]) -> LotView:
    """A tender that there is not, played by a real organisation. `terms`: {method, envelopes} of its bids. Raises RuleBroken for another
    number than the next, NotFound for an organisation that nobody here acts for."""
    now = work.now()
    year = legal_day(now).year
    insert_new(work.session.connection(), ProjectCount, [{"year": year, "count": 0}])
    lock(work.session, ProjectCount, ProjectCount.year == year)  # numbers are given one at a time
    if case != next_case(work.session, year):
        raise RuleBroken("drill.number_taken")
    org = people.organisation_by_uscc(work.session, tenderer_uscc)
    project = _project(case, WORD + title, org, now)
    lot = _lot(project, now)
    lot.method, lot.envelopes = terms["method"], terms["envelopes"]
    work.session.add(project)
    work.session.flush()
    work.session.add(lot)
    work.session.flush()
    return lots.by_number(work.session, lot.number)


def _project(case: CaseId, title: str, org: OrganisationView, now: datetime) -> Project:
    return Project(
        id=new_id(now),
        number=case,
        state=ProjectState.DRILL,
        agency_org=org.id,
        agency_name=org.name,
        tenderer_org=org.id,
        tenderer_name=org.name,
        title=title,
        regime=LegalRegime.CONSTRUCTION,
        category=Category.SERVICES,
        region="",
        legally_mandatory=False,
        approval="",
        funding="",
        estimate=Money(0),
        register_sha256="",
        drafted_at=now,
    )


def _lot(project: Project, now: datetime) -> Lot:
    return Lot(
        id=new_id(now),
        project_id=project.id,
        number=lot_number(project.number, LOT),
        no=LOT,
        title=project.title,
        state=LotState.DRILL,
        regime=project.regime,
        separation=False,
        award_plan_sha256="",
        document_sha256="",
        escrow=Escrow.NONE,
        reference_price_commit="",
        publicity_days=0,
        report_sha256="",
        case_sha256="",
        ranked=False,
        result_sha256="",
        contract_sha256="",
    )


def end(work: Work, lot_id: LotId) -> None:
    """The drill is over; raises WrongState where it is already."""
    lot, project = hold_by_id(work, lot_id)
    move(work, lot, project, LotAction.END_DRILL, Role.CENTRE)
