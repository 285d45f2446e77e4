"""A bidder and the tenderer are told what becomes of a claim under the bidder's guarantee: nobody of what it did itself."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import select

from core.identity.domain.message import Discretion, Notice, Telling
from core.identity.queries import people
from core.identity.services import messages
from core.kernel.ids import OrgId, PersonId
from core.kernel.outbox import Payload
from core.kernel.roles import Role
from core.kernel.work import Work
from deposits.domain.claim_letter import TOLD, told_of
from deposits.models.claims import GuaranteeClaim
from deposits.models.guarantees import Guarantee, GuaranteeTerms
from deposits.models.requirement import Requirement

TOPIC = "deposits.claim_letter"
ANNOUNCED = dict.fromkeys(TOLD, TOPIC)  # by kind of event, for the door


def tell(work: Work, payload: Payload) -> None:
    """Tells of one event of a claim, whose digest is the event's subject; harmless when repeated."""
    row = work.session.scalars(select(GuaranteeClaim).where(GuaranteeClaim.sha256 == payload["subject"])).one()
    guarantee = work.session.get_one(Guarantee, row.guarantee_id)
    number = work.session.get_one(Requirement, guarantee.lot_id).number
    title = work.session.get_one(GuaranteeTerms, guarantee.lot_id).title
    own, list_of = f"/lots/{number}/guarantee", f"/lots/{number}/guarantees/{guarantee.id}/claims"
    sending: list[tuple[Telling, Iterable[PersonId]]] = []
    for told in told_of(str(payload["kind"]), row.state):
        org, role, link = (guarantee.org_id, Role.BIDDER, own) if told.to_bidder else (row.claimant_org, Role.TENDERER, list_of)
        notice = Notice(f"claim.{told.words}", told.topic, number, title, link)
        sending.append((Telling(notice, Discretion.UNCOUNTED), people.people_of(work.session, {OrgId(org)}, role)))
    messages.tell(work, UUID(str(payload["event"])), sending)
