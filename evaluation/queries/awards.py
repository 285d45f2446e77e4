"""Award sessions as their members, the tenderer and the supervisor see them: ballots of complete rounds alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId, PersonId
from core.kernel.money import Money
from core.kernel.roles import Role
from evaluation.domain.award_session import MOVES, READS, Action, Facts, See, State, roles_of
from evaluation.models.awards import AwardMember, AwardSession, Ballot
from evaluation.models.rooms import Evaluation
from evaluation.queries.blind import codes_of
from trading.queries import awards as trading_awards
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """A candidate of the comparison matrix; scores are those of the signed evaluation, "" where the method gives none."""

    org: str
    name: str
    code: str
    price: Money
    total: str
    price_score: str
    technical: str
    criteria: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot of a complete round."""

    member: int
    choice: str
    reasons: tuple[tuple[str, str], ...]  # (text, page)


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member by the number on the tenderer's list; whether they have voted in this round, never what."""

    number: int
    voted: bool
    is_me: bool


@dataclass(frozen=True, slots=True)
class AwardView:
    """The session for one viewer; `roles` empty means that they may see nothing of it."""

    lot: LotView
    state: State
    round: int
    standing: tuple[str, ...]
    candidates: tuple[CandidateRow, ...]
    members: tuple[MemberView, ...]
    rounds: tuple[tuple[int, tuple[BallotView, ...]], ...]
    plan: Mapping[str, Any]
    result: Mapping[str, Any] | None
    opened_at: datetime
    decided_at: datetime | None
    roles: frozenset[Role]
    available: tuple[Action, ...]

    @property
    def me(self) -> MemberView | None:
        """The viewer as a member."""
        return next((member for member in self.members if member.is_me), None)


@dataclass(frozen=True, slots=True)
class AwardRow:
    """A session on a member's list."""

    number: str
    title: str
    state: State
    round: int
    has_voted: bool


def own_sessions(session: Session, person: PersonId) -> tuple[AwardRow, ...]:
    """The sessions of a member, newest first."""
    mine = select(AwardSession).join(AwardMember, AwardMember.session_id == AwardSession.id).where(AwardMember.person_id == person)
    rows = session.scalars(mine.order_by(AwardSession.opened_at.desc()))
    found = []
    for row in rows:
        lot = lots.by_id(session, LotId(row.lot_id))
        voted = session.get(Ballot, (row.id, person, row.round)) is not None
        found.append(AwardRow(lot.number, lot.title, row.state, row.round, voted))
    return tuple(found)


def round_now(session: Session, lot_id: LotId) -> int:
    """The round that is being voted, 0 before there is a session."""
    return session.scalar(select(AwardSession.round).where(AwardSession.lot_id == lot_id)) or 0


def scores_of(session: Session, lot_id: LotId) -> dict[str, Decimal]:
    """The evaluated totals by organisation id, of the signed evaluation."""
    return {row.org: Decimal(row.total) for row in matrix(session, lot_id) if row.total}


def matrix(session: Session, lot_id: LotId) -> tuple[CandidateRow, ...]:
    """The candidates against what the evaluation found of them, by organisation id: an unranked set."""
    room = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot_id))
    rows: dict[str, Mapping[str, Any]] = {}
    points: Mapping[str, str] = {}
    codes: dict[str, str] = {}
    if room is not None and room.result is not None:
        codes = {str(org): code for code, org in codes_of(session, room.id).items()}
        rows = {row["bid"]: row for row in cast("dict[str, Any]", room.result)["rows"]}
        points = cast("dict[str, Any]", room.technical or {}).get("points", {})
    found = []
    for one in trading_awards.candidates(session, lot_id):
        code = codes.get(str(one.org), "")
        row = rows.get(code, {})
        found.append(
            CandidateRow(
                org=str(one.org),
                name=one.name,
                code=code,
                price=one.price,
                total=str(row.get("total") or ""),
                price_score=str(row.get("price_score") or ""),
                technical=points.get(code, ""),
                criteria=row.get("criteria") or {},
            )
        )
    return tuple(sorted(found, key=lambda one: one.org))


def view(session: Session, actor: Actor, number: str) -> AwardView:
    """The session as `actor` may see it; raises NotFound for whoever may see nothing of it."""
    lot = lots.by_number(session, number)
    row = session.scalar(select(AwardSession).where(AwardSession.lot_id == lot.id))
    if row is None:
        raise NotFound("award_session.not_found")
    members = list(session.scalars(select(AwardMember).where(AwardMember.session_id == row.id).order_by(AwardMember.number)))
    ballots = list(session.scalars(select(Ballot).where(Ballot.session_id == row.id).order_by(Ballot.round)))
    roles = roles_of(actor, [PersonId(one.person_id) for one in members], lot.parties.tenderer)
    if not READS.may(See.VOTED, row.state, roles):
        raise NotFound("award_session.not_found")
    voted = {ballot.person_id for ballot in ballots if ballot.round == row.round}
    shown = tuple(MemberView(one.number, one.person_id in voted, one.person_id == actor.person) for one in members)
    mine = Facts(has_voted=actor.person in voted)
    return AwardView(
        lot=lot,
        state=row.state,
        round=row.round,
        standing=tuple(cast("list[str]", row.standing)),
        candidates=matrix(session, lot.id) if READS.may(See.MATRIX, row.state, roles) else (),
        members=shown,
        rounds=_complete(row, ballots, members) if READS.may(See.ROUNDS, row.state, roles) else (),
        plan=cast("dict[str, Any]", row.plan),
        result=cast("dict[str, Any] | None", row.result) if READS.may(See.RESULT, row.state, roles) else None,
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        roles=roles,
        available=MOVES.available(row.state, roles, mine),
    )


def _complete(row: AwardSession, ballots: list[Ballot], members: list[AwardMember]) -> tuple[tuple[int, tuple[BallotView, ...]], ...]:
    number_of = {one.person_id: one.number for one in members}
    last = row.round if row.state is State.VOTING else row.round + 1
    rounds = []
    for number in range(1, last):
        cast_ = [ballot for ballot in ballots if ballot.round == number]
        views = [BallotView(number_of[one.person_id], str(one.choice), _reasons(one)) for one in cast_]
        rounds.append((number, tuple(sorted(views, key=lambda one: one.member))))
    return tuple(rounds)


def _reasons(ballot: Ballot) -> tuple[tuple[str, str], ...]:
    return tuple((one["text"], one["page"]) for one in cast("list[dict[str, str]]", ballot.reasons))


def eligible(session: Session, actor: Actor, number: str) -> tuple[people.PersonView, ...]:
    """Whom the tenderer may name: those who hold the role in its organisation; raises NotFound for anyone else."""
    lot = lots.by_number(session, number)
    if Role.TENDERER not in actor.roles or actor.org != lot.parties.tenderer:
        raise NotFound("award_session.not_found")
    return people.holders(session, Role.AWARD_MEMBER, OrgId(lot.parties.tenderer))
