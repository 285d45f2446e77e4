"""Collusion cards as each viewer may see them: with names, or under code names while the committee scores blind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.clock import text
from core.kernel.errors import NotAllowed, NotFound
from core.kernel.ids import PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from evaluation.domain.collusion import phase_of
from evaluation.domain.room import READS as ROOM_READS
from evaluation.domain.room import See as RoomSee
from evaluation.domain.room import roles_of
from evaluation.models.rooms import Evaluation, Seat
from evaluation.queries.blind import codes_of
from trading.domain.collusion.card import BLIND, Signal, Strength
from trading.domain.collusion.life import MOVES, READS, CardAction, CardFacts, CardState, Phase, See
from trading.queries import collusion as trading
from trading.queries import lots, openings
from trading.queries.collusion import CardRow, CheckView, DecisionView
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card for one viewer. `bidders` are names, or code names where it is `coded`; then `sha256` is "" and notes of those who know the
    names are left out. `available` are the decisions that this viewer may sign now."""

    ref: str
    round: int
    signal: Signal
    strength: Strength
    state: CardState
    article: str
    bidders: tuple[str, ...]
    raw: Mapping[str, Any]
    computed: Mapping[str, Any]
    innocent: tuple[str, ...]
    method: str
    tools: Mapping[str, str]
    sha256: str
    coded: bool
    decisions: tuple[DecisionView, ...]
    available: tuple[CardAction, ...]

    def to_json(self) -> dict[str, JSON]:
        """As the API tells it."""
        return {
            "ref": self.ref,
            "round": self.round,
            "signal": self.signal.value,
            "strength": self.strength.value,
            "state": self.state.value,
            "article": self.article,
            "bidders": list(self.bidders),
            "raw": dict(self.raw),
            "computed": dict(self.computed),
            "innocent": list(self.innocent),
            "method": self.method,
            "tools": dict(self.tools),
            "sha256": self.sha256,
            "decisions": [
                {"decision": one.action.value, "note": one.note, "name": one.name, "role": one.role.value, "at": text(one.decided_at)}
                for one in self.decisions
            ],
            "available": [action.value for action in self.available],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """All cards of a lot for one viewer; `checks` say which openings were compared."""

    lot: LotView
    phase: Phase
    coded: bool
    checks: tuple[CheckView, ...]
    cards: tuple[CardView, ...]

    def to_json(self) -> dict[str, JSON]:
        """As the API tells it."""
        done: list[JSON] = [{"round": one.round, "method": one.method, "at": text(one.checked_at)} for one in self.checks]
        return {"phase": self.phase.value, "coded": self.coded, "checks": done, "cards": [one.to_json() for one in self.cards]}


@dataclass(frozen=True, slots=True)
class _Viewer:
    roles: frozenset[Role]
    phase: Phase
    see: See
    is_chair: bool
    names: Mapping[str, str]  # organisation id → what this viewer calls it


def board(session: Session, actor: Actor, number: str) -> BoardView:
    """The cards that `actor` may see now. Raises NotFound for whoever has no part in the lot, NotAllowed for whoever may see none yet."""
    lot = lots.by_number(session, number)
    viewer = _viewer(session, actor, lot)
    rows = trading.cards(session, lot.id)
    coded = viewer.see is See.CODED
    shown = [row for row in rows if not coded or _is_blind(row)]
    return BoardView(
        lot=lot,
        phase=viewer.phase,
        coded=coded,
        checks=trading.checks(session, lot.id),
        cards=tuple(_card(row, viewer) for row in shown),
    )


def card(session: Session, actor: Actor, number: str, ref: str) -> tuple[BoardView, CardView]:
    """One card with the board on which it stands; raises as `board` does, and NotFound for a card that this viewer can't see."""
    found = board(session, actor, number)
    for one in found.cards:
        if one.ref == ref:
            return found, one
    raise NotFound("collusion.not_found")


def may_be_decided_blind(row: CardRow) -> bool:
    """Whether the committee has this card before it while it scores blind."""
    return _is_blind(row)


def _is_blind(row: CardRow) -> bool:
    """Shared words of the first envelopes: what the members read anyway."""
    return row.signal in BLIND and row.round == 0


def _viewer(session: Session, actor: Actor, lot: LotView) -> _Viewer:
    room = session.scalar(select(Evaluation).where(Evaluation.lot_id == lot.id))
    seats = _seats(session, room) if room is not None else []
    roles = roles_of(actor, [PersonId(seat.person_id) for seat in seats], lot.parties.tenderer)
    phase = phase_of(room.state if room is not None else None)
    see = next((what for what in (See.NAMED, See.CODED) if READS.may(what, phase, roles)), None)
    if see is None:
        raise NotAllowed("collusion.sealed") if roles else NotFound("evaluation.not_found")
    if see is See.CODED and (room is None or not ROOM_READS.may(RoomSee.BIDS, room.state, roles)):
        raise NotAllowed("collusion.sealed")
    named = {str(org): name for org, name in openings.bidders(session, lot.id)}
    codes = {str(org): code for code, org in codes_of(session, room.id).items()} if room is not None else {}
    mine = next((seat.code for seat in seats if seat.person_id == actor.person), "")
    is_chair = room is not None and bool(mine) and mine == room.chair
    return _Viewer(roles, phase, see, is_chair, dict.fromkeys(named, "—") | codes if see is See.CODED else named)


def _seats(session: Session, room: Evaluation) -> list[Seat]:
    return list(session.scalars(select(Seat).where(Seat.evaluation_id == room.id, Seat.left_at.is_(None))))


def _card(row: CardRow, viewer: _Viewer) -> CardView:
    coded, content = viewer.see is See.CODED, row.content
    signing = viewer.roles & ({Role.SUPERVISOR, Role.EXPERT} if viewer.is_chair else {Role.SUPERVISOR})
    decisions = [one for one in row.decisions if not coded or one.role is Role.EXPERT]
    return CardView(
        ref=row.ref,
        round=row.round,
        signal=row.signal,
        strength=row.strength,
        state=row.state,
        article=str(content["article"]),
        bidders=tuple(sorted(viewer.names.get(org, "—") for org in row.bidders)),
        raw=_renamed(_ordered(content["raw"], row.bidders, viewer), viewer.names),
        computed=content["computed"],
        innocent=tuple(content["innocent"]),
        method=str(content["method"]),
        tools=content["tools"],
        sha256="" if coded else row.sha256,
        coded=coded,
        decisions=tuple(decisions),
        available=MOVES.available(row.state, frozenset(signing), CardFacts(viewer.phase)),
    )


def _ordered(raw: Mapping[str, Any], bidders: Sequence[str], viewer: _Viewer) -> Mapping[str, Any]:
    """Two bids side by side stand in the order of what the viewer calls them, not of the ids that no code name may betray."""
    if len(bidders) != 2:
        return raw
    first, second = (viewer.names.get(org, "—") for org in bidders)
    said = {**raw, "left_bidder": bidders[0], "right_bidder": bidders[1]}
    return said if first <= second else _swapped(said)


def _swapped(value: Any) -> Any:
    """The same with left and right exchanged, wherever they stand."""
    other = {"left": "right", "right": "left", "left_bidder": "right_bidder", "right_bidder": "left_bidder"}
    match value:
        case Mapping():
            return {other.get(name, name): _swapped(member) for name, member in value.items()}
        case list() | tuple():
            return [_swapped(member) for member in value]
    return value


def _renamed(value: Any, names: Mapping[str, str]) -> Any:
    """The same with every organisation id replaced by what the viewer calls it."""
    match value:
        case str():
            return names.get(value, value)
        case Mapping():
            return {name: _renamed(member, names) for name, member in value.items()}
        case list() | tuple():
            return [_renamed(member, names) for member in value]
    return value
