"""The time of day, and the one offset that moves it in demonstrations and tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path


def read_offset(offset_file: Path | None) -> timedelta:
    """How far the shared clock stands ahead of the machine's: milliseconds in a file; no file, no offset."""
    if offset_file is None or not offset_file.exists():
        return timedelta(0)
    return timedelta(milliseconds=int(offset_file.read_text(encoding="ascii").strip() or "0"))


def write_offset(offset_file: Path, offset: timedelta) -> None:
    """Replaces the offset in one step, so that no reader sees half a number."""
    fresh = offset_file.with_suffix(".new")
    fresh.write_text(str(round(offset / timedelta(milliseconds=1))), encoding="ascii")
    fresh.replace(offset_file)


def now(offset_file: Path | None = None) -> datetime:
    """This moment, aware UTC, by the machine's clock plus the shared offset. Inside a use case ask `work.now()` instead."""
    return datetime.now(UTC) + read_offset(offset_file)


@lru_cache(maxsize=1024)  # all that happens in one use case happened at one moment
def text(moment: datetime) -> str:
    """`YYYY-MM-DDThh:mm:ss.sssZ`, the one form in signed payloads; fractions of a millisecond are dropped."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(written: str) -> datetime:
    """The aware UTC moment of its text form; raises ValueError for any other form."""
    parsed = datetime.strptime(written, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if text(parsed) != written:
        raise ValueError(written)
    return parsed
