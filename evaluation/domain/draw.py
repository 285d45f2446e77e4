"""The expert draw: three parties commit, then reveal; nobody picks, and a recusal never reshuffles the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.jcs import JSON
from core.kernel.moves import Move, Moves, at
from core.kernel.roles import Role
from core.kernel.sealing import read_share
from core.kernel.slips import SlipShare, read_shares
from evaluation.domain.body import Body
from evaluation.domain.calling import NOTED_CAUSES, Conditions
from evaluation.domain.redraw import FIRST, Again


class State(Enum):
    """The life of a draw: parameters sealed, all committed, drawn, everybody called, list sealed, committee formed."""

    REQUESTED = "requested"
    COMMITTED = "committed"
    DRAWN = "drawn"
    CALLING = "calling"
    LIST_SEALED = "list_sealed"  # every member has confirmed; opened when all have signed in
    FORMED = "formed"
    EXHAUSTED = "exhausted"  # nobody is left who could follow
    SET_ASIDE = "set_aside"  # another draw took its place


class Action(Enum):
    """What is done to a draw; CLOSE, DRAW, CALL and SEAL follow by themselves from the last commit, reveal and confirmation."""

    COMMIT = "commit"
    CLOSE = "close"
    REVEAL = "reveal"
    REPLY = "reply"  # of a provincial pool, which draws instead
    OPEN = "open"
    DRAW = "draw"
    CALL = "call"
    RECUSE = "recuse"
    SEAL = "seal"
    EXHAUST = "exhaust"
    SET_ASIDE = "set_aside"
    FORM = "form"


PARTY_OF: Mapping[Role, str] = {Role.CENTRE: "centre", Role.SUPERVISOR: "supervisor", Role.TENDERER: "tenderer"}
PARTIES = frozenset(PARTY_OF.values())
LEAST_MEMBERS = 5  # 招标投标法 art. 37: an odd number of five or more


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules of a draw look at; `party` and `pseudonym` are those of the act at hand."""

    party: str = ""
    is_provincial: bool = False
    committed: frozenset[str] = frozenset()
    revealed: frozenset[str] = frozenset()
    reveal_matches: bool = True
    is_overdue: bool = False
    is_another_due: bool = False  # its committee was sealed, and another is drawn
    pseudonym: str = ""
    seated: frozenset[str] = frozenset()
    confirmed: frozenset[str] = frozenset()


def has_not_committed(facts: Facts) -> Refusal | None:
    """A party commits once; a second slip would be a choice. Where a provincial pool draws nobody commits to anything here."""
    if facts.is_provincial:
        return WrongState("draw.commit.provincial")
    return WrongState("draw.commit.twice") if facts.party in facts.committed else None


def a_provincial_pool_draws(facts: Facts) -> Refusal | None:
    """A reply is for a letter: our own draws have none."""
    return None if facts.is_provincial else WrongState("draw.reply.own")


def all_have_committed(facts: Facts) -> Refusal | None:
    """No value is shown before every value is fixed."""
    return None if facts.committed == PARTIES else WrongState("draw.commits_missing")


def reveals_what_it_committed(facts: Facts) -> Refusal | None:
    """The value must be the one committed, and is shown once."""
    if facts.party in facts.revealed:
        return WrongState("draw.reveal.twice")
    return None if facts.reveal_matches else RuleBroken("draw.reveal.differs")


def may_be_opened(facts: Facts) -> Refusal | None:
    """Two offices open the slip of a party that has stayed silent; nobody's slip is opened that the party may still show."""
    if facts.party in facts.revealed:
        return WrongState("draw.open.revealed")
    return None if facts.is_overdue else WrongState("draw.open.too_early")


def all_have_revealed(facts: Facts) -> Refusal | None:
    """The seed needs every party's value."""
    return None if facts.revealed == PARTIES else WrongState("draw.reveals_missing")


def is_seated(facts: Facts) -> Refusal | None:
    """Only who was drawn can step back."""
    return None if facts.pseudonym in facts.seated else RuleBroken("draw.recuse.not_seated")


def all_have_confirmed(facts: Facts) -> Refusal | None:
    """The list is sealed when everybody on it has said that they will come."""
    return None if facts.seated and facts.confirmed >= facts.seated else WrongState("draw.confirmations_missing")


def is_a_committee(facts: Facts) -> Refusal | None:
    """An odd number of five or more members (招标投标法 art. 37)."""
    count = len(facts.seated)
    if count < LEAST_MEMBERS or count % 2 == 0:
        return RuleBroken("draw.form.size", "招标投标法 第三十七条", count=count)
    return None


def another_is_due(facts: Facts) -> Refusal | None:
    """A committee is followed by another only where its material was sealed and a new one is due; whoever dislikes it gets no other."""
    return None if facts.is_another_due else WrongState("draw.request.formed")


WHO_DRAWS = frozenset(PARTY_OF)
SYSTEM = frozenset({Role.SYSTEM})
OFFICERS = frozenset({Role.OFFICER})
CENTRE = frozenset({Role.CENTRE})
STEPS_BACK = frozenset({Role.CENTRE, Role.EXPERT, Role.SYSTEM})  # the clock, for who stays silent
CALLED = at(State.CALLING, State.LIST_SEALED)


def is_formed(state: State) -> bool:
    """Whether the list has become a committee."""
    return state is State.FORMED


def is_set_aside(state: State) -> bool:
    """Whether another draw has taken its place."""
    return state is State.SET_ASIDE


ADDS = (State.CALLING, State.LIST_SEALED, State.FORMED)
UNFORMED = frozenset(State) - {State.FORMED, State.SET_ASIDE}

MOVES: Moves[Action, State, Role, Facts] = Moves(
    "draw",
    (
        # action, from, to, who, only if
        Move(Action.COMMIT, at(State.REQUESTED), State.REQUESTED, WHO_DRAWS, has_not_committed),
        Move(Action.CLOSE, at(State.REQUESTED), State.COMMITTED, SYSTEM, all_have_committed),
        Move(Action.REVEAL, at(State.COMMITTED), State.COMMITTED, WHO_DRAWS, reveals_what_it_committed),
        Move(Action.OPEN, at(State.COMMITTED), State.COMMITTED, OFFICERS, may_be_opened),
        Move(Action.REPLY, at(State.REQUESTED), State.DRAWN, CENTRE, a_provincial_pool_draws),
        *(Move(Action.REPLY, at(state), state, CENTRE, a_provincial_pool_draws) for state in ADDS),  # with more who may follow
        Move(Action.DRAW, at(State.COMMITTED), State.DRAWN, SYSTEM, all_have_revealed),
        Move(Action.CALL, at(State.DRAWN), State.CALLING, SYSTEM),
        Move(Action.RECUSE, CALLED, State.CALLING, STEPS_BACK, is_seated),
        Move(Action.RECUSE, at(State.FORMED), State.FORMED, STEPS_BACK, is_seated),  # before all have signed in: the seat is handed on
        Move(Action.SEAL, at(State.CALLING), State.LIST_SEALED, SYSTEM, all_have_confirmed),
        Move(Action.EXHAUST, CALLED, State.EXHAUSTED, SYSTEM),
        Move(Action.SET_ASIDE, UNFORMED, State.SET_ASIDE, CENTRE),
        Move(Action.SET_ASIDE, at(State.FORMED), State.SET_ASIDE, CENTRE, another_is_due),  # when the committee of the next is formed
        Move(Action.FORM, at(State.LIST_SEALED), State.FORMED, CENTRE, is_a_committee),
    ),
)


@dataclass(frozen=True, slots=True)
class PoolMember:
    """An expert as the pool knows them: an id, the specialties they may be drawn for, the employer's id."""

    id: str
    strata: tuple[str, ...]
    org: str


@dataclass(frozen=True, slots=True)
class Quota:
    """How many experts of one specialty are wanted."""

    stratum: str
    count: int


def request_body(pool: Iterable[PoolMember], quotas: Sequence[Quota], recused: Iterable[str], org_cap: int) -> dict[str, JSON]:
    """The `request` object of a draw record: pool sorted by the bytes of the id, recusals likewise."""
    rows: list[JSON] = [
        {"id": member.id, "strata": list(member.strata), "org": member.org} for member in sorted(pool, key=lambda m: m.id.encode())
    ]
    return {
        "pool": rows,
        "strata": [{"id": quota.stratum, "quota": quota.count} for quota in quotas],
        "recused": list[JSON](sorted(recused)),
        "org_cap": org_cap,
    }


def wants_a_committee(quotas: Sequence[Quota]) -> None:
    """Raises RuleBroken unless the quotas add up to an odd number of five or more (招标投标法 art. 37)."""
    count = sum(quota.count for quota in quotas)
    if refusal := is_a_committee(Facts(seated=frozenset(str(number) for number in range(count)))):
        raise refusal
    names = [quota.stratum for quota in quotas]
    if len(names) != len(set(names)) or any(quota.count < 1 for quota in quotas):
        raise RuleBroken("draw.request.quotas")


@dataclass(frozen=True, slots=True)
class CommitBody:
    """A party's sealed slip: 64 hex digits, and the value's shares in the boxes of the three offices, none where an office has no key."""

    draw: str
    party: str
    commit: str
    shares: tuple[SlipShare, ...] = ()

    @classmethod
    def read(cls, body: object) -> CommitBody:
        """From the signed body of `draw.commit`."""
        fields = Body(body, "draw", "party", "commit", "shares")
        assert isinstance(body, Mapping)
        draw, party, commit = fields.text("draw", 40, 1), fields.text("party", 20, 1), _hex32(fields.text("commit", 64))
        return cls(draw, party, commit, read_shares(body["shares"]))


@dataclass(frozen=True, slots=True)
class RevealBody:
    """A party's opened slip: the 32 bytes as 64 hex digits."""

    draw: str
    party: str
    value: str

    @classmethod
    def read(cls, body: object) -> RevealBody:
        """From the signed body of `draw.reveal`."""
        fields = Body(body, "draw", "party", "value")
        return cls(fields.text("draw", 40, 1), fields.text("party", 20, 1), _hex32(fields.text("value", 64)))


@dataclass(frozen=True, slots=True)
class SlipShareBody:
    """An office's share of a silent party's slip: 33 bytes as 66 hex digits."""

    draw: str
    party: str
    role: str
    share: str

    @classmethod
    def read(cls, body: object) -> SlipShareBody:
        """From the signed body of `draw.share`."""
        fields = Body(body, "draw", "party", "role", "share")
        read_share(fields.text("share", 66, 66))
        return cls(fields.text("draw", 40, 1), fields.text("party", 20, 1), fields.text("role", 20, 1), fields.text("share", 66))


@dataclass(frozen=True, slots=True)
class RecusalBody:
    """Who does not come, under the draw's pseudonym, and why, as the centre was told."""

    draw: str
    id: str
    cause: str
    reason: str

    @classmethod
    def read(cls, body: object) -> RecusalBody:
        """From the signed body of `draw.recusal`."""
        fields = Body(body, "draw", "id", "cause", "reason")
        cause = fields.text("cause", 20, 1)
        if cause not in {one.value for one in NOTED_CAUSES}:
            raise RuleBroken("evaluation.body", field="body.cause")
        return cls(fields.text("draw", 40, 1), fields.text("id", 40, 1), cause, fields.text("reason", 500, 2))


@dataclass(frozen=True, slots=True)
class RequestBody:
    """What the centre signs to start a draw."""

    draw: str
    purpose: str
    request: Mapping[str, JSON]
    calling: Conditions
    again: Again

    @classmethod
    def read(cls, body: object) -> RequestBody:
        """From the signed body of `draw.request`; the request itself must equal the prepared one, so it is not parsed here."""
        fields = Body(body, "draw", "purpose", "request", "calling", "again")
        assert isinstance(body, Mapping)
        name, purpose = fields.text("draw", 40, 1), fields.text("purpose", 500, 2)
        return cls(name, purpose, body["request"], Conditions.read(body["calling"]), Again.read(body["again"]))


def _hex32(text: str) -> str:
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise RuleBroken("draw.hex")
    return text


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the centre asks for: quotas by stratum (`region_mix` has spread them), most members of one employer (0 = any), when the members
    assemble, how long an answer is waited for, a reason for any draw but the first."""

    quotas: tuple[Quota, ...]
    org_cap: int
    assemble_at: datetime
    window: timedelta
    again: Again = FIRST
    gateway: str = ""  # the voice gateway's key in hex
    agreement: str = ""  # with the provincial pool that draws instead
