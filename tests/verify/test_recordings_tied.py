"""A closed case's recordings in its package: what is left out, cut off or put in their place is found, whoever holds the keys."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.verify.steps import verify
from core.kernel.dsse import read_envelope
from core.kernel.tape import RECORD
from tests.verify.forging import Case, packed
from tests.verify.test_forgeries import body

Members = dict[str, bytes]


@pytest.fixture
def recorded(case: Case, with_tapes: Members) -> Members:
    """The members of the package that has the recordings themselves."""
    assert sum(name.endswith(".webm") for name in with_tapes) == 4
    return dict(with_tapes)


def events(members: Members) -> list[str]:
    """The events of the chain of recordings, oldest first."""
    return sorted(name for name in members if name.startswith("recordings/") and not name.endswith(".proof.json"))


def said(members: Members, name: str) -> dict[str, Any]:
    """What an event says."""
    found: dict[str, Any] = json.loads(read_envelope(json.loads(members[name])["dsse"]).payload)
    return found


def without(members: Members, count: int) -> Members:
    """The last events of that chain are left out, and every tape that began or ended among them."""
    gone = events(members)[len(events(members)) - count :]
    tapes = {str(said(members, name)["body"].get("tape", "")) for name in gone} - {""}
    names = [name for name in members if name not in {*gone, *(one.replace(".json", ".proof.json") for one in gone)}]
    return {name: members[name] for name in names if not any(tape in name for tape in tapes)}


def last_slices(members: Members) -> Members:
    """A tape's last second is cut off, in index and recording alike."""
    index = sorted(name for name in members if name.endswith(".index"))[0]
    kept = members[index][: -5 * RECORD]
    size = sum(int.from_bytes(kept[at + 8 : at + 12], "big") for at in range(0, len(kept), RECORD))
    recording = index.replace(".index", ".webm")
    return members | {index: kept, recording: members[recording][:size]}


def middle_slice(members: Members) -> Members:
    """One slice in the middle is cut out, in index and recording alike."""
    index = sorted(name for name in members if name.endswith(".index"))[0]
    records = [members[index][at : at + RECORD] for at in range(0, len(members[index]), RECORD)]
    sizes = [int.from_bytes(one[8:12], "big") for one in records]
    nth, recording = len(records) // 2, index.replace(".index", ".webm")
    at = sum(sizes[:nth])
    content = members[recording]
    return members | {index: b"".join(records[:nth] + records[nth + 1 :]), recording: content[:at] + content[at + sizes[nth] :]}


def changed_byte(members: Members) -> Members:
    """One bit of one recording is another."""
    name = sorted(name for name in members if name.endswith(".webm"))[0]
    content = bytearray(members[name])
    content[len(content) // 2] ^= 1
    return members | {name: bytes(content)}


def one_recording_less(members: Members) -> Members:
    """One recording is not there; its index is."""
    name = sorted(name for name in members if name.endswith(".webm"))[0]
    return {one: content for one, content in members.items() if one != name}


def whole_tape_less(members: Members) -> Members:
    """One recording is not there, nor its index."""
    name = sorted(name for name in members if name.endswith(".webm"))[0]
    return {one: content for one, content in members.items() if not one.startswith(name.removesuffix("webm"))}


FORGED: dict[str, tuple[str, str, Callable[[Members], Members]]] = {
    "the chain has lost its last event": ("recordings_close", "recordings_cut", lambda one: without(one, 1)),
    "the last recordings never were": ("recordings_close", "recordings_cut", lambda one: without(one, len(events(one)) // 2)),
    "nothing was ever recorded": ("recordings_close", "recordings_cut", lambda one: without(one, len(events(one)))),
    "the last second is cut off": ("recordings", "tape_slices_differ", last_slices),
    "a slice is cut out of the middle": ("recordings", "tape_slices_differ", middle_slice),
    "one bit is another": ("recordings", "tape_slice_differs", changed_byte),
    "one recording is missing": ("recordings", "tape_missing", one_recording_less),
    "one recording is missing with its index": ("recordings", "tape_index_missing", whole_tape_less),
}


def found(
    case: Case, members: Members, folder: Path, edit: Callable[[list[dict[str, Any]]], object] = lambda _: None
) -> list[tuple[str, str]]:
    """What does not hold of a package that a forger with all keys has made of these."""
    path = folder / "forged.zip"
    path.write_bytes(packed(case.forge(members, edit)))
    return [(one.check, one.code) for one in verify(path, case.unstamped).findings if not one.holds]


def test_what_was_recorded_is_accepted_with_all_its_recordings(case: Case, recorded: Members, tmp_path: Path) -> None:
    assert found(case, recorded, tmp_path) == []


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forgery_of_recordings_is_found(case: Case, recorded: Members, tmp_path: Path, forgery: str) -> None:
    check, code, forge = FORGED[forgery]
    assert (check, code) in found(case, forge(recorded), tmp_path)


def test_a_close_that_fixed_another_chain_is_found(case: Case, recorded: Members, tmp_path: Path) -> None:
    other = found(case, recorded, tmp_path, lambda story: body(story, "case.close")["recordings"].update(head="ab" * 32))
    assert other == [("recordings_close", "recordings_differ")]
    fewer = found(case, recorded, tmp_path, lambda story: body(story, "case.close").update(recordings={"events": 1, "head": "ab" * 32}))
    assert fewer == [("recordings_close", "recordings_differ")]


def test_a_close_of_old_that_fixed_nothing_is_said_to_prove_no_end(case: Case, recorded: Members, tmp_path: Path) -> None:
    path = tmp_path / "old.zip"
    path.write_bytes(packed(case.forge(recorded, lambda story: body(story, "case.close").pop("recordings"))))
    verdict = verify(path, case.unstamped)
    assert verdict.holds and "recordings_untied" in {note.code for note in verdict.notes}
