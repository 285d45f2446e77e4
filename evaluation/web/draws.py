"""The API of the expert draw."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import public, requires
from evaluation.queries import draws as queries
from evaluation.queries.draws import DrawView
from evaluation.services import calls, committees, draws
from evaluation.web import posted_draws
from evaluation.web.forms import ActForm, DrawPath, LotPath, NothingForm, PrepareForm

api = APIBlueprint("evaluation_draws", __name__, url_prefix="/api/v1")
PARTIES = (Role.CENTRE, Role.SUPERVISOR, Role.TENDERER)


@api.post("/lots/<number>/draws/prepare")
@requires(Role.CENTRE)
def prepare(path: LotPath, body: PrepareForm) -> Response:
    """Draws up a request under fresh pseudonyms for the centre to sign."""
    wanted, sites = posted_draws.from_api(body)
    return jsonify(posted_draws.prepare(path.number, wanted, sites))


@api.post("/lots/<number>/draws")
@requires(Role.CENTRE)
def request_draw(path: LotPath, body: ActForm) -> Response:
    """The centre signs the prepared request (`draw.request`)."""
    return act_on(body, draws.request, path.number)


@api.post("/lots/<number>/draws/<draw>/commits")
@requires(*PARTIES)
def commit(path: DrawPath, body: ActForm) -> Response:
    """A party hands in its sealed slip (`draw.commit`)."""
    return act_on(body, draws.commit, path.number)


@api.post("/lots/<number>/draws/<draw>/reveals")
@requires(*PARTIES)
def reveal(path: DrawPath, body: ActForm) -> Response:
    """A party opens its slip (`draw.reveal`)."""
    return act_on(body, draws.reveal, path.number)


@api.post("/lots/<number>/draws/<draw>/recusals")
@requires(Role.CENTRE)
def recuse(path: DrawPath, body: ActForm) -> Response:
    """The centre notes that a drawn expert does not come, and why (`draw.recusal`)."""
    return act_on(body, calls.recuse, path.number)


@api.post("/lots/<number>/draws/<draw>/committee")
@requires(Role.CENTRE)
def form(path: DrawPath, body: NothingForm) -> Response:
    """The centre forms the committee of a drawn list."""
    return jsonify(perform(lambda work: committees.form(work, path.number, path.draw)))


@api.get("/lots/<number>/draws")
@public
def of_lot(path: LotPath) -> Response:
    """The draws of a lot."""
    who = actor()
    found = [queries.as_seen(one, who) for one in read(lambda session: queries.of_lot(session, path.number))]
    return jsonify({"draws": [{"draw": one.name, "state": one.state.value, "pool_hash": one.pool_hash} for one in found]})


@api.get("/lots/<number>/draws/<draw>")
@public
def one(path: DrawPath) -> Response:
    """A draw as it stands."""
    found = read(lambda session: queries.by_name(session, path.number, path.draw))
    return jsonify(as_json(queries.as_seen(found, actor())))


@api.get("/lots/<number>/draws/<draw>/record")
@public
def record(path: DrawPath) -> Response:
    """The published parts of a finished draw, from which anyone recomputes it."""
    response = jsonify(read(lambda session: queries.public_record(session, path.number, path.draw)))
    response.headers["Content-Disposition"] = f'attachment; filename="{path.number}-{path.draw}.json"'
    return response


def as_json(view: DrawView) -> dict[str, JSON]:
    """A draw as the API tells it."""
    return {
        "draw": view.name,
        "state": view.state.value,
        "purpose": view.purpose,
        "pool_hash": view.pool_hash,
        "committed": sorted(view.commits),
        "revealed": sorted(view.values),
        "seed": view.seed,
        "picked": view.picked,
        "reserves": view.reserves,
        "recused_later": list(view.recused_later),
    }
