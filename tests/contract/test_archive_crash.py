"""Archiving under kill -9: whenever it dies, doing it again files the case once, under the number it had, with a package that verifies."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel import chain
from core.settings import Settings
from tests.builders import archives
from tests.builders.orders import terminate
from tests.builders.whole import Whole, whole
from tests.contract.test_opening_crash import Revolving
from trading.domain.archive import ArchiveState, chain_of


def archive(case: Whole, kill_after: float | None) -> None:
    """Has another process prepare and file the case, killed after so many seconds or left alone."""
    world = case.hall.tender
    world.door.shut()  # type: ignore[attr-defined]
    child = os.fork()
    if child == 0:
        code = 1
        try:
            archives.prepare(case.platform, world)
            archives.file(world)
            code = 0
        finally:
            os._exit(code)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    assert kill_after is not None or status == 0


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_case_is_filed_once_whenever_its_archiving_dies(
    database: str, clock_file: Path, tmp_path: Path, projections: Any, settings: Settings
) -> None:
    door: Any = Revolving(database, clock_file, projections)
    chance = random.Random(20261129)
    with whole(door, clock_file, tmp_path, settings) as case:
        world = case.hall.tender
        terminate(world)
        case.deliver()
        case.close()
        numbers = set()
        for after in (0.0, 0.2, *(chance.uniform(0.2, 4.0) for _ in range(8))):
            archive(case, after)
            view = archives.view(world)
            numbers |= {view.number} - {""}
            if view.state is ArchiveState.FILED:
                break
        if archives.view(world).state is not ArchiveState.FILED:
            archive(case, None)
        filed = archives.view(world)
        assert filed.state is ArchiveState.FILED and numbers <= {filed.number} and filed.number.endswith("-0001")
        assert [event.kind for event in door.read(lambda session: chain.events(session, chain_of(world.case)))] == ["case.archive"]
        verdict = verify(case.hall.files.path(filed.package_sha256), case.policy)
        assert [(one.check, one.code) for one in verdict.findings if not one.holds] == []
