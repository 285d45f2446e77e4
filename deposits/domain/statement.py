"""The bank's statement of a day (camt.053), page by page: what stood on the account before, every entry booked, what stood after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from xml.etree.ElementTree import Element

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.messages import BankEntry, read_entries, write_entry
from deposits.domain.wire import At, account_of, amount_of, document, element, group_of, moment_of, namespace

STATEMENT = namespace("camt.053.001.08")
PAGE = 1000
"""Entries of a page: some 1.6 MB."""


@dataclass(frozen=True, slots=True)
class StatementPage:
    """One page of a statement. Balances and totals are of the whole day and the same on every page; `number` counts from 1."""

    account: str
    day: date  # Beijing, by the bank's booking
    number: int
    is_last: bool
    opening: Money
    closing: Money
    count: int
    entries: tuple[BankEntry, ...]


@dataclass(frozen=True, slots=True)
class Statement:
    """A day's statement of our account, whole: `opening` + credits − debits = `closing`, and every entry once, in the bank's order.

    `entries[].ref` is the bank's reference, the same as in its notices; `end_to_end_id` is the key of our order for what we paid.
    """

    account: str
    day: date
    opening: Money
    closing: Money
    entries: tuple[BankEntry, ...]


def joined(pages: Sequence[StatementPage]) -> Statement:
    """The statement of its pages, in their order.

    Raises RuleBroken "statement.incomplete" when a page is missing, comes twice or belongs to another day or account, or an entry does;
    "statement.unbalanced" when the entries do not lead from the opening balance to the closing one.
    """
    if not pages or [page.number for page in pages] != list(range(1, len(pages) + 1)):
        raise RuleBroken("statement.incomplete")
    first = pages[0]
    same = {(page.account, page.day, page.opening, page.closing, page.count) for page in pages}
    entries = tuple(entry for page in pages for entry in page.entries)
    if len(same) > 1 or [page.is_last for page in pages] != [False] * (len(pages) - 1) + [True]:
        raise RuleBroken("statement.incomplete")
    if len(entries) != first.count or len({entry.ref for entry in entries}) < len(entries):
        raise RuleBroken("statement.incomplete")
    if first.opening.fen + sum(entry.amount.fen if entry.credit else -entry.amount.fen for entry in entries) != first.closing.fen:
        raise RuleBroken("statement.unbalanced")
    return Statement(first.account, first.day, first.opening, first.closing, entries)


def write_page(page: StatementPage, at: datetime) -> bytes:
    """The bank's side of a page."""
    name = f"{page.day:%Y%m%d}-{page.number}"
    told = element(
        "Stmt",
        element("Id", f"{page.day:%Y%m%d}"),
        element("StmtPgntn", element("PgNb", str(page.number)), element("LastPgInd", "true" if page.is_last else "false")),
        moment_of("CreDtTm", at),
        account_of("Acct", page.account),
        _balance("OPBD", page.opening, page.day),
        _balance("CLBD", page.closing, page.day),
        element("TxsSummry", element("TtlNtries", element("NbOfNtries", str(page.count)))),
        *map(write_entry, page.entries),
    )
    return document(STATEMENT, "BkToCstmrStmt", group_of(name, at), told)


def _balance(kind: str, value: Money, day: date) -> Element:
    code = element("Tp", element("CdOrPrtry", element("Cd", kind)))
    return element("Bal", code, amount_of("Amt", value), element("CdtDbtInd", "CRDT"), element("Dt", element("Dt", day.isoformat())))


def read_page(data: bytes) -> StatementPage:
    """Our side. Raises RuleBroken "message.malformed" or "xml.refused"."""
    told = At(data, STATEMENT, "BkToCstmrStmt", many="Ntry").one("Stmt")
    account = told.text("Acct/Id/Othr/Id", 34)
    balances = {balance.text("Tp/CdOrPrtry/Cd", 4): balance for balance in told.all("Bal")}
    if not {"OPBD", "CLBD"} <= set(balances) or any(balance.text("CdtDbtInd") != "CRDT" for balance in balances.values()):
        raise RuleBroken("message.malformed", element="Bal")
    return StatementPage(
        account=account,
        day=_day(balances["CLBD"]),
        number=told.number("StmtPgntn/PgNb"),
        is_last=told.choice("StmtPgntn/LastPgInd", {"true": True, "1": True, "false": False, "0": False}),
        opening=balances["OPBD"].amount("Amt"),
        closing=balances["CLBD"].amount("Amt"),
        count=told.number("TxsSummry/TtlNtries/NbOfNtries"),
        entries=tuple(part for entry in told.all("Ntry") for part in read_entries(entry, account)),
    )


def _day(balance: At) -> date:
    try:
        return date.fromisoformat(balance.text("Dt/Dt", 10))
    except ValueError:
        raise RuleBroken("message.malformed", element="Dt") from None
