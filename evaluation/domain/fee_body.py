"""What is signed about fees: the rule before the draw, breaks, extras, an objection, its correction, the confirmation, an account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TypeVar

from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from deposits.domain.account import normal_number
from evaluation.domain.body import Body
from evaluation.domain.fee import Extras
from evaluation.domain.fee_table import BY_ID, HalfHour
from evaluation.domain.fee_time import Span

LARGEST = 10_000_000  # fen of lodging or transport on one line
MOST = 60  # of breaks, seats or lines in one statement
E = TypeVar("E", bound=Enum)


class Payer(Enum):
    """Who pays the experts."""

    TENDERER = "tenderer"  # 招标人, in procurement the purchaser
    AGENCY = "agency"  # procurement from the centralised catalogue alone: the centralised agency


class Rest(Enum):
    """Why time is not counted."""

    MEAL = "meal"
    REST = "rest"
    FAULT = "fault"


PAYER_ARTICLE = "政府采购评审专家管理办法（财库〔2016〕198号）第二十三条"
"""In the catalogue the centralised agency pays, outside it the purchaser; nobody else pays or advances it in their place."""


def payer_of(is_procurement: bool, in_catalogue: bool) -> Payer:
    """Who pays: in procurement the centralised agency for what stands in its catalogue, everywhere else the tenderer or purchaser."""
    return Payer.AGENCY if is_procurement and in_catalogue else Payer.TENDERER


@dataclass(frozen=True, slots=True)
class RuleBody:
    """`fee.rule`: by which standard the experts of a lot are paid, and by whom; `basis` where the standard is another place's."""

    table: str
    half_hour: HalfHour
    catalogue: bool
    payer: Payer
    term_days: int
    basis: str
    late_reason: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> RuleBody:
        """Reads the signed body; raises RuleBroken."""
        body = Body(members, "table", "half_hour", "catalogue", "payer", "term_days", "basis", "late_reason")
        table = body.text("table", 40)
        if table not in BY_ID:
            raise RuleBroken("fee.table_unknown")
        return cls(
            table,
            _choice(HalfHour, body.text("half_hour", 10), "fee.half_hour"),
            body.flag("catalogue"),
            _choice(Payer, body.text("payer", 10), "fee.payer"),
            body.whole("term_days", 1, 60),
            body.text("basis", 500),
            body.text("late_reason", 500),
        )


@dataclass(frozen=True, slots=True)
class BreakBody:
    """`fee.break`: a stretch that counts for nobody (`seats` empty) or not for these seats."""

    seats: tuple[str, ...]
    why: Rest
    span: Span

    @classmethod
    def read(cls, members: Mapping[str, object]) -> BreakBody:
        """Reads the signed body; raises RuleBroken."""
        body = Body(members, "seats", "why", "from", "until")
        listed = members["seats"]
        if not isinstance(listed, list | tuple) or not all(isinstance(one, str) and one.isdigit() for one in listed) or len(listed) > MOST:
            raise RuleBroken("evaluation.body", field="body.seats")
        return cls(tuple(listed), _choice(Rest, body.text("why", 10), "fee.break.why"), _span(body))


@dataclass(frozen=True, slots=True)
class ExtraBody:
    """`fee.extra`: what is paid one member beside the time."""

    line: str
    extras: Extras
    note: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> ExtraBody:
        """Reads the signed body; raises RuleBroken."""
        body = Body(members, "line", *EXTRAS, "note")
        return cls(_line(body), _extras(body), body.text("note", 500, least=1))


@dataclass(frozen=True, slots=True)
class ObjectionBody:
    """`fee.object`: a member says what is wrong with the calculation."""

    line: str
    text: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> ObjectionBody:
        """Reads the signed body; raises RuleBroken."""
        body = Body(members, "line", "text")
        return cls(_line(body), body.text("text", 500, least=2))


@dataclass(frozen=True, slots=True)
class CorrectionBody:
    """`fee.correct`: breaks and extras of one member, all anew, and why; unchanged ones answer with the reason alone."""

    line: str
    breaks: tuple[Span, ...]
    extras: Extras
    reason: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> CorrectionBody:
        """Reads the signed body; raises RuleBroken."""
        body = Body(members, "line", "breaks", *EXTRAS, "reason")
        breaks = tuple(_span(one) for one in body.objects("breaks", "from", "until", most=MOST))
        return cls(_line(body), breaks, _extras(body), body.text("reason", 500, least=2))


@dataclass(frozen=True, slots=True)
class ConfirmationBody:
    """`fee.confirm`: the payer confirms these lines, and the total of what they cost."""

    lines: tuple[str, ...]
    total: Money

    @classmethod
    def read(cls, members: Mapping[str, object]) -> ConfirmationBody:
        """Reads the signed body; raises RuleBroken."""
        body = Body(members, "lines", "total_fen")
        listed = members["lines"]
        if not isinstance(listed, list | tuple) or not listed or len(set(listed)) != len(listed) or len(listed) > MOST:
            raise RuleBroken("fee.lines")
        for one in listed:
            check_line(one)
        return cls(tuple(listed), Money(body.whole("total_fen", 0, LARGEST * MOST)))


@dataclass(frozen=True, slots=True)
class AccountBody:
    """`expert.account`: to which account one's fees are to be paid; the name is the person's own, as the bank has it."""

    name: str
    number: str
    bank: str

    @classmethod
    def read(cls, members: Mapping[str, object]) -> AccountBody:
        """Reads the signed body; raises RuleBroken."""
        body = Body(members, "name", "number", "bank")
        return cls(body.text("name", 60, least=2).strip(), normal_number(body.text("number", 60)), body.text("bank", 100, least=2).strip())


EXTRAS = ("emergency", "travelled", "nights", "lodging_fen", "days", "transport_fen")


def _extras(body: Body) -> Extras:
    return Extras(
        body.flag("emergency"),
        body.flag("travelled"),
        body.whole("nights", 0, 60),
        Money(body.whole("lodging_fen", 0, LARGEST)),
        body.whole("days", 0, 60),
        Money(body.whole("transport_fen", 0, LARGEST)),
    )


def _span(body: Body) -> Span:
    begin, until = _moment(body.text("from", 40)), _moment(body.text("until", 40))
    if begin >= until:
        raise RuleBroken("fee.break.order")
    return Span(begin, until)


def _moment(written: str) -> datetime:
    try:
        return clock.moment(written)
    except ValueError:
        raise RuleBroken("fee.moment") from None


def _line(body: Body) -> str:
    return check_line(body.text("line", 8))


def check_line(line: object) -> str:
    """A line's name: seat and turn, `3-1`; raises RuleBroken."""
    seat, dash, turn = line.partition("-") if isinstance(line, str) else ("", "", "")
    if not (dash and seat.isascii() and seat.isdigit() and turn.isascii() and turn.isdigit() and len(seat) < 4 and len(turn) < 3):
        raise RuleBroken("fee.line")
    return f"{seat}-{turn}"


def _choice(kind: type[E], written: str, code: str) -> E:
    try:
        return kind(written)
    except ValueError:
        raise RuleBroken(code) from None
