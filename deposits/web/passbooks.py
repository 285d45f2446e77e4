"""Statement pages: finance's of opened and ended lots, and a firm's own; each as a page and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from sqlalchemy.orm import Session

from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from core.kernel.roles import Role
from core.web.door import actor, read
from core.web.filters import beijing
from core.web.guard import quiet, requires
from core.web.sheets import ROWS, as_workbook
from deposits.domain.ledger import AccountKind
from deposits.domain.passbook import Booked, Line, Statement, Wanted, statement
from deposits.queries import own, passbooks
from deposits.queries.requirements import own_org
from deposits.web import texts_passbooks as words
from deposits.web.forms_passbooks import OwnQuery, PassbookQuery, Shown
from deposits.web.texts import WORDS

blueprint = Blueprint("deposit_passbooks", __name__)
SHOWN = 500  # lines on a page, the youngest


@blueprint.get("/finance/passbook")
@requires(Role.FINANCE)
@quiet
def finance() -> str:
    """What was booked for opened and ended lots, with the balance after each line."""
    query = PassbookQuery.model_validate(request.args.to_dict())
    lots, made, hides = read(lambda session: (passbooks.visible_lots(session), _of(session, query), passbooks.any_sealed(session)))
    return _page("passbook", query=query, lots=lots, hides=hides, sheet=f"/finance/passbook.xlsx?{_again()}", **_shown(made))


@blueprint.get("/finance/passbook.xlsx")
@requires(Role.FINANCE)
@quiet
def finance_sheet() -> Response:
    """The same as a workbook."""
    query = PassbookQuery.model_validate(request.args.to_dict())
    return _sheet(read(lambda session: _of(session, query)), "deposits.xlsx")


@blueprint.get("/me/deposits")
@requires(Role.BIDDER)
@quiet
def mine() -> str:
    """All deposits of the caller's firm, and what was booked on them."""
    query, org = OwnQuery.model_validate(request.args.to_dict()), own_org(actor())
    deposits, made = read(lambda session: (own.all_of(session, org), _own(session, org, query)))
    return _page("mine", query=query, deposits=deposits, sheet=f"/me/deposits.xlsx?{_again()}", **_shown(made))


@blueprint.get("/me/deposits.xlsx")
@requires(Role.BIDDER)
@quiet
def own_sheet() -> Response:
    """What was booked on the firm's deposits as a workbook."""
    query, org = OwnQuery.model_validate(request.args.to_dict()), own_org(actor())
    return _sheet(read(lambda session: _own(session, org, query)), "my-deposits.xlsx")


def _of(session: Session, query: PassbookQuery) -> Statement:
    wanted = query.wanted()
    if query.account is Shown.BANK:
        return statement((one for one in passbooks.of_bank(session) if query.lot in ("", one.lot)), wanted)
    booked: list[Booked] = passbooks.of_lot(session, query.lot, AccountKind(query.account.value)) if query.lot else []
    return statement(booked, wanted)


def _own(session: Session, org: OrgId, query: OwnQuery) -> Statement:
    return statement(passbooks.of_firm(session, org, query.lot), Wanted(query.since, query.until))


def _again() -> str:
    """The filter of this page, for its workbook."""
    return urlencode({name: value for name, value in request.args.items() if value})


def _page(name: str, **facts: Any) -> str:
    return render_template(f"deposits/{name}.html", **WORDS, **words.WORDS, **facts)


def _shown(made: Statement) -> dict[str, Any]:
    """The youngest lines first; `left_out`: how many older ones the page leaves to the workbook."""
    lines: Sequence[Line] = made.lines[::-1]
    return {"made": made, "lines": lines[:SHOWN], "left_out": max(len(lines) - SHOWN, 0)}


def _sheet(made: Statement, name: str) -> Response:
    if len(made.lines) > ROWS:
        raise RuleBroken("passbook.too_many", most=ROWS)
    return as_workbook(words.SHEET, words.COLUMNS, [_row(line) for line in made.lines], name)


def _row(line: Line) -> list[str]:
    one = line.booked
    amounts = [_said(one.came), _said(one.went), str(line.balance), _said(one.interest)]
    return [beijing(one.at), str(words.BOOKINGS[one.what]), one.lot, one.name, one.ref, *amounts]


def _said(amount: Money) -> str:
    return str(amount) if amount.fen else ""
