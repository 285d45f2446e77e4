"""The API of the evaluation room."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, send_file
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel import clock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from evaluation.domain.draft import Mark
from evaluation.domain.room import See
from evaluation.domain.scoring_case import digest
from evaluation.domain.sheet import Criterion
from evaluation.queries import rooms as queries
from evaluation.queries import signatures
from evaluation.queries.rooms import RoomView
from evaluation.services import blind, drafts, references, reports, reviews, rooms, scores
from evaluation.web.forms import ActForm, BidFilePath, BidPath, DraftForm, LotPath

api = APIBlueprint("evaluation_rooms", __name__, url_prefix="/api/v1")
INSIDE = (Role.EXPERT, Role.CENTRE, Role.SUPERVISOR, Role.TENDERER)
DONE = ("signed_in", "voted", "declared", "reviewed", "polled", "submitted", "signed")


@api.get("/lots/<number>/evaluation")
@requires(*INSIDE)
def view(path: LotPath) -> Response:
    """The room as the caller may see it."""
    who = actor()
    return _sealed(as_json(read(lambda session: queries.view(session, who, path.number))))


@api.post("/lots/<number>/evaluation/sign-in")
@requires(Role.EXPERT)
def sign_in(path: LotPath, body: ActForm) -> Response:
    """A member takes their seat (`room.sign_in`)."""
    return act_on(body, rooms.sign_in, path.number)


@api.post("/lots/<number>/evaluation/chair-votes")
@requires(Role.EXPERT)
def vote_chair(path: LotPath, body: ActForm) -> Response:
    """A member votes for the chair (`chair.vote`)."""
    return act_on(body, rooms.vote_chair, path.number)


@api.post("/lots/<number>/evaluation/declarations")
@requires(Role.EXPERT)
def declare(path: LotPath, body: ActForm) -> Response:
    """A member declares that nothing stands against them, or steps back (`recusal.declare`)."""
    return act_on(body, rooms.declare, path.number)


@api.post("/lots/<number>/evaluation/reviews")
@requires(Role.EXPERT)
def review(path: LotPath, body: ActForm) -> Response:
    """A member hands in the preliminary review (`preliminary.review`)."""
    return act_on(body, reviews.review, path.number)


@api.get("/lots/<number>/evaluation/bids/<code>")
@requires(Role.EXPERT)
def bid(path: BidPath) -> Response:
    """The documents behind a code name: the technical ones, and those of the price envelope once the code names are open."""
    who = actor()
    found = read(lambda session: queries.files(session, who, path.number, path.code))
    rows: list[JSON] = [
        {"name": one.name, "sha256": one.sha256, "size": one.size, "href": file_address(path.number, path.code, one.sha256)}
        for one in found
    ]
    return _sealed({"code": path.code, "files": rows})


@api.get("/lots/<number>/evaluation/bids/<code>/files/<sha256>")
@requires(Role.EXPERT)
def bid_file(path: BidFilePath) -> Response:
    """The bytes of one of these documents."""
    who = actor()
    found = read(lambda session: queries.files(session, who, path.number, path.code))
    one = next((file for file in found if file.sha256 == path.sha256), None)
    if one is None:
        raise NotFound("evaluation.bid_not_found")
    # A bidder's file is never shown as a page of ours: the viewer fetches its bytes.
    return send_file(platform().files.path(one.sha256), mimetype="application/octet-stream", as_attachment=True, download_name="file")


@api.get("/lots/<number>/evaluation/sheet")
@requires(Role.EXPERT)
def sheet(path: LotPath) -> Response:
    """The caller's own sheet: drafts, or what was signed."""
    who = actor()
    found = read(lambda session: queries.own_sheet(session, who, path.number))
    return _sealed(
        {
            "bids": [
                {
                    "code": row.code,
                    "scores": dict(row.scores),
                    "reasons": dict(row.reasons),
                    "ticks": {name: list(ids) for name, ids in row.ticks.items()},
                }
                for row in found.rows
            ],
            "criteria": [_criterion(one) for one in found.criteria],
            "step": found.step,
            "part": found.part,
            "submitted": found.is_submitted,
        }
    )


@api.put("/lots/<number>/evaluation/sheet/<code>")
@requires(Role.EXPERT)
def save_draft(path: BidPath, body: DraftForm) -> Response:
    """Keeps what the caller has typed for one bid."""

    def save(work: Work) -> dict[str, JSON]:
        return scores.save_draft(work, path.number, path.code, body.scores, body.reasons, ticks=body.ticks)

    if body.tab is None:
        return jsonify(perform(save))
    mark = Mark(body.tab, body.number, body.base)
    return jsonify(perform(lambda work: drafts.in_turn(work, path.number, path.code, mark, save)))


@api.post("/lots/<number>/evaluation/sheet")
@requires(Role.EXPERT)
def submit(path: LotPath, body: ActForm) -> Response:
    """A member signs the whole sheet (`score`)."""
    return act_on(body, scores.submit, path.number)


@api.post("/lots/<number>/evaluation/blind-map")
@requires(Role.CENTRE, Role.SUPERVISOR)
def open_map(path: LotPath, body: ActForm) -> Response:
    """An office signs that the code names be opened (`blind.open`); the second signature opens them."""
    return act_on(body, blind.open_map, path.number)


@api.post("/lots/<number>/evaluation/reference-price")
@requires(Role.TENDERER)
def open_reference(path: LotPath, body: ActForm) -> Response:
    """The tenderer opens the reference price (`reference_price.open`)."""
    return act_on(body, references.open_reference, path.number)


@api.get("/lots/<number>/evaluation/scores")
@requires(Role.EXPERT, Role.SUPERVISOR)
def all_sheets(path: LotPath) -> Response:
    """Every signed sheet, after the lock."""
    who = actor()
    return _sealed({"sheets": read(lambda session: queries.all_sheets(session, who, path.number))})


@api.get("/lots/<number>/evaluation/result")
@requires(*INSIDE)
def result(path: LotPath) -> Response:
    """The scoring case and its result."""
    room = _with_result(path)
    case, found = room.scoring_case, room.result
    told = {"case": case, "result": found, "map": _map(room), "technical": room.technical, "findings": list(room.findings)}
    return _sealed(told | {"case_sha256": digest(_plain(case)), "result_sha256": digest(_plain(found))})


@api.get("/lots/<number>/evaluation/scoring-case")
@requires(*INSIDE)
def scoring_case(path: LotPath) -> Response:
    """The scoring case alone, as `gongheng score` reads it."""
    response = _sealed(_plain(_with_result(path).scoring_case))
    response.headers["Content-Disposition"] = f'attachment; filename="{path.number}-case.json"'
    return response


@api.get("/lots/<number>/evaluation/report")
@requires(*INSIDE)
def report(path: LotPath) -> Response:
    """The report's digest and its signatures."""
    who = actor()
    room = read(lambda session: queries.view(session, who, path.number))
    signed = read(lambda session: signatures.signatures(session, room))
    rows: list[JSON] = [{"seat": one.seat, "signed": one.signed, "dissent": one.dissent, "refused": one.refused} for one in signed]
    return _sealed({"report_sha256": room.report_sha256, "signatures": rows})


@api.get("/lots/<number>/evaluation/report.pdf")
@requires(*INSIDE)
def report_pdf(path: LotPath) -> Response:
    """The report as it was rendered and signed."""
    who = actor()
    room = read(lambda session: queries.view(session, who, path.number))
    if not room.report_sha256:
        raise NotAllowed("evaluation.report_sealed")
    name = f"{path.number}-report.pdf"
    return send_file(platform().files.path(room.report_sha256), mimetype="application/pdf", as_attachment=True, download_name=name)


@api.post("/lots/<number>/evaluation/report/signatures")
@requires(Role.EXPERT)
def sign_report(path: LotPath, body: ActForm) -> Response:
    """A member signs the report (`report.sign`)."""
    return act_on(body, reports.sign, path.number)


def file_address(number: str, code: str, sha256: str) -> str:
    """Where a bid's document is fetched from."""
    return f"/api/v1/lots/{number}/evaluation/bids/{code}/files/{sha256}"


def _with_result(path: LotPath) -> RoomView:
    who = actor()
    room = read(lambda session: queries.view(session, who, path.number))
    if room.result is None or not room.may(See.RESULT):
        raise NotAllowed("evaluation.result_sealed")
    return room


def _sealed(told: Any) -> Response:
    """An answer that no cache keeps."""
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response


def _map(room: RoomView) -> JSON:
    return None if room.map is None else {code: {"org": str(one.org), "name": one.name} for code, one in room.map.items()}


def _criterion(one: Criterion) -> dict[str, JSON]:
    """A criterion as the sheet needs it; figures are decimal strings."""
    said: dict[str, JSON] = {"id": one.id, "title": one.title, "definition": one.definition, "part": one.part, "max": str(one.max)}
    said |= {"mode": one.mode.value, "step": str(one.step), "steps": [str(step) for step in one.steps], "objective": one.is_objective}
    said["grades"] = [{"label": grade.label, "from": str(grade.low), "to": str(grade.high)} for grade in one.grades]
    said["deductions"] = [{"id": each.id, "text": each.text, "points": str(each.points)} for each in one.deductions]
    return said


def _plain(value: Any) -> JSON:
    return None if value is None else dict(value)


def as_json(room: RoomView) -> dict[str, Any]:
    """The room as the API tells it."""
    return {
        "case": room.lot.case,
        "lot": room.lot.no,
        "number": room.lot.number,
        "state": room.state.value,
        "now": clock.text(clock.now(platform().settings.clock_file)),
        "seats": [
            {"code": one.code, "name": one.name, "site": one.site} | {name: getattr(one, name) for name in DONE} for one in room.seats
        ],
        "me": {"seat": room.me.code, "site": room.me.site} if room.me else None,
        "chair": room.chair,
        "chair_round": room.chair_round,
        "chair_among": list(room.chair_among),
        "bids": list(room.codes),
        "standing": list(room.standing),
        "rejected": [dict(one) for one in room.rejected],
        "checks": [{"id": one.id, "group": one.group, "article": one.article, "text": one.text} for one in room.checks],
        "map": _map(room),
        "part": room.part,
        "offices": list(room.offices),
        "to_open": _plain(room.to_open),
        "technical": room.technical,
        "report_sha256": room.report_sha256,
        "available": [action.value for action in room.available],
    }
