"""How deposits stand in JSON."""

from __future__ import annotations

from core.kernel import clock
from core.kernel.jcs import JSON
from core.kernel.money import Money
from deposits.domain.account import BasicAccount
from deposits.queries.finance import FinanceView
from deposits.queries.requirements import DepositView, RefundView
from deposits.queries.waivers import WaivedView


def account_json(account: BasicAccount) -> dict[str, JSON]:
    """A basic account."""
    return {"name": account.name, "account": account.number, "bank": account.bank}


def deposit_json(view: DepositView) -> dict[str, JSON]:
    """A bidder's own deposit."""
    payments: list[JSON] = [
        {"ref": paid.ref, "amount_fen": paid.amount.fen, "value_at": clock.text(paid.value_at), "outcome": paid.outcome}
        for paid in view.payments
    ]
    return {
        "lot": view.lot,
        "state": view.state,
        "amount_fen": view.required.fen,
        "amount": str(view.required),
        "paid_fen": view.paid.fen,
        "sub_account": view.sub_account,
        "account_name": view.account_name,
        "bank": view.bank,
        "deadline": None if view.deadline is None else clock.text(view.deadline),
        "payments": payments,
        "refunds": [refund_json(refund) for refund in view.refunds],
        "waiver": waived_json(view.waived),
    }


def waived_json(view: WaivedView | None) -> JSON:
    """The waiver that a firm uses, null for none."""
    return None if view is None else {"percent": view.percent, "source": view.source, "asked_fen": view.asked.fen}


def refund_json(refund: RefundView) -> JSON:
    """A refund."""
    return {
        "id": refund.id,
        "reason": refund.reason,
        "principal_fen": refund.principal.fen,
        "interest_fen": refund.interest.fen,
        "state": refund.state,
        "due_at": clock.text(refund.due_at),
        "confirmed_at": None if refund.confirmed_at is None else clock.text(refund.confirmed_at),
        "cause": refund.cause,
    }


def line_json(view: DepositView) -> JSON:
    """A deposit in the list that is there after the opening: without account numbers, which concern nobody else."""
    value_at = max((payment.value_at for payment in view.payments), default=None)
    return {
        "id": "" if view.id is None else str(view.id),
        "org": str(view.org),
        "name": view.org_name,
        "state": view.state,
        "paid_fen": view.paid.fen,
        "value_at": None if value_at is None else clock.text(value_at),
        "refunds": [refund_json(refund) for refund in view.refunds],
        "waiver": waived_json(view.waived),
    }


def finance_json(view: FinanceView) -> dict[str, JSON]:
    """What finance sees."""
    seen = view.reconciliation
    return {
        "agrees": seen.agrees,
        "checked_at": None if seen.checked_at is None else clock.text(seen.checked_at),
        "ledger_fen": _fen(seen.ledger),
        "bank_fen": _fen(seen.bank),
        "overdue": view.overdue,
        "in_doubt": view.in_doubt,
        "rejected": view.rejected,
        "deposits": [
            {
                "lot": line.lot,
                "org": str(line.org),
                "name": line.org_name,
                "state": line.state,
                "paid_fen": line.paid.fen,
                "refunds": [refund_json(refund) for refund in line.refunds],
            }
            for line in view.lines
        ],
        "unknown": [
            {"ref": entry.ref, "payer": entry.payer, "amount_fen": entry.amount.fen, "sent_back": entry.sent_back} for entry in view.unknown
        ],
    }


def _fen(amount: Money | None) -> int | None:
    return None if amount is None else amount.fen
