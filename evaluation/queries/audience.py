"""Which audiences of a case a caller belongs to, in the room and in the award session."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.ids import LotId
from core.kernel.roles import Role
from evaluation.domain.audience import AWARD, COMMITTEE, HOST, SUPERVISOR, TENDERER
from evaluation.domain.parts import TECHNICAL, parts_of
from evaluation.domain.recording import case_of
from evaluation.models.awards import AwardMember, AwardSession
from evaluation.models.rooms import Evaluation, ScoreSheet, Seat
from evaluation.queries import rounds
from trading.queries import lots


def audience_of(session: Session, actor: Actor, case: str) -> str | None:
    """The audience whose stream the caller receives in `/evaluation`, None for nobody's. A member's seat decides before any grant."""
    held = lots.by_case(session, case)
    ids = [lot.id for lot in held]
    if Role.EXPERT in actor.roles:
        mine = select(Seat.id).join(Evaluation, Evaluation.id == Seat.evaluation_id)
        if session.scalar(mine.where(Evaluation.lot_id.in_(ids), Seat.person_id == actor.person, Seat.left_at.is_(None)).limit(1)):
            return None if _scores_blind(session, actor, ids) else COMMITTEE
    if Role.AWARD_MEMBER in actor.roles:
        mine = select(AwardMember.person_id).join(AwardSession, AwardSession.id == AwardMember.session_id)
        if session.scalar(
            mine.where(
                *(AwardSession.lot_id.in_(ids), AwardSession.voided_at.is_(None)),
                *(AwardMember.person_id == actor.person, AwardMember.left_at.is_(None)),
            ).limit(1)
        ):
            return AWARD
    if held and Role.SUPERVISOR in actor.roles:
        return SUPERVISOR
    if held and Role.CENTRE in actor.roles:
        return HOST
    if Role.TENDERER in actor.roles and any(lot.parties.tenderer == actor.org for lot in held):
        return TENDERER
    return None


def _scores_blind(session: Session, actor: Actor, lot_ids: Sequence[LotId]) -> bool:
    """Whether the caller follows a member who left after the code names were open, and has still to score the bids blind: until they have
    signed, nothing of what the others know by now is caught up with."""
    mine = select(Seat.id, Evaluation).join(Evaluation, Evaluation.id == Seat.evaluation_id)
    held = mine.where(Evaluation.lot_id.in_(lot_ids), Seat.person_id == actor.person, Seat.left_at.is_(None), Evaluation.asked.is_not(None))
    for seat, row in session.execute(held):
        again = rounds.current(session, row)
        if again is not None and rounds.sat_before(again, seat):
            continue  # in a further round, of which this member knows the one before
        signed = session.get(ScoreSheet, (seat, TECHNICAL))
        if signed is None and TECHNICAL in parts_of(lots.by_id(session, LotId(row.lot_id)).method):
            return True
    return False


def seats_of(session: Session, actor: Actor, case: str) -> list[tuple[str, str]]:
    """Lot and code of the seats that the caller holds in the rooms of a case; none for whoever is no expert now."""
    numbers = {lot.id: lot.no for lot in lots.by_case(session, case)}
    if Role.EXPERT not in actor.roles:
        return []
    mine = select(Evaluation.lot_id, Seat.code).join(Seat, Evaluation.id == Seat.evaluation_id)
    rows = session.execute(mine.where(Evaluation.lot_id.in_(numbers), Seat.person_id == actor.person, Seat.left_at.is_(None)))
    return sorted((numbers[lot], code) for lot, code in rows)  # type: ignore[index]  # LotId is a UUID


def supervision_of(session: Session, actor: Actor, case: str) -> str | None:
    """The audience in `/supervision`, of a case and of its recordings' own chain: supervisors alone."""
    return SUPERVISOR if Role.SUPERVISOR in actor.roles and lots.by_case(session, case_of(case)) else None
