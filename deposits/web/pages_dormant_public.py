"""The public list of dormant deposits and its figures, and a firm's own pages: what was paid under its name, and its claim."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Blueprint, Response, request

from core.identity.queries import people
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.guard import public, quiet, requires
from core.web.sheets import CSV, ROWS, as_workbook, attachment, comma_separated
from deposits.domain.account import BasicAccount
from deposits.domain.dormant import PUBLISHED_DAYS, is_claimable
from deposits.queries import dormant_figures, dormant_lists
from deposits.queries import requirements as bidders
from deposits.queries.dormant_lists import Filter
from deposits.web import texts_dormant as words
from deposits.web.forms_dormant import DormantQuery, DormantSearch, RowPath
from deposits.web.pages_dormant import figure_cells, page, sheet, table, today

blueprint = Blueprint("dormant_public_pages", __name__)


def _wanted(query: DormantSearch) -> Filter:
    return Filter(words=query.q, age=query.age)


@blueprint.get("/dormant")
@public
@quiet
def listed() -> str:
    """The list: firms, projects and amounts, and no account number."""
    query, day = DormantQuery.model_validate(request.args.to_dict()), today()
    view = read(lambda session: dormant_lists.page(session, _wanted(query), day, query.after, public=True))
    kept = query.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    facts = {
        "onward": f"/dormant?{urlencode(kept | {'after': view.after})}" if view.after else "",
        "first": f"/dormant?{urlencode(kept)}" if query.after else "",
        "asked": urlencode(kept),
        "days": PUBLISHED_DAYS,
        "is_bidder": Role.BIDDER in actor().roles,
    }
    return page("dormant_public", view=view, query=query, **facts)


@blueprint.get("/dormant.xlsx")
@public
@quiet
def as_xlsx() -> Response:
    """The filtered list as a workbook; every cell is text."""
    return sheet(_lines(), "dormant.xlsx", in_full=False)


@blueprint.get("/dormant.csv")
@public
@quiet
def as_csv() -> Response:
    """The filtered list as CSV."""
    return attachment(comma_separated(*table(_lines(), False)), CSV, "dormant.csv")


def _lines() -> tuple[dormant_lists.Line, ...]:
    query, day = DormantSearch.model_validate(request.args.to_dict()), today()
    return read(lambda session: dormant_lists.lines(session, _wanted(query), day, ROWS + 1, public=True))


@blueprint.get("/dormant/figures")
@public
@quiet
def figures() -> str:
    """What a city publishes: amounts, firms and projects, cleared and outstanding, by age."""
    day = today()
    return page("dormant_figures", view=read(lambda session: dormant_figures.figures(session, day)))


@blueprint.get("/dormant/figures.xlsx")
@public
@quiet
def figures_sheet() -> Response:
    """The same as a workbook."""
    day = today()
    view = read(lambda session: dormant_figures.figures(session, day))
    rows = [figure_cells(str(words.FIGURES[name]), getattr(view, name)) for name in ("all", "cleared", "outstanding")]
    rows += [figure_cells(str(words.AGES[age]), figure) for age, figure in view.by_age]
    rows += [figure_cells(str(words.STATES[state]), figure) for state, figure in view.by_state]
    return as_workbook(words.FIGURES_SHEET, words.FIGURE_COLUMNS, rows, "dormant-figures.xlsx")


@blueprint.get("/me/dormant")
@requires(Role.BIDDER)
@quiet
def mine() -> str:
    """What the list has under the firm's own name or code."""
    org, day = bidders.own_org(actor()), today()
    found = read(lambda session: people.organisation(session, org))
    rows = read(lambda session: dormant_lists.of_firm(session, found.name, found.uscc, day))
    return page("dormant_mine", rows=rows, firm=found.name, may_claim=is_claimable)


@blueprint.get("/dormant/<dormant>/claim")
@requires(Role.BIDDER)
@quiet
def claim(dormant: str) -> str:
    """A deposit of the list: the firm's claim, or the form of one."""
    number, day, org = RowPath(dormant=dormant).dormant, today(), bidders.own_org(actor())
    line = read(lambda session: dormant_lists.one(session, number, day, public=True))
    if not line.payer:
        raise NotFound("dormant.not_found")
    firm = read(lambda session: people.organisation(session, org))
    facts = {
        "claims": read(lambda session: dormant_lists.claims(session, number, org)),
        "is_claimable": is_claimable(line.state),
        "is_own_name": dormant_lists.may_be_of(line, firm.name),
        "firm": firm,
        "account": _account(),
    }
    return page("dormant_claim", line=line, **facts)


def _account() -> BasicAccount | None:
    org = bidders.own_org(actor())
    try:
        return read(lambda session: bidders.basic_account(session, org))
    except NotFound:
        return None
