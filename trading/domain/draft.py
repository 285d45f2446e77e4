"""Drafts: what is being prepared for a signature; saving one says what the law has against it, and binds nobody."""

from __future__ import annotations

from enum import Enum

from trading.domain.lot import LotAction


class DraftKind(Enum):
    """What is being prepared."""

    AWARD_PLAN = "award-plan"
    DOCUMENT = "document"
    NOTICE = "notice"
    CONTRACT = "contract"
    AMENDMENT = "amendment"
    CLARIFICATION = "clarification"
    PREQUALIFICATION_DOCUMENT = "prequalification-document"
    PREQUALIFICATION_NOTICE = "prequalification-notice"


PREPARES = {
    DraftKind.AWARD_PLAN: LotAction.FIX_PLAN,
    DraftKind.DOCUMENT: LotAction.PUBLISH_DOCUMENT,
    DraftKind.NOTICE: LotAction.DRAFT_NOTICE,
    DraftKind.CONTRACT: LotAction.OFFER_CONTRACT,
    DraftKind.AMENDMENT: LotAction.DRAFT_AMENDMENT,
    DraftKind.CLARIFICATION: LotAction.CLARIFY,
    DraftKind.PREQUALIFICATION_DOCUMENT: LotAction.PREQUALIFY,
    DraftKind.PREQUALIFICATION_NOTICE: LotAction.PREQUALIFY,
}
"""Who may save a draft, and when: whoever may take this step of the lot's table of moves."""
