"""The pages of a round: what everybody may read, what its parties prepare and sign, and what a firm finds of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel import clock
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from trading.domain import prequalification as rules
from trading.domain.document import FileEntry
from trading.domain.draft import DraftKind
from trading.domain.lot import MOVES as LOT_MOVES
from trading.domain.lot import LotAction, roles_of
from trading.domain.prequalification import PUBLIC, Reviewers, RoundAction, RoundState
from trading.domain.statutory import Term
from trading.models.prequalification import RoundReviewer
from trading.queries import documents, lots, prequalifications
from trading.queries.documents import DraftView
from trading.queries.lots import LotView
from trading.queries.prequalifications import Letter, RoundView
from trading.queries.terms import RoundTimes, of_round, planned_round, terms

_PARTIES = frozenset({Role.TENDERER, Role.AGENCY, Role.CENTRE, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A reviewer as who named them sees it; `signed`: the own sheet is in."""

    person: PersonId
    name: str
    expert: bool
    signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage:
    """A round for one reader; `called` is None before its document. What this reader may not see is empty: drafts are for the parties,
    `reviewers` for the tenderer, `letter` for the firm itself. Nothing in it depends on who applied before the reader may know."""

    lot: LotView
    called: RoundView | None
    now: datetime
    roles: frozenset[Role]
    available: tuple[RoundAction, ...]
    may_draft: bool
    has_document: bool
    takes_applications: bool
    terms: tuple[Term, ...]
    document: DraftView | None = None
    notice: DraftView | None = None
    times: RoundTimes | None = None  # of the drafted notice
    planned: tuple[Term, ...] = ()
    reviewers: tuple[Reviewer, ...] = ()
    is_reviewer: bool = False
    letter: Letter | None = None


def page(session: Session, number: str, actor: Actor, now: datetime) -> RoundPage:
    """The page of a round. Raises NotFound for a lot that has none, or whose notice is not out, unless for its parties."""
    lot = lots.visible(session, number, actor)
    roles, called = roles_of(actor, lot.parties), prequalifications.of(session, lot.id)
    is_party = bool(roles & _PARTIES)
    may_draft = LotAction.PREQUALIFY in LOT_MOVES.available(lot.state, roles, lots.facts(lot, now))
    if not is_party and (called is None or called.state not in PUBLIC):
        raise NotFound("prequalification.not_found")
    seats = _seats(session, lot) if called is not None else ()
    is_reviewer = any(one.person == actor.person for one in seats)
    shown = called is not None and called.state in PUBLIC
    notice = documents.draft(session, lot.id, DraftKind.PREQUALIFICATION_NOTICE) if is_party else None
    times = None if notice is None else _times(notice.body, now)
    return RoundPage(
        lot=lot,
        called=called,
        now=now,
        roles=roles,
        available=() if called is None else _available(called, lot, roles, now, bool(seats)),
        may_draft=may_draft and (called is None or called.state is RoundState.DRAFTED),
        has_document=called is not None and (is_party or _is_released(called, now)),
        takes_applications=called is not None and _takes(called, lot, now),
        terms=of_round(terms(session, lot, now)) if shown else (),
        document=documents.draft(session, lot.id, DraftKind.PREQUALIFICATION_DOCUMENT) if is_party else None,
        notice=notice,
        times=times,
        planned=() if times is None else planned_round(lot, now, times),
        reviewers=seats if Role.TENDERER in roles else (),
        is_reviewer=is_reviewer,
        letter=prequalifications.own_letter(session, lot.id, actor),
    )


def file(session: Session, number: str, actor: Actor, sha256: str, now: datetime) -> FileEntry:
    """A file of the document: for anybody between its two moments, for the parties always. Raises NotFound."""
    found = page(session, number, actor, now)
    if found.called is not None and found.has_document:
        for entry in found.called.files:
            if entry.sha256 == sha256:
                return entry
    raise NotFound("document_file.not_found")


def candidates(session: Session, view: RoundPage) -> tuple[tuple[PersonId, str, bool], ...]:
    """Who may sit in the committee, for the tenderer who names it: person, name, whether as an expert."""
    if RoundAction.NAME_COMMITTEE not in view.available or view.called is None or view.called.reviewers is not Reviewers.COMMITTEE:
        return ()
    experts = [(one.id, one.name, True) for one in people.holders(session, Role.EXPERT)]
    return (*experts, *((one.id, one.name, False) for one in people.holders(session, Role.TENDERER, view.lot.parties.tenderer)))


def _seats(session: Session, lot: LotView) -> tuple[Reviewer, ...]:
    rows = session.scalars(select(RoundReviewer).where(RoundReviewer.lot_id == lot.id).order_by(RoundReviewer.name, RoundReviewer.id))
    return tuple(Reviewer(PersonId(row.person_id), row.name, row.expert, row.signed_at is not None) for row in rows)


def _available(called: RoundView, lot: LotView, roles: frozenset[Role], now: datetime, named: bool) -> tuple[RoundAction, ...]:
    facts = prequalifications.round_facts(called, lot.regime, now)
    is_named = named or called.reviewers is Reviewers.TENDERER
    return rules.MOVES.available(called.state, roles, prequalifications.with_committee(facts, is_named, 0))


def _is_released(called: RoundView, now: datetime) -> bool:
    """Whether anybody may have the document: between its two moments, a changed one until applications are due."""
    since, until = called.release_at, called.deadline if called.amended_at is not None else called.release_until
    return since is not None and until is not None and since <= now < until


def _takes(called: RoundView, lot: LotView, now: datetime) -> bool:
    return rules.takes_applications(called.state, prequalifications.round_facts(called, lot.regime, now)) is None


def _times(said: dict[str, Any], now: datetime) -> RoundTimes:
    return RoundTimes(now, *(clock.moment(said[name]) for name in ("release_at", "release_until", "deadline")))
