"""What the page needs on which a tender document is composed: the terms that are saved, and the composed paper among their files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from core.kernel.actor import Actor
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound
from core.kernel.roles import Role
from trading.domain.award_plan import AwardPlan
from trading.domain.composition import DATA, CompositionFacts
from trading.domain.document import TenderDocument
from trading.domain.draft import DraftKind
from trading.domain.lot import LotAction
from trading.queries import document_versions, documents, projects
from trading.queries.lot_page import LotPage, lot_page
from trading.queries.lots import LotView

_UNNAMED = {"document_sha256": "0" * 64, "files": [{"name": DATA, "sha256": "0" * 64, "size": 1}]}


@dataclass(frozen=True, slots=True)
class Composing:
    """The page of whoever composes. `content` is the document's content as it is saved or signed, None before there is one; `data_sha256`
    the digest of its composed data, "" where it was not composed here; `today` the Beijing day."""

    page: LotPage
    approval: str
    funding: str
    content: dict[str, Any] | None
    data_sha256: str
    today: date

    @property
    def is_open(self) -> bool:
        """Whether the document can still be laid down."""
        return LotAction.PUBLISH_DOCUMENT in self.page.available

    def facts(self, content: Mapping[str, Any], on: date) -> CompositionFacts:
        """What a document with these terms says by itself; raises RuleBroken `body.malformed` for terms that are none."""
        lot = self.page.lot
        terms = TenderDocument.read({name: value for name, value in content.items() if name != "files"} | _UNNAMED)
        return CompositionFacts(
            number=lot.number,
            project_title=lot.project_title,
            lot_title=lot.title,
            regime=lot.regime,
            region=lot.region,
            tenderer=lot.tenderer_name,
            agency=lot.agency_name,
            approval=self.approval,
            funding=self.funding,
            plan=None if lot.award_plan is None else AwardPlan.read(lot.award_plan),
            terms=replace(terms, files=()),
            on=on,
        )


def composing(session: Session, number: str, actor: Actor, now: datetime) -> Composing:
    """The page for the lot's agency; raises NotFound for everybody else."""
    page = lot_page(session, number, actor, now)
    if Role.AGENCY not in page.roles:
        raise NotFound("lot.not_found")
    lot, project = page.lot, projects.by_case(session, page.lot.case)
    body = _saved(session, lot)
    content = None if body is None else {name: value for name, value in body.items() if name != "document_sha256"}
    named = next((entry["sha256"] for entry in (content or {}).get("files", ()) if entry["name"] == DATA), "")
    return Composing(page, project.approval, project.funding, content, named, legal_day(now))


def _saved(session: Session, lot: LotView) -> dict[str, Any] | None:
    """The document's body: of the newest draft, an amendment's among them, else of the version that stands."""
    for kind in (DraftKind.AMENDMENT, DraftKind.DOCUMENT):
        if (draft := documents.draft(session, lot.id, kind)) is not None:
            return dict(draft.body.get("document", draft.body))
    return document_versions.standing_body(session, lot) if lot.document_sha256 else None
