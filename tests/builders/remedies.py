"""Objections and complaints of a test's world, made through the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from core.identity.services.acts import SignedRequest
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import legal_day
from core.kernel.jcs import JSON
from core.kernel.work import Work
from tests.builders.people import Person
from tests.builders.trading import Tender
from trading.models.remedy import Complaint, Objection
from trading.services import complaint_handling, complaints, objections

EVIDENCE = b"%PDF-1.7 evidence"
Service = Callable[[Work, str, SignedRequest], dict[str, JSON]]


@dataclass
class Remedies:
    """What is said against one lot."""

    tender: Tender

    def _act(self, who: Person, service: Service, target: str, request: SignedRequest) -> dict[str, JSON]:
        return self.tender.door.perform(who.actor, lambda work: service(work, target, request))

    def evidence(self, who: Person) -> dict[str, Any]:
        """A file that this person has uploaded."""
        return self.tender.upload(EVIDENCE, who) | {"name": "证明材料.pdf"}

    def objection_body(self, stage: str = "document", **changes: Any) -> dict[str, Any]:
        """The body of an objection to that stage."""
        works = self.tender.regime == "construction"
        capacity = ("prospective_bidder" if stage in ("document", "prequalification") else "bidder") if works else "supplier"
        body: dict[str, Any] = {
            "stage": stage,
            "capacity": capacity,
            "interest": "",
            "facts": "评标办法第三条要求提供特定品牌的检测报告。",
            "request": "请删除该要求。",
            "files": [],
        }
        return body | changes

    def object(self, who: Person, stage: str = "document", **changes: Any) -> str:
        """Files an objection; returns its number."""
        request = who.act("objection.file", self.tender.case, self.tender.no, body=self.objection_body(stage, **changes))
        return str(self._act(who, objections.file, self.tender.number, request)["number"])

    def answer(self, number: str, who: Person | None = None, **changes: Any) -> dict[str, JSON]:
        """The tenderer answers."""
        by = who or self.tender.tenderer
        body: dict[str, Any] = {"objection": number, "question": "检测报告是否限定品牌？", "answer": "不限定品牌。", "late_reason": ""}
        request = by.act("objection.answer", self.tender.case, self.tender.no, body=body | {"files": []} | changes)
        return self._act(by, objections.answer, number, request)

    def withdraw(self, who: Person, number: str) -> dict[str, JSON]:
        """The filer takes an objection back."""
        request = who.act("objection.withdraw", self.tender.case, self.tender.no, body={"objection": number})
        return self._act(who, objections.withdraw, number, request)

    def complaint_body(self, who: Person, matter: str = "document", objection: str = "", **changes: Any) -> dict[str, Any]:
        """The body of a complaint to the world's supervisor."""
        works = self.tender.regime == "construction"
        capacity = ("bidder" if matter in ("result", "opening") else "prospective_bidder") if works else "supplier"
        body: dict[str, Any] = {
            "authority": str(self.tender.supervisor.org),
            "matter": matter,
            "objection": objection,
            "capacity": capacity,
            "interest": "",
            "known_on": legal_day(self.tender.now).isoformat(),
            "facts": "答复没有回应所提问题。",
            "request": "请责令改正招标文件。",
            "files": [self.evidence(who)],
        }
        return body | changes

    def complain(self, who: Person, matter: str = "document", objection: str = "", **changes: Any) -> str:
        """Files a complaint; returns its number."""
        body = self.complaint_body(who, matter, objection, **changes)
        request = who.act("complaint.file", self.tender.case, self.tender.no, body=body, step_up=True)
        return str(self._act(who, complaints.file, self.tender.number, request)["number"])

    def handle(self, step: str, number: str, by: Person | None = None, **said: Any) -> dict[str, JSON]:
        """One act of an authority: accept, refuse, hand_over, investigate, suspend, lift, decide, publish."""
        who = by or self.tender.supervisor
        body = {"complaint": number} | _SAID[step] | said
        request = who.act(f"complaint.{step}", self.tender.case, self.tender.no, body=body, step_up=True)
        return self._act(who, getattr(complaint_handling, step), number, request)

    def take_back(self, who: Person, number: str) -> dict[str, JSON]:
        """The filer takes a complaint back."""
        request = who.act("complaint.withdraw", self.tender.case, self.tender.no, body={"complaint": number}, step_up=True)
        return self._act(who, complaints.withdraw, number, request)

    def investigated(self, who: Person, matter: str = "document", objection: str = "", **changes: Any) -> str:
        """A complaint that has been taken on and is looked into."""
        number = self.complain(who, matter, objection, **changes)
        self.handle("accept", number)
        self.handle("investigate", number)
        return number

    def tick(self, find: Callable[..., list[UUID]], do: Callable[[Work, UUID], None]) -> int:
        """Runs a tick; returns for how many."""
        door = self.tender.door
        due = door.read(lambda session: find(session, door.clock(session)))
        for key in due:
            door.perform(SYSTEM_ACTOR, lambda work, key=key: do(work, key))  # type: ignore[misc]
        return len(due)

    def objection(self, number: str) -> Objection:
        """The row of an objection."""
        return self.tender.door.read(lambda session: session.query(Objection).filter_by(number=number).one())

    def complaint(self, number: str) -> Complaint:
        """The row of a complaint."""
        return self.tender.door.read(lambda session: session.query(Complaint).filter_by(number=number).one())

    def known(self, day: date) -> dict[str, str]:
        """When the filer knew of it."""
        return {"known_on": day.isoformat()}


_SAID: dict[str, dict[str, Any]] = {
    "accept": {"late_reason": ""},
    "refuse": {"ground": "late", "text": "超过投诉期限。", "late_reason": ""},
    "hand_over": {"text": "同一投诉已由先收到的部门受理，现予移送。"},
    "investigate": {"text": "请招标人说明编制依据。"},
    "suspend": {"text": "为避免造成难以挽回的后果，责令暂停。", "until": ""},
    "lift": {"text": "情况已查清，恢复招标投标活动。"},
    "decide": {"outcome": "upheld", "text": "投诉成立，责令改正。", "late_reason": ""},
    "publish": {"text": "经查，招标文件设置了不合理条件，责令改正。"},
}


def remedies(tender: Tender) -> Remedies:
    """Nothing has been said yet."""
    return Remedies(tender)
