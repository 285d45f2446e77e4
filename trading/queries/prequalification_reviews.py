"""The review of a round: who sits in it, who applied, what the sheets come to. Nothing here is public."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId, PersonId
from core.kernel.roles import Role
from trading.domain.lot import roles_of
from trading.domain.prequalification import Criterion, Reviewers
from trading.domain.prequalification_review import Applicant, Outcome, ReviewSheet, tally
from trading.models.prequalification import Prequalification, RoundReviewer
from trading.queries import applications, lots
from trading.queries.applications import OpenedApplication
from trading.queries.prequalifications import RoundView


def seats(session: Session, lot: LotId) -> tuple[RoundReviewer, ...]:
    """The reviewers' rows, for services."""
    return tuple(session.scalars(select(RoundReviewer).where(RoundReviewer.lot_id == lot).order_by(RoundReviewer.id)))


def seat(session: Session, lot: LotId, person: PersonId) -> RoundReviewer | None:
    """The row of one reviewer."""
    return session.scalar(select(RoundReviewer).where(RoundReviewer.lot_id == lot, RoundReviewer.person_id == person))


def all_signed(session: Session, lot: LotId) -> bool:
    """Whether there are reviewers, and every one has signed."""
    found = seats(session, lot)
    return bool(found) and all(one.signed_at is not None for one in found)


def name_of(session: Session, person: PersonId) -> str:
    """A person's name on file."""
    return people.person(session, person).name


def applicants(session: Session, lot: LotId) -> tuple[Applicant, ...]:
    """Who applied, once the applications are open; nobody before."""
    opened = [(one.org, one.name, True) for one in applications.opened(session, lot)]
    shut = [(one.org, one.name, False) for one in applications.failed(session, lot)] if opened else []
    return tuple(Applicant(org, name, people.organisation(session, org).uscc, is_open) for org, name, is_open in (*opened, *shut))


def outcomes(session: Session, row: Prequalification) -> tuple[Outcome, ...]:
    """What the signed sheets of a round come to."""
    sheets = [ReviewSheet.read(cast("dict[str, Any]", one.sheet)) for one in seats(session, LotId(row.lot_id)) if one.signed_at is not None]
    return tally(applicants(session, LotId(row.lot_id)), RoundView.of(row).criteria, sheets)


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A reviewer's own page: the opened applications, and when the own sheet was signed; `role`: in which the reviewer signs."""

    applicants: tuple[OpenedApplication, ...]
    criteria: tuple[Criterion, ...]
    signed_at: datetime | None
    role: str

    def shown(self, said: Mapping[str, Any], org: OrgId) -> tuple[tuple[Criterion, Mapping[str, Any]], ...]:
        """What a sheet's body says of one applicant, beside each criterion."""
        items = next(one["items"] for one in said["findings"] if one["org"] == str(org))
        return tuple(zip(self.criteria, items, strict=True))


def review_page(session: Session, number: str, actor: Actor) -> ReviewPage:
    """A reviewer's page; where the tenderer reviews, of any of its people. Raises NotFound for who does not review."""
    lot = lots.by_number(session, number, any_state=True)
    row = session.get(Prequalification, lot.id)
    mine = None if actor.person is None else seat(session, lot.id, actor.person)
    is_own = row is not None and row.reviewers is Reviewers.TENDERER and Role.TENDERER in roles_of(actor, lot.parties)
    if row is None or (mine is None and not (is_own and not seats(session, lot.id))):
        raise NotFound("prequalification.not_found")
    role = Role.EXPERT if mine is not None and mine.expert else Role.TENDERER
    opened = applications.opened(session, lot.id) if row.opened_at is not None else ()
    return ReviewPage(opened, RoundView.of(row).criteria, None if mine is None else mine.signed_at, role.value)


def counted(session: Session, number: str, actor: Actor) -> tuple[Outcome, ...]:
    """What the sheets come to, for the tenderer once all are in; nothing before. Raises NotFound for everybody else."""
    lot = lots.by_number(session, number, any_state=True)
    row = session.get(Prequalification, lot.id)
    if row is None or Role.TENDERER not in roles_of(actor, lot.parties):
        raise NotFound("prequalification.not_found")
    return outcomes(session, row) if all_signed(session, lot.id) else ()
