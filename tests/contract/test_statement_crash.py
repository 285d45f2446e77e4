"""Statements and recalls under kill -9 of the platform: every row is booked once, every recalled refund fails once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import chain, clock
from core.kernel.ids import CaseId
from core.kernel.roles import Role
from core.kernel.work import Door
from deposits.domain.statement_file import COLUMNS, read_sheet
from deposits.models.bank import BankEntryRow
from deposits.queries import finance, recalls, statement_files
from deposits.services import recalls as recalling
from deposits.services import statement_files as files
from tests.builders.deposits import World
from tests.builders.deposits import world as build
from tests.builders.people import Person
from tests.contract.deposits_load import patient_door

ROOT = Path(__file__).resolve().parents[2]
HEADS = [column.value for column in COLUMNS]
FIRMS, STRANGERS = 6, 900
NOWHERE = "6210001888019999999999"


def struggle(world: World, database: str, clock_file: Path, seed: int, kills: int = 4) -> World:
    """The platform works on what there is, and is killed so often at random moments before it may finish."""
    world.door.close()
    chance, command = (
        random.Random(seed),
        [sys.executable, "-m", "tests.contract.statement_load", database, world.bank.url, str(clock_file)],
    )
    for life in range(kills + 1):
        platform = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert platform.stdout is not None
        assert platform.stdout.readline() == "at work\n"
        clock.write_offset(clock_file, clock.read_offset(clock_file) + timedelta(seconds=11))  # what is unanswered is asked again
        if life == kills:
            rest, _ = platform.communicate(timeout=120)
            assert rest == "done\n"
            break
        time.sleep(chance.uniform(0.02, 0.3))
        platform.kill()
        platform.communicate()
    return replace(world, door=patient_door(database, clock_file))


def confirmed(world: World, clerk: Person) -> int:
    """A sheet with the firms' payments and many of nobody's, signed for. Returns its rows."""
    said = {"direction": "贷", "amount": "800000.00", "booked_at": "2026-08-01 09:00", "key": "", "text": "保证金"}
    rows: list[dict[str, str]] = [
        said
        | {
            "ref": f"F{n}",
            "sub_account": world.view(firm).sub_account,
            "party_name": firm.org_name,
            "party_account": world.account_of(firm),
        }
        for n, firm in enumerate(world.firms)
    ]
    rows += [
        said | {"ref": f"N{n}", "sub_account": NOWHERE, "party_name": f"路人{n}", "party_account": f"62228888{n:06d}", "amount": "1.00"}
        for n in range(STRANGERS)
    ]
    sheet = read_sheet([HEADS, *([row[column] for column in HEADS] for row in rows)], HEADS, world.now)
    file = world.door.perform(clerk.actor, lambda work: files.preview(work, sheet, "流水.xlsx", "0" * 64))
    body: dict[str, Any] = {"id": str(file), "file_sha256": "0" * 64, "rows": len(rows), "left_out": 0}
    request = clerk.act("bank_statement.import", "D-SUSPENSE", body=body, step_up=True)
    world.door.perform(clerk.actor, lambda work: files.confirm(work, request))
    return len(rows)


def recalled(world: World, first: Person, second: Person) -> None:
    """Every refund is with the bank and is to be stopped, as two persons have signed."""
    case = f"D-{world.number}"
    for one in world.door.read(recalls.underway):
        body: dict[str, Any] = {"refund": str(one.refund), "total_fen": one.total.fen, "reason": "收款账号有疑问"}
        asked = first.act("recall.propose", case, body=body, step_up=True)
        told = first.door.perform(first.actor, lambda work, asked=asked: recalling.propose(work, world.number, asked))  # type: ignore[misc]
        signed = second.act("recall.approve", case, body={"proposal_sha256": told["proposal_sha256"], "reason": ""}, step_up=True)
        second.door.perform(second.actor, lambda work, signed=signed: recalling.approve(work, world.number, signed))  # type: ignore[misc]


@pytest.mark.slow
def test_every_row_is_booked_once_and_every_recall_answered_once(door: Door, database: str, clock_file: Path, tmp_path: Path) -> None:
    with build(door, clock_file, tmp_path) as begun:
        begun.ask()
        begun.join(FIRMS, keys=True)
        for firm in begun.firms:
            begun.request(firm)
        clerks = [begun.crowd.join(Role.FINANCE, "临江市公共资源交易中心") for _ in range(2)]
        rows = confirmed(begun, clerks[0])
        world = struggle(begun, database, clock_file, 1)
        view = world.door.read(statement_files.latest)[0]
        assert (view.state, view.booked, view.known) == ("done", rows, 0)
        refs = world.door.read(lambda session: list(session.scalars(select(BankEntryRow.ref))))
        assert len(refs) == len(set(refs)) == rows
        assert {world.view(firm).state for firm in world.firms} == {"matched"}
        assert world.door.read(finance.audit) == finance.Audit((), True, ())

        world.close(*world.firms)
        world.schedule(*world.firms)
        world.sandbox._faults({"pend_orders": FIRMS, "pend_ms": 3_600_000, "lose_statuses": 3})
        world.send()
        recalled(world, *(replace(one, door=world.door) for one in clerks))
        world = struggle(world, database, clock_file, 2)
        assert {world.view(firm).state for firm in world.firms} == {"refund_failed"}
        assert {one.state.value for one in world.door.read(lambda session: recalls.listed(session, None))} == {"stopped"}
        kinds = Counter(event.kind for event in world.door.read(lambda session: chain.events(session, CaseId(f"D-{world.number}"))))
        assert [kinds[kind] for kind in ("refund.send", "recall.answer", "refund.fail")] == [FIRMS] * 3
        assert world.door.read(finance.audit) == finance.Audit((), True, ())
        world.door.close()
