"""Tapes: the chain over what arrived, and a store in which what was acknowledged is whole and what was not is gone."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from errno import ENOSPC
from pathlib import Path

import pytest

from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotFound
from core.kernel.tape import RECORD, Head, Slice, begun, ms_of, read_index, slice_of
from core.kernel.tapestore import TapeStore

TAPE = "0190c0de-0000-7000-8000-000000000001"
AT = datetime(2026, 11, 30, 1, 2, 3, 456_789, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> TapeStore:
    return TapeStore(tmp_path / "tapes")


def slices(*contents: bytes) -> list[tuple[bytes, Slice]]:
    return [(content, slice_of(AT + timedelta(milliseconds=200 * count), content)) for count, content in enumerate(contents)]


def test_the_chain_is_the_one_that_the_format_describes() -> None:
    one = slice_of(AT, b"abc")
    assert one.record() == ms_of(AT).to_bytes(8, "big") + (3).to_bytes(4, "big") + sha256(b"abc") and len(one.record()) == RECORD
    assert one.at == AT.replace(microsecond=456_000)
    named = b"".join(len(part).to_bytes(4, "big") + part for part in (b"T2026-000001", b"1", b"3", b"clear", TAPE.encode()))
    empty = begun("T2026-000001", "1", "3", "clear", TAPE)
    assert empty == Head(0, 0, sha256(b"ztb/v1/tape\0" + named))
    assert empty.after([one]) == Head(1, 3, sha256(b"ztb/v1/slice\0" + empty.link + one.record()))
    assert empty.after([one, one]) == empty.after([one]).after([one]) and empty.after([]) == empty


@pytest.mark.parametrize(
    "other", [("T2026-000002", "1", "3", "clear"), ("T2026-000001", "2", "3", "clear"), ("T2026-000001", "1", "31", "clear")]
)
def test_no_tape_stands_in_for_another(other: tuple[str, str, str, str]) -> None:
    assert begun(*other, TAPE) != begun("T2026-000001", "1", "3", "clear", TAPE)


@pytest.mark.parametrize("index", [b"\0" * 43, b"\xff" * RECORD])
def test_an_index_that_breaks_off_or_tells_of_no_time_is_refused(index: bytes) -> None:
    with pytest.raises(BadSignature, match=r"tape\.index"):
        list(read_index(index))


def test_what_was_appended_is_there_from_any_slice_on(store: TapeStore) -> None:
    made = slices(b"one", b"two", b"three")
    assert store.slices(TAPE) == []
    with store.open(TAPE) as tape:
        tape.append(made[:1])
        tape.append(made[1:])
    assert store.recording(TAPE).read_bytes() == b"onetwothree"
    assert store.slices(TAPE) == [one for _, one in made] and store.slices(TAPE, 2) == [made[2][1]] and store.slices(TAPE, 3) == []
    assert store.index(TAPE).stat().st_size == 3 * RECORD


def test_what_was_never_acknowledged_is_cut_off(store: TapeStore) -> None:
    made = slices(b"one", b"two")
    with store.open(TAPE) as tape:
        tape.append(made)
    with store.recording(TAPE).open("ab") as file:
        file.write(b"thr")  # written when the power went, its record not
    with store.index(TAPE).open("ab") as file:
        file.write(made[0][1].record() + b"\0" * 11)  # a record without its bytes, and a torn one
    assert len(store.slices(TAPE)) == 3  # the torn one is never read
    with store.recording(TAPE).open("r+b") as file:
        file.truncate(7)
    assert store.settle(TAPE)
    assert store.recording(TAPE).read_bytes() == b"onetwo" and store.slices(TAPE) == [one for _, one in made]


@pytest.mark.parametrize("breaks_at", [1, 2, 3])
def test_on_a_full_disk_nothing_stays_of_what_was_not_acknowledged(
    store: TapeStore, monkeypatch: pytest.MonkeyPatch, breaks_at: int
) -> None:
    made = slices(b"one", b"two", b"three")
    with store.open(TAPE) as tape:
        tape.append(made[:1])
        really, calls = os.pwrite, iter(range(1, 9))

        def pwrite(file: int, content: bytes, at: int) -> int:
            if next(calls) == breaks_at:  # the second slice, the third, or their records
                really(file, bytes(content)[:1], at)
                raise OSError(ENOSPC, "full")
            return really(file, content, at)

        monkeypatch.setattr(os, "pwrite", pwrite)
        with pytest.raises(OSError, match="full"):
            tape.append(made[1:])
        monkeypatch.undo()
        assert store.recording(TAPE).read_bytes() == b"one" and store.index(TAPE).stat().st_size == RECORD
        tape.append(made[1:])  # there is room again
    assert store.recording(TAPE).read_bytes() == b"onetwothree" and store.slices(TAPE) == [one for _, one in made]


def test_a_tape_has_one_writer(store: TapeStore) -> None:
    with store.open(TAPE):
        assert not store.settle(TAPE)
        with pytest.raises(BlockingIOError):
            store.open(TAPE)
    assert store.settle(TAPE)


def test_a_recording_is_removed_and_its_index_stays(store: TapeStore) -> None:
    with store.open(TAPE) as tape:
        tape.append(slices(b"one"))
    store.remove(TAPE)
    store.remove(TAPE)
    with pytest.raises(NotFound, match=r"tape\.missing"):
        store.recording(TAPE)
    assert len(store.slices(TAPE)) == 1


def test_a_second_copy_is_the_same(store: TapeStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.open(TAPE) as tape:
        tape.append(slices(b"one", b"two"))
    other = TapeStore(tmp_path / "other")
    assert store.copy(TAPE, other) == sha256(b"onetwo").hex()
    assert other.recording(TAPE).read_bytes() == b"onetwo" and other.slices(TAPE) == store.slices(TAPE)
    monkeypatch.setattr("core.kernel.tapestore.shutil.copyfile", lambda source, target: Path(target).write_bytes(b"another"))
    with pytest.raises(OSError, match="differs"):
        store.copy(TAPE, other)


@pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", TAPE.upper(), TAPE + "x"])
def test_no_other_file_is_reached(store: TapeStore, name: str) -> None:
    with pytest.raises(NotFound):
        store.path(name)
    with pytest.raises(NotFound):
        store.index(TAPE)
