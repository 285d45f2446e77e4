"""Who learns what of reopened sheets and missing signatures: that they are, never a reason or a score."""

from __future__ import annotations

from evaluation.domain.showing import INSIDE, Show, shown

PROJECTIONS: dict[str, Show] = {
    "sheet.unlock.ask": shown(INSIDE, "seat"),
    "sheet.unlock.decide": shown(INSIDE, "seat", "outcome"),
    "report.deadline": shown(INSIDE, "until"),
    "report.refusal": shown(INSIDE, "seat"),
}
