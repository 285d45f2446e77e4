"""Old deposits under kill -9 of the platform: a sheet of many rows is booked once, every decided payout is paid once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel import chain, clock
from core.kernel.ids import CaseId
from core.kernel.work import Door
from deposits.domain.dormant_said import chain_of
from deposits.queries import finance
from deposits.services import dormant_ledgers
from tests.builders.dormant import World, old, world
from tests.contract.deposits_load import patient_door

ROOT = Path(__file__).resolve().parents[2]
ROWS, PAYOUTS = 900, 6


def struggle(made: World, database: str, clock_file: Path, seed: int, kills: int = 4) -> None:
    """The platform works on what there is, and is killed so often at random moments before it may finish."""
    made.door.close()
    chance, command = random.Random(seed), [sys.executable, "-m", "tests.contract.dormant_load", database, made.deposits.bank.url]
    for life in range(kills + 1):
        platform = subprocess.Popen([*command, str(clock_file)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
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
    made.deposits.door = patient_door(database, clock_file)
    made.clerk, made.chief = replace(made.clerk, door=made.door), replace(made.chief, door=made.door)


def kinds(made: World, kind: str) -> int:
    events = made.door.read(lambda session: chain.events(session, CaseId(chain_of(made.ledger))))
    return sum(event.kind == kind for event in events)


@pytest.mark.slow
def test_a_sheet_is_booked_once_and_every_payout_paid_once(door: Door, database: str, clock_file: Path, tmp_path: Path) -> None:
    with world(door, clock_file, tmp_path) as made:
        made.preview(*[old(n, payer=f"第{n}建筑公司") for n in range(1, ROWS + 1)])
        made.sign(made.clerk, "dormant.import", dormant_ledgers.confirm, made.book_body())
        struggle(made, database, clock_file, 1)
        rows = made.rows()
        assert [row.number for row in rows] == [made.number(place) for place in range(1, ROWS + 1)]
        assert kinds(made, "dormant.book") == 1
        made.publish()
        made.move_in("60000.00")
        made.seek(*range(1, PAYOUTS + 1))
        made.jump(days=61)
        for place in range(1, PAYOUTS + 1):
            made.decide(made.propose(place, way="notary"))
        struggle(made, database, clock_file, 2)
        assert [payout.state.value for payout in made.payouts()] == ["paid"] * PAYOUTS
        assert {made.state(place) for place in range(1, PAYOUTS + 1)} == {"with_notary"}
        assert made.received("notary") == "60000.00"
        assert (kinds(made, "refund.confirm"), kinds(made, "dormant.settle")) == (PAYOUTS, PAYOUTS)
        assert made.door.read(finance.audit) == finance.Audit((), True, ())
        made.door.close()
