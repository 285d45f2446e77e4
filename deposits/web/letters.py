"""The letter on one payment, for its bidder alone: a page to be printed, and its part of the JSON API."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_openapi3.blueprint import APIBlueprint

from core.kernel import clock
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.forms import LotNumber
from core.web.guard import quiet, requires
from core.web.platform import platform
from deposits.queries import letters as queries
from deposits.queries.letters import LetterView
from deposits.queries.requirements import own_org
from deposits.web.forms import EntryPath
from deposits.web.shown import refund_json
from deposits.web.texts import WORDS
from deposits.web.texts_letters import WORDS as LETTER_WORDS

api = APIBlueprint("deposit_letters", __name__, url_prefix="/api/v1")
blueprint = Blueprint("deposit_letter_pages", __name__)


class LetterPath(EntryPath):
    """A payment of a lot."""

    number: LotNumber


def _letter(number: str, ref: str) -> LetterView:
    org, now = own_org(actor()), platform().door.clock
    return read(lambda session: queries.letter_of(session, number, org, ref, now(session)))


@blueprint.get("/lots/<number>/deposit/letters/<ref>")
@requires(Role.BIDDER)
@quiet
def page(number: str, ref: str) -> ResponseReturnValue:
    """What happened to a payment, what goes back and when, and what to do next."""
    return render_template("deposits/letter.html", view=_letter(number, ref), **WORDS, **LETTER_WORDS)


@api.get("/lots/<number>/deposit/letters/<ref>", summary="The letter on one of the caller's own payments")
@requires(Role.BIDDER)
@quiet
def letter(path: LetterPath) -> Response:
    """What happened, what goes back and when, and what to do next."""
    return jsonify(letter_json(_letter(path.number, path.ref)))


def letter_json(view: LetterView) -> dict[str, JSON]:
    """A letter."""
    said = view.said
    return {
        "lot": view.lot,
        "ref": view.ref,
        "amount_fen": view.amount.fen,
        "value_at": clock.text(view.value_at),
        "outcome": said.outcome.value,
        "taken_fen": said.taken.fen,
        "returned_fen": said.returned.fen,
        "back_by": None if said.back_by is None else clock.text(said.back_by),
        "missing_fen": said.missing.fen,
        "next": said.step.value,
        "refund": None if view.refund is None else refund_json(view.refund),
    }
