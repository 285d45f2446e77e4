"""Pages of tender plans: the public list, one plan, those of a tenderer and their drafts; and the list as a feed and as sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from core.kernel.errors import Refusal, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.web.door import actor, perform, read
from core.web.filters import beijing
from core.web.guard import public, quiet, requires
from core.web.i18n import LANGUAGES, text
from core.web.platform import platform
from core.web.problems import status_of
from core.web.sheets import CSV, ROWS, as_workbook, attachment, comma_separated, fresh
from core.web.texts import sentence
from trading.queries import plans as queries
from trading.queries.plans import PlanLine, PlanView
from trading.services import plans
from trading.web.feeds import ENTRIES, NEVER
from trading.web.forms_plans import PlanPath, PlanQuery, PlanSearch
from trading.web.pages_notices import page
from trading.web.plans import wanted
from trading.web.posted_drafts import plan as posted
from trading.web.texts import CATEGORIES, REGIMES, WORDS
from trading.web.texts_plans import COLUMNS, FEED_NAME, PLAN_STATES, SHEET

blueprint = Blueprint("trading_plan_pages", __name__)


@blueprint.get("/plans")
@public
@quiet
def listed() -> ResponseReturnValue:
    """Published plans, the youngest first; `q` searches, `after` pages."""
    query = PlanQuery.model_validate(request.args.to_dict())
    found = read(lambda session: queries.page(session, wanted(query), query.after, query.limit))
    kept = query.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    onward = f"/plans?{urlencode(kept | {'after': found.after})}" if found.after else ""
    asked = urlencode({name: value for name, value in kept.items() if name != "limit"})
    facts = {"regions": read(queries.regions), "onward": onward, "first": f"/plans?{urlencode(kept)}", "asked": asked}
    return page("plans", view=found, query=query, is_tenderer=Role.TENDERER in actor().roles, **facts)


@blueprint.get("/plans/<number>")
@public
@quiet
def one(number: str) -> ResponseReturnValue:
    """One plan, and what it said before."""
    return page("plan", view=_view(number))


def _view(number: str) -> PlanView:
    asked, who, clock = PlanPath(number=number).number, actor(), platform().door.clock
    return read(lambda session: queries.by_number(session, asked, who, clock(session)))


@blueprint.get("/plans/mine")
@requires(Role.TENDERER)
def mine() -> ResponseReturnValue:
    """The plans of the reader's own organisation, drafts among them."""
    who = actor()
    return page("plans_mine", view=read(lambda session: queries.mine(session, who)))


@blueprint.route("/plans/new", methods=["GET", "POST"])
@requires(Role.TENDERER)
def new() -> ResponseReturnValue:
    """The form of a plan; posted, its draft."""
    if request.method == "GET":
        return _draft(None, [], {})
    try:
        content = posted()
        number = perform(lambda work: plans.create(work, content))
    except Refusal as refusal:
        return _draft(None, _errors(refusal), request.form), status_of(refusal)
    return redirect(f"/plans/{number}/draft#sign", 303)


@blueprint.route("/plans/<number>/draft", methods=["GET", "POST"])
@requires(Role.TENDERER)
def draft(number: str) -> ResponseReturnValue:
    """The draft of a plan, or of a change to a published one, and the signature under it."""
    view = _view(number)
    if request.method == "GET":
        return _draft(view, [], {})
    try:
        content: dict[str, JSON] = posted()
        if "reason" in request.form:
            content["reason"] = request.form["reason"].strip()
        perform(lambda work: plans.save(work, view.line.number, content))
    except Refusal as refusal:
        return _draft(view, _errors(refusal), request.form), status_of(refusal)
    return redirect(f"/plans/{view.line.number}/draft#sign", 303)


def _draft(view: PlanView | None, errors: list[tuple[str, str]], values: Mapping[str, str]) -> str:
    named = {"regime_words": {one.value: words for one, words in REGIMES.items()}}
    named["category_words"] = {one.value: words for one, words in CATEGORIES.items()}
    return page("plan_draft", view=view, errors=errors, values=values, **named)


def _errors(refusal: Refusal) -> list[tuple[str, str]]:
    return [(str(refusal.facts.get("member", "")), sentence(refusal, platform().sentences))]


@blueprint.get("/feeds/plans.atom")
@public
@quiet
def feed() -> Response:
    """The 50 youngest plans as an Atom feed (RFC 4287); the filters of the list count here too."""
    query = PlanSearch.model_validate(request.args.to_dict())
    found = read(lambda session: queries.lines(session, wanted(query), ENTRIES))
    site, kept = platform().settings.origin, urlencode(query.model_dump(mode="json", exclude_defaults=True))
    updated = max((_age(line) for line in found), default=NEVER)
    address = f"{site}/feeds/plans.atom" + (f"?{kept}" if kept else "")
    with force_locale(LANGUAGES["zh"]):
        entries = [(line, _age(line)) for line in found]
        facts = {"plans": entries, "name": text(FEED_NAME), "address": address, "site": site, "updated": updated}
        body = render_template("trading/plans.atom.xml", **WORDS, **facts)
    return fresh(Response(body.lstrip(), content_type="application/atom+xml; charset=utf-8"), shared=True)


def _age(line: PlanLine) -> datetime:
    return line.changed_at or line.published_at or NEVER


@blueprint.get("/plans.csv")
@public
@quiet
def as_csv() -> Response:
    """The filtered list for a spreadsheet: UTF-8 with its mark, and no cell that would be computed."""
    return attachment(comma_separated([str(head) for head in COLUMNS], _rows()), CSV, "plans.csv")


@blueprint.get("/plans.xlsx")
@public
@quiet
def as_xlsx() -> Response:
    """The same as a workbook."""
    return as_workbook(SHEET, COLUMNS, _rows(), "plans.xlsx")


def _rows() -> list[list[str]]:
    query = PlanSearch.model_validate(request.args.to_dict())
    found = read(lambda session: queries.lines(session, wanted(query), ROWS + 1))
    if len(found) > ROWS:
        raise RuleBroken("notice.export.too_many", most=ROWS)
    return [_row(line) for line in found]


def _row(line: PlanLine) -> list[str]:
    kinds = (str(REGIMES[line.regime]), str(CATEGORIES[line.category]))
    said = (line.title, line.content, line.tenderer_name, line.region, *kinds, str(line.amount), line.month, line.note)
    return [line.number, str(PLAN_STATES[line.state]), *said, beijing(line.published_at), line.lot_number]
