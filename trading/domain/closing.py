"""The close of a case: what the two who sign it say, and how far the chain of its recordings had come, whose end nothing else would tell.

The recordings of a case stand on a chain of their own (`V-<case>`), which goes on after the close: recordings are watched and, after their
term, disposed of. What had been recorded until then is fixed by the close, so that nobody can leave out its end later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.kernel.body import Body
from core.kernel.ids import CaseId
from core.kernel.jcs import JSON

BEGUN, ENDED = "video.begin", "video.end"
AFTER_CLOSE = frozenset({"video.view", "video.gap", "video.dispose"})
"""What may follow on that chain: a look, the gap that a last tape left behind, and the end of a term."""

Told = tuple[str, str]
"""An event of that chain: its kind, and its commitment in hex."""


def recordings_chain(case: str) -> CaseId:
    """The chain on which the recordings of a case stand: they are many, and they go on after its close."""
    return CaseId(f"V-{case}")


@dataclass(frozen=True, slots=True)
class Beside:
    """How far a chain had come: its events, and the commitment of the last of them in hex."""

    events: int
    head: str


@dataclass(frozen=True, slots=True)
class CloseBody:
    """The body of `case.close`: how many events the case has, and its recordings, where it has any."""

    events: int
    recordings: Beside | None = None

    @classmethod
    def read(cls, members: Mapping[str, object]) -> CloseBody:
        """Raises RuleBroken `body.malformed`."""
        body = Body(members)
        events, recordings = body.count("events", least=1), None
        if (told := body.part_if_any("recordings")) is not None:
            recordings = Beside(told.count("events", least=1), told.digest("head"))
            told.done()
        body.done()
        return cls(events, recordings)

    def members(self) -> dict[str, JSON]:
        """As it is signed."""
        if self.recordings is None:
            return {"events": self.events}
        return {"events": self.events, "recordings": {"events": self.recordings.events, "head": self.recordings.head}}


def go_on(told: Sequence[Told]) -> bool:
    """Whether a tape has begun that has not ended."""
    kinds = [kind for kind, _ in told]
    return kinds.count(BEGUN) != kinds.count(ENDED)


def recordings_fault(said: Beside | None, told: Sequence[Told]) -> str:
    """What does not fit between the close and the chain of recordings as it stands, "" where all does."""
    count = 0 if said is None else said.events
    if count > len(told):
        return "recordings_cut"
    if said is not None and told[count - 1][1] != said.head:
        return "recordings_differ"
    if go_on(told[:count]):
        return "recordings_going_on"
    return "recordings_after_close" if any(kind not in AFTER_CLOSE for kind, _ in told[count:]) else ""
