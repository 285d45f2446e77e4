"""The page on which a tender document is prepared and signed, with every check of it before its publication."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.errors import Refusal
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from trading.domain.document_checks import ready
from trading.domain.draft import DraftKind
from trading.queries.preparing import Preparing, preparing
from trading.services import drafts
from trading.web import texts_checks
from trading.web.pages_lots import PARTIES
from trading.web.pages_notices import page
from trading.web.posted_drafts import document

blueprint = Blueprint("trading_preparing_pages", __name__)


@blueprint.route("/lots/<number>/document", methods=["GET", "POST"])
@requires(*PARTIES)
def document_page(number: str) -> ResponseReturnValue:
    """The tender document; a posted form saves its draft, or comes back with everything that stands against it."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: preparing(session, number, who, clock(session)))
    if request.method == "GET":
        return _page(view)
    content: dict[str, Any] | None = None
    try:
        content = document()
        perform(lambda work: drafts.save(work, number, DraftKind.DOCUMENT, content or {}))
    except Refusal as refusal:
        errors = [("", sentence(refusal, platform().sentences))]
        return _page(view, content, errors=errors, values=request.form), status_of(refusal)
    return redirect(f"/lots/{number}/document#sign", 303)


def _page(view: Preparing, content: dict[str, Any] | None = None, **facts: Any) -> str:
    checks = view.checks(content)
    words = {"CHECKS": texts_checks.CHECKS, "OPEN": texts_checks.OPEN, "CHECK_PLACES": texts_checks.PLACES}
    given = {"errors": [], "values": {}, **facts}
    return page("document", view=view.place, content=view.content, checks=checks, is_ready=ready(checks), **words, **given)
