"""When a room stood still by a supervisor's word, as its events tell it: time limits of the room stand still with it."""

from __future__ import annotations

from collections.abc import Sequence

from app.verify.entries import Entry
from evaluation.domain.room_pause import Stop
from evaluation.domain.supervision import Measure


def stops_of(entries: Sequence[Entry]) -> tuple[Stop, ...]:
    """The pauses in a lot's story, in their order."""
    ended = {entry.text("act_sha256"): entry.at for entry in entries if entry.kind == "supervision.resume"}
    acts = [entry for entry in entries if entry.kind == "supervision.act" and entry.text("measure") == Measure.PAUSE.value]
    return tuple(Stop(entry.at, ended.get(entry.digest)) for entry in acts)
