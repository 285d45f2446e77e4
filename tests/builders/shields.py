"""The file that protects a tenderer, filled through the services: papers, register, award report, signatures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.jcs import JSON
from evaluation.queries import awards, shield_report
from evaluation.queries import shields as queries
from evaluation.queries.shields import ShieldView
from evaluation.services import shields
from tests.builders.people import Person
from tests.builders.trading import Tender

PAPER = b"%PDF-1.7 bid cleaning report"
AWARD_REPORT = "a7" * 32


class Shielding:
    """What a room does for the file of its award."""

    tender: Tender
    award_members: list[Person]

    @property
    def number(self) -> str:
        raise NotImplementedError

    def signed(self, who: Person, kind: str, body: Mapping[str, Any], service: Any, **how: Any) -> dict[str, JSON]:
        raise NotImplementedError

    def paper(self, category: str = "cleaning", **changes: Any) -> dict[str, JSON]:
        """The tenderer files a paper, as its category wants it."""
        body: dict[str, Any] = {
            "category": category,
            "title": "候选人清标报告",
            "source": "招标人清标小组",
            "author": "王建国",
            "dated_on": "2026-03-05",
            "reference": "交易中心三号会议室，录像编号 2026-0315" if category == "recording" else "",
            "candidate": "",
            "factor": "",
            "summary": "",
            "files": [] if category == "recording" else [self.pdf()],
        }
        return self._signed(self.tender.tenderer, "award.paper", body | changes, shields.file_paper)

    def pdf(self, content: bytes = PAPER, name: str = "清标报告.pdf") -> dict[str, Any]:
        """A file that the tenderer has uploaded."""
        return self.tender.upload(content, by=self.tender.tenderer) | {"name": name}

    def interference(self, who: Person, **changes: Any) -> dict[str, JSON]:
        body = {"who": "某单位某人", "on": "2026-03-06", "how": "电话要求照顾一家候选人", "done": "当场拒绝并报告"} | changes
        return self._signed(who, "interference.entry", body, shields.enter_interference)

    def close_register(self, who: Person, entries: Iterable[str] | None = None) -> dict[str, JSON]:
        standing = self.shield(who).register if entries is None else entries
        return self._signed(who, "interference.close", {"entries": list(standing or ())}, shields.close_register)

    def draft_award(self, digest: str = AWARD_REPORT) -> bool:
        """The report as the job would draft it, without typesetting; whether it was due."""
        door, lot = self.tender.door, self.tender.lot_id
        data = door.read(lambda session: shield_report.award_data(session, lot))
        if data is None:
            return False
        return bool(door.perform(SYSTEM_ACTOR, lambda work: shields.draft(work, lot, data.seen, digest, data.record)))

    def sign_award(self, who: Person, dissent: str = "", digest: str = "") -> dict[str, JSON]:
        body = {"report_sha256": digest or self.shield(who).report_sha256, "dissent": dissent}
        return self._signed(who, "award.report.sign", body, shields.sign_report)

    def decline_award(self, member: Person, reason: str = "经两次通知仍不签署") -> dict[str, JSON]:
        body = {"report_sha256": self.shield(self.tender.tenderer).report_sha256, "member": str(member.person), "reason": reason}
        return self._signed(self.tender.tenderer, "award.report.decline", body, shields.decline)

    def shield(self, who: Person) -> ShieldView:
        return self.tender.door.read(lambda session: queries.view(session, who.actor, self.number))

    def signatories(self) -> list[Person]:
        """The tenderer and the members in office."""
        lot = self.tender.lot
        office = self.tender.door.read(lambda session: queries.told(session, lot).members)
        return [self.tender.tenderer, *(one for one in self.award_members if str(one.person) in office)]

    @property
    def winner(self) -> str:
        """Whom the committee has chosen, "" while nobody; it goes to the award notice once the file is complete."""
        who = self.tender.tenderer.actor
        result = self.tender.door.read(lambda session: awards.view(session, who, self.number)).result
        return "" if result is None else str(result["winner"])

    def before_award(self) -> None:
        """What must be on file before the session opens and before a ballot is cast."""
        self.paper()
        self.paper("recording")

    def after_award(self, digest: str = AWARD_REPORT) -> None:
        """Register closed as "none", report drafted and signed by all."""
        for who in self.signatories():
            self.close_register(who)
        assert self.draft_award(digest)
        for who in self.signatories():
            self.sign_award(who)

    def _signed(self, who: Person, kind: str, body: dict[str, Any], service: Any) -> dict[str, JSON]:
        return self.signed(who, kind, body, service, step_up=True)
