"""What the pages of draw and supervision show beside the draw and the room themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.identity.queries.people import PersonView
from core.kernel import clock, proofs
from core.kernel.actor import Actor
from core.kernel.encoding import b64
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from evaluation.domain.calling import NOTED_CAUSES
from evaluation.domain.draw import MOVES, PARTY_OF, Action, Facts, State
from evaluation.domain.expert import ExpertState
from evaluation.domain.redraw import Reason
from evaluation.domain.room import State as RoomState
from evaluation.domain.site import SiteState
from evaluation.models.awards import AwardSession
from evaluation.models.draws import Draw, PreparedDraw
from evaluation.models.experts import Expert, Site
from evaluation.models.rooms import Evaluation
from evaluation.queries import agreements, awards, calls, draws, expert_pages, provincial, rooms, venues
from evaluation.queries.agreements import Standing
from evaluation.queries.awards import AwardView
from evaluation.queries.calls import Alarm, Calls
from evaluation.queries.contingencies import another_is_due
from evaluation.queries.draws import DrawView
from evaluation.queries.provincial import ProvincialView
from evaluation.queries.rooms import RoomView
from evaluation.queries.slips import office_recipients
from evaluation.queries.stage import awaits_award, is_opening
from trading.domain.award_plan import AwardPlan
from trading.domain.lot import LotState, roles_of
from trading.domain.score_rules import titles
from trading.models.lot import Lot
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class SiteView:
    """A site that lends workstations."""

    name: str
    city: str
    is_host: bool
    workstations: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request that waits for the centre's signature."""

    draw: str
    request: Mapping[str, Any]
    calling: Mapping[str, Any]
    again: Mapping[str, str]

    @property
    def assemble_at(self) -> datetime:
        """When the members are to assemble."""
        return clock.moment(str(self.calling["at"]))


@dataclass(frozen=True, slots=True)
class DrawPage:
    """The draws of a lot, what the caller may do, and for the centre what a request is made of."""

    lot: LotView
    draws: tuple[DrawView, ...]
    party: str
    available: tuple[Action, ...]
    may_prepare: bool
    prepared: Prepared | None
    strata: tuple[tuple[str, int], ...]
    sites: tuple[SiteView, ...]
    regions: tuple[str, ...] = ()
    agreements: tuple[tuple[str, str], ...] = ()  # in force today, with the partner's name
    provincial: ProvincialView | None = None
    calls: Calls | None = None
    alarms: tuple[Alarm, ...] = ()
    may_note: tuple[Action, ...] = ()
    is_another_due: bool = False  # the committee was sealed, and a new one is drawn
    keyless: tuple[str, ...] = ()  # offices without a certified share key, while slips are handed in

    def names_of(self, parties: Mapping[str, object]) -> str:
        """Those offices in words."""
        return "、".join(str(parties[one]) for one in self.keyless)

    @property
    def on_list(self) -> list[tuple[str, str]]:
        """Who is on the list, for the centre's note that somebody does not come."""
        return [] if self.newest is None else [(one, one) for ids in self.newest.picked.values() for one in ids]

    def noted_causes(self, words: Mapping[str, object]) -> list[tuple[str, object]]:
        """The causes that the centre may note, in words."""
        return [(cause.value, words[cause.value]) for cause in NOTED_CAUSES]

    def reasons(self, words: Mapping[str, object]) -> list[tuple[str, object]]:
        """Why a draw may be made again, in words."""
        return [(reason.value, words[reason.value]) for reason in Reason]

    @property
    def newest(self) -> DrawView | None:
        """The draw that counts."""
        return self.draws[-1] if self.draws else None


def draw_page(session: Session, actor: Actor, number: str, now: datetime) -> DrawPage:
    """The draw page of a lot; raises NotFound. Pool and sites are for the centre alone."""
    lot = lots.by_number(session, number)
    found = draws.of_lot(session, number)
    roles = roles_of(actor, lot.parties)
    party = next((PARTY_OF[role] for role in PARTY_OF if role in roles), "")
    newest = found[-1] if found else None
    available: tuple[Action, ...] = ()
    may_note: tuple[Action, ...] = ()
    theirs = None if newest is None else provincial.view(session, _row_of(session, lot, newest))
    if newest is not None:
        seated = frozenset(one for ids in newest.picked.values() for one in ids)
        facts = Facts(
            party=party,
            is_provincial=theirs is not None,
            committed=frozenset(newest.commits),
            revealed=frozenset(newest.values),
            seated=seated,
        )
        available = MOVES.available(newest.state, roles, facts)
        if Role.CENTRE in roles and newest.state in (State.CALLING, State.LIST_SEALED, State.FORMED):
            may_note = (Action.RECUSE,)
    is_due, is_first = _is_due(session, lot, found)
    may_prepare = Role.CENTRE in roles and (is_due or is_first)
    return DrawPage(
        lot=lot,
        draws=tuple(draws.as_seen(one, actor) for one in found),
        party=party,
        available=available,
        may_prepare=may_prepare,
        prepared=_prepared(session, lot) if may_prepare else None,
        strata=_strata(session) if may_prepare else (),
        sites=_sites(session, lot) if may_prepare else (),
        regions=expert_pages.regions(session) if may_prepare else (),
        agreements=_agreements(session, now) if may_prepare else (),
        provincial=theirs,
        calls=_calls(session, lot, newest, roles),
        alarms=calls.alarms(session, actor, lot.id),
        may_note=may_note,
        is_another_due=is_due,
        keyless=_keyless(session, lot, newest, now),
    )


def _is_due(session: Session, lot: LotView, found: Sequence[DrawView]) -> tuple[bool, bool]:
    """Whether another committee is to be drawn after one that was sealed; and whether none was formed yet and one is to be drawn."""
    is_formed = any(one.state is State.FORMED for one in found)
    return is_formed and another_is_due(session, lot.id), is_opening(lot) and not is_formed


def _keyless(session: Session, lot: LotView, newest: DrawView | None, now: datetime) -> tuple[str, ...]:
    if newest is None or newest.state is not State.REQUESTED:
        return ()
    return tuple(office for office, keys in office_recipients(session, lot, now).items() if not keys)


def _agreements(session: Session, now: datetime) -> tuple[tuple[str, str], ...]:
    return tuple((one.number, one.partner) for one in agreements.all_of(session, now) if one.standing is Standing.IN_FORCE)


def _row_of(session: Session, lot: LotView, draw: DrawView) -> Draw:
    return session.scalars(select(Draw).where(Draw.lot_id == lot.id, Draw.name == draw.name)).one()


def _calls(session: Session, lot: LotView, newest: DrawView | None, roles: frozenset[Role]) -> Calls | None:
    if newest is None or not newest.is_drawn:
        return None
    return calls.of_draw(session, _row_of(session, lot, newest), roles)


def _prepared(session: Session, lot: LotView) -> Prepared | None:
    newest = select(PreparedDraw).where(PreparedDraw.lot_id == lot.id).order_by(PreparedDraw.prepared_at.desc(), PreparedDraw.id.desc())
    row = session.scalars(newest.limit(1)).first()
    if row is None or session.scalar(select(Draw.id).where(Draw.lot_id == lot.id, Draw.name == row.name)) is not None:
        return None
    calling, again = cast("dict[str, Any]", row.calling), cast("dict[str, str]", row.again)
    return Prepared(row.name, cast("dict[str, Any]", row.request), calling, again)


def _strata(session: Session) -> tuple[tuple[str, int], ...]:
    """The specialties of the pool and how many active experts hold each."""
    held: dict[str, int] = {}
    for strata in session.scalars(select(Expert.strata).where(Expert.state == ExpertState.ACTIVE)):
        for one in cast("list[str]", strata):
            held[one] = held.get(one, 0) + 1
    return tuple(sorted(held.items()))


def _sites(session: Session, lot: LotView) -> tuple[SiteView, ...]:
    rows = session.scalars(select(Site).where(Site.state == SiteState.OPEN).order_by(Site.is_host.desc(), Site.name))
    listed = tuple(SiteView(row.name, row.city, row.is_host, row.workstations) for row in rows)
    return listed + tuple(SiteView(name, "", is_host=False, workstations=seats) for name, seats in venues.drawn_for(session, lot.id))


@dataclass(frozen=True, slots=True)
class RoomRow:
    """A room on the list of rooms; no count of anything scored."""

    number: str
    title: str
    state: RoomState
    members: int
    present: int


def all_rooms(session: Session, actor: Actor) -> tuple[RoomRow, ...]:
    """Every room that the caller may watch, newest first."""
    query = select(Lot.number).join(Evaluation, Evaluation.lot_id == Lot.id).where(Lot.state != LotState.DRILLED)
    query = query.order_by(Evaluation.formed_at.desc()).limit(100)
    found = [rooms.view(session, actor, number) for number in session.scalars(query)]
    return tuple(_row(room) for room in found)


def _row(room: RoomView) -> RoomRow:
    return RoomRow(
        room.lot.number,
        f"{room.lot.project_title} {room.lot.title}",
        room.state,
        len(room.seats),
        sum(seat.signed_in for seat in room.seats),
    )


@dataclass(frozen=True, slots=True)
class Evidence:
    """The newest checkpoint of the log; `size` counts minutes, never events."""

    size: int
    root: str
    at: datetime
    witnesses: tuple[str, ...]


def evidence(session: Session) -> Evidence | None:
    """The newest checkpoint, None before the first."""
    newest = proofs.latest(session)
    return None if newest is None else Evidence(newest.size, b64(newest.root), newest.at, tuple(sorted(newest.cosigned_by)))


@dataclass(frozen=True, slots=True)
class AwardPage:
    """The award page of a lot: the session once it is open, and for the tenderer whom it may name, or as a successor."""

    lot: LotView
    session: AwardView | None
    eligible: tuple[PersonView, ...]
    may_open: bool
    plan: AwardPlan

    @property
    def titles(self) -> dict[str, str]:
        """Criterion → its title in the tender document."""
        return titles(self.lot.score_rules)


def award_page(session: Session, actor: Actor, number: str) -> AwardPage:
    """The award page; raises NotFound for whoever may see nothing of it, and where the award is not separated."""
    lot = lots.by_number(session, number)
    if lot.award_plan is None or not lot.separation:
        raise NotFound("award_session.not_found")
    plan = AwardPlan.read(lot.award_plan)
    roles = roles_of(actor, lot.parties)
    if session.scalar(select(AwardSession.id).where(AwardSession.lot_id == lot.id, AwardSession.voided_at.is_(None))) is not None:
        view = awards.view(session, actor, number)
        sat = {one.person for one in view.members}
        comes = awards.eligible(session, actor, number) if view.may_replace else ()
        return AwardPage(lot, view, tuple(one for one in comes if str(one.id) not in sat), False, plan)
    if not roles & {Role.TENDERER, Role.SUPERVISOR, Role.CENTRE}:
        raise NotFound("award_session.not_found")
    may_open = Role.TENDERER in roles and awaits_award(lot)
    return AwardPage(lot, None, awards.eligible(session, actor, number) if may_open else (), may_open, plan)
