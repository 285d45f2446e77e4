"""Reading of opened files, each by a locked-in process outside the door; what is odd is kept, shown as received, and told."""

from __future__ import annotations

import json
import zlib
from uuid import UUID

from sqlalchemy import select

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.db import lock
from core.kernel.files import FileStore
from core.kernel.ids import LotId, OrgId
from core.kernel.outbox import Payload
from core.kernel.parsing.parse import parse
from core.kernel.parsing.parsed import PARSER, ParsedFile
from core.kernel.work import Door, Work
from trading.domain.application import ENVELOPE, ROUND
from trading.events_files import OddFileFound
from trading.models.bid import BidEnvelope, Submission
from trading.models.opening import OpenedFile
from trading.models.parsed import ParsedFileRow
from trading.queries import lots, parsed

TOPIC = "opening.parse"


def ask(work: Work, file_id: UUID) -> None:
    """Has an opened file read once this transaction stands."""
    work.send(TOPIC, str(file_id), {"file_id": str(file_id)})


class Reading:
    """Reads opened files, with the store that holds them."""

    def __init__(self, files: FileStore) -> None:
        self.files = files

    def run(self, door: Door, payload: Payload) -> None:
        """Reads the file in `payload` and takes in what was found. May run twice: it ends the same."""
        file_id = UUID(payload["file_id"])
        file = door.read(lambda session: parsed.unread(session, file_id))
        if file is not None:
            found = parse(self.files.path(file.sha256), file.name)
            door.perform(SYSTEM_ACTOR, lambda work: take_in(work, file_id, found))


def take_in(work: Work, file_id: UUID, found: ParsedFile) -> None:
    """Keeps what was read in a file; records it where the file is odd. Twice changes nothing."""
    file = lock(work.session, OpenedFile, OpenedFile.id == file_id)
    if work.session.get(ParsedFileRow, file_id) is not None:
        return
    pages = zlib.compress(json.dumps(found.pages, ensure_ascii=False).encode("utf-8", "replace"))
    row = ParsedFileRow(
        file_id=file_id,
        parser=PARSER,
        kind=found.kind.value,
        oddities=[oddity.value for oddity in found.oddities],
        facts=dict(found.metadata),
        page_count=len(found.pages),
        pages=pages,
        is_cut=found.is_cut,
        parsed_at=work.now(),
    )
    work.session.add(row)
    if found.oddities:
        _tell(work, file, found)


def _tell(work: Work, file: OpenedFile, found: ParsedFile) -> None:
    query = select(BidEnvelope.env, BidEnvelope.asked_in, Submission.org_id, Submission.lot_id)
    query = query.join(Submission, Submission.id == BidEnvelope.bid_id)
    env, later, org, lot_id = work.session.execute(query.where(BidEnvelope.id == file.envelope_id)).one()
    lot = lots.by_id(work.session, LotId(lot_id))
    event = OddFileFound(
        case=lot.case,
        lot=lot.no,
        round=later or (ROUND if env == ENVELOPE.env else [entry.env for entry in lot.envelopes].index(env)),
        subject=file.sha256,
        bidder=OrgId(org),
        env=env,
        sha256=file.sha256,
        size=file.size,
        oddities=[oddity.value for oddity in found.oddities],
        parser=PARSER,
    )
    work.record(event)
