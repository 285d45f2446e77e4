"""The draw of coefficients in the hall: asked for when the list is public, committed to and revealed by three parties, drawn by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import select

from core.identity.services.acts import Act, SignedRequest
from core.kernel.db import lock
from core.kernel.errors import NotFound
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import coefficient as rules
from trading.domain.lots_drawn import PARTIES, RedrawBody, SlipBody
from trading.events_coefficient import (
    CoefficientCommitted,
    CoefficientRevealed,
    CoefficientsAsked,
    CoefficientsDrawn,
    CoefficientsGivenUp,
)
from trading.models.coefficient import CoefficientDraw
from trading.queries.lots_drawn import asked
from trading.services import lots_drawn
from trading.services.held import Held, act_in_hall
from trading.services.lots_drawn import Drawing


def ask(work: Work, held: Held, parties: Sequence[str] = PARTIES) -> None:
    """Begins a draw where the document leaves coefficients to one: the list is public, no key has been released."""
    wanted = rules.coefficients_of(held.lot.method)
    if not wanted or held.opening.round > 0:
        return
    number = len(work.session.scalars(select(CoefficientDraw.id).where(CoefficientDraw.lot_id == held.lot.id)).all()) + 1
    name, request = f"coefficients-{held.lot.no}-{number}", rules.request_of(wanted)
    row = lots_drawn.begin(work, CoefficientDraw, number, name, request, parties, lot_id=held.lot.id, drawn={})
    held.record(CoefficientsAsked, **asked(row))


def commit(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A party hands in its sealed slip; the last one closes the commits."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "commit")
        drawing = _hold(held, said.draw, act)
        party = drawing.commit(act, said)
        held.record(CoefficientCommitted, act, subject=said.draw, draw=said.draw, party=party)
        return _follow(held, drawing)

    return act_in_hall(work, number, request, ("coefficient.commit", None), do)


def reveal(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A party opens its slip; the last one draws."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "value")
        drawing = _hold(held, said.draw, act)
        party = drawing.reveal(act, said)
        held.record(CoefficientRevealed, act, subject=said.draw, draw=said.draw, party=party)
        return _follow(held, drawing)

    return act_in_hall(work, number, request, ("coefficient.reveal", None), do)


def redraw(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The host gives a draw up because a party is silent, with a reason that is logged; the others draw anew."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        said = RedrawBody.read(act.body)
        drawing = _hold(held, said.draw, act)
        parties = drawing.give_up()
        held.record(CoefficientsGivenUp, act, subject=said.draw, draw=said.draw, reason=said.reason)
        ask(work, held, parties)
        return {"state": drawing.row.state.value}

    return act_in_hall(work, number, request, ("coefficient.redraw", Role.CENTRE), do, step_up=True)


def _follow(held: Held, drawing: Drawing[CoefficientDraw]) -> dict[str, JSON]:
    """What the last commit and the last reveal bring about by themselves."""
    row = drawing.row
    if drawing.close():
        held.witness(f"coefficient.commits/{row.number}")
    if (found := drawing.draw()) is not None:
        drawn = rules.chosen(found.picked)
        row.drawn = cast(JSON, drawn)
        held.record(CoefficientsDrawn, subject=row.name, draw=row.name, pool_hash=row.pool_hash, seed=row.seed, drawn=drawn)
        held.witness(f"coefficient.result/{row.number}")
    return {"state": row.state.value}


def _hold(held: Held, name: str, act: Act) -> Drawing[CoefficientDraw]:
    """The draw of that name in the lot, locked; raises NotFound for any but the one under way."""
    row = lock(held.work.session, CoefficientDraw, CoefficientDraw.lot_id == held.lot.id, CoefficientDraw.name == name)
    if held.opening.round > 0:
        raise NotFound("coefficient.not_found")
    return Drawing(held.work.session, held.lot.case, row, rules.MOVES, held.roles & {act.role}, held.now)
