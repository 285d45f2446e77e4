"""What one member is paid: exact arithmetic in fen over counted minutes, with every step that led to the sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from core.kernel.calendar import CHINA
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.money import Money
from evaluation.domain.fee_table import NOTHING, Band, FeeTable, HalfHour, Part

HOUR, HALF = 60, 30


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a worked calculation: a code whose words the page has, what fills them, and the sum it adds (or leaves)."""

    code: str
    facts: Mapping[str, str]
    fen: int

    def to_json(self) -> dict[str, JSON]:
        """As it stands in the signed calculation."""
        return {"code": self.code, "facts": dict(self.facts), "fen": self.fen}


@dataclass(frozen=True, slots=True)
class WorkedDay:
    """A Beijing day of a member: counted minutes, and in how many of its halves (before and from noon) they lie."""

    day: date
    minutes: int
    halves: int


@dataclass(frozen=True, slots=True)
class Extras:
    """What the host has put on record beside the time; each is paid only where the standard knows it."""

    emergency: bool = False
    travelled: bool = False
    nights: int = 0
    lodging: Money = NOTHING  # by receipt, for all nights together
    days: int = 0  # of meals and local transport
    transport: Money = NOTHING  # between places, by receipt

    @property
    def are_of_travel(self) -> bool:
        """Whether any of them is for an expert who came from elsewhere."""
        return bool(self.travelled or self.nights or self.lodging.fen or self.days or self.transport.fen)


@dataclass(frozen=True, slots=True)
class Sum:
    """A member's fee (the pay for work, which is taxed), what is paid back of travelling (which is not), and the steps."""

    fee: Money
    travel: Money
    steps: tuple[Step, ...]


def day_fee(table: FeeTable, minutes: int, half_hour: HalfHour) -> tuple[Money, list[Step]]:
    """What one ordinary day is paid, its cap applied. `minutes` whole and counted; none are paid nothing."""
    total, steps, begin = 0, [], 0
    for band in table.bands:
        if minutes <= begin:
            break
        inside = (minutes if band.until is None else min(minutes, band.until)) - begin
        made = _band(band, begin, inside, half_hour)
        total += made.fen
        if made.fen:
            steps.append(made)
        begin = band.until or minutes
    if table.day_cap is not None and total > table.day_cap.fen:
        total = table.day_cap.fen
        steps.append(Step("cap", {"cap": str(table.day_cap)}, total))
    return Money(total), steps


def _band(band: Band, begin: int, inside: int, half_hour: HalfHour) -> Step:
    """One band, entered by `inside` minutes (at least one)."""
    if band.part is Part.FLAT:
        return Step("flat", {"until": str(band.until or "")}, band.pays.fen)
    hours, left = divmod(inside, HOUR)
    facts = {"begin": str(begin), "minutes": str(inside), "rate": str(band.pays)}
    if band.part is Part.STARTED:
        hours += bool(left)
        return Step("started", facts | {"hours": str(hours)}, hours * band.pays.fen)
    counts = left > HALF or (left == HALF and half_hour is HalfHour.UP)
    short = band.short.fen if left and not counts else 0
    hours += counts
    facts |= {"hours": str(hours), "left": str(left)}
    code = "halves_up" if counts else "halves_short" if short else "halves"
    return Step(code, facts | ({"short": str(band.short)} if short else {}), hours * band.pays.fen + short)


def calculate(
    table: FeeTable, days: Sequence[WorkedDay], half_hour: HalfHour, extras: Extras, *, wasted: bool = False, voided: bool = False
) -> Sum:
    """What a member is paid for these days, or for having come in vain (`wasted`: arrived and not used, or recused then).

    Raises RuleBroken for extras that the standard does not know.
    """
    check_extras(table, extras)
    if wasted:
        fee, steps = table.wasted.fen, [Step("wasted", {}, table.wasted.fen)]
    else:
        fee, steps = _work(table, days, half_hour)
        if voided and table.voided_cap is not None and fee > table.voided_cap.fen:
            fee = table.voided_cap.fen
            steps.append(Step("voided_cap", {"cap": str(table.voided_cap)}, fee))
    if extras.emergency:
        fee += table.emergency.fen
        steps.append(Step("emergency", {}, table.emergency.fen))
    travel, more = _travel(table, days, extras)
    return Sum(Money(fee), Money(travel), (*steps, *more))


def _work(table: FeeTable, days: Sequence[WorkedDay], half_hour: HalfHour) -> tuple[int, list[Step]]:
    worked = [day for day in days if day.minutes]
    if table.half_day is not None and len(worked) > 1:
        halves = sum(day.halves for day in worked)
        fen = halves * table.half_day.fen
        return fen, [Step("half_days", {"days": str(len(worked)), "halves": str(halves), "rate": str(table.half_day)}, fen)]
    total, steps = 0, []
    for day in worked:
        steps.append(Step("day", {"day": day.day.isoformat(), "minutes": str(day.minutes)}, 0))
        fee, made = day_fee(table, day.minutes, half_hour)
        steps += made
        fen = fee.fen
        if table.holiday_factor > 1 and day.day in CHINA.holidays:
            fen *= table.holiday_factor
            steps.append(Step("holiday", {"day": day.day.isoformat(), "factor": str(table.holiday_factor)}, fen))
        total += fen
    return total, steps


def check_extras(table: FeeTable, extras: Extras) -> None:
    """Raises RuleBroken `fee.extra.unknown` for what the standard does not pay."""
    travel = table.travel
    asked = (
        ("emergency", extras.emergency, table.emergency.fen),
        ("lodging", extras.nights or extras.lodging.fen, travel.lodging.fen),
        ("days", extras.days, travel.meals.fen + travel.local_transport.fen),
        ("transport", extras.transport.fen, travel.receipts),
    )
    for name, wanted, known in asked:
        if wanted and not known:
            raise RuleBroken("fee.extra.unknown", table.source, field=name)
    if extras.lodging.fen and not extras.nights:
        raise RuleBroken("fee.extra.nights")


def _travel(table: FeeTable, days: Sequence[WorkedDay], extras: Extras) -> tuple[int, list[Step]]:
    travel, steps = table.travel, []
    if extras.travelled and travel.on_the_way.fen:
        steps.append(Step("on_the_way", {}, travel.on_the_way.fen))
    if extras.lodging.fen:
        peak = bool(days) and days[0].day.month in travel.peak_months
        most = (travel.lodging_peak if peak else travel.lodging).fen * extras.nights
        paid = min(extras.lodging.fen, most)
        facts = {"nights": str(extras.nights), "receipts": str(extras.lodging), "most": str(Money(most))}
        steps.append(Step("lodging", facts, paid))
    for code, rate in (("meals", travel.meals), ("local_transport", travel.local_transport)):
        if extras.days and rate.fen:
            steps.append(Step(code, {"days": str(extras.days), "rate": str(rate)}, extras.days * rate.fen))
    if extras.transport.fen:
        steps.append(Step("transport", {}, extras.transport.fen))
    return sum(step.fen for step in steps), steps
