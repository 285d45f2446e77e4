"""The API of the expert pool and the sites, for the keeper of the pool."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from core.web.door import perform
from core.web.forms import ActForm
from core.web.guard import requires
from evaluation.services import conduct, pool
from evaluation.web.forms import SiteForm
from evaluation.web.forms_pool import ExpertDraftForm, ExpertPath, LinkForm

api = APIBlueprint("evaluation_pool", __name__, url_prefix="/api/v1")


@api.post("/sites")
@requires(Role.CENTRE)
def add_site(body: SiteForm) -> Response:
    """Adds a site, or finds the one of that name."""
    return jsonify({"site": perform(lambda work: pool.add_site(work, body.name, body.city, body.is_host, body.workstations))})


@api.post("/experts")
@requires(Role.CENTRE)
def draft(body: ExpertDraftForm) -> tuple[Response, int]:
    """Keeps the draft of a new entry under its number."""
    person = None if body.person is None else PersonId(UUID(body.person))
    return jsonify({"expert": perform(lambda work: pool.draft(work, body.content, person))}), 201


@api.put("/experts/<number>/draft")
@requires(Role.CENTRE)
def save(path: ExpertPath, body: ExpertDraftForm) -> Response:
    """Keeps a draft as it was changed."""
    perform(lambda work: pool.save(work, path.number, body.content))
    return jsonify({"expert": path.number})


@api.delete("/experts/<number>/draft")
@requires(Role.CENTRE)
def discard(path: ExpertPath) -> Response:
    """Throws a draft away."""
    perform(lambda work: pool.discard(work, path.number))
    return jsonify({})


@api.post("/experts/<number>/admission")
@requires(Role.CENTRE)
def admit(path: ExpertPath, body: ActForm) -> Response:
    """`expert.admit`."""
    return act_on(body, pool.admit, path.number)


@api.post("/experts/<number>/amendment")
@requires(Role.CENTRE)
def amend(path: ExpertPath, body: ActForm) -> Response:
    """`expert.amend`."""
    return act_on(body, pool.amend, path.number)


@api.post("/experts/<number>/account")
@requires(Role.CENTRE)
def link(path: ExpertPath, body: LinkForm) -> Response:
    """Binds the expert's account."""
    perform(lambda work: pool.link(work, path.number, body.login))
    return jsonify({"expert": path.number})


@api.post("/experts/<number>/trainings")
@requires(Role.CENTRE)
def train(path: ExpertPath, body: ActForm) -> Response:
    """`expert.train`."""
    return act_on(body, conduct.train, path.number)


@api.post("/experts/<number>/ratings")
@requires(Role.CENTRE)
def rate(path: ExpertPath, body: ActForm) -> Response:
    """`expert.rate`."""
    return act_on(body, conduct.rate, path.number)


@api.post("/experts/<number>/suspension")
@requires(Role.CENTRE)
def suspend(path: ExpertPath, body: ActForm) -> Response:
    """`expert.suspend`."""
    return act_on(body, conduct.suspend, path.number)


@api.post("/experts/<number>/suspension/end")
@requires(Role.CENTRE)
def lift(path: ExpertPath, body: ActForm) -> Response:
    """`expert.lift`."""
    return act_on(body, conduct.lift, path.number)


@api.post("/experts/<number>/removal")
@requires(Role.CENTRE)
def remove(path: ExpertPath, body: ActForm) -> Response:
    """`expert.remove`."""
    return act_on(body, conduct.remove, path.number)


@api.post("/experts/<number>/readmission")
@requires(Role.CENTRE)
def readmit(path: ExpertPath, body: ActForm) -> Response:
    """`expert.readmit`."""
    return act_on(body, conduct.readmit, path.number)
