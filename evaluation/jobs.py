"""The package's ticks, and the messages it takes from the outbox."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from core.kernel.actor import SYSTEM_ACTOR
from core.kernel.errors import NotFound
from core.kernel.files import FileStore
from core.kernel.ids import LotId
from core.kernel.outbox import Outside, Subscriber
from core.kernel.ticks import Tick, each
from core.kernel.work import Door, Work
from core.web.platform import Platform
from evaluation import gateway, jobs_calls, jobs_fees, jobs_recording_keeping, jobs_recordings, jobs_seats
from evaluation.queries import contingencies as halted
from evaluation.queries import expert_imports as imported
from evaluation.queries import experts, shield_report, venues
from evaluation.queries import supervision as measures
from evaluation.queries import viewing as views
from evaluation.queries.questions import overdue
from evaluation.queries.report import report_data
from evaluation.services import (
    consents,
    contingencies,
    expert_imports,
    progress,
    reports,
    rounds,
    shields,
    supervision,
    venue_seals,
    viewing,
)
from evaluation.services.questions import find_late

TICKS: tuple[Tick, ...] = (
    Tick("evaluation.take_over_experts", 2.0, each(imported.waiting, expert_imports.take_over)),
    Tick("evaluation.erase_personal_data", 60.0, each(experts.due_for_erasure, consents.erase)),
    *jobs_calls.TICKS,
    Tick("evaluation.faults_overdue", 5.0, each(halted.overdue, contingencies.seal_overdue)),
    Tick("evaluation.hand_overs_late", 300.0, each(venues.hand_over_late, venue_seals.note_late)),
    Tick("evaluation.questions_overdue", 5.0, each(overdue, find_late)),
    Tick("evaluation.measures_overdue", 2.0, each(measures.overdue, supervision.find_late)),
    Tick("evaluation.views_lapsed", 5.0, each(views.lapsed, viewing.find_lapsed)),
)


def ticks(platform: Platform) -> tuple[Tick, ...]:
    """What the clock looks after."""
    seats = (*jobs_recordings.ticks(platform), *jobs_recording_keeping.ticks(platform), *jobs_seats.ticks(platform))
    return (*TICKS, *jobs_fees.ticks(platform), *seats)


def subscriptions(platform: Platform) -> dict[str, Subscriber]:
    """Who hears of which topic."""
    return {**topics(platform.files), **jobs_calls.subscriptions(platform), **jobs_fees.subscriptions(platform)}


def topics(files: FileStore) -> dict[str, Subscriber]:
    """The same for a store at hand: prices that were opened, and reports that fell due."""
    return {
        "commercial.opened": prices_arrived,
        "reevaluation.ordered": evaluate_again,
        "award_report.due": Outside(lambda door, payload: draft_award(door, files, LotId(UUID(str(payload["lot"]))))),
        "report.due": Outside(lambda door, payload: render(door, files, UUID(str(payload["evaluation"])))),
    }


def prices_arrived(work: Work, payload: Mapping[str, Any]) -> None:
    """The price envelopes of a lot are open, or could not be opened."""
    progress.prices_arrived(work, LotId(UUID(str(payload["lot_id"]))))


def evaluate_again(work: Work, payload: Mapping[str, Any]) -> None:
    """An order has the committee of a lot evaluate again."""
    rounds.open_round(work, LotId(UUID(str(payload["lot"]))), str(payload["order"]))


def render(door: Door, files: FileStore, evaluation: UUID) -> None:
    """Typesets the report outside the door and fixes its digest; doing it again gives the same bytes and changes nothing."""
    try:
        data = door.read(lambda session: report_data(session, evaluation))
    except NotFound:  # a member was replaced since: the next summary brings this about anew
        return
    if data.is_drafted:
        return
    stored = files.put(gateway.render_report(data.fields, data.at))
    door.perform(SYSTEM_ACTOR, lambda work: reports.draft(work, evaluation, stored.sha256, data.sitting))


def draft_award(door: Door, files: FileStore, lot: LotId) -> None:
    """Typesets the award report outside the door once no clause before it is missing; what comes in meanwhile brings this about anew."""
    data = door.read(lambda session: shield_report.award_data(session, lot))
    if data is None:
        return
    stored = files.put(gateway.render_award_report(data.fields, data.at))
    door.perform(SYSTEM_ACTOR, lambda work: shields.draft(work, lot, data.seen, stored.sha256, data.record))
