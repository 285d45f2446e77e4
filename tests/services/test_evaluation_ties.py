"""Bids that end exactly equal: three parties draw lots in the room before the report, and report, candidates and award follow the order."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest

from core.kernel import chain, jcs, outbox
from core.kernel.draw import parse_draw, replay
from core.kernel.errors import NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.files import FileStore
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.room import State
from evaluation.queries import rooms, tie_page, ties
from evaluation.queries.report import report_data
from tests.builders import halting, supervising
from tests.builders.evaluation import Room
from tests.builders.golden import BEFORE
from tests.builders.ties import EQUAL, TWO_EQUAL, Tied, case_of, lowest_of
from trading.domain.lots_drawn import PATIENCE, DrawState
from trading.queries import awards
from trading.services import awards as award_services

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # what the database does is seen in the others
BORDER = {"A": ("1000000", "40"), "B": ("1010000", "36"), "C": ("1200000", "30"), "D": ("1200000", "30")}


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


@pytest.fixture
def tied(world: Tied, monkeypatch: pytest.MonkeyPatch) -> Tied:
    """A lot whose first candidate wins; its first two bids are exactly equal."""
    world.room.told(monkeypatch)
    return world


@pytest.fixture
def room(world: Room, monkeypatch: pytest.MonkeyPatch) -> Room:
    """A lot before its document; a plan that is fixed again replaces the one that separates the award."""
    world.tender.fix_plan("RANK_ONE")
    return world.told(monkeypatch)


def said(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


def report_of(door: Door, room: Room) -> dict[str, Any]:
    row = door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    return door.read(lambda session: report_data(session, row)).fields


class Handed:
    """A seat that is handed on after the prices were open, and all that is done again then."""

    def __init__(self, tied: Tied) -> None:
        self.tied, self.seat = tied, 5  # not the chair

    def leaves(self) -> None:
        room = self.tied.room
        room.leave(room.members[self.seat - 1])

    def follows(self, marks: dict[str, str]) -> None:
        """The successor gives what everybody gave, but for `marks` by letter."""
        room, golden = self.tied.room, self.tied.golden
        successor = room.succeed(self.seat)
        room.review(successor)
        given = {code: marks.get(letter) or golden.mark(0, letter, "plan") for code, letter in golden.codes.items()}
        room.submit(successor, [{"bid": code, "scores": {"plan": mark}, "reasons": {}} for code, mark in given.items()])
        room.open_map()


@pytest.mark.begins(TWO_EQUAL)
def test_exactly_equal_bids_are_drawn_before_the_report(tied: Tied, door: Door, tmp_path: Path) -> None:
    room = tied.room
    centre, supervisor, tenderer = tied.parties
    topics = {name: one for name, one in jobs.topics(FileStore(tmp_path / "files")).items() if name == "report.due"}
    assert [(rank, joint) for _, rank, joint in tied.ranks] == [(1, True), (1, True), (3, False)]
    assert outbox.deliver(door, topics) == 0
    assert refused(WrongState, room.draft_report) == "tie_draw.waiting"
    [asked] = said(door, room, "tie_draw.request")
    equal = sorted(code for code, letter in tied.golden.codes.items() if letter in "AB")
    assert [one["id"] for one in asked["request"]["pool"]] == equal and asked["parties"] == ["centre", "supervisor", "tenderer"]
    assert refused(WrongState, tied.reveal, centre) == "tie_draw.reveal.wrong_state"
    tied.commit(centre)
    assert refused(WrongState, tied.commit, centre) == "coefficient.commit.twice"
    assert refused(RuleBroken, tied.commit, supervisor, party="centre") == "coefficient.party.other"
    assert refused(NotAllowed, tied.commit, room.members[0]) == "tie_draw.commit.not_allowed"
    assert refused(NotAllowed, tied.commit, room.tender.agency) == "tie_draw.commit.not_allowed"
    assert refused(NotFound, tied.commit, supervisor, "tie-1-9")
    tied.commit(supervisor)
    tied.commit(tenderer)
    assert refused(WrongState, tied.commit, tenderer) == "tie_draw.commit.wrong_state"
    tied.reveal(centre)
    assert refused(WrongState, tied.reveal, centre) == "coefficient.reveal.twice"
    assert refused(RuleBroken, tied.reveal, supervisor, value="00" * 32) == "coefficient.reveal.differs"
    tied.reveal(supervisor)
    assert room.view(supervisor).state is State.SUMMARY and outbox.deliver(door, topics) == 0
    tied.reveal(tenderer)
    assert refused(WrongState, tied.reveal, tenderer) == "tie_draw.reveal.wrong_state"
    record = door.read(lambda session: tie_page.record(session, supervisor.actor, room.number, "tie-1-1"))
    [result] = said(door, room, "tie_draw.result")
    drawn = replay(parse_draw(record))
    assert [*drawn.picked["tie"], *drawn.reserves["tie"]] == result["order"] and drawn.seed.hex() == result["seed"]
    view = room.view(supervisor)
    assert view.result is not None and view.scoring_case is not None
    assert [row["bid"] for row in view.result["rows"]][:2] == result["order"]
    assert [(row["rank"], row["joint"]) for row in view.result["rows"]] == [(1, False), (2, False), (3, False)]
    [ranking] = said(door, room, "tie_draw.ranking")
    assert ranking["document"] == view.scoring_case and ranking["result"] == view.result
    assert view.scoring_case["lots"] == [{"draw": "tie-1-1", "order": result["order"]}]
    assert outbox.deliver(door, topics) == 1 and room.view(supervisor).state is State.SIGNING
    fields = report_of(door, room)
    assert fields["joint"] == [] and [one["order"] for one in fields["tie_draws"]] == [result["order"]]
    assert [one["code"] for one in fields["candidates"]][:2] == result["order"]


@ON_SQLITE
@pytest.mark.begins(TWO_EQUAL)
def test_who_drew_first_is_the_first_candidate_and_wins(tied: Tied, door: Door) -> None:
    room = tied.drawn().room
    first = tied.ranks[0][0]
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    assert refused(NotFound, door.read, lambda session: tie_page.public_record(session, room.number, "tie-1-1")) == "tie_draw.not_found"
    room.tender.publish_candidates()
    assert door.read(lambda session: tie_page.public_record(session, room.number, "tie-1-1"))["draw"] == "tie-1-1"
    assert door.read(lambda session: tie_page.steps_page(session, room.number, "tie-1-1")).steps.draw == "tie-1-1"
    room.tender.end_publicity()
    code = next(code for code, letter in tied.golden.codes.items() if letter == first)
    assert room.tender.lot.winner_org == room.org_of(code)


@pytest.mark.begins(TWO_EQUAL)
def test_a_silent_party_is_left_out_of_the_next_draw(tied: Tied, door: Door) -> None:
    room = tied.room
    centre, supervisor, tenderer = tied.parties
    tied.commit(centre)
    tied.commit(tenderer)
    assert refused(WrongState, tied.redraw) == "coefficient.redraw.early"
    room.tender.jump(room.tender.now + PATIENCE)
    assert refused(NotAllowed, tied.redraw, supervisor)
    tied.redraw()
    assert [(one.name, one.state) for one in tied.page(centre).draws] == [
        ("tie-1-1", DrawState.ABANDONED),
        ("tie-1-2", DrawState.REQUESTED),
    ]
    assert refused(WrongState, tied.commit, supervisor) == "coefficient.not_a_party"
    assert refused(WrongState, tied.commit, centre, "tie-1-1") == "tie_draw.commit.wrong_state"
    assert refused(WrongState, tied.redraw, centre, "tie-1-1") == "tie_draw.abandon.wrong_state"
    tied.drawn(parties=(centre, tenderer))
    assert [joint for *_, joint in tied.ranks] == [False] * 3
    assert [one["parties"] for one in said(door, room, "tie_draw.request")] == [
        ["centre", "supervisor", "tenderer"],
        ["centre", "tenderer"],
    ]


@ON_SQLITE
@pytest.mark.begins(TWO_EQUAL)
def test_the_same_equal_bids_are_drawn_once_though_a_member_was_replaced(tied: Tied, door: Door) -> None:
    room = tied.room
    centre, supervisor, tenderer = tied.parties
    tied.commit(centre)
    again = Handed(tied)
    again.leaves()
    assert refused(WrongState, tied.commit, supervisor) == "tie_draw.not_due"  # nothing is added up now
    again.follows({})
    assert len(tied.page(centre).draws) == 1  # it goes on, with the slip that was sealed
    for who in (supervisor, tenderer):
        tied.commit(who)
    for who in tied.parties:
        tied.reveal(who)
    order = said(door, room, "tie_draw.result")[0]["order"]
    again.leaves()
    again.follows({})
    assert len(said(door, room, "tie_draw.result")) == 1 and len(said(door, room, "tie_draw.ranking")) == 2
    view = room.view(supervisor)
    assert view.result is not None and [row["bid"] for row in view.result["rows"]][:2] == order
    room.draft_report()


@ON_SQLITE
@pytest.mark.begins(TWO_EQUAL)
@pytest.mark.parametrize("by", ["supervisor", "fault"])
def test_a_draw_that_runs_stands_still_with_the_room_and_goes_on_with_the_slips_that_were_sealed(tied: Tied, door: Door, by: str) -> None:
    room = tied.room
    centre, supervisor, tenderer = tied.parties
    tied.commit(centre)
    stop = supervising.issue(room, "pause", "centre") if by == "supervisor" else halting.fault(room)
    room.tender.jump(room.tender.now + PATIENCE)
    for act in (lambda: tied.commit(supervisor), lambda: tied.reveal(centre), tied.redraw):
        assert refused(WrongState, act) == "room.paused"
    supervising.resume(room, stop) if by == "supervisor" else halting.repair(room, stop)
    for who in (supervisor, tenderer):
        tied.commit(who)
    tied.reveal(centre)
    stop = supervising.issue(room, "pause", "centre") if by == "supervisor" else halting.fault(room)
    assert refused(WrongState, tied.reveal, supervisor) == "room.paused" and not said(door, room, "tie_draw.result")
    supervising.resume(room, stop) if by == "supervisor" else halting.repair(room, stop)
    for who in (supervisor, tenderer):
        tied.reveal(who)
    assert len(said(door, room, "tie_draw.request")) == len(said(door, room, "tie_draw.result")) == 1


@ON_SQLITE
@pytest.mark.begins(BEFORE)
def test_two_draws_run_beside_each_other_and_a_slip_of_one_is_refused_by_the_other(room: Room, door: Door) -> None:
    two = {"A": ("1000000", "40"), "B": ("1000000", "40"), "C": ("1200000", "30"), "D": ("1200000", "30")}
    tied = Tied.played(room, case_of(two))
    centre, *others = tied.parties
    assert [one["draw"] for one in said(door, room, "tie_draw.request")] == ["tie-1-1", "tie-1-2"]
    for name in ("tie-1-1", "tie-1-2"):
        for who in tied.parties:
            tied.commit(who, name)
    stranger = tied.value(centre, "tie-1-2").hex()
    assert refused(RuleBroken, tied.reveal, centre, "tie-1-1", value=stranger) == "coefficient.reveal.differs"
    for who in tied.parties:
        tied.reveal(who, "tie-1-1")
    assert refused(WrongState, tied.reveal, centre, "tie-1-1") == "tie_draw.reveal.wrong_state"  # it is over, the other runs
    assert refused(WrongState, room.draft_report) == "tie_draw.waiting" and not said(door, room, "tie_draw.ranking")
    for who in (centre, *others):
        tied.reveal(who, "tie-1-2")
    assert [(rank, joint) for _, rank, joint in tied.ranks] == [(1, False), (2, False), (3, False), (4, False)]
    room.draft_report()


@ON_SQLITE
@pytest.mark.begins(TWO_EQUAL)
def test_a_draw_is_void_when_the_bids_are_equal_no_more(tied: Tied, door: Door) -> None:
    room = tied.room
    tied.commit(tied.parties[0])
    again = Handed(tied)
    again.leaves()
    again.follows({"A": "40"})
    assert tied.ranks[0][0] == "A" and not tied.page(tied.parties[0]).draws[0].counts
    assert refused(WrongState, tied.commit, tied.parties[1]) == "tie_draw.not_due"
    room.tender.jump(room.tender.now + PATIENCE)
    assert refused(WrongState, tied.redraw) == "tie_draw.not_due"
    room.draft_report()
    assert report_of(door, room)["tie_draws"] == []


@ON_SQLITE
@pytest.mark.begins(BEFORE)
def test_at_the_border_lots_decide_who_is_a_candidate(room: Room, door: Door) -> None:
    tied = Tied.played(room, case_of(BORDER)).drawn()
    third = tied.ranks[2][0]
    assert [(rank, joint) for _, rank, joint in tied.ranks] == [(1, False), (2, False), (3, False), (4, False)]
    view = room.view(room.tender.supervisor)
    assert view.result is not None
    assert sorted(tied.golden.codes[code] for code in view.result["candidates"]) == sorted(["A", "B", third])


@ON_SQLITE
@pytest.mark.begins(BEFORE)
def test_an_unranked_set_is_drawn_at_its_border_alone(room: Room, door: Door) -> None:
    room.tender.fix_plan("DIRECT_VOTE")
    tied = Tied.played(room, case_of({"A": ("1000000", "40"), "B": ("1000000", "40"), "C": ("1200000", "30"), "D": ("1200000", "30")}))
    [asked] = said(door, room, "tie_draw.request")
    assert sorted(tied.golden.codes[one["id"]] for one in asked["request"]["pool"]) == ["C", "D"]
    tied.drawn()
    assert [(rank, joint) for _, rank, joint in tied.ranks] == [(1, True), (1, True), (3, False), (4, False)]
    room.draft_report()


@ON_SQLITE
@pytest.mark.begins(BEFORE)
def test_without_a_draw_in_the_document_equal_stays_equal_and_the_report_says_so(room: Room, door: Door) -> None:
    tied = Tied.played(room, case_of(EQUAL, ["lower_price"]))
    assert not said(door, room, "tie_draw.request")
    assert len(tied.page(room.members[0]).joint) == 1 and tied.page(room.members[0]).draws == ()
    assert refused(NotFound, tied.page, room.tender.centre)
    room.draft_report()
    fields = report_of(door, room)
    assert [len(group) for group in fields["joint"]] == [2] and fields["tie_draws"] == []


@ON_SQLITE
@pytest.mark.begins(TWO_EQUAL)
def test_who_may_know_what_of_a_draw(tied: Tied, door: Door) -> None:
    room = tied.room
    number, bidder = room.number, room.tender.bidders[0]
    for who in (room.tender.centre, room.tender.tenderer):
        [shown] = tied.page(who).draws
        assert (shown.among, shown.order, shown.seed) == ((), (), "") and tied.page(who).party == who.role.value
    assert len(tied.page(room.members[0]).draws[0].among) == 2 and tied.page(room.members[0]).party == ""
    tied.drawn()
    assert tied.page(room.tender.tenderer).draws[0].order == () and tied.page(room.tender.supervisor).draws[0].order
    record = lambda who: door.read(lambda session: tie_page.record(session, who.actor, number, "tie-1-1"))  # noqa: E731
    assert refused(NotFound, record, room.tender.tenderer) == "tie_draw.not_found"
    assert record(room.members[0])["draw"] == "tie-1-1"
    for act in (tied.page, record):
        assert refused(NotFound, act, bidder)
    assert door.read(lambda session: tie_page.published(session, number)) == ()
    row = door.read(lambda session: rooms.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    assert cast(Any, door.read(lambda session: [one.name for one in ties.draws_of(session, row)])) == ["tie-1-1"]


@ON_SQLITE
@pytest.mark.begins(BEFORE)
def test_equal_lowest_prices_are_drawn_where_the_document_says_so(room: Room, door: Door) -> None:
    tied = Tied.played(room, lowest_of({"A": "980000", "B": "980000", "C": "990000"}))
    assert [(rank, joint) for _, rank, joint in tied.ranks] == [(1, True), (1, True), (3, False)]
    tied.drawn()
    assert [(rank, joint) for _, rank, joint in tied.ranks] == [(1, False), (2, False), (3, False)]


@ON_SQLITE
@pytest.mark.begins(BEFORE)
def test_the_tenderer_chooses_between_two_who_are_first(room: Room, door: Door) -> None:
    tied = Tied.played(room, case_of(EQUAL, ["lower_price"]))
    room.draft_report()
    for who in room.members:
        room.sign_report(who)
    shown = door.read(lambda session: awards.candidates(session, room.tender.lot_id))
    assert [one.rank for one in shown] == [1, 1, 3]
    first, third = shown[0], shown[2]

    def choose(org: Any, who: Any = None, **changes: Any) -> Any:
        body = {"winner": str(org), "report_sha256": room.tender.lot.report_sha256, "reason": "按招标文件，业绩较多者"} | changes
        return room.signed(who or room.tender.tenderer, "award.choose", body, award_services.choose_first, step_up=True)

    room.tender.publish_candidates()
    assert refused(WrongState, choose, first.org) == "lot.choose_first.wrong_state"
    room.tender.end_publicity()
    assert room.tender.lot.winner_org is None and said(door, room, "publicity.end")[0]["winner"] == ""
    assert refused(RuleBroken, choose, third.org) == "award_choice.not_first"
    assert refused(RuleBroken, choose, first.org, report_sha256="ab" * 32) == "award_choice.report_other"
    assert refused(NotAllowed, choose, first.org, room.tender.centre)
    choose(first.org)
    assert (room.tender.lot.winner_org, room.tender.lot.price) == (first.org, first.price)
    assert said(door, room, "award.choose")[0]["reason"] == "按招标文件，业绩较多者"
    assert refused(WrongState, choose, first.org) == "lot.choose_first.wrong_state"
    assert tied.ranks[0][2]
