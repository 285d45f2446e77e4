"""What members answer to findings of the consistency checks, after the summary and before the report."""

from __future__ import annotations

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.errors import RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.finding import AnswerBody, rules_of_items
from evaluation.domain.room import Action
from evaluation.events_scoring import FindingAnswered
from evaluation.models.findings import FindingAnswer
from evaluation.queries import findings
from evaluation.services.locked import LockedRoom
from evaluation.services.progress import go_on
from trading.queries import lots
from trading.queries.lots import LotView


def answer(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member scores an objective item again, or says why the difference stands; the last answer settles it. Records FindingAnswered."""
    lot = lots.by_number(work.session, number)
    expect = Expect("finding.answer", lot.case, lot.no, role=Role.EXPERT, step_up=True)
    return once(work, signed, expect, lambda act: _answer(work, lot, act))


def _answer(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    room = LockedRoom(work, lot)
    seat = room.act(Action.ANSWER_FINDING, act)
    said = AnswerBody.read(act.body, rules_of_items(room.method, lot.score_rules, room.passed()))
    if said.matter not in findings.waiting(work.session, room.row, room.code_of)[seat.code]:
        raise RuleBroken("finding.answer.other")
    kept = {"score": said.score, "reason": said.reason, "ticks": {name: list(ids) for name, ids in said.ticks.items()}}
    work.session.add(FindingAnswer(seat_id=seat.id, code=said.bid, criterion=said.criterion, at=room.now, **kept))
    event = FindingAnswered(case=lot.case, lot=lot.no, signed=act.envelope, seat=seat.code, bid=said.bid, criterion=said.criterion)
    work.record(event)
    return go_on(work, room)
