"""An evidence card: what was found between which bids, the item of law it speaks to, how it was computed, what else may explain it.

A card is no verdict. The software alerts; the committee decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from core.kernel import jcs
from core.kernel.jcs import JSON

FORMAT = "gongheng/collusion-card/v1"
METHOD = "gongheng/collusion/1"  # the generator's version: another threshold, another number


class Strength(Enum):
    """How much a card says by itself."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Signal(Enum):
    """What was found to be the same, or to follow a rule."""

    MACHINE_CODE = "machine_code"
    PRICING_LOCK = "pricing_lock"
    SOURCE_FILE = "source_file"
    HARDWARE = "hardware"
    SAME_PAYER = "same_payer"
    SAME_SIGNER = "same_signer"
    SAME_CONTACT = "same_contact"
    SAME_STAFF = "same_staff"
    CONTROL = "control"
    SIMILAR_TEXT = "similar_text"
    SAME_DEVIATION = "same_deviation"
    SAME_ARITHMETIC_ERROR = "same_arithmetic_error"
    SAME_UNIT_PRICES = "same_unit_prices"
    ARITHMETIC_PROGRESSION = "arithmetic_progression"
    GEOMETRIC_PROGRESSION = "geometric_progression"
    PRICE_CLUSTER = "price_cluster"
    SAME_METADATA = "same_metadata"


_FORTY = "招标投标法实施条例 第四十条"
_ONE_HAND, _HANDLING, _STAFF, _LIKENESS, _ACCOUNT = (f"{_FORTY}第{item}项" for item in ("（一）", "（二）", "（三）", "（四）", "（六）"))

# The article of 招标投标法实施条例 that a signal speaks to. Control relations make bids void without any collusion (art. 34).
ARTICLES: Mapping[Signal, str] = {
    Signal.MACHINE_CODE: _ONE_HAND,
    Signal.PRICING_LOCK: _ONE_HAND,
    Signal.SOURCE_FILE: _ONE_HAND,
    Signal.HARDWARE: _ONE_HAND,
    Signal.SAME_PAYER: _ACCOUNT,
    Signal.SAME_SIGNER: _HANDLING,
    Signal.SAME_CONTACT: _HANDLING,
    Signal.SAME_STAFF: _STAFF,
    Signal.CONTROL: "招标投标法实施条例 第三十四条",
    Signal.SIMILAR_TEXT: _LIKENESS,
    Signal.SAME_DEVIATION: _LIKENESS,
    Signal.SAME_ARITHMETIC_ERROR: _LIKENESS,
    Signal.SAME_UNIT_PRICES: _LIKENESS,
    Signal.ARITHMETIC_PROGRESSION: _LIKENESS,
    Signal.GEOMETRIC_PROGRESSION: _LIKENESS,
    Signal.PRICE_CLUSTER: "招标投标法实施条例 第三十九条",
    Signal.SAME_METADATA: _ONE_HAND,
}

# What the committee should rule out first; the words stand in the catalogue of sentences.
INNOCENT: Mapping[Signal, tuple[str, ...]] = {
    Signal.MACHINE_CODE: ("agency_computer", "repair_shop", "cloned_disk"),
    Signal.PRICING_LOCK: ("hired_estimator", "lent_lock"),
    Signal.SOURCE_FILE: ("tender_template", "trade_template"),
    Signal.HARDWARE: ("virtual_card", "repair_shop", "agency_computer", "cloned_disk"),
    Signal.SAME_PAYER: ("finance_company", "bank_clearing_account"),
    Signal.SAME_SIGNER: ("changed_employer",),
    Signal.SAME_CONTACT: ("hired_agent", "recycled_number"),
    Signal.SAME_STAFF: ("changed_employer", "wrong_hash"),
    Signal.CONTROL: ("stale_register",),
    Signal.SIMILAR_TEXT: ("public_standard", "product_manual", "tender_template", "hired_writer"),
    Signal.SAME_DEVIATION: ("earlier_version", "public_standard"),
    Signal.SAME_ARITHMETIC_ERROR: ("software_rounding", "tender_quantity"),
    Signal.SAME_UNIT_PRICES: ("price_list", "provisional_sum", "common_supplier"),
    Signal.ARITHMETIC_PROGRESSION: ("chance_few_bids", "rounded_prices"),
    Signal.GEOMETRIC_PROGRESSION: ("chance_few_bids", "discount_bidding"),
    Signal.PRICE_CLUSTER: ("published_ceiling", "discount_bidding", "price_list"),
    Signal.SAME_METADATA: ("default_author", "hired_writer", "trade_template"),
}

# What a committee may see under code names while it scores blind: words that its members read anyway, and nothing that names anybody.
BLIND = frozenset({Signal.SIMILAR_TEXT, Signal.SAME_DEVIATION})


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has found. `bidders` are organisation ids, sorted; `raw` the values found and where; `computed` the thresholds used."""

    signal: Signal
    strength: Strength
    bidders: tuple[str, ...]
    raw: Mapping[str, JSON]
    computed: Mapping[str, JSON]

    def to_json(self) -> dict[str, JSON]:
        """As a program tells it, such as the worker that looks for findings."""
        return {
            "signal": self.signal.value,
            "strength": self.strength.value,
            "bidders": list(self.bidders),
            "raw": dict(self.raw),
            "computed": dict(self.computed),
        }


@dataclass(frozen=True, slots=True)
class Place:
    """Where a card belongs: the case, the lot's number in it, and the round of the opening."""

    case: str
    lot: str
    round: int


def card(finding: Mapping[str, JSON], place: Place, ref: str, tools: Mapping[str, str]) -> bytes:
    """The canonical bytes of a card. `ref` is drawn at random, so that it tells nothing of whom the card is about; `tools` are the
    versions of the libraries that read and compared. Raises ValueError for a finding of an unknown signal."""
    signal, strength = Signal(finding["signal"]), Strength(finding["strength"])
    innocent: list[JSON] = list(INNOCENT[signal])
    return jcs.canonical(
        {
            "format": FORMAT,
            "method": METHOD,
            "ref": ref,
            "case": place.case,
            "lot": place.lot,
            "round": place.round,
            "signal": signal.value,
            "strength": strength.value,
            "article": ARTICLES[signal],
            "bidders": finding["bidders"],
            "raw": finding["raw"],
            "computed": finding["computed"],
            "innocent": innocent,
            "tools": dict(tools),
        }
    )


def digest(content: bytes) -> str:
    """The hex SHA-256 under which a card is logged."""
    return hashlib.sha256(content).hexdigest()


def share(part: int, whole: int) -> str:
    """A share as text with three decimals, since canonical JSON has no fractions; "0.000" of nothing."""
    return str((Decimal(part) / Decimal(whole)).quantize(Decimal("0.001"))) if whole else "0.000"
