"""Who worked from when to when, read from sign-ins, recusals, signatures and breaks; the same for platform and verifier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.kernel import clock
from core.kernel.errors import WrongState
from core.kernel.jcs import JSON
from core.kernel.money import Money
from evaluation.domain.fee import Extras, Sum, calculate
from evaluation.domain.fee_body import BreakBody, CorrectionBody, ExtraBody, RuleBody
from evaluation.domain.fee_table import BY_ID, Counting
from evaluation.domain.fee_time import Span, days_of, less

PAUSES: Mapping[str, str] = {"lot.suspend": "lot.resume"}
"""Kinds that stop the work of a room, and the kind that lets it go on: time between them is not paid."""

ENDS = frozenset({"report.submit", "lot.terminate", "failure.publish"})
"""Kinds after which nobody works on: who has not signed by then is counted up to it."""

SITTING = frozenset({"opening.start", "committee.form", "room.sign_in", "recusal.declare", "preliminary.open", "report.sign"})
KINDS = (*sorted(SITTING | ENDS), *PAUSES, *sorted(set(PAUSES.values())), "fee.rule", "fee.break", "fee.extra", "fee.correct")
"""The kinds of statement that decide fees."""


@dataclass(frozen=True, slots=True)
class Said:
    """A statement of the case: its kind, who signed it, when the platform received it, its digest, and its body."""

    kind: str
    actor: str
    at: datetime
    sha256: str
    body: Mapping[str, Any]


@dataclass(slots=True)
class Sitting:
    """One member's time in one seat: `line` is seat and turn, `3-2` the second who took seat 3."""

    seat: str
    turn: int
    pseudonym: str
    site: str
    person: str = ""
    arrived: datetime | None = None
    worked: bool = False  # the bids were opened to them
    recused: bool = False
    ended: datetime | None = None

    @property
    def line(self) -> str:
        """How its fee is called."""
        return f"{self.seat}-{self.turn}"


@dataclass(slots=True)
class Room:
    """What the statements tell of the room up to now."""

    sittings: list[Sitting] = field(default_factory=list)
    seated: dict[str, Sitting] = field(default_factory=dict)
    opening: datetime | None = None
    pauses: list[Span] = field(default_factory=list)
    paused: datetime | None = None
    ended: datetime | None = None
    reviewing: bool = False  # the bids lie open
    voided: bool = False  # the report names no candidate

    @classmethod
    def read(cls, said: Iterable[Said]) -> Room:
        """The room of these statements, in their order."""
        room = cls()
        for one in said:
            room.hear(one)
        if room.ended is not None:
            for sitting in room.sittings:
                sitting.ended = sitting.ended or room.ended
        return room

    def hear(self, one: Said) -> None:
        """Takes the next statement in; of a further round, after the report, none: its time is paid by arrangement, not by the standard."""
        if self.ended is not None:
            return
        if one.kind == "opening.start":
            self.opening = self.opening or one.at
        elif one.kind == "committee.form":
            self._form(one)
        elif one.kind == "room.sign_in":
            sitting = self.seated[str(one.body["seat"])]
            sitting.person, sitting.arrived, sitting.worked = one.actor, one.at, self.reviewing
        elif one.kind == "preliminary.open":
            self.reviewing = True
            for sitting in self.seated.values():
                sitting.worked = True
        elif one.kind in ("recusal.declare", "report.sign"):
            self._end(one)
        elif one.kind in PAUSES:
            self.paused = self.paused or one.at
        elif one.kind in PAUSES.values():
            self._resume(one.at)
        elif one.kind in ENDS:
            self._close(one)

    def _form(self, one: Said) -> None:
        for row in one.body["seats"]:
            code, pseudonym, site = str(row["code"]), str(row["pseudonym"]), str(row["site"])
            known = self.seated.get(code)
            if known is not None and known.pseudonym == pseudonym:
                continue
            if known is not None:
                known.ended = known.ended or one.at
            self.seated[code] = Sitting(code, 1 if known is None else known.turn + 1, pseudonym, site)
            self.sittings.append(self.seated[code])

    def _end(self, one: Said) -> None:
        sitting = next((each for each in self.seated.values() if each.person == one.actor), None)
        if sitting is None or (one.kind == "recusal.declare" and one.body["none"]):
            return
        sitting.ended = one.at if one.kind == "report.sign" else sitting.ended or one.at  # the last of several reports is the one
        sitting.recused = sitting.recused or one.kind == "recusal.declare"

    def _resume(self, at: datetime) -> None:
        if self.paused is not None:
            self.pauses.append(Span(self.paused, at))
            self.paused = None

    def _close(self, one: Said) -> None:
        self.ended = one.at
        self.voided = one.kind == "report.submit" and not one.body["candidates"]
        self._resume(one.at)

    @property
    def present(self) -> list[Sitting]:
        """Those who came, by line; who never signed in is paid nothing."""
        came = [sitting for sitting in self.sittings if sitting.arrived is not None]
        return sorted(came, key=lambda sitting: (int(sitting.seat), sitting.turn))


@dataclass(frozen=True, slots=True)
class Line:
    """The fee of one sitting as it was calculated."""

    line: str
    person: str
    site: str
    wasted: bool
    begin: datetime
    end: datetime
    minutes: int
    sum: Sum

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed calculation: no name, the seat and its turn alone."""
        return {
            "line": self.line,
            "wasted": self.wasted,
            "begin": clock.text(self.begin),
            "end": clock.text(self.end),
            "minutes": self.minutes,
            "steps": [step.to_json() for step in self.sum.steps],
            "fee_fen": self.sum.fee.fen,
            "travel_fen": self.sum.travel.fen,
        }


def rule_of(said: Sequence[Said]) -> tuple[RuleBody, str] | None:
    """The fee rule of the lot and its statement's digest; None where none was fixed."""
    found = [one for one in said if one.kind == "fee.rule"]
    return (RuleBody.read(found[-1].body), found[-1].sha256) if found else None


def lines(said: Sequence[Said]) -> list[Line]:
    """The fee of everybody who came, from the statements alone. Raises WrongState while the work goes on or no rule is fixed."""
    rule, room = rule_of(said), Room.read(said)
    if rule is None:
        raise WrongState("fee.rule_missing")
    if room.ended is None:
        raise WrongState("fee.room_open")
    return [_line(rule[0], room, sitting, said) for sitting in room.present]


def _line(rule: RuleBody, room: Room, sitting: Sitting, said: Sequence[Said]) -> Line:
    table = BY_ID[rule.table]
    assert sitting.arrived is not None and sitting.ended is not None
    begin = sitting.arrived
    if table.counting is Counting.OPENING and room.opening is not None and sitting.turn == 1:
        begin = room.opening
    end = max(sitting.ended, begin)
    breaks, extras = _inputs(sitting, said)
    days = days_of(less(Span(begin, end), [*breaks, *room.pauses]))
    wasted = sitting.recused or not sitting.worked
    made = calculate(table, days, rule.half_hour, extras, wasted=wasted, voided=room.voided)
    return Line(sitting.line, sitting.person, sitting.site, wasted, begin, end, sum(day.minutes for day in days), made)


def _inputs(sitting: Sitting, said: Sequence[Said]) -> tuple[list[Span], Extras]:
    """The breaks and extras that the host put on record for this sitting; a correction stands in the place of all that came before it."""
    breaks: list[Span] = []
    extras = Extras()
    for one in said:
        if one.kind == "fee.break":
            pause = BreakBody.read(one.body)
            breaks += [pause.span] if not pause.seats or sitting.seat in pause.seats else []
        elif one.kind == "fee.extra" and (given := ExtraBody.read(one.body)).line == sitting.line:
            extras = given.extras
        elif one.kind == "fee.correct" and (fixed := CorrectionBody.read(one.body)).line == sitting.line:
            breaks, extras = list(fixed.breaks), fixed.extras
    return breaks, extras


def total(of: Iterable[Line]) -> Money:
    """The sum of these lines, travelling included."""
    return Money(sum(line.sum.fee.fen + line.sum.travel.fen for line in of))
