"""The expert draw: prepared and requested by the centre, committed and revealed by three parties, then drawn by itself."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import cast
from uuid import UUID

from sqlalchemy import select

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
from evaluation.domain import site as site_domain
from evaluation.domain.calling import Conditions
from evaluation.domain.committee import SitePlan
from evaluation.domain.draw import (
    MOVES,
    PARTY_OF,
    Action,
    CommitBody,
    PoolMember,
    Quota,
    RequestBody,
    RevealBody,
    State,
    Wanted,
    is_formed,
    is_set_aside,
    request_body,
    wants_a_committee,
)
from evaluation.domain.expert import ExpertFacts, must_step_back
from evaluation.domain.provincial import drawn_by
from evaluation.domain.redraw import NO_REASON, Again, Level, keeps_conditions, leaves_a_choice, may_be_asked_again
from evaluation.domain.region_mix import belongs
from evaluation.domain.specialty import specialty_of
from evaluation.events import DrawCommitted, DrawRequested, DrawRevealed
from evaluation.events_calls import DrawAlarmed
from evaluation.models.calls import DrawAlarm
from evaluation.models.draws import Draw, DrawPseudonym, DrawSlip, PreparedDraw
from evaluation.queries import bids, experts, venues
from evaluation.queries import drawn_before as before
from evaluation.queries.contingencies import another_is_due
from evaluation.queries.stage import is_opening
from evaluation.services import calling, provincial
from evaluation.services.drawing import go_on
from evaluation.services.seated import facts_of, hold
from evaluation.services.slips import check_boxes
from trading.domain.lot import roles_of
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries import lots
from trading.queries.consortia import behind
from trading.queries.lots import LotView, law_of

SYSTEM = frozenset({Role.SYSTEM})


def prepare(work: Work, number: str, wanted: Wanted, sites: Sequence[SitePlan]) -> dict[str, JSON]:
    """Draws up a request under fresh pseudonyms, recusals matched already, for the centre to sign. Returns {draw, request}.

    Bidders are matched here and shown to nobody: what comes out is a list of pseudonyms without causes.
    """
    lot = lots.by_number(work.session, number)
    _as_centre(work, lot)
    is_another = _may_draw(work, lot)
    wants_a_committee(wanted.quotas)
    earlier = _earlier(work, lot)
    if refusal := may_be_asked_again(len(earlier), wanted.again):
        raise refusal
    old = before.called(work.session, lot.id) if is_another else {}
    if old and wanted.agreement:
        raise RuleBroken("draw.request.provincial_again")
    conditions = Conditions(wanted.assemble_at, wanted.window, tuple(sites), wanted.gateway)
    _check_time(work, lot, conditions)
    _check_sites(work, lot, conditions, sum(quota.count for quota in wanted.quotas))
    bidders = behind(work.session, lot.id, [bid.org for bid in bids.opened(work.session, lot.id)])
    parties = {*bidders, lot.parties.tenderer, lot.parties.agency}
    interested = frozenset(people.organisation(work.session, org).uscc for org in parties)
    if wanted.agreement:
        request, value = provincial.request_for(work, wanted, interested)
        return _keep(work, lot, earlier, request, conditions, wanted.again, {}, value)
    day = legal_day(work.now())
    pool = experts.pool_for(work.session, {specialty_of(quota.stratum) for quota in wanted.quotas}, day)
    names = dict(zip((expert.id for expert in pool), _fresh("P", len(pool), taken=old.values()), strict=True))
    names |= {one: name for one, name in old.items() if name and one in names}  # the same name as before, so that all see who stays out
    employers = sorted({expert.employer.uscc for expert in pool})
    orgs = dict(zip(employers, _fresh("O", len(employers)), strict=True))
    members = [PoolMember(names[one.id], _strata(one, wanted.quotas), orgs[one.employer.uscc]) for one in pool]
    recused = [names[one.id] for one in pool if one.id in old or must_step_back(one, interested, day)]
    request = request_body(members, wanted.quotas, recused, wanted.org_cap)
    _can_be_filled(request)
    return _keep(work, lot, earlier, request, conditions, wanted.again, names)


def _keep(  # noqa: PLR0917 - what a prepared request is made of
    work: Work,
    lot: LotView,
    earlier: Sequence[Draw],
    request: dict[str, JSON],
    conditions: Conditions,
    why: Again,
    names: Mapping[str, str],
    order_value: str = "",
) -> dict[str, JSON]:
    """Keeps a request for the centre to sign; `names`: who stands behind each pseudonym, by the expert's id; `order_value`: to which it
    commits where a provincial pool draws."""
    _keeps_to_the_law(work, earlier, request)
    now = work.now()
    name = f"draw-{lot.no}-{len(earlier) + 1}"
    said, again = conditions.to_json(), why.to_json()
    prepared = PreparedDraw(
        id=new_id(now), lot_id=lot.id, name=name, request=request, calling=said, again=again, prepared_at=now, order_value=order_value
    )
    work.session.add(prepared)
    work.session.flush()
    work.session.add_all(DrawPseudonym(prepared_id=prepared.id, pseudonym=name, expert_id=UUID(one)) for one, name in names.items())
    return {"draw": name, "request": request, "calling": said, "again": again}


def note_unreasoned(work: Work, number: str) -> None:
    """Somebody asked for another draw without a reason: refused, and told to the supervisor. Records DrawAlarmed (red)."""
    lot = lots.by_number(work.session, number)
    _as_centre(work, lot)
    if earlier := _earlier(work, lot):
        _alarm(work, lot, f"draw-{lot.no}-{len(earlier) + 1}", Level.RED, NO_REASON)


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


def _request(work: Work, lot: LotView, act: Act) -> dict[str, JSON]:
    body = RequestBody.read(act.body)
    lock(work.session, Lot, Lot.id == lot.id)
    _may_draw(work, lots.by_id(work.session, lot.id))
    if work.session.scalar(select(Draw.id).where(Draw.lot_id == lot.id, Draw.name == body.draw)):
        raise WrongState("draw.request.twice")
    prepared = _newest(work, lot, body.draw)
    said = (body.request, body.calling.to_json(), body.again.to_json())
    if prepared is None or said != (prepared.request, prepared.calling, prepared.again):
        raise RuleBroken("draw.request.other")
    _check_time(work, lot, body.calling)
    _set_aside(work, lot, act)
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
    if body.again.is_reason:
        _alarm(work, lot, draw.name, Level.AMBER, body.again)
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
    check_boxes(work, lot, body)
    boxes: list[JSON] = [share.to_json() for share in body.shares]
    work.session.add(DrawSlip(draw_id=draw.id, party=party, commit=body.commit, shares=boxes, value=""))
    work.session.flush()
    work.record(
        DrawCommitted(case=lot.case, lot=lot.no, signed=act.envelope, draw=draw.name, party=party, commit=body.commit, subject=draw.name)
    )
    go_on(work, lot, draw)
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
    go_on(work, lot, draw)
    return {"state": draw.state.value}


# Small things


def _as_centre(work: Work, lot: LotView) -> None:
    if Role.CENTRE not in work.actor.roles:
        raise NotAllowed("draw.prepare.not_allowed")


def _earlier(work: Work, lot: LotView) -> list[Draw]:
    return list(work.session.scalars(select(Draw).where(Draw.lot_id == lot.id).order_by(Draw.requested_at)))


def _keeps_to_the_law(work: Work, earlier: Sequence[Draw], request: Mapping[str, JSON]) -> None:
    """Nobody is named by a draw without a choice, and no list is thrown away by asking otherwise."""
    held = [work.session.get_one(PreparedDraw, draw.id).request for draw in earlier if draw.seed]
    refusal = None if drawn_by(request) else leaves_a_choice(request)
    for drawn in held:
        refusal = refusal or keeps_conditions(cast("Mapping[str, JSON]", drawn), request)
    if refusal:
        raise refusal


def _set_aside(work: Work, lot: LotView, act: Act) -> None:
    """The draws before this one end: a lot never has two lists. That of a committee which was sealed ends when the next is formed."""
    for row in _earlier(work, lot):
        if not is_set_aside(row.state) and not is_formed(row.state):
            draw = hold(work, lot, row.name)
            draw.state = MOVES.choose(Action.SET_ASIDE, draw.state, _roles(act, lot), facts_of(work, draw))
            calling.end_all(work, draw.id)


def _alarm(work: Work, lot: LotView, name: str, level: Level, again: Again) -> None:
    now = work.now()
    work.session.add(DrawAlarm(id=new_id(now), lot_id=lot.id, name=name, level=level, why=again.code, text=again.text, at=now))
    work.record(DrawAlarmed(case=lot.case, lot=lot.no, draw=name, level=level.value, why=again.code, text=again.text, subject=name))


def _check_time(work: Work, lot: LotView, conditions: Conditions) -> None:
    """The members are drawn late enough to stay unknown (rule T9 where it binds), and early enough to be asked."""
    now = work.now()
    law = law_of(work.session.get_one(Project, work.session.get_one(Lot, lot.id).project_id))
    if refusal := law.too_early("T9", conditions.assemble_at, now) or conditions.refuse(now):
        raise refusal


def _may_draw(work: Work, lot: LotView) -> bool:
    """Bids are sealed and opened first, so that employers can be matched (an expert of a bidder's own must not sit: 招标投标法 art. 37).

    Once a committee was formed another is drawn where its room was sealed for one. Returns whether it is such another; raises WrongState.
    """
    if any(is_formed(draw.state) for draw in _earlier(work, lot)):
        if not another_is_due(work.session, lot.id):
            raise WrongState("draw.request.formed")
        return True
    if not is_opening(lot):
        raise WrongState("draw.request.lot_state", state=lot.state.value)
    return False


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
    return tuple(quota.stratum for quota in quotas if belongs(quota.stratum, expert.strata, expert.region))


def _fresh(letter: str, count: int, taken: Iterable[str] = ()) -> list[str]:
    """Names in an order that says nothing of the pool's, none of them taken."""
    known = set(taken)
    free = [name for number in range(1000, 10_000) if (name := f"{letter}{number}") not in known]
    return secrets.SystemRandom().sample(free, count)


def _check_sites(work: Work, lot: LotView, calling: Conditions, members: int) -> None:
    """The sites are the catalogue's. One whose rooms are signed for is booked for this lot when the members assemble, with seats enough; of
    one that is only counted the count must do. A drawn site goes by its stand-in. Raises RuleBroken."""
    sites = calling.sites
    booked, found = venues.for_lot(work.session, lot.id, calling.assemble_at), [venues.site_named(work.session, one.site) for one in sites]
    for plan, site in zip(sites, found, strict=True):
        if site is None or not site_domain.is_listed(site.state):
            raise RuleBroken("draw.request.site", site=plan.site)
        has = booked.get(plan.site, 0) if site.profile_sha256 else site.workstations
        if plan.seats > has:
            raise RuleBroken("draw.request.not_booked" if site.profile_sha256 else "draw.request.site", site=plan.site)
    first = found[0] if found else None
    if len({plan.site for plan in sites}) != len(sites) or first is None or not first.is_host:
        raise RuleBroken("draw.request.host_site")
    if sum(plan.seats for plan in sites) != members:
        raise RuleBroken("committee.seats", seats=sum(plan.seats for plan in sites), members=members)


def _can_be_filled(request: Mapping[str, JSON]) -> None:
    try:
        kernel.Committee(kernel.parse_request(request), bytes(32))
    except kernel.DrawFault:
        raise RuleBroken("draw.request.too_few") from None


def _texts(value: JSON) -> list[str]:
    assert isinstance(value, Sequence)
    return [str(one) for one in value]
