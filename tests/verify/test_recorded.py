"""Recordings in a package: one changed byte, one slice less, one gap untold, one face too early is refused, whoever holds the keys."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from app.verify import archive
from app.verify.package import Package
from app.verify.replay.recordings import FIELDS, Recordings, check_recordings, visits_of
from app.verify.verdict import Broken
from core.kernel.encoding import sha256
from core.kernel.events import KINDS
from core.kernel.tape import RECORD
from core.kernel.tapestore import TapeStore
from evaluation.domain.recording import Form, chain_of
from evaluation.queries import recordings as queries
from evaluation.services import recording_views, recordings, viewing
from tests.builders.evaluation import Room
from tests.builders.stages import SCORING
from tests.builders.tapes import record_two
from tests.verify.forging import packed
from tests.verify.retelling import Said, drop, entries_of, of, put, twice

pytestmark = [pytest.mark.begins(SCORING), pytest.mark.sqlite_alone]


@pytest.fixture
def room(world: Room, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Room:
    record_two(world.told(monkeypatch), tmp_path)
    return world


@pytest.fixture
def files(room: Room, tmp_path: Path) -> dict[str, bytes]:
    """What a package with recordings holds of them."""
    store, found = TapeStore(tmp_path), {}
    for tape in room.tender.door.read(lambda session: queries.of_lots(session, [room.tender.lot_id])):
        found[f"tapes/{tape.id}.index"] = store.index(str(tape.id)).read_bytes()
        found[f"tapes/{tape.id}.webm"] = store.recording(str(tape.id)).read_bytes()
    return found


def nothing(_: list[Said]) -> None:
    """As it happened."""


def checked(
    room: Room, files: dict[str, bytes], edit: Callable[[list[Said]], object] = nothing, before: Callable[[list[Said]], object] = nothing
) -> Recordings:
    """What the verifier finds of these files and of the chain as `edit` retells it, `before`: the case's own."""
    held = io.BytesIO(packed(files))
    package = Package(held, archive.read(held), {name: sha256(content).hex() for name, content in files.items()})
    return check_recordings(
        package,
        entries_of(room.tender.door, chain_of(room.case), edit),
        room.case,
        {},
        visits_of(entries_of(room.tender.door, room.case, before)),
    )


def fault(room: Room, files: dict[str, bytes], edit: Callable[[list[Said]], object] = nothing) -> str:
    """What does not hold."""
    with pytest.raises(Broken) as broken:
        checked(room, files, edit)
    return broken.value.what


def first(files: dict[str, bytes], ending: str) -> str:
    return next(name for name in sorted(files) if name.endswith(ending))


def test_what_was_recorded_is_accepted_with_and_without_the_recordings(room: Room, files: dict[str, bytes]) -> None:
    told = checked(room, files)
    assert told.figures() == "4; 300; 4; 1; 4" and (told.left_out, told.disposed) == (0, 0)
    index_alone = {name: content for name, content in files.items() if name.endswith(".index")}
    assert checked(room, index_alone).left_out == 4


def test_any_changed_byte_of_a_recording_is_found(room: Room, files: dict[str, bytes]) -> None:
    name = first(files, ".webm")
    for at in range(0, len(files[name]), 211):
        changed = bytearray(files[name])
        changed[at] ^= 1
        assert fault(room, files | {name: bytes(changed)}) == "tape_slice_differs"


def test_any_changed_byte_of_an_index_is_found(room: Room, files: dict[str, bytes]) -> None:
    name = first(files, ".index")
    for at in range(0, len(files[name]), 97):
        changed = bytearray(files[name])
        changed[at] ^= 1
        assert fault(room, files | {name: bytes(changed)}) in ("tape_head_differs", "tape.index")


def removed(files: dict[str, bytes], number: int, ending: bool = False) -> dict[str, bytes]:
    """One slice less, in recording and index alike; the `ending` one by number from behind."""
    index = first(files, ".index")
    recording = index.replace(".index", ".webm")
    records = [files[index][at : at + RECORD] for at in range(0, len(files[index]), RECORD)]
    number = len(records) - number if ending else number
    before = sum(int.from_bytes(one[8:12], "big") for one in records[:number])
    size = int.from_bytes(records[number][8:12], "big")
    content = files[recording]
    return files | {index: b"".join(records[:number] + records[number + 1 :]), recording: content[:before] + content[before + size :]}


@pytest.mark.parametrize(("number", "ending"), [(0, False), (7, False), (1, True)])
def test_a_removed_slice_is_found(room: Room, files: dict[str, bytes], number: int, ending: bool) -> None:
    assert fault(room, removed(files, number, ending)) == "tape_slices_differ"
    index = first(files, ".index")
    recording = index.replace(".index", ".webm")
    assert fault(room, files | {recording: removed(files, number, ending)[recording]}) in ("tape_slice_differs", "tape_longer")


def test_a_recording_that_goes_on_or_breaks_off_is_found(room: Room, files: dict[str, bytes]) -> None:
    name = first(files, ".webm")
    assert fault(room, files | {name: files[name] + b"x"}) == "tape_longer"
    assert fault(room, files | {name: files[name][:-1]}) == "tape_slice_differs"
    assert fault(room, {one: content for one, content in files.items() if one != name.replace(".webm", ".index")}) == "tape_index_missing"
    assert fault(room, files | {"tapes/0190c0de-0000-7000-8000-000000000001.webm": b"x"}) == "tape_unknown"


def swapped(room: Room, files: dict[str, bytes]) -> dict[str, bytes]:
    """The clear and the shielded tape of one seat under each other's names."""
    of_seat = {(tape.seat, tape.form): str(tape.id) for tape in all_tapes(room)}
    one, two = of_seat["1", Form.CLEAR], of_seat["1", Form.SHIELD]
    names = {one: two, two: one}
    return {f"tapes/{names.get(name[6:42], name[6:42])}{name[42:]}": content for name, content in files.items()}


def all_tapes(room: Room) -> tuple[queries.TapeView, ...]:
    return room.tender.door.read(lambda session: queries.of_lots(session, [room.tender.lot_id]))


def test_one_tape_is_not_another(room: Room, files: dict[str, bytes]) -> None:
    assert fault(room, swapped(room, files)) == "tape_head_differs"


def untold(told: list[Said]) -> None:
    """The gap of a line inside its recording was never told; the later one is counted as its first."""
    line = {name: of(told, "video.gap")["payload"]["body"][name] for name in ("seat", "form")}
    mine = [
        said for said in told if line.items() <= said["payload"]["body"].items() and said["payload"]["type"] in ("video.gap", "video.back")
    ]
    for said in mine:
        if said["payload"]["body"]["no"] == 1:
            told.remove(said)
        else:
            said["payload"]["body"]["no"] -= 1


def shorter(told: list[Said]) -> None:
    """The platform signs less than there is."""
    put(told, "video.end", slices=of(told, "video.end")["payload"]["body"]["slices"] - 1)


def later(told: list[Said]) -> None:
    """The whole tape is said to have begun an hour after its slices came."""
    of(told, "video.begin")["at"] = of(told, "video.begin")["at"].replace("2026", "2027")


def earlier(told: list[Said]) -> None:
    """The whole tape is said to have ended before its slices came."""
    of(told, "video.end")["at"] = of(told, "video.begin")["at"]


LIES: dict[str, tuple[str, Callable[[list[Said]], object]]] = {
    "a gap left out": ("gap_unsigned", untold),
    "a gap that began later": ("gap_differs", lambda told: put(told, "video.gap", since="2026-11-30T00:00:00.000Z")),
    "a gap counted wrongly": ("gap_differs", lambda told: put(told, "video.gap", no=2)),
    "a gap that ended twice": ("gap_differs", lambda told: twice(told, "video.back")),
    "a gap of another seat": ("gap_differs", lambda told: (put(told, "video.gap", seat="2"), put(told, "video.back", seat="2"))),
    "a tape begun twice": ("event_twice", lambda told: twice(told, "video.begin")),
    "a tape ended twice": ("tape_unknown", lambda told: twice(told, "video.end")),
    "a tape without an end": ("tape_unended", lambda told: drop(told, "video.end")),
    "a tape that nobody began": ("tape_unknown", lambda told: drop(told, "video.begin")),
    "fewer slices": ("tape_head_differs", shorter),
    "another head": ("tape_head_differs", lambda told: put(told, "video.end", head="ab" * 32)),
    "another seat's tape": ("tape_head_differs", lambda told: put(told, "video.begin", seat="2")),
    "slices before it began": ("tape_time_differs", later),
    "slices after it ended": ("tape_time_differs", earlier),
    "a face before the award": ("seen_too_early", lambda told: put(told, "video.view", form="clear")),
    "a view without a purpose": ("malformed", lambda told: put(told, "video.view", purpose="")),
    "a view by a member": ("role_differs", lambda told: put(told, "video.view", role="expert")),
    "a supervisor's view outside any visit": ("view_differs", lambda told: put(told, "video.view", visit=0)),
    "a view in a visit that never was": ("view_differs", lambda told: put(told, "video.view", visit=2)),
    "a view under another purpose": ("view_differs", lambda told: put(told, "video.view", purpose="routine")),
    "a view with another note": ("view_differs", lambda told: put(told, "video.view", note="随便看看")),
    "a view in another's visit": ("view_differs", lambda told: put(told, "video.view", viewer="0190c0de-0000-7000-8000-000000000001")),
    "a host's view in a supervisor's visit": ("view_differs", lambda told: put(told, "video.view", role="centre")),
    "a view before its visit": ("view_differs", lambda told: of(told, "video.view").update(at="2026-01-01T00:00:00.000Z")),
    "a view that says more": ("malformed", lambda told: put(told, "video.view", more="x")),
}


@pytest.mark.parametrize("lie", LIES)
def test_another_story_of_the_recordings_is_refused(room: Room, files: dict[str, bytes], lie: str) -> None:
    code, edit = LIES[lie]
    assert fault(room, files, edit) == code


def test_a_view_after_its_visit_is_refused(room: Room, files: dict[str, bytes]) -> None:
    watch(room)
    room.perform(room.tender.supervisor, lambda work: viewing.leave(work, room.number))
    assert checked(room, files).views == 2

    def sooner(told: list[Said]) -> None:
        of(told, "supervision.view_end")["at"] = of(told, "supervision.view")["at"]

    with pytest.raises(Broken, match="view_differs"):
        checked(room, files, before=sooner)


def test_that_there_was_no_room_is_told_once_until_the_seat_is_recorded_again(room: Room, files: dict[str, bytes]) -> None:
    room.perform(room.members[2], lambda work: recordings.note_full(work, room.number))
    assert checked(room, files).full == {("1", "3")}
    assert fault(room, files, lambda told: twice(told, "video.full")) == "event_twice"


def watch(room: Room) -> None:
    room.perform(room.tender.supervisor, lambda work: recording_views.watch(work, room.number, None, ("2",)))


def test_every_kind_is_known() -> None:
    assert set(FIELDS) == {kind for kind in KINDS if kind.startswith("video.")}
    for kind, names in FIELDS.items():
        assert names == set(KINDS[kind]._own_fields())
