"""The opening record: written down when the objections are over, typeset once outside the door, and from then on the same for all."""

from __future__ import annotations

from uuid import UUID

from core.kernel import jcs
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import lock
from core.kernel.encoding import sha256
from core.kernel.files import FileStore
from core.kernel.ids import LotId
from core.kernel.outbox import Payload
from core.kernel.work import Door, Work
from trading import gateway
from trading.domain.opening import OpeningAction
from trading.events_opening import RecordDrawnUp
from trading.models.opening import Opening
from trading.queries import lots
from trading.queries.opening_record import draw_up
from trading.queries.record_paper import record_paper
from trading.services.held import Held

TOPIC = "opening.record"


def draw_up_record(work: Work, lot_id: LotId, round_: int) -> None:
    """Writes down what happened, for the typesetter; nothing of it can change any more. Raises WrongState or RuleBroken before that."""
    held = Held(work, lots.by_id(work.session, lot_id), round_)
    held.check(OpeningAction.DRAW_UP)
    if not held.opening.record:
        held.opening.record = draw_up(work.session, held.lot, held.opening, held.now)
        work.send(TOPIC, str(held.opening.id), {"opening_id": str(held.opening.id)})


class Typesetting:
    """Typesets records, with the store that keeps the papers."""

    def __init__(self, files: FileStore) -> None:
        self.files = files

    def run(self, door: Door, payload: Payload) -> None:
        """Typesets one record and fixes its digest; doing it again gives the same bytes and changes nothing."""
        opening_id = UUID(payload["opening_id"])
        paper = door.read(lambda session: record_paper(session, opening_id))
        if paper is not None:
            stored = self.files.put(gateway.render_record(paper.data, paper.at))
            door.perform(SYSTEM_ACTOR, lambda work: fix(work, opening_id, stored.sha256))


def fix(work: Work, opening_id: UUID, pdf_sha256: str) -> None:
    """The record names its paper, and its own digest stands: that is what people sign. Twice changes nothing."""
    row = lock(work.session, Opening, Opening.id == opening_id)
    if row.record_sha256:
        return
    held = Held(work, lots.by_id(work.session, LotId(row.lot_id)), row.round)
    held.move(OpeningAction.DRAW_UP)
    row.record = jcs.canonical(jcs.parse_object(row.record) | {"pdf_sha256": pdf_sha256})
    row.record_sha256, row.pdf_sha256 = sha256(row.record).hex(), pdf_sha256
    held.record(RecordDrawnUp, subject=f"{held.lot.no}/{row.round}", record_sha256=row.record_sha256)
