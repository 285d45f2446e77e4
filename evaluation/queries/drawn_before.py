"""Who was called for a lot before, under which pseudonym: whom another committee leaves out."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId
from evaluation.models.calls import DrawCall
from evaluation.models.draws import Draw, DrawPseudonym
from evaluation.models.experts import Expert


def called(session: Session, lot: LotId) -> dict[str, str]:
    """Expert id → the pseudonym of the newest draw that called them, "" for another entry of the pool by which the same person is known."""
    rows = session.execute(
        select(Expert.id, Expert.person_id, DrawCall.pseudonym)
        .join(DrawPseudonym, DrawPseudonym.expert_id == Expert.id)
        .join(DrawCall, (DrawPseudonym.prepared_id == DrawCall.draw_id) & (DrawPseudonym.pseudonym == DrawCall.pseudonym))
        .join(Draw, Draw.id == DrawCall.draw_id)
        .where(Draw.lot_id == lot)
        .order_by(Draw.requested_at)
    ).all()
    people = {person for _, person, _ in rows if person is not None}
    others = session.scalars(select(Expert.id).where(Expert.person_id.in_(people)))
    return dict.fromkeys(map(str, others), "") | {str(expert): name for expert, _, name in rows}
