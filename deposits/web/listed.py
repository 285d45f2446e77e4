"""The list of a lot's deposits after the opening, as the rows of a table: who paid what, what came of it, and what went back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.kernel.money import Money
from core.web.filters import beijing
from deposits.queries.finance import Line
from deposits.queries.requirements import DepositView, RefundView
from deposits.web.texts import OUTCOMES, REASONS, SHOWN_STATES, STATES, shown
from deposits.web.texts_listed import COLUMNS, SHEET

__all__ = ["COLUMNS", "SHEET", "Totals", "finance_rows", "row_of", "totals"]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a list. `back`: principal and interest that the bank has paid back."""

    bidders: int
    paid: Money
    back: Money


def totals(views: Iterable[DepositView]) -> Totals:
    """The sums of these deposits; a firm that asked a second time counts once."""
    listed = list(views)
    back = sum(one.principal.fen + one.interest.fen for view in listed for one in view.refunds if one.confirmed_at is not None)
    return Totals(len({view.org for view in listed}), Money(sum(view.paid.fen for view in listed)), Money(back))


def row_of(view: DepositView) -> Iterator[list[str]]:
    """One row for each payment and one for each refund of a deposit; one alone where there is neither."""
    firm = [view.org_name, str(STATES[view.state]), str(view.required), str(view.paid)]
    waived = f"{view.waived.percent}% {view.waived.source}" if view.waived else ""
    for paid in view.payments:
        yield [*firm, beijing(paid.value_at), str(paid.amount), str(OUTCOMES[paid.outcome]), *_refund(None), waived]
    for refund in view.refunds:
        yield [*firm, "", "", "", *_refund(refund), waived]
    if not view.payments and not view.refunds:
        yield [*firm, "", "", "", *_refund(None), waived]


def _refund(refund: RefundView | None) -> list[str]:
    if refund is None:
        return [""] * 6
    words = [str(REASONS[refund.reason]), str(refund.principal), str(refund.interest), str(SHOWN_STATES[shown(refund)])]
    return [*words, beijing(refund.due_at), beijing(refund.confirmed_at)]


def finance_rows(line: Line) -> Iterator[list[str]]:
    """One row for each refund of a deposit as finance lists them; one alone where there is none."""
    firm = [line.lot, line.org_name, str(line.paid), str(STATES[line.state])]
    for refund in line.refunds or (None,):
        yield [*firm, *_refund(refund), refund.cause if refund else ""]
