"""The catalogue of sites as exported: played, logged, witnessed and packed on a platform of its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from app.evidence.package import build_sites, own_policy
from app.sandbox.state import StateFolder
from core.identity.services.certificates import certify_platform
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import open_engine
from core.kernel.errors import NotFound
from core.kernel.files import FileStore
from core.kernel.signing import Ed25519Signer, Signer
from core.kernel.work import Door
from core.settings import load
from core.web.platform import Platform
from tests.builders.people import authority, people
from tests.builders.sites import Sites, sites_of
from tests.builders.whole import outside
from tests.verify.forging import Case


@contextmanager
def packed(folder: Path, template: Path, play: Callable[[Sites], None]) -> Iterator[Case]:
    """The package of what `play` does, with all the keys behind it."""
    shutil.copy(template, folder / "gongheng.db")
    url, clock_file = f"sqlite:///{folder / 'gongheng.db'}", folder / "clock"
    told = {"DEMONSTRATION": "yes", "DATA_DIR": str(folder), "DATABASE_URL": url, "CLOCK_FILE": str(clock_file)}
    settings = load({f"GONGHENG_{name}": value for name, value in told.items()})
    engine = open_engine(url)
    platform = Ed25519Signer.from_seed(bytes(range(32)))
    door = Door(engine, platform, clock_file=clock_file, readers=2)
    door.perform(SYSTEM_ACTOR, lambda work: certify_platform(work, authority(), "gongheng", platform.key))
    with outside(folder, clock_file, Ed25519Signer.from_seed(bytes(32))) as log:
        parts = {"authority": authority(), "log": log}
        here = cast(Platform, SimpleNamespace(door=door, files=FileStore(folder / "files"), settings=settings, parts=parts))
        with pytest.raises(NotFound):
            build_sites(here)
        made = sites_of(door, people(door))
        play(made)
        log.grow_and_witness(door)
        target = folder / "sites.zip"
        shutil.copy(here.files.path(build_sites(here).sha256), target)
        signers: dict[str, Signer] = {platform.key.key_id: platform}
        for person in (made.keeper, *made.staff.values()):
            signers |= {person.signer.key.key_id: person.signer, person.authenticator.key.key_id: person.authenticator}
        witness = Ed25519Signer.from_seed(StateFolder(folder / "witness").read("key") or b"")
        yield Case(target, own_policy(authority(), log, settings), platform, log.key, witness, signers)
    door.close()
    engine.dispose()
