"""The life of the file that protects a tenderer (定标履职档案): what may be filed and signed when, and what follows by itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from core.kernel.actor import Actor
from core.kernel.errors import Refusal, RuleBroken, WrongState
from core.kernel.ids import OrgId, PersonId
from core.kernel.moves import Move, Moves, Read, Reads, at
from core.kernel.roles import Role


class State(Enum):
    """How far the file has come."""

    PREPARING = "preparing"  # candidates are known, the session is not open
    SITTING = "sitting"  # the award committee works
    CLOSING = "closing"  # the result is known; the register is signed
    SIGNING = "signing"  # the award report is drafted
    HANDED_OVER = "handed_over"  # the result went to the tenderer's award notice


class Action(Enum):
    """What people do with the file, and what follows by itself."""

    FILE_COMPARED = "file_compared"
    FILE = "file"
    ENTER = "enter"
    BEGIN = "begin"
    DECIDE = "decide"
    CLOSE_REGISTER = "close_register"
    DRAFT = "draft"
    SIGN = "sign"
    DECLINE = "decline"
    HAND_OVER = "hand_over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules look at; `has_signed` is about the person whose signature it is, `missing` is the first clause that does not hold,
    with the rule it rests on."""

    has_signed: bool = False
    missing: str = ""
    basis: str = ""
    unsigned: int = 0


def clauses_hold(facts: Facts) -> Refusal | None:
    """What is missing blocks the next step; the refusal names the clause."""
    return RuleBroken(f"shield.missing.{facts.missing}", facts.basis) if facts.missing else None


def signs_once(facts: Facts) -> Refusal | None:
    """One signature, or one note of its refusal, for each person."""
    return WrongState("shield.signed_already") if facts.has_signed else None


def all_signed(facts: Facts) -> Refusal | None:
    """Every member and the tenderer have signed, or the refusal is noted."""
    return WrongState("shield.unsigned", count=facts.unsigned) if facts.unsigned else None


DECLINE_AFTER = timedelta(hours=24)
"""How long members have to sign by themselves before the tenderer may note a refusal."""
TENDERER = frozenset({Role.TENDERER})
SIGNATORIES = frozenset({Role.TENDERER, Role.AWARD_MEMBER})
WITNESSES = SIGNATORIES | {Role.SUPERVISOR}
SYSTEM = frozenset({Role.SYSTEM})
OPEN = at(State.PREPARING, State.SITTING, State.CLOSING)

MOVES: Moves[Action, State, Role, Facts] = Moves(
    "shield",
    (
        # action, from, to, who, only if
        Move(Action.FILE_COMPARED, at(State.PREPARING), State.PREPARING, TENDERER),
        Move(Action.FILE, at(State.PREPARING), State.PREPARING, TENDERER),
        Move(Action.FILE, at(State.SITTING), State.SITTING, TENDERER),
        Move(Action.FILE, at(State.CLOSING), State.CLOSING, TENDERER),
        Move(Action.ENTER, at(State.PREPARING), State.PREPARING, WITNESSES),
        Move(Action.ENTER, at(State.SITTING), State.SITTING, WITNESSES),
        Move(Action.ENTER, at(State.CLOSING), State.CLOSING, WITNESSES),
        Move(Action.BEGIN, at(State.PREPARING), State.SITTING, SYSTEM, clauses_hold),
        Move(Action.DECIDE, at(State.SITTING), State.CLOSING, SYSTEM),
        Move(Action.CLOSE_REGISTER, at(State.CLOSING), State.CLOSING, SIGNATORIES),
        Move(Action.DRAFT, at(State.CLOSING), State.SIGNING, SYSTEM, clauses_hold),
        Move(Action.SIGN, at(State.SIGNING), State.SIGNING, SIGNATORIES, signs_once),
        Move(Action.DECLINE, at(State.SIGNING), State.SIGNING, TENDERER, signs_once),
        Move(Action.HAND_OVER, at(State.SIGNING), State.HANDED_OVER, SYSTEM, all_signed),
    ),
)


class See(Enum):
    """What a page of the file may show."""

    TABLE = "table"  # clause by clause: by whom, when, in which file, or what is missing
    ENTRIES = "entries"  # what the register of interference says
    NAMES = "names"  # who sits behind a member's number
    REPORT = "report"


EVER = frozenset(State)
READS: Reads[See, State, Role] = Reads(
    "shield",
    (
        # what, who, in states; authors see their own entries besides
        Read(See.TABLE, WITNESSES, EVER),
        Read(See.ENTRIES, frozenset({Role.SUPERVISOR}), EVER),
        Read(See.NAMES, frozenset({Role.TENDERER, Role.SUPERVISOR}), EVER),
        Read(See.NAMES, frozenset({Role.AWARD_MEMBER}), at(State.CLOSING, State.SIGNING, State.HANDED_OVER)),
        Read(See.REPORT, WITNESSES, at(State.SIGNING, State.HANDED_OVER)),
    ),
)


def roles_of(actor: Actor, members: Iterable[PersonId], tenderer: OrgId) -> frozenset[Role]:
    """The roles of `actor` towards the file: a member by the list, the tenderer of this project alone, the supervisor by grant."""
    held = set(actor.roles & {Role.SUPERVISOR, Role.SYSTEM})
    if Role.AWARD_MEMBER in actor.roles and actor.person in set(members):
        held.add(Role.AWARD_MEMBER)
    if Role.TENDERER in actor.roles and actor.org == tenderer:
        held.add(Role.TENDERER)
    return frozenset(held)
