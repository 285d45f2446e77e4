"""Who learns what of a case of trading; bids and the opening have `opening_audience.py`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.streams import Projection
from trading.domain import collusion_audience, document_audience, entry_audience, opening_audience, reevaluation_audience, remedy_audience

INSIDE = ("tenderer", "host", "supervisor")  # the agency watches with its tenderer
EVERYBODY = ("public", *INSIDE)


def _to(audiences: Iterable[str], *names: str) -> Callable[[Event], Iterable[Projection]]:
    told = tuple(audiences)

    def project(event: Event) -> Iterable[Projection]:
        data: dict[str, JSON] = {"lot": event.lot}
        data |= {name: as_json(getattr(event, name)) for name in names}
        return [Projection(audience, event.KIND, data) for audience in told]

    return project


def _nobody(event: Event) -> Iterable[Projection]:
    return ()


def _awarded(event: Event) -> Iterable[Projection]:
    """Everybody, and each who took part on the own stream: all who lost are told at the same time (招标投标法 art. 45)."""
    bidders: Iterable[OrgId] = getattr(event, "bidders", ())
    return _to((*EVERYBODY, *(opening_audience.bidder(org) for org in bidders)), "number", "winner", "winner_name", "price")(event)


PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    "project.register": _to(INSIDE, "title", "lots"),
    "project.countersign": _to(INSIDE),
    "award_plan.fix": _to(INSIDE, "plan_sha256"),
    "document.publish": _to(INSIDE, "document_sha256"),
    "notice.publish": _to(EVERYBODY, "number", "title", "release_at", "deadline"),
    "prequalification.document": _to(INSIDE, "document_sha256"),
    "prequalification.publish": _to(EVERYBODY, "number", "title", "release_at", "release_until", "deadline"),
    "prequalification.halt": _to(EVERYBODY),
    "prequalification.go_on": _to(EVERYBODY, "deadline"),
    "prequalification.amend": _to(EVERYBODY, "number", "document_sha256", "deadline"),
    "prequalification.committee": _nobody,  # who reviews is secret, and how many sheets are in says whether anybody applied
    "prequalification.review": _nobody,
    "prequalification.conclude": _nobody,  # each applicant hears its own result
    "prequalification.result": opening_audience.own("passed", "subject"),
    "bidding.open": _to(EVERYBODY, "release_at", "document_sha256"),
    "failure.publish": _to(EVERYBODY, "number", "reason", "article"),
    "lot.terminate": _to(EVERYBODY, "number", "reason"),
    "lot.suspend": _to(EVERYBODY, "number", "reason"),
    "lot.resume": _to(EVERYBODY, "number", "reason", "deadline"),
    "plan.publish": _to(("public",), "title", "month"),
    "plan.change": _to(("public",), "title", "month", "reason"),
    "plan.cancel": _to(("public",), "reason"),
    "plan.link": _to(EVERYBODY, "plan", "published_at", "month"),
    "candidates.publish": _to(EVERYBODY, "number", "first", "until"),
    "publicity.end": _to(EVERYBODY, "until", "winner"),
    "award.choose": _to(INSIDE, "winner"),
    "award.notice": _awarded,
    "contract.sign": _to(EVERYBODY, "party", "complete", "number"),
    "case.close": _to(EVERYBODY),  # not how many events there were: the bids on a lot that was ended unopened are among them
    **document_audience.PROJECTIONS,
    **entry_audience.PROJECTIONS,
    **opening_audience.PROJECTIONS,
    **collusion_audience.PROJECTIONS,
    **reevaluation_audience.PROJECTIONS,
    **remedy_audience.PROJECTIONS,
}
