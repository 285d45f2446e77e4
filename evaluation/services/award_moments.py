"""The moments of an award session at which something else may have to be in order: whoever listens may refuse, and all stays as it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

from core.kernel.work import Work
from evaluation.models.awards import AwardSession
from evaluation.services import shields
from trading.queries.lots import LotView

Listener = Callable[[Work, LotView, AwardSession], None]


class Moment(Enum):
    """When listeners are asked, inside the use case that brings the moment about."""

    OPENED = "opened"  # the tenderer has opened the session
    VOICE = "voice"  # the first ballot or opinion of a round is cast
    ROUND_OVER = "round_over"  # a round was counted, another round or a draw follows
    DECIDED = "decided"  # the winner is known and handed down


LISTENERS: dict[Moment, Sequence[Listener]] = {
    **dict.fromkeys(Moment, ()),
    Moment.OPENED: (lambda work, lot, _: shields.begin(work, lot),),
    Moment.VOICE: (lambda work, lot, _: shields.may_vote(work, lot),),
}


def reached(work: Work, lot: LotView, session: AwardSession, moment: Moment) -> None:
    """Tells every listener of the moment, in their order; raises the first refusal."""
    for listener in LISTENERS[moment]:
        listener(work, lot, session)
