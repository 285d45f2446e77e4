"""Pages of a round of prequalification: for everybody, for its parties who prepare and sign it, for reviewers, for each applicant alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.events import as_json
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from trading.domain.draft import DraftKind
from trading.domain.prequalification_amendment import RoundAmendment, check_amendment
from trading.domain.prequalification_review import Conclusion, ReviewSheet, check_sheet
from trading.queries import prequalification_page as queries
from trading.queries import prequalification_reviews as reviews
from trading.queries.prequalification_page import RoundPage
from trading.services import drafts
from trading.web import posted_rounds as posted
from trading.web.pages_lots import PARTIES
from trading.web.pages_notices import page
from trading.web.texts_prequalification import REVIEWERS, ROUND_ACTIONS, ROUND_STATES

blueprint = Blueprint("trading_prequalification_pages", __name__)


def _show(name: str, view: RoundPage, **more: Any) -> str:
    return page(name, view=view, STATES=ROUND_STATES, REVIEWERS=REVIEWERS, ACTIONS=ROUND_ACTIONS, **more)


def _view(number: str) -> RoundPage:
    who, clock = actor(), platform().door.clock
    return read(lambda session: queries.page(session, number, who, clock(session)))


@blueprint.get("/lots/<number>/prequalification")
@public
@quiet
def shown(number: str) -> ResponseReturnValue:
    """A round for everybody; a firm finds its own letter on it."""
    return _show("round", _view(number))


@blueprint.route("/lots/<number>/prequalification/draft", methods=["GET", "POST"])
@requires(*PARTIES)
def draft(number: str) -> ResponseReturnValue:
    """Document and notice of a round: drafted by the agency, the notice signed by the tenderer."""
    if request.method == "GET":
        return _show("round_draft", _view(number), errors=[], values={})
    is_notice = request.form.get("what") == "notice"
    kind = DraftKind.PREQUALIFICATION_NOTICE if is_notice else DraftKind.PREQUALIFICATION_DOCUMENT
    try:
        content = posted.notice() if is_notice else posted.document()
        perform(lambda work: drafts.save(work, number, kind, content))
    except Refusal as refusal:
        return _show("round_draft", _view(number), errors=_errors(refusal), values=request.form), status_of(refusal)
    return redirect(f"{request.path}#sign", 303)


@blueprint.route("/lots/<number>/prequalification/amendment", methods=["GET", "POST"])
@requires(Role.TENDERER)
def amendment(number: str) -> ResponseReturnValue:
    """The tenderer changes the document; posted, the page shows what is to be signed. Before the signature new files alone are kept."""
    view, said, until, errors = _view(number), None, None, list[tuple[str, str]]()
    kept = [] if view.called is None else as_json(view.called.files)
    if request.method == "POST" and view.called is not None and view.called.deadline is not None:
        try:
            said = posted.amendment(view.called)
            wish = RoundAmendment.read(said)
            check_amendment(wish, view.called.document, view.called.deadline, view.now, view.lot.law)
            until, kept = wish.deadline, as_json(wish.document.files)
        except Refusal as refusal:
            errors, said = _errors(refusal), None
    facts = {"said": said, "until": until, "kept": kept, "errors": errors, "values": request.form}
    return _show("round_amendment", view, **facts), 422 if errors else 200


@blueprint.route("/lots/<number>/prequalification/committee", methods=["GET", "POST"])
@requires(Role.TENDERER)
def committee(number: str) -> ResponseReturnValue:
    """The tenderer ticks who reviews; posted, the page shows what is to be signed. Nothing is kept before the signature."""
    view = _view(number)
    known = read(lambda session: queries.candidates(session, view))
    said = posted.committee(known) if request.method == "POST" else None
    return _show("round_committee", view, known=known, said=said, values=request.form)


@blueprint.route("/lots/<number>/prequalification/review", methods=["GET", "POST"])
@requires(Role.EXPERT, Role.TENDERER)
def review(number: str) -> ResponseReturnValue:
    """A reviewer's own sheet; posted, the page shows what is to be signed. Nothing is kept before the signature."""
    who, errors, said = actor(), list[tuple[str, str]](), None
    view, found = _view(number), read(lambda session: reviews.review_page(session, number, who))
    if request.method == "POST":
        said = posted.sheet([one.org for one in found.applicants], [one.id for one in found.criteria])
        try:
            check_sheet(ReviewSheet.read(said), found.criteria, [one.org for one in found.applicants])
        except Refusal as refusal:
            errors, said = _errors(refusal), None
    return _show("round_review", view, review=found, said=said, errors=errors, values=request.form), 422 if errors else 200


@blueprint.get("/lots/<number>/prequalification/result")
@requires(Role.TENDERER)
def result(number: str) -> ResponseReturnValue:
    """What the sheets come to, for the tenderer to sign."""
    who, view = actor(), _view(number)
    outcomes = read(lambda session: reviews.counted(session, number, who))
    titles = {} if view.called is None else {one.id: one.title for one in view.called.criteria}
    return _show("round_result", view, outcomes=outcomes, titles=titles, said=Conclusion(outcomes).to_json())


def _errors(refusal: Refusal) -> list[tuple[str, str]]:
    article = refusal.article if isinstance(refusal, RuleBroken) else ""
    said = (sentence(refusal, platform().sentences), str(refusal.facts.get("rule", "")), article)
    return [("", " ".join(part for part in said if part))]
