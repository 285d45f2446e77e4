"""Collusion cards: the board, one card with its raw values side by side, and the decision that is signed on it."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, render_template
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.identity.web.acts import act_on
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import requires
from evaluation.queries import collusion as queries
from evaluation.services import collusion
from evaluation.web import texts_collusion as texts
from evaluation.web.forms import ActForm, LotPath
from trading.domain.collusion.life import CardAction, CardState
from trading.domain.collusion.marking import marked

api = APIBlueprint("evaluation_collusion", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_collusion_pages", __name__)
SEEING = (Role.EXPERT, Role.SUPERVISOR, Role.CENTRE, Role.TENDERER)
WORDS: dict[str, Any] = {
    "SIGNALS": texts.SIGNALS,
    "COMPUTED": texts.COMPUTED,
    "STRENGTHS": texts.STRENGTHS,
    "TONES": texts.TONES,
    "STATES": texts.STATES,
    "DECISIONS": texts.DECISIONS,
    "INNOCENT": texts.INNOCENT,
    "FIELDS": texts.FIELDS,
    "PARAMETERS": texts.PARAMETERS,
    "ROUNDS": texts.ROUNDS,
    "DECIDERS": texts.DECIDERS,
    "CardAction": CardAction,
    "CardState": CardState,
    "marked": marked,
}


class CardPath(LotPath):
    """A card of a lot by its reference."""

    ref: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


@api.get("/lots/<number>/collusion", summary="The collusion cards that the caller may see")
@requires(*SEEING)
def cards(path: LotPath) -> Response:
    """Under code names for the committee until the technical lock; with names for the supervisor from the opening on."""
    who = actor()
    response = jsonify(read(lambda session: queries.board(session, who, path.number)).to_json())
    response.headers["Cache-Control"] = "no-store"
    return response


@api.post("/lots/<number>/collusion/decisions", summary="The chair or the supervisor decides on a card")
@requires(Role.EXPERT, Role.SUPERVISOR)
def decide(path: LotPath, body: ActForm) -> Response:
    """`collusion.decide` {card, decision, note}, step-up; `decision` is `clarify`, `confirm` or `explain`."""
    return act_on(body, collusion.decide, path.number)


@blueprint.get("/lots/<number>/collusion")
@requires(*SEEING)
def board(number: str) -> str:
    """The board: the strongest cards first."""
    path, who = LotPath(number=number), actor()
    view = read(lambda session: queries.board(session, who, path.number))
    return render_template("evaluation/collusion.html", **WORDS, view=view)


@blueprint.get("/lots/<number>/collusion/<ref>")
@requires(*SEEING)
def card(number: str, ref: str) -> str:
    """One card: what was found, where, how, what else may explain it, and what was decided."""
    path, who = CardPath(number=number, ref=ref), actor()
    view, found = read(lambda session: queries.card(session, who, path.number, path.ref))
    return render_template("evaluation/collusion_card.html", **WORDS, view=view, card=found)
