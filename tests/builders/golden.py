"""A published scoring case played in the room: its method in the tender document, its bids opened, its marks on members' sheets."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from core.kernel.ids import OrgId
from core.kernel.work import Door
from evaluation.domain.committee import SitePlan
from evaluation.domain.draw import Quota
from evaluation.domain.parts import parts_of
from evaluation.domain.reference import commitment
from evaluation.domain.sheet import STEP
from evaluation.queries import blind
from evaluation.queries import rooms as room_queries
from evaluation.queries.bids import BidFile, OpenedBid
from evaluation.queries.rooms import RoomView
from evaluation.services import references
from tests.builders.beginnings import Beginning
from tests.builders.evaluation import HOST, NORTH, QUOTAS, SITES, SOUTH, OpenedBids, Room
from tests.builders.trading import tender
from trading.domain.lot import FEWEST_BIDS
from trading.domain.price_rules import Preference
from trading.services import lots

CEILING = "150000000.00"
SALT = bytes(range(32))
FORMAL = {"id": "formal", "part": "technical", "max": "1", "weight": "0"}
"""What is scored where a case scores prices alone, which no comprehensive evaluation may: it weighs nothing."""
FIVE = {
    "quotas": (Quota("civil", 4), Quota("cost", 1)),
    "sites": (SitePlan(HOST, 3), SitePlan(NORTH, 1), SitePlan(SOUTH, 1)),
}
SEVEN = {"quotas": QUOTAS, "sites": SITES}


@dataclass
class Golden:
    """A case of `gongheng score` and the room in which it is played; bids by the letters of the case."""

    case: Mapping[str, Any]
    invalid: Sequence[str] = ()  # found invalid by the committee's vote once the prices are open
    codes: dict[str, str] = field(default_factory=dict)

    @property
    def letters(self) -> list[str]:
        return [str(one["id"]) for one in self.case["bids"]]

    @property
    def experts(self) -> list[str]:
        return sorted({str(one["expert"]) for one in self.case["sheets"]})

    @property
    def method(self) -> dict[str, Any]:
        """The method part as a tender document may have it: with a ceiling, a written weight, and something to score."""
        part = {name: copy.deepcopy(value) for name, value in self.case.items() if name not in ("case", "bids", "sheets")}
        part |= {"price_ceiling": self.ceiling, "reference_price": None, "candidates": part.get("candidates", 3)}
        part["price"] = {"weight": "1"} | part["price"] if part["price"]["kind"] != "none" else part["price"]
        part["criteria"] = part.get("criteria") or []
        if part["method"] == "comprehensive" and not part["criteria"]:
            part |= {"criteria": [FORMAL], "aggregation": {"kind": "mean", "over": "criterion"}}
        return part

    @property
    def ceiling(self) -> str:
        return f"{Decimal(self.case.get('price_ceiling') or CEILING):.2f}"

    @property
    def document(self) -> dict[str, Any]:
        """The terms of the tender document; marks that are no halves have their own step."""
        terms: dict[str, Any] = {"method": self.method, "ceiling": self.ceiling}
        finest = {one["id"]: min([STEP, *map(_unit, self._given(one["id"]))]) for one in self.method["criteria"]}
        rules = [{"id": name, "mode": "range", "step": str(step)} for name, step in finest.items() if step != STEP]
        terms |= {"score_rules": {"criteria": rules}} if rules else {}
        terms |= {"review": {"checks": [], "price_check": bool(self.invalid)} | self.weights} if self.invalid or self.weights else {}
        if not parts_of(self.method):
            terms |= {"envelopes": [{"env": "bid", "title": "投标文件"}]}
        return terms

    @property
    def weights(self) -> dict[str, Any]:
        """How the document weighs prices, where bids of the case are weighed: a rule for each deviation, one small-firm percentage."""
        rules = [_rule_of(one, place) for place, (_, one) in enumerate(self._weighed())]
        percents = {str(one.get("preference_percent", "0")) for one in self.case["bids"]} - {"0"}
        preferences = [{"kind": "small", "percent": percent, "article": "须知 6.1"} for percent in percents]
        return ({"adjustments": rules} if rules else {}) | ({"preferences": preferences} if preferences else {})

    def _weighed(self) -> list[tuple[str, Mapping[str, Any]]]:
        """The deviations of the case with the letters of their bids, in their order."""
        return [(str(bid["id"]), one) for bid in self.case["bids"] for one in bid.get("adjustments", ()) if one["kind"] != "correction"]

    def _given(self, criterion: str) -> list[str]:
        return [str(one["scores"][criterion]) for one in self.case["sheets"] if criterion in one["scores"]]

    def mark(self, member: int, letter: str, criterion: str) -> str:
        """What the member in this place gives; a case with one expert has every member agree with it, one with none gives full marks."""
        if not self.experts:
            return next(str(one["max"]) for one in self.method["criteria"] if one["id"] == criterion)
        expert = self.experts[member % len(self.experts)]
        [given] = [one["scores"][criterion] for one in self.case["sheets"] if (one["expert"], one["bid"]) == (expert, letter)]
        return str(given)

    # The room

    def played(self, room: Room) -> RoomView:
        """Everything up to the summary, as the supervisor sees it."""
        self._to_review(room)
        extra = [code for code, letter in self.codes.items() if letter not in self.letters]
        room.reviewed([(code, "formality.signature") for code in extra])
        if len(self.letters) < FEWEST_BIDS:
            for who in room.members:
                room.vote_competition(who, lacking=False)
        self._score(room, ("technical",))
        room.open_map()
        self._open_prices(room)
        self._score(room, ("commercial", "credit"))
        self._find_invalid(room)
        self._weigh(room)
        return room.view(room.tender.supervisor)

    def _to_review(self, room: Room) -> None:
        orgs = [one.org for one in room.tender.bidders][: max(len(self.letters), FEWEST_BIDS)]
        named = dict(zip(orgs, [*self.letters, "+1", "+2"], strict=False))
        self._open_bids(room, orgs)
        room.drawn(**(FIVE if len(self.experts) <= 5 else SEVEN))
        room.all_answer()
        room.form()
        for who in room.members:
            room.sign_in(who)
        for who in room.members:
            room.vote_chair(who, "1")
        for who in room.members:
            room.declare(who)
        row = room.tender.door.read(lambda session: room_queries.evaluation_id(session, room.tender.lot_id))
        assert isinstance(row, UUID)
        held = room.tender.door.read(lambda session: blind.codes_of(session, row))
        self.codes = {code: named[OrgId(org)] for code, org in held.items()}
        for org, letter in named.items():
            if not parts_of(self.method) and letter in self.letters:
                self._price_in(room, org, letter)

    def _open_bids(self, room: Room, orgs: Sequence[OrgId]) -> None:
        """From the tender document to the opened bids of these organisations."""
        one, terms = room.tender, self.document
        if self.case.get("reference_price"):
            terms |= {"reference_price_commit": commitment(one.case, "1", self._reference, SALT)}
        one.publish_document(**terms)
        one.publish_notice()
        assert one.lot.release_at is not None
        one.jump(one.lot.release_at)
        one.step(lots.open_bidding)
        one.close_bidding(orgs)
        for org in orgs:
            room.opened.bids[org] = OpenedBid(org, "投标人", (BidFile("technical", "施工组织设计.pdf", "aa" * 32, 9),))

    @property
    def _reference(self) -> str:
        return f"{Decimal(self.case['reference_price']):.2f}"

    def _price(self, letter: str) -> str:
        return next(f"{Decimal(one['price']):.2f}" for one in self.case["bids"] if one["id"] == letter)

    def _price_in(self, room: Room, org: OrgId, letter: str) -> None:
        """The price of a bid was opened, with what it claims."""
        room.opened.price(org, self._price(letter))
        if any(str(one["id"]) == letter and one.get("preference_percent", "0") != "0" for one in self.case["bids"]):
            room.opened.claim(org, Preference.SMALL)

    def _score(self, room: Room, parts: Sequence[str]) -> None:
        for part in (one for one in parts_of(self.method) if one in parts):
            names = [one["id"] for one in self.method["criteria"] if one["part"] == part]
            technical = room.view(room.members[0]).technical
            bids = room.view(room.members[0]).standing if technical is None else technical["passed"]
            for place, who in enumerate(room.members):
                sheets = [
                    {"bid": code, "scores": {name: self.mark(place, self.codes[code], name) for name in names}, "reasons": {}}
                    for code in bids
                ]
                room.submit(who, sheets, part=part)

    def _open_prices(self, room: Room) -> None:
        held = {code: room.org_of(code) for code in self.codes}
        if parts_of(self.method):
            for code, org in held.items():
                if org in room.opened.asked:
                    self._price_in(room, org, self.codes[code])
            room.prices_in()
        if self.case.get("reference_price"):
            body = {"value": self._reference, "salt": SALT.hex()}
            room.signed(room.tender.tenderer, "reference_price.open", body, references.open_reference, step_up=True)

    def _find_invalid(self, room: Room) -> None:
        """The committee asks about the price, nobody answers in a way that convinces, and all vote against it."""
        for code, letter in self.codes.items():
            if letter in self.invalid:
                asked = room.ask(code, "low_price")
                room.answer_question(room.bidder_of(room.org_of(code)), asked, text="没有进一步的材料。")
        if self.invalid:
            room.close_prices()
        for code in [code for code, letter in self.codes.items() if letter in self.invalid]:
            for who in room.members:
                room.vote_price(who, code, stays=False, reason="低于标底的 97%")

    def _weigh(self, room: Room) -> None:
        """Corrections are accepted, deviations and preferences confirmed by all, and the chair says that prices were looked through."""
        of_letter = {letter: code for code, letter in self.codes.items()}
        for bid in self.case["bids"]:
            for one in (one for one in bid.get("adjustments", ()) if one["kind"] == "correction"):
                code = of_letter[str(bid["id"])]
                asked = room.ask(code, "arithmetic", rule="words", correction=f"{Decimal(one['value']):.2f}")
                room.answer_question(room.bidder_of(room.org_of(code)), asked, accepts="yes")
        for place, (letter, one) in enumerate(self._weighed()):
            room.weighed(of_letter[letter], f"adjust.{place}", "1" if place % 2 else one["value"])
        for bid in self.case["bids"]:
            if bid.get("preference_percent", "0") != "0":
                room.weighed(of_letter[str(bid["id"])], "preference.small")
        if self.weights:
            room.close_prices()

    def by_letter(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """The result under the letters of the case, without the sentences that name bids and the criterion that weighs nothing."""
        named = {name: value for name, value in result.items() if name != "steps"}
        rows = [{**row, "bid": self.codes[row["bid"]], "criteria": self._without_formal(row["criteria"])} for row in result["rows"]]
        rejected = [{**one, "bid": self.codes[one["bid"]]} for one in result["rejected"]]
        return named | {"rows": rows, "rejected": rejected, "candidates": [self.codes[code] for code in result["candidates"]]}

    def _without_formal(self, criteria: Mapping[str, str] | None) -> dict[str, str] | None:
        return None if criteria is None else {name: text for name, text in criteria.items() if name != FORMAL["id"]}


def _rule_of(one: Mapping[str, Any], place: int) -> dict[str, Any]:
    """A rule by which a deviation comes to its value: every second one once, by the document; the others as the committee says."""
    each = str(one["value"]) if place % 2 else ""
    return {"id": f"adjust.{place}", "text": one["reason"], "article": "须知 5.3", "measure": one["kind"], "each": each, "unit": ""}


def _unit(written: str) -> Decimal:
    """The smallest step that a mark needs: a half, a quarter, or a unit of its last decimal."""
    value = Decimal(written)
    return next(step for step in (STEP, Decimal("0.25"), Decimal("0.1"), Decimal("0.05"), Decimal("0.01")) if not value % step)


def _before(door: Door, clock_file: Path) -> Room:
    """The project is registered, its award plan fixed; seven firms and eleven experts wait."""
    room = Room(tender(door, clock_file), OpenedBids())
    room.tender.registered()
    room.tender.fix_plan("DIRECT_VOTE")
    room.tender.join_bidders(7)
    room.fill_pool(11)
    return room


BEFORE = Beginning("a room before its tender document", _before)
