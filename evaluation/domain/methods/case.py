"""A scoring case: the published method, the bids and the experts' sheets, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from evaluation.domain.methods.coefficients import Coefficient
from evaluation.domain.methods.figures import Mode


class MethodKind(StrEnum):
    """How bids are ranked (Tendering and Bidding Law, art. 41)."""

    COMPREHENSIVE = "comprehensive"
    LOWEST_EVALUATED_PRICE = "lowest_evaluated_price"
    LOWEST_PRICE = "lowest_price"


class PriceKind(StrEnum):
    """How a price becomes points."""

    DEVIATION = "deviation"
    LOWEST_RATIO = "lowest_ratio"
    NONE = "none"


class PercentStep(StrEnum):
    """What a part of a percent of deviation does."""

    LINEAR = "linear"
    CEIL = "ceil"
    FLOOR = "floor"
    ROUND_POINTS = "round_points"


class BenchmarkKind(StrEnum):
    """Which price the bids are compared with."""

    MEAN = "mean"
    TRIMMED_MEAN = "trimmed_mean"
    LOWEST = "lowest"
    SECOND_LOWEST = "second_lowest"
    TWICE_MEAN = "twice_mean"
    CEILING = "ceiling"
    REFERENCE = "reference"
    MIX = "mix"


class OutlierSide(StrEnum):
    """Which end of the prices is tested against its neighbour."""

    ABOVE_NEXT = "above_next"
    BELOW_NEXT = "below_next"


class OutlierEffect(StrEnum):
    """What becomes of a price that the test hits."""

    OUT_OF_MEAN = "out_of_mean"
    REJECT = "reject"
    FIXED = "fixed"


class AdjustmentKind(StrEnum):
    """A correction mends the bid itself; the other two weigh it for the evaluation alone."""

    CORRECTION = "correction"
    AMOUNT = "amount"
    PERCENT = "percent"


class AggregationKind(StrEnum):
    """How the experts' scores of a bid become one."""

    MEAN = "mean"
    TRIMMED_MEAN = "trimmed_mean"


class Over(StrEnum):
    """What is aggregated: each criterion by itself, or each expert's weighted sum."""

    CRITERION = "criterion"
    SHEET = "sheet"


class TieKey(StrEnum):
    """What decides between equal totals."""

    LOWER_PRICE = "lower_price"
    HIGHER_TECHNICAL = "higher_technical"
    HIGHER_PRICE_SCORE = "higher_price_score"
    DRAW = "draw"


@dataclass(frozen=True, slots=True)
class Rounding:
    """Decimals at each point, None where the value stays exact."""

    mode: Mode = Mode.HALF_UP
    benchmark: int | None = None
    deviation: int | None = None
    price_score: int | None = None
    aggregate: int | None = None
    weighted: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Trim:
    """How many of the highest and lowest values a trimmed mean drops, and from how many values on."""

    drop_high: int
    drop_low: int
    trim_from: int


@dataclass(frozen=True, slots=True)
class Band:
    """Percent below and above the plain mean within which a price is averaged, edges included."""

    below_percent: Fraction
    above_percent: Fraction


@dataclass(frozen=True, slots=True)
class Benchmark:
    """One benchmark; `trim`, `band` and `parts` belong to the kinds that use them; `path` is its place in the document."""

    kind: BenchmarkKind
    factor: Fraction = Fraction(1)
    trim: Trim | None = None
    band: Band | None = None
    parts: tuple[Share, ...] = ()
    path: str = "$.price.benchmark"


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a mixed benchmark; the shares add up to 1."""

    share: Fraction
    of: Benchmark


@dataclass(frozen=True, slots=True)
class OutlierTest:
    """A test of the highest or lowest price against the next one; `score` belongs to `fixed`."""

    side: OutlierSide
    percent: Fraction
    inclusive: bool
    then: OutlierEffect
    score: Fraction | None = None


@dataclass(frozen=True, slots=True)
class PriceRule:
    """How prices become points; slopes are points per percent, a negative one is a bonus; `floor` None = no floor."""

    kind: PriceKind = PriceKind.NONE
    max: Fraction = Fraction(0)
    weight: Fraction = Fraction(1)
    above: Fraction = Fraction(0)
    below: Fraction = Fraction(0)
    step: PercentStep = PercentStep.LINEAR
    floor: Fraction | None = Fraction(0)
    max_deduction_above: Fraction | None = None
    max_deduction_below: Fraction | None = None
    benchmark: Benchmark | None = None
    outliers: tuple[OutlierTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One item that experts score, from 0 to `max`; `part` groups items (`technical`, `commercial`, …)."""

    id: str
    part: str
    max: Fraction
    weight: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Aggregation:
    """How experts' scores become one; `trim` belongs to `trimmed_mean`."""

    kind: AggregationKind = AggregationKind.MEAN
    trim: Trim | None = None
    over: Over = Over.CRITERION


@dataclass(frozen=True, slots=True)
class Method:
    """The published method: everything that stands in the tender document before a bid exists."""

    case: str
    kind: MethodKind
    price_ceiling: Fraction | None
    reference_price: Fraction | None
    rounding: Rounding
    price: PriceRule
    criteria: tuple[Criterion, ...]
    part_minimum: Mapping[str, Fraction]
    aggregation: Aggregation
    tie_break: tuple[TieKey, ...]
    candidates: int
    coefficients: tuple[Coefficient, ...] = ()

    @property
    def is_comprehensive(self) -> bool:
        """Whether points decide; the lowest-price methods use no criteria, no parts and no tie key but a draw."""
        return self.kind is MethodKind.COMPREHENSIVE


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of the price; a percentage is of the corrected price."""

    kind: AdjustmentKind
    value: Fraction
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bid:
    """A bid as read out; `price` None = its price envelope stayed shut; `path` is its place in the document."""

    id: str
    price: Fraction | None
    adjustments: tuple[Adjustment, ...] = ()
    preference_percent: Fraction = Fraction(0)
    is_rejected: bool = False
    path: str = field(default="$.bids", compare=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one expert gave one bid, by criterion."""

    expert: str
    bid: str
    scores: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Lots:
    """The order that a recorded draw of lots gave to bids that were equal; `draw` is its name."""

    draw: str
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoringCase:
    """A method with bids and sheets: all that an evaluation needs; `lots` once equal bids were drawn."""

    method: Method
    bids: tuple[Bid, ...]
    sheets: tuple[Sheet, ...]
    lots: tuple[Lots, ...] = ()
