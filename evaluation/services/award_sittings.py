"""An award session held for one act: its rows, its plan, the facts of this moment, and the way in which every act comes to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import NotAllowed
from core.kernel.events import Event
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.award_methods import PROCEDURES, Candidate, Outcome
from evaluation.domain.award_roster import Roster, posts_of
from evaluation.domain.award_session import MOVES, Action, Facts, roles_of
from evaluation.models.awards import AwardMember, AwardSession, Ballot
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries import award_counts as queries
from trading.domain.award_plan import AwardPlan
from trading.queries import lots
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})


class Sitting:
    """The session of a lot, locked."""

    def __init__(self, work: Work, lot: LotView, row: AwardSession | None = None) -> None:
        self.work, self.lot = work, lot
        self.row = row or lock(work.session, AwardSession, AwardSession.lot_id == lot.id, AwardSession.voided_at.is_(None))
        self.plan = AwardPlan.read(cast("dict[str, Any]", self.row.plan))
        self.now = work.now()

    @property
    def members(self) -> list[AwardMember]:
        """Everybody who sits or has sat, by number."""
        named = select(AwardMember).where(AwardMember.session_id == self.row.id).order_by(AwardMember.number)
        return list(self.work.session.scalars(named))

    @property
    def office(self) -> list[AwardMember]:
        """Those who sit now."""
        return [one for one in self.members if one.left_at is None]

    @property
    def chair(self) -> AwardMember | None:
        """Who holds the chair's post now."""
        return next((one for one in self.office if self.plan.chair_post and one.post == self.plan.chair_post), None)

    @property
    def deliberates(self) -> bool:
        """Whether the chair decides after everybody's written opinion."""
        return PROCEDURES[self.plan.method].deliberates

    @property
    def listed(self) -> dict[PersonId, str]:
        """The tenderer's list: person → post."""
        return posts_of(cast("dict[str, Any]", self.row.listed))

    @property
    def candidates(self) -> list[Candidate]:
        """The candidates with what formula and keys look at."""
        return queries.candidates_of(self.work.session, self.lot, cast("list[str]", self.row.candidates))

    @property
    def ceiling(self) -> Decimal | None:
        """The price ceiling of the tender document."""
        return None if self.lot.ceiling is None else self.lot.ceiling.decimal

    def voted(self) -> frozenset[str]:
        """Who has given a ballot or an opinion in this round."""
        cast_ = select(Ballot.person_id).where(Ballot.session_id == self.row.id, Ballot.round == self.row.round)
        return frozenset(str(one) for one in self.work.session.scalars(cast_))

    def facts(self, member: PersonId | None = None, leaver: PersonId | None = None) -> Facts:
        """What the table of moves looks at."""
        return queries.facts_of(self.row, self.plan, self.members, self.voted(), member=member, leaver=leaver)

    def member(self, person: PersonId) -> AwardMember:
        """The acting member's row; raises NotAllowed for whoever does not sit."""
        found = next((one for one in self.office if one.person_id == person), None)
        if found is None:
            raise NotAllowed("award.not_in_office")
        return found

    def move(self, action: Action, act: Act | None = None, *, leaver: PersonId | None = None, outcome: Outcome | None = None) -> None:
        """Moves the session by who acts, or by itself; raises what the table finds."""
        facts = self.facts(None if act is None else act.person, leaver)
        roles = SYSTEM if act is None else self.roles(act)
        self.row.state = MOVES.choose(action, self.row.state, roles, facts if outcome is None else replace(facts, outcome=outcome))

    def may_follow(self, action: Action) -> bool:
        """Whether this follows by itself now."""
        return action in MOVES.available(self.row.state, SYSTEM, self.facts())

    def roles(self, act: Act) -> frozenset[Role]:
        """The roles of who acts, for this session alone."""
        sitting = [PersonId(one.person_id) for one in self.office]
        return roles_of(Actor(act.person, act.org, frozenset({act.role})), sitting, self.lot.parties.tenderer)

    def record(self, kind: Callable[..., Event], act: Act | None = None, **members: Any) -> None:
        """Records an event of this session."""
        signed = None if act is None else act.envelope
        self.work.record(kind(case=self.lot.case, lot=self.lot.no, signed=signed, **members))

    def witness(self, reason: str, about: object) -> None:
        """Has what happens here logged and witnessed at once."""
        self.work.send("log.checkpoint", f"{reason}/{about}", {"reason": "award"})

    @property
    def answer(self) -> dict[str, JSON]:
        """What acts answer."""
        return {"state": self.row.state.value, "round": self.row.round - self.row.first_round + 1}


def seat(work: Work, sitting: Sitting, people_: Mapping[PersonId, str]) -> None:
    """Gives seats to these people, in their order."""
    taken = len(sitting.members)
    for place, (person, post) in enumerate(people_.items(), taken + 1):
        work.session.add(AwardMember(session_id=sitting.row.id, person_id=person, number=place, post=post))
    work.session.flush()


def roster(work: Work, lot: LotView, members: Mapping[PersonId, str]) -> Roster:
    """The list beside those who hold the role with the tenderer and those who sat in the evaluation committee."""
    employed = frozenset(one.id for one in people.holders(work.session, Role.AWARD_MEMBER, lot.parties.tenderer))
    sat = select(Seat.person_id).join(Evaluation, Evaluation.id == Seat.evaluation_id).where(Evaluation.lot_id == lot.id)
    return Roster(members, employed, frozenset(PersonId(one) for one in work.session.scalars(sat) if one is not None))


def act_in_session(
    work: Work, number: str, signed: SignedRequest, expected: tuple[str, Role | None], do: Callable[[Sitting, Act], dict[str, JSON]]
) -> dict[str, JSON]:
    """Accepts a statement of the type and role in `expected` for this round, holds the session, and does it. Each of them is said with
    step-up, but for the slips of a draw."""
    lot = lots.noticed(work.session, number)
    kind, role = expected
    in_round = kind in ("ballot", "award.opinion")
    round_ = queries.round_now(work.session, lot.id) if in_round else 0
    expect = Expect(kind, lot.case, lot.no, round_, role=role, step_up=role is not None)
    return once(work, signed, expect, lambda act: do(Sitting(work, lot), act))
