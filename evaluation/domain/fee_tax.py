"""Income tax withheld on labour pay (劳务报酬所得): by law on each payment, several of one payer within a month being one.

国家税务总局公告2018年第61号 第八条: from income up to 4,000 yuan 800 are deducted, from more 20 percent; of the rest 20, 30 or
40 percent are withheld. 个人所得税法实施条例 第十四条 takes a single payment as one, and what comes of one and the same kind of work
within a month as one (国税函〔1996〕658号: within one county). An expert's evaluations for one payer are such work, so they are added
up by the payer's month: on the month's sum so far the tax is found, and what was withheld before is taken off.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from core.kernel.money import Money

ARTICLE = "国家税务总局公告2018年第61号 第八条"
SMALL = Money(4_000_00)
DEDUCTION = Money(800_00)
BRACKETS = (
    # taxable up to (None: without end), rate, quick deduction
    (Money(20_000_00), Decimal("0.20"), Money(0)),
    (Money(50_000_00), Decimal("0.30"), Money(2_000_00)),
    (None, Decimal("0.40"), Money(7_000_00)),
)
FEN = Decimal(1)


@dataclass(frozen=True, slots=True)
class Withholding:
    """What is withheld of one payment, and from what it was found; `taxable` and `rate` are of the month's sum."""

    income: Money  # this payment
    before: Money  # earlier ones of the month
    withheld: Money  # on those
    taxable: Decimal  # fen
    rate: Decimal
    tax: Money

    @property
    def net(self) -> Money:
        """What is left of this payment."""
        return self.income - self.tax


def due_on(income: Money) -> tuple[Decimal, Decimal, Money]:
    """Taxable amount (fen), rate, and tax of an income that is one in law; to the fen, half up."""
    taxable = Decimal(max(income.fen - DEDUCTION.fen, 0)) if income <= SMALL else income.fen * Decimal("0.8")
    _, rate, quick = next(bracket for bracket in BRACKETS if bracket[0] is None or taxable <= bracket[0].fen)
    return taxable, rate, Money(int((taxable * rate - quick.fen).quantize(FEN, ROUND_HALF_UP)))


def withhold(income: Money, before: Money, withheld: Money) -> Withholding:
    """What to withhold of a payment after `before` was paid in the payer's month and `withheld` of it; never more than the payment."""
    taxable, rate, due = due_on(before + income)
    tax = min(max(due.fen - withheld.fen, 0), income.fen)
    return Withholding(income, before, withheld, taxable, rate, Money(tax))
