"""Waivers in a lot: what is asked of a firm by them, which it may use, and who has used one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.ids import LotId, OrgId
from core.kernel.money import Money
from deposits.domain.deposit import is_in_time, is_standing
from deposits.domain.performance import is_performance
from deposits.domain.relief import asked_after
from deposits.models.requirement import Deposit, Requirement
from deposits.models.waivers import WaiverUse
from deposits.queries import reliefs


@dataclass(frozen=True, slots=True)
class WaivedView:
    """A waiver that a firm uses for a lot, or may use: `asked` is what is left of `amount`. `used_at` None: not used."""

    org: OrgId
    org_name: str
    relief_sha256: str
    percent: int
    source: str
    amount: Money
    asked: Money
    used_at: datetime | None


def asked_of(session: Session, asked: Requirement, org: OrgId) -> Money:
    """What a lot asks of a firm: its amount, or what its waiver leaves of it. Before the opening for that firm alone."""
    left = session.scalar(select(WaiverUse.asked).where(WaiverUse.lot_id == asked.lot_id, WaiverUse.org_id == org))
    return asked.amount if left is None else left


def used(session: Session, lot: LotId) -> Mapping[OrgId, WaivedView]:
    """The waivers used in a lot; for callers that may know who bids."""
    query = select(WaiverUse, Requirement.amount).join(Requirement, Requirement.lot_id == WaiverUse.lot_id)
    rows = session.execute(query.where(WaiverUse.lot_id == lot).order_by(WaiverUse.org_name, WaiverUse.org_id))
    return {OrgId(row.org_id): _view(row, amount) for row, amount in rows}


def own(session: Session, lot: LotId, org: OrgId) -> WaivedView | None:
    """The waiver that a firm uses for a lot; for that firm's eyes alone."""
    return used(session, lot).get(org)


def offered(session: Session, number: str, org: OrgId, now: datetime) -> WaivedView | None:
    """The best waiver that a firm may use for a lot now: before it has asked for a sub-account, and in time."""
    asked = session.scalar(select(Requirement).where(Requirement.number == number))
    if asked is None or asked.amount.fen == 0 or is_performance(number) or not is_in_time(asked.state, asked.deadline, now):
        return None
    lot = LotId(asked.lot_id)
    found = reliefs.waiver(session, org, now)
    if found is None or own(session, lot, org) is not None or has_deposit(session, lot, org):
        return None
    sha256, waiver = found
    return WaivedView(org, waiver.name, sha256, waiver.percent, waiver.source, asked.amount, asked_after(asked.amount, waiver), None)


def has_deposit(session: Session, lot: LotId, org: OrgId) -> bool:
    """Whether a deposit of this firm stands."""
    return any(is_standing(state) for state in session.scalars(select(Deposit.state).where(Deposit.lot_id == lot, Deposit.org_id == org)))


def _view(row: WaiverUse, amount: Money) -> WaivedView:
    return WaivedView(OrgId(row.org_id), row.org_name, row.relief_sha256, row.percent, row.source, amount, row.asked, row.used_at)
