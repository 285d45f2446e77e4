"""Sheets of experts: the template, the preview of what is handed in, the signature under it, and how far it has come."""

from __future__ import annotations

from hashlib import sha256
from uuid import UUID

from flask import Blueprint, Response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_openapi3.blueprint import APIBlueprint

from core.identity.web.acts import act_on
from core.kernel.calendar import legal_day
from core.kernel.errors import Refusal, RuleBroken
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.forms import ActForm
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import MOST_BYTES, as_workbook, cells_of, letter
from core.web.texts import sentence
from core.web.threads import natively
from evaluation.domain.catalogue import Catalogue
from evaluation.domain.expert_sheet import COLUMNS, Around, Sheet, read_sheet
from evaluation.queries import agreements, partners
from evaluation.queries import expert_imports as queries
from evaluation.services import expert_imports
from evaluation.web import texts_pool as words
from evaluation.web.pages_pool import page

api = APIBlueprint("evaluation_expert_imports", __name__, url_prefix="/api/v1")
blueprint = Blueprint("evaluation_expert_import_pages", __name__)


@blueprint.get("/experts/template.xlsx")
@requires(Role.CENTRE)
def template() -> Response:
    """An empty sheet with the columns that an import reads."""
    return as_workbook(words.SHEET_NAME, words.SHEET_COLUMNS.values(), [], "experts-template.xlsx")


@blueprint.get("/experts/imports")
@requires(Role.CENTRE)
def listed() -> str:
    """Hand a sheet in; those handed in before."""
    return _listed([])


def _listed(errors: list[tuple[str, str]]) -> str:
    clock = platform().door.clock
    known = read(lambda session: agreements.all_of(session, clock(session)))
    return page("expert_imports", imports=read(queries.latest), agreements=known, errors=errors)


@blueprint.post("/experts/imports")
@requires(Role.CENTRE)
def hand_in() -> ResponseReturnValue:
    """Reads the sheet row by row and keeps what became of it; nothing stands in the pool yet."""
    given = request.files.get("sheet")
    try:
        if given is None or not given.filename:
            raise RuleBroken("sheet.none")
        content, origin = given.stream.read(), request.form.get("origin", "")
        if given.filename.lower().endswith(".json"):
            sheet, origin = _read_catalogue(content, origin)
        else:
            sheet = _read(content, origin)
        digest, name = sha256(content).hexdigest(), given.filename
        kept = perform(lambda work: expert_imports.preview(work, sheet, name, digest, origin))
    except Refusal as refusal:
        return _listed([("sheet", sentence(refusal, platform().sentences))]), status_of(refusal)
    return redirect(f"/experts/imports/{kept}", 303)


def _read(content: bytes, origin: str) -> Sheet:
    headings = list[list[str]]()
    for language in ("zh", "en"):
        with force_locale(language):
            headings.append([str(head) for head in words.SHEET_COLUMNS.values()])
    around = _around(origin)

    def work_through() -> Sheet:
        cells = cells_of(content)
        heads = next((one for one in headings if cells and cells[0][:1] == one[:1]), headings[0])
        return read_sheet(cells, heads, around)

    return natively(work_through)


def _around(origin: str) -> Around:
    known, keys = read(queries.known)
    names = dict[str, str]()
    for language in ("zh", "en"):
        with force_locale(language):
            names |= {str(name): code for code, name in words.SPECIALTIES.items()}
    return Around(legal_day(read(platform().door.clock)), names, origin, known, keys)


def _read_catalogue(content: bytes, chosen: str) -> tuple[Sheet, str]:
    """A partner's signed catalogue with its agreement; raises what is wrong with form, signature or agreement."""
    if len(content) > MOST_BYTES:
        raise RuleBroken("sheet.too_large", most=MOST_BYTES // 1024**2)
    found = natively(lambda: Catalogue.read(content))
    if chosen and chosen != found.agreement:
        raise RuleBroken("partner.agreement", agreement=found.agreement)
    now = read(platform().door.clock)
    roots, partner = read(lambda session: (partners.authorities(session, now), partners.partner(session, found.agreement)))
    around = _around(found.agreement)

    def work_through() -> Sheet:
        found.word.verify(roots, now, partner)
        return found.sheet(around)

    return natively(work_through), found.agreement


@blueprint.get("/experts/imports/<uuid:import_id>")
@requires(Role.CENTRE)
def one(import_id: UUID) -> str:
    """What became of a sheet, row by row, and what may be done about it."""
    view, columns = read(lambda session: queries.one(session, import_id)), [column.value for column in COLUMNS]
    faults = []
    for fault in view.faults:
        name = fault["column"]
        faults.append((fault["row"], letter(columns, name), words.SHEET_COLUMNS.get(name, ""), _said(fault)))
    return page("expert_import", view=view, faults=faults)


def _said(fault: dict[str, object]) -> str:
    facts = fault["facts"] if isinstance(fault["facts"], dict) else {}
    return sentence(Refusal(str(fault["code"]), **facts), platform().sentences)


@blueprint.post("/experts/imports/<uuid:import_id>/discard")
@requires(Role.CENTRE)
def discard(import_id: UUID) -> ResponseReturnValue:
    """The keeper does not want it."""
    perform(lambda work: expert_imports.discard(work, import_id))
    return redirect("/experts/imports", 303)


@api.post("/pool/imports")
@requires(Role.CENTRE)
def confirm(body: ActForm) -> Response:
    """`pool.import`."""
    return act_on(body, expert_imports.confirm)
