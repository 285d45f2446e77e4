"""Who learns that something was said in the discussion: the committee alone; the words are fetched under the table of reads."""

from __future__ import annotations

from evaluation.domain.showing import COMMITTEE, Show, shown

PROJECTIONS: dict[str, Show] = {
    "discussion.topic": shown((COMMITTEE,), "seat", "no"),
    "discussion.message": shown((COMMITTEE,), "seat", "no", "topic"),
}
