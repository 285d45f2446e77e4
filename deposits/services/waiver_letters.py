"""A firm is told that its waiver counts in a lot: before the opening inside the platform alone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.domain.message import Discretion, Notice, Telling, Topic
from core.identity.queries import people
from core.identity.services import messages
from core.kernel.ids import LotId, OrgId
from core.kernel.outbox import Payload
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import is_public
from deposits.domain.waiver import USE
from deposits.models.requirement import Requirement
from deposits.models.waivers import WaiverUse
from deposits.queries.terms import terms_of

TOPIC = "deposits.waiver_letter"
ANNOUNCED = {USE: TOPIC}  # by kind of event, for the door


def tell(work: Work, payload: Payload) -> None:
    """Tells of one use, whose statement's digest is the event's subject; harmless when repeated."""
    row = work.session.scalars(select(WaiverUse).where(WaiverUse.sha256 == payload["subject"])).one()
    asked = work.session.get_one(Requirement, row.lot_id)
    words, topic = ("waiver.part", Topic.TASK) if row.asked.fen else ("waiver.whole", Topic.PROGRESS)
    notice = Notice(words, topic, asked.number, terms_of(work.session, LotId(row.lot_id)).title, f"/lots/{asked.number}/deposit")
    how = Discretion.UNCOUNTED if is_public(asked.state) else Discretion.INSIDE
    bidders = people.people_of(work.session, {OrgId(row.org_id)}, Role.BIDDER)
    messages.tell(work, UUID(str(payload["event"])), [(Telling(notice, how), bidders)])
