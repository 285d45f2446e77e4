"""The page and the API of draws of lots among equal bids."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import public, requires
from evaluation.queries import tie_page as queries
from evaluation.queries.tie_page import TieView
from evaluation.services import tie_lots
from evaluation.web.forms import ActForm, LotPath, TieDrawPath
from evaluation.web.pages import INSIDE, newest, page, stages

blueprint = Blueprint("evaluation_ties", __name__)
api = APIBlueprint("evaluation_ties_api", __name__, url_prefix="/api/v1")
PARTIES = (Role.CENTRE, Role.SUPERVISOR, Role.TENDERER)


@blueprint.get("/lots/<number>/evaluation/tie-draws")
@requires(*INSIDE)
def shown(number: str) -> str:
    """The draws of a room: slips for the parties, and for committee and supervisor among which bids and in which order."""
    path, who = LotPath(number=number), actor()
    found = read(lambda session: queries.page(session, who, path.number))
    return page("ties", view=found.room, found=found, stages=stages(found.room), seq=newest(found.room.lot.case))


@blueprint.get("/lots/<number>/tie-draws/<draw>/steps")
@public
def steps(number: str, draw: str) -> str:
    """A draw recomputed step by step, once the candidates are public; bids by their code names."""
    path = TieDrawPath(number=number, draw=draw)
    view = read(lambda session: queries.steps_page(session, path.number, path.draw))
    return page("tie_steps", view=view, made=view.steps)


@api.post("/lots/<number>/evaluation/tie-draws/commits")
@requires(*PARTIES)
def commit(path: LotPath, body: ActForm) -> Response:
    """A party hands in its sealed slip (`tie_draw.commit`)."""
    return act_on(body, tie_lots.commit, path.number)


@api.post("/lots/<number>/evaluation/tie-draws/reveals")
@requires(*PARTIES)
def reveal(path: LotPath, body: ActForm) -> Response:
    """A party opens its slip (`tie_draw.reveal`)."""
    return act_on(body, tie_lots.reveal, path.number)


@api.post("/lots/<number>/evaluation/tie-draws/redraws")
@requires(Role.CENTRE)
def redraw(path: LotPath, body: ActForm) -> Response:
    """The centre gives a draw up because a party is silent (`tie_draw.redraw`)."""
    return act_on(body, tie_lots.redraw, path.number)


@api.get("/lots/<number>/evaluation/tie-draws")
@requires(*INSIDE)
def told(path: LotPath) -> Response:
    """The draws of a room as the caller may see them."""
    who = actor()
    found = read(lambda session: queries.page(session, who, path.number))
    response = jsonify({"draws": [_draw(one) for one in found.draws], "joint": [list(bids) for bids in found.joint]})
    response.headers["Cache-Control"] = "no-store"
    return response


@api.get("/lots/<number>/evaluation/tie-draws/<draw>/record")
@requires(*INSIDE)
def record(path: TieDrawPath) -> Response:
    """The parts of a drawn draw, for whoever may see the result of the room."""
    who = actor()
    return _file(path, read(lambda session: queries.record(session, who, path.number, path.draw)))


@api.get("/lots/<number>/tie-draws")
@public
def published(path: LotPath) -> Response:
    """The draws on which the published ranking rests; none before the candidates are public."""
    found = read(lambda session: queries.published(session, path.number))
    return jsonify({"draws": list(found)})


@api.get("/lots/<number>/tie-draws/<draw>/record")
@public
def public_record(path: TieDrawPath) -> Response:
    """The parts of such a draw, from which anyone recomputes it."""
    return _file(path, read(lambda session: queries.public_record(session, path.number, path.draw)))


def _file(path: TieDrawPath, made: Mapping[str, JSON]) -> Response:
    response = jsonify(made)
    response.headers["Content-Disposition"] = f'attachment; filename="{path.number}-{path.draw}.json"'
    return response


def _draw(one: TieView) -> dict[str, JSON]:
    return {
        "draw": one.name,
        "state": one.state.value,
        "due": one.is_due,
        "counts": one.counts,
        "parties": list(one.parties),
        "pool_hash": one.pool_hash,
        "committed": sorted(one.commits),
        "revealed": sorted(one.values),
        "among": list(one.among),
        "order": list(one.order),
        "seed": one.seed,
    }
