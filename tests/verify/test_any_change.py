"""Any change of any byte is refused, and what is refused is named."""

from __future__ import annotations

import json
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from app.verify import archive
from app.verify.steps import verify
from tests.verify.forging import Case, listed, packed


def refusal(content: bytes, case: Case, folder: Path, stamped: bool = True) -> tuple[str, str]:
    """The check that failed, and the member that it named."""
    path = folder / "changed.zip"
    path.write_bytes(content)
    verdict = verify(path, case.policy if stamped else case.unstamped)
    assert not verdict.holds
    broken = next(finding for finding in verdict.findings if not finding.holds)
    return broken.check, broken.member


def test_two_hundred_random_changes_are_refused(case: Case, tmp_path: Path) -> None:
    original, chance = case.path.read_bytes(), random.Random(20261122)
    for _ in range(200):
        changed = bytearray(original)
        at = chance.randrange(len(changed))
        changed[at] ^= chance.randrange(1, 256)
        refusal(bytes(changed), case, tmp_path)


def test_a_change_of_each_class_of_member_is_refused_by_its_name(case: Case, tmp_path: Path) -> None:
    original = case.path.read_bytes()
    with case.path.open("rb") as opened:
        members = archive.read(opened)
    for name in classes(list(members)):
        changed = bytearray(original)
        changed[members[name].start + members[name].size // 2] ^= 0x04
        assert refusal(bytes(changed), case, tmp_path) == ("archive", name)


def classes(names: list[str]) -> list[str]:
    """One member of every kind."""
    found: dict[str, str] = {}
    for name in names:
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}|\d+", "*", name)
        found.setdefault(kind, name)
    return list(found.values())


def _directory(content: bytes) -> int:
    return int(struct.unpack("<I", content[-6:-2])[0])


HEADERS: dict[str, Callable[[bytes], bytes]] = {
    "one byte more": lambda content: content + b"\0",
    "one byte before": lambda content: b"\0" + content,
    "one byte less": lambda content: content[:-1],
    "half of it": lambda content: content[: len(content) // 2],
    "nothing": lambda content: b"",
    "a comment": lambda content: content[:-2] + b"\x01\x00!",
    "another date": lambda content: content[:12] + b"\x22" + content[13:],
    "another date in the directory": lambda content: content[: _directory(content) + 14] + b"\x22" + content[_directory(content) + 15 :],
    "another version": lambda content: content[:4] + b"\x0a" + content[5:],
    "an attribute": lambda content: content[: _directory(content) + 38] + b"\x20" + content[_directory(content) + 39 :],
    "a number of disks": lambda content: content[:-18] + b"\x01" + content[-17:],
    "a gap before the directory": lambda content: content[: _directory(content)] + b"\0" + content[_directory(content) :],
}


@pytest.mark.parametrize("what", HEADERS)
def test_a_change_of_the_archive_itself_is_refused(case: Case, tmp_path: Path, what: str) -> None:
    assert refusal(HEADERS[what](case.path.read_bytes()), case, tmp_path)[0] == "archive"


def test_the_same_members_packed_by_another_tool_are_refused(case: Case, tmp_path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        for name, content in members.items():
            other.writestr(name, content)
    assert refusal((tmp_path / "other.zip").read_bytes(), case, tmp_path)[0] == "archive"


def test_members_out_of_order_or_twice_are_refused(case: Case, tmp_path: Path, members: dict[str, bytes]) -> None:
    for names in ([*members][::-1], [*members, "README.txt"]):
        with zipfile.ZipFile(tmp_path / "other.zip", "w") as other, pytest.warns(UserWarning) if len(names) > len(members) else _calm():
            for name in names:
                other.writestr(zipfile.ZipInfo(name), members[name])
        assert refusal((tmp_path / "other.zip").read_bytes(), case, tmp_path)[0] == "archive"


class _calm:  # noqa: N801 - stands where a context manager of pytest does
    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


def test_a_member_more_or_less_is_refused(case: Case, tmp_path: Path, members: dict[str, bytes]) -> None:
    assert refusal(packed(members | {"extra.txt": b""}), case, tmp_path) == ("manifest", "extra.txt")
    assert refusal(packed({name: content for name, content in members.items() if name != "README.txt"}), case, tmp_path) == (
        "manifest",
        "README.txt",
    )


def test_a_platform_that_signs_a_changed_manifest_is_refused_by_what_lies_deeper(
    case: Case, tmp_path: Path, members: dict[str, bytes]
) -> None:
    """A member of every class, and every paper: changed, or left out, listed and signed again, without a time stamp."""
    free = ("README.txt", "policy/trust-policy.txt", "policy/tsa/0.pem", "verify/verify.pyz", "verify/verify.pyz.sha256")
    papers = [name for name in members if name.startswith("papers/")]
    for name in {*classes(list(members)), *papers}:
        if name.startswith("manifest") or name in free:
            continue
        for changed in (_flipped(members[name]), None):
            made = dict(members) | ({name: changed} if changed is not None else {})
            if changed is None:
                del made[name]
            if name.endswith(".tsr") and changed is None:
                continue  # a checkpoint may be without a stamp
            stamped = name.endswith(".tsr")
            check, member = refusal(packed(_relisted(made, case, stamped)), case, tmp_path, stamped)
            assert check not in ("archive", "manifest"), (name, check, member)


def _relisted(members: dict[str, bytes], case: Case, stamped: bool) -> dict[str, bytes]:
    made = listed(members, case.platform)
    return made | {"manifest.tsr": members["manifest.tsr"]} if stamped else made


def _flipped(content: bytes) -> bytes:
    """One bit of one byte in the middle; of JSON one digit or letter of a value, so that it stays JSON."""
    try:
        json.loads(content)
    except ValueError:
        at = len(content) // 2
        return content[:at] + bytes([content[at] ^ 0x04]) + content[at + 1 :]
    found = list(re.finditer(rb"[0-9a-zA-Z]{8}", content))[-1]
    at = found.start() + 3
    return content[:at] + (b"7" if content[at : at + 1] != b"7" else b"8") + content[at + 1 :]
