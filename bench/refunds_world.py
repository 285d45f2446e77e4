"""A world in which much is to be refunded: lots, firms that have paid into their sub-accounts, and the sandbox bank's books of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert

from app.sandbox.bank_books import Books, Side
from core.identity.models.people import Organisation
from core.kernel import clock
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine, table
from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from core.kernel.work import Door
from deposits.domain.account import COLLECTING
from deposits.domain.deposit import DepositState, RequirementState
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement
from deposits.services import refunds, requirements

BIDDERS = 100  # of each lot
ASKED = Money.yuan("800000.00")
EARNS_FOR = timedelta(days=47)


def name_of(firm: int) -> str:
    """A firm's name."""
    return f"第{firm}建筑工程有限公司"


def account_of(firm: int) -> str:
    """The number of its basic account: each of the world's firms bids once."""
    return f"6222{firm:012d}"


def build(url: str, clock_file: Path, count: int) -> list[tuple[LotId, list[OrgId]]]:
    """Lots, firms and deposits that wait for money, written straight into the tables. Returns each lot with its bidders."""
    now = clock.now(clock_file)
    firms, lots = [uuid4() for _ in range(count)], [uuid4() for _ in range(-(-count // BIDDERS))]
    names = list(enumerate(firms))
    rows: tuple[tuple[Any, list[dict[str, Any]]], ...] = (
        (Organisation, [{"id": firm, "uscc": f"91{n:016d}", "name": name_of(n), "joined_at": now} for n, firm in names]),
        (BasicAccountRow, [_basic(n, firm) | {"registered_at": now} for n, firm in names]),
        (Requirement, [_asked(n, lot) | {"deadline": now + timedelta(days=1)} for n, lot in enumerate(lots, start=1)]),
        (Deposit, [_deposit(n, firm, lots) | {"requested_at": now, "changed_at": now} for n, firm in names]),
    )
    engine = open_engine(url)
    with engine.begin() as connection:
        for model, made in rows:
            connection.execute(insert(table(model)), made)
    engine.dispose()
    return [(LotId(lot), [OrgId(firm) for firm in firms[n * BIDDERS : (n + 1) * BIDDERS]]) for n, lot in enumerate(lots)]


def _basic(n: int, firm: UUID) -> dict[str, Any]:
    return {"org_id": firm, "name": name_of(n), "number": account_of(n), "bank": "建设银行"}


def _asked(n: int, lot: UUID) -> dict[str, Any]:
    return {"lot_id": lot, "number": f"T2026-{n:06d}-1", "amount": ASKED, "state": RequirementState.TAKING}


def _deposit(n: int, firm: UUID, lots: list[UUID]) -> dict[str, Any]:
    common = {"no": 1, "state": DepositState.REQUESTED, "required": ASKED, "paid": Money(0), "has_bid": False}
    ids = {"id": uuid4(), "lot_id": lots[n // BIDDERS], "org_id": firm, "org_name": name_of(n)}
    return common | ids | {"sub_account": COLLECTING.sub_account(n)}


def pay(folder: Path, clock_file: Path, count: int) -> None:
    """Every firm pays, straight in the bank's books."""
    books, now = Books(folder, COLLECTING), clock.moment(clock.text(clock.now(clock_file)))
    books._database.execute("PRAGMA synchronous=OFF")
    for n in range(count):
        books.pay(f"pay-{n}", Side(account_of(n), name_of(n)), COLLECTING.sub_account(n), ASKED, value_at=now, now=now)
    books._database.close()


def promise(door: Door, clock_file: Path, lots: list[tuple[LotId, list[OrgId]]]) -> None:
    """The deadlines pass, the lots are opened, and their contracts are signed: all deposits are to go back within five days."""
    clock.write_offset(clock_file, clock.read_offset(clock_file) + EARNS_FOR)
    for lot, orgs in lots:
        due_at = door.read(door.clock) + timedelta(days=5)
        for step in _steps(lot, orgs, due_at):
            door.perform(SYSTEM_ACTOR, step)


def _steps(lot: LotId, orgs: list[OrgId], due_at: Any) -> Iterator[Any]:
    yield lambda work: requirements.close(work, lot, orgs)
    yield lambda work: requirements.unseal(work, lot)
    yield lambda work: refunds.schedule(work, lot, orgs, "contract_signed", due_at)
