"""The file that protects a tenderer, as tenderer, award committee and supervisor may see it: read from the chain of the case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel import chain
from core.kernel.actor import Actor
from core.kernel.encoding import sha256
from core.kernel.errors import NotFound
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from evaluation.domain.round import ROUNDS, since_rounds
from evaluation.domain.shield import STAGES, Row, Stage, table, unsigned
from evaluation.domain.shield_life import MOVES, READS, Action, Facts, See, State, roles_of
from evaluation.domain.shield_matrix import matrix
from evaluation.domain.shield_said import DRAFT, ENTRY, EVALUATED, MATRIX, PAPER, PROCEDURE, REGISTER, RESULT, Said, Told
from evaluation.models.shields import Shield, ShieldFile, ShieldStatement
from trading.queries import awards as trading_awards
from trading.queries import lots
from trading.queries.lots import LotView

OWN = (PAPER, ENTRY, REGISTER)
"""The statements of the file that are counted before something is made of them."""
DUE = {
    State.PREPARING: Stage.OPEN,
    State.SITTING: Stage.ROUND,
    State.CLOSING: Stage.REPORT,
    State.SIGNING: Stage.HAND_OVER,
    State.HANDED_OVER: Stage.HAND_OVER,
}
"""Up to which step clauses are asked for now."""


def told(session: Session, lot: LotView, *, compared: bool = False) -> Told:
    """What was said about the lot's award, as far as it is committed; `compared`: with what the evaluation found."""
    kinds = (*PROCEDURE, *EVALUATED) if compared else PROCEDURE
    found = chain.of_kinds(session, lot.case, (*kinds, *ROUNDS))
    statements = [_said(event.at, read_statement(event.envelope.payload), lot) for event in found]
    return Told(since_rounds([one for one in statements if one is not None], lot.method))


def _said(at: datetime, one: Any, lot: LotView) -> Said | None:
    """A statement of the case or of this lot; None for another's."""
    if one.lot not in ("", lot.no):
        return None
    person = "" if one.actor.role == Role.SYSTEM.value else str(one.actor.id).rpartition(":")[2]
    return Said(one.type, one.round, person, one.actor.role, at, sha256(one.payload).hex(), one.body)


def own_count(session: Session, lot: LotView, *kinds: str) -> int:
    """How many statements of these kinds the file has, those of use cases in flight included."""
    held = select(func.count()).select_from(ShieldStatement).where(ShieldStatement.lot_id == lot.id, ShieldStatement.kind.in_(kinds))
    return session.scalar(held) or 0


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry of the register of interference."""

    by: str
    at: datetime
    who: str
    on: str
    how: str
    done: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as this viewer may know them: by name, or by number alone."""

    name: str
    number: int
    is_me: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShieldView:
    """The file for one viewer. `entries` of the register are those that they may read, `entered` counts all once it is closed."""

    lot: LotView
    state: State
    rows: tuple[Row, ...]
    people: Mapping[str, Person]
    matrix: Mapping[str, Any]
    papers: tuple[Said, ...]
    entries: tuple[EntryView, ...]
    register: tuple[str, ...] | None
    report_sha256: str
    roles: frozenset[Role]
    available: tuple[Action, ...]
    due: frozenset[Stage]
    has_closed: bool
    has_signed: bool
    unsigned: tuple[str, ...]

    @property
    def next_row(self) -> Row | None:
        """What has to be done first."""
        return next((row for row in self.rows if not row.holds), None)


def state_of(session: Session, lot: LotView) -> State | None:
    """How far the file of a lot has come; None where there is nothing to protect: award and evaluation are one, or no report is in yet."""
    row = session.get(Shield, lot.id)
    if row is not None and lot.report_sha256:  # none is in force while the committee evaluates again
        return row.state
    return State.PREPARING if lot.separation and lot.report_sha256 and lot.awarded_at is None else None


def roles(actor: Actor, lot: LotView, members: Sequence[str]) -> frozenset[Role]:
    """The roles of `actor` towards the file of this lot."""
    return roles_of(actor, [PersonId(UUID(one)) for one in members], lot.parties.tenderer)


def view(session: Session, actor: Actor, number: str) -> ShieldView:
    """The file as `actor` may see it; raises NotFound for whoever may see nothing of it, and where there is none."""
    lot = lots.by_number(session, number)
    state = state_of(session, lot)
    if state is None:
        raise NotFound("shield.not_found")
    said = told(session, lot, compared=state is State.PREPARING)
    held = roles(actor, lot, said.members)
    if not READS.may(See.TABLE, state, held):
        raise NotFound("shield.not_found")
    me, made, draft = str(actor.person), said.last(MATRIX), said.last(DRAFT)
    signatures = said.signers()
    signed = any(one.person == me and "member" not in one.body for one in signatures)
    missing = next((row.clause.code for row in table(said) if not row.holds), "")
    closing = said.last(RESULT) is not None
    return ShieldView(
        lot=lot,
        state=state,
        rows=table(said),
        people=_people(session, said, (state, held), me),
        matrix=_named(session, lot, matrix(said) if made is None else made.body["matrix"]),
        papers=tuple(said.all(PAPER)),
        entries=_entries(session, said, READS.may(See.ENTRIES, state, held), me),
        register=said.entries if closing else None,
        report_sha256=draft.body["report_sha256"] if draft is not None and READS.may(See.REPORT, state, held) else "",
        roles=held,
        available=MOVES.available(state, held, Facts(has_signed=signed, missing=missing)),
        due=frozenset(STAGES[: STAGES.index(DUE[state]) + 1]),
        has_closed=any(one.person == me for one in said.closers()),
        has_signed=signed,
        unsigned=tuple(unsigned(said.members, signatures)) if draft is not None else (),
    )


def _named(session: Session, lot: LotView, made: Mapping[str, Any]) -> Mapping[str, Any]:
    """The comparison with the names of candidates whom no statement had named when it was made."""
    names = {str(one.org): one.name for one in trading_awards.candidates(session, lot.id)}
    return {**made, "candidates": [{**one, "name": one["name"] or names.get(one["org"], "")} for one in made["candidates"]]}


def _people(session: Session, said: Told, seen: tuple[State, frozenset[Role]], me: str) -> dict[str, Person]:
    """Whoever has said something, by person id: members by number, and by name for those who may know it."""
    state, held = seen
    numbers = {seat.person: seat.number for seat in said.seats}
    speakers = dict.fromkeys([*numbers, *(proof.person for row in table(said) for proof in row.finding.proofs if proof.person)])
    by_name = READS.may(See.NAMES, state, held)
    experts = {one.person for one in said.all("room.sign_in", "report.sign")}
    found = {}
    for one in speakers:
        shows = one not in experts and (by_name or one not in numbers)
        found[one] = Person(people.person(session, PersonId(UUID(one))).name if shows else "", numbers.get(one, 0), one == me)
    return found


def _entries(session: Session, said: Told, all_of_them: bool, me: str) -> tuple[EntryView, ...]:
    """What the register says to who may read it: everything, or what this person has entered."""
    shown = [one for one in said.all(ENTRY) if all_of_them or one.person == me]
    names = {one.person: people.person(session, PersonId(UUID(one.person))).name for one in shown}
    fields = ("who", "on", "how", "done")
    return tuple(EntryView(names[one.person], one.at, *(str(one.body[name]) for name in fields)) for one in shown)


def file_name(session: Session, actor: Actor, number: str, digest: str) -> str:
    """The name of a paper's file for who may see the file; raises NotFound."""
    shown = view(session, actor, number)
    row = session.get(ShieldFile, (shown.lot.id, digest))
    if row is None:
        raise NotFound("shield.not_found")
    return row.name
