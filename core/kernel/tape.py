"""A tape: a recording as it came, slice by slice, and the chain that holds the slices together (format `ztb/v1/tape`).

Beside the recording, whose bytes are an ordinary file for an ordinary player, lies its index: 44 bytes for each slice, namely when it
arrived (milliseconds since 1970, 8 bytes), how long it is (4 bytes), both big-endian, and its SHA-256. The chain runs over the index:
`link_0 = H("ztb/v1/tape\\0" ‖ LP(case) ‖ LP(lot) ‖ LP(seat) ‖ LP(form) ‖ LP(tape))`,
`link_n = H("ztb/v1/slice\\0" ‖ link_{n-1} ‖ record_n)`.
Whoever signs link_n has signed every byte before it, their order, and when each arrived.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from core.kernel.encoding import lp, sha256
from core.kernel.errors import BadSignature

_RECORD = struct.Struct(">QI32s")
RECORD = _RECORD.size
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FURTHEST = 253_402_300_799_999  # the last millisecond of the year 9999


@dataclass(frozen=True, slots=True)
class Slice:
    """A record of the index: when it arrived, in whole milliseconds since 1970; its length in bytes; its SHA-256."""

    ms: int
    size: int
    digest: bytes

    @property
    def at(self) -> datetime:
        """When it arrived, aware UTC."""
        return moment_of(self.ms)

    def record(self) -> bytes:
        """Its 44 bytes in the index."""
        return _RECORD.pack(self.ms, self.size, self.digest)


@dataclass(frozen=True, slots=True)
class Head:
    """How far a tape has come: slices, bytes, and the last link of the chain."""

    slices: int
    size: int
    link: bytes

    def after(self, slices: Iterable[Slice]) -> Head:
        """The head once these have followed."""
        count, size, link = self.slices, self.size, self.link
        for one in slices:
            count, size, link = count + 1, size + one.size, sha256(b"ztb/v1/slice\0" + link + one.record())
        return Head(count, size, link)


def begun(case: str, lot: str, seat: str, form: str, tape: str) -> Head:
    """The head of an empty tape: bound to what it is of, so that no tape stands in for another."""
    named = b"".join(lp(part.encode()) for part in (case, lot, seat, form, tape))
    return Head(0, 0, sha256(b"ztb/v1/tape\0" + named))


def slice_of(at: datetime, content: bytes) -> Slice:
    """The record of a slice that arrived at that moment."""
    return Slice(ms_of(at), len(content), sha256(content))


def read_index(data: bytes) -> Iterator[Slice]:
    """The records of an index. Raises BadSignature for one that breaks off inside a record, or tells of a time that there is not."""
    if len(data) % RECORD:
        raise BadSignature("tape.index")
    for ms, size, digest in _RECORD.iter_unpack(data):
        if ms > _FURTHEST:
            raise BadSignature("tape.index")
        yield Slice(ms, size, digest)


def ms_of(at: datetime) -> int:
    """Whole milliseconds since 1970."""
    return (at - _EPOCH) // timedelta(milliseconds=1)


def moment_of(ms: int) -> datetime:
    """The reverse of `ms_of`."""
    return _EPOCH + timedelta(milliseconds=ms)
