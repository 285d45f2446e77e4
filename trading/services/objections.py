"""Objections and challenges: filed by a bidder, answered by the tenderer or its agency, found late and closed by the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.clock import text
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.ids import CaseId, LotId, OrgId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.clock import Law
from trading.domain.objection import (
    MOVES,
    ObjectionAction,
    ObjectionAnswer,
    ObjectionFacts,
    ObjectionFiling,
    ObjectionState,
    read_withdrawal,
    roles_of,
)
from trading.domain.remedy import SECRET, Milestones, answer_due, check_names, objection_number
from trading.events_remedies import ObjectionClosed, ObjectionFiled, ObjectionOverdue, ObjectionReplied, ObjectionWithdrawn
from trading.models.lot import Lot
from trading.models.project import Project
from trading.models.remedy import Objection
from trading.queries import remedy_facts
from trading.queries.lots import law_of, parties_of, split
from trading.services import holds, remedy_files
from trading.services.lots import SYSTEM, hold, hold_by_id


def file(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A bidder objects. While an objection to a works lot is not answered the lot stands still (招标投标法实施条例 art. 22, 54).

    Raises RuleBroken with the article: out of time, without standing.
    """
    case, no = split(number)
    return once(work, request, Expect("objection.file", case, no, role=Role.BIDDER), lambda act: _file(work, number, act))


def _file(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    remedy_facts.check_case_open(project)
    org, filing, law, now = remedy_files.own_org(work, act), ObjectionFiling.read(act.body), law_of(project), work.now()
    facts = ObjectionFacts(
        now=now,
        law=law,
        stage=filing.stage,
        told=remedy_facts.milestones(work.session, lot),
        capacity=filing.capacity,
        took_part=remedy_facts.took_part(work.session, lot, org),
    )
    roles = roles_of(work.actor, parties_of(lot, project), None) & {act.role}
    state = MOVES.choose(ObjectionAction.FILE, ObjectionState.UNFILED, roles, facts)
    home = people.organisation(work.session, org)
    if filing.stage in SECRET:
        names = (filing.facts, filing.request, filing.interest, *(entry.name for entry in filing.files))
        check_names(names, (home.name, home.uscc))
    row = _new(work, act, (lot, law), filing, state)
    work.session.add(row)
    work.session.flush()
    remedy_files.take(work, act, row.id, "filing", filing.files)
    _record(work, (lot, project), row, ObjectionFiled, act, due_at=row.due_at)
    holds.objected(work, (lot, project), row.number)
    return {"number": row.number, "state": row.state.value, "filed_at": text(now), "due_at": text(row.due_at)}


def _new(work: Work, act: Act, under: tuple[Lot, Law], filing: ObjectionFiling, state: ObjectionState) -> Objection:
    (lot, law), now = under, work.now()
    home = people.organisation(work.session, remedy_files.own_org(work, act))
    return Objection(
        id=new_id(now),
        lot_id=lot.id,
        number=objection_number(law.regime, act.payload_sha256),
        stage=filing.stage,
        state=state,
        org_id=home.id,
        org_name=home.name,
        capacity=filing.capacity,
        interest=filing.interest,
        facts=filing.facts,
        request=filing.request,
        filed_at=now,
        due_at=answer_due(law, filing.stage, now),
        question="",
        answer="",
        late_reason="",
    )


def _record(work: Work, held: holds.Held, row: Objection, event: Callable[..., object], act: Act | None, **more: datetime) -> None:
    lot, project = held
    signed = None if act is None else act.envelope
    said = {"org": OrgId(row.org_id), "number": row.number, "stage": row.stage.value}
    work.record(event(case=CaseId(project.number), lot=lot.no, signed=signed, subject=row.number, **said, **more))  # type: ignore[arg-type]  # each of its field's type


def _hold(work: Work, number: str) -> tuple[Lot, Project, Objection]:
    """The objection of a number with its lot, the lot locked first: whoever moves either queues there."""
    lot_id = remedy_facts.lot_of_objection(work.session, number)
    lot, project = hold_by_id(work, lot_id)
    return lot, project, lock(work.session, Objection, Objection.number == number)


def _facts(row: Objection, project: Project, now: datetime) -> ObjectionFacts:
    return ObjectionFacts(now=now, law=law_of(project), stage=row.stage, told=Milestones(), due_at=row.due_at)


def _about(work: Work, number: str) -> tuple[CaseId, str]:
    return split(remedy_facts.lot_number(work.session, remedy_facts.lot_of_objection(work.session, number)))


def answer(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer or its agency answers; after the legal day it says why. An answer about the document is published to all."""
    case, no = _about(work, number)
    return once(work, request, Expect("objection.answer", case, no), lambda act: _answer(work, number, act))


def _answer(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project, row = _hold(work, number)
    now, said = work.now(), ObjectionAnswer.read(act.body)
    roles = roles_of(work.actor, parties_of(lot, project), OrgId(row.org_id)) & {act.role}
    row.state = MOVES.choose(ObjectionAction.ANSWER, row.state, roles, _facts(row, project, now))
    if said.objection != number:
        raise RuleBroken("remedy.number_other")
    said.check(law_of(project), row.stage, row.due_at, now)
    if row.stage in SECRET:
        check_names((said.question, said.answer, *(entry.name for entry in said.files)), remedy_facts.firms(work.session))
    row.question, row.answer, row.late_reason, row.answered_at = said.question, said.answer, said.late_reason, now
    remedy_files.take(work, act, row.id, "answer", said.files)
    _record(work, (lot, project), row, ObjectionReplied, act)
    holds.answered(work, (lot, project), number)
    return {"number": number, "state": row.state.value, "answered_at": text(now)}


def withdraw(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The filer takes an objection back before it is answered."""
    case, no = _about(work, number)
    return once(work, request, Expect("objection.withdraw", case, no, role=Role.BIDDER), lambda act: _withdraw(work, number, act))


def _withdraw(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project, row = _hold(work, number)
    now = work.now()
    roles = roles_of(work.actor, parties_of(lot, project), OrgId(row.org_id)) & {act.role}
    if not roles:
        raise NotFound("objection.not_found")
    row.state = MOVES.choose(ObjectionAction.WITHDRAW, row.state, roles, _facts(row, project, now))
    if read_withdrawal(act.body, "objection") != number:
        raise RuleBroken("remedy.number_other")
    row.ended_at = now
    _record(work, (lot, project), row, ObjectionWithdrawn, act)
    holds.answered(work, (lot, project), number)
    return {"number": number, "state": row.state.value}


# The clock


def find_late(work: Work, key: UUID) -> None:
    """The legal day for the answer has passed."""
    lot, project, row = _hold_by_id(work, key)
    row.state = MOVES.choose(ObjectionAction.FIND_LATE, row.state, SYSTEM, _facts(row, project, work.now()))
    _record(work, (lot, project), row, ObjectionOverdue, None)


def close(work: Work, key: UUID) -> None:
    """Nothing more can come of it; raises WrongState while something can."""
    lot, project, row = _hold_by_id(work, key)
    now, was_open = work.now(), row.answered_at is None
    facts = remedy_facts.closing(work.session, row, lot, law_of(project), now)
    row.state = MOVES.choose(ObjectionAction.CLOSE, row.state, SYSTEM, facts)
    row.ended_at = now
    _record(work, (lot, project), row, ObjectionClosed, None)
    if was_open:
        holds.answered(work, (lot, project), row.number)


def _hold_by_id(work: Work, key: UUID) -> tuple[Lot, Project, Objection]:
    found = work.session.get(Objection, key)
    if found is None:
        raise NotFound("objection.not_found")
    lot, project = hold_by_id(work, LotId(found.lot_id))
    return lot, project, lock(work.session, Objection, Objection.id == key)
