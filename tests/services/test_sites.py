"""Sites through their services, on both databases: kept, changed, retired; devices bound; places booked once, drawn by lot, counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.kernel import chain, clock
from core.kernel.body import Body
from core.kernel.clock import write_offset
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.roles import Role
from core.kernel.work import Door
from evaluation.domain.booking import State, read_need
from evaluation.domain.site import StationState
from evaluation.queries import sites as queries
from evaluation.queries import venues as venue_queries
from evaluation.services import agreements, pool, sites, stations, venues
from tests.builders.people import Person, people
from tests.builders.sites import PARTNERS, ROOMS, Device, Sites, evaluation_room, sites_of

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def made(door: Door) -> Sites:
    return sites_of(door, people(door))


def refused(kind: type[Refusal], act: Any, *given: Any, **named: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **named)
    return refusal.value.code


def view(made: Sites, site: str, who: Person | None = None) -> queries.SiteView:
    return made.door.read(lambda session: queries.by_number(session, site, made.door.clock(session), (who or made.keeper).actor))


def bookings(made: Sites, who: Person | None = None) -> list[venue_queries.BookingView]:
    def look(session: Any) -> Any:
        if who is None:
            return venue_queries.for_host(session, made.door.clock(session))
        return venue_queries.for_staff(session, who.org)

    return list(made.door.read(look))


def jump(door: Door, by: timedelta) -> None:
    assert door.clock_file is not None
    now = clock.now() + by
    write_offset(door.clock_file, now - clock.now())


@pytest.mark.on_both
def test_a_site_is_kept_changed_and_retired(made: Sites) -> None:
    number = made.keep()
    found = view(made, number)
    assert number.startswith("V") and found.line.stations == 5 and found.line.opening_rooms == 2 and found.line.is_host
    assert found.profile()["replaces"] == found.profile_sha256 and len(found.profile_sha256) == 64
    changed = found.profile() | {"rooms": [evaluation_room("301", "301-1", "301-9")], "buffer": 45}
    assert made.sign(made.keeper, sites.keep, "site.keep", changed, step_up=True)["site"] == number
    labels = [one.label for room in view(made, number).rooms for one in room.stations]
    assert labels == ["301-1", "301-9"] and view(made, number).buffer == 45
    assert refused(Stale, made.sign, made.keeper, sites.keep, "site.keep", changed, step_up=True) == "site.changed_meanwhile"
    assert refused(RuleBroken, made.keep) == "site.name_taken"
    assert refused(Stale, made.keep, "另一场 临江市", site="V2026-000099") == "site.changed_meanwhile"
    kept = made.book(number, seats=1)
    retire = {"site": number, "reason": "改作他用"}
    assert refused(WrongState, made.sign, made.keeper, sites.retire, "site.retire", retire, step_up=True) == "site.booked"
    made.sign(made.keeper, venues.cancel, "venue.cancel", {"booking": kept["booking"], "reason": "改期"})
    made.sign(made.keeper, sites.retire, "site.retire", retire, step_up=True)
    assert refused(RuleBroken, made.book, number, seats=1) == "venue.site_closed"
    kinds = [event.kind for event in made.door.read(lambda session: chain.events(session, "SITES"))]
    assert kinds == ["site.keep", "site.keep", "venue.book", "venue.hold", "venue.cancel", "site.retire"]


def test_a_partners_site_needs_an_agreement_in_force_that_recognises_sites(made: Sites) -> None:
    unlent = made.partner(PARTNERS[0], recognises=("training",))
    assert refused(RuleBroken, made.book, unlent) == "site.agreement_missing"
    short = made.partner(PARTNERS[1], days=3)
    assert refused(RuleBroken, made.book, short, start=5) == "site.agreement_days"
    booked = made.book(short, start=1)
    assert booked["state"] == "asked"
    agreement = view(made, short).line.agreement
    body = {"number": agreement, "reason": "双方协商"}
    request = made.keeper.act("pool.agreement_end", "POOL", body=body, step_up=True)
    made.door.perform(made.keeper.actor, lambda work: agreements.end(work, request))
    assert refused(RuleBroken, made.book, short, start=1) == "site.agreement_days"
    assert view(made, short).line.bar == "site.agreement_days"
    for wrong, code in (
        ({"operator": "", "agreement": "A2026-000001", "is_host": False}, "site.partner_needs_both"),
        ({"agreement": "A2026-000099", "operator": made.staff[PARTNERS[0]].uscc, "is_host": False}, "site.agreement_unknown"),
        ({"agreement": "A2026-000001", "operator": "91420100MA4KXXXX0X", "is_host": False}, "organisation.uscc"),
        ({"agreement": "A2026-000001", "operator": made.staff[PARTNERS[0]].uscc}, "site.host_is_own"),
    ):
        assert refused(RuleBroken, made.keep, "副场 新", **wrong) == code


@pytest.mark.on_both
def test_no_place_is_given_twice_and_a_buffer_lies_between(made: Sites) -> None:
    number = made.keep()
    first = made.book(number, seats=4, start=1, hours=8)
    assert first["state"] == "held"
    assert refused(RuleBroken, made.book, number, seats=2, start=1.2) == "venue.full"
    assert made.book(number, seats=1, start=1.2, hours=2)["state"] == "held"
    assert refused(RuleBroken, made.book, number, seats=5, start=1 + 8.4 / 24) == "venue.full"  # within the buffer
    assert made.book(number, seats=5, start=1 + 8.6 / 24)["state"] == "held"
    need = made.need(seats=1, start=1.1)
    asked = made.door.read(lambda session: venue_queries.capacity(session, _need(need), made.door.clock(session)))
    assert [(one.number, one.has, one.fits) for one in asked] == [(number, 0, False)]
    taken = {one.number: set(one.places) for one in bookings(made)}
    assert len(taken[first["booking"]]) == 4


def _need(said: dict[str, Any]) -> Any:
    return read_need(Body(said))


def test_members_who_sit_apart_get_rooms_of_their_own(made: Sites) -> None:
    number = made.keep()
    assert refused(RuleBroken, made.book, number, seats=4, apart=True) == "venue.full"
    kept = made.book(number, seats=3, apart=True)
    places = next(one.places for one in bookings(made) if one.number == kept["booking"])
    assert places == ("301-1", "C1", "C2")


def test_an_opening_room_is_booked_whole_the_smallest_that_holds_them(made: Sites) -> None:
    number = made.keep()
    first, second = (made.book(number, purpose="opening", seats=10) for _ in range(2))
    of = {one.number: one.places for one in bookings(made)}
    assert (of[first["booking"]], of[second["booking"]]) == (("第二开标室",), ("第一开标室",))
    assert refused(RuleBroken, made.book, number, purpose="opening", seats=10) == "venue.full"


def test_a_workstation_out_of_order_is_given_to_nobody_until_it_is_repaired(made: Sites) -> None:
    number = made.keep(rooms=[evaluation_room("301", "A1", "A2")])
    note = {"site": number, "station": "A1", "reason": "摄像头无画面"}
    made.sign(made.keeper, stations.note_fault, "station.fault", note)
    assert view(made, number).rooms[0].stations[0].state is StationState.FAULT
    assert refused(WrongState, made.sign, made.keeper, stations.note_fault, "station.fault", note) == "station.faulty_already"
    assert refused(RuleBroken, made.book, number, seats=2) == "venue.full"
    made.sign(made.keeper, stations.note_repair, "station.repair", note)
    assert refused(WrongState, made.sign, made.keeper, stations.note_repair, "station.repair", note) == "station.not_faulty"
    assert made.book(number, seats=2)["state"] == "held"


@pytest.mark.on_both
def test_a_device_is_bound_by_code_offer_and_signature(made: Sites) -> None:
    number, device = made.keep(), Device()
    made.bind(made.keeper, number, "301-1", device)
    assert view(made, number).rooms[0].stations[0].key_id == device.key_id and view(made, number).line.bound == 1
    code = made.door.perform(made.keeper.actor, lambda work: stations.make_code(work, number, "301-2"))
    given = device.offer(code)
    made.door.perform(made.keeper.actor, lambda work: stations.offer_key(work, **given))
    again = refused(WrongState, made.door.perform, made.keeper.actor, lambda work: stations.offer_key(work, **given))
    assert again == "station.code"
    offered = view(made, number).rooms[0].stations[1].offered
    body = {"site": number, "station": "301-2"} | offered
    assert refused(RuleBroken, made.sign, made.keeper, stations.bind, "station.bind", body, step_up=True) == "station.bound_elsewhere"
    other = {"site": number, "station": "C1"} | offered
    assert refused(RuleBroken, made.sign, made.keeper, stations.bind, "station.bind", other, step_up=True) == "station.other_key"
    made.sign(made.keeper, stations.release, "station.release", {"site": number, "station": "301-1", "reason": "更换电脑"}, step_up=True)
    made.sign(made.keeper, stations.bind, "station.bind", body, step_up=True)
    gone = {"site": number, "station": "301-1", "reason": "再次解除"}
    assert refused(WrongState, made.sign, made.keeper, stations.release, "station.release", gone, step_up=True) == "station.not_bound"


def test_a_code_serves_a_quarter_of_an_hour_and_a_device_must_hold_its_key(made: Sites) -> None:
    number, device = made.keep(), Device()
    code = made.door.perform(made.keeper.actor, lambda work: stations.make_code(work, number, "C1"))
    wrong = device.offer(code) | {"proof": device.offer("ANOTHERCODE")["proof"]}
    assert refused(BadSignature, made.door.perform, made.keeper.actor, lambda work: stations.offer_key(work, **wrong))
    jump(made.door, timedelta(minutes=16))
    given = device.offer(code)
    assert refused(WrongState, made.door.perform, made.keeper.actor, lambda work: stations.offer_key(work, **given)) == "station.code"
    unknown = Device().offer("AAAAABBBBB")
    assert refused(WrongState, made.door.perform, made.keeper.actor, lambda work: stations.offer_key(work, **unknown)) == "station.code"


def test_only_a_sites_own_staff_act_there(made: Sites) -> None:
    own, lent = made.keep(), made.partner(PARTNERS[0])
    made.partner(PARTNERS[1])
    staff, others = made.staff[PARTNERS[0]], made.staff[PARTNERS[1]]
    for who, site in ((staff, own), (others, lent), (made.keeper, lent)):
        code = refused(NotAllowed, made.door.perform, who.actor, lambda work, site=site: stations.make_code(work, site, "C1"))
        assert code == "site.not_staff"
    made.bind(staff, lent, "C1", Device())
    assert refused(NotFound, view, made, own, staff) and refused(NotFound, view, made, lent, others)
    expert = made.crowd.join(Role.EXPERT, "东湖设计院")
    assert refused(NotFound, view, made, own, expert)
    lines = made.door.read(lambda session: queries.all_of(session, made.door.clock(session), staff.actor))
    assert [one.number for one in lines] == [lent]


@pytest.mark.on_both
def test_a_partner_accepts_or_refuses_and_learns_no_project(made: Sites) -> None:
    lent = made.partner(PARTNERS[0])
    staff = made.staff[PARTNERS[0]]
    asked, other = (made.book(lent, seats=2)["booking"] for _ in range(2))
    assert {one.lot for one in bookings(made, staff)} == {""}
    made.answer(staff, asked)
    assert refused(RuleBroken, made.answer, staff, other, accept=False) == "body.malformed"
    made.answer(staff, other, accept=False, reason="当日停电检修")
    assert refused(WrongState, made.answer, staff, asked) == "venue.accept.wrong_state"
    states = {one.number: one.state for one in bookings(made)}
    assert states == {asked: State.HELD, other: State.REFUSED}
    assert refused(NotAllowed, made.answer, made.keeper, asked)


@pytest.mark.on_both
def test_a_site_is_drawn_by_lot_and_the_host_does_not_know_which(made: Sites) -> None:
    numbers = [made.partner(org) for org in PARTNERS]
    made.keep()
    booking = made.draw(seats=2)
    hidden = next(one for one in bookings(made) if one.number == booking)
    assert hidden.is_hidden and hidden.site == f"副场 {booking}" and not hidden.places and not hidden.site_number
    assert not any(name in repr(hidden) for name in ("云川", "宁溪", "兰泽", *numbers))
    asked = next(org for org in PARTNERS if bookings(made, made.staff[org]))
    made.answer(made.staff[asked], booking, accept=False, reason="没有空位")
    then = [org for org in PARTNERS if any(one.state is State.ASKED for one in bookings(made, made.staff[org]))]
    assert len(then) == 1 and then[0] != asked
    second = bookings(made, made.staff[then[0]])[0].number
    made.answer(made.staff[then[0]], second)
    drawn = [event for event in made.door.read(lambda session: chain.events(session, "SITES")) if event.kind == "venue.drawn"]
    assert len(drawn) == 2
    jump(made.door, timedelta(days=1, minutes=5))
    opened = next(one for one in bookings(made) if one.number == second)
    assert not opened.is_hidden and opened.site.endswith(then[0][:3]) and len(opened.places) == 2


def test_a_draw_needs_a_choice_and_what_was_prepared(made: Sites) -> None:
    made.partner(PARTNERS[0])
    assert refused(RuleBroken, made.draw) == "venue.candidates"
    made.partner(PARTNERS[1])
    wanted = _need(made.need())
    body = made.door.perform(made.keeper.actor, lambda work: venues.prepare_draw(work, wanted))
    for change in ({"commit": "0" * 64}, {"seats": 1}, {"candidates": ["V2026-000001", "V2026-000009"]}):
        assert refused(RuleBroken, made.sign, made.keeper, venues.draw, "venue.draw", body | change, step_up=True) == "venue.draw.other"
    made.sign(made.keeper, venues.draw, "venue.draw", body, step_up=True)
    assert refused(RuleBroken, made.sign, made.keeper, venues.draw, "venue.draw", body, step_up=True) == "venue.draw.other"
    staff = made.staff[PARTNERS[0]]
    assert refused(NotAllowed, made.door.perform, staff.actor, lambda work: venues.prepare_draw(work, wanted)) == "venue.draw.not_allowed"
    for org in PARTNERS[:2]:  # both refuse: nobody is left to ask
        for one in bookings(made, made.staff[org]):
            if one.state is State.ASKED:
                made.answer(made.staff[org], one.number, accept=False, reason="没有空位")
    states = [one.state for one in bookings(made)]
    assert State.HELD not in states


def test_what_was_used_is_counted_once_however_long(made: Sites) -> None:
    number = made.keep()
    opening = made.book(number, purpose="opening", seats=10, start=0, hours=1)["booking"]
    long = made.book(number, seats=3, start=0, hours=30)["booking"]
    drill = made.book(number, purpose="drill", seats=1, start=0, hours=1)["booking"]
    unused = made.book(number, seats=1, start=0, hours=1)["booking"]
    body = {"booking": long, "used": True, "until": clock.text(made.now)}
    jump(made.door, timedelta(hours=26))
    for name, used in ((opening, True), (long, True), (drill, True), (unused, False)):
        until = clock.text(made.now.replace(microsecond=0) - timedelta(minutes=1))
        made.sign(made.keeper, venues.close, "venue.close", {"booking": name, "used": used, "until": until})
    since, until_ = made.now - timedelta(days=2), made.now
    held = made.door.read(lambda session: venue_queries.held_sessions(session, since, until_))
    assert (held.openings, held.evaluations, held.total, held.seats) == (1, 1, 2, 13) and held.days >= 4
    assert refused(WrongState, made.sign, made.keeper, venues.close, "venue.close", body) == "venue.note_used.wrong_state"
    later = made.book(number, seats=1, start=1)["booking"]
    early = {"booking": later, "used": True, "until": clock.text(made.now)}
    assert refused(WrongState, made.sign, made.keeper, venues.close, "venue.close", early) == "venue.not_begun"


def test_a_site_that_was_only_counted_is_kept_with_its_rooms(made: Sites) -> None:
    made.door.perform(made.keeper.actor, lambda work: pool.add_site(work, "老场地", "临江市", True, 8))
    line = made.door.read(lambda session: queries.all_of(session, made.door.clock(session), made.keeper.actor))[0]
    assert not line.is_detailed and line.stations == 8
    made.sign(made.keeper, sites.keep, "site.keep", view(made, line.number).profile() | {"rooms": ROOMS}, step_up=True)
    assert view(made, line.number).line.stations == 5


@pytest.mark.on_both
def test_a_partner_hands_over_after_the_use_and_the_centre_receives_what_was_listed(made: Sites) -> None:
    lent = made.partner(PARTNERS[0])
    staff = made.staff[PARTNERS[0]]
    booking = made.book(lent, seats=2, start=0.01, hours=1)["booking"]
    made.answer(staff, booking)
    items = [{"kind": "recording", "name": "副场全程录像", "count": 2}, {"kind": "paper", "name": "签到表", "count": 1}]
    body = {"booking": booking, "items": items}
    assert refused(WrongState, made.sign, staff, venues.hand_over, "venue.hand_over", body) == "venue.hand_over.unused"
    jump(made.door, timedelta(hours=2))
    used = {"booking": booking, "used": True, "until": clock.text(made.now.replace(microsecond=0))}
    made.sign(staff, venues.close, "venue.close", used)
    receipt = {"booking": booking, "handed_sha256": "0" * 64}
    assert refused(WrongState, made.sign, made.keeper, venues.receive, "venue.receive", receipt) == "venue.not_handed"
    digest = made.sign(staff, venues.hand_over, "venue.hand_over", body)["handed_sha256"]
    assert refused(WrongState, made.sign, staff, venues.hand_over, "venue.hand_over", body) == "venue.handed_over"
    assert refused(RuleBroken, made.sign, made.keeper, venues.receive, "venue.receive", receipt) == "venue.other_list"
    made.sign(made.keeper, venues.receive, "venue.receive", receipt | {"handed_sha256": digest})
    assert refused(WrongState, made.sign, made.keeper, venues.receive, "venue.receive", receipt) == "venue.not_handed"
    assert bookings(made)[0].is_received and bookings(made, staff)[0].handed_sha256 == digest
