"""The expert pool as its pages show it: the list with its filters, and one entry with all that was noted of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Select, Text, select, type_coerce
from sqlalchemy.orm import Session

from core.kernel import chain
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from evaluation.domain.expert import MOVES, Bar, ExpertAction, ExpertFacts, ExpertState, Ground, LifeFacts, Purpose, bar_to
from evaluation.domain.secret import SecretKind
from evaluation.models.experts import (
    Expert,
    ExpertConsent,
    ExpertRating,
    ExpertSecret,
    ExpertSuspension,
    ExpertTraining,
    PoolAgreement,
)
from evaluation.queries.experts import facts_of

PAGE, MOST = 50, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpertFilter:
    """What a reader looks for; "" or None leaves it open. `words`: of name, employer or number."""

    words: str = ""
    stratum: str = ""
    region: str = ""
    state: ExpertState | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class ExpertLine:
    """An entry as the list and the sheet show it; `bar`: why it may not be drawn today. Numbers to call stand nowhere here."""

    number: str
    name: str
    state: ExpertState
    employer: str
    employer_uscc: str
    region: str
    title: str
    strata: tuple[str, ...]
    qualified_from: date | None
    qualified_to: date | None
    past: tuple[dict[str, Any], ...]
    origin: str
    origin_key: str
    bar: Bar | None


@dataclass(frozen=True, slots=True)
class ExpertPage:
    """Some entries by number; `after` is where the next page begins, "" on the last."""

    lines: tuple[ExpertLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class TrainingView:
    """A training."""

    on: date
    until: date
    hours: int
    course: str


@dataclass(frozen=True, slots=True)
class SuspensionView:
    """A suspension; `stands`: it holds today or is to come."""

    since: date
    until: date | None
    ground: Ground
    reason: str
    ordered_by: str
    document: str
    lifted_on: date | None
    lift_reason: str
    stands: bool


@dataclass(frozen=True, slots=True)
class ConsentView:
    """A consent that was given."""

    purpose: Purpose
    given_at: datetime
    until: date
    withdrawn_at: datetime | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class ExpertView:
    """One entry, the rows noted of it, what the reader may do, and the kinds of its chain's events with their moments."""

    line: ExpertLine
    facts: ExpertFacts
    profile_sha256: str
    admitted_at: datetime | None
    declared_at: datetime | None
    relatives: tuple[dict[str, str], ...]
    ties: tuple[dict[str, str], ...]
    trainings: tuple[TrainingView, ...]
    suspensions: tuple[SuspensionView, ...]
    ratings: tuple[tuple[str, int, str, datetime], ...]
    consents: tuple[ConsentView, ...]
    available: frozenset[ExpertAction]
    history: tuple[tuple[datetime, str], ...]
    kept: frozenset[SecretKind]


def page(session: Session, wanted: ExpertFilter, now: datetime, after: str = "", limit: int = PAGE) -> ExpertPage:
    """At most `limit` entries after the one numbered `after`."""
    rows = list(session.scalars(_filtered(wanted).where(Expert.number > after).limit(limit + 1)))
    return ExpertPage(_lines(session, rows[:limit], legal_day(now)), rows[limit - 1].number if len(rows) > limit else "")


def lines(session: Session, wanted: ExpertFilter, now: datetime, limit: int = MOST) -> tuple[ExpertLine, ...]:
    """At most `limit` entries, by number."""
    return _lines(session, list(session.scalars(_filtered(wanted).limit(limit))), legal_day(now))


def regions(session: Session) -> tuple[str, ...]:
    """The regions that experts come from."""
    return tuple(session.scalars(select(Expert.region).where(Expert.region != "").distinct().order_by(Expert.region)))


def by_number(session: Session, number: str, roles: frozenset[Any], now: datetime) -> ExpertView:
    """One entry; raises NotFound."""
    row = session.scalar(select(Expert).where(Expert.number == number))
    if row is None:
        raise NotFound("expert.not_found")
    return _view(session, row, roles, legal_day(now))


def own(session: Session, person: PersonId, roles: frozenset[Any], now: datetime) -> ExpertView | None:
    """The entry of a person, None where there is none."""
    row = session.scalar(select(Expert).where(Expert.person_id == person))
    return None if row is None else _view(session, row, roles, legal_day(now))


def secrets(session: Session, number: str) -> dict[SecretKind, bytes]:
    """What is kept under seal of an entry."""
    query = select(ExpertSecret.kind, ExpertSecret.sealed).join(Expert, Expert.id == ExpertSecret.expert_id)
    return dict(session.execute(query.where(Expert.number == number)).all())


def _filtered(wanted: ExpertFilter) -> Select[Expert]:
    query = select(Expert)
    for word in wanted.words.split()[:5]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        found = [column.ilike(pattern, escape="\\") for column in (Expert.name, Expert.employer_name, Expert.number)]
        query = query.where(found[0] | found[1] | found[2])
    if wanted.stratum:
        query = query.where(type_coerce(Expert.strata, Text).contains(f'"{wanted.stratum}"', autoescape=True))
    if wanted.region:
        query = query.where(Expert.region == wanted.region)
    if wanted.state is not None:
        query = query.where(Expert.state == wanted.state)
    if wanted.origin:
        numbered = select(PoolAgreement.id).where(PoolAgreement.number == wanted.origin)
        query = query.where(Expert.origin_id.is_(None) if wanted.origin == "own" else Expert.origin_id.in_(numbered))
    return query.order_by(Expert.number)


def _lines(session: Session, rows: list[Expert], day: date) -> tuple[ExpertLine, ...]:
    known = facts_of(session, rows, day)
    return tuple(_line(row, facts, day) for row, facts in zip(rows, known, strict=True))


def _line(row: Expert, facts: ExpertFacts, day: date) -> ExpertLine:
    return ExpertLine(
        number=row.number,
        name=row.name,
        state=row.state,
        employer=row.employer_name,
        employer_uscc=row.employer_uscc,
        region=row.region,
        title=row.title,
        strata=facts.strata,
        qualified_from=row.qualified_from,
        qualified_to=row.qualified_to,
        past=tuple(cast("list[dict[str, Any]]", row.past)),
        origin=facts.origin.number if facts.origin else "",
        origin_key=row.origin_key,
        bar=bar_to(facts, day),
    )


def _view(session: Session, row: Expert, roles: frozenset[Any], day: date) -> ExpertView:
    facts = facts_of(session, [row], day)[0]
    suspensions = tuple(_suspension(one, day) for one in _of(session, ExpertSuspension, row))
    life = LifeFacts(is_suspended=any(one.stands for one in suspensions), has_consent=bool(facts.consents))
    return ExpertView(
        line=_line(row, facts, day),
        facts=facts,
        profile_sha256=row.profile_sha256,
        admitted_at=row.admitted_at,
        declared_at=row.declared_at,
        relatives=tuple(cast("list[dict[str, str]]", row.relatives)),
        ties=tuple(cast("list[dict[str, str]]", row.ties)),
        trainings=tuple(TrainingView(one.on_day, one.until_day, one.hours, one.course) for one in _of(session, ExpertTraining, row)),
        suspensions=suspensions,
        ratings=tuple((one.lot_number, one.points, one.reason, one.rated_at) for one in _of(session, ExpertRating, row)),
        consents=tuple(
            ConsentView(one.purpose, one.given_at, one.until_day, one.withdrawn_at, one.erased_at)
            for one in _of(session, ExpertConsent, row)
        ),
        available=frozenset(MOVES.available(row.state, roles, life)),
        history=tuple((event.at, event.kind) for event in chain.events(session, row.number)),
        kept=frozenset(secrets(session, row.number)),
    )


def _of(session: Session, model: Any, row: Expert) -> list[Any]:
    return list(session.scalars(select(model).where(model.expert_id == row.id).order_by(model.id.desc())))


def _suspension(row: ExpertSuspension, day: date) -> SuspensionView:
    is_over = (row.until_day is not None and row.until_day < day) or row.lifted_on is not None
    said = (row.since_day, row.until_day, row.ground, row.reason, row.ordered_by, row.document, row.lifted_on, row.lift_reason)
    return SuspensionView(*said, stands=not is_over)
