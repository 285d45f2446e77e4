"""Asking the bank not to carry out an order (camt.055), and its resolution of the case (camt.029): cancelled, refused, or still open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from xml.etree.ElementTree import Element

from core.kernel.money import Money
from deposits.domain.orders import ORDER_NAME
from deposits.domain.wire import UNTOLD, At, amount_of, document, element, moment_of, namespace

RECALL, RESOLUTION = namespace("camt.055.001.12"), namespace("camt.029.001.14")
AT_WILL = "CUST"
"""The reason of a recall: the customer wishes it (external code set CancellationReason)."""


@dataclass(frozen=True, slots=True)
class Recall:
    """An order that shall not be carried out any more. `case` names the question (at most 35 characters), `key` the order."""

    case: str
    key: str
    asked_at: datetime
    debtor_name: str
    amount: Money


class Resolved(Enum):
    """What became of a recall (CancellationIndividualStatus)."""

    CANCELLED = "ACCR"  # the order is not carried out, now or later, however often it is asked
    REFUSED = "RJCR"  # it is carried out already, or not to be stopped
    OPEN = "PDCR"  # the bank does not know yet: ask again


_OVERALL = {Resolved.CANCELLED: "CNCL", Resolved.REFUSED: "RJCR", Resolved.OPEN: "PDCR"}  # InvestigationExecutionConfirmation


@dataclass(frozen=True, slots=True)
class Resolution:
    """The bank's answer to a recall; `cause` is its code for a refusal, such as AGNT (the bank will not) or ARDT (paid back already)."""

    case: str
    key: str
    resolved: Resolved
    cause: str = ""


def write_recall(recall: Recall) -> bytes:
    """Our side; the same recall always gives the same bytes."""
    reason = element("CxlRsnInf", element("Rsn", element("Cd", AT_WILL)))
    amount = amount_of("OrgnlInstdAmt", recall.amount)
    transaction = element("TxInf", element("CxlId", recall.case), element("OrgnlEndToEndId", recall.key), amount, reason)
    group = element("OrgnlGrpInf", element("OrgnlMsgId", recall.key), element("OrgnlMsgNmId", ORDER_NAME))
    original = element("OrgnlPmtInfAndCxl", element("OrgnlPmtInfId", recall.key), group, transaction)
    parties = (element("Assgnr", _party(recall.debtor_name)), element("Assgne", _bank()))
    assignment = element("Assgnmt", element("Id", recall.case), *parties, moment_of("CreDtTm", recall.asked_at))
    case = element("Case", element("Id", recall.case), element("Cretr", _party(recall.debtor_name)))
    return document(RECALL, "CstmrPmtCxlReq", assignment, case, element("Undrlyg", original))


def _party(name: str) -> Element:
    return element("Pty", element("Nm", name))


def _bank() -> Element:
    return element("Agt", element("FinInstnId", element("Othr", element("Id", UNTOLD))))


def read_recall(data: bytes) -> Recall:
    """The bank's side. Raises RuleBroken "message.malformed" or "xml.refused"."""
    root = At(data, RECALL, "CstmrPmtCxlReq")
    transaction = root.one("Undrlyg/OrgnlPmtInfAndCxl/TxInf")
    return Recall(
        case=root.text("Assgnmt/Id", 35),
        key=transaction.text("OrgnlEndToEndId", 35),
        asked_at=root.moment("Assgnmt/CreDtTm"),
        debtor_name=root.text("Assgnmt/Assgnr/Pty/Nm"),
        amount=transaction.amount("OrgnlInstdAmt"),
    )


def write_resolution(resolution: Resolution, debtor_name: str, at: datetime) -> bytes:
    """The bank's side of its answer."""
    reason = (element("CxlStsRsnInf", element("Rsn", element("Cd", resolution.cause))),) if resolution.cause else ()
    status = (element("OrgnlEndToEndId", resolution.key), element("TxCxlSts", resolution.resolved.value), *reason)
    details = element("CxlDtls", element("OrgnlPmtInfAndSts", element("OrgnlPmtInfId", resolution.key), element("TxInfAndSts", *status)))
    parties = (element("Assgnr", _bank()), element("Assgne", _party(debtor_name)))
    assignment = element("Assgnmt", element("Id", f"R{resolution.case}"[:35]), *parties, moment_of("CreDtTm", at))
    case = element("RslvdCase", element("Id", resolution.case), element("Cretr", _party(debtor_name)))
    overall = element("Sts", element("Conf", _OVERALL[resolution.resolved]))
    return document(RESOLUTION, "RsltnOfInvstgtn", assignment, case, overall, details)


def read_resolution(data: bytes) -> Resolution:
    """Our side. Raises RuleBroken "message.malformed" when what it says of the order and of the whole differ."""
    root = At(data, RESOLUTION, "RsltnOfInvstgtn")
    transaction = root.one("CxlDtls/OrgnlPmtInfAndSts/TxInfAndSts")
    resolved = transaction.choice("TxCxlSts", {known.value: known for known in Resolved})
    root.choice("Sts/Conf", {_OVERALL[resolved]: resolved})
    cause = transaction.maybe("CxlStsRsnInf/Rsn/Cd", 4)
    return Resolution(root.text("RslvdCase/Id", 35), transaction.text("OrgnlEndToEndId", 35), resolved, cause)
