"""Pages of the archive for centre and supervisor: the list with what waits, the list as a sheet, one case, and its archive package."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from app.archives.package import prepare
from core.kernel.errors import NotFound, Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.filters import beijing
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import ROWS, as_workbook
from core.web.texts import sentence
from core.web.threads import natively
from trading.domain.archive import EXCUSABLE, ArchiveAction
from trading.queries import archives as queries
from trading.queries.archives import ArchiveFilter, ArchiveLine, ArchiveView
from trading.web.forms import CasePath
from trading.web.forms_archives import ArchiveQuery, ArchiveSearch
from trading.web.texts import REGIMES
from trading.web.texts_archives import COLUMNS, FOR_EVER, RETENTIONS, SECRECIES, SHEET, WORDS

blueprint = Blueprint("archives", __name__)
KEEPERS = (Role.CENTRE, Role.SUPERVISOR)


def _page(name: str, **facts: Any) -> str:
    return render_template(f"archives/{name}.html", REGIMES=REGIMES, **WORDS, **facts)


def _wanted(query: ArchiveSearch) -> ArchiveFilter:
    same = {name: getattr(query, name) for name in ("retention", "secrecy", "regime", "year", "held")}
    return ArchiveFilter(words=query.q, **same)


@blueprint.get("/archives")
@requires(*KEEPERS)
def listed() -> ResponseReturnValue:
    """Filed cases, the youngest first, and closed ones that wait; `q` searches, `after` pages."""
    query = ArchiveQuery.model_validate(request.args.to_dict())
    found = read(lambda session: queries.page(session, _wanted(query), query.after, query.limit))
    kept = query.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    onward = f"/archives?{urlencode(kept | {'after': found.after})}" if found.after else ""
    asked = urlencode({name: value for name, value in kept.items() if name != "limit"})
    facts = {"onward": onward, "first": f"/archives?{urlencode(kept)}", "asked": asked, "years": read(queries.years)}
    return _page("list", view=found, query=query, waiting=read(queries.waiting), **facts)


@blueprint.get("/archives.xlsx")
@requires(*KEEPERS)
def as_xlsx() -> Response:
    """The filtered list as a workbook."""
    query = ArchiveSearch.model_validate(request.args.to_dict())
    found = read(lambda session: queries.lines(session, _wanted(query), ROWS + 1))
    if len(found) > ROWS:
        raise RuleBroken("archive.export.too_many", most=ROWS)
    return as_workbook(SHEET, COLUMNS, [_row(line) for line in found], "archives.xlsx")


def _row(line: ArchiveLine) -> list[str]:
    until = str(FOR_EVER) if line.kept_until is None else line.kept_until.isoformat()
    said = (line.number, line.title, line.case, line.responsible, str(REGIMES[line.regime]), str(RETENTIONS[line.retention]), until)
    counts = (str(line.files), str(line.package_size), beijing(line.filed_at), str(line.holds))
    return [*said, str(SECRECIES[line.secrecy]), *counts]


@blueprint.get("/archives/<case>")
@requires(*KEEPERS)
def one(case: str) -> ResponseReturnValue:
    """A closed case on its way into the archive, or in it; `lift` names the hold that is to be lifted by its statement's digest."""
    return _one(_view(case), [], {})


@blueprint.post("/archives/<case>")
@requires(Role.CENTRE)
def make(case: str) -> ResponseReturnValue:
    """The case is described, its package made and checked; then it waits for the signature."""
    view, here, who, content = _view(case), platform(), actor(), _content()
    try:
        natively(lambda: prepare(here, who, view.case, content))
    except Refusal as refusal:
        errors = [(str(refusal.facts.get("member", "")), sentence(refusal, here.sentences))]
        return _one(view, errors, request.form.to_dict()), status_of(refusal)
    return redirect(f"/archives/{view.case}#checks", 303)


def _content() -> dict[str, JSON]:
    said: dict[str, JSON] = {name: request.form.get(name, "").strip() for name in ("title", "responsible", "secrecy", "retention")}
    reasons = {name: request.form.get(f"reason.{name}", "").strip() for name in EXCUSABLE}
    fonds = request.form.get("fonds", "").strip().upper()
    return {**said, "fonds": fonds, "reasons": {name: reason for name, reason in reasons.items() if reason}}


def _view(case: str) -> ArchiveView:
    asked, who = CasePath(case=case).case, actor()
    return read(lambda session: queries.by_case(session, asked, who))


def _one(view: ArchiveView, errors: list[tuple[str, str]], values: dict[str, str]) -> str:
    may = {action.value for action in view.available}
    describes = ArchiveAction.DESCRIBE in view.available
    facts = {"errors": errors, "values": values, "excusable": EXCUSABLE, "lifting": request.args.get("lift", "")}
    return _page("one", view=view, may=may, describes=describes, **facts)


@blueprint.get("/archives/<case>/package.zip")
@requires(*KEEPERS)
def package(case: str) -> Response:
    """The archive package, prepared or filed."""
    view, here = _view(case), platform()
    if not view.package_sha256:
        raise NotFound("archive.not_found")
    natively(lambda: here.files.path(view.package_sha256))
    headers = {
        "Content-Disposition": f'attachment; filename="archive-{view.case}.zip"',
        "Content-Length": str(view.package_size),
        "ETag": f'"{view.package_sha256}"',
    }
    return Response(here.files.pieces(view.package_sha256), mimetype="application/zip", headers=headers)
