"""An envelope that could not be opened: whose fault it is, and that the others go on; on both databases."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel import sealing
from core.kernel.encoding import sha256
from core.kernel.signing import read_statement
from core.kernel.work import Door
from tests.builders.bids import OFFICES, Hall, hall, pack
from tests.builders.people import Person
from tests.builders.trading import tender
from tests.services.openings.steps import of
from trading.domain.bid import BidState
from trading.domain.lot import LotState
from trading.domain.opening import Key
from trading.models.bid import Bid
from trading.queries import opened

pytestmark = pytest.mark.sqlite_alone


def test_a_withheld_key_without_escrow_revokes_and_the_lot_goes_on(door: Door, clock_file: Path, tmp_path: Path) -> None:
    room = hall(tender(door, clock_file), tmp_path, escrow="none")
    a, b, c = room.tender.join_bidders(3)
    for bidder in (a, b, c):
        room.seal(bidder, escrow=False)
    room.decrypting(a, b, c)
    room.release(a)
    room.release(b)
    room.after_window()
    view = room.batch()
    assert [of(view, bidder).key for bidder in (a, b, c)] == [Key.OPENED, Key.OPENED, Key.FAILED]
    assert of(view, c).cause == "own" and room.tender.lot.state is LotState.OPENING
    (failed,) = room.find("open.failed")
    assert read_statement(failed.envelope.payload).body["reason"] == "opening.failed.no_key"
    states = room.tender.door.read(lambda session: {bid.org_id: bid.state for bid in session.scalars(select(Bid))})
    assert (states[c.org], states[a.org]) == (BidState.DECRYPT_FAILED_OWN, BidState.READ_OUT)


@pytest.mark.on_both
def test_a_ciphertext_that_our_disk_lost_or_changed_is_the_platforms_fault(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b, c)
    for bidder in (a, b, c):
        sealed.release(bidder)
    lost, changed = (sealed.kept[bidder.org, 1, "technical"].sealed.body["ct_sha256"] for bidder in (a, b))
    sealed.files.remove(str(lost))
    sealed.files.path(str(changed)).write_bytes(b"something else")
    view = sealed.batch()
    assert [of(view, bidder).cause for bidder in (a, b, c)] == ["platform", "platform", ""]
    states = sealed.tender.door.read(lambda session: {bid.org_id: bid.state for bid in session.scalars(select(Bid))})
    assert states[a.org] is states[b.org] is BidState.DECRYPT_FAILED_OTHER
    reasons = {read_statement(event.envelope.payload).body["reason"] for event in sealed.find("open.failed")}
    assert reasons == {"opening.failed.file_missing", "opening.failed.file_changed"}


def test_rubbish_inside_an_envelope_is_its_bidders_own_cause(room: Hall) -> None:
    a, b, c, d = room.tender.bidders
    unread = pack({"price": "one million"}, {"x.pdf": b"%PDF"}, room.folder)
    for bidder, plain in ((a, b"no ZIP at all"), (b, unread), (c, b""), (d, b"")):
        envelopes = [room.make(bidder, "technical", plain=plain), room.make(bidder, "commercial")]
        room.hand_in(bidder, room.parts(bidder, envelopes))
        room.kept |= {(bidder.org, 1, envelope.env): envelope for envelope in envelopes}
    room.decrypting(a, b, c, d)
    for bidder in (a, b, c, d):
        room.release(bidder)
    view = room.batch()
    assert [of(view, bidder).cause for bidder in (a, b, c, d)] == ["own", "own", "", ""]
    bids = room.tender.door.read(lambda session: opened.bids_for_evaluation(session, room.tender.lot.id))
    assert {bid.org for bid in bids} == {c.org, d.org}


def test_a_ciphertext_to_another_key_than_the_signed_one_is_its_bidders_own_cause(room: Hall) -> None:
    a, b, c, _ = room.tender.bidders
    for bidder in (b, c):
        room.seal(bidder)
    envelopes, other = room.make_version(a), room.make(a, "technical")
    parts = room.parts(a, [replace(envelopes[0], ciphertext=other.ciphertext)], ct_sha256=sha256(other.ciphertext).hex())
    prev = sha256(parts[0].request.envelope.payload).hex()
    second = room.parts(a, envelopes[1:])[0]
    request = a.act("seal", room.tender.case, room.tender.no, body=dict(envelopes[1].sealed.body), prev=prev)
    room.hand_in(a, [parts[0], replace(second, request=request)])
    room.kept |= {(a.org, 1, envelope.env): envelope for envelope in envelopes}
    room.decrypting(a, b, c)
    for bidder in (a, b, c):
        room.release(bidder)
    view = room.batch()
    assert (of(view, a).key, of(view, a).cause) == (Key.FAILED, "own")


@pytest.mark.on_both
def test_shares_that_give_no_key_leave_the_rescue_failed(room: Hall) -> None:
    a, b, c, _ = room.tender.bidders
    for bidder in (a, b):
        room.seal(bidder)
    envelopes = room.make_version(c)
    rubbish = _with_rubbish_shares(room, c, envelopes[0])
    room.hand_in(c, room.parts(c, [rubbish, envelopes[1]]))
    room.kept |= {(c.org, 1, "technical"): rubbish, (c.org, 1, "commercial"): envelopes[1]}
    room.decrypting(a, b)
    room.release(a)
    room.release(b)
    room.after_window()
    assert [room.rescue(office, c)["complete"] for office in OFFICES] == [False, False, False]
    room.after_rescue()
    assert of(room.batch(), c).cause == "own"


def _with_rubbish_shares(room: Hall, bidder: Person, envelope: Any) -> Any:
    place = room.place(bidder, envelope.env, 1)
    shares = tuple(
        sealing.share_box(place, envelope.bid_pub, office, bytes([n]) * 32 + bytes([n]), recipients)
        for n, (office, recipients) in enumerate(room.recipients().items(), 1)
    )
    body = dict(envelope.sealed.body) | {"shares": [share.to_json() for share in shares]}
    return replace(envelope, sealed=replace(envelope.sealed, body=body, shares=shares))
