"""A supervisor's view of a session begins with a signed purpose, notes what is opened in it, and ends."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.viewing import LASTS, MOVES, Action, Facts, State, ViewBody
from evaluation.events_supervision import Looked, ViewBegun, ViewEnded
from evaluation.models.rooms import Evaluation
from evaluation.models.supervision import SupervisionView
from evaluation.queries import viewing as queries
from evaluation.services.locked import LockedRoom
from trading.queries import lots
from trading.queries.lots import LotView


def begin(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A supervisor says for what purpose they look; an earlier view of theirs that goes on is left. Records ViewBegun."""
    lot = lots.by_number(work.session, number)
    expect = Expect("supervision.view", lot.case, lot.no, role=Role.SUPERVISOR)
    return once(work, signed, expect, lambda act: _begin(work, lot, act))


def _begin(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    said = ViewBody.read(act.body)
    actor = Actor(act.person, act.org, frozenset({act.role}))
    going = queries.own(work.session, actor, lot, room.now)
    if going is not None:
        end(work, room, going, Action.LEAVE, actor)
    mine = select(func.max(SupervisionView.no)).where(SupervisionView.evaluation_id == room.row.id)
    row = SupervisionView(
        id=new_id(room.now),
        evaluation_id=room.row.id,
        no=(work.session.scalar(mine) or 0) + 1,
        person_id=act.person,
        purpose=said.purpose,
        note=said.note,
        payload_sha256=act.payload_sha256,
        state=State.OPEN,
        at=room.now,
        until=room.now + LASTS,
        looked=[],
    )
    work.session.add(row)
    event = ViewBegun(case=lot.case, lot=lot.no, signed=act.envelope, subject=act.payload_sha256, no=row.no, purpose=said.purpose.value)
    work.record(event)
    return {"no": row.no, "view_sha256": act.payload_sha256}


def look(work: Work, number: str, what: str) -> dict[str, JSON]:
    """Notes once that a page, document or stream was opened in the caller's view; NotAllowed where none goes on. Records Looked."""
    room = LockedRoom.by_number(work, number)
    found = queries.own(work.session, work.actor, room.lot, room.now)
    if found is None:
        raise NotAllowed("view.purpose_needed")
    if all(one.what != what for one in queries.looks(found)):
        found.looked = [*cast("list[JSON]", found.looked), {"what": what, "at": clock.text(room.now)}]
        work.record(Looked(case=room.lot.case, lot=room.lot.no, no=found.no, what=what))
    return {"no": found.no}


def leave(work: Work, number: str) -> dict[str, JSON]:
    """The caller's view is over. Raises NotFound where none goes on. Records ViewEnded."""
    room = LockedRoom.by_number(work, number)
    found = queries.own(work.session, work.actor, room.lot, room.now)
    if found is None:
        raise NotFound("view.not_found")
    end(work, room, found, Action.LEAVE, work.actor)
    return {"no": found.no}


def end(work: Work, room: LockedRoom, row: SupervisionView, action: Action, actor: Actor) -> None:
    """A view ends, by its viewer, by another supervisor, or by the clock. Records ViewEnded."""
    facts = Facts(is_mine=row.person_id == actor.person, now=room.now, until=row.until)
    row.state = MOVES.choose(action, row.state, actor.roles, facts)
    row.ended_at = room.now
    work.session.flush()
    work.record(ViewEnded(case=room.lot.case, lot=room.lot.no, no=row.no, how=row.state.value, subject=row.payload_sha256))


def find_lapsed(work: Work, key: UUID) -> None:
    """The time of a view is over. Records ViewEnded."""
    found = work.session.get_one(SupervisionView, key)
    room = LockedRoom(work, lots.by_id(work.session, LotId(work.session.get_one(Evaluation, found.evaluation_id).lot_id)))
    end(work, room, lock(work.session, SupervisionView, SupervisionView.id == key), Action.LAPSE, work.actor)
