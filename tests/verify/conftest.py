"""One whole case, played once for all tests of the verifier, and what a forger of it would have to hold."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import deposits.domain.audience
import evaluation.domain.audience
import trading.domain.audience
from app.verify import archive
from core.kernel.db import open_engine
from core.kernel.signing import Ed25519Signer
from core.kernel.work import Door
from core.settings import load
from tests.builders.whole import Whole, whole
from tests.verify.forging import Case

PROJECTIONS = {**deposits.domain.audience.PROJECTIONS, **trading.domain.audience.PROJECTIONS, **evaluation.domain.audience.PROJECTIONS}

LOOKED = {"checks": [], "low_price": {"of_mean": "99", "of_second_lowest": "98", "of_ceiling": "10"}, "price_check": True}
"""Prices are looked through, and the cheapest misses a limit."""
REVIEW = LOOKED | {
    "adjustments": [
        {"id": "late", "text": "工期每延误一周", "article": "须知 5.3", "measure": "percent", "each": "0.01", "unit": "周"},
        {"id": "missing", "text": "漏项补足", "article": "须知 5.4", "measure": "amount", "each": "", "unit": ""},
    ],
    "preferences": [{"kind": "small", "percent": "0.1", "article": "须知 6.1"}],
}
"""They are weighed as well."""


@contextmanager
def unplayed(folder: Path, template: Path, **changes: Any) -> Iterator[Whole]:
    """A case that begins, on a platform of its own in this folder; `changes` as for `whole`."""
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    told = {"DEMONSTRATION": "yes", "DATA_DIR": str(folder), "DATABASE_URL": url, "CLOCK_FILE": str(clock_file)}
    settings = load({f"GONGHENG_{name}": value for name, value in told.items()})
    with door_at(folder, template) as (door, _), whole(door, clock_file, folder, settings, **changes) as made:
        yield made


@contextmanager
def door_at(folder: Path, template: Path) -> Iterator[tuple[Door, Path]]:
    """A door to a database of its own in this folder, and the file of its clock."""
    shutil.copy(template, folder / "gongheng.db")
    engine, clock_file = open_engine(f"sqlite:///{folder / 'gongheng.db'}"), folder / "clock"
    door = Door(engine, Ed25519Signer.from_seed(bytes(range(32))), projections=PROJECTIONS, clock_file=clock_file, readers=2)
    yield door, clock_file
    door.close()
    engine.dispose()


@pytest.fixture(scope="session")
def case(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """A case that was played to its close, as exported."""
    folder = tmp_path_factory.mktemp("whole")
    with unplayed(folder, sqlite_template, review=REVIEW) as made:
        played = Case.of(made, made.play().export(), folder)
        played.recorded = made.export(with_tapes=True)
        yield played


def members_of(case: Case) -> dict[str, bytes]:
    """The members of a case's package, to be changed."""
    return _members(case.path)


def _members(path: Path) -> dict[str, bytes]:
    held = io.BytesIO(path.read_bytes())
    return {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}


@pytest.fixture(scope="session")
def with_tapes(case: Case) -> dict[str, bytes]:
    """The members of the whole case's package that has its recordings."""
    assert case.recorded is not None
    return _members(case.recorded)


@pytest.fixture
def members(case: Case) -> dict[str, bytes]:
    """The members of the whole case's package, to be changed."""
    return members_of(case)
