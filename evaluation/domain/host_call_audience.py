"""Who learns that a member called the host: those inside, by the seat alone."""

from __future__ import annotations

from evaluation.domain.showing import INSIDE, Show, shown

PROJECTIONS: dict[str, Show] = {"host.call": shown(INSIDE, "seat", "no"), "host.answer": shown(INSIDE, "seat", "no")}
