"""kill -9 of the server half way through what is done about sites, desks, faults, seals and drills: each act is there once, and whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.verify.replay.contingency import check_halts
from app.verify.replay.drill import check_drill
from app.verify.replay.seating import check_seating
from app.verify.replay.sites import replay
from core.kernel import clock
from core.kernel.body import Body
from core.kernel.calendar import legal_day
from core.kernel.work import Door
from evaluation.domain.booking import State, booking_number, read_need
from evaluation.domain.site import SITES
from evaluation.models.sites import BookedPlace, Booking
from evaluation.queries import contingencies as halted
from evaluation.queries import venues as venue_queries
from evaluation.services import seating, venues
from tests.builders.drills import DrillRoom, numbers
from tests.builders.drills import body as drill_body
from tests.builders.evaluation import NORTH, OpenedBids, Room
from tests.builders.halting import story_of
from tests.builders.killing import Word, counted, survive_all, words_of
from tests.builders.people import people
from tests.builders.recorders import seated
from tests.builders.seating import check_in_body, furnish
from tests.builders.served import Served, at_home
from tests.builders.sites import PARTNERS, Sites, sites_of
from tests.builders.trading import tender
from tests.verify.retelling import entries_of
from trading.queries.drills import next_case

pytestmark = [pytest.mark.slow, pytest.mark.timeout(500), pytest.mark.sqlite_alone]

ITEMS = [{"kind": "recording", "name": "副场全程录像", "count": 2}]


def catalogue(door: Door) -> str:
    """The chain of sites, played again: every place that was kept is told, none is kept twice."""
    said, pool = (entries_of(door, case, lambda _: None) for case in (SITES, "POOL"))
    return replay(said, pool).figures()


def kept(door: Door) -> dict[str, int]:
    """How many places each booking keeps."""
    rows = select(Booking.number, func.count(BookedPlace.key)).outerjoin(BookedPlace, BookedPlace.booking_id == Booking.id)
    return dict(door.read(lambda session: [tuple(row) for row in session.execute(rows.group_by(Booking.number))]))


def used(made: Sites, site: str) -> str:
    """A booking of a partner's that has begun, two hours ago."""
    booking = str(made.book(site, seats=2, start=0.01, hours=1)["booking"])
    made.answer(made.staff[PARTNERS[0]], booking)
    assert made.door.clock_file is not None
    clock.write_offset(made.door.clock_file, clock.read_offset(made.door.clock_file) + timedelta(hours=2))
    return booking


def test_each_booking_answer_draw_and_hand_over_is_there_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        door = at_home(served, app, monkeypatch)
        made = sites_of(door, people(door))
        own, *lent = made.keep(), *(made.partner(org) for org in PARTNERS[:2])
        past, window = used(made, lent[0]), made.need(seats=2)
        need = read_need(Body(window))
        drawn = door.perform(made.keeper.actor, lambda work: venues.prepare_draw(work, need))
        [keeper], [first], [second] = (words_of(app, who, (SITES, "")) for who in (made.keeper, *(made.staff[org] for org in PARTNERS[:2])))
        asked, dropped = booking_number(), booking_number()
        sent = [
            keeper.say("/venues/bookings", "venue.book", window | {"site": lent[1], "booking": asked}),
            second.say("/venues/answers", "venue.answer", {"booking": asked, "accept": True, "reason": ""}),
            keeper.say("/venues/bookings", "venue.book", window | {"site": own, "booking": dropped}),
            keeper.say("/venues/cancellations", "venue.cancel", {"booking": dropped, "reason": "改期"}),
            keeper.say("/venues/draws", "venue.draw", drawn, strong=True),
            first.say("/venues/closings", "venue.close", {"booking": past, "used": True, "until": clock.text(made.now)}),
            first.say("/venues/hand-overs", "venue.hand_over", {"booking": past, "items": ITEMS}),
        ]
        sent.append(keeper.say("/venues/receipts", "venue.receive", {"booking": past, "handed_sha256": first.prev}))
    answers = survive_all(served, sent)
    assert [one.get("state") for one in answers[:4]] == ["asked", "held", "held", "cancelled"]

    with served.prepared() as app:  # who was drawn refuses, and the other is asked in the same breath
        door = app.extensions["gongheng"].door
        staff = [replace(made.staff[org], door=door) for org in PARTNERS[:2]]
        [(who, booking)] = [(one, asked_of(door, one)) for one in staff if asked_of(door, one)]
        [word] = words_of(app, who, (SITES, ""))
        refusal = word.say("/venues/answers", "venue.answer", {"booking": booking, "accept": False, "reason": "没有空位"})
    survive_all(served, [refusal])
    with served.prepared() as app:
        door = app.extensions["gongheng"].door
        told = counted(door, SITES)
        assert {kind: told[kind] for kind in told if kind.startswith("venue.")} == {
            "venue.book": 3,
            "venue.answer": 3,
            "venue.hold": 3,
            "venue.cancel": 1,
            "venue.draw": 1,
            "venue.drawn": 2,
            "venue.close": 1,
            "venue.hand_over": 1,
            "venue.receive": 1,
        }
        assert catalogue(door) == "3; 0; 5; 1" and sorted(kept(door).values()) == [2] * 5


def test_each_fault_night_seal_and_draw_of_seats_is_there_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        room = seated(served, app, monkeypatch)
        _, devices = furnish(room)
        tender_, here = room.tender, f"/lots/{room.number}/evaluation"
        found = tender_.door.read(lambda session: halted.of_lot(session, room.number, tender_.centre.actor, tender_.now))
        seats: Any = room.perform(tender_.centre, lambda work: seating.prepare(work, room.number))
        host, keeper = words_of(app, tender_.centre, (room.case, tender_.no), (SITES, ""))
        fault = {"phase": "during", "site": "", "what": "评标专网中断"}
        sent = [host.say(f"{here}/halts/faults", "halt.fault", fault, strong=True)]
        sent.append(host.say(f"{here}/halts/repairs", "halt.repair", {"halt_sha256": host.prev, "text": "线路已恢复"}, strong=True))
        night = {"until": clock.text(tender_.now + timedelta(hours=12)), "lodging": "专家1至7：三号楼，逐席登记"}
        sent.append(host.say(f"{here}/halts/nights", "halt.night", night | {"material_sha256": found.material_sha256}, strong=True))
        for booking in kept(tender_.door):
            opened = {"booking": booking, "text": "封条完好"}
            sent.append(keeper.say("/venues/unsealings", "venue.unseal", opened, strong=True))
        sent.append(host.say(f"{here}/halts/openings", "halt.open", {"halt_sha256": host.prev, "text": "封条完好"}, strong=True))
        sent.append(host.say(f"{here}/seating/draws", "seats.draw", seats, strong=True))
    survive_all(served, sent)

    with served.prepared() as app:
        room.tender.door = app.extensions["gongheng"].door
        member = replace(room.members[3], door=room.tender.door)
        [word] = words_of(app, member, (room.case, room.tender.no))
        sitting = word.say(f"{here}/seating/check-ins", "seat.check_in", check_in_body(room, member, devices))
    survive_all(served, [sitting])
    with served.prepared() as app:
        room.tender.door = app.extensions["gongheng"].door
        told = counted(room.tender.door, room.case)
        of_case = ("halt.fault", "halt.repair", "halt.night", "halt.open", "seats.commit", "seats.draw", "seats.drawn", "seat.check_in")
        assert {kind: told[kind] for kind in of_case} == dict.fromkeys(of_case, 1)
        told = counted(room.tender.door, SITES)
        assert (told["venue.book"], told["venue.seal"], told["venue.unseal"]) == (3, 3, 3)
        story, lot_id = story_of(room), room.tender.lot_id
        assert (check_halts(story), check_seating(story)) == ("2; 0", "1; 1; 0")
        assert room.tender.door.read(lambda session: venue_queries.sealed_of(session, lot_id)) == ()
        assert catalogue(room.tender.door) == "3; 12; 3; 0"


def test_a_drill_is_begun_played_and_ended_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = Served(tmp_path)
    with served.prepared() as app:
        door = at_home(served, app, monkeypatch)
        assert served.settings.clock_file is not None
        room = Room(tender(door, served.settings.clock_file), OpenedBids())
        room.tender.join_bidders(1)
        room.fill_pool(7)
        case = door.read(lambda session: next_case(session, legal_day(door.clock(session)).year))
        drill = DrillRoom(room.tender, room.opened, room.experts, [], drill=case)
        sent = script(
            drill, *words_of(app, room.tender.centre, (case, ""), (case, "1")), words_of(app, room.tender.tenderer, (case, "1"))[0]
        )
    survive_all(served, sent)
    with served.prepared() as app:
        drill.tender.door = app.extensions["gongheng"].door
        told = counted(drill.tender.door, case)
        once = ("drill.begin", "committee.form", "drill.lift", "halt.fault", "halt.decide", "halt.sealed", "drill.end")
        assert {kind: told[kind] for kind in (*once, "drill.inject")} == dict.fromkeys(once, 1) | {"drill.inject": 2}
        story = story_of(drill)
        assert (check_drill(story), check_halts(story)) == ("2; 1; 0; 1", "1; 0")


def script(drill: DrillRoom, first: Any, host: Any, tenderer: Any) -> list[Word]:
    """A seat falls silent and is heard again; a site is down for two hours, and the tenderer gives up."""
    here = f"/lots/{drill.number}"
    begun = {"drill": drill.case, "experts": numbers(drill)[:6]}
    sent = [first.say("/drills", "drill.begin", drill_body(drill), strong=True, **begun)]
    host.prev = first.prev
    silent, hours = {"fault": "seat_silent", "seat": "2", "site": ""}, {"fault": "two_hours", "seat": "", "site": ""}
    sent.append(host.say(f"{here}/drill/faults", "drill.inject", silent, strong=True))
    sent.append(host.say(f"{here}/drill/lifts", "drill.lift", {"fault_sha256": host.prev}, strong=True))
    fault = {"phase": "before", "site": NORTH, "what": "副场停电"}
    sent.append(host.say(f"{here}/evaluation/halts/faults", "halt.fault", fault, strong=True))
    halt = host.prev
    sent.append(host.say(f"{here}/drill/faults", "drill.inject", hours, strong=True))
    given_up = {"halt_sha256": halt, "go_on": False, "text": "按规则处理"}
    sent.append(tenderer.say(f"{here}/evaluation/halts/decisions", "halt.decide", given_up, strong=True))
    sent.append(host.say(f"{here}/drill/end", "drill.end", {"text": "处置及时"}, strong=True))
    return sent


def asked_of(door: Door, who: Any) -> str:
    """The booking that a partner's staff have still to answer, "" for none."""
    found = door.read(lambda session: venue_queries.for_staff(session, who.org))
    return next((one.number for one in found if one.state is State.ASKED), "")
