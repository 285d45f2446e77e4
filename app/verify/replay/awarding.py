"""The award session played again from what was signed: who sat, what they said in which round, what was drawn, and so who has won."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from app.verify.entries import Entry
from app.verify.replay.award_lots import KINDS as LOTS_KINDS
from app.verify.replay.award_lots import Draws
from app.verify.replay.story import Story, same
from app.verify.verdict import Broken, inside
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from evaluation.domain.award_ballot import Round, Said, Sources, check_reasons, read_ballot, read_opinion
from evaluation.domain.award_methods import PROCEDURES, Candidate, Drawn, Holds, Lots, Outcome, Papers, Standing, output, stand
from evaluation.domain.award_roster import (
    MEMBERS,
    OpenBody,
    ReplaceBody,
    Roster,
    Vacancy,
    chair_of,
    check_roster,
    check_successor,
    drawn_seats,
)
from evaluation.domain.award_session import FOLLOWING, MOVES, Action, Facts, State, before_start
from evaluation.domain.body import Body
from evaluation.domain.committee import RecusalDeclaration
from evaluation.domain.scoring_case import digest
from trading.domain.award_plan import AwardPlan, FallOut, Selection

SYSTEM, MEMBER, TENDERER = (frozenset({role}) for role in (Role.SYSTEM, Role.AWARD_MEMBER, Role.TENDERER))
Word = tuple[str, Mapping[str, Any]]
"""What the platform must say next: the kind, and members of its body."""


@dataclass
class Seat:
    """A member, in the order in which they came to sit."""

    person: PersonId
    post: str
    signed_in: bool = False
    declared: bool = False
    left: bool = False
    succeeded: bool = False


@dataclass
class Replay:
    """One session, event by event; whatever the rules of the room would have refused is Broken here."""

    story: Story
    plan: AwardPlan
    candidates: Sequence[Candidate]
    ceiling: Decimal | None
    experts: frozenset[PersonId]
    sources: Sources
    state: State = State.SIGN_IN
    listed: dict[PersonId, str] = field(default_factory=dict)
    line: tuple[str, ...] = ()
    seats: list[Seat] = field(default_factory=list)
    round: int = 1
    first_round: int = 1
    standing: tuple[str, ...] = ()
    said: dict[int, dict[PersonId, Said]] = field(default_factory=dict)
    drawn: list[Drawn] = field(default_factory=list)
    words: deque[Word] = field(default_factory=deque)
    draws: Draws = field(init=False)
    result: Standing | None = None

    def __post_init__(self) -> None:
        self.draws = Draws(self.story)

    # The events

    def play(self, entries: Sequence[Entry]) -> None:
        """Takes the events of the session in their order; raises Broken at the first that could not have happened."""
        acts: Mapping[str, Callable[[Entry], None]] = {
            "award.open": self._open,
            "award.sign_in": self._sign_in,
            "award.declare": self._declare,
            "award.replace": self._replace,
            "award.opinion": self._speak,
            "ballot": self._vote,
        }
        for entry in entries:
            if self.words:
                self._is_told(entry)
            elif entry.kind in acts:
                acts[entry.kind](entry)
            elif entry.kind in LOTS_KINDS:
                self._lots(entry)
            else:
                raise Broken(entry.member, "vote_differs" if self.draws.asked is None else "draw_differs")  # a draw has no order yet
        if self.words:
            raise Broken(entries[-1].member, "event_missing", kind=self.words[0][0])

    def _is_told(self, entry: Entry) -> None:
        """The platform says at once what follows, and nothing else."""
        kind, members = self.words.popleft()
        same(entry, entry.kind, kind, "vote_differs")
        for name, value in members.items():
            what = "winner_differs" if name == "winner" else "vote_differs"
            same(entry, entry.body.get(name), value, what)
        if kind == "award_draw.request":
            self.draws.ask(entry)

    def _open(self, entry: Entry) -> None:
        with inside(entry.member):
            body = OpenBody.read(entry.body)
            check_roster(self.plan, Roster(body.members, frozenset(body.members), self.experts))
        entry.require(not self.seats, "event_twice", kind=entry.kind)
        self.listed = dict(body.members)
        self.standing = tuple(sorted(one.org for one in self.candidates))
        if self.plan.selection is Selection.DRAWN:
            self.state = State.MEMBER_DRAW
            quota, among = drawn_seats(self.plan, self.listed)
            self._ask(MEMBERS, among, quota)
        else:
            self.seats = [Seat(person, post) for person, post in self.listed.items()]

    def _sign_in(self, entry: Entry) -> None:
        with inside(entry.member):
            Body(entry.body)
        self._move(Action.SIGN_IN, entry)
        self._seat(entry).signed_in = True
        self._follow()

    def _declare(self, entry: Entry) -> None:
        with inside(entry.member):
            said = RecusalDeclaration.read(entry.body)
        self._move(Action.DECLARE if said.none else Action.STEP_BACK, entry)
        seat = self._seat(entry)
        seat.declared, seat.left = True, not said.none
        self._follow()

    def _replace(self, entry: Entry) -> None:
        with inside(entry.member):
            said = ReplaceBody.read(entry.body)
        starting = before_start(self.state)
        step = Action.REPLACE if starting else Action.GO_ON if said.successor is None else Action.START_AGAIN
        leaver = None if said.member is None else next((one for one in self._office() if one.person == said.member), None)
        self._move(step, entry, leaver=said.member)
        vacated = leaver or next((one for one in reversed(self.seats) if one.left and not one.succeeded), None)
        entry.require(vacated is not None and (leaver is not None or len(self._office()) < self.plan.members), "seat_taken", seat="")
        assert vacated is not None
        vacated.left = True
        if said.successor is not None:
            sat = frozenset(one.person for one in self.seats)
            with inside(entry.member):
                held = Roster(self.listed, frozenset({said.successor}), self.experts)
                check_successor(self.plan, said.successor, said.post, Vacancy(vacated.post, sat, self.line), held)
            vacated.succeeded = True
            self.seats.append(Seat(said.successor, said.post))
        else:
            entry.require(step is Action.GO_ON, "member_silent", seat="", kind=entry.kind)
        if step is Action.START_AGAIN:
            self.round, self.first_round = self.round + 1, self.round + 1
            self.standing, self.drawn = tuple(sorted(one.org for one in self.candidates)), []
        self._follow()

    def _speak(self, entry: Entry) -> None:
        self._move(Action.SPEAK, entry)
        with inside(entry.member):
            self._keep(entry, read_opinion(entry.body, self._round()))
        self._hear()

    def _vote(self, entry: Entry) -> None:
        self._move(Action.VOTE, entry)
        with inside(entry.member):
            self._keep(entry, read_ballot(entry.body, self._round()))
        self._count()

    def _keep(self, entry: Entry, said: Said) -> None:
        same(entry, said.round, entry.statement.round, "malformed", field="round")
        check_reasons(said.reasons, self.sources)
        self.said.setdefault(self.round, {})[self._seat(entry).person] = said

    def _lots(self, entry: Entry) -> None:
        order = self.draws.take(entry)
        if entry.kind == "award_draw.redraw":
            self.words.append(self.draws.again(entry))
        if order is None:
            return
        purpose, quota = self.draws.purpose, self.draws.quota
        if purpose == MEMBERS:
            self.line = order
            chair = chair_of(self.plan, self.listed)
            chosen = [one for one in self.listed if str(one) in order[:quota]]
            drawn = sorted(chosen, key=lambda one: order.index(str(one)))
            self.seats = [Seat(one, self.listed[one]) for one in ([chair] if chair else []) + drawn]
            self.state = MOVES.choose(Action.SEAT, self.state, SYSTEM, self._facts())
            return
        self.drawn.append(Drawn(Lots(purpose), order))
        self._go(stand(self._papers()))

    # What follows by itself

    def _follow(self) -> None:
        for step in (Action.ASSEMBLE, Action.DELIBERATE, Action.BEGIN):
            if step in MOVES.available(self.state, SYSTEM, self._facts()):
                self.state = MOVES.choose(step, self.state, SYSTEM, self._facts())
                if step is Action.BEGIN:
                    self._begin()
        self._hear()
        if self.state is State.VOTING:
            self._count()

    def _hear(self) -> None:
        if Action.HEAR in MOVES.available(self.state, SYSTEM, self._facts()):
            self.state = MOVES.choose(Action.HEAR, self.state, SYSTEM, self._facts())

    def _begin(self) -> None:
        standing = stand(self._papers())
        if standing.outcome is not Outcome.ANOTHER_ROUND:
            self._go(standing)

    def _count(self) -> None:
        facts = self._facts()
        must = {facts.chair} if facts.deliberates else facts.office
        if not must - facts.voted:
            self._go(stand(self._papers()), is_round=True)

    def _go(self, standing: Standing, *, is_round: bool = False) -> None:
        step = FOLLOWING[standing.outcome]
        self.state = MOVES.choose(step, self.state, SYSTEM, replace(self._facts(), outcome=standing.outcome))
        if is_round and step is not Action.DECIDE:
            votes = standing.rounds[-1].get("votes", {})
            self.words.append(("award.round", {"votes": votes, "standing": list(standing.next_round or standing.among)}))
        if step is Action.CALL_ROUND:
            self.round, self.standing = self.round + 1, standing.next_round
        elif step is Action.CALL_DRAW:
            assert standing.lots is not None, "a draw is for something"
            self._ask(standing.lots.value, standing.among, len(standing.among))
        else:
            told = standing.to_json(self.plan)
            rounds = [dict(one) for one in standing.rounds]
            self.result = standing
            said = {"method": told["method"], "rounds": rounds, "how": standing.how, "winner": standing.winner}
            self.words.append(("award.result", said | {"result_sha256": digest(told)}))

    def _ask(self, purpose: str, among: Sequence[str], quota: int) -> None:
        self.words.append(self.draws.due(purpose, among, quota))

    # What the rules look at

    def _move(self, action: Action, entry: Entry, leaver: PersonId | None = None) -> None:
        """By who speaks: a member in office, or the tenderer."""
        person = entry.actor.rpartition(":")[2]
        roles = TENDERER if entry.role == "tenderer" else MEMBER
        if roles is MEMBER:
            entry.require(any(str(one.person) == person for one in self._office()), "not_a_member", actor=entry.actor)
        facts = self._facts(person, "" if leaver is None else str(leaver))
        if action in (Action.VOTE, Action.SPEAK):
            entry.require(person not in facts.voted, "said_twice", seat=person)
        with inside(entry.member):
            self.state = MOVES.choose(action, self.state, roles, facts)

    def _facts(self, member: str = "", leaver: str = "") -> Facts:
        office = self._office()
        chair = next((str(one.person) for one in office if self.plan.chair_post and one.post == self.plan.chair_post), "")
        voted = {str(person) for person in self.said.get(self.round, {})}
        return Facts(
            member=member,
            leaver=leaver,
            chair=chair,
            seats=self.plan.members,
            office=frozenset(str(one.person) for one in office),
            signed_in=frozenset(str(one.person) for one in office if one.signed_in),
            declared=frozenset(str(one.person) for one in office if one.declared),
            voted=frozenset(voted) if self.state in (State.DELIBERATION, State.VOTING) else frozenset(),
            deliberates=PROCEDURES[self.plan.method].deliberates,
            may_go_on=self.plan.fall_out is FallOut.GO_ON,
            quorum=self.plan.quorum,
        )

    def _papers(self) -> Papers:
        chair = self._facts().chair
        alone = PROCEDURES[self.plan.method].deliberates
        rounds = [
            [said.voice(str(person)) for person, said in self.said[number].items() if not alone or str(person) == chair]
            for number in sorted(self.said)
            if number >= self.first_round
        ]
        kept = [one for one in rounds if one]
        return Papers(plan=self.plan, candidates=self.candidates, rounds=kept, drawn=self.drawn, ceiling=self.ceiling)

    def _round(self) -> Round:
        checked = digest(output(self._papers())) if PROCEDURES[self.plan.method].holds is Holds.OUTPUT else ""
        return Round(plan=self.plan, number=self.round, standing=self.standing, output_sha256=checked)

    def _office(self) -> list[Seat]:
        return [one for one in self.seats if not one.left]

    def _seat(self, entry: Entry) -> Seat:
        return next(one for one in self._office() if str(one.person) == entry.actor.rpartition(":")[2])
