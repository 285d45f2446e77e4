"""Tender plans: the public list with its search, one plan with its trace, and those of one tenderer."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, select, tuple_
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import OrgId
from core.kernel.money import Money
from core.kernel.roles import Role
from trading.domain.clock import LegalRegime
from trading.domain.plan import MOVES, PUBLIC, PlanAction, PlanFacts, PlanState, roles_of
from trading.domain.project import Category
from trading.models.plan import Plan, PlanVersion

MOST = 100
OPEN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """A plan as a list shows it; `month` is that of the planned notice."""

    number: str
    state: PlanState
    title: str
    content: str
    regime: LegalRegime
    category: Category
    region: str
    amount: Money
    month: str
    note: str
    tenderer_name: str
    published_at: datetime | None
    changed_at: datetime | None
    project_number: str
    lot_number: str
    statement_sha256: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """What a plan said from a moment on: `kind` of its event, the signed body and its digest."""

    no: int
    kind: str
    body: dict[str, Any]
    signed_sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan with its trace, what the reader may do with it, and the draft that waits for the reader's signature."""

    line: PlanLine
    versions: tuple[VersionView, ...]
    available: tuple[PlanAction, ...]
    draft: dict[str, Any] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFilter:
    """What a reader looks for; "" or None leaves it open. `words`: all must stand in title, content, tenderer, region or number."""

    words: str = ""
    state: PlanState | None = None
    regime: LegalRegime | None = None
    category: Category | None = None
    region: str = ""
    month: str = ""


@dataclass(frozen=True, slots=True)
class PlanPage:
    """Some plans, the youngest first; `after` is where the next page begins, "" on the last."""

    plans: tuple[PlanLine, ...]
    after: str


def page(session: Session, wanted: PlanFilter, after: str = "", limit: int = 20) -> PlanPage:
    """At most `limit` (100) published plans before the one numbered `after`; raises NotFound for one that is not public."""
    query = _filtered(wanted)
    if after:
        row = _public(session, after)
        query = query.where(tuple_(Plan.published_at, Plan.id) < (row.published_at, row.id))
    limit = min(limit, MOST)
    rows = [_line(row) for row in session.scalars(query.limit(limit + 1))]
    return PlanPage(tuple(rows[:limit]), rows[limit - 1].number if len(rows) > limit else "")


def lines(session: Session, wanted: PlanFilter, limit: int) -> tuple[PlanLine, ...]:
    """At most `limit` published plans, the youngest first."""
    return tuple(_line(row) for row in session.scalars(_filtered(wanted).limit(limit)))


def regions(session: Session) -> tuple[str, ...]:
    """The regions for which plans have been published."""
    return tuple(session.scalars(select(Plan.region).where(Plan.state.in_(PUBLIC)).distinct().order_by(Plan.region)))


def by_number(session: Session, number: str, actor: Actor, now: datetime) -> PlanView:
    """One plan; raises NotFound for a draft, but for its tenderer."""
    row = session.scalar(select(Plan).where(Plan.number == number))
    roles = roles_of(actor, OrgId(row.tenderer_org)) if row is not None else frozenset()
    if row is None or (row.state not in PUBLIC and not roles):
        raise NotFound("plan.not_found")
    draft = cast("dict[str, Any] | None", row.draft) if Role.TENDERER in roles else None
    facts = PlanFacts(today=legal_day(now), month=(draft or {}).get("month", row.month))
    kept = session.scalars(select(PlanVersion).where(PlanVersion.plan_id == row.id).order_by(PlanVersion.no))
    versions = tuple(VersionView(one.no, one.kind, cast("dict[str, Any]", one.body), one.signed_sha256, one.at) for one in kept)
    return PlanView(_line(row), versions, MOVES.available(row.state, roles, facts), draft)


def mine(session: Session, actor: Actor) -> tuple[PlanLine, ...]:
    """The newest hundred plans of the actor's own organisation, drafts among them."""
    query = select(Plan).where(Plan.tenderer_org == actor.org).order_by(Plan.number.desc()).limit(MOST)
    return tuple(_line(row) for row in session.scalars(query))


def open_ones(session: Session) -> tuple[PlanLine, ...]:
    """The published plans that a registration may name, at most 200, the youngest first."""
    return lines(session, PlanFilter(state=PlanState.PUBLISHED), OPEN)


def is_open(plan: Plan) -> bool:
    """Whether a plan is published, and neither given up nor linked."""
    return plan.state is PlanState.PUBLISHED


def _public(session: Session, number: str) -> Plan:
    row = session.scalar(select(Plan).where(Plan.number == number, Plan.state.in_(PUBLIC)))
    if row is None:
        raise NotFound("plan.not_found")
    return row


def _filtered(wanted: PlanFilter) -> Select[Plan]:
    query = select(Plan).where(Plan.state.in_(PUBLIC))
    for word in wanted.words.split()[:8]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(Plan.search_text.ilike(pattern, escape="\\"))
    for name in ("state", "regime", "category", "region", "month"):
        if value := getattr(wanted, name):
            query = query.where(getattr(Plan, name) == value)
    return query.order_by(Plan.published_at.desc(), Plan.id.desc())


def _line(row: Plan) -> PlanLine:
    return PlanLine(**{field.name: getattr(row, field.name) for field in fields(PlanLine)})
