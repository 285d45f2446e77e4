"""What a count of the award needs: candidates with price and score, complete rounds, draws; and the facts of a session."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, PersonId
from evaluation.domain.award_methods import PROCEDURES, Candidate, Drawn, Lots, Papers, Voice
from evaluation.domain.award_roster import MEMBERS
from evaluation.domain.award_session import Facts, State
from evaluation.models.awards import AwardLots, AwardMember, AwardSession, Ballot
from evaluation.models.rooms import Evaluation
from evaluation.queries.blind import codes_of
from trading.domain.award_plan import AwardPlan, FallOut
from trading.domain.lots_drawn import DrawState
from trading.queries import awards as trading_awards
from trading.queries.lots import LotView


def round_now(session: Session, lot_id: LotId) -> int:
    """The round that is being voted, 0 before there is a session."""
    return session.scalar(select(AwardSession.round).where(AwardSession.lot_id == lot_id, AwardSession.voided_at.is_(None))) or 0


def scores_of(session: Session, lot_id: LotId) -> dict[str, Decimal]:
    """The evaluated totals by organisation id, of the signed evaluation."""
    room = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot_id))
    if room is None or room.result is None:
        return {}
    held = codes_of(session, room.id)
    rows = cast("dict[str, Any]", room.result)["rows"]
    return {str(held[row["bid"]]): Decimal(str(row["total"])) for row in rows if row["total"] and row["bid"] in held}


def candidates_of(session: Session, lot: LotView, orgs: Sequence[str]) -> list[Candidate]:
    """These candidates with contract price and evaluated total."""
    prices = {str(one.org): one.price for one in trading_awards.candidates(session, lot.id)}
    scores = scores_of(session, lot.id)
    return [Candidate(org, prices[org].decimal, scores.get(org, Decimal(0))) for org in orgs]


def voice_of(ballot: Ballot) -> Voice:
    """What the count hears of a ballot."""
    said = cast("Mapping[str, Any]", ballot.said)
    return Voice(str(ballot.person_id), str(ballot.choice) if ballot.choice else None, said.get("scores"))


def papers_of(
    session: Session,
    row: AwardSession,
    plan: AwardPlan,
    candidates: Sequence[Candidate],
    ceiling: Decimal | None,
    *,
    chair: AwardMember | None,
) -> Papers:
    """Plan, candidates, rounds and draws of the sitting; the caller sees to it that the newest round is complete."""
    ballots = list(session.scalars(select(Ballot).where(Ballot.session_id == row.id).order_by(Ballot.round, Ballot.at)))
    if PROCEDURES[plan.method].deliberates:
        ballots = [one for one in ballots if chair is not None and one.person_id == chair.person_id]
    numbers = sorted({one.round for one in ballots if one.round >= row.first_round})
    rounds = [[voice_of(one) for one in ballots if one.round == number] for number in numbers]
    drawn = select(AwardLots).where(AwardLots.session_id == row.id, AwardLots.state == DrawState.DRAWN, AwardLots.purpose != MEMBERS)
    lots = session.scalars(drawn.where(AwardLots.first_round == row.first_round).order_by(AwardLots.number))
    orders = [Drawn(Lots(one.purpose), tuple(cast("list[str]", one.order))) for one in lots]
    return Papers(plan=plan, candidates=candidates, rounds=rounds, drawn=orders, ceiling=ceiling)


def facts_of(
    row: AwardSession,
    plan: AwardPlan,
    members: Sequence[AwardMember],
    voted: frozenset[str],
    *,
    member: PersonId | None = None,
    leaver: PersonId | None = None,
) -> Facts:
    """What the table of moves looks at."""
    office = [one for one in members if one.left_at is None]
    chair = next((str(one.person_id) for one in office if plan.chair_post and one.post == plan.chair_post), "")
    return Facts(
        member="" if member is None else str(member),
        leaver="" if leaver is None else str(leaver),
        chair=chair,
        seats=plan.members,
        office=frozenset(str(one.person_id) for one in office),
        signed_in=frozenset(str(one.person_id) for one in office if one.signed_in_at is not None),
        declared=frozenset(str(one.person_id) for one in office if one.declared_at is not None),
        voted=voted if row.state in (State.DELIBERATION, State.VOTING) else frozenset(),
        deliberates=PROCEDURES[plan.method].deliberates,
        may_go_on=plan.fall_out is FallOut.GO_ON,
        quorum=plan.quorum,
    )
