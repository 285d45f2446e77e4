"""Tender plans: drafted, published, changed and given up by their tenderer; linked by the platform when the notice goes out."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import func, select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.db import insert_new, lock
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import CaseId, OrgId, new_id, sayable
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain.plan import (
    MOVES,
    PlanAction,
    PlanCancellation,
    PlanChange,
    PlanEntry,
    PlanFacts,
    PlanState,
    check_replaces,
    roles_of,
)
from trading.events_plans import PlanCancelled, PlanChanged, PlanLinked, PlanPublished
from trading.models.lot import Lot
from trading.models.plan import Plan, PlanCount, PlanVersion
from trading.models.project import Project
from trading.queries.plans import is_open
from trading.services import ocds_plans

SYSTEM = frozenset({Role.SYSTEM})


def create(work: Work, content: Mapping[str, JSON]) -> str:
    """Keeps a first draft under the next number of the Beijing year; nobody but its tenderer sees it. Returns the number."""
    if Role.TENDERER not in work.actor.roles or work.actor.org is None:
        raise NotAllowed("plan.save.not_allowed")
    entry, year = PlanEntry.read(content), legal_day(work.now()).year
    insert_new(work.session.connection(), PlanCount, [{"year": year, "count": 0}])
    counter = lock(work.session, PlanCount, PlanCount.year == year)
    counter.count += 1
    plan = Plan(
        id=new_id(work.now()),
        number=sayable("P", year, counter.count),
        state=PlanState.DRAFT,
        tenderer_org=work.actor.org,
        tenderer_name=people.organisation(work.session, work.actor.org).name,
        statement_sha256="",
        saved_at=work.now(),
        project_number="",
        lot_number="",
    )
    _set(plan, entry)
    plan.draft = entry.to_json()
    work.session.add(plan)
    return plan.number


def save(work: Work, number: str, content: Mapping[str, JSON]) -> None:
    """Keeps the draft of a plan, or of a change to a published one: its entry and, for a change, the `reason`."""
    plan = lock(work.session, Plan, Plan.number == number)
    body = Body(content)
    entry = PlanEntry.take(body)
    reason = body.text("reason", 500, least=0) if body.has("reason") else ""
    body.done()
    action = PlanAction.SAVE if not plan.statement_sha256 else PlanAction.REVISE
    plan.state = MOVES.choose(action, plan.state, roles_of(work.actor, OrgId(plan.tenderer_org)), _facts(work))
    if action is PlanAction.SAVE:
        _set(plan, entry)
        plan.draft = entry.to_json()
    else:
        draft = {**entry.to_json(), "reason": reason, "replaces": plan.statement_sha256}
        PlanChange.read(draft)
        plan.draft = draft
    plan.saved_at = work.now()


def publish(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer publishes the plan."""
    return once(work, request, _expect("plan.publish", number), lambda act: _publish(work, number, act))


def _publish(work: Work, number: str, act: Act) -> dict[str, JSON]:
    entry = PlanEntry.read(act.body)
    plan = _move(work, number, PlanAction.PUBLISH, act, entry.month)
    plan.published_at = work.now()
    _stand(work, plan, entry, act)
    work.record(PlanPublished(case=CaseId(number), signed=act.envelope, title=entry.title, month=entry.month))
    return _answer(plan)


def change(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer changes a published plan; what it said before stays to be read. Raises Stale when it was changed meanwhile."""
    return once(work, request, _expect("plan.change", number), lambda act: _change(work, number, act))


def _change(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said = PlanChange.read(act.body)
    plan = _move(work, number, PlanAction.CHANGE, act, said.entry.month)
    check_replaces(said.replaces, plan.statement_sha256)
    plan.changed_at = work.now()
    _stand(work, plan, said.entry, act)
    entry = said.entry
    work.record(PlanChanged(case=CaseId(number), signed=act.envelope, title=entry.title, month=entry.month, reason=said.reason))
    return _answer(plan)


def cancel(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer gives a published plan up."""
    return once(work, request, _expect("plan.cancel", number), lambda act: _cancel(work, number, act))


def _cancel(work: Work, number: str, act: Act) -> dict[str, JSON]:
    said = PlanCancellation.read(act.body)
    plan = _move(work, number, PlanAction.CANCEL, act)
    check_replaces(said.replaces, plan.statement_sha256)
    plan.changed_at = work.now()
    _stand(work, plan, None, act)
    work.record(PlanCancelled(case=CaseId(number), signed=act.envelope, reason=said.reason))
    return _answer(plan)


def named(work: Work, number: str, tenderer: OrgId) -> Plan | None:
    """The plan that a registration names, None where it names none. Raises RuleBroken for one that is not open, or another tenderer's."""
    if not number:
        return None
    plan = work.session.scalar(select(Plan).where(Plan.number == number))
    if plan is None or not is_open(plan) or plan.tenderer_org != tenderer:
        raise RuleBroken("plan.unfit", number=number)
    return plan


def link(work: Work, project: Project, lot: Lot) -> None:
    """The notice of a held lot is out: the plan that its project names is linked to it, the first time."""
    if not project.plan:
        return
    plan = lock(work.session, Plan, Plan.number == project.plan)
    if not is_open(plan):  # an earlier notice of the project linked it, or it was given up meanwhile
        return
    plan.state = MOVES.choose(PlanAction.LINK, plan.state, SYSTEM, _facts(work))
    plan.project_number, plan.lot_number, plan.draft = project.number, lot.number, None
    assert plan.published_at is not None  # an open plan is published
    work.record(
        PlanLinked(
            case=CaseId(project.number),
            plan=plan.number,
            plan_sha256=plan.statement_sha256,
            published_at=plan.published_at,
            month=plan.month,
        )
    )


def _expect(kind: str, number: str) -> Expect:
    return Expect(kind, CaseId(number), role=Role.TENDERER, step_up=True)


def _facts(work: Work, month: str = "") -> PlanFacts:
    return PlanFacts(today=legal_day(work.now()), month=month)


def _move(work: Work, number: str, action: PlanAction, act: Act, month: str = "") -> Plan:
    plan = lock(work.session, Plan, Plan.number == number)
    roles = roles_of(work.actor, OrgId(plan.tenderer_org)) & {act.role}
    plan.state = MOVES.choose(action, plan.state, roles, _facts(work, month))
    return plan


def _set(plan: Plan, entry: PlanEntry) -> None:
    for name in ("title", "content", "regime", "category", "region", "month", "note"):
        setattr(plan, name, getattr(entry, name))
    plan.amount = Money(entry.amount_fen)
    plan.search_text = "\n".join((entry.title, entry.content, plan.number, plan.tenderer_name, entry.region))[:1000]


def _stand(work: Work, plan: Plan, entry: PlanEntry | None, act: Act) -> None:
    """From now on the plan says what was signed."""
    if entry is not None:
        _set(plan, entry)
    plan.draft, plan.statement_sha256 = None, act.payload_sha256
    count = work.session.scalar(select(func.count()).select_from(PlanVersion).where(PlanVersion.plan_id == plan.id)) or 0
    version = PlanVersion(
        id=new_id(work.now()),
        plan_id=plan.id,
        no=count + 1,
        kind=act.statement.type,
        body=dict(act.body),
        signed_sha256=act.payload_sha256,
        at=work.now(),
    )
    work.session.add(version)
    ocds_plans.publish(work, plan, version)


def _answer(plan: Plan) -> dict[str, JSON]:
    return {"plan": plan.number, "state": plan.state.value, "statement_sha256": plan.statement_sha256}
