"""JSON API of projects: a number, registration, countersignature, the close of the case."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import requires
from trading.queries import projects as queries
from trading.services import closing, projects
from trading.web.forms import CasePath, NoForm
from trading.web.shown import project_json

api = APIBlueprint("trading_projects", __name__, url_prefix="/api/v1")
INSIDE = (Role.AGENCY, Role.TENDERER, Role.CENTRE, Role.SUPERVISOR)


@api.post("/projects")
@requires(Role.AGENCY)
def reserve(body: NoForm) -> tuple[Response, int]:
    """Gives the agency the next project number."""
    return jsonify({"number": perform(projects.reserve_number)}), 201


@api.get("/projects/<case>")
@requires(*INSIDE)
def project(path: CasePath) -> Response:
    """A project for its parties, the centre and the supervisor."""
    who = actor()
    return jsonify(project_json(read(lambda session: queries.for_party(session, path.case, who)), who))


@api.post("/projects/<case>/registration")
@requires(Role.AGENCY)
def register(path: CasePath, body: ActForm) -> Response:
    """`project.register`: event 0 of the case."""
    request, case = read_act(body), CaseId(path.case)
    return jsonify(perform(lambda work: projects.register(work, case, request)))


@api.post("/projects/<case>/countersignature")
@requires(Role.TENDERER)
def countersign(path: CasePath, body: ActForm) -> Response:
    """`project.countersign`."""
    request, case = read_act(body), CaseId(path.case)
    return jsonify(perform(lambda work: projects.countersign(work, case, request)))


@api.post("/projects/<case>/close")
@requires(Role.CENTRE)
def propose_close(path: CasePath, body: ActForm) -> Response:
    """`case.close`, signed by the centre; it waits for the supervisor."""
    request, case = read_act(body), CaseId(path.case)
    return jsonify(perform(lambda work: closing.propose_close(work, case, request)))


@api.post("/projects/<case>/close/countersignature")
@requires(Role.SUPERVISOR)
def close(path: CasePath, body: ActForm) -> Response:
    """The supervisor's signature under the same `case.close`: the case is closed."""
    request, case = read_act(body), CaseId(path.case)
    return jsonify(perform(lambda work: closing.close_case(work, case, request)))
