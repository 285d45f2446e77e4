"""Supervisors' views: the caller's open one, and the list of all of a room with what was opened in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from evaluation.domain.viewing import Purpose, State, may_list
from evaluation.models.rooms import Evaluation
from evaluation.models.supervision import SupervisionView
from trading.domain.lot import roles_of
from trading.queries import lots
from trading.queries.lots import LotView

MOST = 500


@dataclass(frozen=True, slots=True)
class Look:
    """A page, document or stream, and when it was first opened in the view."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ViewLine:
    """A view by its number; `is_mine`: the reader's own."""

    no: int
    sha256: str
    who: str
    purpose: Purpose
    note: str
    at: datetime
    until: datetime
    ended_at: datetime | None
    state: State
    looked: tuple[Look, ...]
    is_mine: bool

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.state is State.OPEN


@dataclass(frozen=True, slots=True)
class Views:
    """The views of a room, the newest first."""

    lot: LotView
    rows: tuple[ViewLine, ...]


def own(session: Session, actor: Actor, lot: LotView, now: datetime) -> SupervisionView | None:
    """The caller's view of a room that goes on, None where the purpose is to be asked."""
    mine = select(SupervisionView).join(Evaluation, Evaluation.id == SupervisionView.evaluation_id)
    mine = mine.where(Evaluation.lot_id == lot.id, SupervisionView.person_id == actor.person)
    return session.scalar(mine.where(SupervisionView.state == State.OPEN, SupervisionView.until > now))


def goes_on(view: SupervisionView, now: datetime) -> bool:
    """Whether a view is open and its time is not over."""
    return view.state == State.OPEN and now < view.until


def has_looked(session: Session, actor: Actor, lot: LotView, what: str, now: datetime) -> bool | None:
    """Whether the caller's view has `what` already; None where there is no view."""
    found = own(session, actor, lot, now)
    return None if found is None else any(one.what == what for one in looks(found))


def of_room(session: Session, actor: Actor, number: str) -> Views:
    """All views of a lot's room. Raises NotFound where there is no room, NotAllowed for whoever may not read the list, or not yet."""
    lot = lots.by_number(session, number)
    row = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    if row is None:
        raise NotFound("evaluation.not_found")
    if not any(may_list(role, row.state) for role in roles_of(actor, lot.parties)):
        raise NotAllowed("view.list")
    mine = select(SupervisionView).where(SupervisionView.evaluation_id == row.id).order_by(SupervisionView.no.desc()).limit(MOST)
    found = list(session.scalars(mine))
    names = {one.person_id: people.person(session, PersonId(one.person_id)).name for one in found}
    return Views(lot, tuple(_line(one, names[one.person_id], actor) for one in found))


def _line(one: SupervisionView, who: str, actor: Actor) -> ViewLine:
    return ViewLine(
        no=one.no,
        sha256=one.payload_sha256,
        who=who,
        purpose=one.purpose,
        note=one.note,
        at=one.at,
        until=one.until,
        ended_at=one.ended_at,
        state=one.state,
        looked=looks(one),
        is_mine=one.person_id == actor.person and Role.SUPERVISOR in actor.roles,
    )


def looks(one: SupervisionView) -> tuple[Look, ...]:
    """What was opened in a view, in order."""
    return tuple(Look(said["what"], clock.moment(said["at"])) for said in cast("Sequence[Mapping[str, str]]", one.looked))


def lapsed(session: Session, now: datetime) -> list[UUID]:
    """Views whose time is over."""
    query = select(SupervisionView.id).where(SupervisionView.state == State.OPEN, SupervisionView.until <= now)
    return list(session.scalars(query.order_by(SupervisionView.until, SupervisionView.id).limit(MOST)))
