"""What the reasons of the award committee may point to: report, tender document, candidates' bids, papers on file; sections and factors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.award_ballot import SECTIONS, Sources, places_of
from evaluation.models.shields import ShieldFile
from evaluation.queries import bids
from trading.domain.award_plan import AwardPlan
from trading.queries import awards as trading_awards
from trading.queries import documents, parsed
from trading.queries.lots import LotView

REPORT, DOCUMENT, FILED = "report", "document", "filed"


@dataclass(frozen=True, slots=True)
class SourceView:
    """A paper that a reason may name: `owner` is the bidder's name, or which of the tenderer's papers it is; pages 0 where not counted."""

    sha256: str
    owner: str
    name: str
    pages: int = 0


def papers(session: Session, lot: LotView) -> tuple[SourceView, ...]:
    """The papers of the award, the report first; bids of candidates alone; last what the tenderer put on file for the award."""
    names = {one.org: one.name for one in trading_awards.candidates(session, lot.id)}
    counted = {one.sha256: len(one.parsed.pages) for one in parsed.files_of(session, lot.id) if not one.parsed.is_cut}
    found = [SourceView(lot.report_sha256, REPORT, "")] if lot.report_sha256 else []
    found += [SourceView(file.sha256, DOCUMENT, file.name) for file in documents.files(session, lot.id)]
    for bid in bids.opened(session, lot.id):
        if bid.org in names:
            found += [SourceView(file.sha256, names[bid.org], file.name, counted.get(file.sha256, 0)) for file in bid.files]
    filed = session.scalars(select(ShieldFile).where(ShieldFile.lot_id == lot.id).order_by(ShieldFile.name, ShieldFile.sha256))
    known = {one.sha256 for one in found}
    return (*found, *(SourceView(file.sha256, FILED, file.name) for file in filed if file.sha256 not in known))


def sources_of(session: Session, lot: LotView, plan: AwardPlan) -> Sources:
    """The same for the check of a ballot."""
    return Sources({one.sha256: one.pages or None for one in papers(session, lot)}, places_of(plan))


def sections(plan: AwardPlan) -> Iterable[tuple[str, str]]:
    """(what a reason writes, what it names) of sections and factors; the first are named by the words of the page."""
    yield from ((f"report:{one}", one) for one in SECTIONS)
    yield from ((f"factor:{one.id}", one.name) for one in plan.factors)
