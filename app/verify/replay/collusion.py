"""Collusion cards: each is the one whose digest was logged, about bids that were opened, prices looked at again, decided by who may."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.verify.entries import Entry
from app.verify.replay import committee
from app.verify.replay.story import Story, before, same
from app.verify.verdict import Broken, inside
from core.kernel import jcs
from core.kernel.errors import Refusal
from core.kernel.money import Money
from core.kernel.roles import Role
from trading.domain.collusion import prices
from trading.domain.collusion.card import ARTICLES, FORMAT, METHOD, Signal
from trading.domain.collusion.life import MOVES, CardFacts, CardState, Decision, Phase
from trading.domain.collusion.material import BidMaterial, Material
from trading.domain.opening import LATER_PRICES

OF_PRICES = frozenset({Signal.ARITHMETIC_PROGRESSION, Signal.GEOMETRIC_PROGRESSION, Signal.PRICE_CLUSTER})


def check_cards(story: Story) -> int:
    """Every card of every check; returns how many there are."""
    rounds: list[int] = []
    count = 0
    for entry in story.all("collusion.check"):
        round_ = entry.statement.round
        entry.require(round_ not in rounds, "event_twice", kind=entry.kind)
        rounds.append(round_)
        opened = story.opened_bids(round_) if round_ < LATER_PRICES else story.opened_prices(round_)
        for one in opened.values():
            before(one, entry, "too_early")
        cards = [_card(story, entry, row) for row in entry.parts("cards")]
        for card in cards:
            entry.require(set(card["bidders"]) <= set(opened), "bidder_differs")
        if entry.text("method") == METHOD:
            _check_prices(story, entry, opened, cards)
        count += len(cards)
    return count


def _card(story: Story, entry: Entry, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """The card that a row of the check names: the same bytes, saying the same of itself."""
    name = story.package.paper(row.get("sha256"))
    card: Mapping[str, Any] = story.package.json(name)
    with inside(name):
        told = {
            "format": FORMAT,
            "method": entry.text("method"),
            "case": story.case,
            "lot": story.lot,
            "round": entry.statement.round,
            "ref": row.get("ref"),
            "signal": row.get("signal"),
            "strength": row.get("strength"),
        }
        if any(card[member] != value for member, value in told.items()) or card["article"] != ARTICLES[Signal(card["signal"])]:
            raise Broken(name, "record_differs")
    return card


def _check_prices(story: Story, entry: Entry, opened: Mapping[str, Entry], cards: list[Mapping[str, Any]]) -> None:
    """Patterns in the prices, looked for again in what was read out: exactly those are on cards."""
    said = {org: one.part("read_out").get("price") for org, one in opened.items()}
    bids = tuple(BidMaterial(org, price=Money.yuan(price).fen) for org, price in said.items() if isinstance(price, str))
    ceiling = story.document.body.get("ceiling")
    material = Material(bids, (), Money.yuan(ceiling).fen if isinstance(ceiling, str) and ceiling else None)
    again = sorted(jcs.canonical(found.to_json()) for found in prices.findings(material))
    members = ("signal", "strength", "bidders", "raw", "computed")
    told = sorted(jcs.canonical({name: card[name] for name in members}) for card in cards if Signal(card["signal"]) in OF_PRICES)
    same(entry, told, again, "record_differs")


def check_decisions(story: Story) -> int:
    """Every decision was on a card that there was, by the supervisor or by who then was chair, before the report; returns how many."""
    states: dict[str, CardState] = {}
    count = 0
    for entry, seated in _sitting(story):
        if entry.kind == "collusion.check":
            states |= {str(row["ref"]): CardState.OPEN for row in entry.parts("cards")}
        elif entry.kind == "collusion.decide":
            said = Decision.read(entry.body)
            entry.require(said.card in states, "card_unknown")
            if entry.role == Role.EXPERT.value:
                entry.require(seated is not None and bool(seated.chair) and seated.seat_of(entry) == seated.chair, "not_the_chair")
            phase = Phase.REPORTED if any(one.seq < entry.seq for one in story.all("report.submit")) else Phase.BLIND
            states[said.card] = _decided(entry, said, states[said.card], phase)
            count += 1
    return count


def _sitting(story: Story) -> Iterator[tuple[Entry, committee.Seated | None]]:
    """Every event with who sat in the room then, None before there was one."""
    sat = {entry.seq: seated for entry, seated in committee.sittings(story)}
    yield from ((entry, sat.get(entry.seq)) for entry in story.entries)


def _decided(entry: Entry, said: Decision, state: CardState, phase: Phase) -> CardState:
    try:
        return MOVES.choose(said.action, state, frozenset({Role(entry.role)}), CardFacts(phase))
    except Refusal:
        raise Broken(entry.member, "decided_wrongly") from None
