"""The expert draw: prepared and requested by the centre, committed and revealed by three parties, then drawn by itself."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from core.identity.queries import people
from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import draw as kernel
from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.db import lock
from core.kernel.errors import NotAllowed, RuleBroken, WrongState
from core.kernel.ids import new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.committee import SitePlan
from evaluation.domain.draw import (
    MOVES,
    PARTY_OF,
    Action,
    CommitBody,
    Facts,
    PoolMember,
    Quota,
    RecusalBody,
    RequestBody,
    RevealBody,
    State,
    Wanted,
    may_be_asked_again,
    request_body,
    wants_a_committee,
)
from evaluation.domain.expert import ExpertFacts, must_step_back
from evaluation.events import DrawCommitted, DrawRequested, DrawRevealed, ExpertRecused, ExpertsDrawn
from evaluation.models.draws import Draw, DrawPseudonym, DrawRecusal, DrawSlip, PreparedDraw
from evaluation.models.experts import Expert, Site
from evaluation.queries import bids, experts
from evaluation.queries.draws import record_of, recused_later
from evaluation.queries.stage import is_opening
from trading.domain.lot import roles_of
from trading.models.lot import Lot
from trading.queries import lots
from trading.queries.consortia import behind
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})


def prepare(work: Work, number: str, wanted: Wanted, sites: Sequence[SitePlan]) -> dict[str, JSON]:
    """Draws up a request under fresh pseudonyms, recusals matched already, for the centre to sign. Returns {draw, request}.

    Bidders are matched here and shown to nobody: what comes out is a list of pseudonyms without causes.
    """
    lot = lots.by_number(work.session, number)
    _as_centre(work, lot)
    _may_draw(lot)
    wants_a_committee(wanted.quotas)
    earlier = work.session.scalar(select(func.count()).select_from(Draw).where(Draw.lot_id == lot.id)) or 0
    if refusal := may_be_asked_again(earlier, wanted.reason):
        raise refusal
    _check_sites(work, sites, sum(quota.count for quota in wanted.quotas))
    day = legal_day(work.now())
    pool = experts.pool_for(work.session, {quota.stratum for quota in wanted.quotas}, day)
    names = dict(zip((expert.id for expert in pool), _fresh("P", len(pool)), strict=True))
    employers = sorted({expert.employer.uscc for expert in pool})
    orgs = dict(zip(employers, _fresh("O", len(employers)), strict=True))
    bidders = behind(work.session, lot.id, [bid.org for bid in bids.opened(work.session, lot.id)])
    parties = {*bidders, lot.parties.tenderer, lot.parties.agency}
    interested = frozenset(people.organisation(work.session, org).uscc for org in parties)
    members = [PoolMember(names[one.id], _strata(one, wanted.quotas), orgs[one.employer.uscc]) for one in pool]
    recused = [names[one.id] for one in pool if must_step_back(one, interested, day)]
    request = request_body(members, wanted.quotas, recused, wanted.org_cap)
    _can_be_filled(request)
    now = work.now()
    name = f"draw-{lot.no}-{earlier + 1}"
    plan: list[JSON] = [{"site": site.site, "seats": site.seats} for site in sites]
    prepared = PreparedDraw(id=new_id(now), lot_id=lot.id, name=name, request=request, sites=plan, prepared_at=now)
    work.session.add(prepared)
    work.session.flush()
    work.session.add_all(DrawPseudonym(prepared_id=prepared.id, pseudonym=names[one.id], expert_id=UUID(one.id)) for one in pool)
    return {"draw": name, "request": request}


def request(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """The centre signs the prepared request: from here on nothing of it changes. Records DrawRequested."""
    lot = lots.by_number(work.session, number)
    return once(
        work, signed, Expect("draw.request", lot.case, lot.no, role=Role.CENTRE, step_up=True), lambda act: _request(work, lot, act)
    )


def commit(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party hands in its sealed slip; the last one closes the commits. Records DrawCommitted."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("draw.commit", lot.case, lot.no), lambda act: _commit(work, lot, act))


def reveal(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A party opens its slip; the last one draws. Records DrawRevealed and, at the last, ExpertsDrawn."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("draw.reveal", lot.case, lot.no), lambda act: _reveal(work, lot, act))


def recuse(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """A drawn expert steps back, or the centre notes it; the next in ticket order moves up. Records ExpertRecused."""
    lot = lots.by_number(work.session, number)
    return once(work, signed, Expect("draw.recusal", lot.case, lot.no), lambda act: _recuse(work, lot, act))


def replace(work: Work, draw: Draw, pseudonym: str, reason: str) -> str:
    """Takes a seated pseudonym out of a held draw and returns the successor's; raises RuleBroken when nobody is left."""
    before = set(_seated(draw.picked))
    number = len(recused_later(work.session, draw.id)) + 1
    work.session.add(DrawRecusal(draw_id=draw.id, number=number, pseudonym=pseudonym, reason=reason, at=work.now()))
    work.session.flush()
    try:
        drawn = kernel.replay(kernel.parse_draw(record_of(work.session, draw)))
    except kernel.DrawFault:
        raise RuleBroken("draw.recuse.nobody_left") from None
    draw.picked, draw.reserves = _lists(drawn.picked), _lists(drawn.reserves)
    return next(one for one in _seated(draw.picked) if one not in before)


def hold(work: Work, lot: LotView, name: str) -> Draw:
    """The draw of that name in the lot, locked; raises NotFound."""
    return lock(work.session, Draw, Draw.lot_id == lot.id, Draw.name == name)


def facts_of(work: Work, draw: Draw, **about: Any) -> Facts:
    """What the table of moves looks at."""
    slips = list(work.session.scalars(select(DrawSlip).where(DrawSlip.draw_id == draw.id)))
    return Facts(
        committed=frozenset(slip.party for slip in slips),
        revealed=frozenset(slip.party for slip in slips if slip.value),
        seated=frozenset(_seated(draw.picked)),
        **about,
    )


def _request(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = RequestBody.read(act.body)
    lock(work.session, Lot, Lot.id == lot.id)
    _may_draw(lots.by_id(work.session, lot.id))
    if work.session.scalar(select(Draw.id).where(Draw.lot_id == lot.id, Draw.name == body.draw)):
        raise WrongState("draw.request.twice")
    prepared = _newest(work, lot, body.draw)
    if prepared is None or prepared.request != body.request:
        raise RuleBroken("draw.request.other")
    digest = kernel.pool_hash(body.request).hex()
    draw = Draw(
        id=prepared.id,
        lot_id=lot.id,
        name=prepared.name,
        state=State.REQUESTED,
        purpose=body.purpose,
        pool_hash=digest,
        seed="",
        requested_at=work.now(),
    )
    work.session.add(draw)
    work.session.flush()
    work.record(
        DrawRequested(
            case=lot.case, lot=lot.no, signed=act.envelope, draw=draw.name, purpose=draw.purpose, pool_hash=digest, subject=draw.name
        )
    )
    return {"draw": draw.name, "pool_hash": digest}


def _newest(work: Work, lot: LotView, name: str) -> PreparedDraw | None:
    mine = select(PreparedDraw).where(PreparedDraw.lot_id == lot.id, PreparedDraw.name == name)
    return work.session.scalars(mine.order_by(PreparedDraw.prepared_at.desc(), PreparedDraw.id.desc()).limit(1)).first()


def _commit(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = CommitBody.read(act.body)
    draw = hold(work, lot, body.draw)
    party = _party(act, lot, body.party)
    draw.state = MOVES.choose(Action.COMMIT, draw.state, _roles(act, lot), facts_of(work, draw, party=party))
    work.now()
    work.session.add(DrawSlip(draw_id=draw.id, party=party, commit=body.commit, value=""))
    work.session.flush()
    work.record(
        DrawCommitted(case=lot.case, lot=lot.no, signed=act.envelope, draw=draw.name, party=party, commit=body.commit, subject=draw.name)
    )
    _follow(work, lot, draw)
    return {"state": draw.state.value}


def _reveal(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = RevealBody.read(act.body)
    draw = hold(work, lot, body.draw)
    party = _party(act, lot, body.party)
    slip = work.session.get(DrawSlip, (draw.id, party))
    made = kernel.commit(lot.case, draw.name, party, bytes.fromhex(body.value)).hex()
    matches = slip is not None and hmac.compare_digest(slip.commit, made)
    draw.state = MOVES.choose(Action.REVEAL, draw.state, _roles(act, lot), facts_of(work, draw, party=party, reveal_matches=matches))
    assert slip is not None  # nobody reveals before all have committed
    work.now()
    slip.value = body.value
    work.session.flush()
    work.record(
        DrawRevealed(case=lot.case, lot=lot.no, signed=act.envelope, draw=draw.name, party=party, value=body.value, subject=draw.name)
    )
    _follow(work, lot, draw)
    return {"state": draw.state.value}


def _follow(work: Work, lot: LotView, draw: Draw) -> None:
    """What the last commit and the last reveal bring about by themselves."""
    ready = MOVES.available(draw.state, SYSTEM, facts_of(work, draw))
    if Action.CLOSE in ready:
        draw.state = MOVES.choose(Action.CLOSE, draw.state, SYSTEM, facts_of(work, draw))
        # The slips stand in a witnessed checkpoint before the first of them is opened.
        work.send("log.checkpoint", f"draw.commits/{draw.id}", {"reason": "draw"})
    if Action.DRAW in ready:
        draw.state = MOVES.choose(Action.DRAW, draw.state, SYSTEM, facts_of(work, draw))
        drawn = kernel.replay(kernel.parse_draw(record_of(work.session, draw)))
        draw.seed, draw.picked, draw.reserves = drawn.seed.hex(), _lists(drawn.picked), _lists(drawn.reserves)
        draw.drawn_at = work.now()
        work.record(
            ExpertsDrawn(
                case=lot.case,
                lot=lot.no,
                draw=draw.name,
                pool_hash=draw.pool_hash,
                seed=draw.seed,
                picked=drawn.picked,
                reserves=drawn.reserves,
                subject=draw.name,
            )
        )
        work.send("log.checkpoint", f"draw.result/{draw.id}", {"reason": "draw"})


def _recuse(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = RecusalBody.read(act.body)
    draw = hold(work, lot, body.draw)
    facts = facts_of(work, draw, pseudonym=body.id, is_own=act.role is Role.CENTRE or _is_behind(work, draw, body.id, act))
    draw.state = MOVES.choose(Action.RECUSE, draw.state, _roles(act, lot), facts)
    successor = replace(work, draw, body.id, body.reason)
    work.record(
        ExpertRecused(case=lot.case, lot=lot.no, signed=act.envelope, draw=draw.name, id=body.id, successor=successor, subject=draw.name)
    )
    return {"successor": successor}


def _is_behind(work: Work, draw: Draw, pseudonym: str, act: Act) -> bool:
    mine = select(Expert.person_id).join(DrawPseudonym, DrawPseudonym.expert_id == Expert.id)
    return work.session.scalar(mine.where(DrawPseudonym.prepared_id == draw.id, DrawPseudonym.pseudonym == pseudonym)) == act.person


# Small things


def _as_centre(work: Work, lot: LotView) -> None:
    if Role.CENTRE not in work.actor.roles:
        raise NotAllowed("draw.prepare.not_allowed")


def _may_draw(lot: LotView) -> None:
    """Bids are sealed and opened first, so that employers can be matched (an expert of a bidder's own must not sit: 招标投标法 art. 37)."""
    if not is_opening(lot):
        raise WrongState("draw.request.lot_state", state=lot.state.value)


def _roles(act: Act, lot: LotView) -> frozenset[Role]:
    if act.role is Role.EXPERT:
        return frozenset({Role.EXPERT})
    return roles_of(Actor(act.person, act.org, frozenset({act.role})), lot.parties)


def _party(act: Act, lot: LotView, said: str) -> str:
    party = PARTY_OF.get(act.role)
    if party is None or act.role not in _roles(act, lot):
        raise NotAllowed("draw.party.not_allowed")
    if party != said:
        raise RuleBroken("draw.party.other", party=party)
    return party


def _strata(expert: ExpertFacts, quotas: Iterable[Quota]) -> tuple[str, ...]:
    return tuple(quota.stratum for quota in quotas if quota.stratum in expert.strata)


def _fresh(letter: str, count: int) -> list[str]:
    """Names in an order that says nothing of the pool's."""
    numbers = secrets.SystemRandom().sample(range(1000, 10_000), count)
    return [f"{letter}{number}" for number in numbers]


def _check_sites(work: Work, sites: Sequence[SitePlan], members: int) -> None:
    known = {site.name: site for site in work.session.scalars(select(Site).where(Site.name.in_([plan.site for plan in sites])))}
    for plan in sites:
        if plan.site not in known or plan.seats > known[plan.site].workstations:
            raise RuleBroken("draw.request.site", site=plan.site)
    if len(known) != len(sites) or not sites or not known[sites[0].site].is_host:
        raise RuleBroken("draw.request.host_site")
    if sum(plan.seats for plan in sites) != members:
        raise RuleBroken("committee.seats", seats=sum(plan.seats for plan in sites), members=members)


def _can_be_filled(request: Mapping[str, JSON]) -> None:
    try:
        kernel.Committee(kernel.parse_request(request), bytes(32))
    except kernel.DrawFault:
        raise RuleBroken("draw.request.too_few") from None


def _lists(by_stratum: Mapping[str, Iterable[str]]) -> dict[str, JSON]:
    return {stratum: list(ids) for stratum, ids in by_stratum.items()}


def _seated(picked: JSON) -> list[str]:
    return [one for ids in picked.values() for one in _texts(ids)] if isinstance(picked, Mapping) else []


def _texts(value: JSON) -> list[str]:
    assert isinstance(value, Sequence)
    return [str(one) for one in value]
