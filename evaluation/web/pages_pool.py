"""Pages of the expert pool: the list, one entry, its draft and its change; for the keeper, and without contact data for supervisors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.identity.queries import people
from core.kernel.errors import Refusal
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from core.kernel.work import Work
from core.web.door import actor, perform, read
from core.web.guard import requires
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import as_workbook, defused
from core.web.texts import sentence
from evaluation.domain.expert import ExpertAction
from evaluation.domain.expert_said import Profile
from evaluation.domain.secret import SecretKind, about, masked, normal
from evaluation.queries import agreements
from evaluation.queries import expert_pages as queries
from evaluation.queries.expert_pages import ExpertFilter, ExpertLine, ExpertView
from evaluation.services import consents, pool
from evaluation.web import texts_pool as words
from evaluation.web.forms_pool import ExpertPath, ExpertQuery
from evaluation.web.posted_experts import SECRET_FIELDS, profile, vault

blueprint = Blueprint("evaluation_pool_pages", __name__)
READERS = (Role.CENTRE, Role.SUPERVISOR)
WORDS: dict[str, Any] = {name: getattr(words, name) for name in words.TABLES} | {"A": ExpertAction}


def page(name: str, **facts: Any) -> str:
    """One of the pool's templates with the names of specialties, states and grounds at hand."""
    return render_template(f"evaluation/{name}.html", **WORDS, **facts)


@blueprint.get("/experts")
@requires(*READERS)
def listed() -> ResponseReturnValue:
    """The pool, by number; filters narrow it, `after` pages."""
    query, clock = ExpertQuery.model_validate(request.args.to_dict()), platform().door.clock
    found = read(lambda session: queries.page(session, wanted(query), clock(session), query.after))
    kept = query.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    onward = f"/experts?{urlencode(kept | {'after': found.after})}" if found.after else ""
    facts = {"regions": read(queries.regions), "agreements": read(lambda session: agreements.all_of(session, clock(session)))}
    is_keeper = Role.CENTRE in actor().roles
    return page("experts", view=found, query=query, onward=onward, asked=urlencode(kept), is_keeper=is_keeper, **facts)


def wanted(query: ExpertQuery) -> ExpertFilter:
    """What a query string looks for."""
    return ExpertFilter(words=query.q, stratum=query.stratum, region=query.region, state=query.state, origin=query.origin)


@blueprint.get("/experts.xlsx")
@requires(Role.CENTRE)
def as_sheet() -> Response:
    """The filtered list as a workbook of the same columns as an import, and how each stands; every cell is text."""
    query, clock = ExpertQuery.model_validate(request.args.to_dict()), platform().door.clock
    lines = read(lambda session: queries.lines(session, wanted(query), clock(session)))
    rows = [[defused(cell) for cell in _cells(line)] for line in lines]
    return as_workbook(words.SHEET_NAME, (*words.SHEET_COLUMNS.values(), *words.EXPORT_COLUMNS), rows, "experts.xlsx")


def _cells(line: ExpertLine) -> list[str]:
    past = "；".join("|".join((one["name"], one["uscc"], one["since"], one["until"])) for one in line.past)
    days = [day.isoformat() if day else "" for day in (line.qualified_from, line.qualified_to)]
    strata = "、".join(str(words.SPECIALTIES[code]) for code in line.strata)
    bar = str(words.BARS[line.bar.value]) if line.bar else str(words.ELIGIBLE)
    known = [line.name, line.employer, line.employer_uscc, line.region, line.title, *days, strata, past, "", "", "", ""]
    return [*known, line.origin_key, line.number, str(words.EXPERT_STATES[line.state.value]), bar, line.origin]


@blueprint.route("/experts/new", methods=["GET", "POST"])
@requires(Role.CENTRE)
def new() -> ResponseReturnValue:
    """The form of a new entry; posted, its draft."""
    if request.method == "GET":
        return _form(None, [], {})
    try:
        content, login = profile(), request.form.get("login", "").strip()
        person = _account(login)
        number = perform(lambda work: pool.draft(work, content, person))
    except Refusal as refusal:
        return _form(None, _errors(refusal), request.form), status_of(refusal)
    return redirect(f"/experts/{number}", 303)


def _account(login: str) -> PersonId | None:
    if not login:
        return None
    found: PersonId = read(lambda session: people.by_login(session, login)).id
    return found


@blueprint.get("/experts/<number>")
@requires(*READERS)
def one(number: str) -> ResponseReturnValue:
    """One entry with all that was noted of it; numbers to call for the keeper alone."""
    return _one(ExpertPath(number=number).number, [])


@blueprint.route("/experts/<number>/change", methods=["GET", "POST"])
@requires(Role.CENTRE)
def change(number: str) -> ResponseReturnValue:
    """The form of a draft, or of a change to an entry; posted, a draft is kept and a change is shown for its signature."""
    view = _view(ExpertPath(number=number).number)
    if request.method == "GET":
        return _form(view, [], {})
    try:
        content = profile()
        read_again = Profile.read(content).to_json()
        if ExpertAction.SAVE in view.available:
            perform(lambda work: pool.save(work, view.line.number, content))
            return redirect(f"/experts/{view.line.number}", 303)
    except Refusal as refusal:
        return _form(view, _errors(refusal), request.form), status_of(refusal)
    said = read_again | {"reason": request.form.get("reason", "").strip(), "replaces": view.profile_sha256}
    return page("expert_change", view=view, said=said)


@blueprint.post("/experts/<number>/discard")
@requires(Role.CENTRE)
def discard(number: str) -> ResponseReturnValue:
    """Throws a draft away."""
    return _do(number, pool.discard, "/experts")


@blueprint.post("/experts/<number>/account")
@requires(Role.CENTRE)
def link(number: str) -> ResponseReturnValue:
    """Binds the expert's account."""
    login = request.form.get("login", "").strip()
    return _do(number, lambda work, entry: pool.link(work, entry, login), f"/experts/{number}")


@blueprint.post("/experts/<number>/contact")
@requires(Role.CENTRE)
def contact(number: str) -> ResponseReturnValue:
    """Takes numbers under seal."""
    entry = ExpertPath(number=number).number
    try:
        sealed = sealed_numbers(entry)
    except Refusal as refusal:
        return _one(entry, _errors(refusal)), status_of(refusal)
    return _do(entry, lambda work, kept: consents.keep(work, kept, sealed), f"/experts/{entry}")


def sealed_numbers(number: str) -> dict[SecretKind, bytes]:
    """The numbers in the posted form, sealed for that entry; a field left empty leaves what is kept. Raises RuleBroken."""
    given = {kind: request.form.get(name, "").strip() for kind, name in SECRET_FIELDS.items()}
    return {kind: vault().seal(normal(kind, written), about(number, kind)) for kind, written in given.items() if written}


def _do(number: str, use_case: Callable[[Work, str], None], then: str) -> ResponseReturnValue:
    entry = ExpertPath(number=number).number
    try:
        perform(lambda work: use_case(work, entry))
    except Refusal as refusal:
        return _one(entry, _errors(refusal)), status_of(refusal)
    flash(str(words.DONE), "ok")
    return redirect(then, 303)


def _one(number: str, errors: list[tuple[str, str]]) -> str:
    view, is_keeper = _view(number), Role.CENTRE in actor().roles
    told = opened(number) if is_keeper else {}
    return page("expert", view=view, errors=errors, is_keeper=is_keeper, secrets=told)


def opened(number: str) -> dict[str, str]:
    """The numbers of an entry as the two who may see them see them, by their kind: whole to be called, else masked."""
    sealed = read(lambda session: queries.secrets(session, number))
    clear = {kind: vault().open(content, about(number, kind)) for kind, content in sealed.items()}
    return {kind.value: told if kind is SecretKind.PHONE else masked(told) for kind, told in clear.items()}


def _view(number: str) -> ExpertView:
    roles, clock = actor().roles, platform().door.clock
    return read(lambda session: queries.by_number(session, number, roles, clock(session)))


def _form(view: ExpertView | None, errors: list[tuple[str, str]], values: Mapping[str, Any]) -> str:
    clock = platform().door.clock
    known = read(lambda session: agreements.all_of(session, clock(session)))
    chosen = request.form.getlist("strata") if values else [*view.line.strata] if view else []
    return page("expert_form", view=view, errors=errors, values=values, chosen=chosen, agreements=known)


def _errors(refusal: Refusal) -> list[tuple[str, str]]:
    member = str(refusal.facts.get("member", "")) if refusal.code == "body.malformed" else ""
    place = words.FIELDS_OF.get(refusal.code, member)
    return [(place, sentence(refusal, platform().sentences))]
