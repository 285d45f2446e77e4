"""Sealing, replacing and withdrawing bids, and the deadline, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from core.kernel import clock, dsse
from core.kernel.dsse import read_envelope
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from core.kernel.signing import open_statement, read_statement
from core.kernel.streams import StreamRow
from tests.builders.beginnings import Built
from tests.builders.bids import Hall
from tests.builders.halls import APPLYING, TAKING, at_home
from trading.domain.bid import BidState, EnvelopeState
from trading.domain.lot import LotState
from trading.domain.prequalification import RoundState
from trading.models.bid import KINDS, BidEnvelope, ShareBox, Submission
from trading.models.opening import AnyOpening
from trading.queries import bids as queries
from trading.queries import late_seals, lots, receipts
from trading.services import bids

pytestmark = pytest.mark.sqlite_alone

MS = timedelta(milliseconds=1)


@pytest.fixture(params=[TAKING, APPLYING], ids=["bid", "application"])
def beginning(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def room(world: Hall, built: Built, tmp_path: Path) -> Hall:
    """A lot that takes bids, or applications in its round of prequalification; with four firms."""
    return at_home(world, built, tmp_path)


BIDS_ALONE = pytest.mark.parametrize("beginning", [TAKING], indirect=True, ids=["bid"])
CLOSES = {Purpose.BID: "close", Purpose.APPLICATION: "application.close"}
TO_OPEN = {Purpose.BID: LotState.OPENING, Purpose.APPLICATION: RoundState.CLOSED}
FAILED = {Purpose.BID: LotState.FAILED, Purpose.APPLICATION: RoundState.FAILED}


def own(room: Hall, bidder: Any) -> queries.BidView:
    """A bidder's own view."""
    now = room.tender.now
    return room.tender.door.read(lambda session: queries.own_bid(session, bidder.actor, room.number, now, room.purpose))


def count(room: Hall, model: Any) -> int:
    """How many rows there are."""
    return room.tender.door.read(lambda session: session.scalar(select(func.count()).select_from(model)) or 0)


def refused(code: str, kind: type[Refusal], act: Any) -> Refusal:
    """The refusal that an act meets, by its code."""
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.code == code
    return caught.value


@pytest.mark.on_both
def test_a_sealed_bid_has_its_rows_its_events_and_signed_receipts(room: Hall) -> None:
    a = room.tender.bidders[0]
    answer = room.seal(a)
    view = own(room, a)
    assert (answer["ver"], view.state, view.ver) == (1, BidState.SEALED, 1)
    assert [envelope.env for envelope in view.versions[0].envelopes] == room.envs
    for receipt in answer["receipts"]:
        event = room.find("receipt", receipt["seal_sha256"])[0]
        said = open_statement(event.envelope, room.tender.door.platform.key)
        assert said.body == {name: receipt[name] for name in ("seal_sha256", "ct_sha256", "ct_size")} | {
            "received_at": answer["received_at"]
        }
        assert len(room.find("seal", receipt["seal_sha256"])) == 1


@pytest.mark.on_both
def test_the_same_post_again_gets_the_same_answer_and_the_same_receipt_bytes(room: Hall) -> None:
    a = room.tender.bidders[0]
    parts = room.parts(a, room.make_version(a))
    first, again = room.hand_in(a, parts), room.hand_in(a, parts)
    assert first == again and count(room, BidEnvelope) == len(room.envs) == len(room.find("seal"))
    number = str(first["receipts"][0]["id"])
    files = [room.tender.door.read(lambda session: receipts.receipt(session, a.actor, number)).to_json() for _ in range(2)]
    assert files[0] == files[1]


def keeps(room: Hall, requests: Any, judged_at: Any) -> Any:
    """The use case that keeps the trace of a late seal."""
    return lambda work: bids.keep_late_trace(work, room.number, requests, judged_at, timedelta(0), room.purpose)


@pytest.mark.on_both
def test_a_late_bid_is_refused_and_its_bidder_keeps_a_signed_trace(room: Hall) -> None:
    a = room.tender.bidders[0]
    parts = room.parts(a, room.make_version(a))
    deadline = room.deadline
    room.tender.jump(deadline)
    refusal = refused("bid.seal.late", RuleBroken, lambda: room.hand_in(a, parts))
    assert isinstance(refusal, RuleBroken) and refusal.article == "电子招标投标办法 第二十七条"
    assert count(room, BidEnvelope) == 0
    requests = [part.request for part in parts]
    judged_at = clock.moment(str(refusal.facts["arrived_at"]))
    numbers = [room.perform(a, keeps(room, requests, judged_at)) for _ in range(2)]
    assert numbers[0] == numbers[1] and len(room.find("seal.late")) == 1
    trace = room.tender.door.read(lambda session: late_seals.late_seal(session, a.actor, numbers[0], ()))
    said = open_statement(read_envelope(trace["trace"]), room.tender.door.platform.key)
    assert said.body["deadline"] == clock.text(deadline) and said.body["arrived_at"] == refusal.facts["arrived_at"]
    seals: Any = said.body["seals"]
    assert [seal["seal_sha256"] for seal in seals] == [sha256(request.envelope.payload).hex() for request in requests]


def test_a_trace_is_given_only_for_ones_own_seal_and_only_after_the_deadline(room: Hall) -> None:
    a, b, *_ = room.tender.bidders
    requests = [part.request for part in room.parts(a, room.make_version(a))]
    withdrawal = [a.act("withdraw", room.tender.case, room.tender.no, body={})]
    deadline = room.deadline
    refused("bid.seal.not_late", NotAllowed, lambda: room.perform(a, keeps(room, requests, room.tender.now)))
    room.close()
    refused("bid.seal.not_late", NotAllowed, lambda: room.perform(a, keeps(room, requests, deadline - timedelta(milliseconds=1))))
    refused("bid.seal.not_yours", NotAllowed, lambda: room.perform(b, keeps(room, requests, deadline)))
    refused("bid.seal.not_yours", NotAllowed, lambda: room.perform(a, keeps(room, withdrawal, deadline)))
    room.tender.jump(deadline + timedelta(days=1, seconds=1))
    assert room.perform(a, keeps(room, requests, deadline)) == "" and not room.find("seal.late")


@pytest.mark.on_both
def test_bids_that_race_the_close_are_either_on_the_list_or_refused(room: Hall) -> None:
    deadline = room.deadline
    waiting = [(bidder, room.parts(bidder, room.make_version(bidder))) for bidder in room.tender.bidders]
    room.tender.jump(deadline - timedelta(milliseconds=150))
    accepted: list[str] = []
    gate = threading.Barrier(5)

    def hand_in(bidder: Any, parts: Any) -> None:
        gate.wait()
        try:
            answer = room.hand_in(bidder, parts)
            accepted.extend(receipt["seal_sha256"] for receipt in answer["receipts"])
        except RuleBroken as refusal:
            assert refusal.code == "bid.seal.late"

    def close() -> None:
        gate.wait()
        while True:
            try:
                room.step_close()
                return
            except WrongState as refusal:
                assert refusal.code == "bid.close.early"

    threads = [threading.Thread(target=hand_in, args=each) for each in waiting] + [threading.Thread(target=close)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = read_statement(room.find(CLOSES[room.purpose])[0].envelope.payload)
    assert said.body["accepted"] == sorted(accepted)
    assert all(clock.moment(str(read_statement(event.envelope.payload).body["received_at"])) < deadline for event in room.find("receipt"))


@pytest.mark.on_both
def test_a_replaced_version_keeps_its_rows_and_receipt_and_loses_its_share_boxes(room: Hall) -> None:
    a = room.tender.bidders[0]
    first = room.seal(a)
    second = room.seal(a, ver=2)
    states = {(e.ver, e.env): e.state for version in own(room, a).versions for e in version.envelopes}
    assert {state for (ver, _), state in states.items() if ver == 1} == {EnvelopeState.REPLACED}
    assert {state for (ver, _), state in states.items() if ver == 2} == {EnvelopeState.SEALED}
    assert count(room, ShareBox) == 3 * len(room.envs)
    number = str(first["receipts"][0]["id"])
    old = room.tender.door.read(lambda session: receipts.receipt(session, a.actor, number))
    assert old.state is EnvelopeState.REPLACED and room.files.path(old.ct_sha256).exists()
    assert second["ver"] == 2


@pytest.mark.on_both
def test_a_withdrawn_bid_is_not_on_the_list_and_may_be_sealed_again(room: Hall) -> None:
    a, b, c, d = room.tender.bidders
    answers = {bidder.login: room.seal(bidder) for bidder in (a, b, c, d)}
    room.withdraw(a, answers[a.login])
    assert own(room, a).state is BidState.WITHDRAWN
    room.seal(a, ver=2)
    room.withdraw(d, answers[d.login])
    assert room.close() is TO_OPEN[room.purpose]
    accepted = read_statement(room.find(CLOSES[room.purpose])[0].envelope.payload).body["accepted"]
    assert isinstance(accepted, list) and len(accepted) == 3 * len(room.envs)
    assert own(room, d).state is BidState.WITHDRAWN and own(room, a).state is BidState.LOCKED


def test_a_withdrawal_needs_step_up_the_standing_version_and_the_own_bid(room: Hall) -> None:
    a, b, *_ = room.tender.bidders
    answer = room.seal(a)
    seals = sorted(str(receipt["seal_sha256"]) for receipt in answer["receipts"])
    weak = a.act("withdraw", room.tender.case, room.tender.no, body={"ver": 1, "seals": seals})
    refused("act.step_up", NotAllowed, lambda: room.perform(a, lambda work: bids.withdraw(work, room.number, weak, room.purpose)))
    other = a.act("withdraw", room.tender.case, room.tender.no, body={"ver": 1, "seals": ["0" * 64]}, step_up=True)
    refused("bid.withdraw.version", Stale, lambda: room.perform(a, lambda work: bids.withdraw(work, room.number, other, room.purpose)))
    theirs = b.act("withdraw", room.tender.case, room.tender.no, body={"ver": 1, "seals": seals}, step_up=True)
    refused(
        "bid.withdraw.wrong_state", WrongState, lambda: room.perform(b, lambda work: bids.withdraw(work, room.number, theirs, room.purpose))
    )
    assert own(room, a).state is BidState.SEALED


@pytest.mark.on_both
@BIDS_ALONE
def test_all_envelopes_come_in_one_post_or_none_does(room: Hall) -> None:
    a = room.tender.bidders[0]
    parts = room.parts(a, room.make_version(a))
    refused("bid.seal.envelopes", RuleBroken, lambda: room.hand_in(a, parts[:1]))
    refused("act.prev", Stale, lambda: room.hand_in(a, parts[::-1]))
    assert count(room, BidEnvelope) == 0
    assert room.hand_in(a, parts)["ver"] == 1


def test_a_wrong_version_is_stale_and_tells_the_right_one(room: Hall) -> None:
    a = room.tender.bidders[0]
    refusal = refused("bid.seal.version", Stale, lambda: room.hand_in(a, room.parts(a, room.make_version(a, 2))))
    assert refusal.facts == {"ver": 1}


def test_what_came_in_must_be_what_was_signed(room: Hall) -> None:
    a, b, *_ = room.tender.bidders
    envelopes = room.make_version(a)
    parts = room.parts(a, envelopes)
    whole, half = room.upload(a, b"age-encryption.org/v1\n" + bytes(300)), room.upload(a, envelopes[0].ciphertext, complete=False)
    theirs = room.upload(b, envelopes[0].ciphertext)
    for change, code, kind in (
        ({"upload": whole}, "bid.seal.ciphertext", RuleBroken),
        ({"upload": half}, "bid.seal.unfinished", RuleBroken),
        ({"upload": theirs}, "upload.missing", NotFound),
        ({"upload": uuid4()}, "upload.missing", NotFound),
        ({"start": b"PK\x03\x04" + bytes(300)}, "age.header", BadSignature),
        ({"start": b""}, "age.header", BadSignature),
        ({"bidder_box": b"another"}, "bid.seal.box", RuleBroken),
        ({"bidder_box": bytes(70_000)}, "bid.seal.box", RuleBroken),
        ({"share_boxes": parts[0].share_boxes[:2]}, "bid.seal.offices", RuleBroken),
        ({"share_boxes": (*parts[0].share_boxes, parts[0].share_boxes[0])}, "bid.seal.offices", RuleBroken),
        ({"share_boxes": tuple((office, b"x") for office, _ in parts[0].share_boxes)}, "bid.seal.box", RuleBroken),
    ):
        changed: list[Any] = [replace(parts[0], **change), *parts[1:]]
        refused(code, kind, lambda changed=changed: room.hand_in(a, changed))
    assert count(room, BidEnvelope) == 0


def test_a_header_with_two_recipients_is_refused(room: Hall) -> None:
    from core.kernel import sealing
    from core.kernel.age import new_identity

    a = room.tender.bidders[0]
    parts = room.parts(a, room.make_version(a))
    double = sealing.encrypt(b"x" * 100, [new_identity().recipient, new_identity().recipient])
    refused("age.header", BadSignature, lambda: room.hand_in(a, [replace(parts[0], start=double[:400]), *parts[1:]]))


def test_nobody_reseals_what_another_has_sealed(room: Hall) -> None:
    a, b, *_ = room.tender.bidders
    envelopes = room.make_version(a)
    room.hand_in(a, room.parts(a, envelopes))
    refused("bid.seal.copied", RuleBroken, lambda: room.hand_in(b, room.parts(b, envelopes)))
    own_ciphertexts = room.make_version(b)
    first = room.parts(b, own_ciphertexts[:1], bid_pub=envelopes[0].bid_pub)[0]
    prev, rest = sha256(first.request.envelope.payload).hex(), []
    for envelope in own_ciphertexts[1:]:
        request = b.act("seal", room.tender.case, room.tender.no, body=dict(envelope.sealed.body), prev=prev)
        rest.append(replace(room.parts(b, [envelope])[0], request=request))
    refused("bid.seal.copied", RuleBroken, lambda: room.hand_in(b, [first, *rest]))
    assert own(room, b).state is BidState.DRAFT


def test_shares_must_go_to_the_registered_offices(room: Hall) -> None:
    a = room.tender.bidders[0]
    stranger = room.tender.crowd.join(Role.OFFICER, "外省交易中心", office="centre")
    tenderer = room.tender.crowd.join(Role.OFFICER, "别的招标人有限公司", office="tenderer")
    room.officers = {**room.officers, "centre": stranger}
    room.hand_in(a, room.parts(a, room.make_version(a)))  # any officer of the office
    room.officers = {**room.officers, "tenderer": tenderer}
    refused("bid.seal.recipient", RuleBroken, lambda: room.hand_in(a, room.parts(a, room.make_version(a, 2))))


def test_only_a_bidder_seals_and_only_as_the_own_organisation(room: Hall) -> None:
    a, b, *_ = room.tender.bidders
    parts = room.parts(a, room.make_version(a))
    at = room.tender.now
    refused("act.other_person", BadSignature, lambda: room.perform(b, lambda work: bids.seal(work, room.number, parts, at, room.purpose)))
    announce = partial(bids.announce_upload, number=room.number, purpose=room.purpose)
    refused("bid.upload.not_allowed", NotAllowed, lambda: room.perform(room.tender.agency, announce))
    refused("bid.no_organisation", NotAllowed, lambda: room.perform(None, announce))


def test_an_upload_unfinished_at_the_deadline_counts_as_withdrawn(room: Hall) -> None:
    a, b, c, d = room.tender.bidders
    for bidder in (a, b, c):
        room.seal(bidder)
    assert room.perform(d, lambda work: bids.announce_upload(work, room.number, room.purpose)) == {"state": "uploading"}
    assert room.perform(a, lambda work: bids.announce_upload(work, room.number, room.purpose)) == {"state": "sealed"}
    room.close()
    assert own(room, d).state is BidState.WITHDRAWN and own(room, a).state is BidState.LOCKED
    refused("bid.seal.late", RuleBroken, lambda: room.perform(d, lambda work: bids.announce_upload(work, room.number, room.purpose)))


def test_fewer_than_three_bids_fail_the_lot_and_nothing_is_opened(room: Hall) -> None:
    for bidder in room.tender.bidders[:2]:
        room.seal(bidder)
    assert room.close() is FAILED[room.purpose]
    assert count(room, AnyOpening) == 0 and len(room.find(CLOSES[room.purpose])) == 1
    assert room.step_close() is FAILED[room.purpose] and room.tender.lot.state is LotState.FAILED


@pytest.mark.on_both
def test_closing_twice_makes_one_list_and_closing_early_none(room: Hall) -> None:
    for bidder in room.tender.bidders:
        room.seal(bidder)
    refused("bid.close.early", WrongState, room.step_close)
    room.close()
    room.step_close()
    assert len(room.find(CLOSES[room.purpose])) == 1 and count(room, AnyOpening) == 1


def test_before_the_opening_nothing_about_bids_reaches_any_other_stream(room: Hall) -> None:
    a, b, *_ = room.tender.bidders
    before = room.tender.door.read(lambda session: {(r.audience, r.seq) for r in session.scalars(select(StreamRow))})
    answer = room.seal(a)
    room.seal(a, ver=2)
    room.withdraw(a, {"ver": 2, "receipts": [{"seal_sha256": seal} for seal in _seals(room, a)]})
    room.seal(b)
    after = room.tender.door.read(lambda session: {(r.audience, r.seq) for r in session.scalars(select(StreamRow))})
    assert {audience for audience, _ in after - before} == {f"bidder:{a.org}", f"bidder:{b.org}"}
    assert answer["ver"] == 1


def _seals(room: Hall, bidder: Any) -> list[str]:
    current = own(room, bidder).current
    assert current is not None
    return [envelope.seal_sha256 for envelope in current.envelopes]


@BIDS_ALONE
def test_a_receipt_is_its_bidders_alone_until_the_opening_has_started(room: Hall) -> None:
    a, b, c, _ = room.tender.bidders
    answer = room.seal(a)
    room.seal(b)
    room.seal(c)
    number = str(answer["receipts"][0]["id"])

    def look(who: Any) -> receipts.ReceiptView:
        return room.tender.door.read(lambda session: receipts.receipt(session, who.actor, number))

    for stranger in (b, room.tender.centre, room.tender.tenderer, room.tender.supervisor):
        with pytest.raises(NotFound):
            look(stranger)
    assert look(a).proof is None
    room.grow()
    held = look(a)
    assert held.proof is not None and "salt" not in held.proof and held.event is None
    room.decrypting(a)
    assert look(b).event is not None
    assert dsse.read_envelope(look(b).to_json()["receipt"]) == held.receipt


def test_a_bidders_own_box_and_ciphertext_are_the_standing_versions(room: Hall) -> None:
    a, b, *_ = room.tender.bidders
    room.seal(a)
    room.seal(a, ver=2)
    box = room.tender.door.read(lambda session: queries.own_box(session, a.actor, room.number, room.envs[0], room.purpose))
    assert (box.ver, box.box) == (2, room.kept[a.org, 2, room.envs[0]].sealed.box)
    with pytest.raises(NotFound):
        room.tender.door.read(lambda session: queries.own_box(session, b.actor, room.number, room.envs[0], room.purpose))
    lot, (row,) = room.tender.door.read(
        lambda session: (lots.by_number(session, room.tender.number, any_state=True), queries.own_bids(session, a.org))
    )
    assert (row.number, row.title) == (room.number, f"{lot.project_title} {lot.title}")
    assert room.tender.door.read(lambda session: queries.own_bids(session, b.org)) == ()


def test_the_states_in_the_rows_are_those_of_the_view(room: Hall) -> None:
    a = room.tender.bidders[0]
    room.seal(a)
    said = own(room, a).to_json()
    assert (said["state"], said["next_ver"], said["available"]) == ("sealed", 2, ["upload", "seal", "withdraw"])
    assert count(room, KINDS[room.purpose]) == 1 == count(room, Submission)
