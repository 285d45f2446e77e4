"""A room under lock: the session's row, its seats and what its members have done, as the facts that the rules look at; and a lot that has
none yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select

from core.identity.services.acts import Act
from core.kernel.actor import Actor
from core.kernel.db import lock
from core.kernel.drills import is_drill
from core.kernel.errors import NotAllowed, WrongState
from core.kernel.ids import PersonId
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.blind import map_digest
from evaluation.domain.committee import Elected, VoteAgain, elect
from evaluation.domain.parts import parts_due
from evaluation.domain.rejection import Stage, challenged
from evaluation.domain.room import MOVES, Action, Facts, roles_of
from evaluation.domain.room_pause import Stop, extended
from evaluation.domain.scoring_case import with_drawn
from evaluation.models.blind import BlindOpening
from evaluation.models.draws import Draw
from evaluation.models.experts import Site
from evaluation.models.rooms import ChairVote, Evaluation, PreliminaryReview, ReportSignature, ScoreSheet, Seat
from evaluation.queries import bids, doubts, findings, questions, seated, ties, unlocks, votes, weighings
from evaluation.queries.bids import OpenedBid
from evaluation.queries.blind import codes_of
from evaluation.queries.rooms import evaluation_id
from evaluation.queries.stage import is_over
from trading.models.lot import Lot
from trading.queries import coefficients, lots
from trading.queries.lots import LotView

SYSTEM = frozenset({Role.SYSTEM})
NOBODY: tuple[Seat, ...] = ()
DEFAULTS = {one.name: one.default for one in fields(Facts)}


class FactsOnDemand(Facts):
    """Facts of which each is looked up, with its group, when a rule first asks for it: most rules ask for two or three of them."""

    __slots__ = ("_groups",)

    def __init__(self, told: Mapping[str, Any], groups: Mapping[tuple[str, ...], Callable[[], Mapping[str, Any]]]) -> None:
        """`told` is known already; a group that leaves out one of its names means the default of that fact."""
        object.__setattr__(self, "_groups", {name: (names, look) for names, look in groups.items() for name in names})
        for name, value in told.items():
            object.__setattr__(self, name, value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name not in self._groups:
            raise AttributeError(name)
        names, look = self._groups[name]
        found = look()
        for one in names:
            object.__setattr__(self, one, found.get(one, DEFAULTS[one]))
        return object.__getattribute__(self, name)


class LockedRoom:
    """The room of a lot, held until the group commits; nothing of it changes under the use case that holds it."""

    def __init__(self, work: Work, lot: LotView) -> None:
        self.work, self.lot = work, lot
        self.row = lock(work.session, Evaluation, Evaluation.lot_id == lot.id)
        self.now = work.now()
        if is_over(lot):
            raise WrongState("drill.over")

    @classmethod
    def by_number(cls, work: Work, number: str) -> LockedRoom:
        """The room of a lot's number; raises NotFound."""
        return cls(work, lots.by_number(work.session, number))

    @property
    def seats(self) -> list[Seat]:
        """The seats in office, by code."""
        mine = select(Seat).where(Seat.evaluation_id == self.row.id, Seat.left_at.is_(None))
        return sorted(self.work.session.scalars(mine), key=lambda seat: int(seat.code))

    def seat_of(self, person: PersonId | None) -> Seat:
        """The seat that `person` holds now; raises NotAllowed for whoever holds none, who has stepped back included."""
        seat = next((seat for seat in self.seats if seat.person_id == person), None)
        if seat is None:
            raise NotAllowed("room.not_a_member")
        return seat

    def site_of(self, seat: Seat) -> str:
        """What statements call a seat's site."""
        return seat.place or self.work.session.get_one(Site, seat.site_id).name

    def map(self) -> dict[str, UUID]:
        """Code name → organisation: for the services, never for a page before the lock."""
        return codes_of(self.work.session, self.row.id)

    def map_sha256(self) -> str:
        """What was committed to before anybody judged a bid."""
        return map_digest(self.row.blind_salt, {code: str(org) for code, org in self.map().items()})

    def rejected(self) -> frozenset[str]:
        """The code names that the preliminary review rejected."""
        rows: Any = self.row.rejections or []
        return frozenset(row["bid"] for row in rows)

    def standing(self) -> tuple[str, ...]:
        """The code names still in after the preliminary review."""
        return tuple(sorted(set(self.map()) - self.rejected()))

    def passed(self) -> tuple[str, ...]:
        """The code names that go on to the price stage; all that stand while the technical scores are not locked."""
        technical: Any = self.row.technical
        return self.standing() if technical is None else tuple(technical["passed"])

    def prices(self) -> dict[str, OpenedBid]:
        """The bids that passed, by code name, as trading knows them now."""
        known = {bid.org: bid for bid in bids.opened(self.work.session, self.lot.id)}
        held = self.map()
        return {code: known[held[code]] for code in self.passed() if held[code] in known}  # type: ignore[index]  # OrgId is a UUID

    @property
    def method(self) -> dict[str, Any]:
        """The method part of the tender document under the lot's number, with what was drawn, and the reference price once it is open."""
        method = with_drawn({**self.lot.method, "case": self.lot.number}, coefficients.drawn(self.work.session, self.lot.id))
        return method | {"reference_price": self.row.reference_price} if self.row.reference_price else method

    def facts(self, seat: str = "", reference_matches: bool = True, leaving: str = "") -> Facts:
        """What the table of moves looks at."""
        seats, session, row = self.seats, self.work.session, self.row
        code_of, due = {one.id: one.code for one in seats}, parts_due(self.lot.method, row.state)
        told: dict[str, Any] = {
            "seats": frozenset(code_of.values()),
            "seat": seat,
            "leaving": leaving or seat,
            "is_paused": bool(row.paused_by),
            "has_no_bids": is_drill(self.lot.case) and not self.map(),
            "has_chair": bool(row.chair),
            "signed_in": frozenset(one.code for one in seats if one.signed_in_at),
            "declared": frozenset(one.code for one in seats if one.declared_at),
            "sheets_due": bool(due),
            "reference_due": bool(self.lot.reference_price_commit and not row.reference_price),
            "reference_matches": reference_matches,
        }
        offices = select(BlindOpening.office).where(BlindOpening.evaluation_id == row.id)
        return FactsOnDemand(
            told,
            {
                ("voted",): lambda: {"voted": self._done(ChairVote, code_of, ChairVote.round == row.chair_round)},
                ("is_elected",): lambda: {"is_elected": isinstance(self.election(), Elected)},
                ("is_seated",): lambda: {"is_seated": seated.is_seated(session, row.id, seat)},
                ("reviewed",): lambda: {"reviewed": self._done(PreliminaryReview, code_of)},
                ("submitted",): lambda: {"submitted": self._signed_all(due, code_of)},
                ("offices",): lambda: {"offices": frozenset(session.scalars(offices))},
                ("signed",): lambda: {"signed": self._done(ReportSignature, code_of)},
                ("lots_due",): lambda: {"lots_due": bool(ties.waiting(row, self.lot))},
                ("standing", "prices_due"): self._bids_left,
                votes.FACTS: lambda: votes.facts(session, row, code_of, self.lot.regime, self._bids_left()["standing"]),
                questions.FACTS: lambda: questions.facts(session, row, code_of, self.lot, seat),
                weighings.FACTS: lambda: weighings.facts(session, row, code_of, self.lot, seat),
                unlocks.FACTS: lambda: unlocks.facts(session, row, code_of, due, seat),
                unlocks.REPORT_FACTS: lambda: unlocks.report_facts(session, row, code_of, self.now),
                findings.FACTS: lambda: findings.facts(session, row, code_of),
                doubts.FACTS: lambda: doubts.facts(session, row, code_of, self.lot, seat, now=self.now),
            },
        )

    def _bids_left(self) -> dict[str, int]:
        """How many bids are still in, and of how many of them the price is awaited."""
        prices = self.prices() if self.row.technical is not None else {}
        out = questions.out_by_price(self.row)
        left = sum(not bid.price_failed and code not in out for code, bid in prices.items())
        return {
            "standing": len(self.standing()) if self.row.technical is None else left,
            "prices_due": sum(bid.price is None and not bid.price_failed for bid in prices.values()),
        }

    def votes(self) -> dict[str, str]:
        """This round's votes for the chair: seat → choice."""
        code_of = {one.id: one.code for one in self.seats}
        cast = select(ChairVote).where(ChairVote.seat_id.in_(code_of), ChairVote.round == self.row.chair_round)
        return {code_of[vote.seat_id]: vote.choice for vote in self.work.session.scalars(cast)}

    def act(self, action: Action, act: Act) -> Seat:
        """A member's move; returns their seat. Raises what the table finds."""
        seat = self.seat_of(act.person)
        actor = replace(Actor(person=act.person, org=act.org), roles=frozenset({act.role}))
        roles = roles_of(actor, [PersonId(one.person_id) for one in self.seats], self.lot.parties.tenderer)
        self.row.state = MOVES.choose(action, self.row.state, roles, self.facts(seat.code))
        return seat

    def refuse_while_paused(self) -> None:
        """For what members do beside the moves of the room; raises WrongState."""
        if self.row.paused_by:
            raise WrongState("room.paused")

    def go_on_from(self, begin: datetime) -> None:
        """The room stood still since `begin` and does no more; until when the report is to be signed moves by as much."""
        if self.row.report_until is not None:  # it was set before, since nobody sets it in a room that stands still
            self.row.report_until = extended(self.row.report_until, begin, (Stop(begin, self.now),))
        self.row.paused_by = ""

    def follow(self, action: Action) -> None:
        """A move that follows by itself."""
        self.row.state = MOVES.choose(action, self.row.state, SYSTEM, self.facts())

    def ready(self) -> tuple[Action, ...]:
        """The moves that follow by themselves now."""
        self.work.session.flush()
        return MOVES.available(self.row.state, SYSTEM, self.facts())

    def election(self) -> Elected | VoteAgain | None:
        """What this round's votes come to, None before the first."""
        said, among = self.votes(), cast("list[str]", self.row.chair_among)
        seed = self.work.session.get_one(Draw, self.row.draw_id).seed
        return elect(said, among if self.row.chair_ties else (), bytes.fromhex(seed)) if said else None

    def challenged(self) -> tuple[str, ...]:
        """The bids that some member failed in the review."""
        return challenged(votes.findings(self.work.session, self.code_of).values())

    @property
    def code_of(self) -> dict[UUID, str]:
        """Seat id → seat code, of the seats in office."""
        return {one.id: one.code for one in self.seats}

    @property
    def stage(self) -> Stage:
        """At which stage bids may fall out now."""
        return votes.stage_of(self.row)

    def _signed_all(self, parts: Sequence[str], code_of: dict[UUID, str]) -> frozenset[str]:
        """Who has signed the sheets of all these parts; nobody where there are none."""
        signed = [self._done(ScoreSheet, code_of, ScoreSheet.part == part) for part in parts]
        return frozenset.intersection(*signed) if signed else frozenset()

    def _done(self, model: Any, code_of: dict[UUID, str], *where: Any) -> frozenset[str]:
        mine = select(model.seat_id).where(model.seat_id.in_(code_of), *where)
        return frozenset(code_of[seat] for seat in self.work.session.scalars(mine))


class LockedLot:
    """A lot whose committee is not formed, held as a room is: nobody sits, and nothing stands still."""

    seats = NOBODY

    def __init__(self, work: Work, lot: LotView) -> None:
        self.work, self.lot = work, lot
        lock(work.session, Lot, Lot.id == lot.id)
        self.now = work.now()


def held(work: Work, lot: LotView) -> LockedRoom | LockedLot:
    """The room of a lot under lock, or the lot itself before there is one."""
    if evaluation_id(work.session, lot.id) is not None:
        return LockedRoom(work, lot)
    found = LockedLot(work, lot)
    return LockedRoom(work, lot) if evaluation_id(work.session, lot.id) is not None else found  # formed while the lock was waited for
