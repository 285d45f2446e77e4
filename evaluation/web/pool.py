"""The API of the expert pool and the sites."""

from __future__ import annotations

from uuid import UUID

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.kernel.ids import PersonId
from core.kernel.roles import Role
from core.web.door import perform
from core.web.guard import requires
from evaluation.services import pool
from evaluation.web.forms import ExpertForm, SiteForm

api = APIBlueprint("evaluation_pool", __name__, url_prefix="/api/v1")


@api.post("/sites")
@requires(Role.CENTRE)
def add_site(body: SiteForm) -> Response:
    """Adds a site, or finds the one of that name."""
    return jsonify({"site": perform(lambda work: pool.add_site(work, body.name, body.city, body.is_host, body.workstations))})


@api.post("/experts")
@requires(Role.CENTRE)
def admit(body: ExpertForm) -> Response:
    """Admits a person to the pool."""
    person = PersonId(UUID(body.person))
    return jsonify({"expert": str(perform(lambda work: pool.admit(work, person, body.strata)))})
