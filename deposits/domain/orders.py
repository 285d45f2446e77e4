"""Orders to pay and the bank's answers to them: pain.001 with any number of payments, pain.002 with what became of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.messages import OrderStatus, PaymentOrder, PaymentStatus
from deposits.domain.wire import UNTOLD, At, account_of, amount_of, document, element, group_of, namespace

ORDER_NAME = "pain.001.001.09"
ORDER, STATUS = namespace(ORDER_NAME), namespace("pain.002.001.12")
LARGEST_BATCH = 500
"""Payments in one message: some 600 kB."""


# pain.001


def write_order(order: PaymentOrder) -> bytes:
    """A message of one payment; the same order always gives the same bytes."""
    return write_orders(order.key, (order,))


def write_orders(message: str, orders: Sequence[PaymentOrder]) -> bytes:
    """A message of several payments of one debtor, each from an account of its own: `message` names it (at most 35 characters), and the
    bank still pays once for each order's key, in whatever message it comes. Made at the moment of its latest order; again the same bytes.
    """
    if not 0 < len(orders) <= LARGEST_BATCH:
        raise ValueError(f"{len(orders)} payments in a message")
    made = max(order.ordered_at for order in orders)
    initiator = element("InitgPty", element("Nm", orders[0].debtor_name))
    return document(ORDER, "CstmrCdtTrfInitn", group_of(message, made, *_sums(orders), initiator), *map(_write_info, orders))


def _sums(orders: Sequence[PaymentOrder]) -> tuple[Element, Element]:
    return element("NbOfTxs", str(len(orders))), element("CtrlSum", str(_total(orders)))


def _total(orders: Iterable[PaymentOrder]) -> Money:
    return sum((order.amount for order in orders), Money(0))


def _write_info(order: PaymentOrder) -> Element:
    payment = element(
        "CdtTrfTxInf",
        element("PmtId", element("InstrId", order.key), element("EndToEndId", order.key)),
        element("Amt", amount_of("InstdAmt", order.amount)),
        element("Cdtr", element("Nm", order.creditor_name)),
        account_of("CdtrAcct", order.creditor_account),
        element("RmtInf", element("Ustrd", order.text)),
    )
    return element(
        "PmtInf",
        element("PmtInfId", order.key),
        element("PmtMtd", "TRF"),
        *_sums((order,)),
        element("ReqdExctnDt", element("Dt", f"{order.ordered_at.astimezone(UTC):%Y-%m-%d}")),
        element("Dbtr", element("Nm", order.debtor_name)),
        account_of("DbtrAcct", order.debtor_account),
        element("DbtrAgt", element("FinInstnId", element("Othr", element("Id", UNTOLD)))),
        payment,
    )


def read_orders(data: bytes) -> tuple[str, tuple[PaymentOrder, ...]]:
    """The bank's side: the message's name and its orders, all sums checked and no key twice. Raises RuleBroken "message.malformed"."""
    root = At(data, ORDER, "CstmrCdtTrfInitn")
    head = root.one("GrpHdr")
    made = head.moment("CreDtTm")
    orders = tuple(_read_info(info, made) for info in root.all("PmtInf"))
    if not orders or head.number("NbOfTxs") != len(orders) or head.money("CtrlSum") != _total(orders):
        raise RuleBroken("message.malformed", element="CtrlSum")
    if len({order.key for order in orders}) < len(orders):
        raise RuleBroken("message.malformed", element="EndToEndId")
    return head.text("MsgId", 35), orders


def read_order(data: bytes) -> PaymentOrder:
    """The one order of a message. Raises RuleBroken "message.malformed" where there are more."""
    _, orders = read_orders(data)
    if len(orders) > 1:
        raise RuleBroken("message.malformed", element="PmtInf")
    return orders[0]


def _read_info(info: At, made: datetime) -> PaymentOrder:
    payment = info.one("CdtTrfTxInf")
    value = payment.amount("Amt/InstdAmt")
    if info.text("NbOfTxs") != "1" or info.money("CtrlSum") != value:
        raise RuleBroken("message.malformed", element="CtrlSum")
    return PaymentOrder(
        key=payment.text("PmtId/EndToEndId", 35),
        ordered_at=made,
        debtor_name=info.text("Dbtr/Nm"),
        debtor_account=info.text("DbtrAcct/Id/Othr/Id", 34),
        creditor_name=payment.text("Cdtr/Nm"),
        creditor_account=payment.text("CdtrAcct/Id/Othr/Id", 34),
        amount=value,
        text=payment.text("RmtInf/Ustrd"),
    )


# pain.002


def write_status(status: PaymentStatus, at: datetime) -> bytes:
    """The bank's answer to a message of one order."""
    return write_statuses(status.key, (status,), at)


def write_statuses(message: str, statuses: Sequence[PaymentStatus], at: datetime) -> bytes:
    """The bank's answer to the message of that name: what became of each order that it says anything of."""
    original = element("OrgnlGrpInfAndSts", element("OrgnlMsgId", message), element("OrgnlMsgNmId", ORDER_NAME))
    return document(STATUS, "CstmrPmtStsRpt", group_of(f"S{message}"[:35], at), original, *map(_write_status, statuses))


def _write_status(status: PaymentStatus) -> Element:
    reason = (element("StsRsnInf", element("Rsn", element("Cd", status.cause))),) if status.cause else ()
    transaction = element("TxInfAndSts", element("OrgnlEndToEndId", status.key), element("TxSts", status.status.value), *reason)
    return element("OrgnlPmtInfAndSts", element("OrgnlPmtInfId", status.key), transaction)


def read_statuses(data: bytes) -> tuple[str, tuple[PaymentStatus, ...]]:
    """Our side: the name of the message that is answered, and what is said of its orders; of what is not said we know nothing."""
    root = At(data, STATUS, "CstmrPmtStsRpt")
    told = (transaction for info in root.all("OrgnlPmtInfAndSts") for transaction in info.all("TxInfAndSts"))
    return root.text("OrgnlGrpInfAndSts/OrgnlMsgId", 35), tuple(map(_read_status, told))


def read_status(data: bytes) -> PaymentStatus:
    """The answer to a message of one order. Raises RuleBroken "message.malformed" when it tells of none or of several."""
    _, statuses = read_statuses(data)
    if len(statuses) != 1:
        raise RuleBroken("message.malformed", element="TxInfAndSts")
    return statuses[0]


def _read_status(transaction: At) -> PaymentStatus:
    status = transaction.choice("TxSts", {status.value: status for status in OrderStatus})
    cause = transaction.text("StsRsnInf/Rsn/Cd", 4) if status is OrderStatus.REJECTED else ""
    return PaymentStatus(transaction.text("OrgnlEndToEndId", 35), status, cause)
