"""Who learns what of the file that protects a tenderer; of the register of interference nobody but the supervisor learns anything."""

from __future__ import annotations

from evaluation.domain.showing import AWARD, SUPERVISOR, TENDERER, Show, shown

FILING = (AWARD, TENDERER, SUPERVISOR)

SHOWS: dict[str, Show] = {
    "award.paper": shown(FILING, "category"),
    "interference.entry": shown((SUPERVISOR,)),
    "interference.close": shown(FILING),
    "award.matrix": shown(FILING),
    "award.report.draft": shown(FILING, "report_sha256"),
    "award.report.sign": shown(FILING),
    "award.report.decline": shown(FILING),
}
