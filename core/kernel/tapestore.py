"""Where tapes lie: a recording and its index side by side; what was acknowledged is on disk, and what lies behind it is cut off."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Sequence
from errno import EDQUOT, ENOSPC
from pathlib import Path
from tempfile import TemporaryFile
from typing import Self

from core.kernel.errors import NotFound
from core.kernel.files import digest_of, sync_folder
from core.kernel.tape import RECORD, Slice, read_index

_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

FULL = frozenset({ENOSPC, EDQUOT})
PROBE = 1024**2  # bytes: some seconds of both forms


class TapeStore:
    """The tapes in one folder. Blocking: call it from native threads, never from the event loop."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def open(self, tape: str) -> Tape:
        """The tape for writing, this caller's alone until it is closed. Raises BlockingIOError while another writes it."""
        self._index(tape).parent.mkdir(parents=True, exist_ok=True)
        return Tape(self.path(tape), self._index(tape))

    def has_room(self) -> bool:
        """Whether a recording could begin now: what its first seconds take is written, and deleted."""
        self._root.mkdir(parents=True, exist_ok=True)
        try:
            with TemporaryFile(dir=self._root, buffering=0) as probe:
                _put(probe.fileno(), bytes(PROBE), 0)
                os.fdatasync(probe.fileno())
        except OSError as fault:
            if fault.errno in FULL:
                return False
            raise
        return True

    def path(self, tape: str) -> Path:
        """Where the recording lies or will lie. Raises NotFound for what is no tape's name."""
        return self._named(tape, ".webm")

    def recording(self, tape: str) -> Path:
        """The same of a recording that is there. Raises NotFound."""
        path = self.path(tape)
        if not path.exists():
            raise NotFound("tape.missing")
        return path

    def index(self, tape: str) -> Path:
        """The index of a tape that was begun. Raises NotFound."""
        path = self._index(tape)
        if not path.exists():
            raise NotFound("tape.missing")
        return path

    def slices(self, tape: str, since: int = 0) -> list[Slice]:
        """The records from number `since` (0 for the first) on; none while nothing was recorded. A record that breaks off is none."""
        path = self._index(tape)
        if not path.exists():
            return []
        with path.open("rb") as source:
            source.seek(since * RECORD)
            data = source.read()
        return list(read_index(data[: len(data) // RECORD * RECORD]))

    def settle(self, tape: str) -> bool:
        """Cuts off what was never acknowledged; False, and nothing done, while somebody writes the tape."""
        try:
            with self.open(tape):
                return True
        except BlockingIOError:
            return False

    def remove(self, tape: str) -> None:
        """Deletes the recording; the index stays, so that the chain still tells what there was. Harmless when repeated."""
        self.path(tape).unlink(missing_ok=True)

    def copy(self, tape: str, to: TapeStore) -> str:
        """Puts a second copy of recording and index into another store, on disk and compared; returns the recording's hex SHA-256."""
        to._index(tape).parent.mkdir(parents=True, exist_ok=True)
        for source, target in ((self.index(tape), to._index(tape)), (self.recording(tape), to.path(tape))):
            fresh = target.with_name(f"{target.name}.new")
            shutil.copyfile(source, fresh)
            with fresh.open("rb") as written:
                os.fsync(written.fileno())
            fresh.replace(target)
            sync_folder(target.parent)
            if digest_of(source) != digest_of(target):
                raise OSError(f"{target}: the copy differs")
        return digest_of(to.path(tape))

    def _index(self, tape: str) -> Path:
        return self._named(tape, ".index")

    def _named(self, tape: str, ending: str) -> Path:
        if _NAME.fullmatch(tape) is None:
            raise NotFound("tape.missing")
        return self._root / tape[-2:] / (tape + ending)


class Tape:
    """A tape while one writer holds it, across processes too; opening it cuts off whatever was not acknowledged."""

    def __init__(self, recording: Path, index: Path) -> None:
        self._index = os.open(index, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._index, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._index)
            raise
        self._recording = os.open(recording, os.O_RDWR | os.O_CREAT, 0o600)
        self._at, self._index_at = self._cut()
        sync_folder(index.parent)

    def append(self, arrived: Sequence[tuple[bytes, Slice]]) -> None:
        """Writes slices behind the last; returns when they are on disk, and may be acknowledged: the recording first, then the index.
        Raises OSError where they cannot be kept, a full disk for one: then nothing of them stays."""
        at, index_at = self._at, self._index_at
        try:
            for content, _ in arrived:
                at = _put(self._recording, content, at)
            os.fdatasync(self._recording)
            index_at = _put(self._index, b"".join(one.record() for _, one in arrived), index_at)
            os.fdatasync(self._index)
        except OSError:
            os.ftruncate(self._index, self._index_at)
            os.ftruncate(self._recording, self._at)
            raise
        self._at, self._index_at = at, index_at

    def close(self) -> None:
        """Lets go."""
        os.close(self._recording)
        os.close(self._index)

    def _cut(self) -> tuple[int, int]:
        """Of index and recording alike what belongs together stays: whole records, as far as their bytes are there; where both end."""
        held = os.fstat(self._recording).st_size
        data = os.pread(self._index, os.fstat(self._index).st_size, 0)
        whole, size = 0, 0
        for one in read_index(data[: len(data) // RECORD * RECORD]):
            if size + one.size > held:
                break
            whole, size = whole + 1, size + one.size
        os.ftruncate(self._recording, size)
        os.ftruncate(self._index, whole * RECORD)
        return size, whole * RECORD

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _put(file: int, content: bytes, at: int) -> int:
    """Writes all of it there; returns where it ends."""
    rest = memoryview(content)
    while rest:
        written = os.pwrite(file, rest, at)
        at, rest = at + written, rest[written:]
    return at
