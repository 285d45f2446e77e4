"""Who learns what of draws of lots among equal bids: committee and supervisor all, the other parties that there is one; nobody outside."""

from __future__ import annotations

from evaluation.domain.showing import HOST, INSIDE, JUDGING, TENDERER, Show, both, shown

WATCHING = (*INSIDE, TENDERER)

PROJECTIONS: dict[str, Show] = {
    "tie_draw.request": shown(WATCHING, "draw", "parties", "pool_hash"),
    "tie_draw.commit": shown(WATCHING, "draw", "party"),
    "tie_draw.reveal": shown(WATCHING, "draw", "party"),
    "tie_draw.redraw": shown(WATCHING, "draw", "reason"),
    "tie_draw.result": both(shown(JUDGING, "draw", "seed", "order"), shown((HOST, TENDERER), "draw")),
    "tie_draw.ranking": both(shown(JUDGING, "case_sha256", "result_sha256"), shown((HOST, TENDERER))),
}
