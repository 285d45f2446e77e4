"""Lots drawn among equal bids: committed to and revealed by three parties in the presence of the committee, drawn by themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.room import roles_of
from evaluation.domain.ties import MOVES, STRATUM, is_held
from evaluation.events_ties import TieDrawGivenUp, TieDrawn, TieSlipCommitted, TieSlipRevealed
from evaluation.models.ties import TieDraw
from evaluation.queries import ties as queries
from evaluation.services import progress, ties
from evaluation.services.locked import LockedRoom
from trading.domain.lots_drawn import RedrawBody, SlipBody
from trading.queries import lots
from trading.services.lots_drawn import Drawing

Do = Callable[[LockedRoom, Act], dict[str, JSON]]


def commit(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party hands in its sealed slip; the last one closes the commits. Records TieSlipCommitted."""

    def do(room: LockedRoom, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "commit")
        drawing = _hold(room, said.draw, act)
        party = drawing.commit(act, said)
        _must_wait(room, drawing.row)
        work.record(TieSlipCommitted(party=party, **_told(room, drawing.row, act)))
        return _follow(room, drawing)

    return _act(work, number, signed, ("tie_draw.commit", None), do)


def reveal(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party opens its slip; the last one draws, and the ranking follows. Records TieSlipRevealed and, at the last, TieDrawn."""

    def do(room: LockedRoom, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "value")
        drawing = _hold(room, said.draw, act)
        party = drawing.reveal(act, said)
        _must_wait(room, drawing.row)
        work.record(TieSlipRevealed(party=party, **_told(room, drawing.row, act)))
        return _follow(room, drawing)

    return _act(work, number, signed, ("tie_draw.reveal", None), do)


def redraw(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre gives a draw up because a party is silent, with a reason that is logged; the others draw anew."""

    def do(room: LockedRoom, act: Act) -> dict[str, JSON]:
        said = RedrawBody.read(act.body)
        drawing = _hold(room, said.draw, act)
        parties = drawing.give_up()
        _must_wait(room, drawing.row)
        work.record(TieDrawGivenUp(reason=said.reason, **_told(room, drawing.row, act)))
        ties.ask(work, room, sorted(queries.among_of(drawing.row)), parties=parties)
        return _answer(room)

    return _act(work, number, signed, ("tie_draw.redraw", Role.CENTRE), do)


def _act(work: Work, number: str, signed: SignedRequest, expected: tuple[str, Role | None], do: Do) -> dict[str, JSON]:
    """Accepts a statement of this type and role; with step-up, but for slips. Raises WrongState while the room is paused."""
    lot = lots.by_number(work.session, number)
    kind, role = expected
    expect = Expect(kind, lot.case, lot.no, role=role, step_up=role is not None)

    def act_in(act: Act) -> dict[str, JSON]:
        room = LockedRoom(work, lot)
        room.refuse_while_paused()
        return do(room, act)

    return once(work, signed, expect, act_in)


def _follow(room: LockedRoom, drawing: Drawing[TieDraw]) -> dict[str, JSON]:
    """What the last commit and the last reveal bring about by themselves."""
    work, row = room.work, drawing.row
    if drawing.close():
        work.send("log.checkpoint", f"tie.commits/{row.id}", {"reason": "draw"})
    if (found := drawing.draw()) is not None:
        order = [*found.picked[STRATUM], *found.reserves[STRATUM]]
        row.order = cast(JSON, order)
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


def _hold(room: LockedRoom, name: str, act: Act) -> Drawing[TieDraw]:
    """The draw of that name in the room, locked; raises NotFound."""
    row = lock(room.work.session, TieDraw, TieDraw.evaluation_id == room.row.id, TieDraw.name == name)
    return Drawing(room.work.session, room.lot.case, row, MOVES, _roles(room, act), room.now)


def _must_wait(room: LockedRoom, row: TieDraw) -> None:
    """Raises WrongState unless the ranking waits for this draw."""
    due = {frozenset(bids) for bids in queries.waiting(room.row, room.lot)}
    if (refusal := is_held(queries.among_of(row) in due)) is not None:
        raise refusal


def _roles(room: LockedRoom, act: Act) -> frozenset[Role]:
    """What the caller is in this room, seats aside: members watch."""
    actor = replace(Actor(person=act.person, org=act.org), roles=frozenset({act.role}))
    return roles_of(actor, (), room.lot.parties.tenderer)
