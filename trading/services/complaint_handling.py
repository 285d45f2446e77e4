"""Complaints, as their authority handles them: taken on or not, handed over, looked into, suspended for, decided, published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.calendar import end_of
from core.kernel.clock import text
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import CaseId, LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.clock import Law
from trading.domain.complaint import MOVES, SECRET_MATTERS, ComplaintAction, ComplaintFacts, Ruling, roles_of
from trading.domain.remedy import acceptance_rule, check_late_reason, check_names, check_suspension, decision_due, decision_rule
from trading.events_remedies import (
    ComplaintAccepted,
    ComplaintDecided,
    ComplaintHandedOver,
    ComplaintInvestigated,
    ComplaintOverdue,
    ComplaintRefused,
    DecisionPublished,
    SuspensionEnded,
    SuspensionLifted,
    SuspensionOrdered,
)
from trading.models.remedy import Complaint
from trading.queries import remedy_facts
from trading.queries.lots import law_of, parties_of, split
from trading.services import holds
from trading.services.lots import SYSTEM, hold_by_id


@dataclass(frozen=True, slots=True)
class Step:
    """A complaint held for one step, its lot locked before it."""

    work: Work
    held: holds.Held
    row: Complaint
    now: datetime

    @property
    def law(self) -> Law:
        """The law of its lot."""
        return law_of(self.held[1])

    @property
    def facts(self) -> ComplaintFacts:
        """What the table of moves looks at."""
        return remedy_facts.of_complaint(self.row, self.law, self.now)

    def record(self, event: Callable[..., Any], act: Act | None, **more: object) -> None:
        """Records what happened."""
        lot, project = self.held
        signed = None if act is None else act.envelope
        said = {"org": OrgId(self.row.org_id), "number": self.row.number}
        self.work.record(event(case=CaseId(project.number), lot=lot.no, signed=signed, subject=self.row.number, **said, **more))

    @property
    def answer(self) -> dict[str, JSON]:
        """What most steps answer."""
        return {"number": self.row.number, "state": self.row.state.value, "now": text(self.now)}


def about(work: Work, number: str) -> tuple[CaseId, str]:
    """Case and lot of a complaint; raises NotFound."""
    return split(remedy_facts.lot_number(work.session, remedy_facts.lot_of_complaint(work.session, number)))


def act_on(work: Work, number: str, act: Act, action: ComplaintAction) -> Step:
    """Holds a complaint and moves it for who acts; NotFound for whom it is no business of."""
    step = _hold(work, remedy_facts.lot_of_complaint(work.session, number), Complaint.number == number)
    row, (lot, project) = step.row, step.held
    roles = roles_of(work.actor, parties_of(lot, project), OrgId(row.org_id), OrgId(row.authority_org)) & {act.role}
    if not roles:
        raise NotFound("complaint.not_found")
    row.state = MOVES.choose(action, row.state, roles, step.facts)
    return step


def _hold(work: Work, lot_id: LotId, which: Any) -> Step:
    lot, project = hold_by_id(work, lot_id)
    return Step(work, (lot, project), lock(work.session, Complaint, which), work.now())


Do = Callable[[Step, Ruling, Act], None]
Handle = Callable[[Work, str, SignedRequest], dict[str, JSON]]


def _handle(
    read: Callable[..., Ruling], kind: str, action: ComplaintAction, do: Do
) -> Callable[[Work, str, SignedRequest], dict[str, JSON]]:
    """One act of an authority: read, held against the number it is posted for, moved, done."""

    def handle(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
        case, no = about(work, number)

        def accepted(act: Act) -> dict[str, JSON]:
            ruling = read(act.body)
            if ruling.complaint != number:
                raise RuleBroken("remedy.number_other")
            step = act_on(work, number, act, action)
            do(step, ruling, act)
            return step.answer

        return once(work, request, Expect(kind, case, no, role=Role.SUPERVISOR, step_up=True), accepted)

    return handle


def _accept(step: Step, ruling: Ruling, act: Act) -> None:
    row = step.row
    check_late_reason(ruling.late_reason, row.acceptance_due, step.now, acceptance_rule(step.law).article)
    row.accepted_at, row.late_reason = step.now, ruling.late_reason
    row.decision_due = decision_due(step.law, row.filed_at, step.now)
    step.record(ComplaintAccepted, act, decision_due=row.decision_due)


def _refuse(step: Step, ruling: Ruling, act: Act) -> None:
    row = step.row
    check_late_reason(ruling.late_reason, row.acceptance_due, step.now, acceptance_rule(step.law).article)
    assert ruling.ground is not None  # its reader asked for one
    row.ground, row.ruling, row.late_reason, row.ended_at = ruling.ground.value, ruling.text, ruling.late_reason, step.now
    step.record(ComplaintRefused, act, ground=row.ground)


def _hand_over(step: Step, ruling: Ruling, act: Act) -> None:
    """To the authority that received the same complaint first (条例 art. 61)."""
    first = step.work.session.get(Complaint, step.row.first_id)
    assert first is not None  # the table let nobody pass without it
    step.row.ruling, step.row.ended_at = ruling.text, step.now
    step.record(ComplaintHandedOver, act, first=first.number)


def _investigate(step: Step, ruling: Ruling, act: Act) -> None:
    step.row.inquiry = ruling.text
    step.record(ComplaintInvestigated, act)


def _suspend(step: Step, ruling: Ruling, act: Act) -> None:
    check_suspension(step.law, step.now, ruling.until)
    row = step.row
    row.suspended_at, row.suspension_reason = step.now, ruling.text
    row.suspended_until = None if ruling.until is None else end_of(ruling.until)
    step.record(SuspensionOrdered, act, until=row.suspended_until)
    holds.ordered(step.work, step.held, row.number)


def _lift(step: Step, _ruling: Ruling, act: Act) -> None:
    step.record(SuspensionLifted, act)
    step.row.suspended_at = step.row.suspended_until = None
    holds.released(step.work, step.held, step.row.number)


def _decide(step: Step, ruling: Ruling, act: Act) -> None:
    row = step.row
    assert row.decision_due is not None and ruling.outcome is not None  # it was accepted; its reader asked for one
    check_late_reason(ruling.late_reason, row.decision_due, step.now, decision_rule(step.law).article)
    row.outcome, row.ruling, row.decided_at = ruling.outcome.value, ruling.text, step.now
    row.late_reason = ruling.late_reason or row.late_reason
    step.record(ComplaintDecided, act, outcome=row.outcome)
    end_suspension(step.work, step)


def _publish(step: Step, ruling: Ruling, act: Act) -> None:
    row = step.row
    if row.matter in SECRET_MATTERS:
        check_names((ruling.text,), remedy_facts.firms(step.work.session))
    row.publication, row.published_at, row.ended_at = ruling.text, step.now, step.now
    step.record(DecisionPublished, act)


accept = _handle(Ruling.accept, "complaint.accept", ComplaintAction.ACCEPT, _accept)
refuse = _handle(Ruling.refuse, "complaint.refuse", ComplaintAction.REFUSE, _refuse)
hand_over = _handle(Ruling.say, "complaint.hand_over", ComplaintAction.HAND_OVER, _hand_over)
investigate = _handle(Ruling.say, "complaint.investigate", ComplaintAction.INVESTIGATE, _investigate)
suspend = _handle(Ruling.suspend, "complaint.suspend", ComplaintAction.ORDER_SUSPENSION, _suspend)
lift = _handle(Ruling.say, "complaint.lift", ComplaintAction.LIFT_SUSPENSION, _lift)
decide = _handle(Ruling.decide, "complaint.decide", ComplaintAction.DECIDE, _decide)
publish = _handle(Ruling.say, "complaint.publish", ComplaintAction.PUBLISH, _publish)


# What ends by itself


def end_suspension(work: Work, step: Step) -> None:
    """Ends an order that stands, with the complaint or by its own end."""
    if step.row.suspended_at is not None:
        step.record(SuspensionEnded, None)
        step.row.suspended_at = step.row.suspended_until = None
        holds.released(work, step.held, step.row.number)


def lapse(work: Work, key: UUID) -> None:
    """An order has run out."""
    step = _hold(work, _lot_of(work, key), Complaint.id == key)
    step.row.state = MOVES.choose(ComplaintAction.LAPSE_SUSPENSION, step.row.state, SYSTEM, step.facts)
    end_suspension(step.work, step)


def find_late(work: Work, key: UUID) -> None:
    """Marks a complaint whose acceptance or decision is late; once each."""
    step = _hold(work, _lot_of(work, key), Complaint.id == key)
    what = remedy_facts.late_with(step.row, step.now)
    if what != step.row.overdue and what:
        step.row.overdue = what
        step.record(ComplaintOverdue, None, what=what)


def _lot_of(work: Work, key: UUID) -> LotId:
    found = work.session.get(Complaint, key)
    if found is None:
        raise NotFound("complaint.not_found")
    return LotId(found.lot_id)
