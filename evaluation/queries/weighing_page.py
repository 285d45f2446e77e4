"""What the page of weighed prices shows: each bid with its price and what may be weighed, the proposals, and how the members voted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.errors import WrongState
from core.kernel.ids import LotId, OrgId
from evaluation.domain.committee import code_name
from evaluation.domain.room import See, State, since
from evaluation.domain.weighing import value_of
from evaluation.models.rooms import Evaluation, Seat
from evaluation.models.weighings import WeighingProposal
from evaluation.queries import bids, rooms, weighings
from evaluation.queries.bids import BidFile
from evaluation.queries.questions import out_by_price
from evaluation.queries.rooms import RoomView
from evaluation.queries.weighings import Voted
from trading.domain.price_rules import AdjustmentRule, Preference, PreferenceRule, PriceRules


@dataclass(frozen=True, slots=True)
class BidLine:
    """A bid whose price is open; `rules` and `claimed`: what may be proposed on it now; `claims`: where it says each declaration stands."""

    code: str
    name: str
    price: Decimal
    files: tuple[BidFile, ...]
    claims: Mapping[Preference, str]
    rules: tuple[AdjustmentRule, ...]
    claimed: tuple[PreferenceRule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal; `adopted` None and no votes while it is voted on; `weight`: what it comes to, in yuan or percent."""

    number: int
    bid: str
    name: str  # the member who proposed it
    rule: AdjustmentRule | PreferenceRule
    figure: str
    weight: str
    file: str
    file_name: str
    page: int
    reason: str
    sha256: str
    is_mine_to_vote: bool
    adopted: bool | None
    votes: tuple[tuple[str, Voted], ...]

    @property
    def agreeing(self) -> int:
        """How many were in favour."""
        return sum(vote.agrees for _, vote in self.votes)

    @property
    def is_preference(self) -> bool:
        """Whether it confirms a claim."""
        return isinstance(self.rule, PreferenceRule)


@dataclass(frozen=True, slots=True)
class WeighingPage:
    """Prices of a room and what is weighed, for who may see it."""

    room: RoomView
    rules: PriceRules
    bids: tuple[BidLine, ...]
    proposals: tuple[ProposalView, ...]
    claims_due: frozenset[str]


def page(session: Session, actor: Actor, number: str) -> WeighingPage:
    """The committee's page; raises NotFound, WrongState for whoever may not read it yet, or where the document weighs nothing."""
    room = rooms.view(session, actor, number)
    rules = room.lot.review.prices
    if not room.may(See.VOTES) or room.state not in since(State.COMMERCIAL) or not rules:
        raise WrongState("evaluation.not_yet", state=room.state.value)
    row = session.scalars(select(Evaluation).where(Evaluation.lot_id == room.lot.id)).one()
    lines = _lines(session, row, room)
    told = weighings.claims(session, row, room.lot)
    due = weighings.weighings(session, row, room.lot).claims_due({one.code: told.get(one.code, {}) for one in lines})
    return WeighingPage(room, rules, lines, views(session, row, room.lot.review.prices, room.me.code if room.me else ""), due)


def _lines(session: Session, row: Evaluation, room: RoomView) -> tuple[BidLine, ...]:
    known = {bid.org: bid for bid in bids.opened(session, room.lot.id)}
    standing = [(one.code, one.rule) for one in weighings.proposed(session, row) if one.decision is None or _adopted(one)]
    passed = cast("dict[str, Any]", row.technical or {"passed": []})["passed"]
    found = []
    for code, bidder in sorted((room.map or {}).items()):
        bid = known.get(OrgId(bidder.org))
        if code not in passed or code in out_by_price(row) or bid is None or bid.price is None:
            continue
        free = [one for one in room.lot.review.prices.adjustments if (code, one.id) not in standing]
        claimed = [one for one in room.lot.review.prices.preferences if one.kind in bid.claims and (code, one.id) not in standing]
        found.append(BidLine(code, bidder.name, bid.price, bid.files, bid.claims, tuple(free), tuple(claimed)))
    return tuple(found)


def _adopted(one: WeighingProposal) -> bool:
    return bool(cast("dict[str, Any]", one.decision)["adopted"])


def views(session: Session, row: Evaluation, rules: PriceRules, seat: str = "") -> tuple[ProposalView, ...]:
    """The proposals of the round that counts; votes only of those that are decided. `seat`: of whoever looks, "" for none."""
    seats = list(session.scalars(select(Seat).where(Seat.evaluation_id == row.id)))
    names = {one.id: code_name(one.code) for one in seats}
    in_office = {one.id: one.code for one in seats if one.left_at is None}
    proposals = weighings.proposed(session, row)
    given = weighings.votes(session, in_office, proposals)
    files = {file.sha256: file.name for bid in bids.opened(session, LotId(row.lot_id)) for file in bid.files}
    out = out_by_price(row)
    return tuple(
        _view(one, rules, given[one.id], seat if one.code not in out else "", name=names[one.seat_id], file_name=files.get(one.file, ""))
        for one in proposals
    )


def _view(one: WeighingProposal, rules: PriceRules, given: Mapping[str, Voted], seat: str, **named: str) -> ProposalView:
    is_decided = one.decision is not None
    rule = rules.adjustment(one.rule) or rules.preference(one.rule)
    assert rule is not None  # no other is proposed
    return ProposalView(
        number=one.number,
        bid=one.code,
        **named,
        rule=rule,
        figure=one.figure,
        weight=f"{value_of(rule, one.figure):f}" if isinstance(rule, AdjustmentRule) else f"-{rule.percent:f}",
        file=one.file,
        page=one.page,
        reason=one.reason,
        sha256=one.payload_sha256,
        is_mine_to_vote=not is_decided and bool(seat) and seat not in given,
        adopted=_adopted(one) if is_decided else None,
        votes=_ordered(given) if is_decided else (),
    )


def _ordered(given: Mapping[str, Voted]) -> tuple[tuple[str, Voted], ...]:
    ordered: Sequence[str] = sorted(given, key=int)
    return tuple((code_name(seat), given[seat]) for seat in ordered)
