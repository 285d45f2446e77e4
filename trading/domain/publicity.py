"""The publicity of candidates (中标候选人公示): what is published, and for how long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.kernel.body import Body
from core.kernel.calendar import Unit, legal_day
from core.kernel.errors import RuleBroken
from core.kernel.ids import OrgId
from core.kernel.money import Money
from trading.domain.clock import Law


@dataclass(frozen=True, slots=True)
class PublishedCandidate:
    """A candidate as published; `rank` 0 where the set is unranked."""

    org: OrgId
    name: str
    rank: int
    price: Money


@dataclass(frozen=True, slots=True)
class Publicity:
    """The signed body of `candidates.publish`; days are Beijing dates. `late_reason` says why it comes after the legal day, else "".
    `winner` and `result_sha256` are members only where the result is published after the award."""

    candidates: tuple[PublishedCandidate, ...]
    first: date
    until: date
    report_sha256: str
    late_reason: str
    winner: str = ""
    result_sha256: str = ""

    @classmethod
    def read(cls, signed: Mapping[str, object]) -> Publicity:
        """Of a signed body; raises RuleBroken `body.malformed` naming the member."""
        body = Body(signed)
        read = cls(
            candidates=tuple(_candidate(entry) for entry in body.objects("candidates", least=1, most=20)),
            first=body.day("from"),
            until=body.day("until"),
            report_sha256=body.digest("report_sha256"),
            late_reason=body.text("late_reason", 500, least=0),
            winner=str(body.uuid("winner")) if body.has("winner") else "",
            result_sha256=body.digest("result_sha256") if body.has("result_sha256") else "",
        )
        body.done()
        return read


def _candidate(body: Body) -> PublishedCandidate:
    org, name, rank = OrgId(body.uuid("org")), body.text("name", 200), body.count("rank", most=20)
    candidate = PublishedCandidate(org, name, rank, Money(body.count("price_fen", least=1)))
    body.done()
    return candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicityFacts:
    """What a publicity is held against."""

    now: datetime
    law: Law
    days: int  # as announced in the tender notice
    counts_from: datetime  # the report's receipt, or the award where its result is published after it
    report_sha256: str
    candidates: Sequence[PublishedCandidate]
    winner: str = ""
    result_sha256: str = ""


def last_day(law: Law, days: int, start: date) -> date:
    """The last day of a publicity of `days` calendar days that begins on `start`: that day is not counted, rest days at the end roll on."""
    return law.calendar.after(start, days, Unit.CALENDAR)


def check(publicity: Publicity, facts: PublicityFacts) -> None:
    """Raises RuleBroken unless the publicity shows the report's candidates, begins today, runs its days (T10) and, when it comes late,
    says why."""
    if publicity.report_sha256 != facts.report_sha256:
        raise RuleBroken("publicity.report_other")
    if sorted(publicity.candidates, key=_order) != sorted(facts.candidates, key=_order):
        raise RuleBroken("publicity.candidates_other", "招标投标法实施条例第五十四条")
    if (publicity.winner, publicity.result_sha256) != (facts.winner, facts.result_sha256):
        raise RuleBroken("publicity.result_other")
    if publicity.first != legal_day(facts.now):
        raise RuleBroken("publicity.first_day_other", today=legal_day(facts.now).isoformat())
    least = last_day(facts.law, facts.days, publicity.first)
    if publicity.until < least:
        raise RuleBroken("publicity.too_short", "招标投标法实施条例第五十四条", earliest=least.isoformat())
    late = facts.law.is_late("T10", facts.counts_from, facts.now)
    if late and not publicity.late_reason:
        raise RuleBroken("publicity.late_unexplained", "招标投标法实施条例第五十四条")
    if publicity.late_reason and not late:
        raise RuleBroken("publicity.reason_unneeded")


def _order(candidate: PublishedCandidate) -> tuple[int, str]:
    return candidate.rank, str(candidate.org)
