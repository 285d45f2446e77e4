"""What happens to experts' fees, in the past tense: in the case up to the confirmation, in a chain of their own from the order on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.kernel.events import Event
from core.kernel.jcs import JSON


@dataclass(frozen=True, kw_only=True)
class FeeRuleFixed(Event):
    """The centre fixed by which standard the experts of the lot are paid, and by whom."""

    KIND: ClassVar[str] = "fee.rule"
    table: str


@dataclass(frozen=True, kw_only=True)
class BreakRecorded(Event):
    """The host recorded time that does not count."""

    KIND: ClassVar[str] = "fee.break"


@dataclass(frozen=True, kw_only=True)
class ExtraRecorded(Event):
    """The host recorded what a member is paid beside the time."""

    KIND: ClassVar[str] = "fee.extra"
    line: str


@dataclass(frozen=True, kw_only=True)
class FeesCalculated(Event):
    """The platform calculated fees from the signed statements: all of a lot, or the one that was corrected."""

    KIND: ClassVar[str] = "fee.calculate"
    rule_sha256: str
    lines: Sequence[Mapping[str, JSON]]
    total_fen: int


@dataclass(frozen=True, kw_only=True)
class FeeObjected(Event):
    """A member objected to the calculation."""

    KIND: ClassVar[str] = "fee.object"
    line: str


@dataclass(frozen=True, kw_only=True)
class FeeCorrected(Event):
    """The host corrected breaks and extras of a member, or upheld them, with a reason."""

    KIND: ClassVar[str] = "fee.correct"
    line: str


@dataclass(frozen=True, kw_only=True)
class FeesConfirmed(Event):
    """The payer confirmed fees."""

    KIND: ClassVar[str] = "fee.confirm"
    lines: Sequence[str]


# Chains outside the case: they name people and money, and go on after its close.


@dataclass(frozen=True, kw_only=True)
class ExpertAccountGiven(Event):
    """An expert gave the account to which fees are to be paid; the number stays in the statement."""

    KIND: ClassVar[str] = "expert.account"


@dataclass(frozen=True, kw_only=True)
class OfFee:
    """An order for a fee; `order` is the key under which the bank pays once."""

    order: str
    line: str


@dataclass(frozen=True, kw_only=True)
class FeeOrdered(OfFee, Event):
    """An order went to the bank: what is paid for the work, what is withheld of it, what travelling cost, and what is left to pay."""

    KIND: ClassVar[str] = "fee.order"
    fee_fen: int
    tax_fen: int
    travel_fen: int
    net_fen: int


@dataclass(frozen=True, kw_only=True)
class FeePaid(OfFee, Event):
    """The bank has paid."""

    KIND: ClassVar[str] = "fee.pay"
    net_fen: int


@dataclass(frozen=True, kw_only=True)
class FeeReturned(OfFee, Event):
    """The bank did not pay; `cause` is its reason code."""

    KIND: ClassVar[str] = "fee.return"
    cause: str
