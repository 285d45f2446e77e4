"""Verbs of reopened sheets and of reports that somebody does not sign, for a room."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.kernel import clock
from core.kernel.encoding import sha256
from core.kernel.jcs import JSON
from evaluation.queries import unlocks as queries
from evaluation.queries.unlocks import UnlocksView
from evaluation.services import report_refusals, unlocks
from tests.builders.people import Person


def requests(room: Any, who: Person) -> UnlocksView:
    """What this person sees of the requests to reopen a sheet."""
    view = room.view(who)
    found: UnlocksView = room.tender.door.read(lambda session: queries.of_room(session, view))
    return found


def ask(room: Any, who: Person, reason: str = "看错了页面", part: str = "technical", **changes: Any) -> str:
    """A member asks to write the sheet again; returns the digest by which decisions name the request."""
    body = {"sheet_sha256": requests(room, who).own.get(part, "0" * 64), "reason": reason} | changes
    request = who.act("sheet.unlock.ask", room.case, room.tender.no, 0, body, True)
    room.perform(who, lambda work: unlocks.ask(work, room.number, request))
    return sha256(request.envelope.payload).hex()


def decide(room: Any, who: Person, request: str, granted: bool = True, reason: str = "") -> dict[str, JSON]:
    """Somebody decides on a request."""
    body = {"request_sha256": request, "granted": granted, "reason": reason}
    said: dict[str, JSON] = room.signed(who, "sheet.unlock.decide", body, unlocks.decide, step_up=True)
    return said


def set_deadline(room: Any, who: Person, report: str, **later: Any) -> dict[str, JSON]:
    """A member says until when the report is to be signed."""
    body = {"report_sha256": report, "until": clock.text(room.tender.now + timedelta(**(later or {"hours": 1})))}
    said: dict[str, JSON] = room.signed(who, "report.deadline", body, report_refusals.set_deadline, step_up=True)
    return said


def note(room: Any, who: Person, seat: str, report: str, dissent: str = "") -> dict[str, JSON]:
    """The host notes that a member did not sign."""
    body = {"report_sha256": report, "seat": seat, "dissent": dissent}
    said: dict[str, JSON] = room.signed(who, "report.refusal", body, report_refusals.note, step_up=True)
    return said
