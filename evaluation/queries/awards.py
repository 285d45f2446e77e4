"""Award sessions as their members, the tenderer and the supervisor see them: opinions and ballots when their round is complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.actor import Actor
from core.kernel.errors import NotFound
from core.kernel.ids import LotId, OrgId, PersonId
from core.kernel.money import Money
from core.kernel.roles import Role
from evaluation.domain.award_methods import PROCEDURES, Holds, Papers, output
from evaluation.domain.award_roster import next_in_line
from evaluation.domain.award_session import MOVES, READS, Action, Facts, See, State, roles_of
from evaluation.domain.scoring_case import digest
from evaluation.models.awards import AwardMember, AwardSession, Ballot
from evaluation.models.rooms import Evaluation
from evaluation.queries import award_counts, award_lots
from evaluation.queries.award_lots import LotsView
from evaluation.queries.award_sources import SourceView, papers
from evaluation.queries.blind import codes_of
from trading.domain.award_plan import AwardPlan, Selection
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
class ReasonView:
    """A reason with what it points to."""

    text: str
    source: str
    page: int


@dataclass(frozen=True, slots=True)
class BallotView:
    """A ballot of a complete round, or an opinion; `choice` "" where it holds none or the member abstained."""

    member: int
    choice: str
    reasons: tuple[ReasonView, ...]
    opinion: str = ""
    scores: Mapping[str, Mapping[str, str]] | None = None
    is_opinion: bool = False


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round of the sitting that is over; `number` counts from 1. Rounds before a session began again are void and not shown."""

    number: int
    ballots: tuple[BallotView, ...]


@dataclass(frozen=True, slots=True)
class MemberView:
    """A member by number: what has been done, never what was said. `person` and `name` for those who may know who sits."""

    number: int
    voted: bool
    is_me: bool
    post: str = ""
    is_chair: bool = False
    signed_in: bool = False
    declared: bool = False
    has_left: bool = False
    successor: int = 0
    person: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class AwardView:
    """The session for one viewer; `roles` empty means that they may see nothing of it."""

    lot: LotView
    state: State
    round: int  # as the sitting counts it
    act_round: int  # as statements name it
    standing: tuple[str, ...]
    candidates: tuple[CandidateRow, ...]
    members: tuple[MemberView, ...]
    rounds: tuple[RoundView, ...]
    plan: AwardPlan
    result: Mapping[str, Any] | None
    opened_at: datetime
    decided_at: datetime | None
    roles: frozenset[Role]
    available: tuple[Action, ...]
    papers: tuple[SourceView, ...] = ()
    draws: tuple[LotsView, ...] = ()
    output: Mapping[str, Any] | None = None
    vacancy: bool = False
    following: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def me(self) -> MemberView | None:
        """The viewer's own row, None for whoever does not vote."""
        return next((member for member in self.members if member.is_me), None)

    @property
    def holds(self) -> Holds:
        """What a ballot holds."""
        return PROCEDURES[self.plan.method].holds

    @property
    def may_replace(self) -> bool:
        """Whether the tenderer may say that somebody is missing or falls out."""
        steps = (Action.REPLACE, Action.START_AGAIN)
        return any(row.action in steps and self.state in row.source and bool(row.who & self.roles) for row in MOVES)

    @property
    def draw(self) -> LotsView | None:
        """The draw of lots under way or held last."""
        return self.draws[-1] if self.draws else None

    @property
    def output_sha256(self) -> str:
        """What members sign who have checked the formula."""
        return digest(dict(self.output)) if self.output is not None else ""

    def may(self, what: See) -> bool:
        """Whether the viewer may see that now."""
        return READS.may(what, self.state, self.roles)


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
    mine = select(AwardSession).join(AwardMember, AwardMember.session_id == AwardSession.id)
    mine = mine.where(AwardSession.voided_at.is_(None), AwardMember.person_id == person, AwardMember.left_at.is_(None))
    rows = session.scalars(mine.order_by(AwardSession.opened_at.desc()))
    found = []
    for row in rows:
        lot = lots.by_id(session, LotId(row.lot_id))
        voted = session.get(Ballot, (row.id, person, row.round)) is not None
        found.append(AwardRow(lot.number, f"{lot.project_title} {lot.title}", row.state, row.round - row.first_round + 1, voted))
    return tuple(found)


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
    row = session.scalar(select(AwardSession).where(AwardSession.lot_id == lot.id, AwardSession.voided_at.is_(None)))
    if row is None:
        raise NotFound("award_session.not_found")
    members = list(session.scalars(select(AwardMember).where(AwardMember.session_id == row.id).order_by(AwardMember.number)))
    ballots = list(session.scalars(select(Ballot).where(Ballot.session_id == row.id).order_by(Ballot.round)))
    roles = roles_of(actor, [PersonId(one.person_id) for one in members if one.left_at is None], lot.parties.tenderer)
    if not READS.may(See.VOTED, row.state, roles):
        raise NotFound("award_session.not_found")
    plan = AwardPlan.read(cast("dict[str, Any]", row.plan))
    voted = {ballot.person_id for ballot in ballots if ballot.round == row.round}
    facts = award_counts.facts_of(row, plan, members, frozenset(str(one) for one in voted), member=actor.person)

    def may(what: See) -> bool:
        return READS.may(what, row.state, roles)

    names = _names(session, row) if may(See.NAMES) else {}
    return AwardView(
        lot=lot,
        state=row.state,
        round=row.round - row.first_round + 1,
        act_round=row.round,
        standing=tuple(cast("list[str]", row.standing)),
        candidates=matrix(session, lot.id) if may(See.MATRIX) else (),
        members=_members(members, facts, actor.person, names),
        rounds=_complete(row, ballots, members, facts) if may(See.ROUNDS) else (),
        plan=plan,
        result=cast("dict[str, Any] | None", row.result) if may(See.RESULT) else None,
        opened_at=row.opened_at,
        decided_at=row.decided_at,
        roles=roles,
        available=MOVES.available(row.state, roles, facts),
        papers=papers(session, lot) if may(See.PAPERS) else (),
        draws=award_lots.views(session, row.id),
        output=_output(session, lot, row, plan) if may(See.MATRIX) else None,
        vacancy=row.state is State.SIGN_IN and len(facts.office) < facts.seats,
        following=_following(row, plan, members) if may(See.NAMES) else "",
        names=names,
    )


def _names(session: Session, row: AwardSession) -> dict[str, str]:
    """The names of everybody on the tenderer's list and in a seat."""
    listed = [UUID(one) for one in cast("dict[str, str]", row.listed)]
    seated = session.scalars(select(AwardMember.person_id).where(AwardMember.session_id == row.id))
    return {str(one): people.person(session, PersonId(one)).name for one in {*listed, *seated}}


def _members(members: Sequence[AwardMember], facts: Facts, me: PersonId | None, names: Mapping[str, str]) -> tuple[MemberView, ...]:
    return tuple(
        MemberView(
            number=one.number,
            voted=str(one.person_id) in facts.voted,
            is_me=one.person_id == me,
            post=one.post,
            is_chair=str(one.person_id) == facts.chair,
            signed_in=one.signed_in_at is not None,
            declared=one.declared_at is not None,
            has_left=one.left_at is not None,
            successor=one.successor_number,
            person=str(one.person_id) if names else "",
            name=names.get(str(one.person_id), ""),
        )
        for one in members
    )


def _output(session: Session, lot: LotView, row: AwardSession, plan: AwardPlan) -> Mapping[str, Any] | None:
    """What the formula of a price competition gives."""
    if PROCEDURES[plan.method].holds is not Holds.OUTPUT:
        return None
    candidates = award_counts.candidates_of(session, lot, cast("list[str]", row.candidates))
    return output(Papers(plan=plan, candidates=candidates, ceiling=None if lot.ceiling is None else lot.ceiling.decimal))


def _following(row: AwardSession, plan: AwardPlan, members: Sequence[AwardMember]) -> str:
    """Who is next in line where members are drawn; "" where the tenderer names a successor."""
    sat = frozenset(PersonId(one.person_id) for one in members)
    found = next_in_line([str(one) for one in cast("list[str]", row.line)], sat) if plan.selection is Selection.DRAWN else None
    return "" if found is None else str(found)


def _complete(row: AwardSession, ballots: Sequence[Ballot], members: Sequence[AwardMember], facts: Facts) -> tuple[RoundView, ...]:
    """Rounds of this sitting that are over; opinions as soon as the chair may decide."""
    number_of = {one.person_id: one.number for one in members}
    is_open = row.state in (State.DELIBERATION, State.VOTING)
    rounds = []
    for number in range(row.first_round, row.round + 1):
        cast_ = [ballot for ballot in ballots if ballot.round == number]
        if not cast_ or (number == row.round and is_open and not (facts.deliberates and row.state is State.VOTING)):
            continue
        views = [_ballot(one, number_of, facts) for one in cast_]
        rounds.append(RoundView(number - row.first_round + 1, tuple(sorted(views, key=lambda one: one.member))))
    return tuple(rounds)


def _ballot(one: Ballot, number_of: Mapping[UUID, int], facts: Facts) -> BallotView:
    said = cast("Mapping[str, Any]", one.said)
    rows = cast("list[dict[str, Any]]", one.reasons)
    reasons = tuple(ReasonView(str(row["text"]), str(row.get("source", row.get("page"))), _page(row)) for row in rows)
    return BallotView(
        member=number_of[one.person_id],
        choice=str(one.choice) if one.choice else "",
        reasons=reasons,
        opinion=str(said.get("opinion", "")),
        scores=said.get("scores"),
        is_opinion=facts.deliberates and bool(said.get("opinion")),
    )


def _page(row: Mapping[str, Any]) -> int:
    return row["page"] if isinstance(row["page"], int) else 0


def paper(session: Session, actor: Actor, number: str, sha256: str) -> SourceView:
    """One paper for somebody who may see the award's; raises NotFound for everybody else, and for what is none."""
    found = next((one for one in view(session, actor, number).papers if one.sha256 == sha256), None)
    if found is None:
        raise NotFound("award_paper.not_found")
    return found


def eligible(session: Session, actor: Actor, number: str) -> tuple[people.PersonView, ...]:
    """Whom the tenderer may name: those who hold the role in its organisation; raises NotFound for anyone else."""
    lot = lots.by_number(session, number)
    if Role.TENDERER not in actor.roles or actor.org != lot.parties.tenderer:
        raise NotFound("award_session.not_found")
    return people.holders(session, Role.AWARD_MEMBER, OrgId(lot.parties.tenderer))
