"""Pages of projects for their parties, the centre and the supervisor: the list, a new one, one with its lots."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from trading.queries import lots, plans
from trading.queries import projects as queries
from trading.services import projects
from trading.web.forms import CasePath, LotPath
from trading.web.pages_notices import page
from trading.web.projects import INSIDE

blueprint = Blueprint("trading_project_pages", __name__)


@blueprint.get("/projects")
@requires(*INSIDE)
def mine() -> ResponseReturnValue:
    """The actor's projects, the youngest first."""
    who, after = actor(), request.args.get("after", "")[:20]
    found = read(lambda session: queries.mine(session, who, after))
    return page("projects", view=found, after=after, may_begin=Role.AGENCY in who.roles, more=len(found) == queries.PAGE)


@blueprint.post("/projects")
@requires(Role.AGENCY)
def begin() -> ResponseReturnValue:
    """Takes a number and goes on to its registration; `again` names the lot that is to be tendered again."""
    again = LotPath(number=request.form["again"]).number if request.form.get("again") else ""
    number = perform(projects.reserve_number)
    return redirect(f"/projects/new/{number}{'?again=' + again if again else ''}", 303)


@blueprint.get("/projects/new/<case>")
@requires(Role.AGENCY)
def new(case: str) -> ResponseReturnValue:
    """The registration of a project under its number, filled in from the lot that it tenders again (`again`)."""
    number, who = CaseId(CasePath(case=case).case), actor()
    agency, tenderers = read(lambda session: (queries.reserved(session, number, who), queries.tenderers(session)))
    again = LotPath(number=request.args["again"]).number if request.args.get("again") else ""
    before = read(lambda session: lots.noticed(session, again)) if again else None
    planned = read(plans.open_ones)
    return page("project_new", case=number, agency=agency, tenderers=tenderers, before=before, plans=planned)


@blueprint.get("/projects/<case>")
@requires(*INSIDE)
def project(case: str) -> ResponseReturnValue:
    """A project with its lots."""
    number, who = CasePath(case=case).case, actor()
    view = read(lambda session: queries.for_party(session, number, who))
    return page("project", view=view, available=view.available(who), roles=view.roles(who))
