"""Applications after their deadline: who had applied, and once they are opened what they hold; before it nothing but one's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from trading.domain.bid import BidState, EnvelopeState
from trading.models.bid import Application, BidEnvelope
from trading.models.opening import ApplicationOpening, OpenedFile
from trading.queries.opened import BidFile

_STANDING = (BidState.LOCKED, BidState.READ_OUT, BidState.DECRYPT_FAILED_OWN, BidState.DECRYPT_FAILED_OTHER)


@dataclass(frozen=True, slots=True)
class OpenedApplication:
    """An application that was opened: who applied, with which members (the lead first, () for a firm alone), and its files."""

    org: OrgId
    name: str
    members: tuple[OrgId, ...]
    files: tuple[BidFile, ...]


@dataclass(frozen=True, slots=True)
class FailedApplication:
    """An application that could not be opened; `cause` is `own` or `platform` (电子招标投标办法 art. 31)."""

    org: OrgId
    name: str
    cause: str


def opened(session: Session, lot: LotId) -> tuple[OpenedApplication, ...]:
    """The opened applications of a lot by name; empty before the batch. For those who review them: ask it for nobody else."""
    rows = session.execute(_envelopes(lot, EnvelopeState.OPENED)).all()
    files = _files(session, [envelope.id for envelope, _ in rows])
    return tuple(OpenedApplication(OrgId(row.org_id), row.org_name, members_of(row), files.get(envelope.id, ())) for envelope, row in rows)


def failed(session: Session, lot: LotId) -> tuple[FailedApplication, ...]:
    """Those that could not be opened, by name."""
    states = (EnvelopeState.DECRYPT_FAILED_OWN, EnvelopeState.DECRYPT_FAILED_OTHER)
    rows = session.execute(_envelopes(lot, *states)).all()
    return tuple(FailedApplication(OrgId(row.org_id), row.org_name, envelope.cause) for envelope, row in rows)


def _envelopes(lot: LotId, *states: EnvelopeState):  # type: ignore[no-untyped-def]  # a select of two entities
    query = select(BidEnvelope, Application).join(Application, Application.id == BidEnvelope.bid_id)
    return query.where(Application.lot_id == lot, BidEnvelope.state.in_(states)).order_by(Application.org_name, Application.org_id)


def _files(session: Session, envelopes: Iterable[UUID]) -> Mapping[UUID, tuple[BidFile, ...]]:
    found: dict[UUID, tuple[BidFile, ...]] = {}
    query = select(OpenedFile, BidEnvelope.env).join(BidEnvelope, BidEnvelope.id == OpenedFile.envelope_id)
    for file, env in session.execute(query.where(OpenedFile.envelope_id.in_(list(envelopes))).order_by(OpenedFile.name)):
        found[file.envelope_id] = (*found.get(file.envelope_id, ()), BidFile(env, file.name, file.sha256, file.size))
    return found


def members_of(row: Application) -> tuple[OrgId, ...]:
    """The members that an application names, the lead first; () for a firm alone."""
    return tuple(OrgId(UUID(member)) for member in cast("list[str]", row.consortium or []))


def members_applied(session: Session, lot: LotId, org: OrgId) -> tuple[str, ...] | None:
    """The members with whom this firm has applied, () alone; None where no application of its stood at the deadline. For itself alone."""
    standing = (Application.lot_id == lot, Application.org_id == org, Application.state.in_(_STANDING))
    row = session.scalar(select(Application).where(*standing))
    return None if row is None else tuple(str(member) for member in members_of(row))


def opened_at(session: Session, lot: LotId) -> datetime | None:
    """When the applications were opened."""
    return session.scalar(select(ApplicationOpening.opened_at).where(ApplicationOpening.lot_id == lot))
