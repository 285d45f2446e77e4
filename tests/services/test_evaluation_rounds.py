"""The original committee evaluates again, on both databases: who may order it and until when, what is reviewed anew, what stands."""

from __future__ import annotations

from typing import Any, cast

import pytest
from sqlalchemy import select

from core.kernel import chain, jcs, outbox
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, Stale, WrongState
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.audience import COMMITTEE, TENDERER
from evaluation.domain.room import State
from evaluation.models.awards import AwardSession
from evaluation.models.rooms import Evaluation
from evaluation.queries import awards as award_queries
from evaluation.queries import rooms as queries
from evaluation.queries import rounds as round_queries
from evaluation.queries.audience import audience_of
from evaluation.queries.report import report_data
from tests.builders.evaluation import REPORT, Room
from tests.builders.people import Person
from tests.builders.stages import DECIDING, RANKED, SCORING
from trading.domain.lot import LotState
from trading.queries import awards

pytestmark = [pytest.mark.begins(RANKED), pytest.mark.sqlite_alone]
SECOND = "7a" * 32


def refused(kind: type[Refusal], act: Any, *given: Any, **more: Any) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)
    return refusal.value.code


def bodies(door: Door, room: Room, kind: str) -> list[dict[str, Any]]:
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [dict(jcs.parse_object(one.envelope.payload)["body"]) for one in found]  # type: ignore[arg-type]


def state(room: Room) -> State:
    return room.view(room.tender.supervisor).state


def ordered(room: Room, **changes: Any) -> None:
    room.reevaluate(**changes)
    room.hear_order()


def signed_before(room: Room, door: Door, who: Person) -> list[dict[str, Any]]:
    """The sheet that a member had signed in the round before."""
    row = door.read(lambda session: session.scalars(select(Evaluation)).one())
    one = door.read(lambda session: round_queries.current(session, row))
    assert one is not None
    members = cast("dict[str, Any]", one.kept)["members"].values()
    seat = room.view(who).me
    assert seat is not None
    sheets_of = next(held["sheets"]["technical"] for held in members if held["code"] == seat.code)
    return [{name: sheet[name] for name in ("bid", "scores", "reasons")} for sheet in sheets_of]


def turned(room: Room) -> dict[str, str]:
    """Marks of the item that turn the ranking: the last of the earlier ranking gets all of it."""
    return {code: "15" if place == len(room.codes) - 1 else "3" for place, code in enumerate(room.codes)}


def score_again(room: Room, door: Door) -> None:
    for who in room.members:
        room.submit(who, room.sheet_again(turned(room), signed_before(room, door, who)))


def report_again(room: Room) -> None:
    room.draft_report(SECOND)
    for who in room.members:
        room.sign_report(who, digest=SECOND)


def names(room: Room) -> list[str]:
    found = room.tender.door.read(lambda session: awards.candidates(session, room.tender.lot_id))
    return [one.name for one in sorted(found, key=lambda one: one.rank)]


@pytest.mark.on_both
def test_an_order_has_its_item_scored_again_and_the_result_goes_back_to_the_tenderer(room: Room, door: Door) -> None:
    room.tender.publish_candidates()
    first, seats = names(room), [who.person for who in room.members]
    code = bodies(door, room, "blind.map")
    said = room.reevaluate()
    assert room.tender.lot.state is LotState.REEVALUATION and said["round"] == 2
    assert names(room) == [] and room.tender.lot.publicity_until is None and room.tender.lot.report_sha256 == ""
    assert state(room) is State.SUBMITTED  # until the evaluation hears of it
    room.hear_order()
    assert state(room) is State.COMMITTEE_FORMED and room.view(room.members[0]).chair == "1"
    assert [who.person for who in room.members] == seats and bodies(door, room, "blind.map") == code
    with pytest.raises(NotFound):
        room.view(room.tender.tenderer)
    room.sit_again()
    assert state(room) is State.TECHNICAL and room.tender.lot.state is LotState.EVALUATING  # the reviews stand
    score_again(room, door)
    assert state(room) is State.LOCKED
    room.open_map()
    assert state(room) is State.SUMMARY  # prices are known
    report_again(room)
    assert state(room) is State.SUBMITTED and room.tender.lot.state is LotState.EVALUATED
    assert names(room) != first and room.tender.lot.report_sha256 == SECOND
    submits = bodies(door, room, "report.submit")
    assert [one["report_sha256"] for one in submits] == [REPORT, SECOND] and submits[0]["candidates"] != submits[1]["candidates"]
    [opened] = bodies(door, room, "reevaluation.open")
    assert opened == {"order_sha256": said["order_sha256"]}
    room.tender.publish_candidates()
    room.tender.end_publicity()
    assert room.tender.lot.state is LotState.AWARDED
    room.reevaluate(room.tender.tenderer, "illegal_act", review=True, criteria=[])  # a third round, and nothing of the second is in its way
    room.hear_order()
    room.sit_again()
    assert state(room) is State.PRELIMINARY
    for who in room.members:
        room.review(who)
    assert state(room) is State.LOCKED  # every sheet stands


def test_the_report_says_what_was_ordered_and_what_changed(room: Room, door: Door) -> None:
    ordered(room)
    room.sit_again()
    score_again(room, door)
    room.open_map()
    row = door.read(lambda session: queries.evaluation_id(session, room.tender.lot_id))
    assert row is not None
    again = door.read(lambda session: report_data(session, row)).fields["again"]
    assert (again["round"], again["ground"], again["role"], again["earlier"]) == (2, "ordered", "supervisor", REPORT)
    assert again["criteria"] == ["method"] and not again["review"] and again["article"] == "招标投标法实施条例第七十一条"
    marks = [one for one in again["changes"] if one["name"] == "专家1"]
    assert len(marks) == len(room.codes) and {one["reason"] for one in marks} == {"重新对照评分标准"}
    assert [one["before"] for one in again["places"]] != [one["after"] for one in again["places"]]
    assert len(again["places"]) == len(room.codes)


@pytest.mark.on_both
def test_who_orders_what_and_who_may_not(room: Room) -> None:
    supervisor, tenderer = room.tender.supervisor, room.tender.tenderer
    for who in (room.tender.centre, room.tender.agency, room.members[0], room.tender.bidders[0]):
        assert refused(NotAllowed, room.reevaluate, who) == "lot.reevaluate.not_allowed"
    assert refused(RuleBroken, room.reevaluate, tenderer) == "reevaluation.ground_other"
    assert refused(RuleBroken, room.reevaluate, supervisor, "changed") == "reevaluation.ground_other"
    assert refused(Stale, room.reevaluate, report_sha256="ab" * 32) == "reevaluation.other_report"
    assert refused(RuleBroken, room.reevaluate, criteria=["nothing"]) == "reevaluation.item_unknown"
    assert refused(RuleBroken, room.reevaluate, criteria=[]) == "reevaluation.no_items"
    assert refused(RuleBroken, room.reevaluate, supervisor, "complaint") == "reevaluation.complaint_missing"
    assert refused(RuleBroken, room.reevaluate, supervisor, "complaint", complaint="TS-000000000000") == "reevaluation.complaint_not_upheld"
    assert state(room) is State.SUBMITTED
    room.reevaluate(tenderer, "changed", review=True, criteria=[])
    assert refused(WrongState, room.reevaluate) == "lot.reevaluate.wrong_state"  # twice
    assert refused(WrongState, room.reevaluate, tenderer, "error") == "lot.ask_reevaluation.wrong_state"


def test_it_comes_too_late_for_the_tenderer_after_the_notice_and_for_everybody_after_the_contract(room: Room) -> None:
    room.tender.publish_candidates()
    room.tender.end_publicity()
    room.tender.send_award_notice()
    body = room.order_body("changed")
    assert refused(WrongState, room.reevaluate, room.tender.tenderer, **body) == "lot.ask_reevaluation.wrong_state"
    winner = next(one for one in room.tender.bidders if one.org == room.tender.lot.winner_org)
    room.tender.sign_contract(room.tender.tenderer)
    room.tender.sign_contract(winner)
    assert refused(WrongState, room.reevaluate) == "lot.reevaluate.wrong_state"


def test_after_the_notice_the_supervisor_still_orders_and_nothing_of_the_award_is_left(room: Room) -> None:
    room.tender.publish_candidates()
    room.tender.end_publicity()
    room.tender.send_award_notice()
    room.tender.sign_contract(room.tender.tenderer)
    ordered(room)
    lot = room.tender.lot
    assert (lot.award_notice_at, lot.winners, lot.contract_sha256) == (None, (), "")


@pytest.mark.on_both
def test_a_message_delivered_twice_or_after_a_kill_opens_one_round(room: Room, door: Door) -> None:
    said = room.reevaluate()
    payload = {"lot": str(room.tender.lot_id), "order": said["order_sha256"]}

    def killed(work: Any, _payload: Any) -> None:
        jobs.evaluate_again(work, payload)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.deliver(door, {"reevaluation.ordered": killed})
    assert state(room) is State.SUBMITTED and bodies(door, room, "reevaluation.open") == []
    room.hear_order()
    room.tender.step(lambda work, _lot: jobs.evaluate_again(work, payload))
    assert state(room) is State.COMMITTEE_FORMED and len(bodies(door, room, "reevaluation.open")) == 1


@pytest.mark.on_both
def test_what_was_not_ordered_stays_as_it_was_signed_and_a_change_has_its_reason(room: Room, door: Door) -> None:
    ordered(room)
    who = room.members[0]
    room.sit_again()
    before = signed_before(room, door, who)
    other = [sheet | {"scores": sheet["scores"] | {"team": "1"}} for sheet in before]
    assert refused(RuleBroken, room.submit, who, other) == "reevaluation.item_not_ordered"
    silent = [sheet | {"scores": sheet["scores"] | {"method": "1"}, "reasons": {}} for sheet in before]
    assert refused(RuleBroken, room.submit, who, silent) == "reevaluation.reason_missing"
    sheet = door.read(lambda session: queries.own_sheet(session, who.actor, room.number))
    assert not sheet.is_submitted and [dict(row.scores) for row in sheet.rows] == [one["scores"] for one in before]  # begins with it
    room.submit(who, before)  # finds nothing to change
    assert refused(WrongState, room.submit, who, before) == "score.submit.twice"


def test_a_bid_that_falls_out_in_the_second_review_leaves_the_sheets_to_be_signed_anew(room: Room, door: Door) -> None:
    ordered(room, review=True, criteria=[])
    room.sit_again()
    out = room.codes[0]
    for who in room.members:
        room.review(who, [(out, "formality.signature")])
    for who in room.members:
        room.vote_rejection(who, {out: "no_signature"})
    assert state(room) is State.TECHNICAL and room.view(room.members[0]).standing == room.codes[1:]
    for who in room.members:
        room.submit(who, room.sheet())
    assert state(room) is State.LOCKED


def test_a_member_who_steps_back_in_the_round_is_followed_and_the_successor_does_all_of_it(room: Room, door: Door) -> None:
    ordered(room)
    for who in room.members:
        room.sign_in(who)
    leaving = room.members[6]
    room.declare(leaving, none=False, reason="已受聘于第一名的关联企业")
    successor = room.succeed(7)
    assert successor is not leaving
    for who in room.members[:6]:
        room.declare(who)
    room.review(successor)
    assert state(room) is State.TECHNICAL
    assert door.read(lambda session: audience_of(session, successor.actor, room.case)) is None  # scores blind
    assert door.read(lambda session: audience_of(session, room.members[0].actor, room.case)) == COMMITTEE
    room.submit(successor, room.sheet("0.5"))
    for who in room.members[:6]:
        room.submit(who, room.sheet_again(turned(room), signed_before(room, door, who)))
    assert state(room) is State.LOCKED


def test_a_member_who_cannot_come_again_is_noted_and_followed(room: Room, door: Door) -> None:
    ordered(room)
    absent = room.members[6]
    call = room.call(absent)
    assert call is not None
    room.recuse(room.tender.centre, call.id, "出差在外，不能参加复评", "absent")
    successor = room.members[6]
    assert successor is not absent
    room.sit_again()
    room.review(successor)
    assert state(room) is State.TECHNICAL


def test_nobody_outside_hears_of_the_round_before_its_result(room: Room, door: Door) -> None:
    ordered(room)
    found = door.read(lambda session: chain.find(session, room.case, "reevaluation.open"))
    assert len(found) == 1
    from evaluation.domain.audience import PROJECTIONS as ROOM
    from evaluation.events_rounds import RoundOpened
    from trading.domain.audience import PROJECTIONS as LOT
    from trading.events_reevaluation import ReevaluationOrdered

    opened = RoundOpened(case=room.case, lot="1", round=2, order_sha256="ab" * 32)
    told = ReevaluationOrdered(case=room.case, lot="1", ground="complaint")
    heard = {one.audience for one in ROOM[opened.KIND](opened)} | {one.audience for one in LOT[told.KIND](told)}
    assert heard == {COMMITTEE, "host", "supervisor", TENDERER}
    for bidder in room.tender.bidders:
        assert door.read(lambda session, who=bidder: audience_of(session, who.actor, room.case)) is None
        with pytest.raises(NotFound):
            room.view(bidder)


@pytest.mark.begins(DECIDING)
@pytest.mark.on_both
def test_an_award_session_falls_with_its_report_and_may_be_held_again(room: Room, door: Door) -> None:
    room.voting()
    room.ballot(room.award_members[0], room.candidates[0])
    ordered(room)
    member = room.award_members[0]
    assert door.read(lambda session: award_queries.own_sessions(session, member.person)) == ()
    assert door.read(lambda session: audience_of(session, member.actor, room.case)) is None
    assert refused(BadSignature, room.ballot, room.award_members[1], "x") == "act.other_statement"  # no round is held
    assert refused(WrongState, room.open_award) == "award.open.lot_state"
    assert refused(WrongState, room.paper) == "shield.none"
    room.sit_again()
    for who in room.members:
        room.submit(who, signed_before(room, door, who))
    room.open_map()
    report_again(room)
    room.tender.publish_candidates()
    room.tender.end_publicity()
    room.before_award()
    room.voting()
    room.ballot(member, room.candidates[0])
    held = door.read(lambda session: list(session.scalars(select(AwardSession).order_by(AwardSession.opened_at))))
    assert [one.voided_at is None for one in held] == [False, True]  # the first is kept


@pytest.mark.begins(SCORING)
def test_before_a_report_there_is_nothing_to_evaluate_again(room: Room) -> None:
    assert refused(WrongState, room.reevaluate) == "lot.reevaluate.wrong_state"
    assert refused(WrongState, room.reevaluate, room.tender.tenderer, "error") == "lot.ask_reevaluation.wrong_state"
