"""What happens to a lot is told to everybody concerned, at one moment and in one transaction."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from core.identity.domain.message import Notice, Telling
from core.identity.services import messages
from core.kernel.outbox import Payload
from core.kernel.work import Work
from trading.domain.concern import CONCERNS, DISCRETION, link
from trading.models.lot import Lot
from trading.models.project import Project
from trading.queries.concerned import circle

TOPIC = "trading.told"
ANNOUNCED = dict.fromkeys(CONCERNS, TOPIC)  # by kind of event, for the door


def tell(work: Work, payload: Payload) -> None:
    """Tells an event on; harmless when repeated. An event of a case without a lot is about the project."""
    project = work.session.scalars(select(Project).where(Project.number == payload["case"])).one()
    lot = work.session.scalar(select(Lot).where(Lot.project_id == project.id, Lot.no == payload["lot"]))
    number = project.number if lot is None else lot.number
    title = project.title if lot is None else f"{project.title} {lot.title}"
    told, subject = [], str(payload.get("subject", ""))
    for concern in CONCERNS[str(payload["kind"])]:
        notice = Notice(concern.words, concern.topic, number, title, link(concern.place, project.number, number, subject))
        told.append((Telling(notice, DISCRETION[concern.circle]), circle(work.session, concern.circle, project, lot, subject)))
    messages.tell(work, UUID(str(payload["event"])), told)
