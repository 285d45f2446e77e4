"""The award committee: opened by the tenderer under the plan fixed before the notice; ballots and opinions, signed with their reasons."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.events import as_json
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.award_ballot import Round, Said, check_reasons, read_ballot, read_opinion
from evaluation.domain.award_methods import PROCEDURES, Holds, Papers, output
from evaluation.domain.award_roster import MEMBERS, OpenBody, check_roster, drawn_seats
from evaluation.domain.award_session import Action, State
from evaluation.domain.scoring_case import digest
from evaluation.events_award import AwardOpened, AwardSpoken, BallotCast
from evaluation.models.awards import AwardSession, Ballot
from evaluation.queries.award_sources import sources_of
from evaluation.queries.stage import awaits_award
from evaluation.services import award_asks, award_counts
from evaluation.services.award_moments import Moment, reached
from evaluation.services.award_sittings import Sitting, act_in_session, roster, seat
from trading.domain.award_plan import AwardPlan, Selection
from trading.models.lot import Lot
from trading.queries import awards as trading_awards
from trading.queries import lots
from trading.queries.lots import LotView
from trading.services import awards as trading_services


def open_session(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The tenderer names the members, or the list to draw them from, and opens the session. Records AwardOpened."""
    lot = lots.by_number(work.session, number)
    expect = Expect("award.open", lot.case, lot.no, role=Role.TENDERER, step_up=True)
    return once(work, signed, expect, lambda act: _open(work, lot, act))


def vote(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member casts the ballot of this round; the last one counts it. Records BallotCast, and what follows."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        sitting.move(Action.VOTE, act)
        member = sitting.member(act.person)
        said = read_ballot(act.body, _round(sitting))
        _keep(sitting, act, said)
        sitting.record(BallotCast, act, round=said.round, member=member.number, subject=act.payload_sha256)
        award_counts.count(work, sitting)
        return sitting.answer

    return act_in_session(work, number, signed, ("ballot", Role.AWARD_MEMBER), do)


def speak(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A member gives a written opinion; after the last of them the chair decides. Records AwardSpoken."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        sitting.move(Action.SPEAK, act)
        member = sitting.member(act.person)
        said = read_opinion(act.body, _round(sitting))
        _keep(sitting, act, said)
        sitting.record(AwardSpoken, act, round=said.round, member=member.number, subject=act.payload_sha256)
        hear(work, sitting)
        return sitting.answer

    return act_in_session(work, number, signed, ("award.opinion", Role.AWARD_MEMBER), do)


def hear(work: Work, sitting: Sitting) -> None:
    """The opinions are opened and the chair may decide, as soon as everybody else has spoken."""
    if sitting.may_follow(Action.HEAR):
        sitting.move(Action.HEAR)


def _open(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    if act.org != lot.parties.tenderer:
        raise NotAllowed("award.open.not_allowed")
    lock(work.session, Lot, Lot.id == lot.id)
    if not awaits_award(lots.by_id(work.session, lot.id)):
        raise WrongState("award.open.lot_state")
    if work.session.scalar(select(AwardSession.id).where(AwardSession.lot_id == lot.id, AwardSession.voided_at.is_(None))) is not None:
        raise WrongState("award.open.twice")
    body = OpenBody.read(act.body)
    if body.plan_sha256 != lot.award_plan_sha256:
        raise RuleBroken("award.plan_other")
    plan = AwardPlan.read(cast("dict[str, Any]", lot.award_plan))
    check_roster(plan, roster(work, lot, body.members))
    candidates = sorted(str(one.org) for one in trading_awards.candidates(work.session, lot.id))
    now = work.now()
    row = AwardSession(
        id=new_id(now),
        lot_id=lot.id,
        state=State.MEMBER_DRAW if plan.selection is Selection.DRAWN else State.SIGN_IN,
        plan=dict(cast("dict[str, Any]", lot.award_plan)),
        plan_sha256=lot.award_plan_sha256,
        candidates=list(candidates),
        listed={str(one): post for one, post in body.members.items()},
        line=[],
        first_round=1,
        round=1,
        standing=list(candidates),
        opened_at=now,
    )
    work.session.add(row)
    work.session.flush()
    trading_services.begin_award(work, lot.id)
    return _seat(Sitting(work, lot, row), act, body)


def _seat(sitting: Sitting, act: Act, body: OpenBody) -> dict[str, JSON]:
    """Who is named sits; whoever is to be drawn waits for the draw. A formula that gives nothing is refused now."""
    plan = sitting.plan
    sitting.record(AwardOpened, act, members=plan.members, candidates=cast("list[str]", sitting.row.candidates))
    if plan.price is not None:
        output(Papers(plan=plan, candidates=sitting.candidates, ceiling=sitting.ceiling))
    if plan.selection is Selection.DRAWN:
        quota, among = drawn_seats(plan, body.members)
        award_asks.ask(sitting.work, sitting, MEMBERS, among, quota)
    else:
        seat(sitting.work, sitting, body.members)
    reached(sitting.work, sitting.lot, sitting.row, Moment.OPENED)
    return sitting.answer


def _round(sitting: Sitting) -> Round:
    """What ballots of this round are read against."""
    checked = ""
    if PROCEDURES[sitting.plan.method].holds is Holds.OUTPUT:
        checked = digest(output(award_counts.papers(sitting.work, sitting)))
    standing = tuple(cast("list[str]", sitting.row.standing))
    return Round(plan=sitting.plan, number=sitting.row.round, standing=standing, output_sha256=checked)


def _keep(sitting: Sitting, act: Act, said: Said) -> None:
    if not sitting.voted():
        reached(sitting.work, sitting.lot, sitting.row, Moment.VOICE)
    check_reasons(said.reasons, sources_of(sitting.work.session, sitting.lot, sitting.plan))
    row = Ballot(
        session_id=sitting.row.id,
        person_id=act.person,
        round=said.round,
        choice=said.org,
        said=said.kept(),
        reasons=as_json(said.reasons),
        payload_sha256=act.payload_sha256,
        at=sitting.now,
    )
    sitting.work.session.add(row)
    sitting.work.session.flush()
