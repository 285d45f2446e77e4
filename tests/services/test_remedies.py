"""Objections and complaints through the services, on both databases: what they stop, whom they name, and what the clock does with them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from core.kernel import chain
from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.calendar import legal_day
from core.kernel.errors import NotFound, Refusal, RuleBroken, WrongState
from core.kernel.roles import Role
from core.kernel.work import Commit, Door
from tests.builders.people import Person
from tests.builders.remedies import Remedies, remedies
from tests.builders.trading import DAY, Tender, tender
from trading.domain.complaint import ComplaintState
from trading.domain.lot import LotState
from trading.domain.objection import ObjectionState
from trading.queries import due, remedies_due
from trading.services import complaint_handling, objections, publicity

pytestmark = pytest.mark.sqlite_alone


@pytest.fixture
def world(door: Door, clock_file: Path) -> Remedies:
    """A lot of works that takes bids, and four firms."""
    made = tender(door, clock_file).bidding("RANK_ONE")
    made.join_bidders(4)
    return remedies(made)


def shown(door: Door, clock_file: Path, regime: str = "construction") -> Remedies:
    """A lot whose candidates have just been published."""
    made = tender(door, clock_file, regime).evaluated("RANK_ONE")
    made.publish_candidates()
    return remedies(made)


def kinds(world: Remedies) -> list[str]:
    """The kinds of the case's events, in order."""
    events = world.tender.door.read(lambda session: chain.events(session, world.tender.case))
    return [event.kind for event in events if event.kind.split(".")[0] in ("objection", "complaint", "bidding")]


def refusal(do: object, *said: object, **more: object) -> Refusal:
    """What is answered."""
    with pytest.raises(Refusal) as refused:
        do(*said, **more)  # type: ignore[operator]
    return refused.value


@pytest.mark.on_both
def test_bidding_stands_still_until_every_objection_to_the_document_is_answered(world: Remedies) -> None:
    lot = world.tender
    first, second = (world.object(firm) for firm in lot.bidders[:2])
    assert (lot.lot.state, lot.lot.unanswered) == (LotState.SUSPENDED, 2)
    world.answer(first)
    assert lot.lot.state is LotState.SUSPENDED
    world.withdraw(lot.bidders[1], second)
    assert (lot.lot.state, lot.lot.unanswered) == (LotState.BIDDING, 0)
    assert kinds(world) == [
        *("bidding.open", "objection.file", "bidding.halt", "objection.file"),
        *("objection.answer", "objection.withdraw", "bidding.go_on"),
    ]
    assert first.startswith("YY-") and first != second


def test_an_objection_comes_ten_days_before_the_deadline_or_not_at_all(world: Remedies) -> None:
    deadline = world.tender.lot.deadline
    assert deadline is not None
    world.tender.jump(deadline - 9 * DAY)
    late = refusal(world.object, world.tender.bidders[0])
    assert isinstance(late, RuleBroken) and (late.code, late.article) == ("objection.too_late", "招标投标法实施条例第二十二条")
    assert kinds(world) == ["bidding.open"]


def test_an_answer_after_the_third_day_is_marked_late_and_says_why(world: Remedies) -> None:
    number = world.object(world.tender.bidders[0])
    assert world.tick(remedies_due.unanswered, objections.find_late) == 0
    world.tender.jump(world.objection(number).due_at)
    assert [world.tick(remedies_due.unanswered, objections.find_late) for _ in range(2)] == [1, 0]
    assert world.objection(number).state is ObjectionState.UNANSWERED_OVERDUE
    assert world.tender.lot.state is LotState.SUSPENDED
    assert refusal(world.answer, number).code == "remedy.late_unexplained"
    world.answer(number, late_reason="设计单位回复延误。")
    assert world.tender.lot.state is LotState.BIDDING


def test_whoever_objects_stays_unnamed_to_all_but_the_filer(world: Remedies, commits: list[Commit]) -> None:
    firm = world.tender.bidders[0]
    assert refusal(world.object, firm, facts=f"我们{firm.org_name}认为不妥。").code == "remedy.names_a_firm"
    number = world.object(firm)
    for named in world.tender.bidders[0], world.tender.bidders[3]:  # the same answer whether it is the filer's name or not
        assert refusal(world.answer, number, answer=f"致{named.org_name}：不限定品牌。").code == "remedy.names_a_firm"
    world.answer(number, world.tender.agency)
    heard = [entry for commit in commits for entry in commit.entries if entry.kind.startswith(("objection", "bidding.halt"))]
    assert {entry.audience for entry in heard} == {"public", "tenderer", "host", "supervisor", f"bidder:{firm.org}"}
    others = str([entry.data for entry in heard])
    assert str(firm.org) not in others and firm.org_name not in others


@pytest.mark.on_both
def test_an_objection_to_the_result_stops_award_and_contract_until_it_is_answered(door: Door, clock_file: Path) -> None:
    world = shown(door, clock_file)
    lot = world.tender
    number = world.object(lot.bidders[3], "result", capacity="interested_party", interest="联合体成员")
    until = lot.lot.publicity_until
    assert until is not None
    lot.jump(until)
    stopped = refusal(lot.step, publicity.end)
    assert isinstance(stopped, RuleBroken) and (stopped.code, stopped.article) == (
        "lot.objection_unanswered",
        "招标投标法实施条例第五十四条",
    )
    assert door.read(lambda session: due.publicity_over(session, lot.now)) == []
    world.answer(number, late_reason="节假日调取材料。" if lot.now >= world.objection(number).due_at else "")
    assert door.read(lambda session: due.publicity_over(session, lot.now)) == [lot.lot_id]
    lot.step(publicity.end)
    assert lot.lot.state is LotState.AWARDED


def test_a_bidder_who_did_not_bid_has_no_objection_to_the_result(door: Door, clock_file: Path) -> None:
    world = shown(door, clock_file)
    stranger = world.tender.crowd.join(Role.BIDDER, "外地建筑工程有限公司")
    assert refusal(world.object, stranger, "result").code == "objection.took_no_part"
    until = world.tender.lot.publicity_until
    assert until is not None
    world.tender.jump(until)
    assert refusal(world.object, world.tender.bidders[0], "result").code == "objection.too_late"


def test_a_challenge_stops_the_contract_and_nothing_before_it(door: Door, clock_file: Path) -> None:
    world = shown(door, clock_file, "government_procurement")
    lot = world.tender
    lot.end_publicity()
    lot.send_award_notice()
    number = world.object(lot.bidders[1], "result")
    assert number.startswith("ZY-")
    stopped = refusal(lot.sign_contract, lot.tenderer)
    assert isinstance(stopped, RuleBroken) and (stopped.code, stopped.article) == (
        "lot.challenge_unanswered",
        "政府采购法实施条例第五十四条",
    )
    world.answer(number)
    lot.sign_contract(lot.tenderer)
    lot.sign_contract(lot.bidders[0])
    assert lot.lot.state is LotState.CONTRACTED


def test_a_challenge_to_the_document_does_not_stop_bidding(door: Door, clock_file: Path) -> None:
    made = tender(door, clock_file, "government_procurement").bidding("RANK_ONE")
    made.join_bidders(1)
    world = remedies(made)
    number = world.object(made.bidders[0])
    assert made.lot.state is LotState.BIDDING
    assert kinds(world) == ["bidding.open", "objection.file"]
    assert refusal(world.complain, made.bidders[0], "document", number).code == "complaint.answer_running"
    made.jump(world.objection(number).due_at)
    assert world.complain(made.bidders[0], "document", number).startswith("TS-")


def test_a_complaint_needs_its_objection_first_and_each_is_of_its_filer(world: Remedies) -> None:
    firm, other = world.tender.bidders[:2]
    first = refusal(world.complain, firm)
    assert isinstance(first, RuleBroken) and (first.code, first.article) == ("complaint.objection_first", "招标投标法实施条例第六十条")
    number = world.object(firm)
    assert refusal(world.complain, firm, "document", number).code == "complaint.answer_running"
    world.answer(number)
    assert isinstance(refusal(world.complain, other, "document", number), NotFound)
    assert isinstance(refusal(world.withdraw, other, number), NotFound)
    complaint = world.complain(firm, "document", number)
    assert refusal(world.complain, firm, "document", number).code == "complaint.twice"
    assert refusal(world.complain, firm, "document", number, files=[]).code == "complaint.twice"
    assert isinstance(refusal(world.take_back, other, complaint), NotFound)
    world.take_back(firm, complaint)
    assert refusal(world.complain, firm, "document", number, files=[]).code == "complaint.request_and_evidence"


@pytest.mark.on_both
def test_the_authority_takes_on_looks_into_suspends_decides_and_publishes(world: Remedies) -> None:
    lot, firm = world.tender, world.tender.bidders[0]
    number = world.complain(firm, "other")
    assert refusal(world.handle, "decide", number).code == "complaint.decide.wrong_state"
    world.handle("accept", number)
    world.handle("suspend", number)
    assert (lot.lot.state, lot.lot.stays) == (LotState.SUSPENDED, 1)
    objection = world.object(firm)
    world.answer(objection)
    assert lot.lot.state is LotState.SUSPENDED  # the order still stands
    world.handle("decide", number)
    assert (lot.lot.state, lot.lot.stays) == (LotState.BIDDING, 0)
    assert refusal(world.handle, "publish", number, text=f"{firm.org_name}投诉成立。").code == "remedy.names_a_firm"
    world.handle("publish", number)
    assert world.complaint(number).state is ComplaintState.PUBLISHED
    assert [kind for kind in kinds(world) if kind.startswith(("complaint", "bidding"))] == [
        *("bidding.open", "complaint.file", "complaint.accept", "complaint.suspend", "bidding.halt"),
        *("complaint.decide", "complaint.lapse", "bidding.go_on", "complaint.publish"),
    ]


@pytest.mark.on_both
def test_an_order_stops_the_award_until_it_is_lifted_or_has_run_out(door: Door, clock_file: Path) -> None:
    world = shown(door, clock_file)
    lot = world.tender
    number = world.investigated(lot.bidders[1], "other", capacity="bidder")
    last = legal_day(lot.now + 10 * DAY)
    world.handle("suspend", number, until=last.isoformat())
    until = lot.lot.publicity_until
    assert until is not None
    lot.jump(until)
    stopped = refusal(lot.step, publicity.end)
    assert isinstance(stopped, RuleBroken) and (stopped.code, stopped.article) == ("lot.stayed", "招标投标法实施条例第六十二条")
    world.handle("lift", number)
    lot.step(publicity.end)
    again = legal_day(lot.now + DAY)
    world.handle("suspend", number, until=again.isoformat())
    assert refusal(lot.send_award_notice).code == "lot.stayed"
    assert world.tick(remedies_due.run_out, complaint_handling.lapse) == 0
    lot.jump(lot.now + 2 * DAY)
    assert [world.tick(remedies_due.run_out, complaint_handling.lapse) for _ in range(2)] == [1, 0]
    lot.send_award_notice()
    assert lot.lot.state is LotState.NOTICE_SENT


def test_a_second_authority_hands_the_same_complaint_to_the_first(world: Remedies) -> None:
    firm, second = world.tender.bidders[0], world.tender.crowd.join(Role.SUPERVISOR, "临江市发展和改革委员会")
    first = world.complain(firm, "other")
    again = world.complain(firm, "other", authority=str(second.org))
    assert isinstance(refusal(world.handle, "accept", first, second), NotFound)  # it is not theirs
    elsewhere = refusal(world.handle, "accept", again, second)
    assert isinstance(elsewhere, RuleBroken) and elsewhere.article == "招标投标法实施条例第六十一条"
    world.handle("hand_over", again, second)
    assert world.complaint(again).state is ComplaintState.HANDED_OVER
    world.handle("accept", first)
    stranger = refusal(world.complain, firm, "other", authority=str(world.tender.agency.org))
    assert stranger.code == "complaint.authority_unknown"


@pytest.mark.on_both
def test_the_clock_marks_an_authority_that_is_late_with_either_word(world: Remedies) -> None:
    number = world.complain(world.tender.bidders[0], "other")
    world.tender.jump(world.complaint(number).acceptance_due)
    assert [world.tick(remedies_due.late_complaints, complaint_handling.find_late) for _ in range(2)] == [1, 0]
    assert world.complaint(number).overdue == "acceptance"
    assert refusal(world.handle, "accept", number).code == "remedy.late_unexplained"
    world.handle("accept", number, late_reason="材料补正。")
    decision_due = world.complaint(number).decision_due
    assert decision_due is not None
    world.tender.jump(decision_due)
    assert world.tick(remedies_due.late_complaints, complaint_handling.find_late) == 1
    assert world.complaint(number).overdue == "decision"


@pytest.mark.on_both
def test_the_clock_closes_what_is_answered_once_nobody_can_complain(world: Remedies) -> None:
    number = world.object(world.tender.bidders[0])
    world.answer(number)
    assert world.tick(remedies_due.settled, objections.close) == 0
    world.tender.jump(world.tender.now + 25 * DAY)
    assert world.tick(remedies_due.settled, objections.close) == 1
    assert world.objection(number).state is ObjectionState.CLOSED


def test_a_case_is_not_closed_over_an_open_complaint_and_nothing_is_filed_after_it(door: Door, clock_file: Path) -> None:
    made = tender(door, clock_file).contracted("RANK_ONE")
    world = remedies(made)
    number = world.complain(made.bidders[1], "other", capacity="bidder")
    assert isinstance(refusal(made.propose_close), WrongState)
    world.handle("refuse", number)
    made.propose_close()
    made.confirm_close()
    closed = refusal(world.complain, made.bidders[1], "other", capacity="bidder")
    assert closed.code == "remedy.case_closed"


def test_files_come_through_the_persons_own_uploads(world: Remedies) -> None:
    mine, other = world.tender.bidders[:2]
    entry = world.evidence(mine)
    assert refusal(world.object, other, files=[entry]).code == "upload.missing"
    assert refusal(world.object, mine, files=[entry | {"size": entry["size"] + 1}]).code == "document.size_other"
    world.object(mine, files=[entry])


@pytest.mark.on_both
def test_saying_it_twice_says_it_once(world: Remedies) -> None:
    firm: Person = world.tender.bidders[0]
    made: Tender = world.tender
    request = firm.act("objection.file", made.case, made.no, body=world.objection_body())
    answers = [made.door.perform(firm.actor, lambda work: objections.file(work, made.number, request)) for _ in range(2)]
    assert answers[0] == answers[1] and made.lot.unanswered == 1
    assert made.door.perform(SYSTEM_ACTOR, lambda work: work.now()) - made.now < timedelta(minutes=1)
