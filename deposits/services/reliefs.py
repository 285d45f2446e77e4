"""Reliefs from deposits come and go under two signatures: the centre proposes, the supervisor signs the same bytes."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, countersign, countersign_once, once
from core.kernel.db import lock
from core.kernel.dsse import Envelope, read_envelope
from core.kernel.errors import NotFound, RuleBroken, WrongState
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.relief import CASE, END, FREE, MOVES, WAIVE, End, Freed, ReliefAction, ReliefState, Waiver
from deposits.events_reliefs import FirmWaived, KindFreed, ReliefEnded
from deposits.models.reliefs import Relief
from deposits.services import relief_letters

READERS = {FREE: Freed.read, WAIVE: Waiver.read}
EVENTS = {FREE: KindFreed, WAIVE: FirmWaived}
CHAIN = CaseId(CASE)


def propose(work: Work, kind: str, request: SignedRequest) -> dict[str, JSON]:
    """The centre signs `deposit.free` or `deposit.waive` (`kind`); it holds once a supervisor has signed the same bytes.

    Raises what the body's reader raises.
    """
    return once(work, request, Expect(kind, CHAIN, role=Role.CENTRE, step_up=True), lambda act: _propose(work, kind, act))


def _propose(work: Work, kind: str, act: Act) -> dict[str, JSON]:
    said = READERS[kind](act.body)
    if isinstance(said, Waiver):
        _check_firm(work, said)
    now = work.now()
    row = Relief(
        id=new_id(now),
        sha256=act.payload_sha256,
        kind=kind,
        body=dict(act.body),
        state=ReliefState.PROPOSED,
        proposal=act.envelope.to_json(),
        proposed_at=now,
        end_reason="",
    )
    work.session.add(row)
    work.session.flush()
    relief_letters.announce(work, row.id, act.payload_sha256)
    return _answer(row) | {"envelope": act.envelope.to_json()}


def _check_firm(work: Work, said: Waiver) -> None:
    """Raises RuleBroken "relief.firm" for a firm that is none, or is called otherwise."""
    try:
        found = people.organisation(work.session, said.org)
    except NotFound:
        raise RuleBroken("relief.firm") from None
    if found.name != said.name:
        raise RuleBroken("relief.firm")


def agree(work: Work, relief: UUID, request: SignedRequest) -> dict[str, JSON]:
    """A supervisor signs what was proposed: it holds from now on, within its days. The same again is the same answer."""
    return countersign_once(work, request, CHAIN, lambda: _agree(work, relief, request))


def _agree(work: Work, relief: UUID, request: SignedRequest) -> dict[str, JSON]:
    row = lock(work.session, Relief, Relief.id == relief)
    state = MOVES.choose(ReliefAction.AGREE, row.state, work.actor.roles, None)
    both = _both(work, row, request, row.kind)
    row.state, row.proposal, row.agreed_at = state, None, work.now()
    work.record(EVENTS[row.kind](case=CHAIN, subject=row.sha256, signed=both))
    return _answer(row)


def propose_end(work: Work, request: SignedRequest) -> dict[str, JSON]:
    """The centre signs `deposit.relief_end`; nothing changes before a supervisor has signed it too."""
    return once(work, request, Expect(END, CHAIN, role=Role.CENTRE, step_up=True), lambda act: _propose_end(work, act))


def _propose_end(work: Work, act: Act) -> dict[str, JSON]:
    said = End.read(act.body)
    if (found := work.session.scalar(select(Relief.id).where(Relief.sha256 == said.relief_sha256))) is None:
        raise RuleBroken("relief.unknown")
    row = lock(work.session, Relief, Relief.id == found)
    row.state = MOVES.choose(ReliefAction.PROPOSE_END, row.state, frozenset({act.role}), None)
    row.proposal, row.end_reason = act.envelope.to_json(), said.reason
    relief_letters.announce(work, row.id, act.payload_sha256)
    return _answer(row) | {"envelope": act.envelope.to_json()}


def end(work: Work, relief: UUID, request: SignedRequest) -> dict[str, JSON]:
    """A supervisor signs the end: from now on it holds for nothing new. The same again is the same answer."""
    return countersign_once(work, request, CHAIN, lambda: _end(work, relief, request))


def _end(work: Work, relief: UUID, request: SignedRequest) -> dict[str, JSON]:
    row = lock(work.session, Relief, Relief.id == relief)
    state = MOVES.choose(ReliefAction.END, row.state, work.actor.roles, None)
    both = _both(work, row, request, END)
    row.state, row.proposal, row.ended_at = state, None, work.now()
    work.record(ReliefEnded(case=CHAIN, subject=row.sha256, signed=both))
    return _answer(row)


def set_aside(work: Work, relief: UUID) -> dict[str, JSON]:
    """What waits for a second signature waits no more: a proposal is dropped, a relief about to be ended stays."""
    row = lock(work.session, Relief, Relief.id == relief)
    action = ReliefAction.KEEP if ReliefAction.KEEP in MOVES.available(row.state, work.actor.roles, None) else ReliefAction.DROP
    row.state, row.proposal, row.end_reason = MOVES.choose(action, row.state, work.actor.roles, None), None, ""
    return _answer(row)


def _both(work: Work, row: Relief, request: SignedRequest, kind: str) -> Envelope:
    if row.proposal is None:
        raise WrongState("relief.not_proposed")
    return countersign(work, request, read_envelope(row.proposal), Expect(kind, CHAIN, role=Role.SUPERVISOR, step_up=True))


def _answer(row: Relief) -> dict[str, JSON]:
    return {"relief": str(row.id), "state": row.state.value}
