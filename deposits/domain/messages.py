"""What we and the bank tell each other, as values; and as XML of ISO 20022 what was booked (camt.054) and the balance (camt.052)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from xml.etree.ElementTree import Element

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.wire import UNTOLD, At, account_of, amount_of, document, element, group_of, moment_of, namespace

NOTICES, REPORT = namespace("camt.054.001.08"), namespace("camt.052.001.08")


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

    def by_lot(self, lots: Mapping[str, Hashable], size: int) -> Iterator[tuple[BankEntry, ...]]:
        """The same entries, at most `size` together, those for one lot (sub-account → lot) side by side and in the bank's order.

        What a payment means depends on those before it for the same deposit alone, so lots may change places; together they cost less.
        """
        together: dict[Hashable, list[BankEntry]] = {}
        for entry in sorted(self.entries, key=lambda entry: entry.seq):
            together.setdefault(lots.get(entry.sub_account), []).append(entry)
        ordered = [entry for lot in together.values() for entry in lot]
        for start in range(0, len(ordered), size):
            yield tuple(ordered[start : start + size])


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
    head = (element("Id", f"N{notices.last}"), element("ElctrncSeqNb", str(notices.last)), moment_of("CreDtTm", at))
    told = element("Ntfctn", *head, account_of("Acct", account), *map(write_entry, notices.entries))
    return document(NOTICES, "BkToCstmrDbtCdtNtfctn", group_of(f"N{notices.last}", at), told)


def read_notices(data: bytes) -> Notices:
    """Our side. Raises RuleBroken "message.malformed" or "xml.refused"."""
    told = At(data, NOTICES, "BkToCstmrDbtCdtNtfctn", many="Ntry").one("Ntfctn")
    account = told.text("Acct/Id/Othr/Id", 34)
    entries = (part for entry in told.all("Ntry") for part in read_entries(entry, account))
    return Notices(tuple(entries), told.number("ElctrncSeqNb"))


# Domain, family and sub-family of the external code set BankTransactionCode
_INTEREST, _CREDIT, _DEBIT = ("ACMT", "MCOP", "INTR"), ("PMNT", "RCDT", "DMCT"), ("PMNT", "ICDT", "DMCT")


def write_entry(entry: BankEntry) -> Element:
    """An `Ntry`, the same in a notice and in a statement."""
    family = _INTEREST if entry.interest else _CREDIT if entry.credit else _DEBIT
    direction = "CRDT" if entry.credit else "DBIT"
    sort = element("Fmly", element("Cd", family[1]), element("SubFmlyCd", family[2]))
    us, them = ("Cdtr", "Dbtr") if entry.credit else ("Dbtr", "Cdtr")
    parties = {
        f"{us}Acct": account_of(f"{us}Acct", entry.sub_account),
        them: element(them, element("Pty", element("Nm", entry.party_name))),
    }
    parties[f"{them}Acct"] = account_of(f"{them}Acct", entry.party_account)
    order = [parties[name] for name in ("Dbtr", "DbtrAcct", "Cdtr", "CdtrAcct") if name in parties]
    details = element(
        "TxDtls",
        element("Refs", element("AcctSvcrRef", entry.ref), element("EndToEndId", entry.end_to_end_id or UNTOLD)),
        amount_of("Amt", entry.amount),
        element("CdtDbtInd", direction),
        element("RltdPties", *order),
        element("RmtInf", element("Ustrd", entry.text or "-")),
    )
    return element(
        "Ntry",
        element("NtryRef", str(entry.seq)),
        amount_of("Amt", entry.amount),
        element("CdtDbtInd", direction),
        element("Sts", element("Cd", "BOOK")),
        element("BookgDt", moment_of("DtTm", entry.booked_at)),
        element("ValDt", moment_of("DtTm", entry.value_at)),
        element("AcctSvcrRef", entry.ref),
        element("BkTxCd", element("Domn", element("Cd", family[0]), sort)),
        element("NtryDtls", details),
    )


def read_entries(entry: At, account: str) -> tuple[BankEntry, ...]:
    """An `Ntry` of this account: one entry, or where the bank booked several payments as one, each of them under the bank's reference with
    its place, `B1-2`; their amounts must add up. What a bank may leave out is ""; no sub-account: the account itself.
    """
    total, ref = entry.amount("Amt"), entry.text("AcctSvcrRef", 35)
    details = list(entry.all("NtryDtls/TxDtls"))
    if len(details) < 2:
        return (_read_entry(entry, details[0] if details else entry, account, ref, total),)
    parts = tuple(
        _read_entry(entry, detail, account, f"{ref}-{place}", detail.amount("Amt")) for place, detail in enumerate(details, start=1)
    )
    if sum(part.amount.fen for part in parts) != total.fen or len(parts[-1].ref) > 35:
        raise RuleBroken("message.malformed", element="TxDtls")
    return parts


def _read_entry(entry: At, details: At, account: str, ref: str, value: Money) -> BankEntry:
    credit = entry.choice("CdtDbtInd", {"CRDT": True, "DBIT": False})
    us, them = ("Cdtr", "Dbtr") if credit else ("Dbtr", "Cdtr")
    told = details.maybe("Refs/EndToEndId")
    return BankEntry(
        seq=entry.number("NtryRef"),
        ref=ref,
        credit=credit,
        amount=value,
        booked_at=entry.moment("BookgDt/DtTm"),
        value_at=entry.moment("ValDt/DtTm"),
        sub_account=details.maybe(f"RltdPties/{us}Acct/Id/Othr/Id", 34) or account,
        party_name=details.maybe(f"RltdPties/{them}/Pty/Nm"),
        party_account=details.maybe(f"RltdPties/{them}Acct/Id/Othr/Id", 34),
        end_to_end_id="" if told == UNTOLD else told[:35],
        interest=entry.maybe("BkTxCd/Domn/Fmly/SubFmlyCd", 4) == "INTR",
        text=details.maybe("RmtInf/Ustrd"),
    )


# camt.052: the balance


def write_report(report: Report) -> bytes:
    """The bank's balance of our account."""
    balance = element(
        "Bal",
        element("Tp", element("CdOrPrtry", element("Cd", "ITBD"))),
        amount_of("Amt", report.balance),
        element("CdtDbtInd", "CRDT"),
        element("Dt", moment_of("DtTm", report.at)),
    )
    head = (element("Id", f"R{report.seq}"), element("ElctrncSeqNb", str(report.seq)), moment_of("CreDtTm", report.at))
    told = element("Rpt", *head, account_of("Acct", report.account), balance)
    return document(REPORT, "BkToCstmrAcctRpt", group_of(f"R{report.seq}", report.at), told)


def read_report(data: bytes) -> Report:
    """Our side of that balance."""
    told = At(data, REPORT, "BkToCstmrAcctRpt").one("Rpt")
    return Report(told.text("Acct/Id/Othr/Id", 34), told.amount("Bal/Amt"), told.number("ElctrncSeqNb"), told.moment("Bal/Dt/DtTm"))
