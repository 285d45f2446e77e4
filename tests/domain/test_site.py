"""Sites, workstations and bookings as rules: what a profile may say, what is free when, what is drawn, and what counts as a session."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kernel import clock
from core.kernel.body import Body
from core.kernel.errors import BadSignature, RuleBroken
from evaluation.domain import booking, site, site_draw, site_sheet, station
from evaluation.domain.booking import Need, Place, Purpose, Taken, Use, Window
from evaluation.domain.site import Lending, RoomKind, SiteProfile, SiteState, StationState
from tests.builders.people import uscc_of
from tests.builders.sites import ROOMS, Device, evaluation_room, opening_room

AT = datetime(2026, 12, 1, 1, tzinfo=UTC)
HEADS = ["房间", "类型", "工位号", "网络", "摄像头数", "座位数"]
KINDS = {"评标室": "evaluation", "评标舱": "pod", "开标室": "opening"}


def profile(**changes: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"site": "V2026-000001", "name": "主场", "city": "临江市", "address": "", "operator": "", "is_host": True}
    return said | {"agreement": "", "buffer": 30, "rooms": ROOMS, "replaces": ""} | changes


def code(call: Any, *given: Any) -> str:
    with pytest.raises(RuleBroken) as refusal:
        call(*given)
    return refusal.value.code


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"rooms": [evaluation_room("1", "A"), evaluation_room("1", "B")]}, "site.room_twice"),
        ({"rooms": [evaluation_room("1", "a1", "A1")]}, "site.station_label"),
        ({"rooms": [evaluation_room("1", "甲")]}, "site.station_label"),
        ({"rooms": [opening_room("1", 0)]}, "site.opening_room"),
        ({"rooms": [evaluation_room("1", "A") | {"kind": "opening", "seats": 3}]}, "site.opening_room"),
        ({"rooms": [evaluation_room("1", "A", "B") | {"seats": 3}]}, "site.stations_missing"),
        ({"rooms": [evaluation_room("1", "A", "B") | {"stations": []}]}, "site.stations_missing"),
        ({"rooms": [evaluation_room("1", "A", "B") | {"kind": "pod"}]}, "site.pod"),
        ({"rooms": []}, "body.malformed"),
        ({"operator": uscc_of("甲"), "agreement": "A2026-000001"}, "site.host_is_own"),
        ({"operator": uscc_of("甲"), "is_host": False}, "site.partner_needs_both"),
    ],
)
def test_what_a_profile_may_not_say(changes: dict[str, Any], wanted: str) -> None:
    assert code(SiteProfile.read, profile(**changes)) == wanted


def test_a_profile_is_read_back_and_named_by_its_digest() -> None:
    read = SiteProfile.read(profile())
    assert SiteProfile.read(read.to_json()) == read and len(read.stations) == 5
    other = read.to_json() | {"replaces": "a" * 64, "site": "V2026-000002"}
    assert site.profile_digest(other) == site.profile_digest(read.to_json()) != site.profile_digest(profile(buffer=1))


def test_a_workstation_stands_as_its_gravest_fact_says() -> None:
    facts = {"is_faulty": True, "is_sealed": True, "is_occupied": True, "is_booked": True}
    order = [StationState.FAULT, StationState.SEALED, StationState.IN_USE, StationState.RESERVED]
    for name, state in zip(list(facts), order, strict=True):
        assert site.standing(**facts) is state
        facts[name] = False
    assert site.standing(**facts) is StationState.FREE


def test_a_site_is_lent_on_the_days_of_an_agreement_that_recognises_sites() -> None:
    since, until = date(2026, 1, 1), date(2026, 12, 31)
    lent = Lending(since, until, None, frozenset({"sites"}))
    assert site.may_lend(lent, since) is None and site.may_lend(lent, until) is None
    for agreement, day, wanted in (
        (None, since, "site.agreement_missing"),
        (Lending(since, until, None, frozenset({"training"})), since, "site.agreement_missing"),
        (lent, until + timedelta(days=1), "site.agreement_days"),
        (Lending(since, until, date(2026, 6, 1), frozenset({"sites"})), date(2026, 6, 1), "site.agreement_days"),
    ):
        refusal = site.may_lend(agreement, day)
        assert refusal is not None and refusal.code == wanted
    before = site.may_lend(Lending(since, until, date(2026, 6, 1), frozenset({"sites"})), date(2026, 5, 31))
    assert before is None and site.nothing_is_booked(site.SiteFacts()) is None


@pytest.mark.parametrize(
    ("state", "signed", "listed", "bookable"),
    [
        (SiteState.OPEN, "a" * 64, True, True),
        (SiteState.OPEN, "", True, False),
        (SiteState.RETIRED, "a" * 64, False, False),
        (SiteState.RETIRED, "", False, False),
    ],
)
def test_a_site_is_booked_while_it_is_listed_with_rooms_somebody_signed_for(
    state: SiteState, signed: str, listed: bool, bookable: bool
) -> None:
    assert site.is_listed(state) is listed
    assert site.is_bookable(state, signed) is bookable


# Devices


def test_a_device_answers_for_its_own_key_alone() -> None:
    device, other = Device(), Device()
    given = device.offer("ABCDE-FGHJK")
    digest = station.code_digest("abcdefghjk")
    assert station.check_device(given["spki"], station.offer(digest, given["spki"]), given["proof"]) == device.key_id
    body = {"site": "V2026-000001", "station": "A1", "key_id": device.key_id, "spki": given["spki"]}
    body |= {"code_sha256": digest, "proof": given["proof"]}
    assert station.Binding.read(body).key_id == device.key_id
    for change in ({"key_id": other.key_id}, {"proof": other.offer("ABCDE-FGHJK")["proof"]}, {"code_sha256": "0" * 64}):
        with pytest.raises(BadSignature):
            station.Binding.read(body | change)


def test_a_code_is_usable_before_its_end() -> None:
    assert station.is_usable(AT + timedelta(seconds=1), AT) is None
    for until in (None, AT):
        assert station.is_usable(until, AT) is not None


# What is free


def need(seats: int = 2, purpose: Purpose = Purpose.EVALUATION, apart: bool = False, hours: float = 8) -> Need:
    return Need(Window(AT, AT + timedelta(hours=hours)), purpose, seats, apart)


POD, ROOM, HALL = RoomKind.POD, RoomKind.EVALUATION, RoomKind.OPENING
PLACES = [Place("301", ROOM, "A"), Place("301", ROOM, "B"), Place("P", POD, "C"), Place("H", HALL, seats=40), Place("I", HALL, seats=9)]


@pytest.mark.parametrize(
    ("wanted", "kept", "has"),
    [
        (need(2), ["A", "B"], 3),
        (need(3), ["A", "B", "C"], 3),
        (need(4), [], 3),
        (need(2, apart=True), ["A", "C"], 2),
        (need(3, apart=True), [], 2),
        (need(8, Purpose.OPENING), ["I"], 40),
        (need(10, Purpose.OPENING), ["H"], 40),
        (need(41, Purpose.OPENING), [], 40),
        (need(2, Purpose.DRILL), ["A", "B"], 3),
    ],
)
def test_what_a_booking_keeps(wanted: Need, kept: list[str], has: int) -> None:
    open_places = booking.free(PLACES, [], wanted, timedelta())
    assert [one.key for one in booking.choose(open_places, wanted)] == kept
    assert booking.room_for(open_places, wanted) == has
    assert booking.room_for([], wanted) == 0


def test_a_place_is_kept_from_its_buffer_before_to_its_buffer_after() -> None:
    other = Taken(Window(AT + timedelta(hours=8, minutes=30), AT + timedelta(hours=10)), frozenset({"A", "B", "C"}))
    assert len(booking.free(PLACES, [other], need(), timedelta(minutes=30))) == 3
    assert booking.free(PLACES, [other], need(), timedelta(minutes=31)) == ()


minutes = st.integers(-2000, 2000)


@given(minutes, st.integers(1, 600), minutes, st.integers(1, 600), st.integers(0, 240))
def test_touching_is_the_same_from_both_sides(one: int, length: int, two: int, other: int, gap: int) -> None:
    first = Window(AT + timedelta(minutes=one), AT + timedelta(minutes=one + length))
    second = Window(AT + timedelta(minutes=two), AT + timedelta(minutes=two + other))
    buffer = timedelta(minutes=gap)
    touches = first.touches(second, buffer)
    assert touches == second.touches(first, buffer)
    apart = max(two - one - length, one - two - other)
    assert touches == (apart < gap)


@pytest.mark.parametrize(
    ("since", "hours", "wanted"),
    [
        (timedelta(minutes=-4), 1, ""),
        (timedelta(minutes=-6), 1, "venue.window"),
        (timedelta(), 0, "venue.window"),
        (timedelta(), 121, "venue.too_long"),
        (timedelta(days=181), 1, "venue.too_long"),
    ],
)
def test_when_may_be_booked(since: timedelta, hours: float, wanted: str) -> None:
    window = Window(AT + since, AT + since + timedelta(hours=hours))
    refusal = Need(window, Purpose.EVALUATION, 1, False).refuse(AT)
    assert (refusal.code if refusal else "") == wanted


def test_moves_of_a_booking_and_their_rules() -> None:
    before = booking.Facts(AT, AT + timedelta(hours=1))
    after, full = booking.Facts(AT, AT), booking.Facts(AT, AT + timedelta(hours=1), is_full=True)
    accept = [booking.is_still_free(one) for one in (before, after, full)]
    assert [one.code if one else "" for one in accept] == ["", "venue.begun", "venue.full"]
    assert booking.has_begun(after) is None and booking.has_begun(before) is not None
    made = booking.MOVES.choose(booking.Action.ACCEPT, booking.State.ASKED, booking.SITE, before)
    assert made is booking.State.HELD
    said = {"booking": "VB-AAAAAAAA", "accept": True, "reason": ""}
    assert booking.AnswerBody.read(said).action is booking.Action.ACCEPT
    assert booking.AnswerBody.read(said | {"accept": False, "reason": "检修"}).action is booking.Action.REFUSE
    closed = booking.CloseBody.read({"booking": "VB-AAAAAAAA", "used": False, "until": clock.text(AT)})
    assert closed.action is booking.Action.NOTE_UNUSED and closed.refuse(AT, AT) is None
    assert closed.refuse(AT + timedelta(seconds=1), AT) is not None
    used = booking.CloseBody.read({"booking": "VB-AAAAAAAA", "used": True, "until": clock.text(AT)})
    assert used.action is booking.Action.NOTE_USED
    body = booking.need_json(need()) | {"booking": "VB-AAAAAAAA", "site": "V2026-000001"}
    assert booking.BookingBody.read(body).need == need()
    assert code(booking.BookingBody.read, body | {"booking": "1"}) == "body.malformed"
    assert booking.BOOKING.fullmatch(booking.booking_number())


def test_of_all_states_held_alone_waits_for_no_answer() -> None:
    assert [state for state in booking.State if booking.is_held(state)] == [booking.State.HELD]


def test_sessions_count_once_whatever_the_length() -> None:
    uses = [Use(Purpose.OPENING, AT, AT, 30), Use(Purpose.EVALUATION, AT, AT + timedelta(days=2), 5), Use(Purpose.DRILL, AT, AT, 9)]
    held = booking.sessions(uses)
    assert (held.openings, held.evaluations, held.total, held.days, held.seats) == (1, 1, 2, 4, 35)


# Draws


def drawing(**changes: Any) -> dict[str, Any]:
    said = {"draw": "VD2026-000001", "candidates": ["V1", "V2", "V3"], "commit": "a" * 64}
    return said | booking.need_json(need()) | changes


def test_a_draw_leaves_a_choice_and_is_no_opening_room() -> None:
    read = site_draw.SiteDrawBody.read(drawing())
    assert read.to_json() == drawing()
    for candidates in (["V1"], ["V2", "V1"], ["V1", "V1"]):
        assert code(site_draw.SiteDrawBody.read, drawing(candidates=candidates)) == "venue.candidates"
    assert code(site_draw.SiteDrawBody.read, drawing(purpose="opening")) == "venue.no_draw"


def test_every_candidate_comes_first_about_as_often_and_each_party_changes_the_order() -> None:
    body = site_draw.SiteDrawBody.read(drawing())
    firsts = [site_draw.drawn_sites(body, bytes(31) + bytes([n % 250]), f"{n:064x}")[0] for n in range(600)]
    assert all(150 < firsts.count(one) < 250 for one in body.candidates)
    one = [site_draw.drawn_sites(body, bytes(32), f"{n:064x}") for n in range(20)]
    two = [site_draw.drawn_sites(body, bytes([n]) * 32, "0" * 64) for n in range(20)]
    assert len(set(one)) > 2 and len(set(two)) > 2 and site_draw.commitment("VD2026-000001", bytes(32)) != "a" * 64
    assert site_draw.alias("VB-AAAAAAAA").endswith("VB-AAAAAAAA")


# Sheets


def test_a_sheet_becomes_rooms_and_goes_out_the_same() -> None:
    rows = [["301", "评标室", "A1", "专网", "2", ""], ["301", "评标室", "A2", "", "", ""], ["厅", "开标室", "", "", "", "40"]]
    sheet = site_sheet.read_sheet([HEADS, *rows, ["舱", "pod", "P1", "", "1", ""]], HEADS, KINDS)
    rooms = site_sheet.rooms_of(sheet.rows)
    assert not sheet.faults and [(room.room, room.kind.value, len(room.stations), room.seats) for room in rooms] == [
        ("301", "evaluation", 2, 0),
        ("厅", "opening", 0, 40),
        ("舱", "pod", 1, 0),
    ]
    out = site_sheet.written(rooms, {value: name for name, value in KINDS.items()})
    again = site_sheet.read_sheet([HEADS, *out], HEADS, KINDS)
    assert site_sheet.rooms_of(again.rows) == rooms


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        (["301", "会议室", "A1", "", "", ""], "sheet.room_kind"),
        (["3" * 31, "评标室", "A1", "", "", ""], "sheet.malformed"),
        (["厅", "开标室", "A1", "", "", "9"], "sheet.opening_room"),
        (["厅", "开标室", "", "", "", "很多"], "sheet.number"),
        (["301", "评标室", "甲", "", "", ""], "sheet.station"),
        (["301", "评标室", "A1", "n" * 41, "", ""], "sheet.malformed"),
        (["301", "评标室", "A1", "", "10", ""], "sheet.number"),
        (["301", "评标室", "B9", "", "", ""], "sheet.twice"),
        (["厅0", "开标室", "", "", "", "9"], "sheet.twice"),
        (["", "评标室", "A1", "", "", ""], "sheet.empty"),
    ],
)
def test_what_is_wrong_in_a_row_is_told(row: list[str], wanted: str) -> None:
    before = [["301", "评标室", "b9", "", "", ""], ["厅0", "开标室", "", "", "", "9"]]
    sheet = site_sheet.read_sheet([HEADS, *before, row], HEADS, KINDS)
    assert [fault.code for fault in sheet.faults] == [wanted] and len(sheet.rows) == 2


def test_a_need_is_read_out_of_a_body() -> None:
    assert booking.read_need(Body(booking.need_json(need()))) == need()


def test_short_bodies_are_read() -> None:
    assert booking.CancelBody.read({"booking": "VB-AAAAAAAA", "reason": "改期"}).reason == "改期"
    assert site.SiteRetirement.read({"site": "V1", "reason": "改作他用"}).site == "V1"
    assert station.StationNote.read({"site": "V1", "station": "A1", "reason": "断电"}).station == "A1"


def test_a_site_is_bookable_once_somebody_signed_for_its_rooms() -> None:
    assert site.is_bookable(site.SiteState.OPEN, "a" * 64) and not site.is_bookable(site.SiteState.OPEN, "")
    assert not site.is_listed(site.SiteState.RETIRED) and booking.is_held(booking.State.HELD) and not booking.is_held(booking.State.ASKED)


def test_what_was_used_is_handed_over_once_and_received_as_it_was_listed() -> None:
    items = [{"kind": "paper", "name": "签到表", "count": 1}]
    read = booking.HandOverBody.read({"booking": "VB-AAAAAAAA", "items": items})
    assert read.items == ((booking.Material.PAPER, "签到表", 1),)
    assert booking.ReceiptBody.read({"booking": "VB-AAAAAAAA", "handed_sha256": "a" * 64}).handed_sha256 == "a" * 64
    found = [booking.may_hand_over(*one) for one in ((booking.State.HELD, ""), (booking.State.USED, "a"), (booking.State.USED, ""))]
    assert [one.code if one else "" for one in found] == ["venue.hand_over.unused", "venue.handed_over", ""]
    got = [booking.may_receive(*one[:2], is_received=one[2]) for one in (("", "a", False), ("a", "a", True), ("a", "b", False))]
    assert [one.code if one else "" for one in got] == ["venue.not_handed", "venue.not_handed", "venue.other_list"]
    assert booking.may_receive("a", "a", is_received=False) is None
