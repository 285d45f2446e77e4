"""Published notices: the public list with its search, and one notice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.orm import Session

from core.kernel.calendar import end_of
from core.kernel.errors import NotFound
from core.kernel.ids import LotId
from trading.domain.clock import LegalRegime
from trading.domain.invitation import EVERYBODYS
from trading.domain.lot import LotState
from trading.domain.notice import NoticeKind
from trading.domain.project import Category
from trading.domain.publication import OF_DOCUMENT
from trading.models.lot import Lot
from trading.models.notice import Notice
from trading.models.project import Project
from trading.queries.lots import LotView

MOST = 100
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeLine:
    """A notice as a list shows it."""

    number: str
    kind: NoticeKind
    title: str
    published_at: datetime
    lot_number: str
    lot_title: str
    project_title: str
    region: str
    regime: LegalRegime
    category: Category
    tenderer_name: str
    lot_state: LotState
    deadline: datetime | None
    invited: bool
    prequalified: bool


@dataclass(frozen=True, slots=True)
class NoticePage:
    """Some notices, the youngest first; `after` is where the next page begins, "" on the last."""

    notices: tuple[NoticeLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice with the body that was signed, and its lot."""

    line: NoticeLine
    body: dict[str, Any]
    signed_sha256: str
    lot: LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeFilter:
    """What a reader looks for; "" or None leaves it open. `words`: all of them must stand in title, project, parties, region or number."""

    words: str = ""
    kind: NoticeKind | None = None
    regime: LegalRegime | None = None
    category: Category | None = None
    region: str = ""
    since: date | None = None  # Beijing days of publication, both of them included
    until: date | None = None
    bidding: bool = False  # only lots on which one can still bid


def page(session: Session, wanted: NoticeFilter, after: str = "", limit: int = 20) -> NoticePage:
    """At most `limit` (100) notices before the one numbered `after`. A notice never moves, so that a reader who pages sees each once."""
    query = _filtered(_joined(), wanted).order_by(Notice.published_at.desc(), Notice.id.desc())
    if after:
        place = session.execute(select(Notice.published_at, Notice.id).where(Notice.number == after)).one_or_none()
        if place is None:
            raise NotFound("notice.not_found")
        query = query.where(tuple_(Notice.published_at, Notice.id) < tuple_(*place))
    limit = min(limit, MOST)
    rows = [_line(*row) for row in session.execute(query.limit(limit + 1))]
    return NoticePage(tuple(rows[:limit]), rows[limit - 1].number if len(rows) > limit else "")


def newest(session: Session, wanted: NoticeFilter, limit: int) -> tuple[NoticeView, ...]:
    """At most `limit` whole notices, the youngest first."""
    query = _filtered(_joined(), wanted).order_by(Notice.published_at.desc(), Notice.id.desc())
    return tuple(_view(*row) for row in session.execute(query.limit(limit)))


def lines(session: Session, wanted: NoticeFilter, limit: int) -> tuple[NoticeLine, ...]:
    """At most `limit` notices for an export, the youngest first."""
    query = _filtered(_joined(), wanted).order_by(Notice.published_at.desc(), Notice.id.desc())
    return tuple(_line(*row) for row in session.execute(query.limit(limit)))


def by_number(session: Session, number: str) -> NoticeView:
    """One notice; raises NotFound."""
    row = session.execute(_joined().where(Notice.number == number)).one_or_none()
    if row is None:
        raise NotFound("notice.not_found")
    return _view(*row)


def of_lot(session: Session, lot: LotId) -> tuple[NoticeLine, ...]:
    """The notices of a lot, the oldest first."""
    rows = session.execute(_joined().where(Lot.id == lot).order_by(Notice.published_at, Notice.id))
    return tuple(_line(*row) for row in rows)


def regions(session: Session) -> tuple[str, ...]:
    """The regions in which notices have been published."""
    query = select(Project.region).join(Lot, Lot.project_id == Project.id).where(Lot.notice_at.is_not(None)).distinct()
    return tuple(session.scalars(query.order_by(Project.region)))


def _joined() -> Select[Notice, Lot, Project]:
    return select(Notice, Lot, Project).join(Lot, Lot.id == Notice.lot_id).join(Project, Project.id == Lot.project_id)


def _filtered(query: Select[Notice, Lot, Project], wanted: NoticeFilter) -> Select[Notice, Lot, Project]:
    for word in wanted.words.split()[:8]:
        pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
        query = query.where(Notice.search_text.ilike(pattern, escape="\\"))
    if wanted.kind is not None:
        query = query.where(Notice.kind == wanted.kind)
    if wanted.since is not None:
        query = query.where(Notice.published_at >= end_of(wanted.since - DAY))
    if wanted.until is not None:
        query = query.where(Notice.published_at < end_of(wanted.until))
    of_everybody = Lot.invited.is_(False) | Lot.state.in_(EVERYBODYS) | Notice.kind.not_in(OF_DOCUMENT)
    return query.where(of_everybody, *of_lots(wanted))


def of_lots(wanted: NoticeFilter) -> list[ColumnElement[bool]]:
    """What the filter asks of lot and project, for a query that has both tables."""
    asked: list[ColumnElement[bool]] = []
    if wanted.regime is not None:
        asked.append(Project.regime == wanted.regime)
    if wanted.category is not None:
        asked.append(Project.category == wanted.category)
    if wanted.region:
        asked.append(Project.region == wanted.region)
    if wanted.bidding:
        asked.append(Lot.state.in_((LotState.NOTICED, LotState.BIDDING)))
    return asked


def _view(notice: Notice, lot: Lot, project: Project) -> NoticeView:
    return NoticeView(_line(notice, lot, project), cast("dict[str, Any]", notice.body), notice.signed_sha256, LotView.of(lot, project))


def _line(notice: Notice, lot: Lot, project: Project) -> NoticeLine:
    return NoticeLine(
        number=notice.number,
        kind=notice.kind,
        title=notice.title,
        published_at=notice.published_at,
        lot_number=lot.number,
        lot_title=lot.title,
        project_title=project.title,
        region=project.region,
        regime=project.regime,
        category=project.category,
        tenderer_name=project.tenderer_name,
        lot_state=lot.state,
        deadline=lot.deadline,
        invited=lot.invited,
        prequalified=lot.prequalified,
    )
