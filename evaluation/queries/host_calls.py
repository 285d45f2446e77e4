"""Calls for the host as host and supervisor see them, and each member its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.roles import Role
from evaluation.domain.committee import code_name
from evaluation.domain.host_call import MOVES, Action, Facts
from evaluation.models.host_calls import HostCall
from evaluation.models.rooms import Evaluation
from evaluation.queries.rooms import RoomView

LATEST = 20


@dataclass(frozen=True, slots=True)
class HostCallView:
    """A call under the code name of its seat."""

    no: int
    seat: str
    name: str
    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class HostCalls:
    """The calls that this viewer may see, those that wait first, then the newest; whether the viewer may call, or answer."""

    rows: tuple[HostCallView, ...]
    may_call: bool
    may_answer: bool

    @property
    def waiting(self) -> tuple[HostCallView, ...]:
        """Those that nobody has seen to."""
        return tuple(one for one in self.rows if one.answered_at is None)


def of_room(session: Session, view: RoomView) -> HostCalls:
    """The calls of a room: for host and supervisor all, for a member those of the own seat, for others none."""
    rows = select(HostCall).join(Evaluation, Evaluation.id == HostCall.evaluation_id).where(Evaluation.lot_id == view.lot.id)
    if view.me is not None:
        rows = rows.where(HostCall.seat == view.me.code)
    elif not view.roles & {Role.CENTRE, Role.SUPERVISOR}:
        return HostCalls((), False, False)
    newest = session.scalars(rows.order_by(HostCall.answered_at.is_not(None), HostCall.no.desc()).limit(LATEST))
    found = tuple(HostCallView(one.no, one.seat, code_name(one.seat), one.at, one.answered_at) for one in newest)
    is_waiting = any(one.answered_at is None for one in found)
    available = MOVES.available(view.state, view.roles, Facts(is_waiting))
    return HostCalls(found, view.me is not None and Action.CALL in available, view.me is None and Action.ANSWER in available)
