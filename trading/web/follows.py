"""Following a lot, and the lots that one follows: nobody else is shown them, and no figure or line is left of it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, jsonify, redirect
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.web.door import actor, perform, read
from core.web.guard import quiet, signed_in
from trading.queries import follows as queries
from trading.services import follows as services
from trading.web.forms import LotPath
from trading.web.pages_notices import page
from trading.web.texts_messages import FOLLOW_DONE

api = APIBlueprint("trading_follows", __name__, url_prefix="/api/v1")
blueprint = Blueprint("trading_follow_pages", __name__)


@api.put("/lots/<number>/follow")
@signed_in
@quiet
def put_follow(path: LotPath) -> Response:
    """From now on one hears what happens to the lot."""
    perform(lambda work: services.follow(work, path.number))
    return jsonify({"followed": True})


@api.delete("/lots/<number>/follow")
@signed_in
@quiet
def delete_follow(path: LotPath) -> Response:
    """One hears no more of it."""
    perform(lambda work: services.leave(work, path.number))
    return jsonify({"followed": False})


@blueprint.post("/lots/<number>/follow")
@signed_in
@quiet
def follow(number: str) -> ResponseReturnValue:
    """Follows a lot from its page."""
    perform(lambda work: services.follow(work, number))
    return _back(number, True)


@blueprint.post("/lots/<number>/unfollow")
@signed_in
@quiet
def unfollow(number: str) -> ResponseReturnValue:
    """Leaves a lot from its page."""
    perform(lambda work: services.leave(work, number))
    return _back(number, False)


def _back(number: str, is_followed: bool) -> ResponseReturnValue:
    flash(str(FOLLOW_DONE[is_followed]), "ok")
    return redirect(f"/lots/{number}", 303)


@blueprint.get("/me/follows")
@signed_in
@quiet
def own_follows() -> ResponseReturnValue:
    """The lots that one follows."""
    who = actor()
    return page("follows", lots=read(lambda session: queries.followed(session, who)))
