"""Objections and complaints: each is answered or ended once, and while one stopped the lot nothing was done that it stops."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay.story import Story
from app.verify.replay.tender import law_of
from trading.domain.clock import LegalRegime
from trading.domain.lot_order import earliest_deadline
from trading.domain.remedy import complaint_number, objection_number

STEPS = frozenset(
    ("seal", "close", "report.submit", "candidates.publish", "publicity.end", "award.result", "award.notice", "contract.sign")
)
ENDS_OBJECTION = frozenset(("objection.answer", "objection.withdraw", "objection.close"))
ENDS_COMPLAINT = frozenset(("complaint.refuse", "complaint.hand_over", "complaint.decide", "complaint.withdraw"))


def check_remedies(story: Story) -> str:
    """Plays them in their order; returns how many objections and complaints there were. Raises Broken."""
    regime = LegalRegime(story.the("project.register").text("regime"))
    waiting: dict[str, bool] = {}  # objection → whether it waits
    alive: dict[str, bool] = {}  # complaint → whether it is undecided
    suspended: set[str] = set()
    halted: list[Entry] = []
    for entry in story.entries:
        family = entry.kind.partition(".")[0]
        if family == "objection":
            _objection(entry, waiting, regime)
        elif family == "complaint":
            _complaint(entry, alive, suspended)
        elif entry.kind == "bidding.halt":
            halted.append(entry)
        elif entry.kind == "bidding.go_on":
            _goes_on(story, halted, entry)
        elif entry.kind in STEPS:
            _step(entry, regime, any(waiting.values()), bool(suspended))
    return f"{len(waiting)}; {len(alive)}"


def _goes_on(story: Story, halted: list[Entry], entry: Entry) -> None:
    """The deadline is later by the days on which nobody could bid."""
    entry.require(bool(halted), "event_missing", kind="bidding.halt")
    least = earliest_deadline(law_of(story), story.deadline_at(entry.seq), halted.pop().at, entry.at)
    entry.require(story.deadline_at(entry.seq + 1) >= least, "too_early")


def _step(entry: Entry, regime: LegalRegime, is_waiting: bool, is_suspended: bool) -> None:
    stops = is_waiting and (regime is LegalRegime.CONSTRUCTION or entry.kind == "contract.sign")
    entry.require(not stops, "objection_open", kind=entry.kind)
    entry.require(not is_suspended, "suspended", kind=entry.kind)


def _objection(entry: Entry, waiting: dict[str, bool], regime: LegalRegime) -> None:
    if entry.kind == "objection.file":
        waiting[objection_number(regime, entry.digest)] = True
        return
    number = entry.text("objection" if entry.role != "system" else "number")
    entry.require(number in waiting, "remedy_unknown", number=number)
    if entry.kind in ENDS_OBJECTION:
        entry.require(waiting[number] or entry.kind == "objection.close", "said_twice", seat=number)
        waiting[number] = False


def _complaint(entry: Entry, alive: dict[str, bool], suspended: set[str]) -> None:
    if entry.kind == "complaint.file":
        alive[complaint_number(entry.digest)] = True
        return
    number = entry.text("complaint" if entry.role != "system" else "number")
    entry.require(number in alive, "remedy_unknown", number=number)
    if entry.kind in ENDS_COMPLAINT:
        entry.require(alive[number], "said_twice", seat=number)
        alive[number] = False
    elif entry.kind == "complaint.suspend":
        suspended.add(number)
    elif entry.kind in ("complaint.lift", "complaint.lapse"):
        suspended.discard(number)
