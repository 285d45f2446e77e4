"""The file that protects a tenderer: its page, its API, its papers, the comparison as a sheet, and the award report."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, render_template, send_file
from flask_openapi3.blueprint import APIBlueprint
from pydantic import Field

from core.identity.web.acts import act_on
from core.kernel import clock, streams
from core.kernel.errors import NotAllowed
from core.kernel.money import Money
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.forms import Digest
from core.web.guard import requires
from core.web.platform import platform
from core.web.sheets import as_workbook
from evaluation.domain.shield import Row
from evaluation.domain.shield_life import Action
from evaluation.queries import shields as queries
from evaluation.queries.audience import audience_of
from evaluation.queries.shields import ShieldView
from evaluation.services import shields
from evaluation.web import texts_shield as texts
from evaluation.web.forms import ActForm, LotPath
from trading.domain.score_rules import titles

api = APIBlueprint("evaluation_shields", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_shield_pages", __name__)
SEEING = (Role.TENDERER, Role.AWARD_MEMBER, Role.SUPERVISOR)
SIGNING = (Role.TENDERER, Role.AWARD_MEMBER)
WORDS: dict[str, Any] = {
    "CLAUSES": texts.CLAUSES,
    "SENTENCES": texts.SENTENCES,
    "STATES": texts.STATES,
    "BLOCKS": texts.BLOCKS,
    "CATEGORIES": texts.CATEGORIES,
    "KINDS": texts.KINDS,
    "OWNERS": texts.OWNERS,
    "COLUMNS": texts.COLUMNS,
    "Action": Action,
}


class PaperPath(LotPath):
    """A file of the lot's award by its digest."""

    sha256: Annotated[Digest, Field()]


@blueprint.get("/lots/<number>/award/shield")
@requires(*SEEING)
def page(number: str) -> str:
    """Clause by clause what is on file and what is missing, the next step first; and what the viewer has to sign."""
    view = _view(LotPath(number=number))
    who = actor()
    audience = read(lambda session: audience_of(session, who, view.lot.case))
    seq = 0 if audience is None else read(lambda session: streams.last(session, view.lot.case, audience))
    return render_template("evaluation/shield.html", **WORDS, view=view, grid=grid(view), seq=seq)


@api.get("/lots/<number>/award/shield")
@requires(*SEEING)
def shield(path: LotPath) -> Response:
    """The table of clauses, the register as far as the caller may read it, and what the caller may do now."""
    return _sealed(as_json(_view(path)))


@api.get("/lots/<number>/award/shield/matrix.xlsx", summary="The comparison of the candidates as a sheet")
@requires(*SEEING)
def matrix(path: LotPath) -> Response:
    """The same rows and columns as on the page and in the award report."""
    heads, rows = grid(_view(path))
    return as_workbook(texts.SHEET, heads, rows, f"{path.number}-comparison.xlsx")


@api.get("/lots/<number>/award/shield/files/<sha256>", summary="A paper on file")
@requires(*SEEING)
def paper(path: PaperPath) -> Response:
    """A file that came with a paper, as a download."""
    who = actor()
    name = read(lambda session: queries.file_name(session, who, path.number, path.sha256))
    return send_file(platform().files.path(path.sha256), mimetype="application/pdf", as_attachment=True, download_name=name)


@api.get("/lots/<number>/award/shield/report.pdf", summary="The award report")
@requires(*SEEING)
def report(path: LotPath) -> Response:
    """The report as it was rendered and is signed."""
    view = _view(path)
    if not view.report_sha256:
        raise NotAllowed("shield.sign.wrong_state")
    name = f"{path.number}-award-report.pdf"
    return send_file(platform().files.path(view.report_sha256), mimetype="application/pdf", as_attachment=True, download_name=name)


@api.post("/lots/<number>/award/shield/papers")
@requires(Role.TENDERER)
def file_paper(path: LotPath, body: ActForm) -> Response:
    """The tenderer files a paper (`award.paper`)."""
    return act_on(body, shields.file_paper, path.number)


@api.post("/lots/<number>/award/shield/interference")
@requires(*SEEING)
def enter(path: LotPath, body: ActForm) -> Response:
    """An entry of the register of interference (`interference.entry`)."""
    return act_on(body, shields.enter_interference, path.number)


@api.post("/lots/<number>/award/shield/interference/close")
@requires(*SIGNING)
def close(path: LotPath, body: ActForm) -> Response:
    """The register is signed as all there is (`interference.close`)."""
    return act_on(body, shields.close_register, path.number)


@api.post("/lots/<number>/award/shield/report/signatures")
@requires(*SIGNING)
def sign(path: LotPath, body: ActForm) -> Response:
    """The award report is signed, with a dissent if there is one (`award.report.sign`)."""
    return act_on(body, shields.sign_report, path.number)


@api.post("/lots/<number>/award/shield/report/refusals")
@requires(Role.TENDERER)
def decline(path: LotPath, body: ActForm) -> Response:
    """The tenderer notes that a member refuses to sign (`award.report.decline`)."""
    return act_on(body, shields.decline, path.number)


def _view(path: LotPath) -> ShieldView:
    who = actor()
    return read(lambda session: queries.view(session, who, path.number))


def _sealed(told: Any) -> Response:
    """An answer that no cache keeps."""
    response = jsonify(told)
    response.headers["Cache-Control"] = "no-store"
    return response


def grid(view: ShieldView) -> tuple[list[str], list[list[str]]]:
    """The comparison as heads and rows of text: what the evaluation found, what is known of performance, then the plan's factors."""
    heads = [str(texts.COLUMNS[name]) for name in texts.COLUMNS] + [str(one["name"]) for one in view.matrix["factors"]]
    named = titles(view.lot.score_rules)
    return heads, [_line(one, named) for one in view.matrix["candidates"]]


def _line(one: Mapping[str, Any], named: Mapping[str, str]) -> list[str]:
    technical = "\n".join(f"{named.get(name, name)} {points}" for name, points in one["criteria"].items())
    comments = "\n".join(f"{named.get(said['criterion'], said['criterion'])}: {said['text']}" for said in one["comments"])
    plain = [
        one["name"],
        one["code"],
        f"{Decimal(one['bid_price']):,.2f}" if one["bid_price"] else "",
        f"{Money(int(one['price_fen'])).decimal:,.2f}",
        one["price_score"],
        technical,
        one["total"],
    ]
    return [*plain, comments, _cells(one["performance"]), *(_cells(factor["said"]) for factor in one["factors"])]


def _cells(said: Any) -> str:
    return "\n".join(f"{one['text']}（{one['source']}，{one['dated_on']}）" for one in said)


def as_json(view: ShieldView) -> dict[str, Any]:
    """The file as the API tells it."""
    return {
        "case": view.lot.case,
        "lot": view.lot.no,
        "state": view.state.value,
        "next": view.next_row.clause.code if view.next_row else "",
        "clauses": [_row(row, view) for row in view.rows],
        "register": None if view.register is None else list(view.register),
        "entries": [{"who": one.who, "on": one.on, "how": one.how, "done": one.done} for one in view.entries],
        "has_closed": view.has_closed,
        "has_signed": view.has_signed,
        "unsigned": len(view.unsigned),
        "report_sha256": view.report_sha256,
        "available": [action.value for action in view.available],
    }


def _row(row: Row, view: ShieldView) -> dict[str, Any]:
    proofs = [{"kind": one.kind, "at": clock.text(one.at), "sha256": one.sha256} for one in row.finding.proofs]
    missing = [view.people[one].number if one in view.people else one for one in row.finding.missing]
    clause = row.clause
    return {
        "clause": clause.code,
        "blocks": clause.stage.value,
        "basis": clause.basis,
        "owner": clause.owner,
        "holds": row.holds,
        "due": clause.stage in view.due,
        "why": row.finding.why,
        "missing": missing,
        "proofs": proofs,
    }
