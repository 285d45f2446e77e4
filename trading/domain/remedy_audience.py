"""Who learns what of objections and complaints: never whose they are, but for the filer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event, as_json
from core.kernel.jcs import JSON
from core.kernel.streams import Projection
from trading.domain.opening_audience import bidder
from trading.domain.remedy import SECRET

INSIDE = ("tenderer", "host", "supervisor")  # the agency watches with its tenderer
EVERYBODY = ("public", *INSIDE)
_SECRET = frozenset(stage.value for stage in SECRET)


def _told(audiences: Iterable[str], names: Iterable[str]) -> Callable[[Event], Iterable[Projection]]:
    """To these, and to the filer on the own stream."""
    listed, said = tuple(audiences), tuple(names)

    def project(event: Event) -> Iterable[Projection]:
        data: dict[str, JSON] = {"lot": event.lot} | {name: as_json(getattr(event, name)) for name in said}
        org = getattr(event, "org", None)
        own = () if org is None else (bidder(org),)
        return [Projection(audience, event.KIND, data) for audience in (*listed, *own)]

    return project


def _answered(event: Event) -> Iterable[Projection]:
    """An answer about the document goes to all; every other to the parties and the filer."""
    audiences = EVERYBODY if getattr(event, "stage", "") in _SECRET else INSIDE
    return _told(audiences, ("number", "stage"))(event)


PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    "objection.file": _told(INSIDE, ("number", "stage", "due_at")),
    "objection.answer": _answered,
    "objection.withdraw": _told(INSIDE, ("number", "stage")),
    "objection.overdue": _told(INSIDE, ("number", "stage")),
    "objection.close": _told(INSIDE, ("number", "stage")),
    "bidding.halt": _told(EVERYBODY, ()),
    "bidding.go_on": _told(EVERYBODY, ("deadline",)),
    # Which authority has a complaint is nobody's business but the filer's until that authority acts in public.
    "complaint.file": _told((), ("number", "matter")),
    "complaint.accept": _told((), ("number", "decision_due")),
    "complaint.refuse": _told((), ("number", "ground")),
    "complaint.hand_over": _told((), ("number", "first")),
    "complaint.investigate": _told(("tenderer",), ("number",)),
    "complaint.suspend": _told(EVERYBODY, ("number", "until")),
    "complaint.lift": _told(EVERYBODY, ("number",)),
    "complaint.lapse": _told(EVERYBODY, ("number",)),
    "complaint.overdue": _told((), ("number", "what")),
    "complaint.decide": _told(("tenderer",), ("number", "outcome")),
    "complaint.publish": _told(EVERYBODY, ("number",)),
    "complaint.withdraw": _told((), ("number",)),
}
