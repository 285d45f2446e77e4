"""Who learns what of doubted scores: the committee and the supervisor whose and which, nobody a vote before all are in; the host that."""

from __future__ import annotations

from evaluation.domain.showing import HOST, JUDGING, Show, both, shown

PROJECTIONS: dict[str, Show] = {
    "doubt.raise": both(shown(JUDGING, "seat", "doubted", "bid"), shown((HOST,))),
    "doubt.vote": shown(JUDGING, "seat"),
    "doubt.result": both(shown(JUDGING, "question", "yes", "no", "state"), shown((HOST,))),
    "doubt.answer": both(shown(JUDGING, "seat", "state"), shown((HOST,))),
    "doubt.silence": both(shown(JUDGING, "doubted", "state"), shown((HOST,))),
    "doubt.replace": both(shown(JUDGING, "seat", "doubted"), shown((HOST,))),
}
