"""Who learns that a further round was opened: those inside, and the tenderer; never a bidder before its result."""

from __future__ import annotations

from evaluation.domain.showing import INSIDE, TENDERER, Show, shown

PROJECTIONS: dict[str, Show] = {"reevaluation.open": shown((*INSIDE, TENDERER), "round")}
