"""When a room stood still by a supervisor's word, a fault, or for the night, as its events tell it: its time limits stand still with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from app.verify.entries import Entry
from evaluation.domain.room_pause import Stop
from evaluation.domain.supervision import Measure

HALTS = frozenset({"halt.fault", "halt.night"})
ENDS: Mapping[str, str] = {
    # what lets the room go on, and by which member it names what stopped it
    "supervision.resume": "act_sha256",
    "halt.repair": "halt_sha256",
    "halt.open": "halt_sha256",
    "halt.reformed": "halt_sha256",
}


def stops_of(entries: Sequence[Entry]) -> tuple[Stop, ...]:
    """The pauses and halts in a lot's story, in their order."""
    ended = {entry.text(ENDS[entry.kind]): entry.at for entry in entries if entry.kind in ENDS}
    return tuple(Stop(entry.at, ended.get(entry.digest)) for entry in entries if _stops(entry))


def _stops(entry: Entry) -> bool:
    return entry.kind in HALTS or (entry.kind == "supervision.act" and entry.text("measure") == Measure.PAUSE.value)
