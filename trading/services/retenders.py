"""Lots that are tendered again: the predecessor that a registration names is looked at when it is signed and when it is confirmed."""

from __future__ import annotations

from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import OrgId
from core.kernel.work import Work
from trading.domain.clock import LegalRegime
from trading.domain.lot import NOTICED_OR_LATER
from trading.domain.retender import Predecessor, check_predecessor
from trading.models.lot import Lot
from trading.queries.retenders import is_succeeded
from trading.services.lots import project_of


def follow(work: Work, number: str, tenderer: OrgId, regime: LegalRegime) -> int:
    """Holds the predecessor of that number against the rules; returns the attempt that its successor is, 1 where none is named.
    Raises RuleBroken for a lot that nobody has heard of."""
    if not number:
        return 1
    try:
        before = lock(work.session, Lot, Lot.number == number, Lot.state.in_(NOTICED_OR_LATER))
    except NotFound:
        raise RuleBroken("retender.unknown", number=number) from None
    project = project_of(work, before)
    known = Predecessor(
        state=before.state,
        tenderer=OrgId(project.tenderer_org),
        regime=before.regime,
        succeeded=is_succeeded(work.session, number),
    )
    check_predecessor(known, tenderer, regime)
    return before.attempt + 1
