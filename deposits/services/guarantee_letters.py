"""Bidders are told what becomes of their guarantees: each of its own, and before the opening inside the platform alone."""

from __future__ import annotations

from uuid import UUID

from core.identity.domain.message import Discretion, Notice, Telling, Topic
from core.identity.queries import people
from core.identity.services import messages
from core.kernel.ids import OrgId
from core.kernel.outbox import Payload
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.deposit import is_public
from deposits.domain.guarantee import TASKS_FOR_BIDDERS, TOLD, told_as
from deposits.models.guarantees import Guarantee, GuaranteeTerms
from deposits.models.requirement import Requirement

TOPIC = "deposits.guarantee_letter"
ANNOUNCED = dict.fromkeys(TOLD, TOPIC)  # by kind of event, for the door


def tell(work: Work, payload: Payload) -> None:
    """Tells of one event of a guarantee, whose id is the event's subject; harmless when repeated. Nobody is told of its own act."""
    row = work.session.get_one(Guarantee, UUID(str(payload["subject"])))
    words = told_as(str(payload["kind"]), row.state, row.reason)
    if words is None:
        return
    asked, terms = work.session.get_one(Requirement, row.lot_id), work.session.get_one(GuaranteeTerms, row.lot_id)
    topic = Topic.TASK if words in TASKS_FOR_BIDDERS else Topic.PROGRESS
    notice = Notice(f"guarantee.{words}", topic, asked.number, terms.title, f"/lots/{asked.number}/guarantee")
    how = Discretion.UNCOUNTED if is_public(asked.state) else Discretion.INSIDE
    bidders = people.people_of(work.session, {OrgId(row.org_id)}, Role.BIDDER)
    messages.tell(work, UUID(str(payload["event"])), [(Telling(notice, how), bidders)])
