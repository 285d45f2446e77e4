"""What prospective bidders object to in the secret phase, and how it is answered."""

from __future__ import annotations

import hashlib
from typing import Any

from core.kernel.calendar import legal_day
from tests.builders.people import Person
from tests.web.secrecy_world import World


def file_objection(made: World, firm: Person) -> str:
    """Objects to the tender document, with a file, and looks at its own page; returns the number."""
    who, case = made.of(firm), made.room.tender.case
    content = b"%PDF-1.7 evidence of one firm"
    upload = made.upload(who, content)
    entry = {"name": "证明材料.pdf", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    assert upload
    body: dict[str, Any] = {"stage": "document", "capacity": "prospective_bidder", "interest": "", "files": [entry]}
    body |= {"facts": "检测报告限定品牌。", "request": "请删除。"}
    who.get(f"/lots/{made.room.number}/objections/new/document")
    answer = who.act(f"/api/v1/lots/{made.room.number}/objections", firm.act("objection.file", case, "1", body=body))
    assert answer.status_code == 200, answer.text
    made.remedies.append(answer.get_json()["number"])
    who.get(f"/objections/{made.remedies[-1]}")
    return made.remedies[-1]


def take_back(made: World, firm: Person, number: str) -> None:
    """Takes an objection back."""
    request = firm.act("objection.withdraw", made.room.tender.case, "1", body={"objection": number})
    answer = made.of(firm).act(f"/api/v1/objections/{number}/withdraw", request)
    assert answer.status_code == 200, answer.text


def answer(made: World, number: str) -> None:
    """The tenderer answers an objection."""
    tenderer, case = made.room.tender.tenderer, made.room.tender.case
    body: dict[str, Any] = {"objection": number, "question": "是否限定品牌？", "answer": "不限定。", "late_reason": "", "files": []}
    request = tenderer.act("objection.answer", case, "1", body=body)
    answer = made.viewers["tenderer"].act(f"/api/v1/objections/{number}/answer", request)
    assert answer.status_code == 200, answer.text


def complain(made: World, firm: Person) -> None:
    """Complains to the authority, and takes it back."""
    who, case, authority = made.of(firm), made.room.tender.case, str(made.room.tender.supervisor.org)
    content = b"%PDF-1.7 evidence of a complaint"
    made.upload(who, content)
    made.uploads.pop()  # the filer looks around like everybody else, and would be shown its own
    entry = {"name": "证明材料.pdf", "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
    body: dict[str, Any] = {"authority": authority, "matter": "other", "objection": "", "capacity": "prospective_bidder"}
    body |= {"interest": "", "known_on": legal_day(made.room.tender.now).isoformat(), "facts": "甲", "request": "乙", "files": [entry]}
    request = firm.act("complaint.file", case, "1", body=body, step_up=True)
    answer = who.act(f"/api/v1/lots/{made.room.number}/complaints", request)
    assert answer.status_code == 200, answer.text
    number = answer.get_json()["number"]
    who.get(f"/complaints/{number}")
    back = firm.act("complaint.withdraw", case, "1", body={"complaint": number}, step_up=True)
    assert who.act(f"/api/v1/complaints/{number}/withdraw", back).status_code == 200
