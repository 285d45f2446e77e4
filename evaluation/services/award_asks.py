"""How a draw of lots in an award session begins: of members, among those who are level, or for the winner."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from core.kernel import draw as kernel
from core.kernel.ids import new_id
from core.kernel.work import Work
from evaluation.domain.award_lots import PARTIES
from evaluation.domain.award_roster import lots_request
from evaluation.events_award import AwardLotsAsked
from evaluation.models.awards import AwardLots, AwardSession
from evaluation.services.award_sittings import Sitting
from trading.domain.coefficient import DrawState


def ask(work: Work, sitting: Sitting, purpose: str, among: Sequence[str], quota: int, *, parties: Sequence[str] = PARTIES) -> None:
    """Begins a draw of `quota` of those `among`. Records AwardLotsAsked."""
    held = select(func.count()).select_from(AwardLots).join(AwardSession, AwardSession.id == AwardLots.session_id)
    held = held.where(AwardSession.lot_id == sitting.lot.id)  # a session before a further round has used its names
    number = (work.session.scalar(held) or 0) + 1
    request = lots_request(among, quota)
    row = AwardLots(
        id=new_id(sitting.now),
        session_id=sitting.row.id,
        number=number,
        name=f"award-{sitting.lot.no}-{number}",
        purpose=purpose,
        first_round=sitting.row.first_round,
        state=DrawState.REQUESTED,
        parties=list(parties),
        request=request,
        pool_hash=kernel.pool_hash(request).hex(),
        seed="",
        order=[],
        since=sitting.now,
    )
    work.session.add(row)
    work.session.flush()
    sitting.record(
        AwardLotsAsked,
        subject=row.name,
        draw=row.name,
        purpose=purpose,
        parties=list(parties),
        request=request,
        pool_hash=row.pool_hash,
    )
