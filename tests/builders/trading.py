"""A world in which lots are tendered: its people, and each step of a lot's life, made through the services."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from core.kernel import clock, jcs, uploads
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import legal_day, start_of
from core.kernel.encoding import sha256
from core.kernel.ids import CaseId, LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.money import Money
from core.kernel.roles import Role
from core.kernel.work import Door, Work
from tests.builders.people import People, Person, people
from trading.domain.award import AcceptedReport, Recommended
from trading.domain.lot import LotState
from trading.domain.publicity import last_day
from trading.models.lot import Lot
from trading.queries import awards as award_queries
from trading.queries import lots as lot_queries
from trading.queries import projects as project_queries
from trading.queries.lots import LotView
from trading.services import awards, closing, contracts, documents, lots, notices, projects, publicity

DAY = timedelta(days=1)
TENDERER, AGENCY = "临江市城市建设投资有限公司", "公信招标代理有限公司"
DIGEST = "ab" * 32
NO_CASE = CaseId("")
DOCUMENT = b"%PDF-1.7 tender document"
CONTRACT = b"%PDF-1.7 contract"


def digest(members: Mapping[str, Any]) -> str:
    """The digest under which a signed body is named."""
    return sha256(jcs.canonical(dict(members))).hex()


def plan(method: str = "DIRECT_VOTE", **changes: Any) -> dict[str, Any]:
    """An award plan; RANK_ONE has nothing else in it."""
    made: dict[str, Any] = {"method": method, "members": 5, "quorum": 5, "ties": ["price", "draw"], "legal_basis": "临建发〔2025〕12号"}
    made |= {"factors": [{"name": "履约能力", "definition": "近三年同类工程的履约评价"}], "region_rule": "临江市评定分离办法 2025"}
    if method == "RANK_ONE":
        made |= {"members": 0, "quorum": 0, "ties": [], "factors": [], "legal_basis": "", "region_rule": ""}
    return made | changes


def method_part(**changes: Any) -> dict[str, Any]:
    """The method part of a scoring case: two envelopes, a threshold, deviation from the mean."""
    made: dict[str, Any] = {
        "method": "comprehensive",
        "price_ceiling": "150000000.00",
        "reference_price": None,
        "rounding": {"mode": "half_up", "price_score": 2, "aggregate": 2, "total": 2},
        "price": {"kind": "deviation", "max": "60", "weight": "1", "above": "2", "below": "1", "benchmark": {"kind": "mean"}},
        "criteria": [{"id": "method", "part": "technical", "max": "40", "weight": "1"}],
        "part_minimum": {"technical": "28"},
        "aggregation": {"kind": "mean", "over": "criterion"},
        "tie_break": ["lower_price"],
        "candidates": 3,
    }
    return made | changes


def document_body(files: Sequence[Mapping[str, Any]] = (), **changes: Any) -> dict[str, Any]:
    """The body of a tender document with its digest; `document_sha256` may be given to be wrong."""
    body: dict[str, Any] = {
        "files": [dict(entry) for entry in files] or [{"name": "招标文件.pdf", "sha256": DIGEST, "size": 5}],
        "method": method_part(),
        "envelopes": [{"env": "technical", "title": "技术标"}, {"env": "commercial", "title": "商务标"}],
        "deposit_fen": 80_000_000,
        "ceiling": "150000000.00",
        "reference_price_commit": "",
        "escrow": "required",
        "validity_days": 120,
    }
    body |= changes
    return {"document_sha256": digest(body)} | body


@dataclass
class Tender:
    """One project of a test's world. `jump` sets the shared clock forward; each verb is one step and returns the service's answer."""

    door: Door
    clock_file: Path
    crowd: People
    agency: Person
    tenderer: Person
    centre: Person
    supervisor: Person
    regime: str = "construction"
    mandatory: bool = True
    case: CaseId = NO_CASE
    no: str = "1"
    bidders: list[Person] = field(default_factory=list)
    notice: dict[str, Any] = field(default_factory=dict)  # what else its tender notice says

    @property
    def number(self) -> str:
        """The lot's sayable number."""
        return f"{self.case}-{self.no}"

    @property
    def lot(self) -> LotView:
        """The lot as it stands."""
        return self.door.read(lambda session: lot_queries.by_number(session, self.number, any_state=True))

    @property
    def now(self) -> datetime:
        """The platform's clock."""
        return self.door.read(self.door.clock)

    def jump(self, to: datetime) -> None:
        """Sets the clock to that moment, never back."""
        clock.write_offset(self.clock_file, clock.read_offset(self.clock_file) + max(to - self.now, timedelta(0)))

    def reserve(self) -> CaseId:
        """A number for the project."""
        self.case = self.door.perform(self.agency.actor, projects.reserve_number)
        return self.case

    def registration(self, **changes: Any) -> dict[str, Any]:
        """The body of the registration: one lot, estimated at 150 million yuan."""
        body: dict[str, Any] = {
            "title": "临江市滨江路提升工程施工",
            "regime": self.regime,
            "category": "construction",
            "region": "临江市",
            "legally_mandatory": self.mandatory,
            "tenderer": {"org": str(self.tenderer.org), "name": self.tenderer.org_name},
            "agency": {"org": str(self.agency.org), "name": self.agency.org_name},
            "approval": "临发改审〔2026〕88号",
            "funding": "市级财政资金 100%",
            "estimate_fen": 15_000_000_000,
            "lots": [{"no": "1", "title": "一标段"}],
        }
        return body | changes

    def register(self, **changes: Any) -> dict[str, JSON]:
        """The agency registers the project under its number."""
        if not self.case:
            self.reserve()
        request = self.agency.act("project.register", self.case, body=self.registration(**changes))
        return self.door.perform(self.agency.actor, lambda work: projects.register(work, self.case, request))

    def countersign(self, register_sha256: str) -> dict[str, JSON]:
        """The tenderer takes the registration as its own."""
        request = self.tenderer.act("project.countersign", self.case, body={"register_sha256": register_sha256}, step_up=True)
        return self.door.perform(self.tenderer.actor, lambda work: projects.countersign(work, self.case, request))

    def registered(self, **changes: Any) -> Tender:
        """Step 1."""
        answer = self.register(**changes)
        self.countersign(str(answer["register_sha256"]))
        return self

    def fix_plan(self, method: str = "DIRECT_VOTE", **changes: Any) -> dict[str, JSON]:
        """The tenderer fixes the award plan."""
        made = plan(method, **changes)
        body: dict[str, Any] = {"plan_sha256": digest(made), "plan": made}
        request = self.tenderer.act("award_plan.fix", self.case, self.no, body=body, step_up=True)
        return self.door.perform(self.tenderer.actor, lambda work: awards.fix_plan(work, self.number, request))

    def upload(self, content: bytes, by: Person | None = None) -> dict[str, Any]:
        """Has the agency, or somebody else, upload a file; returns its entry. The bytes themselves are nobody's business here."""
        name, size, owner = hashlib.sha256(content).hexdigest(), len(content), by or self.agency

        def come_in(work: Work) -> None:
            begun = uploads.create(work, owner.person, size)
            work.session.flush()
            uploads.acknowledge(work, begun.id, owner.person, before=0, after=size, sha256=name)

        self.door.perform(owner.actor, come_in)
        return {"name": "招标文件.pdf", "sha256": name, "size": size}

    def publish_document(self, **changes: Any) -> dict[str, JSON]:
        """The agency lays down the tender document."""
        files = changes.pop("files", None) or [self.upload(DOCUMENT)]
        request = self.agency.act("document.publish", self.case, self.no, body=document_body(files, **changes))
        return self.door.perform(self.agency.actor, lambda work: documents.publish(work, self.number, request))

    def notice_body(self, **changes: Any) -> dict[str, Any]:
        """The body of a tender notice: release in an hour, 25 days to bid."""
        lot = self.lot
        release = self.now + timedelta(hours=1)
        deadline = release + 25 * DAY
        body: dict[str, Any] = {
            "title": "临江市滨江路提升工程施工招标公告",
            "document_sha256": lot.document_sha256,
            "award_plan_sha256": lot.award_plan_sha256,
            "release_at": clock.text(release),
            "deadline": clock.text(deadline),
            "opening_at": clock.text(deadline),
            "publicity_days": 3,
        }
        return body | self.notice | changes

    def publish_notice(self, **changes: Any) -> dict[str, JSON]:
        """The tenderer publishes the tender notice."""
        request = self.tenderer.act("notice.publish", self.case, self.no, body=self.notice_body(**changes), step_up=True)
        return self.door.perform(self.tenderer.actor, lambda work: notices.publish(work, self.number, request))

    def noticed(self, method: str = "DIRECT_VOTE", **changes: Any) -> Tender:
        """Steps 1 and 2."""
        self.registered()
        self.fix_plan(method)
        self.publish_document(**changes)
        self.publish_notice()
        return self

    def bidding(self, method: str = "DIRECT_VOTE", **changes: Any) -> Tender:
        """Steps 1 and 2, and the release has come."""
        self.noticed(method, **changes)
        assert self.lot.release_at is not None
        self.jump(self.lot.release_at)
        self.step(lots.open_bidding)
        return self

    @property
    def lot_id(self) -> LotId:
        """The lot's id."""
        return self.lot.id

    def step(self, verb: Callable[..., Any], *rest: Any) -> Any:
        """Performs `verb(work, lot id, …)` as the platform."""
        lot = self.lot_id
        return self.door.perform(SYSTEM_ACTOR, lambda work: verb(work, lot, *rest))

    def join_bidders(self, count: int = 4) -> list[Person]:
        """Organisations that may bid."""
        self.bidders = [self.crowd.join(Role.BIDDER, f"第{n}建筑工程有限公司") for n in range(1, count + 1)]
        return self.bidders

    def close_bidding(self, orgs: Sequence[OrgId]) -> LotState:
        """The deadline comes, with bids of these organisations."""
        lot = self.lot
        assert lot.deadline is not None
        self.jump(lot.deadline)
        return LotState(self.step(lots.close_bidding, orgs))

    def evaluated(self, method: str = "DIRECT_VOTE", candidates: int = 3) -> Tender:
        """All up to the accepted report: bids and opening are passed over."""
        self.bidding(method)
        orgs = [bidder.org for bidder in self.join_bidders(4)]
        self.close_bidding(orgs)
        self.step(lots.begin_evaluation)
        self.accept_report(orgs[:candidates])
        return self

    def accept_report(self, orgs: Sequence[OrgId], ranked: bool | None = None) -> None:
        """The evaluation hands down its report."""
        lot = self.lot
        recommended = tuple(Recommended(org, Money(13_000_000_000 + place)) for place, org in enumerate(orgs))
        report = AcceptedReport(DIGEST, "cd" * 32, not lot.separation if ranked is None else ranked, recommended)
        self.step(awards.accept_report, report)

    def candidates_body(self, **changes: Any) -> dict[str, Any]:
        """The body of the candidates' publication, beginning today."""
        lot, today = self.lot, legal_day(self.now)
        shown = self.door.read(lambda session: award_queries.candidates(session, lot.id))
        body: dict[str, Any] = {
            "candidates": [{"org": str(c.org), "name": c.name, "rank": c.rank, "price_fen": c.price.fen} for c in shown],
            "from": today.isoformat(),
            "until": last_day(lot.law, lot.publicity_days, today).isoformat(),
            "report_sha256": lot.report_sha256,
            "late_reason": "",
        }
        if lot.publicity_after:
            body |= {"winner": str(lot.winner_org), "result_sha256": lot.result_sha256}
        return body | changes

    def publish_candidates(self, **changes: Any) -> dict[str, JSON]:
        """The tenderer publishes the candidates."""
        request = self.tenderer.act("candidates.publish", self.case, self.no, body=self.candidates_body(**changes), step_up=True)
        return self.door.perform(self.tenderer.actor, lambda work: publicity.publish_candidates(work, self.number, request))

    def end_publicity(self) -> None:
        """The publicity runs out."""
        lot = self.lot
        assert lot.publicity_until is not None
        self.jump(lot.publicity_until)
        self.step(publicity.end)

    def awarded(self, method: str = "DIRECT_VOTE") -> Tender:
        """All up to the decided award: the first bidder has won."""
        self.evaluated(method)
        self.publish_candidates()
        self.end_publicity()
        if self.lot.separation:
            self.step_award()
        return self

    def step_award(self) -> None:
        """The award committee decides for the first bidder."""
        self.step(awards.accept_award_decision, self.bidders[0].org, "ef" * 32)

    def send_award_notice(self, **changes: Any) -> dict[str, JSON]:
        """The tenderer sends the award notice."""
        lot = self.lot
        assert lot.price is not None
        body: dict[str, Any] = {"winner": str(lot.winner_org), "price_fen": lot.price.fen, "result_sha256": lot.result_sha256} | changes
        request = self.tenderer.act("award.notice", self.case, self.no, body=body, step_up=True)
        return self.door.perform(self.tenderer.actor, lambda work: awards.send_notice(work, self.number, request))

    def sign_contract(self, who: Person, **changes: Any) -> dict[str, JSON]:
        """A party signs the contract."""
        lot = self.lot
        assert lot.price is not None
        if who is self.tenderer:
            self.upload(CONTRACT, who)
        named = hashlib.sha256(CONTRACT).hexdigest()
        body: dict[str, Any] = {"contract_sha256": named, "price_fen": lot.price.fen, "late_reason": ""}
        body |= {"org": str(who.org)} if who is not self.tenderer and len(lot.winners) > 1 else {}
        request = who.act("contract.sign", self.case, self.no, body=body | changes, step_up=True)
        return self.door.perform(who.actor, lambda work: contracts.sign(work, self.number, request))

    def contracted(self, method: str = "DIRECT_VOTE") -> Tender:
        """All up to the contract."""
        self.awarded(method)
        self.send_award_notice()
        self.sign_contract(self.tenderer)
        self.sign_contract(self.bidders[0])
        return self

    def propose_close(self, **changes: Any) -> dict[str, JSON]:
        """The centre proposes the close of the case."""
        close = self.door.read(lambda session: project_queries.by_case(session, self.case)).close
        said = {"events": 1} if close is None else close.members()  # while a lot is open nobody knows the count
        self.proposal = self.centre.act("case.close", self.case, body=said | changes, step_up=True)
        return self.door.perform(self.centre.actor, lambda work: closing.propose_close(work, self.case, self.proposal))

    def confirm_close(self) -> dict[str, JSON]:
        """The supervisor signs the same statement."""
        second = self.supervisor.cosign(self.proposal)
        return self.door.perform(self.supervisor.actor, lambda work: closing.close_case(work, self.case, second))


def next_morning(now: datetime) -> datetime:
    """Nine in Beijing, today or tomorrow: a day's fee counts until midnight, and a test must not hang on the hour at which it runs."""
    nine = start_of(legal_day(now)) + timedelta(hours=9)
    return nine if nine >= now else nine + DAY


def tender(door: Door, clock_file: Path, regime: str = "construction", mandatory: bool = True) -> Tender:
    """A world with an agency, a tenderer, a centre and a supervisor, and no project yet; it begins at nine in the morning."""
    if not clock.read_offset(clock_file):
        clock.write_offset(clock_file, next_morning(clock.now()) - clock.now())
    crowd = people(door)
    return Tender(
        door,
        clock_file,
        crowd,
        crowd.join(Role.AGENCY, AGENCY),
        crowd.join(Role.TENDERER, TENDERER),
        crowd.join(Role.CENTRE, "临江市公共资源交易中心"),
        crowd.join(Role.SUPERVISOR, "临江市住房和城乡建设局"),
        regime,
        mandatory,
    )


def last_day_of(world: Tender, code: str = "T13", since: str = "award_notice_at") -> date:
    """Of a period of the law that began at that moment of the lot: the contract's, or the report on the award."""
    row = world.door.read(lambda session: session.scalars(select(Lot).where(Lot.number == world.number)).one())
    last = world.lot.law.last_day(code, getattr(row, since))
    assert last is not None
    return last
