"""The four messages of ISO 20022 that we and the bank exchange, as values and as XML: camt.054, pain.001, pain.002, camt.052."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar, cast
from xml.etree.ElementTree import Element, tostring

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain import xml

NOTICES, ORDER, STATUS, REPORT = (
    f"urn:iso:std:iso:20022:tech:xsd:{name}" for name in ("camt.054.001.08", "pain.001.001.09", "pain.002.001.10", "camt.052.001.08")
)
CURRENCY = "CNY"
MEDIA = "application/xml"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BankEntry:
    """An entry of the bank on our account. `seq` numbers the bank's notices without gaps; `ref` is the bank's own reference."""

    seq: int
    ref: str
    credit: bool
    amount: Money
    booked_at: datetime
    value_at: datetime
    sub_account: str
    party_name: str  # who paid, or was paid
    party_account: str
    end_to_end_id: str
    interest: bool
    text: str = ""


@dataclass(frozen=True, slots=True)
class Notices:
    """A page of entries after a number; `last` is the number up to which it tells."""

    entries: tuple[BankEntry, ...]
    last: int


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """An order to pay, which the bank carries out once for each key (its EndToEndId, at most 35 characters)."""

    key: str
    ordered_at: datetime
    debtor_name: str
    debtor_account: str
    creditor_name: str
    creditor_account: str
    amount: Money
    text: str


class OrderStatus(Enum):
    """What the bank says of an order (external code set TransactionStatus)."""

    RECEIVED = "RCVD"
    ACCEPTED = "ACCP"
    IN_PROCESS = "ACSP"
    SETTLED = "ACSC"
    PENDING = "PDNG"
    REJECTED = "RJCT"


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """The bank's answer to one order; `cause` is its reason code for a rejection, such as AC04 (closed account)."""

    key: str
    status: OrderStatus
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The balance of our account after the entry numbered `seq`."""

    account: str
    balance: Money
    seq: int
    at: datetime


# camt.054: what was booked


def write_notices(notices: Notices, account: str, at: datetime) -> bytes:
    """The bank's side of a page of notices."""
    head = (_el("Id", f"N{notices.last}"), _el("ElctrncSeqNb", str(notices.last)), _moment("CreDtTm", at))
    told = _el("Ntfctn", *head, _account("Acct", account), *map(_write_entry, notices.entries))
    return _document(NOTICES, "BkToCstmrDbtCdtNtfctn", _group(f"N{notices.last}", at), told)


def read_notices(data: bytes) -> Notices:
    """Our side. Raises RuleBroken "message.malformed" or "xml.refused"."""
    told = _At(data, NOTICES, "BkToCstmrDbtCdtNtfctn").one("Ntfctn")
    return Notices(tuple(_read_entry(entry) for entry in told.all("Ntry")), told.number("ElctrncSeqNb"))


# Domain, family and sub-family of the external code set BankTransactionCode
_INTEREST, _CREDIT, _DEBIT = ("ACMT", "MCOP", "INTR"), ("PMNT", "RCDT", "DMCT"), ("PMNT", "ICDT", "DMCT")


def _write_entry(entry: BankEntry) -> Element:
    family = _INTEREST if entry.interest else _CREDIT if entry.credit else _DEBIT
    direction = "CRDT" if entry.credit else "DBIT"
    code = _el("BkTxCd", _el("Domn", _el("Cd", family[0]), _el("Fmly", _el("Cd", family[1]), _el("SubFmlyCd", family[2]))))
    us, them = ("Cdtr", "Dbtr") if entry.credit else ("Dbtr", "Cdtr")
    parties = {f"{us}Acct": _account(f"{us}Acct", entry.sub_account), them: _el(them, _el("Pty", _el("Nm", entry.party_name)))}
    parties[f"{them}Acct"] = _account(f"{them}Acct", entry.party_account)
    order = [parties[name] for name in ("Dbtr", "DbtrAcct", "Cdtr", "CdtrAcct") if name in parties]
    details = _el(
        "TxDtls",
        _el("Refs", _el("AcctSvcrRef", entry.ref), _el("EndToEndId", entry.end_to_end_id or "NOTPROVIDED")),
        _amount("Amt", entry.amount),
        _el("CdtDbtInd", direction),
        _el("RltdPties", *order),
        _el("RmtInf", _el("Ustrd", entry.text or "-")),
    )
    return _el(
        "Ntry",
        _el("NtryRef", str(entry.seq)),
        _amount("Amt", entry.amount),
        _el("CdtDbtInd", direction),
        _el("Sts", _el("Cd", "BOOK")),
        _el("BookgDt", _moment("DtTm", entry.booked_at)),
        _el("ValDt", _moment("DtTm", entry.value_at)),
        _el("AcctSvcrRef", entry.ref),
        code,
        _el("NtryDtls", details),
    )


def _read_entry(entry: _At) -> BankEntry:
    details = entry.one("NtryDtls/TxDtls")
    credit = entry.choice("CdtDbtInd", {"CRDT": True, "DBIT": False})
    us, them = ("Cdtr", "Dbtr") if credit else ("Dbtr", "Cdtr")
    told = details.text("Refs/EndToEndId")
    return BankEntry(
        seq=entry.number("NtryRef"),
        ref=entry.text("AcctSvcrRef", 35),
        credit=credit,
        amount=entry.amount("Amt"),
        booked_at=entry.moment("BookgDt/DtTm"),
        value_at=entry.moment("ValDt/DtTm"),
        sub_account=details.text(f"RltdPties/{us}Acct/Id/Othr/Id", 34),
        party_name=details.text(f"RltdPties/{them}/Pty/Nm"),
        party_account=details.text(f"RltdPties/{them}Acct/Id/Othr/Id", 34),
        end_to_end_id="" if told == "NOTPROVIDED" else told[:35],
        interest=entry.text("BkTxCd/Domn/Fmly/SubFmlyCd") == "INTR",
        text=details.text("RmtInf/Ustrd"),
    )


# pain.001 and pain.002: what is to be paid, and what the bank says to it


def write_order(order: PaymentOrder) -> bytes:
    """One order of one payment; the same order always gives the same bytes."""
    sums = (_el("NbOfTxs", "1"), _el("CtrlSum", str(order.amount)))
    payment = _el(
        "CdtTrfTxInf",
        _el("PmtId", _el("InstrId", order.key), _el("EndToEndId", order.key)),
        _el("Amt", _amount("InstdAmt", order.amount)),
        _el("Cdtr", _el("Nm", order.creditor_name)),
        _account("CdtrAcct", order.creditor_account),
        _el("RmtInf", _el("Ustrd", order.text)),
    )
    info = _el(
        "PmtInf",
        _el("PmtInfId", order.key),
        _el("PmtMtd", "TRF"),
        *sums,
        _el("ReqdExctnDt", _el("Dt", f"{order.ordered_at.astimezone(UTC):%Y-%m-%d}")),
        _el("Dbtr", _el("Nm", order.debtor_name)),
        _account("DbtrAcct", order.debtor_account),
        _el("DbtrAgt", _el("FinInstnId", _el("Othr", _el("Id", "NOTPROVIDED")))),
        payment,
    )
    initiator = _el("InitgPty", _el("Nm", order.debtor_name))
    return _document(ORDER, "CstmrCdtTrfInitn", _group(order.key, order.ordered_at, *sums, initiator), info)


def read_order(data: bytes) -> PaymentOrder:
    """The bank's side: one order of one payment, its sums checked."""
    root = _At(data, ORDER, "CstmrCdtTrfInitn")
    info, head = root.one("PmtInf"), root.one("GrpHdr")
    payment = info.one("CdtTrfTxInf")
    amount = payment.amount("Amt/InstdAmt")
    if any(part.text("NbOfTxs") != "1" or part.money("CtrlSum") != amount for part in (head, info)):
        raise RuleBroken("message.malformed", element="CtrlSum")
    return PaymentOrder(
        key=payment.text("PmtId/EndToEndId", 35),
        ordered_at=head.moment("CreDtTm"),
        debtor_name=info.text("Dbtr/Nm"),
        debtor_account=info.text("DbtrAcct/Id/Othr/Id", 34),
        creditor_name=payment.text("Cdtr/Nm"),
        creditor_account=payment.text("CdtrAcct/Id/Othr/Id", 34),
        amount=amount,
        text=payment.text("RmtInf/Ustrd"),
    )


def write_status(status: PaymentStatus, at: datetime) -> bytes:
    """The bank's answer to an order."""
    reason = (_el("StsRsnInf", _el("Rsn", _el("Cd", status.cause))),) if status.cause else ()
    transaction = _el("TxInfAndSts", _el("OrgnlEndToEndId", status.key), _el("TxSts", status.status.value), *reason)
    original = _el("OrgnlGrpInfAndSts", _el("OrgnlMsgId", status.key), _el("OrgnlMsgNmId", "pain.001.001.09"))
    info = _el("OrgnlPmtInfAndSts", _el("OrgnlPmtInfId", status.key), transaction)
    return _document(STATUS, "CstmrPmtStsRpt", _group(f"S{status.key}"[:35], at), original, info)


def read_status(data: bytes) -> PaymentStatus:
    """Our side of that answer."""
    transaction = _At(data, STATUS, "CstmrPmtStsRpt").one("OrgnlPmtInfAndSts/TxInfAndSts")
    status = transaction.choice("TxSts", {status.value: status for status in OrderStatus})
    cause = transaction.text("StsRsnInf/Rsn/Cd", 4) if status is OrderStatus.REJECTED else ""
    return PaymentStatus(transaction.text("OrgnlEndToEndId", 35), status, cause)


# camt.052: the balance


def write_report(report: Report) -> bytes:
    """The bank's balance of our account."""
    balance = _el(
        "Bal",
        _el("Tp", _el("CdOrPrtry", _el("Cd", "ITBD"))),
        _amount("Amt", report.balance),
        _el("CdtDbtInd", "CRDT"),
        _el("Dt", _moment("DtTm", report.at)),
    )
    head = (_el("Id", f"R{report.seq}"), _el("ElctrncSeqNb", str(report.seq)), _moment("CreDtTm", report.at))
    told = _el("Rpt", *head, _account("Acct", report.account), balance)
    return _document(REPORT, "BkToCstmrAcctRpt", _group(f"R{report.seq}", report.at), told)


def read_report(data: bytes) -> Report:
    """Our side of that balance."""
    told = _At(data, REPORT, "BkToCstmrAcctRpt").one("Rpt")
    return Report(told.text("Acct/Id/Othr/Id", 34), told.amount("Bal/Amt"), told.number("ElctrncSeqNb"), told.moment("Bal/Dt/DtTm"))


# Writing


def _el(name: str, *content: Element | str) -> Element:
    made = Element(name)
    for part in content:
        if isinstance(part, str):
            made.text = "".join(letter for letter in part if letter.isprintable())  # XML has no form for control characters
        else:
            made.append(part)
    return made


def _amount(name: str, amount: Money) -> Element:
    made = _el(name, str(amount))
    made.set("Ccy", CURRENCY)
    return made


def _moment(name: str, moment: datetime) -> Element:
    return _el(name, moment.astimezone(UTC).isoformat(timespec="milliseconds"))


def _account(name: str, number: str) -> Element:
    return _el(name, _el("Id", _el("Othr", _el("Id", number))))


def _group(message: str, at: datetime, *more: Element) -> Element:
    return _el("GrpHdr", _el("MsgId", message), _moment("CreDtTm", at), *more)


def _document(namespace: str, name: str, *content: Element) -> bytes:
    root = _el("Document", _el(name, *content))
    root.set("xmlns", namespace)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + cast(bytes, tostring(root, encoding="utf-8", xml_declaration=False))


# Reading


class _At:
    """An element and its namespace: what is asked of it is there and of the right form, or RuleBroken names it."""

    def __init__(self, source: bytes | Element, namespace: str, name: str = "") -> None:
        self._namespace = namespace
        self._element = source if isinstance(source, Element) else xml.read(source)
        if name:
            if self._element.tag != f"{{{namespace}}}Document":
                raise RuleBroken("message.malformed", element="Document")
            self._element = self.one(name)._element

    def all(self, path: str) -> Iterable[_At]:
        qualified = "/".join(f"{{{self._namespace}}}{step}" for step in path.split("/"))
        return [_At(found, self._namespace) for found in self._element.findall(qualified)]

    def one(self, path: str) -> _At:
        found = list(self.all(path))
        if len(found) != 1:
            raise RuleBroken("message.malformed", element=path)
        return found[0]

    def text(self, path: str, most: int = 140) -> str:
        written = (self.one(path)._element.text or "").strip()
        if not written or len(written) > most:
            raise RuleBroken("message.malformed", element=path)
        return written

    def number(self, path: str) -> int:
        written = self.text(path, 18)
        if not (written.isascii() and written.isdigit()):
            raise RuleBroken("message.malformed", element=path)
        return int(written)

    def money(self, path: str) -> Money:
        try:
            return Money.yuan(self.text(path, 18))
        except ValueError:
            raise RuleBroken("message.malformed", element=path) from None

    def amount(self, path: str) -> Money:
        if self.one(path)._element.get("Ccy") != CURRENCY:
            raise RuleBroken("message.malformed", element=path)
        return self.money(path)

    def moment(self, path: str) -> datetime:
        try:
            found = datetime.fromisoformat(self.text(path, 40))
            if found.tzinfo is None:
                raise ValueError("a moment without its zone")
            return found.astimezone(UTC)
        except (ValueError, OverflowError):
            raise RuleBroken("message.malformed", element=path) from None

    def choice(self, path: str, choices: dict[str, T]) -> T:
        written = self.text(path, 35)
        if written not in choices:
            raise RuleBroken("message.malformed", element=path)
        return choices[written]
