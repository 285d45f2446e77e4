"""The evaluation report: what it must hold, the members' signatures with dissent, the candidates it recommends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from core.kernel.errors import RuleBroken
from core.kernel.money import Money
from evaluation.domain.body import Body


@dataclass(frozen=True, slots=True)
class SignatureBody:
    """A member's signature: the digest of the rendered report, and a dissent in writing, if any.

    Who signs without a written dissent agrees (招标投标法实施条例 art. 53).
    """

    report_sha256: str
    dissent: str

    @classmethod
    def read(cls, body: object, report_sha256: str) -> SignatureBody:
        """From the signed body of `report.sign`; the digest must be that of the report on file."""
        fields = Body(body, "report_sha256", "dissent")
        said = cls(fields.text("report_sha256", 64, 64), fields.text("dissent", 2000).strip())
        if said.report_sha256 != report_sha256:
            raise RuleBroken("report.sign.other_report")
        return said


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A candidate: code name, contract price, and rank; equal ones share theirs."""

    code: str
    price: Money
    rank: int


def recommended(result: Mapping[str, Any]) -> tuple[Recommendation, ...]:
    """The candidates of a result in rank order, with the price at which the contract would be made (never the evaluated price)."""
    chosen: Sequence[str] = result["candidates"]
    return tuple(Recommendation(row["bid"], _money(row["contract_price"]), row["rank"]) for row in result["rows"] if row["bid"] in chosen)


def _money(written: str) -> Money:
    """Whole fen, half up, where corrections left a part of one."""
    return Money(int(Decimal(written).scaleb(2).quantize(Decimal(1), ROUND_HALF_UP)))
