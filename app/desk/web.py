"""The way in, the API's description and its page, and in demonstrations the style guide."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue

from app.desk.queries import front, work_of
from core.kernel import clock
from core.kernel.errors import NotFound
from core.web.door import actor, read
from core.web.guard import public, quiet, signed_in
from core.web.headers import shows_api
from core.web.platform import platform
from deposits.web.texts_finance_work import CHORES
from trading.web.texts import LOT_ACTIONS, LOT_STATES
from trading.web.texts_clock import PERIODS
from trading.web.texts_notices import NOTICE_KINDS

blueprint = Blueprint("desk", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/")
@public
@quiet
def home() -> str:
    """The public front page: what is open, what the platform promises, and how to check it."""
    return render_template("desk/front.html", view=read(front), states=LOT_STATES, NOTICE_KINDS=NOTICE_KINDS)


@blueprint.get("/work")
@signed_in
@quiet
def work() -> str:
    """What waits for this person, with its legal dates."""
    who = actor()
    now = platform().door.clock
    view = read(lambda session: work_of(session, who, now(session)))
    return render_template("desk/work.html", view=view, states=LOT_STATES, steps=LOT_ACTIONS, PERIODS=PERIODS, CHORES=CHORES)


@blueprint.get("/verify")
@public
def verify() -> str:
    """How anyone checks a receipt or a whole case without trusting the platform."""
    return render_template("desk/verify.html")


@blueprint.get("/api/v1/openapi.json")
@public
def openapi() -> Response:
    """The JSON API as OpenAPI 3.1."""
    return jsonify(current_app.api_doc)  # type: ignore[attr-defined]


@blueprint.get("/api/v1/docs")
@public
def docs() -> str:
    """The page of the JSON API."""
    shows_api()
    return render_template("desk/docs.html")


@blueprint.get("/styleguide")
@public
def styleguide() -> ResponseReturnValue:
    """Every part of the design system with invented content; in demonstrations alone."""
    if not platform().settings.demonstration:
        raise NotFound("web.not_found")
    now = clock.now(platform().settings.clock_file)
    return render_template("styleguide.html", soon=now + timedelta(hours=3), later=now + timedelta(days=1, hours=22))


@blueprint.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """Browsers ask here before they read the page."""
    return redirect("/static/img/favicon.svg", 301)
