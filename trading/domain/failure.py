"""The failure of a tender (流标): why a lot ended without an award, and the article that says so."""

from __future__ import annotations

from enum import Enum

from trading.domain.periods import LegalRegime


class FailureReason(Enum):
    """Why there will be no award."""

    TOO_FEW = "too_few"  # fewer than three bids stood at the deadline, so none was opened
    ALL_REJECTED = "all_rejected"  # the committee rejected every bid
    FEW_APPLICANTS = "few_applicants"  # fewer than three applied to be prequalified, so none was opened
    FEW_PASSED = "few_passed"  # fewer than three passed prequalification


_ARTICLES = {
    FailureReason.TOO_FEW: "招标投标法实施条例第四十四条",
    FailureReason.ALL_REJECTED: "招标投标法第四十二条",
    FailureReason.FEW_APPLICANTS: "招标投标法实施条例第十九条",
    FailureReason.FEW_PASSED: "招标投标法实施条例第十九条",
}


def article(reason: FailureReason, regime: LegalRegime) -> str:
    """The article under which the lot failed; government procurement has one for both (ZFCG 36)."""
    return _ARTICLES[reason] if regime is LegalRegime.CONSTRUCTION else "政府采购法第三十六条"
