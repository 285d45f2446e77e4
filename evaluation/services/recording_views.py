"""Watching a seat: nobody sees anything before they have said why, and that is signed."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.kernel.errors import NotFound
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.recording import LINE, WATCHING, LineAction, Watching, chain_of, form_for
from evaluation.events_recordings import RecordingViewed
from evaluation.models.recordings import RecordingView
from evaluation.models.rooms import Evaluation
from evaluation.queries.recordings import VIEW_LASTS, seats_of, watching_roles
from trading.queries import lots


def watch(work: Work, number: str, said: Watching, seats: Sequence[str] = ()) -> dict[str, JSON]:
    """Host or supervisor says why they watch `seats` (all where none are named); answers the view's id and the form that they are shown:
    the clear one only once the names of the members may be known. Raises NotFound, NotAllowed. Records RecordingViewed."""
    lot = lots.by_number(work.session, number)
    row = work.session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    if row is None:
        raise NotFound("evaluation.not_found")
    roles = watching_roles(work.session, work.actor, row.id, lot.parties.tenderer)
    LINE.choose(LineAction.WATCH, row.state, roles, lot.state)
    there = seats_of(work.session, row.id)
    if not there.issuperset(seats):
        raise NotFound("recording.no_such_seat")
    wanted, now = sorted(set(seats) or there, key=int), work.now()
    form, role = form_for(lot.state, roles), min(roles & WATCHING, key=lambda one: one.value)
    view = RecordingView(
        id=new_id(now), evaluation_id=row.id, person_id=work.actor.person, role=role, seats=list(wanted), form=form, at=now
    )
    view.purpose, view.note = said.purpose, said.note
    work.session.add(view)
    work.record(
        RecordingViewed(
            case=chain_of(lot.case),
            lot=lot.no,
            view=str(view.id),
            seats=wanted,
            form=form.value,
            purpose=said.purpose.value,
            note=said.note,
            viewer=str(work.actor.person),
            role=role.value,
        )
    )
    return {"view": str(view.id), "form": form.value, "seats": list(wanted), "seconds": int(VIEW_LASTS.total_seconds())}
