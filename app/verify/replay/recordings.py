"""The recordings of a case: every tape is what its signed heads say, every gap in it was signed, and nobody saw a face too early."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from app.verify.entries import Entry
from app.verify.package import Package
from app.verify.verdict import Broken, inside
from core.identity.domain.person import urn
from core.kernel import clock
from core.kernel.encoding import sha256
from core.kernel.ids import PersonId
from core.kernel.tape import Head, Slice, begun, moment_of, ms_of, read_index
from evaluation.domain.recording import Cause, Form
from evaluation.domain.recording_gaps import Hole, holes
from evaluation.domain.viewing import LASTS, Purpose

SKEW = timedelta(seconds=5)
"""By how much the clocks of the process that stamps slices and of the database that stamps events may differ."""
WATCHERS = ("centre", "supervisor")

FIELDS: Mapping[str, frozenset[str]] = {
    "video.begin": frozenset(("seat", "form", "tape", "media")),
    "video.head": frozenset(("tapes",)),
    "video.end": frozenset(("tape", "slices", "size", "head", "cause")),
    "video.full": frozenset(("seat",)),
    "video.gap": frozenset(("seat", "form", "no", "since")),
    "video.back": frozenset(("seat", "form", "no", "until")),
    "video.view": frozenset(("view", "seats", "form", "purpose", "note", "viewer", "role", "visit")),
    "video.dispose": frozenset(("tape", "kept_until")),
}

Line = tuple[str, str, str]
"""Lot, seat and form."""


@dataclass
class Visit:
    """A supervisor's visit of a lot, as the case's own chain tells it: what was said, and until when it went on."""

    begin: Entry
    until: datetime


Visits = Mapping[tuple[str, int], Visit]
"""By lot and the number of the visit there."""


@dataclass
class Told:
    """A tape as its events tell it; `heads` as they were signed, in their order."""

    begin: Entry
    heads: list[tuple[Entry, Head]] = field(default_factory=list)
    end: Entry | None = None
    disposed: Entry | None = None

    @property
    def last(self) -> Head:
        """Its last signed head."""
        return self.heads[-1][1]

    @property
    def line(self) -> Line:
        """Whose it is."""
        return self.begin.lot, self.begin.text("seat"), self.begin.text("form")


@dataclass
class Recordings:
    """What a case's chain of recordings tells."""

    tapes: dict[str, Told] = field(default_factory=dict)
    gaps: dict[Line, list[tuple[Entry, Hole]]] = field(default_factory=dict)
    full: set[tuple[str, str]] = field(default_factory=set)  # lot and seat for whose recording there is no room
    views: int = 0
    played: int = 0

    @property
    def disposed(self) -> int:
        """How many recordings were deleted after their term."""
        return sum(told.disposed is not None for told in self.tapes.values())

    @property
    def left_out(self) -> int:
        """How many recordings with anything on them are not in the package, though they are kept."""
        return sum(told.disposed is None and told.last.size > 0 for told in self.tapes.values()) - self.played

    def figures(self) -> str:
        """In figures: tapes, slices, gaps, views, and tapes whose recording is in the package."""
        slices = sum(told.last.slices for told in self.tapes.values())
        return f"{len(self.tapes)}; {slices}; {sum(map(len, self.gaps.values()))}; {self.views}; {self.played}"


def visits_of(entries: Sequence[Entry]) -> dict[tuple[str, int], Visit]:
    """The supervisors' visits in a case's own chain."""
    found: dict[tuple[str, int], Visit] = {}
    for entry in entries:
        if entry.kind == "supervision.view":
            no = 1 + sum(lot == entry.lot for lot, _ in found)
            found[entry.lot, no] = Visit(entry, entry.at + LASTS)
        elif entry.kind == "supervision.view_end" and (visit := found.get((entry.lot, entry.count("no")))) is not None:
            visit.until = min(visit.until, entry.at)
    return found


def check_recordings(
    package: Package, entries: Sequence[Entry], case: str, decided: Mapping[str, Entry], visits: Visits | None = None
) -> Recordings:
    """Tapes, gaps and views of a case; `decided`: lot → the notice of its award, before which nobody may see a clear picture; `visits`:
    those in which supervisors said for what they look. Raises Broken naming the event or the member that differs."""
    told = _read(entries, decided, visits or {})
    slices = {tape: _index(package, tape, one) for tape, one in told.tapes.items()}
    for tape, one in told.tapes.items():
        _check_chain(case, tape, one, slices[tape])
        told.played += _check_recording(package, tape, one, slices[tape])
    if told.played:
        _check_none_missing(package, told)
    _check_gaps(told, slices)
    for name in package.names("tapes/"):
        if name.removeprefix("tapes/").partition(".")[0] not in told.tapes:
            raise Broken(name, "tape_unknown")
    return told


def _read(entries: Sequence[Entry], decided: Mapping[str, Entry], visits: Visits) -> Recordings:
    """What the events say, each in its place."""
    told = Recordings()
    for entry in entries:
        entry.require(set(entry.body) == FIELDS[entry.kind], "malformed", field=entry.kind)
        with inside(entry.member):
            if entry.kind == "video.view":
                _view(told, entry, decided, visits)
            else:
                _hear(told, entry)
    for one in told.tapes.values():
        one.begin.require(one.end is not None, "tape_unended")
    return told


def _hear(told: Recordings, entry: Entry) -> None:
    if entry.kind == "video.begin":
        Form(entry.text("form"))
        entry.require(entry.text("tape") not in told.tapes, "event_twice", kind=entry.kind)
        told.tapes[entry.text("tape")] = Told(entry)
        told.full.discard((entry.lot, entry.text("seat")))
    elif entry.kind == "video.full":
        line = entry.lot, entry.text("seat")
        entry.require(line not in told.full, "event_twice", kind=entry.kind)
        told.full.add(line)
    elif entry.kind == "video.head":
        for row in entry.parts("tapes"):
            _grow(told, entry, row)
    elif entry.kind == "video.end":
        Cause(entry.text("cause"))
        _grow(told, entry, entry.body)
        told.tapes[entry.text("tape")].end = entry
    elif entry.kind == "video.dispose":
        _dispose(told, entry)
    else:
        _gap(told, entry)


def _grow(told: Recordings, entry: Entry, row: Mapping[str, object]) -> None:
    tape = told.tapes.get(str(row["tape"]))
    entry.require(tape is not None and tape.end is None and tape.begin.lot == entry.lot, "tape_unknown")
    assert tape is not None
    slices, size, link = row["slices"], row["size"], bytes.fromhex(str(row["head"]))
    entry.require(isinstance(slices, int) and isinstance(size, int) and len(link) == 32, "malformed", field="tapes")
    assert isinstance(slices, int)
    assert isinstance(size, int)
    tape.heads.append((entry, Head(slices, size, link)))


def _dispose(told: Recordings, entry: Entry) -> None:
    """After its end, and after the last day on which it was to be kept."""
    tape = told.tapes.get(entry.text("tape"))
    entry.require(tape is not None and tape.end is not None and tape.disposed is None, "tape_unknown")
    assert tape is not None
    entry.require(entry.at.date() >= date.fromisoformat(entry.text("kept_until")), "too_early")
    tape.disposed = entry


def _view(told: Recordings, entry: Entry, decided: Mapping[str, Entry], visits: Visits) -> None:
    """Said why, in a role that may watch: a supervisor in a visit that went on, under the purpose of that; a clear picture only once the
    award of the lot was told."""
    Purpose(entry.text("purpose"))
    form, no = Form(entry.text("form")), entry.count("visit")
    entry.require(entry.text("role") in WATCHERS and bool(entry.text("viewer")), "role_differs", role=entry.text("role"))
    entry.require((entry.text("role") == "supervisor") is (no > 0), "view_differs", no=no)
    if no:
        visit = visits.get((entry.lot, no))
        entry.require(visit is not None and _is_of(entry, visit), "view_differs", no=no)
    settled = decided.get(entry.lot)
    entry.require(form is Form.SHIELD or (settled is not None and settled.at <= entry.at), "seen_too_early")
    told.views += 1


def _is_of(entry: Entry, visit: Visit) -> bool:
    """Whether a view was opened in that visit, by its person, with its words."""
    said = visit.begin
    same = (urn(PersonId(UUID(entry.text("viewer")))), entry.text("purpose"), entry.text("note").strip())
    return same == (said.actor, said.text("purpose"), said.text("note").strip()) and said.at <= entry.at <= visit.until


def _gap(told: Recordings, entry: Entry) -> None:
    line = entry.lot, entry.text("seat"), entry.text("form")
    gaps, no = told.gaps.setdefault(line, []), entry.count("no")
    if entry.kind == "video.gap":
        entry.require(no == len(gaps) + 1, "gap_differs", seat=line[1])
        gaps.append((entry, Hole(ms_of(clock.moment(entry.text("since"))), None)))
        return
    entry.require(1 <= no <= len(gaps) and gaps[no - 1][1].until is None, "gap_differs", seat=line[1])
    first, hole = gaps[no - 1]
    gaps[no - 1] = first, Hole(hole.since, ms_of(clock.moment(entry.text("until"))))


def _index(package: Package, tape: str, told: Told) -> list[Slice]:
    """The records of a tape's index; a tape without slices has none."""
    name = f"tapes/{tape}.index"
    if name not in package.members:
        told.begin.require(told.last.slices == 0, "tape_index_missing")
        return []
    with inside(name):
        return list(read_index(b"".join(package.stream(name))))


def _check_chain(case: str, tape: str, told: Told, slices: Sequence[Slice]) -> None:
    """Every signed head is the chain's at that slice, the last one its end; slices came in order, and before the head that signs them."""
    lot, seat, form = told.line
    head, at, last = begun(case, lot, seat, form, tape), 0, 0
    for entry, signed in told.heads:
        if signed.slices < at or signed.slices > len(slices):
            raise Broken(f"tapes/{tape}.index", "tape_slices_differ", signed=signed.slices, found=len(slices))
        more = slices[at : signed.slices]
        head, at = head.after(more), signed.slices
        if (head.size, head.link) != (signed.size, signed.link):
            raise Broken(f"tapes/{tape}.index", "tape_head_differs", slices=signed.slices)
        for one in more:
            entry.require(last <= one.ms and one.at <= entry.at + SKEW, "tape_time_differs")
            last = one.ms
    if at != len(slices):
        raise Broken(f"tapes/{tape}.index", "tape_slices_differ", signed=at, found=len(slices))
    if slices:
        told.begin.require(slices[0].at >= told.begin.at - SKEW, "tape_time_differs")


def _check_recording(package: Package, tape: str, told: Told, slices: Sequence[Slice]) -> bool:
    """The recording, where it is in the package, slice by slice; whether it is."""
    name = f"tapes/{tape}.webm"
    if name not in package.members:
        return False
    told.begin.require(told.disposed is None, "tape_disposed")
    for number, (one, content) in enumerate(_cut(package.stream(name), slices), 1):
        if len(content) != one.size or sha256(content) != one.digest:
            raise Broken(name, "tape_slice_differs", slice=number, at=clock.text(one.at))
    if package.members[name].size != sum(one.size for one in slices):
        raise Broken(name, "tape_longer")
    return True


def _check_none_missing(package: Package, told: Recordings) -> None:
    """A package has all recordings that are kept, or none."""
    for tape, one in told.tapes.items():
        name = f"tapes/{tape}.webm"
        if one.disposed is None and one.last.size > 0 and name not in package.members:
            raise Broken(name, "tape_missing")


def _cut(pieces: Iterator[bytes], slices: Sequence[Slice]) -> Iterator[tuple[Slice, bytes]]:
    """The recording cut as its index says; a slice that is not all there comes as far as it goes."""
    held = bytearray()
    for one in slices:
        while len(held) < one.size and (piece := next(pieces, b"")):
            held += piece
        yield one, bytes(held[: one.size])
        del held[: one.size]


def _check_gaps(told: Recordings, slices: Mapping[str, Sequence[Slice]]) -> None:
    """What is missing of a line follows from when its slices came: no gap was left out, and none is made up."""
    lines: dict[Line, list[int]] = {}
    for tape, one in told.tapes.items():
        lines.setdefault(one.line, []).extend(record.ms for record in slices[tape])
    for line in sorted(lines.keys() | told.gaps.keys()):
        arrived = sorted(lines.get(line, ()))
        missing, signed = list(holes(arrived)), told.gaps.get(line, [])
        for entry, hole in signed:
            is_last = hole.until is None and bool(arrived) and hole.since == arrived[-1]
            entry.require(is_last or hole in missing, "gap_differs", seat=line[1])
        unsigned = [hole for hole in missing if hole not in [one for _, one in signed]]
        if unsigned:
            first = next(one for one in told.tapes.values() if one.line == line)
            raise Broken(first.begin.member, "gap_unsigned", seat=line[1], since=clock.text(moment_of(unsigned[0].since)))
