"""Who learns what of a bid and of an opening: before the start the bidder alone, afterwards the whole hall."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event, as_json
from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.streams import Projection
from trading.domain.application import ROUND

INSIDE = ("tenderer", "host", "supervisor")
HALL = ("public", *INSIDE)


def bidder(org: OrgId) -> str:
    """The audience of one bidder's people."""
    return f"bidder:{org}"


def own(*names: str) -> Callable[[Event], Iterable[Projection]]:
    """Only to the bidder whose event it is: even that it happened is secret (招标投标法 art. 22)."""

    def project(event: Event) -> Iterable[Projection]:
        return [Projection(bidder(_org(event)), event.KIND, _data(event, names))]

    return project


def hall(*names: str) -> Callable[[Event], Iterable[Projection]]:
    """To everybody in the hall, each bidder on the own stream; of the opening of applications to its closed room alone."""

    def project(event: Event) -> Iterable[Projection]:
        data = _data(event, names)
        if event.round == ROUND:
            return [Projection(audience, event.KIND, data) for audience in (*INSIDE, *_whose(event))]
        audiences = [*HALL, *(bidder(org) for org in getattr(event, "bidders", ()))]
        return [Projection(audience, event.KIND, data) for audience in audiences]

    return project


def _whose(event: Event) -> list[str]:
    """The stream of the firm whose application it is; none for what is about all of them."""
    org: OrgId | None = getattr(event, "bidder", None) or getattr(event, "org", None)
    return [] if org is None else [bidder(org)]


def _closed(event: Event) -> Iterable[Projection]:
    """Those who open applications, and every firm that has applied, on the own stream: who and how many is secret until the bids are
    opened (招标投标法 art. 22)."""
    applicants: Iterable[OrgId] = getattr(event, "bidders", ())
    data = _data(event, ("deadline",))
    return [Projection(audience, event.KIND, data) for audience in (*INSIDE, *(bidder(org) for org in applicants))]


def _odd_file(event: Event) -> Iterable[Projection]:
    """Those who run and watch the opening, and the bidder whose file it is; not the public, and not the rivals."""
    data = _data(event, ("env", "sha256", "oddities"))
    return [Projection(audience, event.KIND, data) for audience in (*INSIDE, bidder(getattr(event, "bidder")))]  # noqa: B009


def _signed_in(event: Event) -> Iterable[Projection]:
    """Before the list is public only the bidder hears of the own signing in."""
    return hall("name")(event) if getattr(event, "is_public", False) else own("name")(event)


def _org(event: Event) -> OrgId:
    org: OrgId = getattr(event, "org")  # noqa: B009  every event of `own` has one
    return org


def _data(event: Event, names: Iterable[str]) -> dict[str, JSON]:
    said: dict[str, JSON] = {"lot": event.lot, "round": event.round}
    return said | {name: as_json(getattr(event, name)) for name in names}


PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    "seal": own("env", "ver"),
    "receipt": own("env", "ver", "receipt_no", "received_at"),
    "seal.late": own("arrived_at", "deadline"),
    "withdraw": own("ver"),
    "close": hall("deadline"),
    "application.close": _closed,
    "application.open": hall("until"),
    "opening.sign_in": _signed_in,
    "opening.start": hall("names", "present"),
    "coefficient.request": hall("draw", "parties"),
    "coefficient.commit": hall("draw", "party"),
    "coefficient.reveal": hall("draw", "party"),
    "coefficient.result": hall("draw", "drawn"),
    "coefficient.redraw": hall("draw", "reason"),
    "opening.identity": hall("present", "release_until", "rescue_until"),
    "opening.request": hall("env", "release_until", "rescue_until"),
    "release": hall("name", "env"),
    "share-release": hall("name", "env", "office", "complete"),
    "opened": hall("name", "env", "method", "read_out"),
    "open.failed": hall("name", "env", "cause", "reason"),
    "file.odd": _odd_file,
    "opening.read_out": hall("objection_until"),
    "opening.objection": hall("number", "name", "text"),
    "opening.answer": hall("number", "text"),
    "opening.record": hall("record_sha256"),
    "opening.record.sign": hall("name", "role"),
    "opening.record.decline": hall("name", "reason"),
    "opening.close": hall(),
}
