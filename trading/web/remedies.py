"""The JSON API of objections and complaints. No route is counted: whoever objects before the opening is a prospective bidder."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import Response, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint

from core.identity.services.acts import SignedRequest
from core.identity.web.acts import read_act
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.forms import ActForm
from core.web.guard import public, quiet, requires
from core.web.platform import platform
from core.web.threads import natively
from trading.queries import remedies as queries
from trading.queries import remedy_lists
from trading.queries.remedies import ComplaintView, ObjectionView
from trading.services import complaint_handling, complaints, objections
from trading.web.forms_remedies import AfterQuery, LotPath, RemedyFilePath, RemedyPath, StepPath

api = APIBlueprint("trading_remedies", __name__, url_prefix="/api/v1")
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]
STEPS: Mapping[str, Service] = {
    "accept": complaint_handling.accept,
    "refuse": complaint_handling.refuse,
    "hand-over": complaint_handling.hand_over,
    "investigate": complaint_handling.investigate,
    "suspend": complaint_handling.suspend,
    "lift": complaint_handling.lift,
    "decide": complaint_handling.decide,
    "publish": complaint_handling.publish,
}


def _act(service: Service, target: str, body: ActForm) -> Response:
    request = read_act(body)
    return jsonify(perform(lambda work: service(work, target, request)))


@api.post("/lots/<number>/objections", summary="Object, or challenge a procurement")
@requires(Role.BIDDER)
@quiet
def file_objection(path: LotPath, body: ActForm) -> Response:
    """`objection.file`."""
    return _act(objections.file, path.number, body)


@api.post("/objections/<remedy>/answer", summary="Answer an objection or challenge")
@requires(Role.TENDERER, Role.AGENCY)
@quiet
def answer_objection(path: RemedyPath, body: ActForm) -> Response:
    """`objection.answer`."""
    return _act(objections.answer, path.remedy, body)


@api.post("/objections/<remedy>/withdraw", summary="Take an objection or challenge back")
@requires(Role.BIDDER)
@quiet
def withdraw_objection(path: RemedyPath, body: ActForm) -> Response:
    """`objection.withdraw`."""
    return _act(objections.withdraw, path.remedy, body)


@api.post("/lots/<number>/complaints", summary="Complain to an authority")
@requires(Role.BIDDER)
@quiet
def file_complaint(path: LotPath, body: ActForm) -> Response:
    """`complaint.file`, with a step-up."""
    return _act(complaints.file, path.number, body)


@api.post("/complaints/<remedy>/withdraw", summary="Take a complaint back")
@requires(Role.BIDDER)
@quiet
def withdraw_complaint(path: RemedyPath, body: ActForm) -> Response:
    """`complaint.withdraw`, with a step-up."""
    return _act(complaints.withdraw, path.remedy, body)


@api.post("/complaints/<remedy>/<step>", summary="An authority handles a complaint")
@requires(Role.SUPERVISOR)
@quiet
def handle_complaint(path: StepPath, body: ActForm) -> Response:
    """`complaint.accept` and so on, with a step-up."""
    return _act(STEPS[path.step], path.remedy, body)


@api.get("/lots/<number>/remedies", summary="What may be said against a lot, and what has been")
@public
@quiet
def of_lot(path: LotPath) -> Response:
    """Periods with their articles, answers that are for all, and what is the caller's business."""
    who, clock = actor(), platform().door.clock
    found = read(lambda session: remedy_lists.of_lot(session, path.number, who, clock(session)))
    stages: list[JSON] = [
        {
            "stage": stage.stage.value,
            "from": as_json(None if stage.window is None else stage.window.opens_at),
            "until": as_json(None if stage.window is None else stage.window.ends_at),
            "article": "" if stage.window is None else stage.window.rule.article,
            "open": stage.refusal is None,
            "capacities": [capacity.value for capacity in stage.capacities],
        }
        for stage in found.stages
    ]
    shown = {"objections": [objection_json(view) for view in found.objections], "complaints": [complaint_json(v) for v in found.complaints]}
    return jsonify({"lot": path.number, "now": as_json(found.now), "stages": stages} | shown)


@api.get("/decisions", summary="Published decisions about complaints")
@public
@quiet
def decisions(query: AfterQuery) -> Response:
    """The newest first, without the complainants' names."""
    found, after = read(lambda session: remedy_lists.decisions(session, query.after, query.limit))
    return jsonify({"decisions": [complaint_json(view) for view in found], "after": after})


@api.get("/remedies/<remedy>/files/<sha256>", summary="A file that came with an objection, an answer or a complaint")
@public
@quiet
def remedy_file(path: RemedyFilePath) -> Response:
    """For who may read what it belongs to."""
    who, clock = actor(), platform().door.clock
    found = read(lambda session: queries.file_of(session, path.remedy, path.sha256, who, clock(session)))
    files = platform().files  # here: a native thread knows no request
    stored = natively(lambda: files.path(found.sha256))
    answer = send_file(stored, "application/octet-stream", as_attachment=True, download_name=found.name, etag=found.sha256)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


_OBJECTION = (
    *("number", "stage", "state", "filed_at", "due_at", "is_late", "is_mine", "filer", "capacity", "interest", "facts", "request"),
    *("files", "question", "answer", "answer_files", "answered_at", "late_reason", "complaint_until", "available"),
)
_COMPLAINT = (
    *("number", "matter", "state", "authority", "filed_at", "acceptance_due", "accepted_at", "decision_due", "decided_at", "published_at"),
    *("late_with", "is_mine", "filer", "capacity", "interest", "facts", "request", "files", "objection", "first", "inquiry", "ground"),
    *("outcome", "ruling", "late_reason", "suspended_at", "suspended_until", "suspension_reason", "publication", "available"),
)


def objection_json(view: ObjectionView) -> dict[str, JSON]:
    """An objection as its reader may see it."""
    return {"lot": view.lot.number} | {name: as_json(getattr(view, name)) for name in _OBJECTION}


def complaint_json(view: ComplaintView) -> dict[str, JSON]:
    """A complaint as its reader may see it."""
    known = None if view.known_on is None else view.known_on.isoformat()
    return {"lot": view.lot.number, "known_on": known} | {name: as_json(getattr(view, name)) for name in _COMPLAINT}
