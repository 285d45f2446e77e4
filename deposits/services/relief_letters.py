"""Supervisors are told of reliefs that wait for their signature, and a firm that it has a waiver, or has it no more."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid5

from sqlalchemy import select

from core.identity.domain.message import Discretion, Notice, Telling, Topic
from core.identity.queries import people
from core.identity.services import messages
from core.kernel.outbox import Payload
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.relief import END, MOVES, SUPERVISOR, WAIVE, ReliefAction, Waiver
from deposits.models.reliefs import Relief

PROPOSED, TOPIC = "deposits.relief_proposed", "deposits.relief_letter"
ANNOUNCED = dict.fromkeys((WAIVE, END), TOPIC)  # by kind of event, for the door
PAGE = "/deposits/reliefs"
WAITS: Mapping[ReliefAction, str] = {ReliefAction.AGREE: "relief.proposed", ReliefAction.END: "relief.end_proposed"}


def announce(work: Work, relief: UUID, sha256: str) -> None:
    """What was just proposed, by the digest of its statement, is told once this has been committed."""
    work.send(PROPOSED, sha256, {"relief": str(relief), "sha256": sha256})


def tell_supervisors(work: Work, payload: Payload) -> None:
    """Tells all supervisors of one proposal that waits still; harmless when repeated."""
    row = work.session.get_one(Relief, UUID(str(payload["relief"])))
    waiting = [words for action, words in WAITS.items() if action in MOVES.available(row.state, SUPERVISOR, None)]
    for words in waiting:
        about = uuid5(row.id, str(payload["sha256"]))
        supervisors = [one.id for one in people.holders(work.session, Role.SUPERVISOR)]
        messages.tell(work, about, [(Telling(_notice(row, words, Topic.TASK), Discretion.OPEN), supervisors)])


def tell(work: Work, payload: Payload) -> None:
    """Tells a firm of one event about a waiver of its own, whose digest is the event's subject; harmless when repeated."""
    row = work.session.scalars(select(Relief).where(Relief.sha256 == payload["subject"])).one()
    if row.kind != WAIVE:
        return
    words = "relief.waived" if payload["kind"] == WAIVE else "relief.waiver_ended"
    firm = people.people_of(work.session, {Waiver.read(row.body).org}, Role.BIDDER)
    messages.tell(work, UUID(str(payload["event"])), [(Telling(_notice(row, words, Topic.PROGRESS), Discretion.OPEN), firm)])


def _notice(row: Relief, words: str, topic: Topic) -> Notice:
    return Notice(words, topic, "", str(row.body["source"]), PAGE)
