"""Drills: an invented tender with a room whose seats people of the pool play, faults injected into it and lifted, and the end."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import cast
from uuid import UUID

from sqlalchemy import func, select

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel.db import lock
from core.kernel.errors import NotFound, RuleBroken
from core.kernel.files import Stored
from core.kernel.ids import CaseId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.calling import Conditions
from evaluation.domain.committee import SitePlan, seat_all
from evaluation.domain.contingency import is_standing
from evaluation.domain.draw import State as DrawState
from evaluation.domain.drill import DRILL, MOVES, Action, BeginBody, EndBody, Facts, Fault, InjectBody, LiftBody, State
from evaluation.domain.drill_bids import ENVELOPES, METHOD, OFFERS, invent
from evaluation.domain.expert import may_play
from evaluation.events_drill import BidsInvented, DrillBegun, DrillEnded, FaultInjected, FaultLifted
from evaluation.models.contingency import Halt
from evaluation.models.draws import Draw, DrawPseudonym, PreparedDraw
from evaluation.models.drills import Drill, DrillBid, DrillFault
from evaluation.models.experts import Expert
from evaluation.models.rooms import Evaluation
from evaluation.queries import venues
from evaluation.services import committees
from evaluation.services.locked import LockedRoom
from trading.queries import lots
from trading.queries.lots import LotView
from trading.services import drills as invented


def begin(work: Work, case: CaseId, experts: Sequence[str], papers: Sequence[Stored], signed: SignedRequest) -> dict[str, JSON]:
    """`drill.begin`: the room of an invented tender. `experts`: the numbers of who plays, the seats in order first, then who follows; the
    statement does not say. `papers`: those of the invented bids, in their order. Records DrillBegun, CommitteeFormed, BidsInvented and
    BlindMapSealed.

    Raises RuleBroken for a number that is not the next, for too few or too many to play, or who may not. Returns {drill, lot}.
    """
    expect = Expect("drill.begin", case, role=Role.CENTRE, step_up=True)
    return once(work, signed, expect, lambda act: _begin(work, case, experts, papers, act))


def inject(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`drill.inject`: a fault, at a seat or a site; or the hours of one that stands are put forward. Records FaultInjected.

    Raises WrongState for a fault that has not its time, RuleBroken for a seat or site that is not of this room."""
    return _word(work, number, signed, "drill.inject", _inject)


def lift(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`drill.lift`: a fault that lasts is over. Records FaultLifted."""
    return _word(work, number, signed, "drill.lift", _lift)


def end(work: Work, number: str, signed: SignedRequest) -> dict[str, JSON]:
    """`drill.end`: nothing happens in its room any more. Records DrillEnded. Raises WrongState while it stands still."""
    return _word(work, number, signed, "drill.end", _end)


def _word(
    work: Work, number: str, signed: SignedRequest, kind: str, do: Callable[[LockedRoom, Drill, Act], dict[str, JSON]]
) -> dict[str, JSON]:
    lot = lots.by_number(work.session, number)

    def done(act: Act) -> dict[str, JSON]:
        room = LockedRoom(work, lot)
        return do(room, lock(work.session, Drill, Drill.evaluation_id == room.row.id), act)

    return once(work, signed, Expect(kind, lot.case, lot.no, role=Role.CENTRE, step_up=True), done)


def _begin(work: Work, case: CaseId, numbers: Sequence[str], papers: Sequence[Stored], act: Act) -> dict[str, JSON]:
    said = BeginBody.read(act.body)
    players = _players(work, said, numbers)
    lot = invented.invent(work, case, said.title, said.tenderer, {"method": METHOD, "envelopes": ENVELOPES})
    work.record(DrillBegun(case=case, signed=act.envelope, subject=act.payload_sha256, title=lot.title))
    sites = tuple(SitePlan(site, seats) for site, seats in said.sites)
    draw = _list(work, lot, players, sites, said.seats)
    members = cast("dict[str, list[str]]", draw.picked)[DRILL]
    room = committees.open_room(work, lot, draw, seat_all(members, sites))
    work.session.add(Drill(evaluation_id=room.id, state=State.RUNNING, begun_at=work.now(), ended_at=None))
    _invent_bids(work, lot, room, papers)
    work.session.flush()
    return {"drill": case, "lot": lot.number}


def _invent_bids(work: Work, lot: LotView, room: Evaluation, papers: Sequence[Stored]) -> None:
    """What the committee is to score. Records BidsInvented and BlindMapSealed."""
    ids = [new_id(work.now()) for _ in OFFERS]
    made = {str(one.org): one for one in invent(ids, [(one.sha256, one.size) for one in papers])}
    told = [one.to_json() for one in made.values()]
    work.record(BidsInvented(case=lot.case, lot=lot.no, method=METHOD, envelopes=ENVELOPES, bids=told))
    for code, org in committees.draw_code_names(work, lot, room, sorted(made)).items():
        one = made[org]
        work.session.add(DrillBid(evaluation_id=room.id, code=code, **asdict(one)))


def _players(work: Work, said: BeginBody, numbers: Sequence[str]) -> list[UUID]:
    """Who plays, by the ids of their entries in the pool."""
    for site, _ in said.sites:
        if venues.site_named(work.session, site) is None:
            raise RuleBroken("drill.place")
    found = {one.number: one for one in work.session.scalars(select(Expert).where(Expert.number.in_(numbers)))}
    fits = len(set(numbers)) == len(numbers) == said.seats + said.reserves
    if not fits or not all(number in found and may_play(found[number].state, found[number].person_id) for number in numbers):
        raise RuleBroken("drill.players", count=said.seats + said.reserves)
    return [found[number].id for number in numbers]


def _list(work: Work, lot: LotView, players: Sequence[UUID], sites: Sequence[SitePlan], seats: int) -> Draw:
    """The list from which the seats are handed on; nobody was drawn for it."""
    now = work.now()
    names = [f"D{number}" for number in secrets.SystemRandom().sample(range(1000, 10_000), len(players))]
    said: dict[str, JSON] = {"members": list[JSON](names[:seats]), "reserves": list[JSON](names[seats:])}
    calling = Conditions(now, timedelta(minutes=1), tuple(sites), "").to_json()
    prepared = PreparedDraw(
        id=new_id(now), lot_id=lot.id, name=DRILL, request={DRILL: said}, calling=calling, again={}, prepared_at=now, order_value=""
    )
    work.session.add(prepared)
    work.session.flush()
    work.session.add_all(
        DrawPseudonym(prepared_id=prepared.id, pseudonym=name, expert_id=one) for name, one in zip(names, players, strict=True)
    )
    draw = Draw(
        id=prepared.id,
        lot_id=lot.id,
        name=DRILL,
        state=DrawState.FORMED,
        purpose=lot.title,
        pool_hash="",
        seed=secrets.token_hex(32),
        picked={DRILL: names[:seats]},
        reserves={DRILL: names[seats:]},
        requested_at=now,
        committed_at=None,
        drawn_at=None,
    )
    work.session.add(draw)
    work.session.flush()
    return draw


def _standing(room: LockedRoom) -> Halt | None:
    """The halt that stands, sealed ones left out."""
    rows = room.work.session.scalars(select(Halt).where(Halt.evaluation_id == room.row.id))
    return next((row for row in rows if is_standing(row.state)), None)


def _facts(room: LockedRoom, fault: Fault | None = None, **about: bool) -> Facts:
    halt = _standing(room)
    count = room.work.session.scalar(select(func.count()).select_from(DrillFault).where(DrillFault.evaluation_id == room.row.id)) or 0
    has_begun = room.row.assembled_at is not None
    return Facts(fault=fault, has_begun=has_begun, standing=None if halt is None else halt.phase, count=count, **about)


def _inject(room: LockedRoom, drill: Drill, act: Act) -> dict[str, JSON]:
    said, work = InjectBody.read(act.body), room.work
    seats = {one.code for one in room.seats}
    sites = {room.site_of(one) for one in room.seats}
    is_known = said.seat in seats | {""} and said.site in sites | {""}
    facts = _facts(room, said.fault, is_known=is_known)
    drill.state = MOVES.choose(Action.INJECT, drill.state, frozenset({act.role}), facts)
    row = DrillFault(
        evaluation_id=drill.evaluation_id,
        no=facts.count + 1,
        fault=said.fault,
        seat=said.seat,
        site=said.site,
        at=room.now,
        lifted_at=None,
        payload_sha256=act.payload_sha256,
    )
    work.session.add(row)
    halt = _standing(room)
    if halt is not None and said.fault.hours:
        halt.counts_from = halt.since - said.fault.hours
    work.session.flush()
    event = FaultInjected(
        case=room.lot.case,
        lot=room.lot.no,
        signed=act.envelope,
        subject=act.payload_sha256,
        fault=said.fault.value,
        seat=said.seat,
        site=said.site,
    )
    work.record(event)
    return {"no": row.no, "fault_sha256": act.payload_sha256}


def _lift(room: LockedRoom, drill: Drill, act: Act) -> dict[str, JSON]:
    said = LiftBody.read(act.body)
    mine = (DrillFault.evaluation_id == drill.evaluation_id, DrillFault.payload_sha256 == said.fault_sha256)
    row = room.work.session.scalar(select(DrillFault).where(*mine))
    if row is None:
        raise NotFound("drill.fault_not_found")
    facts = _facts(room, row.fault, is_lifted=row.lifted_at is not None)
    drill.state = MOVES.choose(Action.LIFT, drill.state, frozenset({act.role}), facts)
    row.lifted_at = room.now
    room.work.session.flush()
    room.work.record(FaultLifted(case=room.lot.case, lot=room.lot.no, signed=act.envelope))
    return {"no": row.no}


def _end(room: LockedRoom, drill: Drill, act: Act) -> dict[str, JSON]:
    said = EndBody.read(act.body)
    drill.state = MOVES.choose(Action.END, drill.state, frozenset({act.role}), _facts(room))
    drill.ended_at, drill.text = room.now, said.text
    invented.end(room.work, room.lot.id)
    room.work.record(DrillEnded(case=room.lot.case, lot=room.lot.no, signed=act.envelope))
    return {"state": drill.state.value}
