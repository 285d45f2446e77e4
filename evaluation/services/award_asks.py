"""How a draw of lots in an award session begins: of members, among those who are level, or for the winner."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from core.kernel.work import Work
from evaluation.domain.award_roster import lots_request
from evaluation.events_award import AwardLotsAsked
from evaluation.models.awards import AwardLots, AwardSession
from evaluation.services.award_sittings import Sitting
from trading.domain.lots_drawn import PARTIES
from trading.queries.lots_drawn import asked
from trading.services import lots_drawn


def ask(work: Work, sitting: Sitting, purpose: str, among: Sequence[str], quota: int, *, parties: Sequence[str] = PARTIES) -> None:
    """Begins a draw of `quota` of those `among`. Records AwardLotsAsked."""
    held = select(func.count()).select_from(AwardLots).join(AwardSession, AwardSession.id == AwardLots.session_id)
    held = held.where(AwardSession.lot_id == sitting.lot.id)  # a session before a further round has used its names
    number = (work.session.scalar(held) or 0) + 1
    name, request = f"award-{sitting.lot.no}-{number}", lots_request(among, quota)
    of = {"session_id": sitting.row.id, "purpose": purpose, "first_round": sitting.row.first_round, "order": []}
    row = lots_drawn.begin(work, AwardLots, number, name, request, parties, **of)
    sitting.record(AwardLotsAsked, purpose=purpose, **asked(row))
