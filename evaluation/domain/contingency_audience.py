"""Who learns that a room stands still: all inside, and the tenderer, who may have to decide."""

from __future__ import annotations

from evaluation.domain.showing import INSIDE, TENDERER, Show, shown

ALL = (*INSIDE, TENDERER)

PROJECTIONS: dict[str, Show] = {
    "halt.fault": shown(ALL, "phase"),
    "halt.vacancy": shown(ALL, "seat"),
    "halt.night": shown(ALL, "until"),
    **{f"halt.{step}": shown(ALL) for step in ("repair", "decide", "sealed", "reformed", "open")},
}
