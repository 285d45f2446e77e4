"""Applications at and after their deadline: locked, listed, opened by the offices behind closed doors; never where too few applied."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from core.identity.services.acts import Act, SignedRequest
from core.kernel.clock import text
from core.kernel.db import lock
from core.kernel.ids import CaseId, LotId, new_id
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from core.kernel.sealing import Purpose
from core.kernel.work import Work
from trading.domain import application
from trading.domain import bid as bids
from trading.domain import opening as rules
from trading.domain import prequalification as rounds
from trading.domain.bid import BidFacts
from trading.domain.clock import LegalRegime
from trading.domain.failure import FailureReason
from trading.domain.opening import OpeningAction, OpeningState
from trading.domain.prequalification import FEWEST_APPLICANTS, RoundAction, RoundState
from trading.events_applications import ApplicationsClosed, ApplicationsOpening
from trading.models.bid import Application
from trading.models.lot import Lot
from trading.models.opening import AnyOpening, ApplicationOpening
from trading.models.prequalification import Prequalification
from trading.queries import openings as queries
from trading.queries.calls import call
from trading.queries.lots import split
from trading.queries.prequalifications import round_facts
from trading.services import prequalifications
from trading.services.held import Held, act_in_hall
from trading.services.lots import hold_by_id
from trading.services.openings import force_checkpoint, lock_sealed

_SYSTEM = frozenset({Role.SYSTEM})


def close(work: Work, lot_id: LotId) -> RoundState:
    """At the round's deadline: locks what was sealed, lets what is unfinished lapse, makes the closing list.

    With fewer than three applications the lot fails, and they stay shut for ever (招标投标法实施条例 art. 19). Doing it again changes
    nothing. Raises WrongState before the deadline, RuleBroken while an objection stops the round.
    """
    lot, project = hold_by_id(work, lot_id)
    row, now = prequalifications.row_of(work, lot), work.now()
    if not application.is_awaited(row.state):
        return row.state
    facts = call(work.session, lot, Purpose.APPLICATION, now).facts(now)
    if (early := bids.deadline_has_passed(facts)) is not None:
        raise early
    accepted = _list(work, lot, facts)
    told = replace(round_facts(row, lot.regime, now), applications=len(accepted))
    action = RoundAction.CLOSE if len(accepted) >= FEWEST_APPLICANTS else RoundAction.FAIL
    row.state, row.closed_at = rounds.MOVES.choose(action, row.state, _SYSTEM, told), now
    if action is RoundAction.CLOSE:
        work.session.add(_opening(lot, now))
    else:
        prequalifications.fail(work, (lot, project), FailureReason.FEW_APPLICANTS)
    force_checkpoint(work, ApplicationsClosed.KIND, lot.number)
    return row.state


def _list(work: Work, lot: Lot, facts: BidFacts) -> list[str]:
    """The seals that stood at the deadline, recorded."""
    accepted, applicants = lock_sealed(work, lot, Application, facts)
    assert facts.deadline is not None  # or it would be early
    case, no = split(lot.number)
    told = ApplicationsClosed(
        case=CaseId(case),
        lot=no,
        round=application.ROUND,
        subject=no,
        deadline=facts.deadline,
        accepted=sorted(accepted),
        bidders=applicants,
    )
    work.record(told)
    return accepted


def _opening(lot: Lot, now: datetime) -> ApplicationOpening:
    return ApplicationOpening(
        id=new_id(now),
        lot_id=lot.id,
        round=application.ROUND,
        env=application.ENVELOPE.env,
        state=OpeningState.SCHEDULED,
        began_at=now,
        record=b"",
        record_sha256="",
    )


def start(work: Work, number: str, request: SignedRequest) -> dict[str, JSON]:
    """The host has the offices open them: from here on two of three release their shares. Nobody is listed and nothing is read out."""

    def do(held: Held, act: Act) -> dict[str, JSON]:
        held.move(OpeningAction.OPEN_CLOSED)
        rules.check_close(act.body, queries.close_sha256(work.session, held.lot, ApplicationsClosed.KIND))
        opening = held.opening
        opening.started_at = opening.release_from = opening.release_until = held.now
        opening.rescue_until = held.now + application.SHARES_WINDOW
        held.witness(ApplicationsOpening.KIND)
        held.record(ApplicationsOpening, act, subject=held.lot.no, until=opening.rescue_until)
        return held.answer | {"until": text(opening.rescue_until)}

    return act_in_hall(work, number, request, (ApplicationsOpening.KIND, Role.CENTRE), do, step_up=True)


def end(work: Work, opening: AnyOpening, regime: LegalRegime) -> None:
    """The batch has opened them: the room is closed, and the round goes on to its review."""
    opening.closed_at = now = work.now()
    row = lock(work.session, Prequalification, Prequalification.lot_id == opening.lot_id)
    row.state = rounds.MOVES.choose(RoundAction.OPEN, row.state, _SYSTEM, round_facts(row, regime, now))
    row.opened_at = now
