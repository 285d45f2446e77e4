"""A member who does not sign the report: a deadline of the chair, after it the note of the host, and the report goes on without them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from core.kernel import clock
from core.kernel.errors import Refusal, RuleBroken, WrongState
from evaluation.domain.body import LONG, Body

if TYPE_CHECKING:
    from evaluation.domain.room import Facts

SOONEST, LATEST = timedelta(minutes=30), timedelta(days=3)
"""Nobody is taken to agree who had no time to read; nobody holds the report up for a week. The law names no span."""


@dataclass(frozen=True, slots=True)
class DeadlineBody:
    """Until when the report is to be signed."""

    report_sha256: str
    until: datetime

    @classmethod
    def read(cls, body: object, report_sha256: str, now: datetime) -> DeadlineBody:
        """From the body of `report.deadline`; raises RuleBroken for another report, or a moment too soon or too late."""
        fields = Body(body, "report_sha256", "until")
        if fields.text("report_sha256", 64, 64) != report_sha256:
            raise RuleBroken("report.sign.other_report")
        try:
            until = clock.moment(fields.text("until", 40))
        except ValueError:
            raise RuleBroken("report.deadline.span") from None
        if not SOONEST <= until - now <= LATEST:
            raise RuleBroken("report.deadline.span")
        return cls(report_sha256, until)


@dataclass(frozen=True, slots=True)
class RefusalBody:
    """The host's note on one member; `dissent`: what that member handed over in writing, "" where there was nothing, which is agreement."""

    report_sha256: str
    seat: str
    dissent: str

    @classmethod
    def read(cls, body: object, report_sha256: str) -> RefusalBody:
        """From the body of `report.refusal`; the digest must be that of the report on file."""
        fields = Body(body, "report_sha256", "seat", "dissent")
        if fields.text("report_sha256", 64, 64) != report_sha256:
            raise RuleBroken("report.sign.other_report")
        return cls(report_sha256, fields.text("seat", 4, 1), fields.text("dissent", LONG).strip())


def sets_a_deadline(facts: Facts) -> Refusal | None:
    """The chair, once, or while the chair has not signed another member: who has signed, so that a report has a signature."""
    if facts.report_deadline:
        return WrongState("report.deadline.twice")
    may = facts.seat in facts.signed and (facts.is_chair or facts.chair not in facts.signed)
    return None if may else WrongState("report.deadline.chair")


def notes_a_refusal(facts: Facts) -> Refusal | None:
    """After the deadline, of members who have not signed."""
    return None if facts.report_overdue else WrongState("report.refusal.too_early")


def is_not_noted(facts: Facts) -> Refusal | None:
    """Whose refusal was noted does not sign any more: what the report's record says of them stands."""
    return WrongState("report.sign.noted") if facts.seat in facts.noted else None
