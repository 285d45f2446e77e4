"""Who learns what of deposits: the bidder concerned, and nobody else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from core.kernel.events import Event
from core.kernel.streams import Projection


def _to_bidder(event: Event) -> Iterable[Projection]:
    """The bidder hears that something has come about its own deposit, and fetches its page; bank entries of nobody go to nobody."""
    org = getattr(event, "bidder", None)
    return [] if org is None else [Projection(f"bidder:{org}", event.KIND, {})]


def _to_each(members: str) -> Callable[[Event], Iterable[Projection]]:
    """Each of the bidders that an event tells of together hears once; nobody hears of another, or how many there are."""

    def shown(event: Event) -> Iterable[Projection]:
        orgs = dict.fromkeys(one.bidder for one in getattr(event, members))
        return [Projection(f"bidder:{org}", event.KIND, {}) for org in orgs if org is not None]

    return shown


KINDS = (
    *("deposit.request", "deposit.lock"),
    *("refund.send", "refund.confirm", "refund.fail", "refund.cancel"),
    *("hold.place", "hold.lift", "hold.end", "forfeit.await", "forfeit.decide", "forfeit.note", "forfeit.waive"),
    *("guarantee.apply", "guarantee.approve", "guarantee.reject", "guarantee.pay", "guarantee.issue", "guarantee.extend"),
    *("guarantee.unseal", "guarantee.verify", "guarantee.release", "guarantee.cancel", "guarantee.expire"),
    *("claim.decide", "claim.note", "claim.answer", "claim.receipt"),
    *("performance.ask", "performance.return"),
    "suspense.assign",
    *("account.ask", "account.approve", "account.refuse", "refund.redirect"),
    *("sub_account.cancel", "waiver.use"),
    *("recall.propose", "recall.approve", "recall.drop", "recall.answer"),
)
PROJECTIONS: Mapping[str, Callable[[Event], Iterable[Projection]]] = {
    **dict.fromkeys(KINDS, _to_bidder),
    "payment.notice": _to_each("payments"),
    "deposit.match": _to_each("deposits"),
    "refund.schedule": _to_each("refunds"),
}
