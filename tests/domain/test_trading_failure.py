"""The failure of a tender: the article that says so."""

from __future__ import annotations

import pytest

from trading.domain.failure import FailureReason, article
from trading.domain.periods import LegalRegime


@pytest.mark.parametrize(
    ("reason", "regime", "said"),
    [
        (FailureReason.TOO_FEW, LegalRegime.CONSTRUCTION, "招标投标法实施条例第四十四条"),
        (FailureReason.ALL_REJECTED, LegalRegime.CONSTRUCTION, "招标投标法第四十二条"),
        (FailureReason.TOO_FEW, LegalRegime.GOVERNMENT_PROCUREMENT, "政府采购法第三十六条"),
        (FailureReason.ALL_REJECTED, LegalRegime.GOVERNMENT_PROCUREMENT, "政府采购法第三十六条"),
    ],
)
def test_a_failure_names_its_article(reason: FailureReason, regime: LegalRegime, said: str) -> None:
    assert article(reason, regime) == said
