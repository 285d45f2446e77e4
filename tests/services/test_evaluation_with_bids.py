"""From sealed bids to a submitted report: the opening, the room and the price envelopes as they really are, nothing stood in for."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.kernel import outbox
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.room import State
from evaluation.queries import rooms
from tests.builders.bids import Hall, hall
from tests.builders.evaluation import TWO_STAGES, OpenedBids, Room
from tests.builders.trading import tender
from tests.services.openings.steps import closed
from trading.domain.lot import LotState


@pytest.fixture
def opening(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """Four bids opened on their technical side, the record signed and the opening closed."""
    made = hall(tender(door, clock_file), tmp_path, method=TWO_STAGES)
    made.tender.join_bidders(4)
    for number, bidder in enumerate(made.tender.bidders, 1):
        made.seal(bidder, price=f"13{number}000000.00")
    made.decrypting(*made.tender.bidders)
    for bidder in made.tender.bidders:
        made.release(bidder)
    made.batch()
    return closed(made)


def test_bids_that_were_sealed_are_opened_scored_and_recommended(opening: Hall, door: Door) -> None:
    room = Room(opening.tender, OpenedBids())
    room.fill_pool(11)
    room.scoring()
    weak = room.codes[0]
    files = door.read(lambda session: rooms.files(session, room.members[0].actor, room.number, weak))
    assert [file.env for file in files] == ["technical"] and opening.files.read(files[0].sha256).startswith(b"%PDF")
    marks = {code: "0.6" if code == weak else "0.8" for code in room.codes}
    for who in room.members:
        room.submit(who, room.sheet(marks))
    room.open_map()
    loser = room.org_of(weak)
    passed = [bidder for bidder in opening.tender.bidders if bidder.org != loser]
    opening.grow()  # the technical lock stands in a checkpoint; only then a price key may be released
    for bidder in passed:
        opening.release(bidder, "commercial", round_=1)
    opening.batch(1)
    assert room.view(room.tender.supervisor).state is State.COMMERCIAL
    outbox.deliver(door, jobs.topics(opening.files))
    view = room.view(room.tender.supervisor)
    assert view.state is State.SIGNING and view.result is not None
    assert view.result["rejected"] == [{"bid": weak, "code": "below_minimum"}]
    assert {row["contract_price"] for row in view.result["rows"]} == {
        f"13{number}000000" for number, bidder in enumerate(opening.tender.bidders, 1) if bidder.org != loser
    }
    for who in room.members:
        room.sign_report(who, digest=view.report_sha256)
    assert room.tender.lot.state is LotState.EVALUATED and str(loser) not in room.candidates and len(room.candidates) == 3
