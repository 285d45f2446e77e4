"""Who learns what of votes to reject: the committee how each seat voted, everybody else inside that it has."""

from __future__ import annotations

from evaluation.domain.showing import COMMITTEE, HOST, INSIDE, SUPERVISOR, Show, both, shown

PROJECTIONS: dict[str, Show] = {
    "rejection.open": both(shown((COMMITTEE,), "bids"), shown((HOST, SUPERVISOR))),
    "rejection.vote": shown(INSIDE, "seat"),
    "competition.vote": shown(INSIDE, "seat"),
    "competition.result": both(shown((COMMITTEE,), "stage", "standing", "votes", "outcome"), shown((HOST, SUPERVISOR))),
    "preliminary.result": both(
        shown((COMMITTEE,), "standing", "rejected", "votes"), shown((SUPERVISOR,), "standing", "rejected"), shown((HOST,))
    ),
}
