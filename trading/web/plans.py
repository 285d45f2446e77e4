"""JSON API of tender plans: the public list, one plan with its trace, and what its tenderer does with it."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.sheets import fresh
from trading.queries import plans as queries
from trading.queries.plans import PlanFilter, PlanLine, PlanView
from trading.services import plans
from trading.web.forms_plans import PlanDraftForm, PlanPath, PlanQuery, PlanSearch

api = APIBlueprint("trading_plans", __name__, url_prefix="/api/v1")


def wanted(query: PlanSearch) -> PlanFilter:
    """What a query string looks for."""
    found = {name: getattr(query, name) for name in ("state", "regime", "category", "region", "month")}
    return PlanFilter(words=query.q, **found)


@api.get("/plans")
@public
@quiet
def listed(query: PlanQuery) -> Response:
    """Published plans, the youngest first; `Link: rel="next"` leads on."""
    page = read(lambda session: queries.page(session, wanted(query), query.after, query.limit))
    answer = jsonify({"plans": [_line_json(line) for line in page.plans], "after": page.after})
    if page.after:
        asked = query.model_dump(mode="json", exclude_defaults=True) | {"after": page.after}
        answer.headers["Link"] = f'</api/v1/plans?{urlencode(asked)}>; rel="next"'
    return fresh(answer, shared=True)


@api.get("/plans/<number>")
@public
@quiet
def plan(path: PlanPath) -> Response:
    """One plan with every statement about it; a draft for its tenderer alone."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: queries.by_number(session, path.number, who, clock(session)))
    return fresh(jsonify(_json(view)), shared=not view.available)


@api.post("/plans")
@requires(Role.TENDERER)
def create(body: PlanDraftForm) -> tuple[Response, int]:
    """Keeps a draft under a new number."""
    return jsonify({"plan": perform(lambda work: plans.create(work, body.content))}), 201


@api.put("/plans/<number>/draft")
@requires(Role.TENDERER)
def save(path: PlanPath, body: PlanDraftForm) -> Response:
    """Keeps the draft of a plan, or of a change to a published one (with its `reason`)."""
    perform(lambda work: plans.save(work, path.number, body.content))
    return jsonify({"plan": path.number})


@api.post("/plans/<number>/publication")
@requires(Role.TENDERER)
def publish(path: PlanPath, body: ActForm) -> Response:
    """`plan.publish`."""
    return _act(plans.publish, path, body)


@api.post("/plans/<number>/change")
@requires(Role.TENDERER)
def change(path: PlanPath, body: ActForm) -> Response:
    """`plan.change`."""
    return _act(plans.change, path, body)


@api.post("/plans/<number>/cancellation")
@requires(Role.TENDERER)
def cancel(path: PlanPath, body: ActForm) -> Response:
    """`plan.cancel`."""
    return _act(plans.cancel, path, body)


def _act(service: Callable[[Work, str, SignedRequest], dict[str, JSON]], path: PlanPath, body: ActForm) -> Response:
    request = read_act(body)
    return jsonify(perform(lambda work: service(work, path.number, request)))


def _line_json(line: PlanLine) -> dict[str, JSON]:
    shown = as_json(line)
    said = dict(shown) if isinstance(shown, dict) else {}
    said["amount_fen"] = said.pop("amount")
    return said | {"href": f"/api/v1/plans/{line.number}"}


def _json(view: PlanView) -> dict[str, JSON]:
    said = _line_json(view.line) | {"versions": [as_json(version) for version in view.versions]}
    return said | ({"draft": view.draft} if view.draft is not None else {})
