"""What a signed act must say before it counts: the right person, role, thing, moment and strength."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.identity.domain.person import urn
from core.kernel.errors import BadSignature, NotAllowed, Refusal, Stale
from core.kernel.ids import CaseId, PersonId
from core.kernel.roles import Role
from core.kernel.signing import Statement

AHEAD = timedelta(minutes=5)  # how far a client's clock may run before ours


@dataclass(frozen=True, slots=True)
class Expect:
    """What the use case at hand takes: a type, its place, who may say it (None: any role that they hold), and whether step-up is asked."""

    type: str
    case: CaseId
    lot: str = ""
    round: int = 0
    role: Role | None = None
    step_up: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known when an act comes in. `prev` is the digest of this person's last payload in the case, "" for none."""

    said: Statement
    expect: Expect
    person: PersonId | None
    roles: frozenset[Role]
    now: datetime
    prev: str
    is_checkpoint_known: bool
    is_password_checked: bool


def role_of(said: Statement) -> Role:
    """The role in which somebody speaks; raises NotAllowed for a word that is none."""
    try:
        return Role(said.actor.role)
    except ValueError:
        raise NotAllowed("act.role") from None


def _person(facts: Facts) -> Refusal | None:
    own = facts.person is not None and facts.said.actor.id == urn(facts.person, role_of(facts.said))
    return None if own else BadSignature("act.other_person")


def _role(facts: Facts) -> Refusal | None:
    role = role_of(facts.said)
    fits = role in facts.roles and facts.expect.role in (None, role)
    return None if fits else NotAllowed("act.role")


def _place(facts: Facts) -> Refusal | None:
    said, expect = facts.said, facts.expect
    fits = (said.type, said.case, said.lot, said.round) == (expect.type, expect.case, expect.lot, expect.round)
    return None if fits else BadSignature("act.other_statement", type=expect.type, case=expect.case, lot=expect.lot)


def _moment(facts: Facts) -> Refusal | None:
    return BadSignature("act.in_the_future") if facts.said.iat > facts.now + AHEAD else None


def _prev(facts: Facts) -> Refusal | None:
    return None if facts.said.prev == facts.prev else Stale("act.prev", prev=facts.prev)


def _checkpoint(facts: Facts) -> Refusal | None:
    return None if facts.is_checkpoint_known else BadSignature("act.ckpt_unknown")


def _strength(facts: Facts) -> Refusal | None:
    if facts.said.step_up == "password+device" and not facts.is_password_checked:
        return BadSignature("act.password_needed")
    if facts.expect.step_up and not facts.said.step_up:
        return NotAllowed("act.step_up")
    return None


# In this order, so that a stranger's payload tells nothing of the case.
RULES: tuple[Callable[[Facts], Refusal | None], ...] = (_person, _role, _place, _moment, _strength, _checkpoint, _prev)


def accept(facts: Facts) -> None:
    """Raises the first refusal that the rules find."""
    for rule in RULES:
        if (refusal := rule(facts)) is not None:
            raise refusal
