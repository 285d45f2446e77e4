"""Whoever reads releases while they are published sees each once and skips none, however many processes publish at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import ExitStack, closing
from threading import Event
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import connect_reader, open_engine
from core.kernel.ids import OrgId
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door, Work
from trading.domain.lot import LotState
from trading.domain.ocds import PublicLot, PublicOrg, Told
from trading.domain.project import Category
from trading.domain.publication import ReleaseTag
from trading.queries import ocds as queries
from trading.services import ocds

PROCESSES, WRITERS, EACH = 3, 4, 5


def told(work: Work, name: str) -> Told:
    org, now = PublicOrg(OrgId(UUID(int=1)), "临江市城市建设投资有限公司"), work.now()
    lot = PublicLot(number="T2026-000001-1", title="一标段", state=LotState.BIDDING, release_at=now, deadline=now)
    return Told(
        id=name,
        tag=ReleaseTag.TENDER_UPDATE,
        at=now,
        case="T2026-000001",
        title="临江市滨江路提升工程施工",
        category=Category.CONSTRUCTION,
        tenderer=org,
        agency=org,
        lot=lot,
        all_lots=(lot,),
    )


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_reader_sees_each_release_once_while_several_processes_publish(database: str, platform_key: Ed25519Signer) -> None:
    names = [f"R{process}-{writer}-{n}" for process in range(PROCESSES) for writer in range(WRITERS) for n in range(EACH)]
    done, seen = Event(), list[tuple[int, str]]()

    def write(door: Door, mine: list[str]) -> None:
        for name in mine:
            door.perform(SYSTEM_ACTOR, lambda work, name=name: ocds.publish(work, told(work, name)))  # type: ignore[misc]

    def read() -> None:
        engine = open_engine(database)
        with closing(connect_reader(engine)) as connection:
            last = False
            while not last:
                last = done.is_set()
                with connection.begin(), Session(connection) as session:
                    found = queries.since(session, seen[-1][0] if seen else 0, 5)
                seen.extend((one.seq, one.body["id"]) for one in found)
                last = last and not found
        engine.dispose()

    with ExitStack() as stack, ThreadPoolExecutor(PROCESSES * WRITERS + 1) as pool:
        doors = [stack.enter_context(closing(Door(open_engine(database), platform_key, group=8, readers=1))) for _ in range(PROCESSES)]
        reading = pool.submit(read)
        slices = [(doors[n % PROCESSES], names[n :: PROCESSES * WRITERS]) for n in range(PROCESSES * WRITERS)]
        writings = [pool.submit(write, *slice_) for slice_ in slices]
        wait(writings)
        done.set()
        reading.result()
    assert [writing.exception() for writing in writings if writing.exception()] == []
    assert [seq for seq, _ in seen] == list(range(1, len(names) + 1))
    assert sorted(name for _, name in seen) == sorted(names)
