"""The room through its services, on both databases: sign-in, chair, recusal, review, sheets, lock, summary, signatures."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from core.kernel import chain, jcs, outbox
from core.kernel.encoding import sha256
from core.kernel.errors import BadSignature, NotAllowed, NotFound, Refusal, RuleBroken, WrongState
from core.kernel.work import Door
from evaluation import jobs
from evaluation.domain.blind import map_digest
from evaluation.domain.methods import evaluate, parse_case, to_json
from evaluation.domain.reference import commitment
from evaluation.domain.room import State
from evaluation.domain.scoring_case import digest
from evaluation.queries import rooms as queries
from evaluation.queries import signatures
from evaluation.services import references, scores
from tests.builders.evaluation import OpenedBids, Room
from tests.builders.stages import LOCKED, READY, SCORING, SUBMITTED, SUMMARISED
from tests.builders.trading import tender
from trading.domain.lot import LotState

pytestmark = [pytest.mark.begins(READY), pytest.mark.sqlite_alone]


@pytest.fixture
def opened(room: Room) -> OpenedBids:
    return room.opened


def refused(kind: type[Refusal], act: object, *given: object, **more: object) -> str:
    with pytest.raises(kind) as refusal:
        act(*given, **more)  # type: ignore[operator]
    return refusal.value.code


def bodies(door: Door, room: Room, kind: str) -> list[dict]:  # type: ignore[type-arg]
    found = door.read(lambda session: chain.find(session, room.case, kind))
    return [jcs.parse_object(one.envelope.payload)["body"] for one in found]  # type: ignore[misc]


@pytest.mark.begins(SUBMITTED)
@pytest.mark.on_both
def test_a_whole_evaluation_ends_with_candidates_at_the_tenderer(room: Room, door: Door) -> None:
    view = room.view(room.tender.supervisor)
    assert view.state is State.SUBMITTED and room.tender.lot.state is LotState.EVALUATED
    assert len(room.candidates) == 3
    summary = bodies(door, room, "summary")[0]
    assert summary["case_sha256"] == digest(summary["document"]) and summary["result_sha256"] == digest(summary["result"])
    assert json.loads(json.dumps(to_json(evaluate(parse_case(summary["document"]))))) == summary["result"]
    opened = bodies(door, room, "blind.opened")[0]
    assert map_digest(bytes.fromhex(opened["salt"]), opened["map"]) == bodies(door, room, "blind.map")[0]["map_sha256"]
    submitted = bodies(door, room, "report.submit")[0]
    assert submitted["candidates"] == sorted(submitted["candidates"]) and not submitted["ranked"]


def test_the_lot_is_being_evaluated_once_everybody_has_signed_in(room: Room) -> None:
    room.formed()
    first, *others = room.members
    assert room.sign_in(first) == {"state": "committee_formed"} and room.tender.lot.state is LotState.OPENING
    assert refused(WrongState, room.sign_in, first) == "room.sign_in.twice"
    assert refused(RuleBroken, room.sign_in, others[0], seat="7") == "room.sign_in.other_seat"
    outside = next(one for one in room.experts[1:] if one not in room.members)
    assert refused(NotAllowed, room.sign_in, outside) == "room.not_a_member"
    assert refused(NotAllowed, room.sign_in, room.tender.centre) == "act.role"
    assert [room.sign_in(one)["state"] for one in others][-1] == "signed_in"
    assert room.tender.lot.state is LotState.EVALUATING


def test_a_tied_election_is_voted_again_among_the_tied(room: Room) -> None:
    room.assembled()
    for who, choice in zip(room.members, "1122334", strict=True):
        room.vote_chair(who, choice)
    view = room.view(room.members[0])
    assert (view.chair, view.chair_round, view.chair_among) == ("", 2, ("1", "2", "3"))
    assert refused(BadSignature, room.vote_chair, room.members[0], "1") == "act.other_statement"
    assert refused(RuleBroken, room.vote_chair, room.members[0], "4", 2) == "chair.vote.choice"
    room.vote_chair(room.members[0], "2", 2)
    assert refused(WrongState, room.vote_chair, room.members[0], "2", 2) == "chair.vote.twice"
    for who in room.members[1:]:
        room.vote_chair(who, "2", 2)
    assert room.view(room.members[0]).chair == "2"


@pytest.mark.on_both
def test_a_member_who_steps_back_is_replaced_and_cannot_sign_in_again(room: Room, door: Door) -> None:
    room.with_chair()
    room.declare(room.members[0])
    leaving = room.members[2]
    assert room.declare(leaving, none=False, reason="与 T-41 的项目经理曾共事") == {"state": "committee_formed"}
    successor = room.members[2]
    assert successor is not leaving and room.view(successor).chair == "1"
    assert refused(NotAllowed, room.sign_in, leaving) == "room.not_a_member"
    with pytest.raises(NotFound):
        room.view(leaving)
    room.sign_in(successor)
    assert room.view(successor).state is State.CHAIR_ELECTED  # whom they elected stays their chair
    for who in room.members[1:]:
        room.declare(who)
    assert room.view(successor).state is State.PRELIMINARY
    formed = bodies(door, room, "committee.form")
    assert len(formed) == 2 and formed[0]["seats"][2] != formed[1]["seats"][2] and formed[0]["seats"][3:] == formed[1]["seats"][3:]


@pytest.mark.begins(SCORING)
def test_a_sheet_is_signed_once_whole_and_within_its_bounds(room: Room, door: Door) -> None:
    who, good, code = room.members[0], room.sheet(), room.codes[0]
    assert refused(RuleBroken, room.submit, who, good[1:]) == "score.bids_differ"
    above = [good[0] | {"scores": good[0]["scores"] | {"team": "6.5"}}, *good[1:]]
    assert refused(RuleBroken, room.submit, who, above) == "score.above_maximum"
    off_step = [good[0] | {"scores": good[0]["scores"] | {"team": "5.2"}}, *good[1:]]
    assert refused(RuleBroken, room.submit, who, off_step) == "score.off_step"
    missing = [good[0] | {"scores": {name: mark for name, mark in good[0]["scores"].items() if name != "team"}}, *good[1:]]
    assert refused(RuleBroken, room.submit, who, missing) == "score.missing"
    act = who.act("score", room.case, "1", 0, {"part": "technical", "sheets": good}, True)
    first = room.perform(who, lambda work: scores.submit(work, room.number, act))
    assert room.perform(who, lambda work: scores.submit(work, room.number, act)) == first == {"state": "technical"}
    assert len(bodies(door, room, "score")) == 1
    assert refused(WrongState, room.submit, who, good) == "score.submit.twice"
    assert refused(WrongState, room.perform, who, lambda work: scores.save_draft(work, room.number, code, {}, {})) == "score.submit.twice"
    device = room.members[1].act("score", room.case, "1", 0, {"part": "technical", "sheets": good}, False)
    assert refused(NotAllowed, room.perform, room.members[1], lambda work: scores.submit(work, room.number, device)) == "act.step_up"


@pytest.mark.begins(SCORING)
@pytest.mark.on_both
def test_a_draft_is_kept_for_its_seat_and_is_no_event(room: Room, door: Door) -> None:
    who, other, code = room.members[0], room.members[1], room.codes[0]
    before = len(door.read(lambda session: chain.events(session, room.case)))
    for score in ("12", "12.5"):
        room.perform(
            who, lambda work, score=score: scores.save_draft(work, room.number, code, {"method": score, "team": ""}, {"method": "第3页"})
        )
    own = door.read(lambda session: queries.own_sheet(session, who.actor, room.number))
    assert next(row for row in own.rows if row.code == code).scores == {"method": "12.5", "team": ""}
    others = door.read(lambda session: queries.own_sheet(session, other.actor, room.number))
    assert all(not row.scores for row in others.rows)
    assert len(door.read(lambda session: chain.events(session, room.case))) == before
    for wrong, kept in (
        ({"method": "99"}, "score.above_maximum"),
        ({"nothing": "1"}, "score.criterion_unknown"),
        ({"method": "1.2"}, "score.off_step"),
    ):
        assert (
            refused(RuleBroken, room.perform, who, lambda work, wrong=wrong: scores.save_draft(work, room.number, code, wrong, {})) == kept
        )
    assert (
        refused(RuleBroken, room.perform, who, lambda work: scores.save_draft(work, room.number, code, {}, {"x": "y"}))
        == "score.criterion_unknown"
    )
    assert (
        refused(NotAllowed, room.perform, room.tender.centre, lambda work: scores.save_draft(work, room.number, code, {}, {}))
        == "room.not_a_member"
    )


@pytest.mark.begins(SCORING)
def test_before_the_lock_nobody_reads_a_sheet_and_after_it_members_and_supervisors_do(room: Room, door: Door) -> None:
    watcher = room.tender.supervisor
    for who in room.members[:-1]:
        room.submit(who)
    for one in (watcher, room.members[0], room.tender.centre):
        with pytest.raises((NotAllowed, NotFound)):
            door.read(lambda session, one=one: queries.all_sheets(session, one.actor, room.number))
    view = room.view(watcher)
    assert view.technical is None and view.map is None and sum(seat.submitted for seat in view.seats) == 6
    assert room.submit(room.members[-1]) == {"state": "locked"}
    assert len(door.read(lambda session: queries.all_sheets(session, watcher.actor, room.number))) == 7
    with pytest.raises(NotAllowed):
        door.read(lambda session: queries.all_sheets(session, room.tender.centre.actor, room.number))


@pytest.mark.begins(SCORING)
def test_price_envelopes_are_asked_for_from_those_who_passed_alone(room: Room, door: Door, opened: OpenedBids) -> None:
    weak = room.codes[0]
    marks = {code: "0.6" if code == weak else "0.8" for code in room.codes}
    for who in room.members:
        room.submit(who, room.sheet(marks))
    assert opened.asked == []
    room.open_map()
    loser = str(room.org_of(weak))
    lock = bodies(door, room, "technical.lock")[0]
    assert lock["failed"] == [loser] and loser not in lock["passed"] and len(lock["passed"]) == 5
    assert sorted(map(str, opened.asked)) == lock["passed"]
    for org in opened.asked[:-1]:
        opened.price(org, "130000000.00")
    room.prices_in()
    assert room.view(room.tender.supervisor).state is State.COMMERCIAL
    opened.fail(opened.asked[-1])
    room.prices_in()
    result = room.view(room.tender.supervisor).result
    assert result is not None and len(result["rows"]) == 4
    assert {one["code"] for one in result["rejected"]} == {"rejected", "below_minimum"}


def test_when_nobody_passes_no_price_envelope_is_asked_for(room: Room, opened: OpenedBids) -> None:
    room.locked("0.5")
    assert opened.asked == [] and room.view(room.tender.supervisor).state is State.SUMMARY


@pytest.mark.begins(None)
def test_a_reference_price_is_opened_by_the_tenderer_before_the_summary(
    door: Door, clock_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = OpenedBids().put(monkeypatch)
    one = Room(tender(door, clock_file), opened)
    case, salt = one.tender.reserve(), bytes(range(32))
    one.ready(reference_price_commit=commitment(case, "1", "131000000.00", salt))
    one.locked()
    for org in opened.asked:
        opened.price(org, "130000000.00")
    one.prices_in()
    assert one.view(one.tender.supervisor).state is State.COMMERCIAL
    body = {"value": "131000000.00", "salt": salt.hex()}
    wrong = body | {"value": "131000000.01"}
    tenderer = one.tender.tenderer
    assert (
        refused(RuleBroken, one.signed, tenderer, "reference_price.open", wrong, references.open_reference, step_up=True)
        == "reference_price.differs"
    )
    assert one.signed(tenderer, "reference_price.open", body, references.open_reference, step_up=True) == {"state": "summary"}
    shown = one.view(one.tender.supervisor).scoring_case
    assert shown is not None and shown["reference_price"] == "131000000.00"


@pytest.mark.begins(LOCKED)
def test_prices_reach_the_room_through_the_outbox(room: Room, door: Door, opened: OpenedBids, tmp_path: Path) -> None:
    for org in opened.asked:
        opened.price(org, "130000000.00")
    payload = {"lot_id": str(room.tender.lot_id)}
    room.tender.step(lambda work, _lot: work.send("commercial.opened", "one", payload))
    subscriptions = {"commercial.opened": jobs.prices_arrived}
    assert outbox.deliver(door, subscriptions) == 1
    assert room.view(room.tender.supervisor).state is State.SUMMARY


@pytest.mark.on_both
def test_prices_of_a_lot_without_a_room_change_nothing(room: Room) -> None:
    room.prices_in()
    with pytest.raises(NotFound):
        room.view(room.tender.supervisor)


@pytest.mark.begins(SUMMARISED)
def test_a_dissent_stands_beside_the_signature_and_the_last_one_submits(room: Room, door: Door) -> None:
    room.draft_report()
    room.draft_report("00" * 32)
    first, *others = room.members
    assert refused(RuleBroken, room.sign_report, first, digest="ab" * 32) == "report.sign.other_report"
    room.sign_report(first, "T-41 的工期评分理由不足")
    assert refused(WrongState, room.sign_report, first) == "report.sign.twice"
    view = room.view(first)
    assert [one.dissent for one in door.read(lambda session: signatures.signatures(session, view)) if one.signed] == [
        "T-41 的工期评分理由不足"
    ]
    with pytest.raises(NotAllowed):
        host = room.view(room.tender.centre)
        door.read(lambda session: signatures.signatures(session, host))
    for who in others:
        room.sign_report(who)
    assert room.tender.lot.report_sha256 == "5e" * 32 and room.tender.lot.case_sha256 == bodies(door, room, "summary")[0]["case_sha256"]


@pytest.mark.begins(SCORING)
@pytest.mark.on_both
def test_a_sheet_carries_the_digest_that_its_seat_was_told(room: Room, door: Door) -> None:
    room.submit(room.members[0])
    stored = door.read(lambda session: chain.find(session, room.case, "score"))[0]
    assert stored.subject == sha256(stored.envelope.payload).hex()


@pytest.mark.begins(SUMMARISED)
def test_the_benchmark_is_that_of_the_offline_command(room: Room) -> None:
    result = room.view(room.tender.supervisor).result
    prices = [Decimal(130_000_000 + place * 1_000_000) for place in range(6)]
    assert result is not None and Decimal(result["benchmark"]) == sum(prices) / 6
