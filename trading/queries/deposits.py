"""The list of a lot's deposits, for its parties, the centre, the supervisor and finance: after the opening."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.roles import Role
from deposits.queries import requirements
from deposits.queries.requirements import DepositView
from trading.domain.lot import roles_of
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class DepositList:
    """A lot with the deposits of all its bidders."""

    lot: LotView
    deposits: tuple[DepositView, ...]


def deposit_list(session: Session, number: str, actor: Actor) -> DepositList:
    """The list. Raises NotAllowed "deposit.sealed" before the opening and for strangers, NotFound "deposit.not_asked"."""
    lot = lots.visible(session, number, actor)
    roles = roles_of(actor, lot.parties) | (actor.roles & {Role.FINANCE})
    return DepositList(lot, requirements.listed(session, number, roles))
