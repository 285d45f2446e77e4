"""What the reasons of the award committee may point to: the report, the tender document, the candidates' bids; sections and factors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from evaluation.domain.award_ballot import SECTIONS, Sources, places_of
from evaluation.queries import bids
from trading.domain.award_plan import AwardPlan
from trading.queries import awards as trading_awards
from trading.queries import documents, parsed
from trading.queries.lots import LotView

REPORT, DOCUMENT = "report", "document"


@dataclass(frozen=True, slots=True)
class SourceView:
    """A paper that a reason may name: `owner` is the bidder's name, or which of the tenderer's papers it is; pages 0 where not counted."""

    sha256: str
    owner: str
    name: str
    pages: int = 0


def papers(session: Session, lot: LotView) -> tuple[SourceView, ...]:
    """The papers of the award, the report first; bids of candidates alone."""
    names = {one.org: one.name for one in trading_awards.candidates(session, lot.id)}
    counted = {one.sha256: len(one.parsed.pages) for one in parsed.files_of(session, lot.id) if not one.parsed.is_cut}
    found = [SourceView(lot.report_sha256, REPORT, "")] if lot.report_sha256 else []
    found += [SourceView(file.sha256, DOCUMENT, file.name) for file in documents.files(session, lot.id)]
    for bid in bids.opened(session, lot.id):
        if bid.org in names:
            found += [SourceView(file.sha256, names[bid.org], file.name, counted.get(file.sha256, 0)) for file in bid.files]
    return tuple(found)


def sources_of(session: Session, lot: LotView, plan: AwardPlan) -> Sources:
    """The same for the check of a ballot."""
    return Sources({one.sha256: one.pages or None for one in papers(session, lot)}, places_of(plan))


def sections(plan: AwardPlan) -> Iterable[tuple[str, str]]:
    """(what a reason writes, what it names) of sections and factors; the first are named by the words of the page."""
    yield from ((f"report:{one}", one) for one in SECTIONS)
    yield from ((f"factor:{one.id}", one.name) for one in plan.factors)
