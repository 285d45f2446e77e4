"""The door: what a use case may rely on, and what its callers are told."""

from __future__ import annotations

from dataclasses import dataclass

from core.kernel import chain
from core.kernel.events import Event
from core.kernel.ids import CaseId


@dataclass(frozen=True, kw_only=True)
class Counted(Event):
    KIND = "test.counted"
    n: int


def test_a_use_case_returns_once_its_events_are_on_disk(door, perform):
    def use_case(work):
        work.record(Counted(case=CaseId("C-1"), n=1))
        return "done"

    assert perform(use_case) == "done"
    [event] = door.read(lambda session: chain.events(session, "C-1"))
    assert (event.case_seq, event.kind) == (0, "test.counted")
