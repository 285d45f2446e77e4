"""The expert pool as the draw needs it: what is known of each expert, and who may be drawn on a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import ExpertId, PersonId
from evaluation.domain.expert import (
    ExpertFacts,
    ExpertState,
    Firm,
    PastEmployment,
    Purpose,
    Recognised,
    Recognition,
    Suspension,
    Training,
    is_eligible,
)
from evaluation.models.experts import Expert, ExpertConsent, ExpertSuspension, ExpertTraining, PoolAgreement

R = TypeVar("R", ExpertTraining, ExpertSuspension, ExpertConsent)


def pool_for(session: Session, strata: Collection[str], day: date) -> tuple[ExpertFacts, ...]:
    """Everybody who may be drawn for one of these specialties on that Beijing day, by id. Whom an interest binds is not looked at:
    that is `must_step_back`, which needs the firms of the lot."""
    return tuple(one for one in in_pool(session, strata, day) if is_eligible(one, day))


def in_pool(session: Session, strata: Collection[str], day: date) -> tuple[ExpertFacts, ...]:
    """Everybody in the pool who holds one of these specialties, eligible or not (`bar_to` says why not), by id."""
    rows = session.scalars(select(Expert).where(Expert.state == ExpertState.ACTIVE).order_by(Expert.id))
    wanted = set(strata)
    return facts_of(session, [row for row in rows if wanted & set(_texts(row.strata))], day)


def by_id(session: Session, expert: ExpertId, day: date) -> ExpertFacts:
    """One expert; raises NotFound."""
    row = session.get(Expert, expert)
    if row is None:
        raise NotFound("expert.not_found")
    return facts_of(session, [row], day)[0]


def by_person(session: Session, person: PersonId, day: date) -> ExpertFacts | None:
    """The entry of a person, None where there is none."""
    row = session.scalar(select(Expert).where(Expert.person_id == person))
    return None if row is None else facts_of(session, [row], day)[0]


def profile_sha256(session: Session, number: str) -> str:
    """The digest of the profile that stands; raises NotFound."""
    found = session.scalar(select(Expert.profile_sha256).where(Expert.number == number))
    if found is None:
        raise NotFound("expert.not_found")
    return found


def drafted_for(session: Session, person: PersonId) -> str | None:
    """The number of the draft that is kept for an account, None where there is none."""
    return session.scalar(select(Expert.number).where(Expert.person_id == person, Expert.state == ExpertState.DRAFT))


def facts_of(session: Session, rows: Sequence[Expert], day: date) -> tuple[ExpertFacts, ...]:
    """What is known of the entries in `rows`, in their order; consents are those that stand on `day`."""
    ids = [row.id for row in rows]
    trainings = _by_expert(session, ExpertTraining, ids)
    suspensions = _by_expert(session, ExpertSuspension, ids)
    consents = _by_expert(session, ExpertConsent, ids)
    agreements = {row.id: recognition(row) for row in session.scalars(select(PoolAgreement))}
    return tuple(
        ExpertFacts(
            id=str(row.id),
            number=row.number,
            person=None if row.person_id is None else PersonId(row.person_id),
            state=row.state,
            strata=tuple(_texts(row.strata)),
            region=row.region,
            employer=Firm(row.employer_uscc, row.employer_name),
            past=tuple(
                PastEmployment(_firm(one), date.fromisoformat(one["since"]), date.fromisoformat(one["until"])) for one in _items(row.past)
            ),
            relatives=tuple(_firm(one) for one in _items(row.relatives)),
            ties=tuple(_firm(one) for one in _items(row.ties)),
            qualified_from=row.qualified_from,
            qualified_to=row.qualified_to,
            trainings=tuple(Training(one.on_day, one.until_day, one.is_partners) for one in trainings[row.id]),
            suspensions=tuple(Suspension(one.since_day, one.until_day, one.ground, one.lifted_on) for one in suspensions[row.id]),
            consents=standing(consents[row.id], day),
            origin=None if row.origin_id is None else agreements[row.origin_id],
        )
        for row in rows
    )


def due_for_erasure(session: Session, now: datetime) -> Iterable[UUID]:
    """Consents that are withdrawn or whose time is over, and whose data are not erased yet."""
    over = or_(ExpertConsent.withdrawn_at.is_not(None), ExpertConsent.until_day < legal_day(now))
    return session.scalars(select(ExpertConsent.id).where(ExpertConsent.erased_at.is_(None), over).limit(200)).all()


def standing(consents: Iterable[ExpertConsent], day: date) -> frozenset[Purpose]:
    """The purposes for which consent stands on that day."""
    return frozenset(one.purpose for one in consents if one.withdrawn_at is None and one.erased_at is None and day <= one.until_day)


def recognition(row: PoolAgreement) -> Recognition:
    """An agreement as the rules look at it."""
    what = frozenset(Recognised(one) for one in _texts(row.recognises))
    return Recognition(row.number, row.since_day, row.until_day, what, row.ended_on)


def _by_expert(session: Session, model: type[R], ids: Sequence[UUID]) -> Mapping[UUID, list[R]]:
    found: dict[UUID, list[R]] = defaultdict(list)
    for start in range(0, len(ids), 500):
        for row in session.scalars(select(model).where(model.expert_id.in_(ids[start : start + 500])).order_by(model.id)):
            found[row.expert_id].append(row)
    return found


def _firm(said: Mapping[str, Any]) -> Firm:
    return Firm(said["uscc"], said["name"])


def _texts(value: object) -> list[str]:
    return cast("list[str]", value)


def _items(value: object) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", value)
