"""Pages on which the agency composes a tender document instead of uploading it: its chapters, a preview, and the files that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue

from core.kernel.calendar import BEIJING
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.texts import sentence
from core.web.threads import natively
from trading.domain.composition import DATA, PAPER, beginnings, composed, data_bytes, read_data, texts_of
from trading.domain.composition_wording import SECTIONS
from trading.domain.draft import DraftKind
from trading.gateway import render_document
from trading.queries.composing import Composing, composing
from trading.services import drafts
from trading.web.pages_notices import page
from trading.web.posted_drafts import beside_paper, files_of, kept, taken, terms

blueprint = Blueprint("trading_composing", __name__)


@blueprint.route("/lots/<number>/document/compose", methods=["GET", "POST"])
@requires(Role.AGENCY)
def compose(number: str) -> ResponseReturnValue:
    """The chapters of the document: shown, previewed as the paper that they would make, or saved as its files."""
    view = _view(number)
    if request.method == "GET" or view.content is None:
        return page("compose", view=view, sections=SECTIONS, texts=written(view), errors=[])
    texts = chapters()
    try:
        if request.form.get("do") == "preview":
            return _paper(composed(view.facts(view.content, view.today), texts), view.today)
        content = with_paper(view, view.content, view.content["files"], texts)
        perform(lambda work: drafts.save(work, number, DraftKind.DOCUMENT, content))
    except Refusal as refusal:
        errors = [("", sentence(refusal, platform().sentences))]
        return page("compose", view=view, sections=SECTIONS, texts=texts, errors=errors), status_of(refusal)
    return redirect(f"/lots/{number}/document#sign", 303)


@blueprint.get("/lots/<number>/document/composed.pdf")
@requires(Role.AGENCY)
def paper(number: str) -> Response:
    """The paper, set again from the data that are saved: the same bytes as the file that is signed."""
    view = _view(number)
    if not view.data_sha256:
        raise RuleBroken("composition.unreadable")
    data = _data(view)
    return _paper(data, date.fromisoformat(str(data["on"])))


def begun(number: str) -> dict[str, JSON]:
    """What the form of the document posts when the text is to be composed: its terms, the paper made of them, and other files chosen."""
    view, said = _view(number), terms()
    return with_paper(view, said, [*kept(), *files_of("files")], written(view))


def written(view: Composing) -> Mapping[str, str]:
    """The chapters as they were last saved; where there are none, as the regime's template begins."""
    return beginnings(view.page.lot.regime) | (texts_of(_data(view)) if view.data_sha256 else {})


def chapters() -> dict[str, str]:
    """The chapters as the form posts them."""
    return {name: request.form.get(f"text_{name}", "") for name in SECTIONS}


def amended(number: str, document: dict[str, JSON]) -> dict[str, JSON]:
    """The content of an amended document with its paper composed anew, of the chapters that the form posts."""
    files = document["files"]
    return with_paper(_view(number), document, files if isinstance(files, list) else [], chapters())


def rewritten(number: str) -> Mapping[str, str]:
    """The chapters that an amendment begins with; none where the document that stands was not composed here."""
    view = _view(number)
    return written(view) if view.data_sha256 else {}


def with_paper(view: Composing, said: Mapping[str, JSON], others: list[JSON], texts: Mapping[str, str]) -> dict[str, JSON]:
    """The document's content with the composed paper and its data in front of the other files."""
    data = composed(view.facts(said, view.today), texts)
    made: list[JSON] = [taken(PAPER, natively(lambda: _set(data, view.today))), taken(DATA, data_bytes(data))]
    return {**said, "files": [*made, *beside_paper(others)]}


def _view(number: str) -> Composing:
    who, clock = actor(), platform().door.clock
    return read(lambda session: composing(session, number, who, clock(session)))


def _data(view: Composing) -> dict[str, JSON]:
    files = platform().files  # here: a native thread knows no request
    return read_data(natively(lambda: files.read(view.data_sha256)))


def _paper(data: Mapping[str, JSON], on: date) -> Response:
    answer = Response(natively(lambda: _set(data, on)), content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="tender-document.pdf"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _set(data: Mapping[str, JSON], on: date) -> bytes:
    return render_document(data, datetime.combine(on, time(), BEIJING).astimezone(UTC))
