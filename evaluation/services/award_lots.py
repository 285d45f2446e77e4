"""Draws of lots in an award session: committed to and revealed by three parties, drawn by themselves."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from core.identity.services.acts import Act, SignedRequest
from core.kernel.db import lock
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.award_lots import MOVES
from evaluation.domain.award_roster import MEMBERS, STRATUM, chair_of
from evaluation.domain.award_session import Action
from evaluation.events_award import AwardLotsCommitted, AwardLotsDrawn, AwardLotsGivenUp, AwardLotsRevealed
from evaluation.models.awards import AwardLots
from evaluation.queries import award_lots as queries
from evaluation.services import award_asks, award_counts
from evaluation.services.award_sittings import Sitting, act_in_session, seat
from trading.domain.lots_drawn import RedrawBody, SlipBody
from trading.services.lots_drawn import Drawing


def commit(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party hands in its sealed slip; the last one closes the commits. Records AwardLotsCommitted."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "commit")
        drawing = _hold(sitting, said.draw, act)
        party = drawing.commit(act, said)
        sitting.record(AwardLotsCommitted, act, subject=said.draw, draw=said.draw, party=party)
        return _follow(sitting, drawing)

    return act_in_session(work, number, signed, ("award_draw.commit", None), do)


def reveal(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party opens its slip; the last one draws, and the session goes on. Records AwardLotsRevealed and, at the last, AwardLotsDrawn."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "value")
        drawing = _hold(sitting, said.draw, act)
        party = drawing.reveal(act, said)
        sitting.record(AwardLotsRevealed, act, subject=said.draw, draw=said.draw, party=party)
        return _follow(sitting, drawing)

    return act_in_session(work, number, signed, ("award_draw.reveal", None), do)


def redraw(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre gives a draw up because a party is silent, with a reason that is logged; the others draw anew."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = RedrawBody.read(act.body)
        drawing = _hold(sitting, said.draw, act)
        parties, row = drawing.give_up(), drawing.row
        sitting.record(AwardLotsGivenUp, act, subject=row.name, draw=row.name, reason=said.reason)
        award_asks.ask(work, sitting, row.purpose, queries.pool_of(row), queries.quota_of(row), parties=parties)
        return sitting.answer

    return act_in_session(work, number, signed, ("award_draw.redraw", Role.CENTRE), do)


def _follow(sitting: Sitting, drawing: Drawing[AwardLots]) -> dict[str, JSON]:
    """What the last commit and the last reveal bring about by themselves."""
    row = drawing.row
    if drawing.close():
        sitting.witness("award.commits", row.id)
    if (found := drawing.draw()) is not None:
        order = [*found.picked[STRATUM], *found.reserves[STRATUM]]
        row.order = cast(JSON, order)
        sitting.record(AwardLotsDrawn, subject=row.name, draw=row.name, pool_hash=row.pool_hash, seed=row.seed, order=order)
        sitting.witness("award.lots", row.id)
        _use(sitting, row, order)
    return sitting.answer


def _use(sitting: Sitting, row: AwardLots, order: list[str]) -> None:
    """The drawn members sit, or the vote goes on with what was drawn."""
    if row.purpose != MEMBERS:
        award_counts.after_lots(sitting.work, sitting)
        return
    listed = sitting.listed
    drawn = [PersonId(UUID(one)) for one in order[: queries.quota_of(row)]]
    chair = chair_of(sitting.plan, listed)
    sitting.row.line = cast(JSON, order)
    seat(sitting.work, sitting, {one: listed[one] for one in ([chair] if chair else []) + drawn})
    sitting.move(Action.SEAT)


def _hold(sitting: Sitting, name: str, act: Act) -> Drawing[AwardLots]:
    """The draw of that name in the session, locked; raises NotFound."""
    session = sitting.work.session
    row = lock(session, AwardLots, AwardLots.session_id == sitting.row.id, AwardLots.name == name)
    return Drawing(session, sitting.lot.case, row, MOVES, sitting.roles(act), sitting.now)
