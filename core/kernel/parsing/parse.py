"""Has a stranger's file read by a process of its own; whatever becomes of that process is an answer too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from core.kernel.parsing.parsed import Kind, Oddity, ParsedFile

SECONDS = 60.0
_SIGXCPU, _SIGKILL = -24, -9


def parse(path: Path, name: str, seconds: float = SECONDS) -> ParsedFile:
    """The file at `path`, which its maker called `name`. Never raises for what is in the file.

    Raises FileNotFoundError without a file, and OSError where the machine can't confine a process: then nothing is read at all.
    """
    command = [sys.executable, "-I", "-m", "core.kernel.parsing.child", name]
    with path.open("rb") as source:
        try:
            done = subprocess.run(  # noqa: S603  our own reader; the name is an argument, never a command
                command, stdin=source, capture_output=True, timeout=seconds, check=False, cwd="/", env={"LANG": "C.UTF-8"}
            )
        except subprocess.TimeoutExpired:
            return ParsedFile(Kind.OTHER, (Oddity.OUT_OF_TIME,))
    if done.returncode in (_SIGXCPU, _SIGKILL):
        return ParsedFile(Kind.OTHER, (Oddity.OUT_OF_TIME,))
    if b"can't be confined" in done.stderr:
        raise OSError(done.stderr.decode(errors="replace").strip())
    try:
        return ParsedFile.from_json(json.loads(done.stdout))
    except (ValueError, KeyError, TypeError):
        memory = b"MemoryError" in done.stderr or b"bad_alloc" in done.stderr
        return ParsedFile(Kind.OTHER, (Oddity.OUT_OF_MEMORY if memory else Oddity.READER_FAILED,))
