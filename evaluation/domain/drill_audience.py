"""Who learns of a drill: everybody that it is one; what is injected the host alone, since the others are to find it."""

from __future__ import annotations

from evaluation.domain.showing import HOST, INSIDE, TENDERER, Show, shown

PROJECTIONS: dict[str, Show] = {
    "drill.begin": shown((*INSIDE, TENDERER), "title"),
    "drill.bids": shown((HOST,)),  # the committee judges blind, in a drill too
    "drill.inject": shown((HOST,), "fault", "seat", "site"),
    "drill.lift": shown((HOST,)),
    "drill.end": shown((*INSIDE, TENDERER)),
}
