"""What the page needs on which a tender document is prepared: its drafts, and every check at once with what stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.kernel import clock
from core.kernel.actor import Actor
from trading.domain.document_checks import Check, Draft, examine
from trading.domain.draft import DraftKind
from trading.domain.project import Category
from trading.models.project import Project
from trading.queries import document_versions, documents
from trading.queries.workplace import Workplace, workplace


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparing:
    """The page of a document that is being prepared. `content` is what stands on the form: the draft's, else the published document's,
    else nothing but the method that was saved."""

    place: Workplace
    category: Category
    content: Mapping[str, Any]
    release_at: datetime | None
    deadline: datetime | None

    def checks(self, content: Mapping[str, Any] | None = None) -> tuple[Check, ...]:
        """Every check, on this content or on what stands on the form."""
        lot = self.place.page.lot
        return examine(
            Draft(
                content=self.content if content is None else content,
                law=lot.law,
                category=self.category,
                estimate=lot.estimate,
                plan_fixed=bool(lot.award_plan_sha256),
                release_at=self.release_at,
                deadline=self.deadline,
            )
        )


def preparing(session: Session, number: str, actor: Actor, now: datetime) -> Preparing:
    """The page for a party of the lot; raises NotFound for everybody else."""
    place = workplace(session, number, actor, now, DraftKind.DOCUMENT)
    lot = place.page.lot
    method, notice = (documents.draft(session, lot.id, kind) for kind in (DraftKind.METHOD, DraftKind.NOTICE))
    content: Mapping[str, Any] = {} if method is None else {"method": method.body["method"]}
    if place.draft is not None:
        content = {**place.draft.body, **content}
    elif lot.document_sha256:
        content = {**document_versions.standing_body(session, lot), **content}
    drafted = {} if notice is None else notice.body
    return Preparing(
        place=place,
        category=session.scalars(select(Project.category).where(Project.number == lot.case)).one(),
        content=content,
        release_at=lot.release_at or (clock.moment(drafted["release_at"]) if drafted else None),
        deadline=lot.deadline or (clock.moment(drafted["deadline"]) if drafted else None),
    )
