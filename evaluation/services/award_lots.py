"""Draws of lots in an award session: committed to and revealed by three parties, drawn by themselves."""

from __future__ import annotations

import hmac
from typing import cast
from uuid import UUID

from core.identity.services.acts import Act, SignedRequest
from core.kernel import draw as kernel
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.award_lots import MOVES, PARTY_OF
from evaluation.domain.award_roster import MEMBERS, STRATUM, chair_of
from evaluation.domain.award_session import Action
from evaluation.events_award import AwardLotsCommitted, AwardLotsDrawn, AwardLotsGivenUp, AwardLotsRevealed
from evaluation.models.awards import AwardLots, AwardSlip
from evaluation.queries import award_lots as queries
from evaluation.services import award_asks, award_counts
from evaluation.services.award_sittings import SYSTEM, Sitting, act_in_session, seat
from trading.domain.coefficient import DrawAction, DrawFacts, RedrawBody, SlipBody, next_parties, with_party


def commit(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party hands in its sealed slip; the last one closes the commits. Records AwardLotsCommitted."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "commit")
        row = _hold(sitting, said.draw)
        party = _party(sitting, act, said.party)
        row.state = MOVES.choose(DrawAction.COMMIT, row.state, sitting.roles(act), _facts(sitting, row, party))
        sitting.work.session.add(AwardSlip(lots_id=row.id, party=party, commitment=said.value, value=""))
        sitting.record(AwardLotsCommitted, act, subject=row.name, draw=row.name, party=party)
        return _follow(sitting, row)

    return act_in_session(work, number, signed, ("award_draw.commit", None), do)


def reveal(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party opens its slip; the last one draws, and the session goes on. Records AwardLotsRevealed and, at the last, AwardLotsDrawn."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = SlipBody.read(act.body, "value")
        row = _hold(sitting, said.draw)
        party = _party(sitting, act, said.party)
        slip = sitting.work.session.get(AwardSlip, (row.id, party))
        made = kernel.commit(sitting.lot.case, row.name, party, bytes.fromhex(said.value)).hex()
        matches = slip is not None and hmac.compare_digest(slip.commitment, made)
        facts = with_party(_facts(sitting, row, party), party, matches)
        row.state = MOVES.choose(DrawAction.REVEAL, row.state, sitting.roles(act), facts)
        assert slip is not None  # nobody reveals before all have committed
        slip.value = said.value
        sitting.record(AwardLotsRevealed, act, subject=row.name, draw=row.name, party=party)
        return _follow(sitting, row)

    return act_in_session(work, number, signed, ("award_draw.reveal", None), do)


def redraw(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre gives a draw up because a party is silent, with a reason that is logged; the others draw anew."""

    def do(sitting: Sitting, act: Act) -> dict[str, JSON]:
        said = RedrawBody.read(act.body)
        row = _hold(sitting, said.draw)
        facts = _facts(sitting, row)
        parties = next_parties(facts, row.state)
        row.state = MOVES.choose(DrawAction.ABANDON, row.state, sitting.roles(act), facts)
        sitting.record(AwardLotsGivenUp, act, subject=row.name, draw=row.name, reason=said.reason)
        among = queries.pool_of(row)
        award_asks.ask(work, sitting, row.purpose, among, queries.quota_of(row), parties=parties)
        return sitting.answer

    return act_in_session(work, number, signed, ("award_draw.redraw", Role.CENTRE), do)


def _follow(sitting: Sitting, row: AwardLots) -> dict[str, JSON]:
    """What the last commit and the last reveal bring about by themselves."""
    sitting.work.session.flush()
    ready = MOVES.available(row.state, SYSTEM, _facts(sitting, row))
    if DrawAction.CLOSE in ready:
        row.state = MOVES.choose(DrawAction.CLOSE, row.state, SYSTEM, _facts(sitting, row))
        row.since = sitting.now
        sitting.witness("award.commits", row.id)  # the slips are witnessed before the first of them is opened
    if DrawAction.DRAW in ready:
        row.state = MOVES.choose(DrawAction.DRAW, row.state, SYSTEM, _facts(sitting, row))
        found = kernel.replay(kernel.parse_draw(queries.record_of(sitting.work.session, row, sitting.lot.case)))
        order = [*found.picked[STRATUM], *found.reserves[STRATUM]]
        row.seed, row.order, row.drawn_at = found.seed.hex(), cast(JSON, order), sitting.now
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


def _hold(sitting: Sitting, name: str) -> AwardLots:
    """The draw of that name in the session, locked; raises NotFound."""
    return lock(sitting.work.session, AwardLots, AwardLots.session_id == sitting.row.id, AwardLots.name == name)


def _facts(sitting: Sitting, row: AwardLots, party: str = "") -> DrawFacts:
    return queries.facts_of(sitting.work.session, row, sitting.now, party)


def _party(sitting: Sitting, act: Act, said: str) -> str:
    party = PARTY_OF.get(act.role)
    if party is None or act.role not in sitting.roles(act):
        raise NotAllowed("award_draw.commit.not_allowed")
    if party != said:
        raise RuleBroken("coefficient.party.other", party=party)
    return party
