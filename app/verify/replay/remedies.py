"""Objections and complaints: each is answered or ended once, and while one stopped the lot nothing was done that it stops."""

from __future__ import annotations

from app.verify.entries import Entry
from app.verify.replay.story import Story
from trading.domain.clock import LegalRegime
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
    for entry in story.entries:
        family = entry.kind.partition(".")[0]
        if family == "objection":
            _objection(entry, waiting, regime)
        elif family == "complaint":
            _complaint(entry, alive, suspended)
        elif entry.kind in STEPS:
            _step(entry, regime, any(waiting.values()), bool(suspended))
    return f"{len(waiting)}; {len(alive)}"


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
