"""What the members found and how they voted, by seat; for the services, and for pages that the table of reads allows to show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from evaluation.domain.preliminary import Finding
from evaluation.domain.rejection import (
    FEWEST,
    BidVote,
    Competition,
    Stage,
    challenged,
    competition_without_vote,
)
from evaluation.models.rooms import Evaluation, PreliminaryReview
from evaluation.models.votes import CompetitionVote, RejectionVote
from trading.domain.clock import LegalRegime

CodeOf = Mapping[UUID, str]
"""Seat id → seat code, of the seats in office."""


@dataclass(frozen=True, slots=True)
class CompetitionSaid:
    """A member's vote on competition, with the reason."""

    lacking: bool
    reason: str


def findings(session: Session, code_of: CodeOf) -> dict[str, list[Finding]]:
    """Seat → what its member found in the preliminary review."""
    reviews = session.scalars(select(PreliminaryReview).where(PreliminaryReview.seat_id.in_(code_of)))
    return {code_of[one.seat_id]: [Finding(**item) for item in cast("list[dict[str, Any]]", one.items)] for one in reviews}


def rejection_votes(session: Session, row: Evaluation, code_of: CodeOf) -> dict[str, list[BidVote]]:
    """Seat → its votes on the bids put to the vote, of the round that counts."""
    mine = select(RejectionVote).where(RejectionVote.seat_id.in_(code_of), RejectionVote.round == row.vote_round)
    return {code_of[one.seat_id]: [BidVote(**item) for item in cast("list[dict[str, Any]]", one.votes)] for one in session.scalars(mine)}


def competition_votes(session: Session, row: Evaluation, code_of: CodeOf, stage: Stage) -> dict[str, CompetitionSaid]:
    """Seat → its vote whether competition is lacking, of the round that counts."""
    mine = select(CompetitionVote).where(
        CompetitionVote.seat_id.in_(code_of), CompetitionVote.round == row.vote_round, CompetitionVote.stage == stage.value
    )
    return {code_of[one.seat_id]: CompetitionSaid(one.lacking, one.reason) for one in session.scalars(mine)}


def competition_of(row: Evaluation, stage: Stage) -> Competition | None:
    """What was decided about competition at a stage, None while nothing was."""
    said = cast("dict[str, str]", row.competition or {}).get(stage.value)
    return None if said is None else Competition(said)


def stage_of(row: Evaluation) -> Stage:
    """At which stage bids may fall out now."""
    return Stage.REVIEW if row.technical is None else Stage.PRICES


def this_vote(row: Evaluation) -> tuple[Any, ...]:
    """The rows of the vote that is held now: of its stage, in the round that counts."""
    if row.rejections is None:
        return (RejectionVote.round == row.vote_round,)
    return CompetitionVote.round == row.vote_round, CompetitionVote.stage == stage_of(row).value


def is_lacking(row: Evaluation) -> bool:
    """Whether no bid goes on for want of competition."""
    return any(competition_of(row, stage) in (Competition.LACKING, Competition.ABANDONED) for stage in Stage)


FACTS = ("challenged", "decided", "rejection_voted", "competition_due", "competition_by_law", "competition_voted", "is_lacking")


def facts(session: Session, row: Evaluation, code_of: CodeOf, regime: LegalRegime, standing: int) -> dict[str, Any]:
    """Those facts of the room's table that votes are about; `standing`: how many bids are left."""
    stage = stage_of(row)
    decided = cast("list[dict[str, Any]]", row.price_decisions or [])
    fell_out = stage is Stage.REVIEW or any(not one["stays"] for one in decided)  # what fell short in scores was known to be possible
    return {
        "challenged": bool(challenged(findings(session, code_of).values())),
        "decided": row.rejections is not None,
        "rejection_voted": frozenset(rejection_votes(session, row, code_of)),
        "competition_due": 0 < standing < FEWEST and fell_out and competition_of(row, stage) is None,
        "competition_by_law": standing > 0 and competition_without_vote(standing, regime) is not None,
        "competition_voted": frozenset(competition_votes(session, row, code_of, stage)),
        "is_lacking": is_lacking(row),
    }
