"""Watching a seat: nobody sees anything before they have said why, and that is signed. A supervisor says it once for the whole visit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.recording import LINE, WATCHING, LineAction, Watching, chain_of, form_for
from evaluation.events_recordings import RecordingViewed
from evaluation.models.recordings import RecordingView
from evaluation.models.rooms import Evaluation
from evaluation.models.supervision import SupervisionView
from evaluation.queries import viewing
from evaluation.queries.recordings import VIEW_LASTS, seats_of, watching_roles
from trading.queries import lots
from trading.queries.lots import LotView


def watch(work: Work, number: str, said: Watching | None, seats: Sequence[str] = ()) -> dict[str, JSON]:
    """Host or supervisor watches `seats` (all where none are named): the host says why, a supervisor has in the visit that goes on. Answers
    the view's id and the form that they are shown: the clear one only once the names of the members may be known. A stream that is opened
    again in the same visit is the same view. Raises NotFound, NotAllowed (`view.purpose_needed` without a visit), RuleBroken for a host who
    does not say why. Records RecordingViewed."""
    lot = lots.by_number(work.session, number)
    row = work.session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    if row is None:
        raise NotFound("evaluation.not_found")
    roles = watching_roles(work.session, work.actor, row.id, lot.parties.tenderer)
    LINE.choose(LineAction.WATCH, row.state, roles, lot.state)
    there = seats_of(work.session, row.id)
    if not there.issuperset(seats):
        raise NotFound("recording.no_such_seat")
    visit = _visit(work, lot) if Role.SUPERVISOR in roles else None
    if visit is None and said is None:
        raise RuleBroken("recording.purpose_missing")
    why = said if visit is None else Watching(visit.purpose, visit.note)
    assert why is not None
    wanted, form = sorted(set(seats) or there, key=int), form_for(lot.state, roles)
    role = Role.SUPERVISOR if visit is not None else min(roles & WATCHING, key=lambda one: one.value)
    view = RecordingView(evaluation_id=row.id, person_id=work.actor.person, role=role, seats=list(wanted), form=form)
    view.purpose, view.note = why.purpose, why.note
    return _shown(_open(work, lot, view, visit))


def _visit(work: Work, lot: LotView) -> SupervisionView:
    found = viewing.own(work.session, work.actor, lot, work.now())
    if found is None:
        raise NotAllowed("view.purpose_needed")
    return found


def _open(work: Work, lot: LotView, view: RecordingView, visit: SupervisionView | None) -> RecordingView:
    """The view, unless the same one was opened in this visit."""
    if visit is not None:
        mine = select(RecordingView).where(RecordingView.visit_id == visit.id, RecordingView.form == view.form)
        known = next((one for one in work.session.scalars(mine) if one.seats == view.seats), None)
        if known is not None:
            return known
        view.visit_id = visit.id
    now = work.now()
    view.id, view.at = new_id(now), now
    work.session.add(view)
    work.record(
        RecordingViewed(
            case=chain_of(lot.case),
            lot=lot.no,
            view=str(view.id),
            seats=list(view.seats),  # type: ignore[arg-type]  # a list of codes
            form=view.form.value,
            purpose=view.purpose.value,
            note=view.note,
            viewer=str(work.actor.person),
            role=view.role.value,
            visit=0 if visit is None else visit.no,
        )
    )
    return view


def _shown(view: RecordingView) -> dict[str, JSON]:
    return {"view": str(view.id), "form": view.form.value, "seats": view.seats, "seconds": int(VIEW_LASTS.total_seconds())}
