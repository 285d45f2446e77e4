"""What each kind of notice means to readers of open data: one row a kind. The words of each stand in `trading/web/texts_notices.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from trading.domain.notice import NoticeKind


class ReleaseTag(Enum):
    """What a release of open data tells (OCDS 1.1, codelist releaseTag)."""

    PLANNING = "planning"
    PLANNING_UPDATE = "planningUpdate"
    TENDER = "tender"
    TENDER_UPDATE = "tenderUpdate"
    TENDER_CANCELLATION = "tenderCancellation"
    AWARD = "award"
    AWARD_UPDATE = "awardUpdate"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class Publication:
    """How a kind of notice goes out: the `tag` of its release; whether it `reschedules`, so that calendars read the lot's dates anew;
    whether it is `of_document`, which of an invited lot the invitees alone may have. Pages and feeds take every kind by its name."""

    tag: ReleaseTag
    reschedules: bool = False
    of_document: bool = False


PUBLICATIONS: Mapping[NoticeKind, Publication] = {
    NoticeKind.PREQUALIFICATION: Publication(ReleaseTag.TENDER),
    NoticeKind.TENDER: Publication(ReleaseTag.TENDER, reschedules=True),
    NoticeKind.AMENDMENT: Publication(ReleaseTag.TENDER_UPDATE, reschedules=True, of_document=True),
    NoticeKind.CLARIFICATION: Publication(ReleaseTag.TENDER_UPDATE, reschedules=True, of_document=True),
    NoticeKind.SUSPENSION: Publication(ReleaseTag.TENDER_UPDATE, reschedules=True),
    NoticeKind.RESUMPTION: Publication(ReleaseTag.TENDER_UPDATE, reschedules=True),
    NoticeKind.TERMINATION: Publication(ReleaseTag.TENDER_CANCELLATION, reschedules=True),
    NoticeKind.FAILURE: Publication(ReleaseTag.TENDER_UPDATE, reschedules=True),
    NoticeKind.CANDIDATES: Publication(ReleaseTag.AWARD),
    NoticeKind.RESULT: Publication(ReleaseTag.AWARD_UPDATE),
    NoticeKind.CONTRACT: Publication(ReleaseTag.CONTRACT),
    NoticeKind.DECISION: Publication(ReleaseTag.TENDER_UPDATE),
}

OF_DOCUMENT = frozenset(kind for kind, publication in PUBLICATIONS.items() if publication.of_document)
