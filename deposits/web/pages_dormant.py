"""Finance's pages of dormant deposits: the list, one deposit, decisions, orphans and the month's report, each with its workbook."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.kernel.calendar import legal_day
from core.kernel.errors import RuleBroken
from core.kernel.roles import Role
from core.web.door import perform, read
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.sheets import ROWS, XLSX, as_workbook, attachment, workbook
from core.web.threads import natively
from deposits.domain.dormant import PayoutState, is_claimable, is_gone
from deposits.domain.dormant_ledger import LedgerKind
from deposits.domain.dormant_said import chain_of
from deposits.domain.dormant_sheet import paper
from deposits.queries import dormant_figures, dormant_lists, orphans
from deposits.queries import dormant_ledgers as ledgers
from deposits.queries.dormant_figures import Report
from deposits.queries.dormant_ledgers import PayoutView
from deposits.queries.dormant_lists import Filter, Line
from deposits.services import dormant_ledgers
from deposits.web import texts_dormant as words
from deposits.web.forms_dormant import FinanceQuery, FinanceSearch, MonthQuery, RowPath

blueprint = Blueprint("dormant_finance_pages", __name__)


def page(name: str, /, **facts: Any) -> str:
    """One of the templates of dormant deposits, with the names of states and reasons at hand."""
    return render_template(f"deposits/{name}.html", **words.WORDS, chain_of=chain_of, **facts)


def today() -> date:
    """The Beijing day."""
    return legal_day(read(platform().door.clock))


def wanted(query: FinanceSearch) -> Filter:
    """What a query string looks for."""
    return Filter(words=query.q, age=query.age, state=query.state, reason=query.reason, ledger=query.ledger)


@blueprint.get("/finance/dormant")
@requires(Role.FINANCE)
@quiet
def listed() -> str:
    """All of them, filtered, with ageing and totals; what waits for a decision stands above."""
    query, day = FinanceQuery.model_validate(request.args.to_dict()), today()
    view = read(lambda session: dormant_lists.page(session, wanted(query), day, query.after))
    kept = query.model_dump(mode="json", exclude_defaults=True, exclude={"after"})
    facts = {
        "figures": read(lambda session: dormant_figures.figures(session, day)),
        "claims": read(dormant_lists.open_claims),
        "payouts": read(lambda session: ledgers.payouts(session, is_open=True)),
        "onward": f"/finance/dormant?{urlencode(kept | {'after': view.after})}" if view.after else "",
        "first": f"/finance/dormant?{urlencode(kept)}" if query.after else "",
        "asked": urlencode(kept),
    }
    return page("dormant_finance", view=view, query=query, **facts)


@blueprint.get("/finance/dormant.xlsx")
@requires(Role.FINANCE)
@quiet
def as_sheet() -> Response:
    """The filtered list as a workbook."""
    query, day = FinanceSearch.model_validate(request.args.to_dict()), today()
    found = read(lambda session: dormant_lists.lines(session, wanted(query), day, ROWS + 1))
    return sheet(found, "dormant.xlsx", in_full=True)


def sheet(found: tuple[Line, ...], name: str, *, in_full: bool) -> Response:
    """A list of deposits as a workbook; `in_full` with what is finance's alone. Raises RuleBroken for more than a table holds."""
    heads, rows = table(found, in_full)
    return as_workbook(words.SHEET_NAME, heads, rows, name)


def table(found: tuple[Line, ...], in_full: bool) -> tuple[list[str], list[list[str]]]:
    """Heads and cells of a list of deposits."""
    if len(found) > ROWS:
        raise RuleBroken("notice.export.too_many", most=ROWS)
    columns = (*words.PUBLIC_COLUMNS, *words.MORE_COLUMNS) if in_full else words.PUBLIC_COLUMNS
    return [str(one) for one in columns], [_cells(line, in_full) for line in found]


def _cells(line: Line, in_full: bool) -> list[str]:
    days = [line.received_on.isoformat(), line.due_on.isoformat()]
    known = [line.number, line.payer, line.project, line.project_number, str(line.amount), *days, str(words.AGES[line.age])]
    known.append(str(words.STATES[line.state]))
    published = line.published_on.isoformat() if line.published_on else ""
    more = [line.uscc, str(words.REASONS[line.reason]), published, str(line.contacts), line.old_ref, line.account, line.note]
    return [*known, *more] if in_full else known


@blueprint.get("/finance/dormant/<dormant>")
@requires(Role.FINANCE)
@quiet
def one(dormant: str) -> str:
    """One deposit: what is known, how its payer was looked for, its claims, and what was decided."""
    number, day = RowPath(dormant=dormant).dormant, today()
    line = read(lambda session: dormant_lists.one(session, number, day))
    facts = {
        "contacts": read(lambda session: dormant_lists.contacts(session, number)),
        "claims": read(lambda session: dormant_lists.claims(session, number)),
        "payouts": read(lambda session: ledgers.payouts(session, row=number)),
        "ledger": read(lambda session: ledgers.one(session, line.ledger)),
        "is_claimable": is_claimable(line.state),
        "is_gone": is_gone(line.state),
        "fresh": str(uuid4()),
        "today": day,
    }
    return page("dormant_one", line=line, **facts)


@blueprint.get("/finance/dormant/payouts")
@requires(Role.FINANCE)
@quiet
def payouts() -> str:
    """Decisions to pay out: those that wait for a second person, for a holder's money, and all others."""
    found = read(ledgers.payouts)
    arrivals = read(ledgers.arrivals)
    return page("dormant_payouts", payouts=found, arrivals=arrivals, PayoutState=PayoutState)


@blueprint.get("/finance/dormant/payouts.xlsx")
@requires(Role.FINANCE)
@quiet
def payouts_sheet() -> Response:
    """The same as a workbook."""
    rows = [_payout_cells(one) for one in read(ledgers.payouts)]
    return _workbook("payouts", [str(head) for head in words.PAYOUT_COLUMNS], rows)


def _payout_cells(one: PayoutView) -> list[str]:
    sums = [str(one.total), "" if one.interest is None else str(one.interest)]
    people = [one.payee_name, one.payee_account, one.proposer, one.approver]
    ended = legal_day(one.settled_at).isoformat() if one.settled_at else ""
    return [one.ledger, str(words.WAYS[one.way]), "、".join(one.rows), *sums, *people, str(words.PAYOUT_STATES[one.state]), ended]


def _workbook(name: str, heads: list[str], rows: list[list[str]]) -> Response:
    return attachment(natively(lambda: workbook(name, heads, rows)), XLSX, f"{name}.xlsx")


@blueprint.get("/finance/dormant/orphans")
@requires(Role.FINANCE)
@quiet
def found() -> str:
    """What lies on this platform's own accounts and nobody has."""
    now = platform().door.clock
    return page("dormant_orphans", view=read(lambda session: orphans.page(session, now(session))))


@blueprint.post("/finance/dormant/orphans")
@requires(Role.FINANCE)
@quiet
def take_over() -> ResponseReturnValue:
    """A preview of taking them over, to be signed."""
    title = str(words.LEDGER_KINDS[LedgerKind.TAKEN_OVER])
    number = perform(lambda work: dormant_ledgers.gather_orphans(work, title))
    keep_paper(number)
    return redirect(f"/finance/dormant/ledgers/{number}", 303)


def keep_paper(number: str) -> None:
    """The paper of a preview's rows, which the keeper signs for, is in the content store before anybody signs."""
    rows = read(lambda session: ledgers.content(session, number))
    files = platform().files  # asked here: a native thread has no application
    natively(lambda: files.put(paper(rows)))


@blueprint.get("/finance/dormant/orphans.xlsx")
@requires(Role.FINANCE)
@quiet
def orphans_sheet() -> Response:
    """What can be taken over as a workbook."""
    now = platform().door.clock
    view = read(lambda session: orphans.page(session, now(session)))
    rows = []
    for row in view.rows:
        days = [row.received_on.isoformat(), row.due_on.isoformat()]
        rows.append([row.source, row.payer, row.project_number, str(row.amount), *days, str(words.REASONS[row.reason])])
    return _workbook("orphans", [str(head) for head in words.ORPHAN_COLUMNS], rows)


@blueprint.get("/finance/dormant/known.xlsx")
@requires(Role.FINANCE)
@quiet
def known_sheet() -> Response:
    """Firms that can simply be told, as a workbook."""
    rows = [[one.name, str(one.deposits), str(one.amount)] for one in read(orphans.known)]
    return _workbook("known", [str(head) for head in words.KNOWN_COLUMNS], rows)


@blueprint.get("/finance/dormant/report")
@requires(Role.FINANCE)
@quiet
def report() -> str:
    """The month's report."""
    view = _report()
    return page("dormant_report", view=view, months=_months())


@blueprint.get("/finance/dormant/report.xlsx")
@requires(Role.FINANCE)
@quiet
def report_sheet() -> Response:
    """The month's report as a workbook."""
    view = _report()
    rows = [figure_cells(str(words.FIGURES[name]), getattr(view, name)) for name in ("opening", "came")]
    rows += [[str(words.WAYS[way]), str(amount), str(count), "", ""] for way, amount, count in view.cleared]
    rows.append([str(words.FIGURES["later"]), str(view.later[0]), str(view.later[1]), "", ""])
    rows.append(figure_cells(str(words.FIGURES["closing"]), view.closing))
    rows += [figure_cells(str(words.REASONS[reason]), figure) for reason, figure in view.by_reason]
    rows += [figure_cells(str(words.AGES[age]), figure) for age, figure in view.by_age]
    return _workbook(f"dormant-{view.month}", [str(head) for head in words.FIGURE_COLUMNS], rows)


def figure_cells(name: str, figure: Any) -> list[str]:
    """A figure as a row of a table."""
    return [name, str(figure.amount), str(figure.deposits), str(figure.firms), str(figure.projects)]


def _report() -> Report:
    day = today()
    month = MonthQuery.model_validate(request.args.to_dict()).month or f"{day:%Y-%m}"
    return read(lambda session: dormant_figures.report(session, month, day))


def _months() -> list[str]:
    day = today()
    counted = [day.year * 12 + day.month - 1 - back for back in range(24)]
    return [f"{one // 12}-{one % 12 + 1:02d}" for one in counted]
