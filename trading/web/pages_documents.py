"""Pages of a tender document while bids are taken: its versions, its amendment, the agency's answers, a firm's questions."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.errors import Refusal
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from trading.domain.composition_wording import SECTIONS
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.queries.amending import amending, asking, clarifying
from trading.queries.clarifications import published
from trading.queries.document_versions import versions_page
from trading.services import clarifications, downloads, drafts
from trading.web import composing
from trading.web import posted_amendments as posted
from trading.web.forms_document import VersionsQuery
from trading.web.pages_lots import PARTIES
from trading.web.pages_notices import page
from trading.web.posted_method import misread
from trading.web.posted_review import misread_review

blueprint = Blueprint("trading_document_pages", __name__)


@blueprint.get("/lots/<number>/versions")
@public
@quiet
def versions(number: str) -> ResponseReturnValue:
    """All versions of the tender document, two of them compared, and the clarifications."""
    who, query = actor(), VersionsQuery.model_validate(request.args.to_dict())
    view = read(lambda session: versions_page(session, number, who, query.before, query.after))
    return page("versions", view=view, clarifications=read(lambda session: published(session, view.lot.id)))


@blueprint.route("/lots/<number>/amendment", methods=["GET", "POST"])
@requires(*PARTIES)
def amendment(number: str) -> ResponseReturnValue:
    """The amendment: drafted by the agency, signed by the tenderer."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: amending(session, number, who, clock(session)))
    texts = composing.rewritten(number) if LotAction.DRAFT_AMENDMENT in view.place.page.available else {}
    if request.method == "GET":
        return page("amendment", view=view, sections=SECTIONS, texts=texts, errors=[], values={})
    try:
        content = posted.amendment(view)
        if texts and request.form.get("compose"):
            content["document"] = composing.amended(number, cast("dict[str, JSON]", content["document"]))
        perform(lambda work: drafts.save(work, number, DraftKind.AMENDMENT, content))
    except Refusal as refusal:
        typed = {name: request.form.get(f"text_{name}", text) for name, text in texts.items()}
        errors = _errors(refusal)
        return page("amendment", view=view, sections=SECTIONS, texts=typed, errors=errors, values=request.form), status_of(refusal)
    return redirect(f"/lots/{number}/amendment#sign", 303)


@blueprint.route("/lots/<number>/clarification", methods=["GET", "POST"])
@requires(Role.AGENCY)
def clarification(number: str) -> ResponseReturnValue:
    """The agency's answers: questions stand here without a name."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: clarifying(session, number, who, clock(session)))
    if request.method == "GET":
        return page("clarification", view=view, errors=[], values={})
    try:
        content = posted.clarification(view)
        perform(lambda work: drafts.save(work, number, DraftKind.CLARIFICATION, content))
    except Refusal as refusal:
        return page("clarification", view=view, errors=_errors(refusal), values=request.form), status_of(refusal)
    return redirect(f"/lots/{number}/clarification#sign", 303)


@blueprint.route("/lots/<number>/questions", methods=["GET", "POST"])
@requires(Role.BIDDER)
@quiet
def questions(number: str) -> ResponseReturnValue:
    """A firm's own questions and receipts for downloads; posted, it asks one more."""
    who, clock = actor(), platform().door.clock
    errors, status = [], 200
    if request.method == "POST":
        text = request.form.get("text", "")
        try:
            perform(lambda work: clarifications.ask(work, number, text))
            return redirect(f"/lots/{number}/questions#own", 303)
        except Refusal as refusal:
            errors, status = _errors(refusal), status_of(refusal)
    view = read(lambda session: asking(session, number, who, clock(session)))
    return page("questions", view=view, errors=errors, values=request.form), status


@blueprint.post("/lots/<number>/downloads")
@requires(Role.BIDDER)
@quiet
def download(number: str) -> ResponseReturnValue:
    """Has a download receipted and comes back to the firm's own page."""
    perform(lambda work: downloads.give_receipt(work, number))
    return redirect(f"/lots/{number}/questions#downloads", 303)


def _errors(refusal: Refusal) -> list[tuple[str, str]]:
    return [misread(refusal) or misread_review(refusal) or ("", sentence(refusal, platform().sentences))]
