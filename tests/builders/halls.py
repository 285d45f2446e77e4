"""Halls with which tests begin: bids or applications are taken of four firms, three have sealed, or all is read out."""

from __future__ import annotations

import shutil
from pathlib import Path

from core.kernel.files import FileStore
from core.kernel.work import Door
from tests.builders.beginnings import Beginning, Built
from tests.builders.bids import Hall, applying, fresh_log, hall
from tests.builders.trading import tender


def _taking(door: Door, clock_file: Path) -> Hall:
    return _of_four(hall(tender(door, clock_file), clock_file.parent))


def _applying(door: Door, clock_file: Path) -> Hall:
    return _of_four(applying(tender(door, clock_file), clock_file.parent))


def _of_four(made: Hall) -> Hall:
    made.tender.join_bidders(4)
    return made


def _seal(made: Hall) -> Hall:
    for n, bidder in enumerate(made.tender.bidders[:3], 1):
        made.seal(bidder, price=f"13{n}000000.00")
    return made


def _apply(made: Hall) -> Hall:
    for firm in made.tender.bidders[:3]:
        made.seal(firm)
    return made


def _open(made: Hall) -> Hall:
    """The first two are there, the third is rescued."""
    a, b, c, _ = made.tender.bidders
    made.decrypting(a, b)
    made.release(a)
    made.release(b)
    made.after_window()
    made.rescue("centre", c)
    made.rescue("tenderer", c)
    made.batch()
    return made


TAKING = Beginning("a lot takes bids of four firms", _taking)
SEALED = TAKING.then("three of four have sealed", lambda made: _seal(_there(made)))
READ = SEALED.then("bids are opened and read out", lambda made: _open(_there(made)))
APPLYING = Beginning("a round takes applications of four firms", _applying)
APPLIED = APPLYING.then("three of four have applied", lambda made: _apply(_there(made)))


def _there(made: Hall) -> Hall:
    """The hall, whose files go on from those of the world before it."""
    return moved_in(made, made.folder, made.tender.clock_file.parent)


def at_home(world: Hall, built: Built, folder: Path) -> Hall:
    """The hall as it was built, with files of its own in a test's folder."""
    return moved_in(world, built.clock_file.parent, folder)


def moved_in(made: Hall, before: Path, folder: Path) -> Hall:
    """The hall with a copy of the files that it had there."""
    shutil.copytree(before / "files", folder / "files", dirs_exist_ok=True)
    made.folder, made.files, made.log = folder, FileStore(folder / "files"), fresh_log()
    return made
