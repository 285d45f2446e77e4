"""What follows by itself when the last member has done their part: assembly, election, decisions, lock, summary, submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from core.kernel.drills import is_drill
from core.kernel.errors import NotFound
from core.kernel.events import as_json
from core.kernel.ids import LotId, OrgId
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.checking import findings
from evaluation.domain.committee import Elected, VoteAgain
from evaluation.domain.finding import corrected
from evaluation.domain.parts import TECHNICAL, parts_of
from evaluation.domain.report import recommended
from evaluation.domain.room import Action
from evaluation.domain.scoring_case import PricedBid, assemble, digest, full_result, technical_result
from evaluation.domain.sheet import BidScores
from evaluation.events import (
    BlindMapOpened,
    ChairElected,
    ChairTied,
    CommitteeAssembled,
    PricesScored,
    ReportSubmitted,
    ReviewOpened,
    Summarised,
    TechnicalLocked,
)
from evaluation.events_scoring import ConsistencyChecked
from evaluation.queries import doubts, questions, sheets, unlocks, weighings
from evaluation.queries import findings as answered
from evaluation.queries.votes import is_lacking
from evaluation.services import deciding, doubt_counts, ties
from evaluation.services.lifting import drop_other_bids
from evaluation.services.locked import LockedRoom
from trading.domain.award import AcceptedReport, Recommended
from trading.queries import lots
from trading.services import awards, openings
from trading.services import lots as lot_services


def go_on(work: Work, room: LockedRoom) -> dict[str, JSON]:
    """Takes every step that is due by itself; returns the state that was reached."""
    while steps := [action for action in room.ready() if action in STEPS]:
        STEPS[steps[0]](room)
        work.session.flush()
    return {"state": room.row.state.value}


def prices_arrived(work: Work, lot_id: LotId) -> None:
    """The price envelopes of a lot have been opened, or could not be: summarises when none is awaited."""
    try:
        room = LockedRoom(work, lots.by_id(work.session, lot_id))
    except NotFound:
        return
    go_on(work, room)


def _assemble(room: LockedRoom) -> None:
    room.follow(Action.ASSEMBLE)
    room.work.record(CommitteeAssembled(case=room.lot.case, lot=room.lot.no, seats=[seat.code for seat in room.seats]))
    if room.row.assembled_at is None:  # in a round; a successor's sign-in begins nothing anew
        room.row.assembled_at = room.now
        lot_services.begin_evaluation(room.work, room.lot.id)


def _vote_again(room: LockedRoom) -> None:
    tied = room.election()
    assert isinstance(tied, VoteAgain)
    room.follow(Action.VOTE_AGAIN)
    room.work.record(ChairTied(case=room.lot.case, lot=room.lot.no, round=room.row.chair_round, among=tied.among))
    room.row.chair_round, room.row.chair_among = room.row.chair_round + 1, list(tied.among)
    room.row.chair_ties += 1


def _elect(room: LockedRoom) -> None:
    chosen = room.election()
    assert isinstance(chosen, Elected)
    room.follow(Action.ELECT)
    room.row.chair = chosen.code
    lot, round_ = room.lot, room.row.chair_round
    room.work.record(ChairElected(case=lot.case, lot=lot.no, round=round_, chair=chosen.code, drawn=chosen.drawn))


def _begin_review(room: LockedRoom) -> None:
    room.follow(Action.BEGIN_REVIEW)
    room.work.record(ReviewOpened(case=room.lot.case, lot=room.lot.no, bids=sorted(room.map())))


def _close_review(room: LockedRoom) -> None:
    room.follow(Action.CLOSE_REVIEW)
    drop_other_bids(room.work, room)


def _close_vote(room: LockedRoom) -> None:
    room.follow(Action.CLOSE_VOTE)
    drop_other_bids(room.work, room)


def _sheets(room: LockedRoom, parts: Sequence[str]) -> dict[str, list[BidScores]]:
    """Seat → the signed sheets of these parts as one."""
    return sheets.signed(room.work.session, room.code_of, parts)


def _lock(room: LockedRoom) -> None:
    """Technical scores are final: who passed is computed; the code names wait for two signatures."""
    case = assemble(room.method, [PricedBid(code) for code in room.standing()], _sheets(room, (TECHNICAL,)))
    result = technical_result(case)
    room.follow(Action.LOCK)
    room.row.technical, room.row.locked_at = result.to_json(), room.now
    held = {code: str(org) for code, org in room.map().items()}
    passed, failed = sorted(held[code] for code in result.passed), sorted(held[code] for code in result.failed)
    lot = room.lot
    room.work.record(TechnicalLocked(case=lot.case, lot=lot.no, passed=passed, failed=failed, result_sha256=digest(result.to_json())))
    room.work.send("log.checkpoint", f"technical.lock/{room.row.id}/{room.row.vote_round}", {"reason": "technical.lock"})


def _unseal(room: LockedRoom) -> None:
    """Both offices have signed: the code names are opened, and the price envelopes of the passed are asked for, by their organisations."""
    room.follow(Action.UNSEAL)
    drop_other_bids(room.work, room)
    held, lot = room.map(), room.lot
    opened = {code: str(org) for code, org in held.items()}
    room.work.record(BlindMapOpened(case=lot.case, lot=lot.no, salt=room.row.blind_salt.hex(), map=opened))
    asked = cast("list[str]", room.row.asked or [])
    new = [code for code in room.passed() if code not in asked]
    room.row.asked = [*asked, *new]
    if new and len(lot.envelopes) > 1:  # each is asked for once, whatever a replacement changes
        openings.request_commercial(room.work, lot.id, [OrgId(held[code]) for code in new])


def _summarise(room: LockedRoom) -> None:
    room.follow(Action.SUMMARISE)
    _conclude(room, parts_of(room.lot.method))


def _reject_all(room: LockedRoom) -> None:
    """No bid is left: the report says so, and the lot is tendered again (招标投标法 art. 42)."""
    room.follow(Action.REJECT_ALL)
    _conclude(room, (TECHNICAL,))


def _conclude(room: LockedRoom, parts: Sequence[str]) -> None:
    """All is known: added up, and the report falls due unless somebody has to answer to what is found."""
    _add_up(room, _sheets(room, parts))
    room.row.summarised_at = room.now
    if not answered.waiting(room.work.session, room.row, room.code_of):
        _report_due(room)


def _settle(room: LockedRoom) -> None:
    """Everybody has answered to what was found: where somebody scored again, all is added up again."""
    room.follow(Action.SETTLE)
    said = answered.answers(room.work.session, room.code_of)
    if any(one.score for given in said.values() for one in given):
        _add_up(room, corrected(_sheets(room, parts_of(room.lot.method)), said))
    room.row.settled_at = room.now
    _report_due(room)


def _close_doubts(room: LockedRoom) -> None:
    """Nothing of any doubt is awaited: where other scores count now, all is added up again; the report falls due."""
    room.follow(Action.CLOSE_DOUBTS)
    if doubt_counts.close(room.work, room):
        _add_up(room, corrected(_sheets(room, parts_of(room.lot.method)), doubts.corrections(room.work.session, room.row, room.code_of)))
    room.row.settled_at = room.row.settled_at or room.now
    _report_due(room)


def lots_drawn(work: Work, room: LockedRoom) -> None:
    """Lots were drawn among equal bids: the report falls due once no other draw is waited for."""
    _report_due(room)


def _report_due(room: LockedRoom) -> None:
    """All is settled: the report, unless equal bids wait for a draw of lots."""
    if ties.decide(room.work, room):
        sitting = doubts.sitting(room.work.session, room.row)
        room.work.send("report.due", f"{room.row.id}/{sitting}", {"evaluation": str(room.row.id)})


def _add_up(room: LockedRoom, counting: Mapping[str, Sequence[BidScores]]) -> None:
    """The case is put together from these sheets and evaluated by the functions of the offline command."""
    case = assemble(room.method, _bids_in(room), counting)
    result = full_result(case)
    row, lot = room.row, room.lot
    row.scoring_case, row.result = case, result
    found = findings(lot.method, lot.score_rules, counting)
    row.findings = as_json(found)
    rows = cast("list[dict[str, Any]]", result["rows"])
    scores = {one["bid"]: str(one["price_score"] or "") for one in rows}
    room.work.record(PricesScored(case=lot.case, lot=lot.no, benchmark=str(result["benchmark"] or ""), scores=scores))
    room.work.record(
        Summarised(case=lot.case, lot=lot.no, case_sha256=digest(case), result_sha256=digest(result), document=case, result=result)
    )
    room.work.record(ConsistencyChecked(case=lot.case, lot=lot.no, findings=found))


def _bids_in(room: LockedRoom) -> list[PricedBid]:
    """The bids of the case: none where competition was lacking before any was scored; later every one of them is out."""
    lacking = is_lacking(room.row)
    if room.row.technical is None:
        return [] if lacking else [PricedBid(code) for code in room.standing()]
    prices, corrections = room.prices(), questions.accepted(room.work.session, room.row.id)
    out, weighed = questions.out_by_price(room.row), weighings.weighings(room.work.session, room.row, room.lot)
    changes, preferences = weighed.adjustments(), weighed.preferences()
    found = []
    for code in room.standing():
        bid = prices.get(code)
        failed = lacking or code in out or (bid is not None and bid.price_failed)
        adjustments = [*corrections.get(code, ()), *changes.get(code, ())]
        found.append(PricedBid(code, None if bid is None else bid.price, failed, adjustments, preferences.get(code, "")))
    return found


def _submit(room: LockedRoom) -> None:
    """Every member has signed, or refused to: the report goes to the tenderer."""
    room.follow(Action.SUBMIT)
    row, lot = room.row, room.lot
    row.submitted_at = room.now
    chosen = recommended(cast("dict[str, Any]", row.result))
    held = room.map()
    ranked = not lot.separation
    orgs = [str(held[one.code]) for one in chosen]
    case_sha256 = digest(row.scoring_case)
    room.work.record(
        ReportSubmitted(
            case=lot.case,
            lot=lot.no,
            report_sha256=row.report_sha256,
            case_sha256=case_sha256,
            ranked=ranked,
            candidates=orgs if ranked else sorted(orgs),
            unsigned=sorted(unlocks.refusals(room.work.session, room.code_of), key=int),
        )
    )
    if is_drill(lot.case):
        return  # nobody awards what was invented
    if not chosen:
        awards.reject_all(room.work, lot.id, row.report_sha256)
        return
    candidates = tuple(Recommended(OrgId(held[one.code]), one.price, one.rank) for one in chosen)
    awards.accept_report(room.work, lot.id, AcceptedReport(row.report_sha256, case_sha256, ranked, candidates))


STEPS: dict[Action, Callable[[LockedRoom], None]] = {
    Action.ASSEMBLE: _assemble,
    Action.VOTE_AGAIN: _vote_again,
    Action.ELECT: _elect,
    Action.KEEP_CHAIR: lambda room: room.follow(Action.KEEP_CHAIR),
    Action.BEGIN_REVIEW: _begin_review,
    Action.DECIDE_REVIEW: lambda room: deciding.decide_review(room.work, room),
    Action.PUT_TO_VOTE: lambda room: deciding.put_to_vote(room.work, room),
    Action.CLOSE_REVIEW: _close_review,
    Action.DECIDE_REJECTIONS: lambda room: deciding.decide_rejections(room.work, room),
    Action.DECIDE_COMPETITION: lambda room: deciding.decide_competition(room.work, room),
    Action.CLOSE_VOTE: _close_vote,
    Action.REJECT_ALL: _reject_all,
    Action.LOCK: _lock,
    Action.FLAG_PRICES: lambda room: deciding.flag_prices(room.work, room),
    Action.DECIDE_PRICE: lambda room: deciding.decide_price(room.work, room),
    Action.DECIDE_WEIGHING: lambda room: deciding.decide_weighing(room.work, room),
    Action.UNSEAL: _unseal,
    Action.SUMMARISE: _summarise,
    Action.SETTLE: _settle,
    Action.DECIDE_DOUBT: lambda room: doubt_counts.decide(room.work, room),
    Action.CLOSE_DOUBTS: _close_doubts,
    Action.SUBMIT: _submit,
}
