"""From the deadline to the batch: who sees whom, whose keys are taken when, and one batch after all of them; on both databases."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pyrage
import pytest
from sqlalchemy import select

from core.kernel import sealing
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotAllowed, NotFound, RuleBroken, Stale, WrongState
from core.kernel.signing import read_statement
from core.kernel.streams import StreamRow
from tests.builders.bids import Hall
from tests.services.openings.steps import of, refused, secrets_kept
from trading.domain.bid import BidState
from trading.domain.opening import Key, OpeningState
from trading.models.bid import Bid
from trading.queries import opened, openings_due
from trading.services import halls

pytestmark = pytest.mark.sqlite_alone


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


@pytest.mark.on_both
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


@pytest.mark.on_both
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


@pytest.mark.on_both
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


@pytest.mark.on_both
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
