"""Applications opened behind closed doors, after the round's deadline, by two of three offices; on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.kernel.errors import BadSignature, NotAllowed, NotFound, Stale, WrongState
from core.kernel.streams import StreamRow
from tests.builders.beginnings import Beginning
from tests.builders.bids import Hall
from tests.builders.halls import APPLIED
from tests.builders.people import Person
from tests.services.openings.steps import refused
from trading.domain.application import ROUND
from trading.domain.bid import BidState, EnvelopeState
from trading.domain.opening import OpeningState
from trading.domain.prequalification import RoundState
from trading.models.bid import Application
from trading.models.opening import OpenedFile, ShareRelease
from trading.models.prequalification import Prequalification
from trading.queries import applications as queries
from trading.queries import applications_room, openings, openings_due, parsed
from trading.services import applications, parsing, releases
from trading.services.releases import begin_batch

pytestmark = pytest.mark.sqlite_alone

ENV = "application"


@pytest.fixture
def beginning() -> Beginning:
    return APPLIED


def close_sha256(room: Hall) -> str:
    """The digest that the host signs."""
    lot = room.tender.lot
    return room.tender.door.read(lambda session: openings.close_sha256(session, lot, "application.close"))


def start(room: Hall, who: Person | None = None, **how: Any) -> Any:
    """The host has them opened."""
    body = {"close_sha256": how.pop("close", None) or close_sha256(room)}
    how = {"step_up": True, "round": ROUND} | how
    return room.act(applications.start, who or room.tender.centre, "application.open", body, **how)


def begun(room: Hall) -> Hall:
    """Closed, witnessed and begun."""
    room.close()
    room.grow()
    start(room)
    return room


def share(room: Hall, office: str, firm: Person, **how: Any) -> Any:
    """An office releases its share."""
    return room.rescue(office, firm, ENV, round_=ROUND, **how)


def batch(room: Hall) -> None:
    """Both halves of the batch."""
    room.begin_batch(ROUND)
    room.run_batch(ROUND)


def opened(room: Hall) -> Any:
    """What the review is given."""
    lot = room.tender.lot_id
    return room.tender.door.read(lambda session: queries.opened(session, lot))


def failed(room: Hall) -> Any:
    """What could not be opened."""
    lot = room.tender.lot_id
    return room.tender.door.read(lambda session: queries.failed(session, lot))


def due(room: Hall) -> Any:
    """The openings whose batch is due."""
    now = room.tender.now
    return room.tender.door.read(lambda session: openings_due.batches(session, now))


def state(room: Hall) -> RoundState:
    """The round's."""
    found: RoundState = room.tender.door.read(lambda session: session.scalars(select(Prequalification.state)).one())
    return found


def streams(room: Hall) -> dict[str, list[str]]:
    """Kinds by audience."""
    found: dict[str, list[str]] = {}
    rows = select(StreamRow.audience, StreamRow.kind).order_by(StreamRow.seq)
    for audience, kind in room.tender.door.read(lambda session: session.execute(rows).all()):
        found.setdefault(audience, []).append(kind)
    return found


@pytest.mark.on_both
def test_two_of_three_offices_open_applications_and_the_round_goes_on(room: Hall) -> None:
    a, b, c, d = room.tender.bidders
    begun(room)
    for firm in (a, b, c):
        assert [share(room, office, firm)["complete"] for office in ("tenderer", "supervisor")] == [False, True]
    batch(room)
    opening = room.opening_id(ROUND)
    batch_again = room.tender.door.read(lambda session: openings.to_open(session, opening))
    assert batch_again == () and state(room) is RoundState.OPENED
    assert [(one.name, one.members, [file.name for file in one.files]) for one in opened(room)] == [
        (firm.org_name, (), ["application.pdf"]) for firm in sorted((a, b, c), key=lambda firm: firm.org_name)
    ]
    states = room.tender.door.read(lambda session: {row.org_id: row.state for row in session.scalars(select(Application))})
    assert set(states.values()) == {BidState.READ_OUT} and d.org not in states
    kept = room.tender.door.read(lambda session: [(row.share) for row in session.scalars(select(ShareRelease))])
    assert set(kept) == {""}
    event = room.find("opened")[0]
    assert "日历天".encode() not in event.envelope.payload  # what would be read out of a bid stands nowhere


def test_nothing_of_it_reaches_the_public_or_a_rival(room: Hall) -> None:
    a, b, c, d = room.tender.bidders
    before = streams(room)
    begun(room)
    for firm in (a, b, c):
        share(room, "centre", firm)
        share(room, "tenderer", firm)
    batch(room)
    room.deliver()
    after = streams(room)
    new = {audience: kinds[len(before.get(audience, [])) :] for audience, kinds in after.items()}
    assert not new.get("public") and f"bidder:{d.org}" not in new
    mine = ["application.close", "share-release", "share-release", "opened", "file.odd"]  # the test's papers are no whole PDF
    assert all(new[f"bidder:{firm.org}"] == mine for firm in (a, b, c))
    assert new["tenderer"][:2] == ["application.close", "application.open"] and new["tenderer"] == new["host"] == new["supervisor"]


def test_before_its_deadline_nothing_is_closed_or_opened(room: Hall) -> None:
    refused("bid.close.early", WrongState, room.step_close)
    request = room.share_request("centre", room.tender.bidders[0], ENV, round_=ROUND)
    officer = room.officers["centre"]
    refused("opening.not_found", NotFound, lambda: room.perform(officer, lambda work: releases.release_share(work, request)))
    refused("opening.not_found", NotFound, lambda: start(room, close="0" * 64))
    assert due(room) == []


def test_no_share_is_taken_before_the_host_has_begun_and_none_begun_before_the_list_is_witnessed(room: Hall) -> None:
    a = room.tender.bidders[0]
    room.close()
    refused("opening.not_witnessed", WrongState, lambda: start(room))
    refused("opening.rescue.wrong_state", WrongState, lambda: share(room, "centre", a))
    room.grow()
    refused("opening.start.close", Stale, lambda: start(room, close="0" * 64))
    for stranger in (room.tender.tenderer, room.tender.supervisor, a):
        with pytest.raises((NotAllowed, BadSignature)):
            start(room, stranger)
    refused("act.step_up", NotAllowed, lambda: start(room, step_up=False))
    assert start(room)["state"] == OpeningState.DECRYPTING.value
    refused("opening.open_closed.wrong_state", WrongState, lambda: start(room))


def test_an_applicant_gives_no_key_and_nothing_is_read_out(room: Hall) -> None:
    a = room.tender.bidders[0]
    begun(room)
    refused("opening.release.not_allowed", NotAllowed, lambda: room.release(a, ENV, round_=ROUND))


def test_where_offices_do_not_release_in_time_the_platform_is_at_fault_and_rubbish_shares_are_the_applicants_own(room: Hall) -> None:
    a, b, c, _ = room.tender.bidders
    begun(room)
    for office in ("centre", "tenderer"):
        share(room, office, a)
    share(room, "centre", b)
    refused("opening.batch.rescue_running", WrongState, lambda: room.begin_batch(ROUND))
    room.tender.jump(room.tender.now + timedelta(hours=24, seconds=1))
    refused("opening.rescue.over", WrongState, lambda: share(room, "tenderer", b))
    assert due(room) == [room.opening_id(ROUND)]
    batch(room)
    assert {one.name: one.cause for one in failed(room)} == {b.org_name: "platform", c.org_name: "platform"}
    assert [one.name for one in opened(room)] == [a.org_name] and len(room.find("open.failed")) == 2
    assert state(room) is RoundState.OPENED


def test_who_sealed_rubbish_fails_by_the_own_doing_and_the_others_go_on(room: Hall) -> None:
    a, b, c, d = room.tender.bidders
    room.seal(d, plain=b"no zip at all")
    begun(room)
    for firm in (a, b, c, d):
        share(room, "centre", firm)
        share(room, "supervisor", firm)
    batch(room)
    assert [(one.name, one.cause) for one in failed(room)] == [(d.org_name, "own")] and len(opened(room)) == 3


@pytest.mark.on_both
def test_fewer_than_three_are_never_opened(room: Hall) -> None:
    _, _, c, _ = room.tender.bidders
    answer = {"ver": 1, "receipts": [{"seal_sha256": room.find("seal")[2].subject}]}
    room.withdraw(c, answer)
    assert room.close() is RoundState.FAILED
    refused("opening.not_found", NotFound, lambda: start(room))
    assert opened(room) == () and len(room.find("application.close")) == 1 and not room.find("opened")
    assert [event.kind for event in room.find("failure.publish")] == ["failure.publish"]


def test_the_room_is_closed_to_everybody_but_those_inside(room: Hall) -> None:
    a = room.tender.bidders[0]

    def look(who: Person) -> applications_room.Room:
        now = room.tender.now
        return room.tender.door.read(lambda session: applications_room.room(session, who.actor, room.number, now))

    assert look(room.tender.centre).rows == () and look(room.tender.centre).state is None
    begun(room)
    assert [row.name for row in look(room.tender.tenderer).rows] == sorted(firm.org_name for firm in room.tender.bidders[:3])
    for stranger in (a, room.officers["centre"]):
        with pytest.raises(NotFound):
            look(stranger)


def test_files_are_parsed_like_those_of_bids_and_shown_to_nobody_else(room: Hall) -> None:
    a, b, c, _ = room.tender.bidders
    begun(room)
    for firm in (a, b, c):
        share(room, "centre", firm)
        share(room, "tenderer", firm)
    batch(room)
    files = room.tender.door.read(lambda session: [(row.id, row.sha256) for row in session.scalars(select(OpenedFile))])
    for file, _sha in files:
        parsing.Reading(room.files).run(room.tender.door, {"file_id": str(file)})
    assert all(not room.tender.door.read(lambda session, sha=sha: parsed.unread(session, sha)) for sha, _ in files)
    lot = room.tender.lot_id
    assert room.tender.door.read(lambda session: parsed.files_of(session, lot)) == ()  # none of a bid
    mine = next(one for one in opened(room) if one.org == a.org).files[0].sha256

    def name(who: Person, sha: str) -> str:
        return room.tender.door.read(lambda session: applications_room.opened_file(session, who.actor, room.number, sha).name)

    assert name(a, mine) == name(room.tender.supervisor, mine) == "application.pdf"
    with pytest.raises(NotFound):
        name(b, mine)


@pytest.mark.on_both
def test_a_batch_that_is_cut_off_ends_the_same(room: Hall) -> None:
    begun(room)
    for firm in room.tender.bidders[:3]:
        share(room, "centre", firm)
        share(room, "tenderer", firm)
    opening = room.opening_id(ROUND)
    room.perform(None, lambda work: begin_batch(work, opening))
    room.perform(None, lambda work: begin_batch(work, opening))
    room.run_batch(ROUND)
    room.run_batch(ROUND)
    assert len(room.find("opened")) == 3 and {one.state for one in envelopes(room)} == {EnvelopeState.OPENED}


def envelopes(room: Hall) -> Any:
    """The rows."""
    from trading.models.bid import BidEnvelope

    return room.tender.door.read(lambda session: session.scalars(select(BidEnvelope)).all())
