"""A world in which much is paid: lots, firms with basic accounts, their sub-accounts, and what the bank books on them, good and bad."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.engine import Engine

from core.identity.models.people import Organisation
from core.kernel.db import Base, table
from core.kernel.money import Money
from deposits.domain.account import COLLECTING
from deposits.domain.deposit import DepositState, RequirementState
from deposits.domain.messages import BankEntry, Notices
from deposits.models.requirement import BasicAccountRow, Deposit, Requirement

FIRMS, BIDDERS = 1000, 100  # in all, and of each lot
ASKED = Money.yuan("800000.00")
NOW = datetime(2026, 9, 1, 1, tzinfo=UTC)
DEADLINE = NOW + timedelta(days=36500)


def build(engine: Engine, sub_accounts: int) -> None:
    """Lots, firms and deposits that wait for money, written straight into the tables."""
    firms = [uuid4() for _ in range(FIRMS)]
    lots = [(uuid4(), f"T2026-{n:06}-1") for n in range(1, sub_accounts // BIDDERS + 1)]
    with engine.begin() as connection:
        for model, rows in (
            (Organisation, [_firm(n, firm) for n, firm in enumerate(firms)]),
            (BasicAccountRow, [_basic(n, firm) for n, firm in enumerate(firms)]),
            (Requirement, [_asked(lot, number) for lot, number in lots]),
            (Deposit, list(_deposits(firms, [lot for lot, _ in lots]))),
        ):
            _insert(connection, model, rows)


def _insert(connection: Any, model: type[Base], rows: list[dict[str, Any]]) -> None:
    connection.execute(insert(table(model)), rows)


def name_of(firm: int) -> str:
    """A firm's name."""
    return f"第{firm}建筑工程有限公司"


def account_of(firm: int) -> str:
    """The number of its basic account."""
    return f"6222{firm:012d}"


def _firm(n: int, firm: UUID) -> dict[str, Any]:
    return {"id": firm, "uscc": f"91{n:016d}", "name": name_of(n), "joined_at": NOW}


def _basic(n: int, firm: UUID) -> dict[str, Any]:
    return {"org_id": firm, "name": name_of(n), "number": account_of(n), "bank": "建设银行", "registered_at": NOW}


def _asked(lot: UUID, number: str) -> dict[str, Any]:
    return {"lot_id": lot, "number": number, "amount": ASKED, "deadline": DEADLINE, "state": RequirementState.TAKING}


def _deposits(firms: list[UUID], lots: list[UUID]) -> Iterator[dict[str, Any]]:
    for place in range(len(lots) * BIDDERS):
        firm = firm_of(place)
        common = {"no": 1, "state": DepositState.REQUESTED, "required": ASKED, "paid": Money(0), "has_bid": False}
        moments = {"requested_at": NOW, "changed_at": NOW}
        ids = {"id": uuid4(), "lot_id": lots[place // BIDDERS], "org_id": firms[firm], "org_name": name_of(firm)}
        yield {**common, **moments, **ids, "sub_account": sub_account(place)}


def firm_of(place: int) -> int:
    """Which firm has the sub-account of that place."""
    return (place * 7 + place // BIDDERS) % FIRMS


def sub_account(place: int) -> str:
    """Its number."""
    return COLLECTING.sub_account(place)


def pages(entries: int, sub_accounts: int, size: int, seed: int) -> Iterator[Notices]:
    """What the bank tells, in an order drawn from the seed: four part payments complete each deposit; of the rest half come twice over,
    others bear another name, come from another account or too late, and a twentieth of all go to sub-accounts that nobody has."""
    chance = random.Random(seed)
    good: list[tuple[int, dict[str, Any]]] = [(place, {}) for place in range(sub_accounts) for _ in range(4)]
    rest = [(chance.randrange(sub_accounts), _oddity(chance)) for _ in range(entries - len(good))]
    booked = [*good, *rest]
    chance.shuffle(booked)
    made = [_entry(seq, place, changes) for seq, (place, changes) in enumerate(booked, start=1)]
    for start in range(0, len(made), size):
        part = made[start : start + size]
        yield Notices(tuple(part), part[-1].seq)


def _oddity(chance: random.Random) -> dict[str, Any]:
    kind = chance.randrange(20)
    if kind < 10:
        return {}
    if kind < 12:
        return {"party_name": "别的公司"}
    if kind < 14:
        return {"party_account": "62229999999999"}
    if kind < 15:
        return {"value_at": DEADLINE}
    return {"sub_account": COLLECTING.sub_account(9_999_000_000 + chance.randrange(1000))}


def _entry(seq: int, place: int, changes: dict[str, Any]) -> BankEntry:
    facts: dict[str, Any] = {
        "seq": seq,
        "ref": f"BK{seq:018d}",
        "credit": True,
        "amount": Money(ASKED.fen // 4),
        "booked_at": NOW,
        "value_at": NOW,
        "sub_account": sub_account(place),
        "party_name": name_of(firm_of(place)),
        "party_account": account_of(firm_of(place)),
        "end_to_end_id": "",
        "interest": False,
        "text": "投标保证金",
    }
    return BankEntry(**facts | changes)


def total(told: Iterable[Notices]) -> Money:
    """The sum of all that was booked."""
    return Money(sum(entry.amount.fen for page in told for entry in page.entries))
