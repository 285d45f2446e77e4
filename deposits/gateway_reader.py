"""Reads the bank's notices in a process of its own, so that pages of a bank's XML cost ours neither time nor turns.

`python -m deposits.gateway_reader` answers each message of camt.054 on its standard input with one line of JSON, and ends with its input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from threading import Timer
from typing import Any, BinaryIO

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.messages import BankEntry, Notices, read_notices

PATIENCE = 30.0  # s for a message of at most 4 MB, which takes half a second
_LENGTH = 4  # bytes before a message: how many it has
_HOME = Path(__file__).resolve().parent.parent


class ReaderGone(Exception):
    """The process ended before it answered, or was ended because it did not."""


class Reader:
    """Reads one message after the other, the first of them here: a look at the bank that finds one page begins no process."""

    def __init__(self) -> None:
        self._is_first = True
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, data: bytes) -> Notices:
        """As `read_notices`; raises what that raises, and ReaderGone."""
        if self._is_first:
            self._is_first = False
            return read_notices(data)
        self._process = self._process or _begin()
        told = json.loads(_asked(self._process, data))
        if "refused" in told:
            raise RuleBroken(told["refused"], **told["facts"])
        return Notices(tuple(map(_entry, told["entries"])), told["last"])

    def close(self) -> None:
        """Ends the process, if one was begun."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()


def _begin() -> subprocess.Popen[bytes]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GONGHENG_")}  # it needs none of our secrets
    command = [sys.executable, "-m", "deposits.gateway_reader"]
    piped: Any = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE) | {"stderr": subprocess.DEVNULL}  # what breaks it may tell of payments
    return subprocess.Popen(command, cwd=_HOME, env=kept, **piped)  # noqa: S603 - our own


def _asked(process: subprocess.Popen[bytes], data: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    watch = Timer(PATIENCE, process.kill)
    watch.start()
    try:
        process.stdin.write(len(data).to_bytes(_LENGTH, "big") + data)
        process.stdin.flush()
        answer = process.stdout.readline()
    except OSError as failure:
        raise ReaderGone from failure
    finally:
        watch.cancel()
    if not answer.endswith(b"\n"):
        raise ReaderGone
    return answer


def _plain(entry: BankEntry) -> list[Any]:
    """An entry in the order of its members, as JSON can hold it."""
    return [
        entry.seq,
        entry.ref,
        entry.credit,
        entry.amount.fen,
        entry.booked_at.isoformat(),
        entry.value_at.isoformat(),
        entry.sub_account,
        entry.party_name,
        entry.party_account,
        entry.end_to_end_id,
        entry.interest,
        entry.text,
    ]


def _entry(plain: list[Any]) -> BankEntry:
    seq, ref, credit, fen, booked_at, value_at, *texts = plain
    return BankEntry(seq, ref, credit, Money(fen), datetime.fromisoformat(booked_at), datetime.fromisoformat(value_at), *texts)


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Answers until the input ends."""
    while head := asked.read(_LENGTH):
        answers.write(json.dumps(_answer(asked.read(int.from_bytes(head, "big")))).encode() + b"\n")
        answers.flush()


def _answer(data: bytes) -> dict[str, Any]:
    try:
        told = read_notices(data)
    except RuleBroken as fault:
        return {"refused": fault.code, "facts": fault.facts}
    return {"last": told.last, "entries": list(map(_plain, told.entries))}


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
