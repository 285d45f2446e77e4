"""Pages and API of what a result means: the effect of each member for the supervisor, a bidder's own points."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from core.web.i18n import language
from evaluation.domain.methods.wording import Lang
from evaluation.queries import effects, own_points
from evaluation.queries.effects import EffectsView
from evaluation.web import texts_scoring
from evaluation.web.forms import LotPath
from evaluation.web.pages import page, stages

blueprint = Blueprint("evaluation_results", __name__)
api = APIBlueprint("evaluation_results_api", __name__, url_prefix="/api/v1")


@blueprint.get("/lots/<number>/evaluation/effects")
@requires(Role.SUPERVISOR)
def effects_page(number: str) -> str:
    """The ranking without each member in turn, under code names."""
    found = _effects(LotPath(number=number))
    return page("effects", view=found.room, stages=stages(found.room), effects=found.effects)


@blueprint.get("/lots/<number>/evaluation/own-points")
@requires(Role.BIDDER)
def own_page(number: str) -> str:
    """The caller's own points with the reasons."""
    path, who = LotPath(number=number), actor()
    lang: Lang = "en" if language() == "en" else "zh"
    view = read(lambda session: own_points.of_bidder(session, who, path.number, lang))
    return page("own_points", view=view, OUTCOMES=texts_scoring.OUTCOMES)


@api.get("/lots/<number>/evaluation/effects")
@requires(Role.SUPERVISOR)
def effects_json(path: LotPath) -> Response:
    """The same as data: for each seat which bids would rank elsewhere without it."""
    rows: list[JSON] = [
        {
            "seat": one.seat,
            "computable": one.is_computable,
            "first": list(one.first),
            "moved": [{"bid": each.bid, "rank": each.rank, "without": each.without} for each in one.moved],
        }
        for one in _effects(path).effects
    ]
    return _sealed({"effects": rows})


@api.get("/lots/<number>/evaluation/own-points")
@requires(Role.BIDDER)
def own_json(path: LotPath) -> Response:
    """The caller's own points as data."""
    who = actor()
    view = read(lambda session: own_points.of_bidder(session, who, path.number))
    rows: list[JSON] = [{"id": one.criterion.id, "points": one.points, "reasons": list(one.reasons)} for one in view.rows]
    told: dict[str, JSON] = {"code": view.code, "outcome": view.outcome, "criteria": rows, "technical": view.technical}
    told |= {"contract_price": view.contract_price, "evaluated_price": view.evaluated_price, "price": list(view.price_lines)}
    return _sealed(told | {"price_score": view.price_score, "total": view.total})


def _effects(path: LotPath) -> EffectsView:
    who = actor()
    return read(lambda session: effects.of_room(session, who, path.number))


def _sealed(told: dict[str, JSON]) -> Response:
    """An answer that no cache keeps."""
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response
