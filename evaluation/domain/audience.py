"""Who learns what of an event: one row for each kind of the draw, the room and the award; what no row names reaches nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.kernel.jcs import JSON
from core.kernel.streams import Projection
from evaluation.domain import (
    award_audience,
    calling_audience,
    contingency_audience,
    discussion_audience,
    doubts_audience,
    drill_audience,
    host_call_audience,
    leaving_audience,
    recording_audience,
    round_audience,
    seating_audience,
    shield_audience,
    supervision_audience,
    ties_audience,
    unlock_audience,
    votes_audience,
)
from evaluation.domain.showing import (
    AWARD,
    COMMITTEE,
    HOST,
    INSIDE,
    JUDGING,
    PUBLIC,
    SUPERVISOR,
    TENDERER,
    WATCHING_THE_DRAW,
    Show,
    both,
    seat,
    shown,
    to_own_seat,
)

__all__ = ["AWARD", "COMMITTEE", "HOST", "INSIDE", "PROJECTIONS", "PUBLIC", "SUPERVISOR", "TENDERER", "Show", "seat"]


def _seats_and_sites(event: Any) -> Iterator[Projection]:
    """Seat and site; the pseudonym of the draw stays in the evidence, since the public knows the drawn pseudonyms."""
    seats: list[JSON] = [{"code": row["code"], "site": row["site"]} for row in event.seats]
    for audience in INSIDE:
        yield Projection(audience, event.KIND, {"lot": event.lot, "seats": seats})


PROJECTIONS: dict[str, Show] = {
    **award_audience.PROJECTIONS,
    **votes_audience.PROJECTIONS,
    **discussion_audience.PROJECTIONS,
    **unlock_audience.PROJECTIONS,
    **round_audience.PROJECTIONS,
    **ties_audience.PROJECTIONS,
    **doubts_audience.PROJECTIONS,
    # kind: audiences and what they learn. Of a score nobody learns anything but that a seat has signed.
    "draw.request": shown(WATCHING_THE_DRAW, "draw", "purpose", "pool_hash"),
    "draw.commit": shown(WATCHING_THE_DRAW, "draw", "party", "commit"),
    "draw.reveal": shown(WATCHING_THE_DRAW, "draw", "party", "value"),
    "draw.share": shown(WATCHING_THE_DRAW, "draw", "party", "role"),
    "draw.opened": shown(WATCHING_THE_DRAW, "draw", "party", "value"),
    "draw.reply": shown(WATCHING_THE_DRAW, "draw", "partner", "number"),
    **calling_audience.PROJECTIONS,
    "committee.form": _seats_and_sites,
    "blind.map": shown(INSIDE, "map_sha256"),
    "room.sign_in": shown(INSIDE, "seat", "site"),
    "room.assembled": shown(INSIDE, "seats"),
    "chair.vote": shown(INSIDE, "seat", "round"),
    "chair.tied": shown(INSIDE, "among", "round"),
    "chair.elected": shown(INSIDE, "chair"),
    "recusal.declare": shown(INSIDE, "seat"),
    "preliminary.open": shown(INSIDE, "bids"),
    "preliminary.review": shown(INSIDE, "seat"),
    "score": both(shown(INSIDE, "seat"), to_own_seat("seat", "sheet_sha256")),
    "technical.lock": shown(INSIDE, "result_sha256"),  # its organisations would tell who is behind the code names
    "blind.open": shown(INSIDE, "office"),
    "blind.opened": both(shown(JUDGING, "map"), shown((HOST,))),
    "reference_price.open": shown((*INSIDE, TENDERER), "value"),
    "consistency.result": both(shown(JUDGING, "findings"), shown((HOST,))),
    "finding.answer": shown(JUDGING, "seat", "bid", "criterion"),
    "price.result": shown(JUDGING, "benchmark", "scores"),
    "summary": both(shown(JUDGING, "case_sha256", "result_sha256"), shown((HOST,))),
    "report.draft": shown(INSIDE, "report_sha256"),
    "report.sign": shown(INSIDE, "seat"),
    "report.submit": shown((*INSIDE, TENDERER), "report_sha256"),
    **leaving_audience.PROJECTIONS,
    **host_call_audience.PROJECTIONS,
    **seating_audience.PROJECTIONS,
    **contingency_audience.PROJECTIONS,
    **drill_audience.PROJECTIONS,
    **supervision_audience.PROJECTIONS,
    **recording_audience.PROJECTIONS,
    **shield_audience.SHOWS,
}
