"""The closed room in which applications are opened: its host, the tenderer with its agency, and the supervisor; for everybody else there is
none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.parsing.parsed import Oddity
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from trading.domain import opening as rules
from trading.domain.bid import EnvelopeState
from trading.domain.lot import roles_of
from trading.domain.opening import OpeningAction, OpeningState
from trading.domain.prequalification import RoundState
from trading.models.bid import BidEnvelope
from trading.models.opening import ApplicationOpening, ShareRelease
from trading.models.prequalification import Prequalification
from trading.queries import applications, openings, parsed
from trading.queries.calls import called
from trading.queries.lots import LotView
from trading.queries.opened import BidFile
from trading.queries.prequalifications import reviewers

INSIDE = frozenset({Role.CENTRE, Role.SUPERVISOR, Role.TENDERER, Role.AGENCY})


@dataclass(frozen=True, slots=True)
class RoomRow:
    """One application on the list: what the offices have released of its key, and once it is opened its files."""

    name: str
    state: EnvelopeState
    offices: tuple[str, ...]
    cause: str
    files: tuple[BidFile, ...]
    oddities: dict[str, tuple[Oddity, ...]]


@dataclass(frozen=True, slots=True)
class Room:
    """The room as those inside see it. `rows` stay empty until the host has begun; `state` is None where nothing is to be opened."""

    lot: LotView
    round_state: RoundState
    deadline: datetime | None
    now: datetime
    state: OpeningState | None
    is_logged: bool
    available: tuple[OpeningAction, ...]
    close_sha256: str
    started_at: datetime | None
    until: datetime | None
    opened_at: datetime | None
    rows: tuple[RoomRow, ...]

    @property
    def may_start(self) -> bool:
        """Whether the caller may have them opened now."""
        return OpeningAction.OPEN_CLOSED in self.available


def room(session: Session, actor: Actor, number: str, now: datetime) -> Room:
    """The room of a lot's round; raises NotFound for who is not inside."""
    lot = called(session, number, Purpose.APPLICATION)
    roles = roles_of(actor, lot.parties)
    if not roles & INSIDE:
        raise NotFound("prequalification.not_found")
    row = session.get_one(Prequalification, lot.id)
    opening = session.scalar(select(ApplicationOpening).where(ApplicationOpening.lot_id == lot.id))
    if opening is None:
        return Room(lot, row.state, row.deadline, now, None, False, (), "", None, None, None, ())
    facts = openings.facts_of(session, opening, lot, now, actor)
    return Room(
        lot=lot,
        round_state=row.state,
        deadline=row.deadline,
        now=now,
        state=opening.state,
        is_logged=facts.is_logged,
        available=rules.MOVES.available(opening.state, roles, facts),
        close_sha256=openings.close_sha256(session, lot, "application.close"),
        started_at=opening.started_at,
        until=opening.rescue_until,
        opened_at=opening.opened_at,
        rows=_rows(session, opening, lot) if opening.started_at is not None else (),
    )


def _rows(session: Session, opening: ApplicationOpening, lot: LotView) -> tuple[RoomRow, ...]:
    files = {one.org: one.files for one in applications.opened(session, lot.id)}
    rows = openings.envelopes_of(session, opening)
    return tuple(_row(session, envelope, bid.org_name, files.get(OrgId(bid.org_id), ())) for envelope, bid in rows)


def _row(session: Session, envelope: BidEnvelope, name: str, files: tuple[BidFile, ...]) -> RoomRow:
    given = session.scalars(select(ShareRelease.office).where(ShareRelease.envelope_id == envelope.id).order_by(ShareRelease.office))
    odd = dict(parsed.oddities_of(session, [file.sha256 for file in files]))
    return RoomRow(name, envelope.state, tuple(given), envelope.cause, files, odd)


@dataclass(frozen=True, slots=True)
class OpenedFileView:
    """A file of an opened application, and what is odd about it."""

    lot: LotView
    name: str
    sha256: str
    oddities: tuple[Oddity, ...]


def opened_file(session: Session, actor: Actor, number: str, sha256: str) -> OpenedFileView:
    """A file of an opened application, for those inside, those who review it, and its own firm; raises NotFound."""
    lot = called(session, number, Purpose.APPLICATION)
    is_inside = bool(roles_of(actor, lot.parties) & INSIDE) or actor.person in reviewers(session, lot.id)
    for one in applications.opened(session, lot.id):
        if is_inside or (actor.org == one.org and Role.BIDDER in actor.roles):
            for file in one.files:
                if file.sha256 == sha256:
                    return OpenedFileView(lot, file.name, sha256, parsed.oddities_of(session, [sha256]).get(sha256, ()))
    raise NotFound("opening.file.not_found")
