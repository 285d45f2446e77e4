"""Doubted scores: raised by a member, voted on, explained or scored again, noted by the host, replaced under the chair's note."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from sqlalchemy import delete

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.errors import RuleBroken
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain import doubt as rules
from evaluation.domain.doubt import DoubtBody, ExplanationBody, ReplacementBody, SilenceBody, State, VoteBody
from evaluation.domain.finding import rules_of_items
from evaluation.domain.room import MOVES, Action, roles_of
from evaluation.events_doubts import DoubtAnswered, DoubtVoteCast, ScoreDoubted, ScoreReplaced, SilenceNoted
from evaluation.models.doubts import Doubt, DoubtVote
from evaluation.models.rooms import ReportSignature, Seat
from evaluation.models.unlocks import ReportRefusal
from evaluation.queries import doubts
from evaluation.services.doubt_counts import come_to
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView

Do = Callable[[Work, LotView, Act], dict[str, JSON]]


def _member(work: Work, number: str, signed: SignedRequest, kind: str, do: Do) -> dict[str, JSON]:
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect(kind, lot.case, lot.no, role=Role.EXPERT, step_up=True), lambda act: do(work, lot, act))


def doubt(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member says that scores of another are too high or too low; a report that was drafted falls with its signatures. Records
    ScoreDoubted."""
    return _member(work, number, signed, "doubt.raise", _doubt)


def vote(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member votes on one of the two questions; the last vote decides. Records DoubtVoteCast."""
    return _member(work, number, signed, "doubt.vote", _vote)


def answer(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """Whose score was found abnormal explains it, in procurement scores again, or refuses to. Records DoubtAnswered."""
    return _member(work, number, signed, "doubt.answer", _answer)


def replace(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The chair notes by which means the scores are replaced. Records ScoreReplaced."""
    return _member(work, number, signed, "doubt.replace", _replace)


def note_silence(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The host notes that no answer came in time. Records SilenceNoted."""
    lot = lots.by_number(work.session, number)
    expect = Expect("doubt.silence", lot.case, lot.no, role=Role.CENTRE, step_up=True)
    return once(work, signed, expect, lambda act: _note_silence(work, lot, act))


def _doubt(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.DOUBT_SCORE, act)
    rows = cast("dict[str, Any]", room.row.result)["rows"]
    said = DoubtBody.read(act.body, rules_of_items(room.method, lot.score_rules, [one["bid"] for one in rows]))
    doubted = next((one for one in room.seats if one.code == said.seat), None)
    if doubted is None or doubted.id == seat.id:
        raise RuleBroken("doubt.raise.seat")
    if rules.is_doubted_before(said, [doubts.body_of(one, room.code_of) for one in doubts.of_evaluation(work.session, room.row.id)]):
        raise RuleBroken("doubt.raise.twice")
    ids = {"evaluation_id": room.row.id, "seat_id": doubted.id, "raised_by": seat.id}
    said_so = {"code": said.bid, "criteria": list(said.criteria), "side": said.side.value, "reason": said.reason}
    row = Doubt(id=new_id(room.now), **ids, **said_so, payload_sha256=act.payload_sha256, raised_at=room.now, scores={}, ticks={})
    row.state = State.VOTING
    work.session.add(row)
    _withdraw_report(room)
    sha256 = act.payload_sha256
    work.record(
        ScoreDoubted(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, doubted=said.seat, bid=said.bid, subject=sha256)
    )
    return go_on(work, room) | {"doubt_sha256": sha256}


def _withdraw_report(room: LockedRoom) -> None:
    """What was signed under a report that is written anew says nothing of the new one."""
    session = room.work.session
    room.row.report_sha256, room.row.report_until = "", None
    session.execute(delete(ReportSignature).where(ReportSignature.seat_id.in_(room.code_of)))
    session.execute(delete(ReportRefusal).where(ReportRefusal.seat_id.in_(room.code_of)))
    session.flush()


def _vote(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.VOTE_DOUBT, act)
    wanted = str(act.body.get("about", ""))
    if wanted not in room.facts(seat.code).doubts_to_vote:
        raise RuleBroken("doubt.vote.other")
    one, question = next(
        (one, question)
        for one in doubts.of_evaluation(work.session, room.row.id)
        if (question := doubts.question_of(one)) is not None and doubts.about(one, question) == wanted
    )
    said = VoteBody.read(act.body, wanted, question)
    work.session.add(DoubtVote(doubt_id=one.id, question=question.value, seat_id=seat.id, yes=said.yes, reason=said.reason, at=room.now))
    work.record(DoubtVoteCast(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code))
    return go_on(work, room)


def _answer(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.ANSWER_DOUBT, act)
    one = _named(room, act, State.ANSWERING, seat)
    terms, known = doubts.terms(lot), rules_of_items(room.method, lot.score_rules, room.passed())
    said = ExplanationBody.read(act.body, doubts.body_of(one, room.code_of), known, terms)
    one.explanation, one.answer_sha256 = said.explanation, act.payload_sha256
    one.scores, one.ticks = dict(said.scores), {name: list(ids) for name, ids in said.ticks.items()}
    come_to(work, room, one, said.state(terms))
    sha256 = act.payload_sha256
    event = DoubtAnswered(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, state=one.state.value, subject=sha256)
    work.record(event)
    return go_on(work, room)


def _note_silence(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), (), lot.parties.tenderer)
    facts = room.facts()
    room.row.state = MOVES.choose(Action.NOTE_SILENCE, room.row.state, roles, facts)
    said = SilenceBody.read(act.body)
    one = _named(room, act, State.ANSWERING)
    code = room.code_of[one.seat_id]
    if room.now < doubts.until(work.session, one):
        raise RuleBroken("doubt.silence.too_early")
    one.silence = said.note
    come_to(work, room, one, doubts.terms(lot).unexplained)
    work.record(SilenceNoted(case=lot.case, lot=lot.no, signed=act.envelope, doubted=code, state=one.state.value))
    return go_on(work, room)


def _replace(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.REPLACE_SCORE, act)
    one = _named(room, act, State.NOTING)
    if doubts.noter_of(room.row, one, room.code_of) != seat.code:
        raise RuleBroken("doubt.replace.not_due")
    said = ReplacementBody.read(act.body, one.payload_sha256, doubts.means(work.session, room.row, one, room.code_of, lot))
    one.scores, one.note = dict(said.scores), said.note
    come_to(work, room, one, State.REPLACED)
    event = ScoreReplaced(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, doubted=room.code_of[one.seat_id])
    work.record(event)
    return go_on(work, room)


def _named(room: LockedRoom, act: Act, state: State, seat: Seat | None = None) -> Doubt:
    """The doubt that a statement names, in a state and about a seat; raises RuleBroken."""
    for one in doubts.of_evaluation(room.work.session, room.row.id, state):
        if one.payload_sha256 == act.body.get("doubt") and (seat is None or one.seat_id == seat.id):
            return one
    raise RuleBroken("doubt.other")
