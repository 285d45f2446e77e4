"""The sandbox bank's own books: accounts, movements, orders and what its notices tell, in a database of its own."""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from app.sandbox.bank_faults import Faults
from core.kernel import clock
from core.kernel.calendar import legal_day, start_of
from core.kernel.money import Money
from deposits.domain import orders, statement
from deposits.domain.account import CollectingAccount
from deposits.domain.interest import Part, accrued, to_fen
from deposits.domain.messages import BankEntry, Notices, OrderStatus, PaymentOrder, PaymentStatus, Report
from deposits.domain.recall import Recall, Resolution, Resolved
from deposits.domain.statement import StatementPage

PAGE = 500
BANK_NAME, BANK_ACCOUNT = "临江市商业银行", "62100000000000"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS account (number TEXT PRIMARY KEY, name TEXT NOT NULL, closed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS movement (
    id INTEGER PRIMARY KEY, account TEXT NOT NULL, seq INTEGER UNIQUE, ref TEXT NOT NULL, credit INTEGER NOT NULL, fen INTEGER NOT NULL,
    value_at TEXT NOT NULL, party_name TEXT NOT NULL, party_account TEXT NOT NULL, end_to_end_id TEXT NOT NULL, interest INTEGER NOT NULL,
    text TEXT NOT NULL, twice INTEGER NOT NULL, booked_at TEXT NOT NULL, CHECK (fen > 0));
CREATE INDEX IF NOT EXISTS movement_account ON movement (account);
CREATE TABLE IF NOT EXISTS done (key TEXT PRIMARY KEY, status TEXT NOT NULL, cause TEXT NOT NULL, ref TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pending (key TEXT PRIMARY KEY, message BLOB NOT NULL, due INTEGER NOT NULL);
"""
_OLDER = """
ALTER TABLE movement ADD COLUMN booked_at TEXT NOT NULL DEFAULT '';
UPDATE movement SET booked_at = value_at;
"""
_INSERT = """
INSERT INTO movement (account, seq, ref, credit, fen, value_at, party_name, party_account, end_to_end_id, interest, text, twice, booked_at)
VALUES (:account, :seq, :ref, :credit, :fen, :value_at, :party_name, :party_account, :key, :interest, :text, :twice, :booked_at)
"""
REFUSED_AT_WILL, CANCELLED, NOT_ANY_MORE = "MS03", "DS02", "AGNT"  # codes of ISO 20022


@dataclass(frozen=True, slots=True)
class Side:
    """A party of a payment as the other one sees it."""

    account: str
    name: str


@dataclass(frozen=True, slots=True)
class Movement:
    """Money that comes to an account or leaves it; the movements of sub-accounts are what the notices tell."""

    account: str
    credit: bool
    amount: Money
    value_at: datetime
    party: Side
    ref: str
    booked_at: datetime
    key: str = ""
    interest: bool = False
    text: str = "-"


class Books:
    """Every call is one transaction, on disk when it returns; who is killed in between has done nothing."""

    def __init__(self, folder: Path, collecting: CollectingAccount, seed: int = 0) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.collecting = collecting
        self._database = sqlite3.connect(folder / "bank.db", isolation_level=None, check_same_thread=False)
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;" + _SCHEMA)
        if "booked_at" not in {row[1] for row in self._database.execute("PRAGMA table_info(movement)")}:
            self._database.executescript(_OLDER)
        self.faults = Faults(self._database, seed)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    # Accounts

    def is_ours(self, account: str) -> bool:
        """Whether this is the collecting account or one of its sub-accounts, of which all numbers exist."""
        return account.startswith(self.collecting.number)

    def open_account(self, number: str, name: str) -> None:
        """Opens a firm's account; again changes nothing."""
        self._database.execute("INSERT OR IGNORE INTO account (number, name) VALUES (?, ?)", (number, name))

    def close_account(self, number: str, closed: bool = True) -> bool:
        """From now on it can be paid no more, or again; False when there is no such account."""
        return self._database.execute("UPDATE account SET closed = ? WHERE number = ?", (closed, number)).rowcount == 1

    def rename(self, number: str, name: str) -> bool:
        """Its owner is called otherwise from now on; False when there is no such account."""
        return self._database.execute("UPDATE account SET name = ? WHERE number = ?", (name, number)).rowcount == 1

    def name_of(self, number: str) -> str | None:
        """Whose account it is, None when there is none."""
        if self.is_ours(number):
            return self.collecting.name
        row = self._database.execute("SELECT name FROM account WHERE number = ?", (number,)).fetchone()
        return None if row is None else str(row[0])

    def balance(self, number: str) -> Money:
        """What stands on an account; on the collecting account, what stands on all its sub-accounts."""
        if number == self.collecting.number:
            return self._sum("seq IS NOT NULL")
        return self._sum("account = ?", number)

    def _sum(self, where: str, *values: str) -> Money:
        query = f"SELECT COALESCE(SUM(CASE credit WHEN 1 THEN fen ELSE -fen END), 0) FROM movement WHERE {where}"  # noqa: S608 - our words
        return Money(int(self._database.execute(query, values).fetchone()[0]))

    def movements(self, number: str) -> list[sqlite3.Row]:
        """The movements of an account, oldest first."""
        cursor = self._database.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor.execute("SELECT * FROM movement WHERE account = ? ORDER BY id", (number,)).fetchall()

    # Moving money

    def endow(self, number: str, name: str, amount: Money, value_at: datetime) -> None:
        """Opens somebody's account with money on it; again adds to it."""
        with self.transaction():
            self.open_account(number, name)
            if amount.fen:
                self._move(Movement(number, True, amount, value_at, Side("-", "-"), _reference(), value_at, text="cash"))

    def pay(self, key: str, payer: Side, to: str, amount: Money, *, value_at: datetime, now: datetime) -> str:
        """A firm pays into an account; the same key is the same payment. Returns the bank's reference."""
        with self.transaction():
            known = self._done(f"pay:{key}")
            if known is not None:
                return known[2]
            ref = _reference()
            self.open_account(payer.account, payer.name)
            self._move(Movement(payer.account, True, amount, value_at, Side("-", "-"), ref, now, text="cash"))
            self._move(Movement(payer.account, False, amount, value_at, Side(to, self.name_of(to) or "-"), ref, now))
            self._move(Movement(to, True, amount, value_at, payer, ref, now))
            self._database.execute("INSERT INTO done VALUES (?, 'ACSC', '', ?)", (f"pay:{key}", ref))
            return ref

    def execute(self, order: PaymentOrder, at: datetime) -> PaymentStatus:
        """Carries an order out, once for its key; a sub-account that it empties first gets the interest that it has earned."""
        return self.execute_all((order,), at)[0]

    def execute_all(self, batch: Sequence[PaymentOrder], at: datetime) -> list[PaymentStatus]:
        """Carries out the orders of a message, each for itself: one that is refused stops no other. All of them are on disk, or none."""
        with self.transaction():
            return [self._execute(order, at) for order in batch]

    def _execute(self, order: PaymentOrder, at: datetime) -> PaymentStatus:
        known = self._done(order.key)
        if known is None and self._is_pending(order.key):
            return PaymentStatus(order.key, OrderStatus.PENDING)
        if known is None and self.faults.strikes("pend_orders"):
            due = _now_ms() + self.faults.get("pend_ms")
            self._database.execute("INSERT INTO pending VALUES (?, ?, ?)", (order.key, orders.write_order(order), due))
            return PaymentStatus(order.key, OrderStatus.PENDING)
        if known is None:
            known = self._decide(order, at)
        return PaymentStatus(order.key, OrderStatus(known[0]), known[1])

    def _decide(self, order: PaymentOrder, at: datetime) -> tuple[str, str, str]:
        cause = REFUSED_AT_WILL if self.faults.strikes("refuse_orders") else self._objection(order, at)
        if not cause:
            self._carry_out(order, at)
        return self._conclude(order.key, "RJCT" if cause else "ACSC", cause)

    def _conclude(self, key: str, status: str, cause: str) -> tuple[str, str, str]:
        self._database.execute("INSERT INTO done VALUES (?, ?, ?, '')", (key, status, cause))
        return status, cause, ""

    def _is_pending(self, key: str) -> bool:
        return self._database.execute("SELECT 1 FROM pending WHERE key = ?", (key,)).fetchone() is not None

    def carry_out_due(self, at: datetime) -> None:
        """Decides the pending orders whose time has come."""
        due = self._database.execute("SELECT key, message FROM pending WHERE due <= ? ORDER BY due", (_now_ms(),)).fetchall()
        for key, message in due:
            with self.transaction():
                self._decide(orders.read_order(message), at)
                self._database.execute("DELETE FROM pending WHERE key = ?", (key,))

    def recall(self, asked: Recall) -> Resolution:
        """Stops an order that is not carried out: one that waits, and one that never came and now never will be taken."""
        with self.transaction():
            known = self._done(asked.key)
            if known is None:
                self._database.execute("DELETE FROM pending WHERE key = ?", (asked.key,))
                known = self._conclude(asked.key, "RJCT", CANCELLED)
            if known[0] == "RJCT":  # for whatever cause: no money has moved, nor will it
                return Resolution(asked.case, asked.key, Resolved.CANCELLED)
            return Resolution(asked.case, asked.key, Resolved.REFUSED, NOT_ANY_MORE)

    def _done(self, key: str) -> tuple[str, str, str] | None:
        row = self._database.execute("SELECT status, cause, ref FROM done WHERE key = ?", (key,)).fetchone()
        return None if row is None else (str(row[0]), str(row[1]), str(row[2]))

    def _objection(self, order: PaymentOrder, at: datetime) -> str:
        """A reason code of ISO 20022, "" for none. Whoever pays from an account of their own has given this bank the mandate."""
        if not self.is_ours(order.debtor_account) and self.name_of(order.debtor_account) != order.debtor_name:
            return "AC02"
        payee = self._database.execute("SELECT name, closed FROM account WHERE number = ?", (order.creditor_account,)).fetchone()
        if payee is None:
            return "AC01"
        if payee[1]:
            return "AC04"
        if str(payee[0]) != order.creditor_name:
            return "BE01"
        missing = order.amount.fen - self.balance(order.debtor_account).fen
        return "AM04" if missing > 0 and missing > self._earned(order.debtor_account, legal_day(at)).fen else ""

    def _carry_out(self, order: PaymentOrder, at: datetime) -> None:
        empties = self.is_ours(order.debtor_account) and order.amount >= self.balance(order.debtor_account)
        if empties and (interest := self._earned(order.debtor_account, legal_day(at))).fen:
            bank = Side(BANK_ACCOUNT, BANK_NAME)
            self._move(Movement(order.debtor_account, True, interest, at, bank, _reference(), at, interest=True, text="interest"))
        ref, payee = _reference(), Side(order.creditor_account, order.creditor_name)
        self._move(Movement(order.debtor_account, False, order.amount, at, payee, ref, at, order.key, text=order.text))
        payer = Side(order.debtor_account, order.debtor_name)
        self._move(Movement(payee.account, True, order.amount, at, payer, ref, at, order.key, text=order.text))

    def _earned(self, account: str, until: date) -> Money:
        """Demand interest on what has stood there, not paid yet: debits earn negatively, which is the same as a running balance."""
        total, paid = Decimal(0), 0
        for row in self.movements(account):
            earned = accrued(Part(Money(row["fen"]), legal_day(clock.moment(row["value_at"]))), until)
            paid += row["fen"] if row["interest"] else 0
            total += earned if row["credit"] else -earned
        return Money(max(to_fen(total).fen - paid, 0)) if total > 0 else Money(0)

    def _move(self, movement: Movement) -> None:
        seq = None
        twice = False
        if self.is_ours(movement.account):
            seq = self.last_seq() + 1
            twice = self.faults.strikes("duplicate_notices")
        row = {
            "account": movement.account,
            "seq": seq,
            "ref": movement.ref,
            "credit": movement.credit,
            "fen": movement.amount.fen,
            "value_at": clock.text(movement.value_at),
            "party_name": movement.party.name,
            "party_account": movement.party.account,
            "key": movement.key,
            "interest": movement.interest,
            "text": movement.text,
            "twice": twice,
            "booked_at": clock.text(movement.booked_at),
        }
        self._database.execute(_INSERT, row)

    # Telling

    def last_seq(self) -> int:
        """The number of the last notice."""
        return int(self._database.execute("SELECT COALESCE(MAX(seq), 0) FROM movement").fetchone()[0])

    def notices(self, after: int) -> Notices:
        """The entries after that number, at most a page; those that are to come twice come twice, and once more with the next page."""
        cursor = self._database.cursor()
        cursor.row_factory = sqlite3.Row
        rows = cursor.execute("SELECT * FROM movement WHERE seq > ? ORDER BY seq LIMIT ?", (after, PAGE)).fetchall()
        if not rows:
            return Notices((), after)
        earlier = "SELECT * FROM movement WHERE twice AND seq > ? AND seq <= ? ORDER BY seq DESC"
        again = cursor.execute(earlier, (after - PAGE, after)).fetchall()
        told = [*rows, *again, *(row for row in rows if row["twice"])]
        if self.faults.strikes("reorder_notices"):
            self.faults.shuffle(told)
        return Notices(tuple(map(_entry, told)), int(rows[-1]["seq"]))

    def report(self, at: datetime) -> Report:
        """The balance of the collecting account as its last notice left it."""
        with self.transaction():
            return Report(self.collecting.number, self.balance(self.collecting.number), self.last_seq(), at)

    def statement(self, day: date, number: int) -> StatementPage | None:
        """A page of what was booked on a Beijing day; None where there is no such page."""
        since, until = (clock.text(start_of(each)) for each in (day, day + timedelta(days=1)))
        within, values = "seq IS NOT NULL AND booked_at >= ? AND booked_at < ?", (since, until)
        count = int(self._database.execute(f"SELECT COUNT(*) FROM movement WHERE {within}", values).fetchone()[0])  # noqa: S608 - our words
        pages = max(-(-count // statement.PAGE), 1)
        if not 1 <= number <= pages:
            return None
        query = f"SELECT * FROM movement WHERE {within} ORDER BY seq LIMIT ? OFFSET ?"  # noqa: S608 - our words
        cursor = self._database.cursor()
        cursor.row_factory = sqlite3.Row
        rows = cursor.execute(query, (*values, statement.PAGE, statement.PAGE * (number - 1))).fetchall()
        opening, closing = (self._sum("seq IS NOT NULL AND booked_at < ?", moment) for moment in values)
        return StatementPage(self.collecting.number, day, number, number == pages, opening, closing, count, tuple(map(_entry, rows)))

    # Faults

    def set_fault(self, name: str, left: int) -> None:
        """Asks for a fault."""
        self.faults.set(name, left)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _reference() -> str:
    """The bank's reference of an entry: random, so that nobody counts other people's entries by it."""
    return f"BK{secrets.token_hex(10).upper()}"


def _entry(row: sqlite3.Row) -> BankEntry:
    return BankEntry(
        seq=row["seq"],
        ref=row["ref"],
        credit=bool(row["credit"]),
        amount=Money(row["fen"]),
        booked_at=clock.moment(row["booked_at"]),
        value_at=clock.moment(row["value_at"]),
        sub_account=row["account"],
        party_name=row["party_name"],
        party_account=row["party_account"],
        end_to_end_id=row["end_to_end_id"],
        interest=bool(row["interest"]),
        text=row["text"],
    )
