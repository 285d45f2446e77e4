"""The archive: other people's tools read it, and no byte of it can change without being noticed."""

from __future__ import annotations

import io
import random
import subprocess
import zipfile
from pathlib import Path

import pytest

from app.verify import archive

MEMBERS: list[tuple[str, bytes | Path]] = [("b/two.txt", b"two" * 1000), ("a.txt", b"one"), ("名称.json", b"{}"), ("empty", b"")]


def packed(members: list[tuple[str, bytes | Path]] = MEMBERS) -> bytes:
    held = io.BytesIO()
    archive.write(held, members)
    return held.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    held = io.BytesIO(content)
    return {name: b"".join(archive.data(held, member)) for name, member in archive.read(held).items()}


def test_what_goes_in_comes_out() -> None:
    assert unpacked(packed()) == dict(MEMBERS)


def test_the_order_of_giving_makes_no_difference() -> None:
    assert packed(MEMBERS[::-1]) == packed()


def test_pythons_zipfile_and_unzip_read_it(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(packed())
    with zipfile.ZipFile(tmp_path / "x.zip") as opened:
        assert opened.testzip() is None
        assert {name: opened.read(name) for name in opened.namelist()} == dict(MEMBERS)
    subprocess.run(["python3", "-m", "zipfile", "-t", str(tmp_path / "x.zip")], check=True, capture_output=True)


def test_files_and_bytes_make_the_same(tmp_path: Path) -> None:
    (tmp_path / "two").write_bytes(b"two" * 1000)
    assert packed([("b/two.txt", tmp_path / "two"), *MEMBERS[1:]]) == packed()


def test_any_changed_byte_is_refused() -> None:
    whole = packed()
    for at in range(len(whole)):
        changed = bytearray(whole)
        changed[at] ^= 1 << random.randrange(8)
        with pytest.raises(archive.ArchiveFault):
            unpacked(bytes(changed))


@pytest.mark.parametrize(
    "change", [lambda w: w[:-1], lambda w: w + b"\0", lambda w: b"\0" + w, lambda w: w[:50] + w[51:], lambda w: b"", lambda w: w[:22]]
)
def test_what_is_cut_or_added_is_refused(change: object) -> None:
    with pytest.raises(archive.ArchiveFault):
        unpacked(change(packed()))  # type: ignore[operator]


@pytest.mark.parametrize("name", ["", "/abs", "../up", "a//b", "a/./b", "a\\b", "a\nb"])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    with pytest.raises(ValueError):
        packed([(name, b"")])


def test_a_member_cannot_stand_twice() -> None:
    with pytest.raises(ValueError):
        packed([("a", b"1"), ("a", b"2")])


def test_big_sizes_and_offsets_take_the_zip64_field(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "BIG", 2000)
    monkeypatch.setattr(archive, "MANY", 3)
    assert unpacked(packed()) == dict(MEMBERS)
    whole = packed()
    for at in random.sample(range(len(whole)), 300):
        changed = bytearray(whole)
        changed[at] ^= 0x10
        with pytest.raises(archive.ArchiveFault):
            unpacked(bytes(changed))
