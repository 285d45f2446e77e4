"""A member calls the host, and the host says that it is seen to; unsigned, but written into the case."""

from __future__ import annotations

from sqlalchemy import func, select

from core.kernel.errors import NotFound
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.host_call import MOVES, Action, Facts
from evaluation.events_host_calls import HostAnswered, HostCalled
from evaluation.models.host_calls import HostCall
from evaluation.services.locked import LockedRoom


def call(work: Work, number: str) -> dict[str, JSON]:
    """Calls the host to the caller's seat. Raises NotAllowed for whoever holds none, WrongState while an earlier call waits, and once the
    report is handed over. Records HostCalled."""
    room = LockedRoom.by_number(work, number)
    seat = room.seat_of(work.actor.person)
    mine = select(HostCall.no).where(HostCall.evaluation_id == room.row.id, HostCall.seat == seat.code, HostCall.answered_at.is_(None))
    is_waiting = work.session.scalar(mine) is not None
    MOVES.choose(Action.CALL, room.row.state, work.actor.roles & {Role.EXPERT}, Facts(is_waiting))
    last = work.session.scalar(select(func.max(HostCall.no)).where(HostCall.evaluation_id == room.row.id)) or 0
    work.session.add(HostCall(evaluation_id=room.row.id, no=last + 1, seat=seat.code, at=room.now, answered_at=None))
    work.record(HostCalled(case=room.lot.case, lot=room.lot.no, seat=seat.code, no=last + 1))
    return {"no": last + 1}


def answer(work: Work, number: str, no: int) -> dict[str, JSON]:
    """The host saw to a call. Raises NotAllowed for anybody but the centre, NotFound for a call that there is not, WrongState for one that
    is over. Records HostAnswered."""
    room = LockedRoom.by_number(work, number)
    made = work.session.get(HostCall, (room.row.id, no))
    is_waiting = made is not None and made.answered_at is None
    MOVES.choose(Action.ANSWER, room.row.state, work.actor.roles & {Role.CENTRE}, Facts(is_waiting or made is None))
    if made is None:
        raise NotFound("host_call.not_found")
    made.answered_at = room.now
    work.record(HostAnswered(case=room.lot.case, lot=room.lot.no, seat=made.seat, no=no))
    return {"no": no}
