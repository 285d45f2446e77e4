"""A lot whose bids are open and are to be evaluated: pool and sites, draw, room, sheets, report, award, each step through the services."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.kernel import draw as kernel
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from evaluation.domain.committee import SitePlan
from evaluation.domain.draw import Quota, Wanted
from evaluation.domain.redraw import FIRST
from evaluation.queries import bids as bid_queries
from evaluation.queries import draws as draw_queries
from evaluation.queries import rooms as room_queries
from evaluation.queries.bids import BidFile, OpenedBid
from evaluation.queries.draws import Call
from evaluation.queries.rooms import RoomView
from evaluation.services import calls, committees, draws, pool, progress, reports, reviews, rooms, scores
from tests.builders import experts as pool_experts
from tests.builders.awarding import Awarding
from tests.builders.blind_maps import Locking
from tests.builders.calls import Calls
from tests.builders.leaving import Handing
from tests.builders.people import Person
from tests.builders.reviewing import Voting
from tests.builders.rounds import Again
from tests.builders.shields import Shielding
from tests.builders.trading import Tender, method_part
from tests.builders.weighing import Weighing
from trading.domain.price_rules import Preference
from trading.services import lots, openings

HOST, NORTH, SOUTH = "主场 临江市", "副场A 云川市", "副场B 宁溪市"
SITES = (SitePlan(HOST, 3), SitePlan(NORTH, 2), SitePlan(SOUTH, 2))
WINDOW = timedelta(minutes=30)
QUOTAS = (Quota("civil", 5), Quota("cost", 2))
CRITERIA = {"method": "15", "duration": "8", "quality": "6", "team": "6", "credit": "5"}
REPORT = "5e" * 32

OUTLIERS = [{"test": "below_next", "percent": "15", "inclusive": False, "then": "fixed", "score": "15"}]
PRICE = {"kind": "deviation", "max": "60", "weight": "1", "above": "2", "below": "1", "floor": None, "max_deduction_below": "10"}

TWO_STAGES = method_part(
    price=PRICE | {"benchmark": {"kind": "mean"}, "outliers": OUTLIERS},
    criteria=[{"id": name, "part": "technical", "max": most, "weight": "1"} for name, most in CRITERIA.items()],
    aggregation={"kind": "trimmed_mean", "drop_high": 1, "drop_low": 1, "trim_from": 5, "over": "criterion"},
)


@dataclass
class OpenedBids:
    """What trading would tell of the opened bids; tests of the room set it by hand, the opening has tests of its own."""

    bids: dict[OrgId, OpenedBid] = field(default_factory=dict)
    asked: list[OrgId] = field(default_factory=list)
    closed: bool = True

    def put(self, monkeypatch: pytest.MonkeyPatch) -> OpenedBids:
        """Stands in for trading until the test ends."""
        monkeypatch.setattr(bid_queries, "opened", lambda session, lot: bid_queries.invented(session, lot) or self._told())
        monkeypatch.setattr(bid_queries, "first_opening_is_closed", lambda session, lot: self.closed)
        monkeypatch.setattr(openings, "request_commercial", self._ask)
        return self

    def _told(self) -> tuple[OpenedBid, ...]:
        return tuple(self.bids[org] for org in sorted(self.bids, key=str))

    def _ask(self, work: Work, lot: LotId, passed: Sequence[OrgId]) -> None:
        self.asked = list(passed)

    def price(self, org: OrgId, yuan: str) -> None:
        """The price envelope of a bid was opened."""
        known = self.bids[org]
        self.bids[org] = replace(known, price=Decimal(yuan))

    def claim(self, org: OrgId, *kinds: Preference) -> None:
        """The envelope that holds the price claims price preference."""
        self.bids[org] = replace(self.bids[org], claims=dict.fromkeys(kinds, "第 12 页"))

    def fail(self, org: OrgId) -> None:
        """The price envelope of a bid could not be opened."""
        known = self.bids[org]
        self.bids[org] = OpenedBid(org, known.name, known.files, None, True)


@dataclass
class Room(Calls, Voting, Weighing, Locking, Handing, Again, Awarding, Shielding):
    """One lot's evaluation. Verbs act for the person given; `all_…` act for everybody whose turn it is."""

    tender: Tender
    opened: OpenedBids
    experts: list[Person] = field(default_factory=list)
    award_members: list[Person] = field(default_factory=list)
    draw: str = ""
    secrets: dict[str, bytes] = field(default_factory=dict)
    devices: dict[str, Any] = field(default_factory=dict)  # of workstations, where any were drawn

    # The world

    def told(self, monkeypatch: pytest.MonkeyPatch) -> Room:
        """What trading would tell of the bids comes from this room until the test ends."""
        self.opened.put(monkeypatch)
        return self

    @property
    def criteria(self) -> Mapping[str, str]:
        """Criterion → the most points."""
        return CRITERIA

    @property
    def number(self) -> str:
        return self.tender.number

    @property
    def case(self) -> str:
        return self.tender.case

    def ready(self, bidders: int = 6, experts: int = 11, method: str = "DIRECT_VOTE", **document: Any) -> Room:
        """Bids are open, the pool is filled: eleven experts of as many employers, one of them a bidder's own."""
        self._to_bidding(method, document)
        orgs = [one.org for one in self.tender.join_bidders(bidders)]
        self.tender.close_bidding(orgs)
        for one in self.tender.bidders:
            files = (BidFile("technical", "施工组织设计.pdf", "aa" * 32, 9), BidFile("commercial", "投标报价.pdf", "bb" * 32, 9))
            self.opened.bids[one.org] = OpenedBid(one.org, one.org_name, files)
        self.fill_pool(experts)
        return self

    def _to_bidding(self, plan: str, document: dict[str, Any]) -> None:
        one = self.tender.registered()
        one.fix_plan(plan)
        one.publish_document(**({"method": TWO_STAGES} | document))
        one.publish_notice()
        assert one.lot.release_at is not None
        one.jump(one.lot.release_at)
        one.step(lots.open_bidding)

    def fill_pool(self, experts: int) -> None:
        """Experts of the pool; the first one is employed by the first bidder."""
        for number in range(experts):
            employer = self.tender.bidders[0].org_name if number == 0 else f"第{number}设计研究院"
            expert = self.tender.crowd.join(Role.EXPERT, employer)
            self.experts.append(expert)
            pool_experts.ready(self.tender.door, self.tender.centre, expert, ["cost"] if number > 6 else ["civil"])
        for site in SITES:
            self.perform(self.tender.centre, lambda work, one=site: pool.add_site(work, one.site, one.site[-3:], one.site == HOST, 8))

    def perform(self, who: Person, use_case: Any) -> Any:
        return self.tender.door.perform(who.actor, use_case)

    def perform_as_clock(self, use_case: Any) -> Any:
        return self.tender.door.perform(SYSTEM_ACTOR, use_case)

    # The draw

    def prepare(self, who: Person | None = None, **changes: Any) -> dict[str, JSON]:
        at = self.tender.now + timedelta(hours=changes.get("hours", 3))
        again = changes.get("again", FIRST)
        wanted = Wanted(changes.get("quotas", QUOTAS), changes.get("org_cap", 1), at, WINDOW, again, changes.get("gateway", ""))
        sites = changes.get("sites", SITES)
        return self.perform(who or self.tender.centre, lambda work: draws.prepare(work, self.number, wanted, sites))

    def request(self, prepared: Mapping[str, Any], **changes: Any) -> dict[str, JSON]:
        body = {name: prepared[name] for name in ("draw", "request", "calling", "again")} | {"purpose": "评标委员会专家抽取"} | changes
        return self.signed(self.tender.centre, "draw.request", body, draws.request, step_up=True)

    def commit(self, who: Person, draw: str | None = None, **changes: Any) -> dict[str, JSON]:
        party = who.role.value
        self.secrets.setdefault(party, secrets.token_bytes(32))
        name = draw or self.draw
        made = kernel.commit(self.case, name, party, self.secrets[party]).hex()
        return self.signed(who, "draw.commit", self.slip(name, party, made) | changes, draws.commit)

    def reveal(self, who: Person, **changes: Any) -> dict[str, JSON]:
        value = self.secrets.get(who.role.value, bytes(32)).hex()
        return self.signed(who, "draw.reveal", {"draw": self.draw, "party": who.role.value, "value": value} | changes, draws.reveal)

    @property
    def parties(self) -> tuple[Person, ...]:
        return self.tender.centre, self.tender.supervisor, self.tender.tenderer

    def requested(self, **changes: Any) -> Room:
        self.draw = str(self.prepare_and_request(**changes)["draw"])
        return self

    def prepare_and_request(self, **changes: Any) -> dict[str, JSON]:
        prepared = self.prepare(**changes)
        self.request(prepared)
        return prepared

    def drawn(self, **changes: Any) -> Room:
        """Everybody drawn is called."""
        self.requested(**changes)
        for who in self.parties:
            self.commit(who)
        for who in self.parties:
            self.reveal(who)
        return self

    def recuse(self, who: Person, pseudonym: str, reason: str = "与投标人有业务往来", cause: str = "recusal") -> dict[str, JSON]:
        body = {"draw": self.draw, "id": pseudonym, "cause": cause, "reason": reason}
        return self.signed(who, "draw.recusal", body, calls.recuse)

    def formed(self) -> Room:
        self.confirmed()
        self.form()
        return self

    def form(self, who: Person | None = None) -> dict[str, JSON]:
        return self.perform(who or self.tender.centre, lambda work: committees.form(work, self.number, self.draw))

    def call(self, who: Person) -> Call | None:
        found = self.tender.door.read(lambda session: draw_queries.calls(session, who.person))
        return found[0] if found else None

    @property
    def members(self) -> list[Person]:
        """Those who hold a seat now, in the order of their seats."""
        called = [(one, self.call(one)) for one in self.experts]
        seated = [(int(call.seat), one) for one, call in called if call is not None and call.seat]
        return [one for _, one in sorted(seated, key=lambda pair: pair[0])]

    # The room

    def view(self, who: Person) -> RoomView:
        return self.tender.door.read(lambda session: room_queries.view(session, who.actor, self.number))

    def sign_in(self, who: Person, **changes: Any) -> dict[str, JSON]:
        call = self.call(who)
        body = {"seat": call.seat if call else "1", "site": call.site if call else HOST} | changes
        return self.signed(who, "room.sign_in", body, rooms.sign_in)

    def vote_chair(self, who: Person, choice: str, round_number: int = 1, **changes: Any) -> dict[str, JSON]:
        body = {"round": round_number, "choice": choice} | changes
        return self.signed(who, "chair.vote", body, rooms.vote_chair, round_number=round_number)

    def declare(self, who: Person, none: bool = True, reason: str = "") -> dict[str, JSON]:
        return self.signed(who, "recusal.declare", {"none": none, "reason": reason}, rooms.declare)

    def findings(self, failing: Iterable[tuple[str, str]] = (), bids: Iterable[str] | None = None) -> list[dict[str, Any]]:
        failed = set(failing)
        codes = self.codes if bids is None else bids
        return [
            {
                "bid": bid,
                "check": check.id,
                "pass": (bid, check.id) not in failed,
                "reason": "未按要求签章" if (bid, check.id) in failed else "",
            }
            for bid in codes
            for check in self.view(self.members[0]).checks
        ]

    def review(self, who: Person, failing: Iterable[tuple[str, str]] = (), items: list[dict[str, Any]] | None = None) -> dict[str, JSON]:
        body = {"items": self.findings(failing) if items is None else items}
        return self.signed(who, "preliminary.review", body, reviews.review, step_up=True)

    @property
    def codes(self) -> tuple[str, ...]:
        return self.view(self.members[0]).codes

    def sheet(self, marks: Mapping[str, str] | str = "0.8", bids: Iterable[str] | None = None) -> list[dict[str, Any]]:
        """A sheet with these total shares of each maximum, by code name or for all."""
        standing = self.view(self.members[0]).standing if bids is None else bids
        share = {code: Decimal(marks if isinstance(marks, str) else marks[code]) for code in standing}
        return [
            {
                "bid": code,
                "scores": {name: _half(Decimal(most) * share[code]) for name, most in self.criteria.items()},
                "reasons": {next(iter(self.criteria)): "合理"},
            }
            for code in standing
        ]

    def submit(self, who: Person, sheets: list[dict[str, Any]] | None = None, **options: Any) -> dict[str, JSON]:
        body = {"part": options.pop("part", "technical"), "sheets": self.sheet() if sheets is None else sheets}
        return self.signed(who, "score", body, scores.submit, step_up=True, **options)

    def assembled(self) -> Room:
        self.formed()
        for who in self.members:
            self.sign_in(who)
        return self

    def with_chair(self) -> Room:
        self.assembled()
        for who in self.members:
            self.vote_chair(who, "1")
        return self

    def reviewing(self) -> Room:
        self.with_chair()
        for who in self.members:
            self.declare(who)
        return self

    def scoring(self, failing: Sequence[tuple[str, str]] = ()) -> Room:
        self.reviewing()
        return self.reviewed(failing)

    def org_of(self, code: str) -> OrgId:
        held = self.view(self.members[0]).map
        assert held is not None
        return OrgId(held[code].org)

    def prices_in(self) -> None:
        """Trading says that the price envelopes were opened."""
        lot = self.tender.lot_id
        self.tender.step(lambda work, _lot: progress.prices_arrived(work, lot))

    def summarised(self) -> Room:
        self.locked()
        return self.priced()

    def priced(self) -> Room:
        """The price envelopes that were asked for are open."""
        for place, org in enumerate(self.opened.asked):
            self.opened.price(org, f"{130_000_000 + place * 1_000_000}.00")
        self.prices_in()
        return self

    def draft_report(self, digest: str = REPORT) -> None:
        row = self.tender.door.read(lambda session: room_queries.evaluation_id(session, self.tender.lot_id))
        assert isinstance(row, UUID)
        self.tender.step(lambda work, _lot: reports.draft(work, row, digest))

    def sign_report(self, who: Person, dissent: str = "", digest: str = REPORT) -> dict[str, JSON]:
        return self.signed(who, "report.sign", {"report_sha256": digest, "dissent": dissent}, reports.sign, step_up=True)

    def submitted(self) -> Room:
        self.summarised()
        return self.reported()

    def reported(self) -> Room:
        """The report is drafted and signed by all."""
        self.draft_report()
        for who in self.members:
            self.sign_report(who)
        return self

    # The award

    def deciding(self, members: int = 5) -> Room:
        self.submitted()
        self.published(members).before_award()
        return self

    def published(self, members: int = 5) -> Room:
        """The candidates are public where they are before the award, and the award committee is named."""
        if not self.tender.lot.publicity_after:
            self.tender.publish_candidates()
            self.tender.end_publicity()
        for _ in range(members):
            self.award_members.append(self.tender.crowd.join(Role.AWARD_MEMBER, self.tender.tenderer.org_name))
        return self

    # Signing

    def signed(
        self,
        who: Person,
        kind: str,
        body: Mapping[str, Any],
        service: Any,
        *,
        step_up: bool = False,
        round_number: int = 0,
        **override: Any,
    ) -> dict[str, JSON]:
        """Signs the body and performs the service for that person."""
        request = who.act(kind, self.case, self.tender.no, round_number, body, step_up, **override)
        return self.perform(who, lambda work: service(work, self.number, request))


def _half(value: Decimal) -> str:
    """The nearest lower step of 0.5."""
    return str((value * 2).to_integral_value(rounding="ROUND_FLOOR") / 2)
