"""The pages of deposits: a bidder's own one, and finance's. Plain forms that work without script."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from core.identity.web.posted import posted
from core.kernel import streams
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import CaseId, OrgId, RefundId
from core.kernel.roles import Role
from core.web.door import actor, perform, read, viewer
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.sheets import ROWS, as_workbook
from deposits.domain.account import BasicAccount
from deposits.domain.deposit import chain_of
from deposits.queries import finance as finances
from deposits.queries import finance_work, guarantees, waivers, watch
from deposits.queries import requirements as queries
from deposits.queries.terms import terms_by_number
from deposits.services import accounts, refunds, requirements
from deposits.web import texts_listed as words
from deposits.web.deposits import own_deposit
from deposits.web.forms import BasicAccountForm
from deposits.web.listed import finance_rows
from deposits.web.texts import DONE, WORDS
from deposits.web.texts_finance_work import CHORES
from deposits.web.texts_holds import WORDS as ORDER_WORDS
from deposits.web.texts_suspense import SUSPENSE_STATES
from deposits.web.texts_terms import FORMS

blueprint = Blueprint("deposit_pages", __name__)
SHOWN = 200  # lines of finance's page; the workbook has all


def page(name: str, /, **facts: Any) -> str:
    """One of the templates of deposits, with the names of states and reasons at hand."""
    return render_template(f"deposits/{name}.html", **WORDS, **ORDER_WORDS, SUSPENSE_STATES=SUSPENSE_STATES, **facts)


@blueprint.get("/lots/<number>/deposit")
@requires(Role.BIDDER)
@quiet
def deposit(number: str) -> ResponseReturnValue:
    """The firm's own deposit: where to pay, what has come, what went back."""
    return _deposit(number, [], 200)


def _deposit(number: str, errors: list[tuple[str, str]], status: int) -> ResponseReturnValue:
    view, org = own_deposit(number), queries.own_org(actor())
    case, audience = CaseId(chain_of(number)), f"bidder:{org}"
    seq = read(lambda session: streams.last(session, case, audience))
    own = view.id
    orders = None if own is None else read(lambda session: watch.own_story(session, own))
    terms = read(lambda session: terms_by_number(session, number))
    clock = platform().door.clock
    offered = read(lambda session: waivers.offered(session, number, org, clock(session)))
    said = {"offered": offered, "terms": terms, "FORMS": FORMS, "orders": orders, "account": _account()}
    facts = said | {"view": view, "case": case, "seq": seq, "errors": errors, "name": viewer().org}
    return page("deposit", may_guarantee=_may_guarantee(number, org), **facts), status


def _may_guarantee(number: str, org: OrgId) -> bool:
    """Whether the page of its guarantees is of use to a firm: one can be asked for now, or there is one."""
    clock = platform().door.clock
    try:
        own = read(lambda session: guarantees.own(session, number, org, "", clock(session)))
    except NotFound:
        return False
    return own.may_apply or bool(own.guarantees)


def _account() -> BasicAccount | None:
    org = queries.own_org(actor())
    try:
        return read(lambda session: queries.basic_account(session, org))
    except NotFound:
        return None


@blueprint.post("/lots/<number>/deposit")
@requires(Role.BIDDER)
@quiet
def ask(number: str) -> ResponseReturnValue:
    """Asks for the sub-account."""
    perform(lambda work: requirements.request(work, number))
    return redirect(f"/lots/{number}/deposit", 303)


@blueprint.post("/lots/<number>/deposit/account")
@requires(Role.BIDDER)
@quiet
def register(number: str) -> ResponseReturnValue:
    """Registers the basic account, and comes back."""
    done = posted(BasicAccountForm, lambda form: perform(lambda work: accounts.register(work, form.name, form.account, form.bank)))
    if done.errors:
        return _deposit(number, done.errors, done.status)
    flash(str(DONE["account_registered"]), "ok")
    return redirect(f"/lots/{number}/deposit", 303)


@blueprint.get("/finance")
@requires(Role.FINANCE)
@quiet
def finance() -> ResponseReturnValue:
    """Deposits and refunds of opened lots, nobody's payments, and whether ledger and bank agree."""
    clock, wanted = platform().door.clock, _wanted(SHOWN)
    view = read(lambda session: finances.page(session, clock(session), wanted))
    person = actor().person
    assert person is not None  # finance is signed in
    chores = read(lambda session: finance_work.waiting(session, person, clock(session)))
    return page("finance", view=view, wanted=wanted, chores=chores, CHORES=CHORES)


def _wanted(most: int | None = None) -> finances.Wanted:
    return finances.Wanted(request.args.get("q", "")[:60], request.args.get("standing", "") == "1", most)


@blueprint.get("/finance/deposits.xlsx")
@requires(Role.FINANCE)
@quiet
def finance_sheet() -> Response:
    """The list of the finance page as a workbook, as far as it is sought: a row for each refund, and one for a deposit without."""
    wanted = _wanted(ROWS + 1)
    found = read(lambda session: finances.lines(session, wanted))
    if len(found) > ROWS:
        raise RuleBroken("passbook.too_many", most=ROWS)
    return as_workbook(words.FINANCE_SHEET, words.FINANCE_COLUMNS, [row for line in found for row in finance_rows(line)], "deposits.xlsx")


@blueprint.post("/finance/refunds/<uuid:refund>/retry")
@requires(Role.FINANCE)
@quiet
def retry(refund: UUID) -> ResponseReturnValue:
    """Has a rejected refund tried again."""
    perform(lambda work: refunds.retry(work, RefundId(refund)))
    flash(str(DONE["refund_retried"]), "ok")
    return redirect("/finance", 303)
