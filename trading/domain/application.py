"""An application (资格预审申请文件): its one envelope, who makes it, and what it binds its bid to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.kernel.errors import RuleBroken
from trading.domain.document import EnvelopeEntry
from trading.domain.prequalification import RoundState

ENVELOPE = EnvelopeEntry("application", "资格预审申请文件")
ROUND = 2  # of its opening and of all that is signed there; 0 and 1 are those of bids
SHARES_WINDOW = timedelta(hours=24)
"""How long the offices have to release their shares. Applicants give no key and do not come, so nobody waits in a hall."""

FIXED_ARTICLE = "招标投标法实施条例第三十七条"


def is_awaited(state: RoundState) -> bool:
    """Whether the round of an application has its deadline still to come."""
    return state is RoundState.NOTICED


def check_members(named: Sequence[tuple[str, ...]], applied: tuple[str, ...] | None) -> None:
    """A firm that has applied bids with the very members with whom it was admitted (条例 art. 37); raises RuleBroken.

    `named`: what each statement of the bid says; `applied`: what the application said, () of a firm alone, None where there was none.
    """
    if applied is not None and set(named) != {applied}:
        raise RuleBroken("bid.seal.members_changed", FIXED_ARTICLE)
