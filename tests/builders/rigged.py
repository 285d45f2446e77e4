"""A lot whose first two bids were made by one hand: sealed, opened, read and compared through the services."""

from __future__ import annotations

from typing import Any

from core.kernel import outbox
from core.kernel.jcs import JSON
from tests.builders.bids import Hall, pack
from tests.builders.collusion import sentences
from tests.builders.people import Person
from trading import jobs_collusion, jobs_opening
from trading.queries import collusion as queries
from trading.queries.collusion import CardRow

COPIED = "本标段地处老城区，管线资料不全，我们拟先开挖探沟核实埋深，再按照先深后浅的顺序组织迁改，每完成一段即恢复临时路面并开放半幅交通。"
PRICES = ("1000000.00", "1012000.00", "1024000.00", "1036000.00")


def seal_rigged(hall: Hall) -> Hall:
    """Four bids: the first two share a passage, a machine and a telephone; all four prices stand in equal steps."""
    order = hall.tender.lot.envelopes
    for place, bidder in enumerate(hall.tender.bidders[:4]):
        text = "\n".join([*sentences(place), *([COPIED] if place < 2 else [])])
        bid: dict[str, JSON] = {"items": {"工期": "540 日历天"}}
        if place < 2:
            bid |= {"fingerprints": {"machine_code": "AF3177C2"}, "contacts": [{"name": "李明", "phone": "13800001111"}]}
        envelopes = []
        for entry in order:
            said = bid if entry == order[0] else {}
            said = said | ({"price": PRICES[place]} if entry == order[-1] else {})
            files = {"施工组织设计.txt": text.encode()} if entry == order[0] else {}
            envelopes.append(hall.make(bidder, entry.env, plain=pack(said, files, hall.folder)))
        hall.hand_in(bidder, hall.parts(bidder, envelopes))
        hall.kept |= {(bidder.org, 1, envelope.env): envelope for envelope in envelopes}
    return hall


def open_first(hall: Hall) -> Hall:
    """The first envelopes are opened and read."""
    bidders = hall.tender.bidders[:4]
    hall.decrypting(*bidders)
    for bidder in bidders:
        hall.release(bidder, hall.tender.lot.envelopes[0].env)
    hall.batch()
    deliver(hall)
    return hall


def deliver(hall: Hall) -> None:
    """Files are read, and bids compared where they are due."""
    door, files = hall.tender.door, hall.files
    topics: dict[str, Any] = {**jobs_opening.subscriptions(files), **jobs_collusion.subscriptions(files), **hall.log.subscriptions()}
    outbox.deliver(door, topics)
    for tick in jobs_collusion.TICKS:
        tick.run(door)
    outbox.deliver(door, topics)


def cards(hall: Hall) -> tuple[CardRow, ...]:
    """The cards of the lot as they are kept."""
    return hall.tender.door.read(lambda session: queries.cards(session, hall.tender.lot.id))


def names(*bidders: Person) -> tuple[str, ...]:
    """Their names in order."""
    return tuple(sorted(bidder.org_name for bidder in bidders))
