"""JSON API of a tender document while bids are taken: versions, amendments, questions and answers, receipts for downloads."""

from __future__ import annotations

from flask import Response, jsonify
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import read_act
from core.kernel import jcs
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.sheets import fresh
from trading.queries import downloads
from trading.queries.amending import asking
from trading.queries.clarifications import published
from trading.queries.document_versions import VersionView, versions_page
from trading.queries.lots import LotView
from trading.services import amendments, clarifications
from trading.services import downloads as receipts
from trading.web.bids import trust
from trading.web.forms import LotPath, NoForm
from trading.web.forms_document import DownloadPath, QuestionForm
from trading.web.shown import document_href

api = APIBlueprint("trading_amendments", __name__, url_prefix="/api/v1")


@api.get("/lots/<number>/versions", summary="The versions of the tender document, and its clarifications")
@public
@quiet
def versions(path: LotPath) -> Response:
    """Every version that the public has had, what each changed, and the answers to questions."""
    who = actor()
    page = read(lambda session: versions_page(session, path.number, who))
    answers = read(lambda session: published(session, page.lot.id))
    shown = {"versions": [_version(page.lot, view) for view in page.versions], "clarifications": as_json(answers)}
    return fresh(jsonify(shown), shared=who.person is None)


def _version(lot: LotView, view: VersionView) -> dict[str, JSON]:
    names = ("version", "published_at", "reason", "affects_bids", "deadline_before", "deadline", "notice", "changes")
    shown = {name: as_json(getattr(view, name)) for name in names}
    shown["document_sha256"] = view.document.document_sha256
    shown["documents"] = [
        {"name": file.name, "sha256": file.sha256, "size": file.size, "href": document_href(lot, file.sha256)}
        for file in view.document.files
    ]
    return shown


@api.post("/lots/<number>/amendment", summary="Publish the drafted amendment")
@requires(Role.TENDERER)
def amend(path: LotPath, body: ActForm) -> Response:
    """`document.amend`; the deadline moves where the law asks for it."""
    request = read_act(body)
    return jsonify(perform(lambda work: amendments.publish(work, path.number, request)))


@api.post("/lots/<number>/clarification", summary="Answer questions to everybody at once")
@requires(Role.AGENCY)
def clarify(path: LotPath, body: ActForm) -> Response:
    """`clarification.publish`."""
    request = read_act(body)
    return jsonify(perform(lambda work: clarifications.publish(work, path.number, request)))


@api.post("/lots/<number>/questions", summary="Ask about the tender document, without a name")
@requires(Role.BIDDER)
@quiet
def ask(path: LotPath, body: QuestionForm) -> Response:
    """The agency sees the words alone; nobody sees who asked, or how many did."""
    return jsonify(perform(lambda work: clarifications.ask(work, path.number, body.text)))


@api.get("/lots/<number>/questions", summary="The caller's own questions and receipts for downloads")
@requires(Role.BIDDER)
@quiet
def questions(path: LotPath) -> Response:
    """Nobody else's."""
    who, clock = actor(), platform().door.clock
    view = read(lambda session: asking(session, path.number, who, clock(session)))
    return jsonify({"is_open": view.is_open, "questions": as_json(view.questions), "downloads": as_json(view.downloads)})


@api.post("/lots/<number>/downloads", summary="Have a download receipted")
@requires(Role.BIDDER)
@quiet
def receipt(path: LotPath, body: NoForm) -> Response:
    """A receipt for the version in force; it is counted and shown nowhere but to the caller's firm."""
    return jsonify(perform(lambda work: receipts.give_receipt(work, path.number)))


@api.get("/downloads/<download>", summary="The receipt for a download, with its proof")
@requires(Role.BIDDER)
@quiet
def receipt_file(path: DownloadPath) -> Response:
    """The file that anyone can check offline; given to its own firm alone."""
    who, known = actor(), trust()
    found = read(lambda session: downloads.receipt_file(session, who, path.download, known.authorities))
    response = Response(jcs.canonical(found), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{path.download}.json"'
    return response
