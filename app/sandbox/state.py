"""What a sandbox process keeps between runs, written so that kill -9 at any moment leaves either the old or the new."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


class StateFolder:
    """A folder of small files, readable by the owner alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def read(self, name: str) -> bytes | None:
        """The file's content, None where there is none yet."""
        file = self.folder / name
        return file.read_bytes() if file.exists() else None

    def write(self, name: str, content: bytes) -> None:
        """Replaces the file in one step; on disk when this returns."""
        fresh, file = self.folder / f".{name}.new", self.folder / name
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as sink:
            sink.write(content)
            sink.flush()
            os.fsync(sink.fileno())
        fresh.replace(file)
        folder = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def once(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The file's content, made at the first call."""
        content = self.read(name)
        if content is None:
            content = make()
            self.write(name, content)
        return content
