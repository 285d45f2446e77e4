"""Lots drawn among equal bids: committed to and revealed by three parties in the presence of the committee, drawn by themselves."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import draw as kernel
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.room import roles_of
from evaluation.domain.ties import MOVES, PARTY_OF, STRATUM, is_held
from evaluation.events_ties import TieDrawGivenUp, TieDrawn, TieSlipCommitted, TieSlipRevealed
from evaluation.models.ties import TieDraw, TieSlip
from evaluation.queries import ties as queries
from evaluation.services import progress, ties
from evaluation.services.locked import SYSTEM, LockedRoom
from trading.domain.coefficient import DrawAction, DrawFacts, RedrawBody, SlipBody, next_parties, with_party
from trading.queries import lots

Do = Callable[[LockedRoom, Act], dict[str, JSON]]


def commit(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party hands in its sealed slip; the last one closes the commits. Records TieSlipCommitted."""

    def do(room: LockedRoom, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "commit")
        row = _hold(room, said.draw)
        party = _party(act, said.party)
        row.state = MOVES.choose(DrawAction.COMMIT, row.state, _roles(room, act), _facts(room, row, party))
        _must_wait(room, row)
        work.session.add(TieSlip(tie_id=row.id, party=party, commitment=said.value, value=""))
        work.record(TieSlipCommitted(party=party, **_told(room, row, act)))
        return _follow(room, row)

    return _act(work, number, signed, ("tie_draw.commit", None), do)


def reveal(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party opens its slip; the last one draws, and the ranking follows. Records TieSlipRevealed and, at the last, TieDrawn."""

    def do(room: LockedRoom, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "value")
        row = _hold(room, said.draw)
        party = _party(act, said.party)
        slip = work.session.get(TieSlip, (row.id, party))
        made = kernel.commit(room.lot.case, row.name, party, bytes.fromhex(said.value)).hex()
        matches = slip is not None and hmac.compare_digest(slip.commitment, made)
        facts = with_party(_facts(room, row, party), party, matches)
        row.state = MOVES.choose(DrawAction.REVEAL, row.state, _roles(room, act), facts)
        _must_wait(room, row)
        assert slip is not None  # nobody reveals before all have committed
        slip.value = said.value
        work.record(TieSlipRevealed(party=party, **_told(room, row, act)))
        return _follow(room, row)

    return _act(work, number, signed, ("tie_draw.reveal", None), do)


def redraw(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre gives a draw up because a party is silent, with a reason that is logged; the others draw anew."""

    def do(room: LockedRoom, act: Act) -> dict[str, JSON]:
        said = RedrawBody.read(act.body)
        row = _hold(room, said.draw)
        facts = _facts(room, row)
        parties = next_parties(facts, row.state)
        row.state = MOVES.choose(DrawAction.ABANDON, row.state, _roles(room, act), facts)
        _must_wait(room, row)
        work.record(TieDrawGivenUp(reason=said.reason, **_told(room, row, act)))
        ties.ask(work, room, sorted(queries.among_of(row)), parties=parties)
        return _answer(room)

    return _act(work, number, signed, ("tie_draw.redraw", Role.CENTRE), do)


def _act(work: Work, number: str, signed: SignedRequest, expected: tuple[str, Role | None], do: Do) -> dict[str, JSON]:
    """Accepts a statement of this type and role; with step-up, but for slips."""
    lot = lots.by_number(work.session, number)
    kind, role = expected
    expect = Expect(kind, lot.case, lot.no, role=role, step_up=role is not None)
    return once(work, signed, expect, lambda act: do(LockedRoom(work, lot), act))


def _follow(room: LockedRoom, row: TieDraw) -> dict[str, JSON]:
    """What the last commit and the last reveal bring about by themselves."""
    work = room.work
    work.session.flush()
    ready = MOVES.available(row.state, SYSTEM, _facts(room, row))
    if DrawAction.CLOSE in ready:
        row.state = MOVES.choose(DrawAction.CLOSE, row.state, SYSTEM, _facts(room, row))
        row.since = room.now
        work.send("log.checkpoint", f"tie.commits/{row.id}", {"reason": "draw"})  # witnessed before the first slip is opened
    if DrawAction.DRAW in ready:
        row.state = MOVES.choose(DrawAction.DRAW, row.state, SYSTEM, _facts(room, row))
        found = kernel.replay(kernel.parse_draw(queries.record_of(work.session, row, room.lot.case)))
        order = [*found.picked[STRATUM], *found.reserves[STRATUM]]
        row.seed, row.order, row.drawn_at = found.seed.hex(), cast(JSON, order), room.now
        work.record(TieDrawn(pool_hash=row.pool_hash, seed=row.seed, order=order, **_told(room, row)))
        work.send("log.checkpoint", f"tie.lots/{row.id}", {"reason": "draw"})
        work.session.flush()
        progress.lots_drawn(work, room)
    return _answer(room)


def _told(room: LockedRoom, row: TieDraw, act: Act | None = None) -> dict[str, Any]:
    """What every event of a draw says."""
    signed = None if act is None else act.envelope
    return {"case": room.lot.case, "lot": room.lot.no, "signed": signed, "subject": row.name, "draw": row.name}


def _answer(room: LockedRoom) -> dict[str, JSON]:
    return {"state": room.row.state.value}


def _hold(room: LockedRoom, name: str) -> TieDraw:
    """The draw of that name in the room, locked; raises NotFound."""
    return lock(room.work.session, TieDraw, TieDraw.evaluation_id == room.row.id, TieDraw.name == name)


def _must_wait(room: LockedRoom, row: TieDraw) -> None:
    """Raises WrongState unless the ranking waits for this draw."""
    due = {frozenset(bids) for bids in queries.waiting(room.row, room.lot)}
    if (refusal := is_held(queries.among_of(row) in due)) is not None:
        raise refusal


def _facts(room: LockedRoom, row: TieDraw, party: str = "") -> DrawFacts:
    return queries.facts_of(room.work.session, row, room.now, party)


def _roles(room: LockedRoom, act: Act) -> frozenset[Role]:
    """What the caller is in this room, seats aside: members watch."""
    actor = replace(Actor(person=act.person, org=act.org), roles=frozenset({act.role}))
    return roles_of(actor, (), room.lot.parties.tenderer)


def _party(act: Act, said: str) -> str:
    party = PARTY_OF.get(act.role)
    if party is None:
        raise NotAllowed("tie_draw.commit.not_allowed")
    if party != said:
        raise RuleBroken("coefficient.party.other", party=party)
    return party
