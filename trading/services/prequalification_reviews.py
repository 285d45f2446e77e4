"""A round of prequalification once its applications are open: reviewed on signed sheets, concluded, told to each applicant alone."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from core.identity.services.acts import Act, Expect, SignedRequest, once
from core.kernel import clock
from core.kernel.errors import NotAllowed, RuleBroken
from core.kernel.ids import CaseId, LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.work import Work
from trading.domain import prequalification as rules
from trading.domain.failure import FailureReason
from trading.domain.prequalification import FEWEST_APPLICANTS, Reviewers, RoundAction
from trading.domain.prequalification_review import Conclusion, ReviewSheet, check_sheet, letter_number
from trading.events_prequalification import ResultTold, RoundConcluded, SheetSigned
from trading.models.lot import Lot
from trading.models.prequalification import Prequalification, RoundResult, RoundReviewer
from trading.models.project import Project
from trading.queries import prequalification_reviews as queries
from trading.queries import prequalifications as rounds
from trading.queries.lots import split
from trading.queries.prequalifications import RoundView
from trading.services.lots import hold
from trading.services.prequalifications import SYSTEM, fail, row_of, step

Held = tuple[Lot, Project, Prequalification]


def review(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """A reviewer signs the own sheet, once, over every applicant; the last one completes the review.

    Raises NotAllowed for who does not review, RuleBroken for a sheet that leaves something out (实施条例 art. 18)."""
    case, no = split(number)
    return once(work, request, Expect("prequalification.review", case, no, step_up=True), lambda act: _review(work, number, act))


def _review(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    row = row_of(work, lot)
    now, lot_id = work.now(), LotId(lot.id)
    mine = _own_seat(work, (lot, project, row), act)
    waiting = [one for one in queries.seats(work.session, lot_id) if one.signed_at is None]
    facts = rounds.with_committee(rounds.round_facts(row, lot.regime, now), True, len(waiting))
    row.state = rules.MOVES.choose(RoundAction.REVIEW, row.state, frozenset({act.role}), facts)
    if mine.signed_at is not None:
        raise RuleBroken("prequalification.sheet.signed_already")
    sheet = ReviewSheet.read(act.body)
    applicants = [one.org for one in queries.applicants(work.session, lot_id) if one.opened]
    check_sheet(sheet, RoundView.of(row).criteria, applicants)
    mine.sheet, mine.sheet_sha256, mine.signed_at = cast(JSON, dict(act.body)), act.payload_sha256, now
    work.session.flush()
    work.record(SheetSigned(case=CaseId(project.number), lot=lot.no, signed=act.envelope))
    if waiting == [mine]:
        row.state = rules.MOVES.choose(RoundAction.SUM_UP, row.state, SYSTEM, replace(facts, waiting=0))
    return {"lot": number, "signed_at": clock.text(now), "state": row.state.value}


def _own_seat(work: Work, held: Held, act: Act) -> RoundReviewer:
    """The signer's seat. Where the tenderer reviews, one of its people signs for it: whoever does has the seat."""
    lot, project, row = held
    found = queries.seat(work.session, LotId(lot.id), act.person)
    is_own = act.role is Role.TENDERER and work.actor.org == project.tenderer_org
    if is_own and row.reviewers is Reviewers.TENDERER and not queries.seats(work.session, LotId(lot.id)):
        name, key = queries.name_of(work.session, act.person), new_id(work.now())
        found = RoundReviewer(id=key, lot_id=lot.id, person_id=act.person, name=name, expert=False, sheet=None, sheet_sha256="")
        work.session.add(found)
        work.session.flush()
    if found is None or (act.role is Role.EXPERT) is not found.expert:
        raise NotAllowed("prequalification.not_reviewer")
    return found


def conclude(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The tenderer signs what the sheets come to; every applicant has its letter in the same transaction (实施条例 art. 19). With three or
    more passers the lot is open to them alone; with fewer it has failed and is tendered again.

    Raises RuleBroken for another result than the sheets', or while an objection waits."""
    case, no = split(number)
    expect = Expect("prequalification.conclude", case, no, role=Role.TENDERER, step_up=True)
    return once(work, request, expect, lambda act: _conclude(work, number, act))


def _conclude(work: Work, number: str, act: Act) -> dict[str, JSON]:
    lot, project = hold(work, number)
    row = row_of(work, lot)
    said, lot_id = Conclusion.read(act.body), LotId(lot.id)
    facts = rounds.round_facts(row, lot.regime, work.now())
    counted = queries.outcomes(work.session, row) if queries.all_signed(work.session, lot_id) else ()
    passed = sum(one.passed for one in counted)
    action = RoundAction.CONCLUDE if passed >= FEWEST_APPLICANTS else RoundAction.FAIL_REVIEWED
    step(work, (lot, project, row), action, act.role, replace(facts, passed=passed))
    if said.results != counted:
        raise RuleBroken("prequalification.result_other", rules.REVIEW_ARTICLE[lot.regime])
    row.result_sha256, row.concluded_at = act.payload_sha256, facts.now
    work.record(RoundConcluded(case=CaseId(project.number), lot=lot.no, signed=act.envelope, subject=row.result_sha256, passed=passed))
    _tell(work, (lot, project, row), said)
    if action is RoundAction.FAIL_REVIEWED:
        fail(work, (lot, project), FailureReason.FEW_PASSED)
    else:
        lot.awaits_round, lot.prequalified = False, True
    return {"lot": number, "state": row.state.value}


def _tell(work: Work, held: Held, said: Conclusion) -> None:
    """Each applicant's letter, with its reasons where it did not pass; of the others it says nothing."""
    lot, project, row = held
    at = work.now()
    titles = {one.id: one.title for one in RoundView.of(row).criteria}
    for one in said.results:
        letter = letter_number(row.result_sha256, one.org)
        failures: list[JSON] = [failed.to_json() | {"title": titles.get(failed.criterion, "")} for failed in one.failures]
        work.session.add(
            RoundResult(
                id=new_id(at),
                lot_id=lot.id,
                org_id=one.org,
                org_name=one.name,
                uscc=one.uscc,
                number=letter,
                passed=one.passed,
                failures=failures,
                told_at=at,
            )
        )
        work.record(
            ResultTold(
                case=CaseId(project.number),
                lot=lot.no,
                subject=letter,
                org=one.org,
                name=one.name,
                passed=one.passed,
                failures=one.failures,
                result_sha256=row.result_sha256,
            )
        )
    work.session.flush()
