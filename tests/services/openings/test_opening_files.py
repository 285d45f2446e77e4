"""Files of opened bids are read once, behind a lock; an odd one is kept, told and shown as received; on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.kernel import streams
from core.kernel.parsing.parsed import Oddity, Verdict
from core.kernel.signing import read_statement
from tests.builders import odd_files
from tests.builders.bids import Hall, pack
from trading.models.bid import Bid
from trading.models.opening import OpenedFile
from trading.queries import parsed
from trading.services import parsing

pytestmark = pytest.mark.sqlite_alone


def opened_with(room: Hall, files: dict[str, bytes]) -> Hall:
    """Three bids are opened; the first one's technical envelope holds these files."""
    a, b, c, _ = room.tender.bidders
    plain = pack({"items": {}}, files, room.folder)
    envelopes = [room.make(a, "technical", plain=plain), room.make(a, "commercial")]
    room.hand_in(a, room.parts(a, envelopes))
    room.kept |= {(a.org, 1, envelope.env): envelope for envelope in envelopes}
    room.seal(b)
    room.seal(c)
    room.decrypting(a, b, c)
    for bidder in (a, b, c):
        room.release(bidder)
    room.batch()
    return room


def test_opened_files_are_read_page_by_page_and_an_odd_one_is_told_to_those_concerned(room: Hall) -> None:
    script = odd_files.pdf(change=odd_files.with_script)
    opened_with(room, {"plan.pdf": odd_files.pdf("Plan", "Schedule"), "offer.pdf": script})
    a, b, *_ = room.tender.bidders
    lot = room.tender.lot
    assert room.tender.door.read(lambda session: parsed.waiting(session, lot.id)) == 4
    room.deliver()
    assert room.tender.door.read(lambda session: parsed.waiting(session, lot.id)) == 0
    files = [file for file in room.tender.door.read(lambda session: parsed.files_of(session, lot.id)) if file.org == a.org]
    offer, plan = files
    assert (plan.name, plan.parsed.verdict, [page.strip() for page in plan.parsed.pages]) == (
        "plan.pdf",
        Verdict.SOUND,
        ["Plan", "Schedule"],
    )
    assert plan.parsed.metadata["Author"] == "Li Ming"
    assert Oddity.SCRIPT in offer.parsed.oddities
    assert room.files.read(offer.sha256) == script  # as received
    (told,) = room.find("file.odd", offer.sha256)
    assert read_statement(told.envelope.payload).body["bidder"] == str(a.org)

    def hears(audience: str) -> bool:
        entries = room.tender.door.read(lambda session: streams.since(session, lot.case, audience, 0))
        return any(entry.kind == "file.odd" and entry.data["sha256"] == offer.sha256 for entry in entries)

    assert all(hears(audience) for audience in ("host", "supervisor", "tenderer", f"bidder:{a.org}"))
    assert not hears("public") and not hears(f"bidder:{b.org}")


@pytest.mark.on_both
def test_a_file_is_read_once_however_often_it_is_asked_for(room: Hall) -> None:
    opened_with(room, {"offer.pdf": odd_files.polyglot()})
    room.deliver()
    (event,) = [one for one in room.find("file.odd") if "also_archive" in str(read_statement(one.envelope.payload).body["oddities"])]
    file = room.tender.door.read(lambda session: parsed.files_of(session, room.tender.lot.id))[0]
    ids = room.tender.door.read(lambda session: list(session.scalars(select(OpenedFile.id))))
    for one in ids:
        room.perform(None, lambda work, one=one: parsing.take_in(work, one, file.parsed))
        parsing.Reading(room.files).run(room.tender.door, {"file_id": str(one)})
    assert room.find("file.odd", event.subject) == [event]


def test_an_odd_file_rejects_nobody(room: Hall) -> None:
    opened_with(room, {"offer.pdf": odd_files.polyglot()})
    before = room.tender.door.read(lambda session: [bid.state for bid in session.scalars(select(Bid).order_by(Bid.id))])
    room.deliver()
    assert room.tender.door.read(lambda session: [bid.state for bid in session.scalars(select(Bid).order_by(Bid.id))]) == before
