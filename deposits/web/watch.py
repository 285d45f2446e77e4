"""Pages of finance and supervisors: refunds past their day, holds, decisions to keep deposits; each with a filter and as a workbook."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from core.kernel.roles import Role
from core.web.door import read
from core.web.filters import beijing
from core.web.guard import quiet, requires
from core.web.platform import platform
from core.web.sheets import as_workbook
from deposits.queries import watch
from deposits.queries.watch import DecisionLine, HoldLine, Late
from deposits.web import texts_holds as words
from deposits.web.texts import REASONS, SHOWN_STATES, shown
from deposits.web.texts import WORDS as DEPOSIT_WORDS

blueprint = Blueprint("deposit_watch", __name__)
WATCHING = (Role.FINANCE, Role.SUPERVISOR)


def _sought() -> str:
    return request.args.get("q", "")[:60]


def _standing() -> bool:
    return request.args.get("standing", "") == "1"


def _late() -> tuple[Late, ...]:
    sought, clock = _sought(), platform().door.clock
    return read(lambda session: watch.late(session, clock(session), sought))


def _orders() -> tuple[tuple[HoldLine, ...], tuple[DecisionLine, ...]]:
    sought, standing = _sought(), _standing()
    return read(lambda session: (watch.holds(session, sought, standing), watch.decisions(session, sought, standing)))


@blueprint.get("/finance/overdue")
@requires(*WATCHING)
@quiet
def overdue() -> ResponseReturnValue:
    """Refunds of opened lots that are past their legal day."""
    return render_template("deposits/overdue.html", lines=_late(), sought=_sought(), **DEPOSIT_WORDS, **words.WORDS)


@blueprint.get("/finance/overdue.xlsx")
@requires(*WATCHING)
@quiet
def overdue_sheet() -> Response:
    """The same as a workbook."""
    rows = [
        [
            line.lot,
            line.org_name,
            str(REASONS[line.reason]),
            str(line.principal),
            beijing(line.due_at),
            str(line.days),
            str(SHOWN_STATES[shown(line)]),
            line.cause,
            line.held_until.isoformat() if line.held_until else "",
        ]
        for line in _late()
    ]
    return as_workbook(words.SHEETS["late"], words.LATE_COLUMNS, rows, "late.xlsx")


@blueprint.get("/finance/holds")
@requires(*WATCHING)
@quiet
def orders() -> ResponseReturnValue:
    """Holds, and decisions to keep deposits."""
    holds, decisions = _orders()
    facts = {"holds": holds, "decisions": decisions, "sought": _sought(), "standing": _standing()}
    return render_template("deposits/holds.html", **facts, **DEPOSIT_WORDS, **words.WORDS)


@blueprint.get("/finance/holds.xlsx")
@requires(*WATCHING)
@quiet
def holds_sheet() -> Response:
    """The holds as a workbook."""
    rows = [
        [
            line.lot,
            line.org_name,
            str(line.amount),
            str(words.HOLD_KINDS[line.hold.kind]),
            line.hold.reason,
            line.hold.document,
            beijing(line.hold.placed_at),
            line.hold.last_on.isoformat(),
            str(words.HOLD_STATES[line.hold.state]),
            line.hold.over_reason,
        ]
        for line in _orders()[0]
    ]
    return as_workbook(words.SHEETS["holds"], words.HOLD_COLUMNS, rows, "holds.xlsx")


@blueprint.get("/finance/forfeitures.xlsx")
@requires(*WATCHING)
@quiet
def decisions_sheet() -> Response:
    """The decisions to keep deposits as a workbook."""
    rows = [_decision(line) for line in _orders()[1]]
    return as_workbook(words.SHEETS["decisions"], words.DECISION_COLUMNS, rows, "forfeitures.xlsx")


def _decision(line: DecisionLine) -> list[str]:
    head, told = [line.lot, line.org_name, str(line.amount)], line.decision
    if told is None:
        return [*head, "", "", "", beijing(line.since), str(words.AWAITED), "", ""]
    said = [str(words.GROUNDS[told.ground]), told.clause, told.reason, beijing(told.decided_at), str(words.FORFEITURE_STATES[told.state])]
    return [*head, *said, told.note, beijing(told.noted_at) if told.noted_at else ""]
