"""What the keeper of the pool notes of an expert: trainings, conduct, suspensions, leaving and coming back; each is signed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy import delete, select

from core.identity.services.acts import Act, SignedRequest, once
from core.kernel.errors import RuleBroken
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.expert import ExpertAction, LifeFacts, Suspension
from evaluation.domain.expert_said import RatingNote, Reasoned, SuspensionNote, TrainingNote, keepers_act
from evaluation.events_experts import (
    ExpertRated,
    ExpertReadmitted,
    ExpertRemoved,
    ExpertSuspended,
    ExpertTrained,
    PersonalDataErased,
    SuspensionLifted,
)
from evaluation.models.experts import Expert, ExpertRating, ExpertSecret, ExpertSuspension, ExpertTraining
from evaluation.services.pool import hold, move, today
from trading.queries import lots

Do = Callable[[Work, Expert, Act], None]


def train(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`expert.train`: a training with its days of validity."""
    return _act(work, number, request, "expert.train", _train)


def rate(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`expert.rate`: conduct in one lot's evaluation, once for each lot."""
    return _act(work, number, request, "expert.rate", _rate)


def suspend(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`expert.suspend`: from a day on, until another or until it is lifted."""
    return _act(work, number, request, "expert.suspend", _suspend)


def lift(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`expert.lift`: the suspension that stands, or is to come, ends today."""
    return _act(work, number, request, "expert.lift", _lift)


def remove(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`expert.remove`: nobody draws them any more and their numbers are erased; what they signed stands."""
    return _act(work, number, request, "expert.remove", _remove)


def readmit(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """`expert.readmit`: back in the pool with the profile that stood."""
    return _act(work, number, request, "expert.readmit", _readmit)


def _act(work: Work, number: str, request: SignedRequest, kind: str, do: Do) -> dict[str, JSON]:
    def done(act: Act) -> dict[str, JSON]:
        row = hold(work, number)
        do(work, row, act)
        work.session.flush()
        return {"expert": number, "state": row.state.value}

    return once(work, request, keepers_act(kind, number), done)


def _train(work: Work, row: Expert, act: Act) -> None:
    move(work, row, ExpertAction.TRAIN)
    said = TrainingNote.read(act.body, today(work))
    work.session.add(
        ExpertTraining(
            id=new_id(work.now()),
            expert_id=row.id,
            on_day=said.on,
            until_day=said.until,
            hours=said.hours,
            course=said.course,
            is_partners=False,
        )
    )
    work.record(ExpertTrained(case=CaseId(row.number), signed=act.envelope))


def _rate(work: Work, row: Expert, act: Act) -> None:
    move(work, row, ExpertAction.RATE)
    said = RatingNote.read(act.body)
    lot = lots.noticed(work.session, said.lot)
    if work.session.scalar(select(ExpertRating.id).where(ExpertRating.expert_id == row.id, ExpertRating.lot_number == lot.number)):
        raise RuleBroken("expert.rated_already", lot=lot.number)
    work.session.add(
        ExpertRating(
            id=new_id(work.now()), expert_id=row.id, lot_number=lot.number, points=said.points, reason=said.reason, rated_at=work.now()
        )
    )
    work.record(ExpertRated(case=CaseId(row.number), signed=act.envelope, subject=lot.number))


def _suspend(work: Work, row: Expert, act: Act) -> None:
    move(work, row, ExpertAction.SUSPEND, _life(work, row))
    said = SuspensionNote.read(act.body, today(work))
    work.session.add(
        ExpertSuspension(
            id=new_id(work.now()),
            expert_id=row.id,
            since_day=said.since,
            until_day=said.until,
            ground=said.ground,
            reason=said.reason,
            ordered_by=said.ordered_by,
            document=said.document,
            lifted_on=None,
            lift_reason="",
        )
    )
    work.record(ExpertSuspended(case=CaseId(row.number), signed=act.envelope))


def _lift(work: Work, row: Expert, act: Act) -> None:
    move(work, row, ExpertAction.LIFT, _life(work, row))
    said = Reasoned.read(act.body)
    standing = _standing(work, row)
    assert standing is not None  # the move has looked
    standing.lifted_on, standing.lift_reason = today(work), said.reason
    work.record(SuspensionLifted(case=CaseId(row.number), signed=act.envelope))


def _remove(work: Work, row: Expert, act: Act) -> None:
    Reasoned.read(act.body)
    move(work, row, ExpertAction.REMOVE)
    work.record(ExpertRemoved(case=CaseId(row.number), signed=act.envelope))
    _erase(work, row)


def _erase(work: Work, row: Expert) -> None:
    """Nobody calls who has left the pool: their numbers are erased, with a trace (个人信息保护法 art. 47)."""
    gone = sorted(kind.value for kind in work.session.scalars(select(ExpertSecret.kind).where(ExpertSecret.expert_id == row.id)))
    if gone:
        work.session.execute(delete(ExpertSecret).where(ExpertSecret.expert_id == row.id))
        work.record(PersonalDataErased(case=CaseId(row.number), purpose="", ground="removed", kinds=gone))


def _readmit(work: Work, row: Expert, act: Act) -> None:
    Reasoned.read(act.body)
    move(work, row, ExpertAction.READMIT)
    work.record(ExpertReadmitted(case=CaseId(row.number), signed=act.envelope))


def _life(work: Work, row: Expert) -> LifeFacts:
    return LifeFacts(is_suspended=_standing(work, row) is not None)


def _standing(work: Work, row: Expert) -> ExpertSuspension | None:
    """The suspension that is not over: it holds today, or begins later."""
    rows = work.session.scalars(select(ExpertSuspension).where(ExpertSuspension.expert_id == row.id).order_by(ExpertSuspension.since_day))
    day = today(work)
    return next((one for one in rows if _is_open(one, max(day, one.since_day))), None)


def _is_open(row: ExpertSuspension, day: date) -> bool:
    return Suspension(row.since_day, row.until_day, row.ground, row.lifted_on).covers(day)
