"""The award committee: opened by the tenderer under the plan fixed before the notice, decided by signed ballots round by round."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.events import as_json
from core.kernel.ids import OrgId, PersonId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.award import Result
from evaluation.domain.award_session import (
    MOVES,
    Action,
    BallotBody,
    Candidate,
    Cast,
    Facts,
    Outcome,
    Roster,
    State,
    check_roster,
    count,
    outcome_of,
    roles_of,
    rounds_json,
)
from evaluation.domain.body import Body
from evaluation.domain.scoring_case import digest
from evaluation.events import AwardDecided, AwardOpened, AwardRoundCounted, BallotCast
from evaluation.models.awards import AwardMember, AwardSession, Ballot
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries.awards import round_now, scores_of
from evaluation.queries.stage import awaits_award
from trading.models.lot import Lot
from trading.queries import awards as trading_awards
from trading.queries import lots
from trading.queries.lots import LotView
from trading.services import awards as trading_services

SYSTEM = frozenset({Role.SYSTEM})


def open_session(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The tenderer names the members and opens the session. Records AwardOpened."""
    lot = lots.by_number(work.session, number)
    expect = Expect("award.open", lot.case, lot.no, role=Role.TENDERER, step_up=True)
    return once(work, signed, expect, lambda act: _open(work, lot, act))


def vote(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member casts the ballot of this round; the last one counts it. Records BallotCast, then AwardRoundCounted or AwardDecided."""
    lot = lots.by_number(work.session, number)
    expect = Expect("ballot", lot.case, lot.no, round_now(work.session, lot.id), role=Role.AWARD_MEMBER, step_up=True)
    return once(work, signed, expect, lambda act: _vote(work, lot, act))


def _open(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    if act.org != lot.parties.tenderer:
        raise NotAllowed("award.open.not_allowed")
    lock(work.session, Lot, Lot.id == lot.id)
    if not awaits_award(lots.by_id(work.session, lot.id)):
        raise WrongState("award.open.lot_state")
    if work.session.scalar(select(AwardSession.id).where(AwardSession.lot_id == lot.id)) is not None:
        raise WrongState("award.open.twice")
    members = _named(act.body, lot)
    plan = cast("Mapping[str, Any]", lot.award_plan)
    employed = frozenset(one.id for one in people.holders(work.session, Role.AWARD_MEMBER, lot.parties.tenderer))
    check_roster(plan, Roster(members, employed, _evaluators(work, lot)))
    now = work.now()
    candidates = sorted(str(one.org) for one in trading_awards.candidates(work.session, lot.id))
    session = AwardSession(
        id=new_id(now),
        lot_id=lot.id,
        state=State.VOTING,
        plan=dict(plan),
        plan_sha256=lot.award_plan_sha256,
        candidates=list(candidates),
        round=1,
        standing=list(candidates),
        opened_at=now,
    )
    work.session.add(session)
    work.session.flush()
    work.session.add_all(AwardMember(session_id=session.id, person_id=one, number=place) for place, one in enumerate(members, 1))
    work.record(AwardOpened(case=lot.case, lot=lot.no, signed=act.envelope, members=len(members), candidates=candidates))
    return {"state": session.state.value, "round": 1}


def _named(body: Mapping[str, JSON], lot: LotView) -> tuple[PersonId, ...]:
    fields = Body(body, "members", "plan_sha256")
    if fields.text("plan_sha256", 64, 64) != lot.award_plan_sha256:
        raise RuleBroken("award.plan_other")
    members = body["members"]
    try:
        return tuple(PersonId(UUID(str(one))) for one in cast("Sequence[JSON]", members))
    except (TypeError, ValueError):
        raise RuleBroken("evaluation.body", field="body.members") from None


def _evaluators(work: Work, lot: LotView) -> frozenset[PersonId]:
    sat = select(Seat.person_id).join(Evaluation, Evaluation.id == Seat.evaluation_id).where(Evaluation.lot_id == lot.id)
    return frozenset(PersonId(one) for one in work.session.scalars(sat))


def _vote(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    session = lock(work.session, AwardSession, AwardSession.lot_id == lot.id)
    members = _members(work, session)
    roles = roles_of(Actor(act.person, act.org, frozenset({act.role})), members, lot.parties.tenderer)
    voted = work.session.get(Ballot, (session.id, act.person, session.round)) is not None
    session.state = MOVES.choose(Action.VOTE, session.state, roles, Facts(has_voted=voted))
    body = BallotBody.read(act.body, cast("list[str]", session.standing), session.round)
    now = work.now()
    work.session.add(
        Ballot(
            session_id=session.id,
            person_id=act.person,
            round=body.round,
            choice=UUID(body.choice),
            reasons=as_json(body.reasons),
            payload_sha256=act.payload_sha256,
            at=now,
        )
    )
    work.session.flush()
    number = members.index(act.person) + 1
    work.record(BallotCast(case=lot.case, lot=lot.no, round=body.round, signed=act.envelope, member=number, subject=act.payload_sha256))
    _count(work, lot, session, members)
    return {"state": session.state.value, "round": session.round}


def _count(work: Work, lot: LotView, session: AwardSession, members: list[PersonId]) -> None:
    """Recomputes the vote from every ballot on file; what it says decides the next step."""
    ballots = [Cast(one.round, str(one.person_id), str(one.choice)) for one in _ballots(work, session)]
    plan = cast("Mapping[str, Any]", session.plan)
    result = count(plan, [str(one) for one in members], _candidates(work, lot, session), ballots)
    facts = Facts(outcome=outcome_of(result))
    if result is None:
        return
    step = {Outcome.ANOTHER_ROUND: Action.CALL_ROUND, Outcome.WON: Action.DECIDE, Outcome.TIED: Action.LEAVE_TIED}[facts.outcome]
    session.state = MOVES.choose(step, session.state, SYSTEM, facts)
    if step is Action.CALL_ROUND:
        votes = dict(result.rounds[-1].tally.votes)
        work.record(AwardRoundCounted(case=lot.case, lot=lot.no, round=session.round, votes=votes, standing=result.next_round))
        session.round, session.standing = session.round + 1, list(result.next_round)
    else:
        _conclude(work, lot, session, result)


def _conclude(work: Work, lot: LotView, session: AwardSession, result: Result) -> None:
    rounds = rounds_json(result)
    told: dict[str, JSON] = {"rounds": list(rounds), "winner": result.winner or "", "how": str(result.how or ""), "tied": list(result.tied)}
    session.result, session.decided_at = told, work.now()
    if result.winner is None:
        return  # left to a recorded draw: the session says so, nothing is decided
    rows: list[Mapping[str, JSON]] = list(rounds)
    work.record(AwardDecided(case=lot.case, lot=lot.no, rounds=rows, winner=result.winner, result_sha256=digest(told)))
    work.send("log.checkpoint", f"award.result/{session.id}", {"reason": "award"})
    trading_services.accept_award_decision(work, lot.id, OrgId(UUID(result.winner)), digest(told))


def _members(work: Work, session: AwardSession) -> list[PersonId]:
    named = select(AwardMember.person_id).where(AwardMember.session_id == session.id).order_by(AwardMember.number)
    return [PersonId(one) for one in work.session.scalars(named)]


def _ballots(work: Work, session: AwardSession) -> list[Ballot]:
    cast_ = select(Ballot).where(Ballot.session_id == session.id).order_by(Ballot.round, Ballot.at)
    return list(work.session.scalars(cast_))


def _candidates(work: Work, lot: LotView, session: AwardSession) -> list[Candidate]:
    """The candidates with what the plan's keys for ties look at: contract price and evaluated total."""
    prices = {str(one.org): one.price for one in trading_awards.candidates(work.session, lot.id)}
    scores = scores_of(work.session, lot.id)
    return [Candidate(org, prices[org].decimal, scores.get(org, Decimal(0))) for org in cast("list[str]", session.candidates)]
