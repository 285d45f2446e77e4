"""What follows from the ballots of an award session: the next round, a draw of lots, or the decision; computed from all ballots anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from core.kernel.ids import OrgId
from core.kernel.jcs import JSON
from core.kernel.work import Work
from evaluation.domain.award_methods import Outcome, Papers, Standing, stand
from evaluation.domain.award_session import FOLLOWING, Action, awaits_ballots
from evaluation.domain.scoring_case import digest
from evaluation.events_award import AwardDecided, AwardRoundCounted
from evaluation.queries import award_counts as queries
from evaluation.services import award_asks, shields
from evaluation.services.award_moments import Moment, reached
from evaluation.services.award_sittings import Sitting


def papers(work: Work, sitting: Sitting) -> Papers:
    """Plan, candidates, complete rounds and draws of this sitting."""
    chair = sitting.chair
    return queries.papers_of(work.session, sitting.row, sitting.plan, sitting.candidates, sitting.ceiling, chair=chair)


def begin(work: Work, sitting: Sitting) -> None:
    """The ballots may be cast; where there is nobody to choose between, what comes after a vote comes at once."""
    standing = stand(papers(work, sitting))
    if standing.outcome is Outcome.ANOTHER_ROUND:
        sitting.row.standing = list(standing.next_round)
    else:
        _follow(sitting, standing)


def count(work: Work, sitting: Sitting) -> None:
    """Counts the round when ballots are being cast and everybody who must has cast one."""
    if not awaits_ballots(sitting.row.state):
        return
    facts = sitting.facts()
    must = {facts.chair} if sitting.deliberates else facts.office
    if must - facts.voted:
        return
    _follow(sitting, stand(papers(work, sitting)), is_round=True)


def after_lots(work: Work, sitting: Sitting) -> None:
    """Counts again with what was drawn."""
    _follow(sitting, stand(papers(work, sitting)))


def _follow(sitting: Sitting, standing: Standing, *, is_round: bool = False) -> None:
    step = FOLLOWING[standing.outcome]
    sitting.move(step, outcome=standing.outcome)
    if is_round and step is not Action.DECIDE:
        _tell_round(sitting, standing)
    if step is Action.CALL_ROUND:
        sitting.row.round, sitting.row.standing = sitting.row.round + 1, list(standing.next_round)
    elif step is Action.CALL_DRAW:
        assert standing.lots is not None, "a draw is for something"
        sitting.row.standing = list(standing.among)
        award_asks.ask(sitting.work, sitting, standing.lots.value, standing.among, len(standing.among))
    else:
        _conclude(sitting, standing)


def _tell_round(sitting: Sitting, standing: Standing) -> None:
    """The votes of a round without a winner; points and prices are told with the result."""
    votes = cast("Mapping[str, int]", standing.rounds[-1].get("votes", {}))
    sitting.record(AwardRoundCounted, round=sitting.row.round, votes=votes, standing=standing.next_round or standing.among)
    reached(sitting.work, sitting.lot, sitting.row, Moment.ROUND_OVER)


def _conclude(sitting: Sitting, standing: Standing) -> None:
    told: dict[str, JSON] = standing.to_json(sitting.plan)
    sitting.row.result, sitting.row.decided_at = told, sitting.now
    sha256 = digest(told)
    said: dict[str, Any] = {"rounds": list(standing.rounds), "winner": standing.winner, "how": standing.how, "result_sha256": sha256}
    sitting.record(AwardDecided, method=sitting.plan.method.value, **said)
    sitting.witness("award.result", sitting.row.id)
    reached(sitting.work, sitting.lot, sitting.row, Moment.DECIDED)
    shields.decided(sitting.work, sitting.lot.id, OrgId(UUID(standing.winner)), sha256)
