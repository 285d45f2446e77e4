"""Who learns what of a supervisor's acts: supervisor and host the kind and the addressee, the committee alone that there is one and when it
stands still; no reason and no answer goes through a stream."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.kernel.streams import Projection
from evaluation.domain.showing import COMMITTEE, HOST, INSIDE, SUPERVISOR, Show, both, shown

WATCHING = (HOST, SUPERVISOR)


def _to_the_committee(event: Any) -> Iterator[Projection]:
    """That there is something for somebody: whom it is for finds it on their page."""
    yield Projection(COMMITTEE, event.KIND, {"lot": event.lot} | ({"measure": event.measure} if event.measure == "pause" else {}))


PROJECTIONS: dict[str, Show] = {
    "supervision.act": both(shown(WATCHING, "no", "measure", "to", "due"), _to_the_committee),
    "supervision.answer": shown(WATCHING, "no"),
    "supervision.urge": both(shown(WATCHING, "no", "due"), shown((COMMITTEE,))),
    "supervision.overdue": shown(WATCHING, "no"),
    "supervision.resume": shown(INSIDE, "no"),
    "supervision.close": shown(WATCHING, "no"),
    "supervision.view": shown((SUPERVISOR,), "no", "purpose"),
    "supervision.look": shown((SUPERVISOR,), "no", "what"),
    "supervision.view_end": shown((SUPERVISOR,), "no", "how"),
}
