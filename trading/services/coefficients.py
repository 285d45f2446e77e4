"""The draw of coefficients in the hall: asked for when the list is public, committed to and revealed by three parties, drawn by itself."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import select

from core.identity.services.acts import Act, SignedRequest
from core.kernel import draw as kernel
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, NotFound, RuleBroken
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import coefficient as rules
from trading.domain.coefficient import PARTY_OF, DrawAction, DrawFacts, DrawState, RedrawBody, SlipBody
from trading.events_coefficient import (
    CoefficientCommitted,
    CoefficientRevealed,
    CoefficientsAsked,
    CoefficientsDrawn,
    CoefficientsGivenUp,
)
from trading.models.coefficient import CoefficientDraw, CoefficientSlip
from trading.queries import coefficients as queries
from trading.services.held import Held, act_in_hall

_SYSTEM = frozenset({Role.SYSTEM})


def ask(work: Work, held: Held, parties: Sequence[str] = rules.PARTIES) -> None:
    """Begins a draw where the document leaves coefficients to one: the list is public, no key has been released."""
    wanted = rules.coefficients_of(held.lot.method)
    if not wanted or held.opening.round > 0:
        return
    number = len(work.session.scalars(select(CoefficientDraw.id).where(CoefficientDraw.lot_id == held.lot.id)).all()) + 1
    request = rules.request_of(wanted)
    row = CoefficientDraw(
        id=new_id(held.now),
        lot_id=held.lot.id,
        number=number,
        name=f"coefficients-{held.lot.no}-{number}",
        state=DrawState.REQUESTED,
        parties=list(parties),
        request=request,
        pool_hash=kernel.pool_hash(request).hex(),
        seed="",
        drawn={},
        since=held.now,
    )
    work.session.add(row)
    work.session.flush()
    held.record(CoefficientsAsked, subject=row.name, draw=row.name, parties=list(parties), request=request, pool_hash=row.pool_hash)


def commit(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A party hands in its sealed slip; the last one closes the commits."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "commit")
        row = _hold(held, said.draw)
        party = _party(act, held, said.party)
        row.state = rules.MOVES.choose(DrawAction.COMMIT, row.state, _roles(act, held), _facts(held, row, party))
        work.session.add(CoefficientSlip(draw_id=row.id, party=party, commitment=said.value, value=""))
        held.record(CoefficientCommitted, act, subject=row.name, draw=row.name, party=party)
        return _follow(held, row)

    return act_in_hall(work, number, request, ("coefficient.commit", None), do)


def reveal(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A party opens its slip; the last one draws."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "value")
        row = _hold(held, said.draw)
        party = _party(act, held, said.party)
        slip = work.session.get(CoefficientSlip, (row.id, party))
        made = kernel.commit(held.lot.case, row.name, party, bytes.fromhex(said.value)).hex()
        matches = slip is not None and hmac.compare_digest(slip.commitment, made)
        facts = rules.with_party(_facts(held, row, party), party, matches)
        row.state = rules.MOVES.choose(DrawAction.REVEAL, row.state, _roles(act, held), facts)
        assert slip is not None  # nobody reveals before all have committed
        slip.value = said.value
        held.record(CoefficientRevealed, act, subject=row.name, draw=row.name, party=party)
        return _follow(held, row)

    return act_in_hall(work, number, request, ("coefficient.reveal", None), do)


def redraw(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The host gives a draw up because a party is silent, with a reason that is logged; the others draw anew."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        said = RedrawBody.read(act.body)
        row = _hold(held, said.draw)
        facts = _facts(held, row)
        parties = rules.next_parties(facts, row.state)
        row.state = rules.MOVES.choose(DrawAction.ABANDON, row.state, held.roles, facts)
        held.record(CoefficientsGivenUp, act, subject=row.name, draw=row.name, reason=said.reason)
        ask(work, held, parties)
        return {"state": row.state.value}

    return act_in_hall(work, number, request, ("coefficient.redraw", Role.CENTRE), do, step_up=True)


def _follow(held: Held, row: CoefficientDraw) -> dict[str, JSON]:
    """What the last commit and the last reveal bring about by themselves."""
    held.work.session.flush()
    ready = rules.MOVES.available(row.state, _SYSTEM, _facts(held, row))
    if DrawAction.CLOSE in ready:
        row.state = rules.MOVES.choose(DrawAction.CLOSE, row.state, _SYSTEM, _facts(held, row))
        row.since = held.now
        held.witness(f"coefficient.commits/{row.number}")  # the slips are witnessed before the first of them is opened
    if DrawAction.DRAW in ready:
        row.state = rules.MOVES.choose(DrawAction.DRAW, row.state, _SYSTEM, _facts(held, row))
        found = kernel.replay(kernel.parse_draw(queries.record_of(held.work.session, row, held.lot.case)))
        row.seed, row.drawn, row.drawn_at = found.seed.hex(), cast(JSON, rules.chosen(found.picked)), held.now
        drawn = cast("Mapping[str, str]", row.drawn)
        held.record(CoefficientsDrawn, subject=row.name, draw=row.name, pool_hash=row.pool_hash, seed=row.seed, drawn=drawn)
        held.witness(f"coefficient.result/{row.number}")
    return {"state": row.state.value}


def _hold(held: Held, name: str) -> CoefficientDraw:
    """The draw of that name in the lot, locked; raises NotFound for any but the one under way."""
    row = lock(held.work.session, CoefficientDraw, CoefficientDraw.lot_id == held.lot.id, CoefficientDraw.name == name)
    if held.opening.round > 0:
        raise NotFound("coefficient.not_found")
    return row


def _facts(held: Held, row: CoefficientDraw, party: str = "") -> DrawFacts:
    return rules.with_party(queries.facts_of(row, queries.slips(held.work.session, row.id), held.now), party)


def _roles(act: Act, held: Held) -> frozenset[Role]:
    return held.roles & {act.role}


def _party(act: Act, held: Held, said: str) -> str:
    party = PARTY_OF.get(act.role)
    if party is None or act.role not in held.roles:
        raise NotAllowed("coefficient.commit.not_allowed")
    if party != said:
        raise RuleBroken("coefficient.party.other", party=party)
    return party
