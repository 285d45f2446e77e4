"""A paused room is locked and its material sealed: nobody moves anything and no member reads a bid until the supervisor's signed word."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.kernel.errors import Refusal, WrongState
from core.kernel.moves import Move
from core.kernel.roles import Role

if TYPE_CHECKING:
    from evaluation.domain.room import Facts, See

GOES_ON = frozenset({"leave", "replace", "recuse", "reform", "reopen", "draft_report"})
"""What a pause does not stop: a member goes or is replaced, which may be what the pause is for; what an order demands; and the typesetting
of what was added up before, which nobody does."""

READABLE = frozenset({"progress"})
"""What members see of a paused room: who is there."""

STOPPED = frozenset(
    {
        *("room.sign_in", "room.assembled", "chair.vote", "chair.tied", "chair.elected", "recusal.declare"),
        *("preliminary.open", "preliminary.review", "preliminary.result"),
        *("rejection.open", "rejection.vote", "competition.vote", "competition.result"),
        *("bid_question.propose", "bid_question.ask"),
        *("low_price.flag", "price_check.close", "price_matter.vote", "price_matter.result"),
        *("weighing.propose", "weighing.vote", "weighing.result"),
        *("score", "sheet.unlock.ask", "sheet.unlock.decide", "technical.lock", "blind.open", "blind.opened", "reference_price.open"),
        *("price.result", "summary", "consistency.result", "finding.answer"),
        *("tie_draw.request", "tie_draw.commit", "tie_draw.reveal", "tie_draw.redraw", "tie_draw.result", "tie_draw.ranking"),
        *("doubt.raise", "doubt.vote", "doubt.result", "doubt.answer", "doubt.silence", "doubt.replace"),
        *("report.sign", "report.deadline", "report.refusal", "report.submit"),
        *("discussion.topic", "discussion.message"),
    }
)
"""The kinds of event that there cannot be while a room is paused."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A supervisor's pause, a fault or a night: from when, and until when the room stood still, None while it does."""

    begin: datetime
    end: datetime | None


def extended(until: datetime, since: datetime, stops: Iterable[Stop]) -> datetime:
    """A time limit of the room that was set at `since` and runs until `until`: it stands still while the room does, by a supervisor's word,
    a fault or for the night, and goes on with the time that was left. A stop that began when it was over, or ended before it was set,
    changes nothing; nor does one that lasts, during which nothing falls due. A limit that the law counts in days and a bidder's time for
    an answer run on."""
    for stop in sorted(stops, key=lambda one: one.begin):
        if stop.end is not None and stop.begin < until and stop.end > since:
            until += stop.end - max(stop.begin, since)
    return until


def unless_paused(*rows: Move[Any, Any, Any, Any]) -> Iterator[Move[Any, Any, Any, Any]]:
    """The rows of a room's life, each refused with `room.paused` while the room is, but for what `GOES_ON`."""
    return (row if row.action.value in GOES_ON else replace(row, only_if=_unless_paused(row.only_if)) for row in rows)


def _unless_paused(only_if: Callable[[Any], Refusal | None]) -> Callable[[Facts], Refusal | None]:
    def rule(facts: Facts) -> Refusal | None:
        return WrongState("room.paused") if facts.is_paused else only_if(facts)

    return rule


def is_sealed(what: See, roles: frozenset[Role], *, is_paused: bool) -> bool:
    """Whether a pause keeps `what` from whoever holds a seat."""
    return is_paused and Role.EXPERT in roles and what.value not in READABLE
