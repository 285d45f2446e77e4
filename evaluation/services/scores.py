"""Scores of each part: drafts as they are typed, one signed sheet of each member, nobody else's eye on either before the lock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.events import as_json
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.parts import parts_due
from evaluation.domain.room import MOVES, Action
from evaluation.domain.sheet import SheetBody, SheetRules, rules_of
from evaluation.events import ScoreSubmitted
from evaluation.models.rooms import ScoreDraft, ScoreSheet
from evaluation.services import rounds
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def save_draft(
    work: Work,
    number: str,
    code: str,
    scores: Mapping[str, str],
    reasons: Mapping[str, str],
    *,
    ticks: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, JSON]:
    """Keeps what a member has typed for one bid; no event. An empty score is one not yet given.

    Raises RuleBroken for a score that the sheet would refuse, WrongState once the sheet is signed."""
    room = LockedRoom.by_number(work, number)
    seat = room.seat_of(work.actor.person)
    held = replace(Actor(), roles=work.actor.roles & {Role.EXPERT})
    MOVES.choose(Action.SAVE_DRAFT, room.row.state, held.roles, room.facts(seat.code))
    rules, ticked = _sheet_rules(room, _part_due(room, seat.id)), ticks or {}
    for criterion, written in scores.items():
        if written:
            rules.score(code, criterion, written, ticked.get(criterion, ()))
    for criterion in (*scores, *reasons, *ticked):
        rules.criterion(code, criterion).less(ticked.get(criterion, ()))
    kept = work.session.get(ScoreDraft, (seat.id, code))
    if kept is None:
        kept = ScoreDraft(seat_id=seat.id, code=code)
        work.session.add(kept)
    kept.scores, kept.reasons, kept.saved_at = dict(scores), dict(reasons), room.now
    kept.ticks = {criterion: list(ids) for criterion, ids in ticked.items()}
    return {"saved_at": clock.text(room.now)}


def submit(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member signs the whole sheet of the part that is due; the last one locks its scores. Records ScoreSubmitted."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("score", lot.case, lot.no, role=Role.EXPERT, step_up=True), lambda act: _submit(work, lot, act))


def _submit(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.SUBMIT_SHEET, act)
    part = _part_due(room, seat.id)
    body = SheetBody.read(act.body, _sheet_rules(room, part))
    rounds.check_sheet(work, room, seat, part, body.sheets)
    digest = act.payload_sha256
    work.session.add(ScoreSheet(seat_id=seat.id, part=part, sheets=as_json(body.sheets), payload_sha256=digest, at=room.now))
    work.record(ScoreSubmitted(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, sheet_sha256=digest, subject=digest))
    return go_on(work, room)


def _part_due(room: LockedRoom, seat: UUID) -> str:
    """The part whose sheet this seat signs next."""
    signed = set(room.work.session.scalars(select(ScoreSheet.part).where(ScoreSheet.seat_id == seat)))
    return next(part for part in parts_due(room.lot.method, room.row.state) if part not in signed)


def _sheet_rules(room: LockedRoom, part: str) -> SheetRules:
    """What a sheet of this room must fill; after the technical lock, of the bids that passed."""
    return rules_of(room.method, room.lot.score_rules, room.passed(), part)
