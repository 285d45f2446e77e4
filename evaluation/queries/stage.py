"""How far a lot has come, in the words that the draw and the award need."""

from __future__ import annotations

from trading.domain.lot import LotState
from trading.queries.lots import LotView


def is_opening(lot: LotView) -> bool:
    """Whether the bids are in and being opened: experts are drawn now, since employers can be matched and nobody scores yet."""
    return lot.state is LotState.OPENING


def is_over(lot: LotView) -> bool:
    """Whether the lot was invented for a drill, and the drill is over: nothing happens in its room any more."""
    return lot.state is LotState.DRILLED


def awaits_award(lot: LotView) -> bool:
    """Whether the award committee may begin: award and evaluation are separated, and the publicity of the candidates is over, or the report
    is in where the plan has the result published after the award."""
    return lot.state is (LotState.EVALUATED if lot.publicity_after else LotState.AWARD_DECIDING)
