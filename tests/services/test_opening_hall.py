"""The opening hall from the deadline to the signed record: releases, rescue, one batch, objections; on both databases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from sqlalchemy import select

from core.kernel import jcs, sealing
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.money import Money
from core.kernel.releasing import read_request
from core.kernel.roles import Role
from core.kernel.signing import read_statement
from core.kernel.streams import StreamRow
from core.kernel.work import Door
from tests.builders.bids import OFFICES, Hall, hall, pack
from tests.builders.people import Person, authority
from tests.builders.trading import tender
from trading.domain.bid import BidState, EnvelopeState
from trading.domain.lot import LotState
from trading.domain.opening import Key, OpeningState
from trading.models.bid import Bid, BidEnvelope, ShareBox
from trading.models.opening import KeyRelease, ShareRelease
from trading.queries import opened, openings, openings_due, release_requests
from trading.queries.openings import HallBid
from trading.services import boxes, halls
from trading.services import openings as services

MS = timedelta(milliseconds=1)


@pytest.fixture
def room(door: Door, clock_file: Path, tmp_path: Path) -> Hall:
    """A lot that takes bids, with four bidders."""
    made = hall(tender(door, clock_file), tmp_path)
    made.tender.join_bidders(4)
    return made


@pytest.fixture
def sealed(room: Hall) -> Hall:
    """The first three have sealed."""
    for n, bidder in enumerate(room.tender.bidders[:3], 1):
        room.seal(bidder, price=f"13{n}000000.00")
    return room


def refused(code: str, kind: type[Refusal], act: Any) -> Refusal:
    """The refusal that an act meets, by its code."""
    with pytest.raises(kind) as caught:
        act()
    assert caught.value.code == code
    return caught.value


def of(view: openings.HallView, bidder: Person) -> HallBid:
    """One bidder's line in the hall."""
    return next(bid for bid in view.bids if bid.org == bidder.org)


def secrets_kept(room: Hall) -> list[str]:
    """Every secret and share that the tables of releases still hold."""

    def look(session: Any) -> list[str]:
        return [*session.scalars(select(KeyRelease.secret)), *session.scalars(select(ShareRelease.share))]

    return [text for text in room.tender.door.read(look) if text]


# The way to the batch


def test_nobody_sees_who_bid_before_the_host_has_started(sealed: Hall) -> None:
    a, *_ = sealed.tender.bidders
    sealed.close()
    sealed.sign_in(a)
    for who in (None, sealed.tender.centre, sealed.tender.supervisor, sealed.tender.tenderer, sealed.tender.agency):
        view = sealed.view(who)
        assert (view.bids, view.accepted, view.present) == ((), (), ())
    assert [bid.name for bid in sealed.view(a).bids] == [a.org_name]
    assert sealed.view(None).close_sha256 == "" and sealed.view(sealed.tender.centre).close_sha256


def test_the_host_starts_only_on_a_witnessed_closing_list(sealed: Hall) -> None:
    sealed.close()
    refused("opening.not_witnessed", WrongState, sealed.start)
    sealed.grow()
    assert sealed.start()["state"] == "identity_check"
    assert [bid.name for bid in sealed.view(None).bids] == sorted(bidder.org_name for bidder in sealed.tender.bidders[:3])


def test_the_start_names_the_closing_list_and_needs_step_up_and_the_centre(sealed: Hall) -> None:
    sealed.close()
    sealed.grow()
    centre, supervisor = sealed.tender.centre, sealed.tender.supervisor
    other = {"close_sha256": "00" * 32}
    right = {"close_sha256": sealed.view(centre).close_sha256}
    refused("opening.start.close", Stale, lambda: sealed.act(halls.start, centre, "opening.start", other, step_up=True))
    refused("act.step_up", NotAllowed, lambda: sealed.act(halls.start, centre, "opening.start", right))
    refused("act.role", NotAllowed, lambda: sealed.act(halls.start, supervisor, "opening.start", right, step_up=True))
    close = sealed.find("close")[0]
    assert right["close_sha256"] == sha256(close.envelope.payload).hex()


def test_only_listed_bidders_sign_in_and_once_is_enough(sealed: Hall) -> None:
    a, _, _, absent = sealed.tender.bidders
    refused("opening.not_found", NotFound, lambda: sealed.sign_in(a))
    sealed.close()
    refused("opening.sign_in.not_allowed", NotAllowed, lambda: sealed.sign_in(absent))
    sealed.sign_in(a, a)
    sealed.grow()
    sealed.start()
    assert sealed.view(None).present == (a.org,)


def test_the_host_confirms_exactly_those_who_came(sealed: Hall) -> None:
    a, b, *_ = sealed.tender.bidders
    sealed.close()
    sealed.grow()
    sealed.sign_in(a)
    sealed.start()
    stale: dict[str, Any] = {"present": [str(a.org)]}
    sealed.sign_in(b)
    centre = sealed.tender.centre
    refused("opening.identity.present", Stale, lambda: sealed.act(halls.confirm_identity, centre, "opening.identity", stale))
    assert sealed.confirm()["state"] == "decrypting"


def test_a_whole_opening_with_two_releases_and_a_rescue_of_two_of_three(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.release(a)
    sealed.release(b)
    refused("opening.batch.window_open", WrongState, sealed.begin_batch)
    sealed.after_window()
    refused("opening.batch.rescue_running", WrongState, sealed.begin_batch)
    assert sealed.rescue("centre", c) == {"env": "technical", "shares": 1, "complete": False}
    assert of(sealed.view(None), c).key is Key.RESCUING
    assert sealed.rescue("supervisor", c) == {"env": "technical", "shares": 2, "complete": True}
    view = sealed.batch()
    assert view.state is OpeningState.READ_OUT
    assert {bid.name: bid.key for bid in view.bids} == dict.fromkeys((a.org_name, b.org_name, c.org_name), Key.OPENED)
    assert of(view, c).read_out == {"items": {"工期": "540 日历天", "质量": "合格"}}
    assert secrets_kept(sealed) == []
    methods = {event.subject: read_statement(event.envelope.payload).body["method"] for event in sealed.find("opened")}
    assert methods[of(view, c).seal_sha256] == "escrow" and methods[of(view, a).seal_sha256] == "bidder"
    assert {bid.state for bid in sealed.tender.door.read(lambda s: list(s.scalars(select(Bid).where(Bid.ver > 0))))} == {BidState.READ_OUT}


def test_the_opened_plaintext_is_what_was_sealed_and_stock_age_reopens_it(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b, c)
    for bidder in (a, b, c):
        sealed.release(bidder)
    sealed.batch()
    kept = sealed.kept[a.org, 1, "technical"]
    event = next(e for e in sealed.find("opened") if read_statement(e.envelope.payload).body["bidder"] == str(a.org))
    said = read_statement(event.envelope.payload).body
    assert (said["pt_sha256"], said["pt_size"]) == (sha256(kept.plain).hex(), len(kept.plain))
    released = next(e for e in sealed.find("release") if read_statement(e.envelope.payload).body["bid_pub"] == kept.bid_pub)
    secret = read_statement(released.envelope.payload).body["secret"]
    assert pyrage.decrypt(kept.ciphertext, [pyrage.x25519.Identity.from_str(secret)]) == kept.plain
    bids = sealed.tender.door.read(lambda session: opened.bids_for_evaluation(session, sealed.tender.lot.id))
    files = next(bid for bid in bids if bid.org == a.org).files
    assert [(file.env, file.name) for file in files] == [("technical", "technical.pdf")]
    assert sealed.files.read(files[0].sha256).startswith(b"%PDF-1.7 " + a.org_name.encode())


def test_when_all_keys_are_here_the_batch_need_not_wait(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b, c)
    for bidder in (a, b, c):
        sealed.release(bidder)
    now = sealed.tender.now
    assert sealed.tender.door.read(lambda session: openings_due.batches(session, now)) == [sealed.opening_id()]
    sealed.begin_batch()
    refused("opening.release.window_over", WrongState, lambda: sealed.sign_in(a))
    sealed.run_batch()
    assert sealed.view(None).state is OpeningState.READ_OUT


def test_the_batch_runs_from_the_outbox_and_a_second_run_changes_nothing(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b, c)
    for bidder in (a, b, c):
        sealed.release(bidder)
    sealed.begin_batch()
    sealed.begin_batch()
    assert sealed.deliver() >= 1
    sealed.run_batch()
    assert len(sealed.find("opened")) == 3 and sealed.view(None).state is OpeningState.READ_OUT


def test_a_release_is_refused_early_late_for_others_and_with_a_wrong_key(sealed: Hall) -> None:
    a, b, c, d = sealed.tender.bidders
    sealed.close()
    sealed.grow()
    refused("opening.release.wrong_state", WrongState, lambda: sealed.release(a))
    sealed.sign_in(a)
    sealed.start()
    sealed.confirm()
    other = sealing.open_bidder_box(sealed.kept[b.org, 1, "technical"].sealed.box, b.identity, sealed.kept[b.org, 1, "technical"].bid_pub)
    refused("release.wrong_key", BadSignature, lambda: sealed.release(a, secret=other.secret))
    theirs = sealed.kept[b.org, 1, "technical"].bid_pub
    refused("opening.release.other_version", RuleBroken, lambda: sealed.release(a, bid_pub=theirs, secret=other.secret))
    refused("opening.release.other_envelope", RuleBroken, lambda: sealed.release(a, "commercial"))
    sealed.kept[d.org, 1, "technical"] = replace(sealed.kept[a.org, 1, "technical"])
    forged = sealed.release_request(replace(d, identity=a.identity), "technical")
    refused("opening.release.not_allowed", NotAllowed, lambda: sealed.perform(d, lambda work: _release(work, sealed, forged)))
    sealed.release(a)
    refused("envelope.release.wrong_state", WrongState, lambda: sealed.release(a))
    sealed.after_window()
    refused("opening.release.window_over", WrongState, lambda: sealed.release(c))


def _release(work: Any, room: Hall, request: Any) -> Any:
    from trading.services import releases

    return releases.release(work, room.number, request)


def test_a_release_sent_twice_counts_once(sealed: Hall) -> None:
    a, *_ = sealed.tender.bidders
    sealed.decrypting(a)
    request = sealed.release_request(a, "technical")
    answers = [sealed.perform(a, lambda work: _release(work, sealed, request)) for _ in range(2)]
    assert answers[0] == answers[1] and len(sealed.find("release")) == 1


def test_nobody_else_hears_the_secret(sealed: Hall) -> None:
    a, *_ = sealed.tender.bidders
    sealed.decrypting(a)
    sealed.release(a)
    told = sealed.tender.door.read(lambda session: [json.dumps(row.data) for row in session.scalars(select(StreamRow))])
    assert not any("SECRET" in text for text in told)
    assert "SECRET" not in json.dumps(sealed.view(None).to_json())


# The rescue


def test_one_share_is_not_enough(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.release(a)
    sealed.release(b)
    sealed.after_window()
    sealed.rescue("tenderer", c)
    sealed.after_rescue()
    view = sealed.batch()
    assert (of(view, c).key, of(view, c).cause) == (Key.FAILED, "own")


def test_a_wrong_share_is_refused_and_its_office_named(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.after_window()
    refusal = refused("share.commitment_differs", BadSignature, lambda: sealed.rescue("centre", c, share=bytes(32) + b"\2"))
    assert refusal.facts["role"] == "centre"
    assert sealed.rescue("centre", c)["shares"] == 1


@pytest.mark.parametrize("pair", [("tenderer", "centre"), ("centre", "supervisor"), ("supervisor", "tenderer")])
def test_any_two_offices_open_a_bid(sealed: Hall, pair: Sequence[str]) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.after_window()
    assert [sealed.rescue(office, c)["complete"] for office in pair] == [False, True]
    third = next(office for office in OFFICES if office not in pair)
    refused("envelope.rescue.wrong_state", WrongState, lambda: sealed.rescue(third, c))


def test_a_share_is_refused_early_late_twice_and_from_another_office(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    refused("opening.rescue.early", WrongState, lambda: sealed.rescue("centre", c))
    sealed.after_window()
    sealed.rescue("centre", c)
    refused("opening.rescue.share_twice", RuleBroken, lambda: sealed.rescue("centre", c))
    request = sealed.share_request("supervisor", c)
    centre = sealed.officers["centre"]
    forged = centre.act("share-release", sealed.tender.case, sealed.tender.no, body=dict(read_statement(request.envelope.payload).body))
    refused("opening.rescue.other_office", NotAllowed, lambda: sealed.perform(centre, lambda work: _share(work, forged)))
    foreign = sealed.tender.crowd.join(Role.OFFICER, "别的招标人有限公司", office="tenderer")
    body = dict(read_statement(sealed.share_request("tenderer", c).envelope.payload).body)
    elsewhere = foreign.act("share-release", sealed.tender.case, sealed.tender.no, body=body)
    refused("opening.rescue.other_office", NotAllowed, lambda: sealed.perform(foreign, lambda work: _share(work, elsewhere)))
    unknown = centre.act("share-release", sealed.tender.case, sealed.tender.no, body=body | {"bid_pub": "age1unknown", "role": "centre"})
    refused("opening.rescue.unknown_key", NotFound, lambda: sealed.perform(centre, lambda work: _share(work, unknown)))
    bidder = c.act("share-release", sealed.tender.case, sealed.tender.no, body=body)
    refused("act.role", NotAllowed, lambda: sealed.perform(c, lambda work: _share(work, bidder)))
    sealed.after_rescue()
    refused("opening.rescue.over", WrongState, lambda: sealed.rescue("supervisor", c))


def _share(work: Any, request: Any) -> Any:
    from trading.services import releases

    return releases.release_share(work, request)


def test_an_office_is_asked_with_the_grounds_that_its_own_tool_checks(sealed: Hall) -> None:
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.release(a)
    sealed.release(b)
    authorities = (authority().issuing.certificate, authority().root.certificate)
    officer = sealed.officers["centre"]

    def ask(who: Person) -> tuple[release_requests.Pending, ...]:
        now = sealed.tender.now

        def look(session: Any) -> tuple[release_requests.Pending, ...]:
            return release_requests.pending(session, who.actor, release_requests.office_of(session, who.person, now), authorities, now)

        return sealed.tender.door.read(look)

    assert ask(officer) == ()
    sealed.after_window()
    assert ask(officer) == ()  # `opening.start` and `opening.identity` are not in the log yet
    sealed.grow()
    (found,) = ask(officer)
    request = read_request(found.request.to_json())
    assert set(request.events) == {"close", "opening.start", "opening.identity"}
    assert [(asked.bidder, asked.body.env) for asked in request.asked] == [(str(c.org), "technical")]
    share = sealing.open_share_box(
        request.asked[0].box,
        officer.identity,
        sealed.place(c, "technical", 1),
        request.asked[0].body.bid_pub,
        request.asked[0].body.share("centre"),
    )
    assert len(share) == 33
    sealed.rescue("centre", c)
    assert ask(officer) == ()
    foreign = sealed.tender.crowd.join(Role.OFFICER, "别的招标人有限公司", office="tenderer")
    assert ask(foreign) == () and len(ask(sealed.officers["tenderer"])) == 1
    refused("opening.rescue.not_allowed", NotAllowed, lambda: ask(a))


# Failures


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


# Read-out, objections, record


@pytest.fixture
def read(sealed: Hall) -> Hall:
    """Opened and read out; the first two are there, the third was rescued."""
    a, b, c, _ = sealed.tender.bidders
    sealed.decrypting(a, b)
    sealed.release(a)
    sealed.release(b)
    sealed.after_window()
    sealed.rescue("centre", c)
    sealed.rescue("tenderer", c)
    sealed.batch()
    return sealed


def test_objections_are_raised_and_answered_on_the_spot_and_stand_in_the_record(read: Hall) -> None:
    a, b, c, _ = read.tender.bidders
    read.read_out()
    assert read.act(halls.object_to, a, "opening.objection", {"text": "工期唱错"}) == {"number": 1}
    refused("opening.objection.absent", NotAllowed, lambda: read.act(halls.object_to, c, "opening.objection", {"text": "我没来"}))
    read.tender.jump(read.until("objection_until"))
    refused("opening.objection.late", RuleBroken, lambda: read.act(halls.object_to, b, "opening.objection", {"text": "晚了"}))
    refused("opening.record.unanswered", RuleBroken, lambda: read.tender.step(halls.draw_up_record, 0))
    answer: dict[str, Any] = {"number": 1, "text": "已更正为 540 日历天"}
    refused(
        "opening.objection.not_found",
        NotFound,
        lambda: read.act(halls.answer, read.tender.agency, "opening.answer", answer | {"number": 2}),
    )
    read.act(halls.answer, read.tender.agency, "opening.answer", answer)
    refused("opening.objection.answered", RuleBroken, lambda: read.act(halls.answer, read.tender.centre, "opening.answer", answer))
    refused("opening.answer.not_allowed", NotAllowed, lambda: read.act(halls.answer, b, "opening.answer", answer))
    assert read.tender.step(halls.draw_up_record, 0) is OpeningState.RECORD_SIGNING
    record = _record(read)
    assert [(o["text"], o["answer"]) for o in record["objections"]] == [("工期唱错", "已更正为 540 日历天")]


def _record(room: Hall) -> dict[str, Any]:
    written = room.tender.door.read(lambda session: openings.record(session, room.number))
    assert sha256(written).hex() == room.view(None).record_sha256
    found: dict[str, Any] = jcs.parse_object(written)
    return found


def recorded(room: Hall) -> Hall:
    """The record is drawn up without objections."""
    room.read_out()
    room.tender.jump(room.until("objection_until"))
    room.tender.step(halls.draw_up_record, 0)
    return room


def test_the_record_says_who_came_who_rescued_and_how_long_the_platform_held_the_keys(read: Hall) -> None:
    record = _record(recorded(read))
    _, _, c, _ = read.tender.bidders
    bids = {bid["name"]: bid for bid in record["bidders"]}
    assert bids[c.org_name]["method"] == "escrow" and bids[c.org_name]["signed_in"] is False
    assert [share["office"] for share in bids[c.org_name]["offices"]] == ["centre", "tenderer"]
    assert len(record["custody"]) == 3
    for held in record["custody"]:
        assert held["held_from"] < held["held_until"] == record["opened_at"]


def test_the_host_must_sign_the_record_and_others_may(read: Hall) -> None:
    recorded(read)
    a, centre = read.tender.bidders[0], read.tender.centre
    body = {"record_sha256": read.view(None).record_sha256}
    kind = "opening.record.sign"
    refused("opening.close.unsigned", WrongState, lambda: read.act(halls.close, centre, "opening.close", body, step_up=True))
    refused("act.step_up", NotAllowed, lambda: read.act(halls.sign_record, centre, kind, body))
    refused("opening.record.other", Stale, lambda: read.act(halls.sign_record, a, kind, {"record_sha256": "00" * 32}))
    read.act(halls.sign_record, a, kind, body)
    refused("opening.record.signed_already", WrongState, lambda: read.act(halls.sign_record, a, kind, body))
    read.act(halls.sign_record, read.tender.supervisor, kind, body)
    read.act(halls.sign_record, centre, kind, body, step_up=True)
    refused("opening.sign_record.not_allowed", NotAllowed, lambda: read.act(halls.sign_record, read.tender.agency, kind, body))
    assert [signature.role for signature in read.view(None).signatures] == [Role.BIDDER, Role.SUPERVISOR, Role.CENTRE]
    lot = read.tender.lot.id
    assert not read.tender.door.read(lambda session: opened.is_closed(session, lot))
    assert read.act(halls.close, centre, "opening.close", body, step_up=True)["state"] == "closed"
    assert read.tender.door.read(lambda session: opened.is_closed(session, lot))


def test_the_host_reads_out_exactly_what_was_opened(read: Hall) -> None:
    refused(
        "opening.read_out.other",
        Stale,
        lambda: read.act(halls.finish_read_out, read.tender.centre, "opening.read_out", {"opened": []}),
    )
    assert read.read_out()["state"] == "objection_window"
    now = read.until("objection_until")
    lot = read.tender.lot.id
    assert read.tender.door.read(lambda session: openings_due.records(session, now)) == [(lot, 0)]


# The price envelopes


def closed(room: Hall) -> Hall:
    """The first opening is over."""
    recorded(room)
    body = {"record_sha256": room.view(None).record_sha256}
    room.act(halls.sign_record, room.tender.centre, "opening.record.sign", body, step_up=True)
    room.act(halls.close, room.tender.centre, "opening.close", body, step_up=True)
    return room


def test_only_the_price_envelopes_of_those_who_passed_are_ever_opened(read: Hall) -> None:
    a, b, c, _ = closed(read).tender.bidders
    lot = read.tender.lot.id
    with pytest.raises(WrongState, match=r"opening.prices.shut"):
        read.tender.door.read(lambda session: opened.prices(session, lot))
    assert all(bid.price is None for bid in read.tender.door.read(lambda session: opened.bids_for_evaluation(session, lot)))
    read.tender.step(services.request_commercial, [a.org, c.org])
    refused("opening.not_witnessed", WrongState, lambda: read.release(a, "commercial", round_=1))
    read.grow()
    refused("opening.release.none_asked", NotFound, lambda: read.release(b, "commercial", round_=1))
    read.release(a, "commercial", round_=1)
    read.after_window()
    refused("opening.rescue.unknown_key", NotFound, lambda: read.rescue("centre", b, "commercial", round_=1))
    read.rescue("centre", c, "commercial", round_=1)
    read.rescue("supervisor", c, "commercial", round_=1)
    view = read.batch(1)
    assert {bid.org for bid in view.bids} == {a.org, c.org}
    prices = read.tender.door.read(lambda session: opened.prices(session, lot))
    assert prices == {a.org: Money.yuan("131000000.00"), c.org: Money.yuan("133000000.00")}
    states = read.tender.door.read(
        lambda s: {bid.org_id: e.state for e, bid in s.execute(select(BidEnvelope, Bid).join(Bid)) if e.env == "commercial"}
    )
    assert states[b.org] is EnvelopeState.SHUT
    assert read.tender.door.read(
        lambda session: {m.bid_pub for m in session.scalars(select(BidEnvelope)) if m.pt_sha256 and m.env == "commercial"}
    ) == {
        read.kept[a.org, 1, "commercial"].bid_pub,
        read.kept[c.org, 1, "commercial"].bid_pub,
    }


def test_price_envelopes_are_asked_for_once_and_of_opened_bids_alone(read: Hall) -> None:
    a, *_, d = closed(read).tender.bidders
    refused("opening.request.not_opened", RuleBroken, lambda: read.tender.step(services.request_commercial, [d.org]))
    read.tender.step(services.request_commercial, [a.org])
    refused("opening.request.again", WrongState, lambda: read.tender.step(services.request_commercial, [a.org]))


def test_nobody_passed_means_nothing_to_open(read: Hall) -> None:
    closed(read)
    read.tender.step(services.request_commercial, [])
    view = read.batch(1)
    assert view.bids == () and view.state is OpeningState.READ_OUT


def test_a_lot_with_one_envelope_reads_out_prices_at_once(door: Door, clock_file: Path, tmp_path: Path) -> None:
    from tests.builders.trading import method_part

    one = method_part(criteria=[{"id": "method", "part": "commercial", "max": "40", "weight": "1"}], part_minimum={})
    room = hall(tender(door, clock_file), tmp_path, envelopes=[{"env": "bid", "title": "投标文件"}], method=one)
    room.tender.join_bidders(3)
    for bidder in room.tender.bidders:
        envelope = room.make(bidder, "bid", plain=pack({"price": "120000000.00"}, {"bid.pdf": b"%PDF"}, room.folder))
        room.hand_in(bidder, room.parts(bidder, [envelope]))
        room.kept[bidder.org, 1, "bid"] = envelope
    room.decrypting(*room.tender.bidders)
    for bidder in room.tender.bidders:
        room.release(bidder, "bid")
    room.batch()
    lot = room.tender.lot.id
    prices = room.tender.door.read(lambda session: opened.prices(session, lot))
    assert set(prices.values()) == {Money.yuan("120000000.00")} and len(prices) == 3
    refused("opening.request.one_envelope", WrongState, lambda: room.tender.step(services.request_commercial, []))


def test_at_the_close_of_the_case_the_boxes_are_forgotten(read: Hall) -> None:
    from trading.models.project import Project

    a, *_ = closed(read).tender.bidders
    read.tender.step(services.request_commercial, [a.org])
    project = read.tender.door.read(lambda session: session.scalars(select(Project.id)).one())
    refused("project.not_closed", WrongState, lambda: read.perform(None, lambda work: boxes.forget(work, project)))

    def end(work: Any) -> None:
        work.session.get(Project, project).closed_at = work.now()

    read.perform(None, end)
    now = read.tender.now
    assert read.tender.door.read(lambda session: openings_due.closed_cases(session, now)) == [project]
    read.perform(None, lambda work: boxes.forget(work, project))
    assert read.tender.door.read(lambda session: session.scalars(select(ShareBox.id)).all()) == []
    assert read.tender.door.read(lambda session: openings_due.closed_cases(session, now)) == []
    kept = read.tender.door.read(lambda session: {e.state for e in session.scalars(select(BidEnvelope)) if e.bidder_box})
    assert kept == {EnvelopeState.OPENED}
