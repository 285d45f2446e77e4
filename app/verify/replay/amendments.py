"""What happened to the tender document while bids were taken: each version follows the one before, the deadline follows the law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.verify.entries import Entry
from app.verify.replay.story import Story
from app.verify.verdict import inside
from core.kernel import clock
from core.kernel.calendar import CHINA
from core.kernel.money import Money
from trading.domain import amendment, clarification
from trading.domain.amendment import Amendment, AmendmentFacts, Extension
from trading.domain.clarification import Clarification
from trading.domain.clock import Law, LegalRegime
from trading.domain.document import TenderDocument

KINDS = ("document.amend", "clarification.publish", "deadline.extend")
BETWEEN = timedelta(seconds=5)  # a use case looks at the clock more than once; at midnight two looks may fall on two days


@dataclass
class _Standing:
    """What is in force at one point of the story; `due` are the extensions one of which the last event must have brought."""

    law: Law
    estimate: Money
    document: TenderDocument
    deadline: datetime
    amendments: int = 0
    clarifications: int = 0
    cause: Entry | None = None
    due: Sequence[Extension | None] = (None,)


def check_amendments(story: Story) -> str:
    """Replays every amendment, clarification and extension; returns how many of each, and the deadline in force."""
    now = _begin(story)
    for entry in story.all(*KINDS):
        if entry.kind == "deadline.extend":
            _take_extension(now, entry)
        else:
            _settle(now)
            now.deadline = story.deadline_at(entry.seq)
            entry.require(entry.at < now.deadline, "too_late", kind=entry.kind)
            (_take_amendment if entry.kind == "document.amend" else _take_clarification)(now, entry)
            now.cause = entry
    _settle(now)
    return f"{now.amendments}; {now.clarifications}; {clock.text(story.deadline)}"


def _begin(story: Story) -> _Standing:
    register, notice = story.the("project.register"), story.notice
    with inside(register.member):
        law = Law(LegalRegime(register.text("regime")), bool(register.body.get("legally_mandatory")), CHINA, register.text("region"))
        estimate = Money(register.count("estimate_fen"))
    with inside(story.document.member):
        document = TenderDocument.read(story.document.body)
    return _Standing(law, estimate, document, clock.moment(notice.text("deadline")))


def _settle(now: _Standing) -> None:
    """What should have moved the deadline has moved it."""
    if now.cause is not None:
        now.cause.require(None in now.due, "extension_missing")


def _take_amendment(now: _Standing, entry: Entry) -> None:
    with inside(entry.member):
        said = Amendment.read(entry.body)
        told = AmendmentFacts(
            standing=now.document, amendments=now.amendments, deadline=now.deadline, regime=now.law.regime, estimate=now.estimate
        )
        amendment.check(said, told)
    now.document, now.amendments = said.document, said.number
    now.due = _due(now, entry, said.affects_bids, said.not_before)


def _take_clarification(now: _Standing, entry: Entry) -> None:
    with inside(entry.member):
        said = Clarification.read(entry.body)
        clarification.check(said, now.clarifications + 1, now.document.document_sha256)
    now.clarifications = said.number
    now.due = _due(now, entry, said.affects_bids, None)


def _due(now: _Standing, entry: Entry, affects_bids: bool, wish: datetime | None) -> list[Extension | None]:
    moments = (entry.at, entry.at - BETWEEN)
    return [amendment.extension(now.law, at, now.deadline, affects_bids, wish) for at in moments]


def _take_extension(now: _Standing, entry: Entry) -> None:
    entry.require(now.cause is not None and entry.text("cause") == now.cause.digest, "extension_without_cause")
    said = Extension(clock.moment(entry.text("before")), clock.moment(entry.text("deadline")), entry.text("rule"))
    entry.require(said in now.due, "extension_differs")
    now.cause, now.due = None, (None,)
