"""Orders on a lot: nothing came after its termination, nobody sealed while it stood still, and its new deadline gave the time back."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay.story import Story, same
from app.verify.replay.tender import law_of
from app.verify.verdict import inside
from trading.domain.lot_order import Resumption, ResumptionFacts, check_resumption

BIDDING = frozenset({"seal", "receipt", "seal.late", "close"})
"""What does not happen to a lot that stands still."""
AFTER_TERMINATION = ("lot.terminate", "case.close", "clock.advance", "objection.", "complaint.")
"""What still comes of a lot that has ended, by the beginning of its kind."""


def check_orders(story: Story) -> str:
    """Replays the orders in turn; returns how many there were."""
    suspended: Entry | None = None
    terminated: Entry | None = None
    count = 0
    for entry in story.entries:
        entry.require(terminated is None or not entry.lot or entry.kind.startswith(AFTER_TERMINATION), "after_termination", kind=entry.kind)
        if entry.kind in BIDDING:
            entry.require(suspended is None, "while_suspended", kind=entry.kind)
        if entry.kind == "lot.suspend":
            entry.require(suspended is None, "event_twice", kind=entry.kind)
            suspended = entry
        elif entry.kind == "lot.resume":
            _check_resumption(story, suspended, entry)
            suspended = None
        elif entry.kind == "lot.terminate":
            entry.require(terminated is None, "event_twice", kind=entry.kind)
            terminated = entry
        count += entry.kind in ("lot.suspend", "lot.resume", "lot.terminate")
    return str(count)


def _check_resumption(story: Story, suspended: Entry | None, entry: Entry) -> None:
    entry.require(suspended is not None, "event_missing", kind="lot.suspend")
    assert suspended is not None
    same(entry, entry.text("suspend_sha256"), suspended.digest, "digest_differs", field="suspend_sha256")
    with inside(entry.member):
        facts = ResumptionFacts(
            now=entry.at,
            law=law_of(story),
            deadline=story.deadline_at(entry.seq),
            suspended_at=suspended.at,
            suspend_sha256=suspended.digest,
        )
        check_resumption(Resumption.read(entry.body), facts)
