"""What the clock does for bids and openings: closes bidding, begins batches, draws up records, forgets boxes; and what runs outside."""

from __future__ import annotations

from core.kernel.files import FileStore
from core.kernel.outbox import Outside, Subscriptions
from core.kernel.ticks import Tick, each
from trading.queries import openings_due, prequalifications
from trading.services import applications, boxes, decryption, openings, parsing, records, releases

TICKS = (
    Tick("trading.close_bidding", 1.0, each(openings_due.deadlines, openings.close_bidding)),
    Tick("trading.close_applications", 1.0, each(prequalifications.due, applications.close)),
    Tick("trading.begin_batch", 2.0, each(openings_due.batches, releases.begin_batch)),
    Tick("trading.draw_up_record", 2.0, each(openings_due.records, lambda work, key: records.draw_up_record(work, *key))),
    Tick("trading.forget_boxes", 60.0, each(openings_due.closed_cases, boxes.forget)),
)


def subscriptions(files: FileStore) -> Subscriptions:
    """The batch, the reading of files and the typesetting run outside the door, with the store that this process keeps."""
    return {
        releases.BATCH: Outside(decryption.Batch(files).run),
        parsing.TOPIC: Outside(parsing.Reading(files).run),
        records.TOPIC: Outside(records.Typesetting(files).run),
    }
