"""Who learns what of votes, questions to bidders and weighed prices: the committee how each seat voted, others inside that it has."""

from __future__ import annotations

from evaluation.domain.showing import COMMITTEE, HOST, INSIDE, JUDGING, SUPERVISOR, Show, both, shown

PROJECTIONS: dict[str, Show] = {
    # Of a question the supervisor learns that there is one; host and tenderer nothing at all.
    "bid_question.propose": shown((COMMITTEE,), "seat"),
    "bid_question.ask": both(shown((COMMITTEE,), "number", "bid"), shown((SUPERVISOR,), "number")),
    "bid_question.answer": both(shown((COMMITTEE,), "number", "bid"), shown((SUPERVISOR,), "number")),
    "bid_question.overdue": both(shown((COMMITTEE,), "number", "bid"), shown((SUPERVISOR,), "number")),
    "low_price.flag": shown(JUDGING, "bids"),
    "price_check.close": shown(JUDGING, "seat"),
    "price_matter.vote": shown(JUDGING, "seat"),
    "price_matter.result": shown(JUDGING, "bid", "stays", "against", "keeping"),
    "weighing.propose": shown(JUDGING, "seat", "number", "bid"),
    "weighing.vote": shown(JUDGING, "seat", "number"),
    "weighing.result": shown(JUDGING, "number", "bid", "rule", "adopted", "agreeing", "against"),
    "rejection.open": both(shown((COMMITTEE,), "bids"), shown((HOST, SUPERVISOR))),
    "rejection.vote": shown(INSIDE, "seat"),
    "competition.vote": shown(INSIDE, "seat"),
    "competition.result": both(shown((COMMITTEE,), "stage", "standing", "votes", "outcome"), shown((HOST, SUPERVISOR))),
    "preliminary.result": both(
        shown((COMMITTEE,), "standing", "rejected", "votes"), shown((SUPERVISOR,), "standing", "rejected"), shown((HOST,))
    ),
}
