"""A signed sheet reopened: asked for by its member, decided by two others; the old sheet is kept, the draft is filled from it."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.parts import parts_due
from evaluation.domain.room import MOVES, Action, roles_of
from evaluation.domain.unlock import HOST, DecisionBody, State, UnlockBody, deciders, outcome
from evaluation.events_unlocks import UnlockAsked, UnlockDecided
from evaluation.models.desks import DraftOrder
from evaluation.models.rooms import ScoreDraft, ScoreSheet, Seat
from evaluation.models.unlocks import ReplacedSheet, SheetUnlock, UnlockDecision
from evaluation.queries import unlocks
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def ask(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member asks to write a signed sheet again, before its scores are locked or added up. Records UnlockAsked."""
    lot = lots.by_number(work.session, number)
    expect = Expect("sheet.unlock.ask", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _ask(work, lot, act))


def _ask(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.ASK_UNLOCK, act)
    said = UnlockBody.read(act.body)
    due = parts_due(lot.method, room.row.state)
    mine = select(ScoreSheet).where(ScoreSheet.seat_id == seat.id, ScoreSheet.part.in_(due))
    sheet = work.session.scalar(mine.where(ScoreSheet.payload_sha256 == said.sheet_sha256))
    if sheet is None:
        raise RuleBroken("unlock.ask.other_sheet")
    row = SheetUnlock(
        id=new_id(room.now),
        evaluation_id=room.row.id,
        seat_id=seat.id,
        part=sheet.part,
        sheet_sha256=said.sheet_sha256,
        reason=said.reason,
        payload_sha256=act.payload_sha256,
        deciders=sorted(deciders(seat.code, room.row.chair, room.code_of.values())),
        state=State.OPEN,
        asked_at=room.now,
    )
    work.session.add(row)
    work.record(UnlockAsked(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, subject=act.payload_sha256))
    return {"state": room.row.state.value, "request_sha256": act.payload_sha256}


def decide(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The host, the chair, or who stands in for the chair, grants or refuses a request. Records UnlockDecided."""
    lot = lots.by_number(work.session, number)
    expect = Expect("sheet.unlock.decide", lot.case, lot.no, step_up=True)
    return once(work, signed, expect, lambda act: _decide(work, lot, act))


def _decide(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    me = HOST if act.role is Role.CENTRE else room.seat_of(act.person).code
    people = [PersonId(one.person_id) for one in room.seats]
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), people, lot.parties.tenderer)
    room.row.state = MOVES.choose(Action.DECIDE_UNLOCK, room.row.state, roles, room.facts(me))
    said = DecisionBody.read(act.body)
    waiting = unlocks.open_of(work.session, room.row.id, room.code_of)
    asked = next((one for one in waiting if one.payload_sha256 == said.request_sha256), None)
    if asked is None or room.code_of[asked.seat_id] not in room.facts(me).unlocks_due:
        raise NotFound("unlock.decide.not_due")
    work.session.add(UnlockDecision(unlock_id=asked.id, decider=me, granted=said.granted, reason=said.reason, at=room.now))
    work.session.flush()
    decided = unlocks.decisions(work.session, asked.id)
    granted = {name for name, one in decided.items() if one.granted}
    asked.state = outcome(frozenset(cast("list[str]", asked.deciders)), granted, set(decided) - granted)
    seat = work.session.get_one(Seat, asked.seat_id)
    if asked.state.is_granted:
        _reopen(room, seat, asked.part)
    work.record(UnlockDecided(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, outcome=asked.state.value))
    return go_on(work, room)


def _reopen(room: LockedRoom, seat: Seat, part: str) -> None:
    """The signed sheet steps aside, and stands in the member's draft as it was signed."""
    session = room.work.session
    sheet = session.get(ScoreSheet, (seat.id, part))
    if sheet is None:  # it fell since, with a replacement after which other bids go on
        return
    before = select(func.count()).where(ReplacedSheet.seat_id == seat.id, ReplacedSheet.part == part)
    kept = {"sheets": sheet.sheets, "payload_sha256": sheet.payload_sha256, "at": sheet.at}
    session.add(ReplacedSheet(seat_id=seat.id, part=part, turn=session.scalars(before).one() + 1, **kept))
    for said in cast("list[dict[str, Any]]", sheet.sheets):
        fill_draft(room.work, room, seat, said)
    session.delete(sheet)
    session.flush()


def fill_draft(work: Work, room: LockedRoom, seat: Seat, said: dict[str, Any]) -> None:
    """One bid's draft; a window that still holds an older one has to take this in first."""
    session, code = work.session, said["bid"]
    draft = session.get(ScoreDraft, (seat.id, code))
    if draft is None:
        draft = ScoreDraft(seat_id=seat.id, code=code, scores={}, reasons={}, ticks={}, saved_at=room.now)
        session.add(draft)
    for name in ("scores", "reasons", "ticks"):
        setattr(draft, name, dict(getattr(draft, name) or {}) | said.get(name, {}))
    draft.saved_at = room.now
    order = session.get(DraftOrder, (seat.id, code))
    if order is not None:
        order.seq, order.tab, order.number = order.seq + 1, "", 0
