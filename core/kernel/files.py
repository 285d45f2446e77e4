"""The content-addressed store of files, and the staging area in which uploads grow."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from core.kernel.errors import BadSignature, NotFound

_DIGEST = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9a-f-]{32,36}")
_BLOCK = 1 << 20
_REMEMBERED = 4096  # running digests kept; one that fell out is made again from the staged file


@dataclass(frozen=True, slots=True)
class Stored:
    """A file in the store: hex SHA-256 of its bytes, and how many they are."""

    sha256: str
    size: int


class FileStore:
    """Files under their digests in one folder. Blocking: call it from native threads, never from the event loop."""

    def __init__(self, root: Path) -> None:
        self._objects, self._staging = root / "objects", root / "staging"
        for folder in (self._objects, self._staging):
            folder.mkdir(parents=True, exist_ok=True)
        # Each step on it is one call in C: a lock would be gevent's here, and those lose wake-ups between native threads.
        self._running: OrderedDict[str, tuple[int, hashlib._Hash]] = OrderedDict()

    def free(self) -> int:
        """Bytes that may still be written."""
        room = os.statvfs(self._objects)
        return room.f_bavail * room.f_frsize

    def stage(self, upload: str) -> Staged:
        """Opens the staged file of an upload for writing, making it first; it is this caller's alone until it is closed.

        Locked across processes too: raises BlockingIOError while another writes it. Call `begin` before the first `append`.
        """
        file = os.open(self._staged(upload), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(file)
            raise
        return Staged(self, upload, file)

    def take_digest(self, upload: str, offset: int) -> hashlib._Hash | None:
        """The running digest of an upload's first `offset` bytes, None where it is not remembered; the taker keeps it again."""
        known, digest = self._running.pop(upload, (-1, None))
        return digest if known == offset else hashlib.sha256() if offset == 0 else None

    def keep_digest(self, upload: str, offset: int, digest: hashlib._Hash) -> None:
        """Remembers the running digest of an upload's first `offset` bytes."""
        self._running[upload] = offset, digest
        if len(self._running) > _REMEMBERED:
            self._running.popitem(last=False)

    def finish(self, upload: str, size: int) -> Stored:
        """Puts the staged file under its digest as well; it stays staged until `discard`, so a crash before the row is committed
        loses nothing and this may be repeated. Raises NotFound if nothing is staged."""
        path, name = self.staged(upload), self.sum(upload, size)
        target = self._path(name)
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            os.link(path, target)
            sync_folder(target.parent)
        return Stored(name, size)

    def sum(self, upload: str, size: int) -> str:
        """The hex SHA-256 of a staged file of `size` bytes. Raises NotFound if nothing is staged."""
        path, digest = self.staged(upload), self.take_digest(upload, size)
        return digest.hexdigest() if digest is not None else digest_of(path)

    def staged(self, upload: str) -> Path:
        """Where a staged file lies; raises NotFound."""
        path = self._staged(upload)
        if not path.exists():
            raise NotFound("upload.missing")
        return path

    def discard(self, upload: str) -> None:
        """Forgets an upload that was given up."""
        self._running.pop(upload, None)
        self._staged(upload).unlink(missing_ok=True)

    def put(self, content: bytes) -> Stored:
        """Stores bytes that are at hand; storing the same again changes nothing."""
        name = hashlib.sha256(content).hexdigest()
        target = self._path(name)
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            fresh = self._staging / f"put-{os.getpid()}-{threading.get_ident()}-{name[:16]}"
            with fresh.open("wb") as sink:
                sink.write(content)
                sink.flush()
                os.fsync(sink.fileno())
            fresh.replace(target)
            sync_folder(target.parent)
        return Stored(name, len(content))

    def path_for_making(self) -> Path:
        """A fresh path in the staging area for something large that this process makes itself; `adopt` takes it in."""
        return self._staging / f"make-{os.getpid()}-{secrets.token_hex(8)}"

    def adopt(self, made: Path) -> Stored:
        """Takes a file that was made at `path_for_making` into the store, synced."""
        with made.open("rb") as source:
            os.fsync(source.fileno())
        stored = Stored(digest_of(made), made.stat().st_size)
        target = self._path(stored.sha256)
        target.parent.mkdir(exist_ok=True)
        made.replace(target)
        sync_folder(target.parent)
        return stored

    def path(self, sha256: str) -> Path:
        """Where a stored file lies, for tools that read files; raises NotFound."""
        path = self._path(sha256)
        if not path.exists():
            raise NotFound("file.missing")
        return path

    def read(self, sha256: str) -> bytes:
        """A stored file's bytes, checked against its digest; raises NotFound, or BadSignature when the disk has changed it."""
        content = self.path(sha256).read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise BadSignature("file.changed", sha256=sha256)
        return content

    def pieces(self, sha256: str, size: int = _BLOCK) -> Iterator[bytes]:
        """A stored file's bytes a piece at a time, unchecked: for sending."""
        return pieces_of(self.path(sha256), size)

    def remove(self, sha256: str) -> None:
        """Deletes a stored file (the boxes of a bid that failed, at the close of its case); deleting it again changes nothing."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if _DIGEST.fullmatch(sha256) is None:
            raise NotFound("file.missing")
        return self._objects / sha256[:2] / sha256

    def _staged(self, upload: str) -> Path:
        if _NAME.fullmatch(upload) is None:
            raise NotFound("upload.missing")
        return self._staging / upload


class Staged:
    """An upload's file while one writer holds it: what is appended is hashed on the way, and is safe only after `settle`."""

    def __init__(self, store: FileStore, upload: str, file: int) -> None:
        self._store, self._upload, self._file = store, upload, file
        self.offset, self._begun_at = 0, 0
        self._digest: hashlib._Hash | None = None
        self._begun_with: hashlib._Hash | None = None

    def begin(self, offset: int) -> None:
        """Starts behind the acknowledged offset: whatever lies there from a part that was never acknowledged is cut off."""
        self.offset = self._begun_at = offset
        self._digest = self._store.take_digest(self._upload, offset)
        self._begun_with = None if self._digest is None else self._digest.copy()
        os.ftruncate(self._file, min(offset, os.fstat(self._file).st_size))

    def append(self, piece: bytes | memoryview) -> None:
        """Writes a piece at the end and takes it into the running digest."""
        if self._digest is not None:
            self._digest.update(piece)
        rest = memoryview(piece)
        while rest:
            written = os.pwrite(self._file, rest, self.offset)
            self.offset, rest = self.offset + written, rest[written:]

    def give_up(self) -> None:
        """Cuts off all that was appended since `begin`: the part failed its checksum."""
        os.ftruncate(self._file, self._begun_at)
        self.offset, self._digest = self._begun_at, self._begun_with

    def settle(self) -> None:
        """Returns when all that was appended is on disk; only then may the offset be acknowledged."""
        os.fdatasync(self._file)
        if self._digest is not None:
            self._store.keep_digest(self._upload, self.offset, self._digest)
            self._digest = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._file)


def digest_of(path: Path) -> str:
    """Hex SHA-256 of a file of any size."""
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def pieces_of(path: Path, size: int = _BLOCK) -> Iterator[bytes]:
    """A file's bytes a piece at a time."""
    with path.open("rb") as source:
        while piece := source.read(size):
            yield piece


def sync_folder(folder: Path) -> None:
    """Returns when the names in a folder are on disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
