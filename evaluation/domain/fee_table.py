"""The standards by which experts are paid, as data: each with its source, where it holds, for which regime, and from when to when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import Enum

from core.kernel.money import Money
from trading.domain.periods import LegalRegime

NOTHING = Money(0)


class Part(Enum):
    """How the part of an hour that a band leaves over is paid."""

    FLAT = "flat"  # the band is paid whole as soon as it is entered
    STARTED = "started"  # an hour that was begun counts as one
    HALVES = "halves"  # more than 30 minutes count as an hour, fewer are paid with `short`; exactly 30: see HalfHour


class HalfHour(Enum):
    """What exactly 30 minutes are where the text knows only more and fewer; to be set for each lot before its draw."""

    UP = "up"  # as an hour; the default, since 发改办法规〔2025〕807号 has places that differ pay the higher (就高不就低)
    DOWN = "down"  # as fewer than 30 minutes


class Counting(Enum):
    """From when a member's time counts."""

    SIGN_IN = "sign_in"  # the member's own check-in
    OPENING = "opening"  # the opening of the bids


@dataclass(frozen=True, slots=True)
class Band:
    """Minutes of a day up to `until` (None: without end) and what they are paid: once, or for each hour."""

    until: int | None
    pays: Money
    part: Part = Part.FLAT
    short: Money = NOTHING


@dataclass(frozen=True, slots=True)
class Travel:
    """What an expert who has come from elsewhere to the host is paid beside the fee; a seat at a remote site is paid none of it."""

    receipts: bool = False  # transport between places, by receipt
    on_the_way: Money = NOTHING  # once
    lodging: Money = NOTHING  # at most, for a night
    lodging_peak: Money = NOTHING  # the same in `peak_months`
    peak_months: frozenset[int] = frozenset()
    meals: Money = NOTHING  # for a day
    local_transport: Money = NOTHING  # for a day


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeTable:
    """One standard. Sums are before tax, times in minutes of one Beijing day."""

    id: str
    name: str
    source: str
    region: str
    regimes: frozenset[LegalRegime]
    effective_from: date
    effective_to: date | None = None
    counting: Counting = Counting.SIGN_IN
    bands: tuple[Band, ...]
    day_cap: Money | None = None
    voided_cap: Money | None = None  # for the whole when every bid was rejected
    holiday_factor: int = 1
    half_day: Money | None = None  # for each half-day instead of the bands when the work takes more than one day
    wasted: Money
    emergency: Money = NOTHING
    travel: Travel = field(default_factory=Travel)
    term_days: int = 10  # calendar days from the confirmation, or from the result where names are secret until then

    @property
    def asks_half_hour(self) -> bool:
        """Whether the text leaves exactly 30 minutes open, so that the switch must be set."""
        return any(band.part is Part.HALVES for band in self.bands)

    def holds(self, regime: LegalRegime, day: date) -> bool:
        """Whether it may be applied to a lot of this regime whose fee rule is fixed on this day."""
        return regime in self.regimes and self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


def _yuan(amount: int) -> Money:
    return Money(amount * 100)


BOTH = frozenset(LegalRegime)
PROCUREMENT = frozenset({LegalRegime.GOVERNMENT_PROCUREMENT})
_SHANDONG_BANDS = (Band(180, _yuan(400)), Band(None, _yuan(100), Part.HALVES, _yuan(50)))

TABLES: tuple[FeeTable, ...] = (
    FeeTable(
        id="shandong-2017",
        name="山东省政府采购评审劳务报酬标准",
        source="鲁财采〔2017〕28号",
        region="山东省",
        regimes=PROCUREMENT,
        effective_from=date(2017, 1, 1),  # of the year of its number; its day could not be read
        bands=_SHANDONG_BANDS,
        day_cap=_yuan(1_000),
        wasted=_yuan(200),
        travel=Travel(receipts=True),
    ),
    FeeTable(
        id="weihai-2025",
        name="威海市异地评审专家劳务报酬和差旅补助",
        source="鲁财采〔2025〕8号，威海市文登区政府采购中心说明（2025-08-25）",
        region="山东省威海市",
        regimes=PROCUREMENT,
        effective_from=date(2025, 8, 25),
        counting=Counting.OPENING,  # 自开标时间起至签署提交评审报告时止
        bands=_SHANDONG_BANDS,
        day_cap=_yuan(1_000),
        wasted=_yuan(200),
        travel=Travel(
            receipts=True,
            lodging=_yuan(380),
            lodging_peak=_yuan(450),
            peak_months=frozenset({7, 8, 9}),
            meals=_yuan(100),
            local_transport=_yuan(80),
        ),
    ),
    FeeTable(
        id="guangzhou-2017",
        name="广州市综合评标评审专家酬劳标准",
        source="粤发改公资办〔2017〕3号",
        region="广东省广州市",
        regimes=BOTH,
        effective_from=date(2017, 1, 1),  # of the year of its number; its day could not be read
        bands=(
            Band(60, _yuan(200)),
            Band(120, _yuan(200)),
            Band(480, _yuan(100), Part.STARTED),
            Band(None, _yuan(150), Part.STARTED),
        ),
        half_day=_yuan(600),
        wasted=_yuan(100),
        emergency=_yuan(200),
        travel=Travel(receipts=True, on_the_way=_yuan(200)),
    ),
    FeeTable(
        id="shanxi-2021",
        name="山西省政府采购评审专家劳务报酬支付标准暂行规定",
        source="晋财购〔2021〕24号",
        region="山西省",
        regimes=PROCUREMENT,
        effective_from=date(2021, 1, 1),  # of the year of its number; its day could not be read
        bands=(
            Band(120, _yuan(300)),
            Band(420, _yuan(100), Part.STARTED),
            Band(480, NOTHING),  # eight hours at most 800 yuan; what goes beyond the working day, 100 an hour again
            Band(None, _yuan(100), Part.STARTED),
        ),
        day_cap=_yuan(1_000),
        voided_cap=_yuan(400),
        holiday_factor=2,  # 法定节假日期间评审，在上述标准的基础上提高一倍
        wasted=_yuan(100),
    ),
)
BY_ID = {table.id: table for table in TABLES}


def choose(region: str, regime: LegalRegime, day: date, tables: Iterable[FeeTable] = TABLES) -> tuple[FeeTable, ...]:
    """The standards that may be applied, the narrowest of the lot's own region first; those of other places only by agreement."""
    fit = [table for table in tables if table.holds(regime, day)]
    return tuple(sorted(fit, key=lambda table: (not is_of(table, region), -len(table.region))))


def is_of(table: FeeTable, region: str) -> bool:
    """Whether a region lies in a standard's: the standard's places all begin the region's name, or the region is the standard's city."""
    return region.startswith(table.region) or (table.region.endswith(region) and bool(region))
