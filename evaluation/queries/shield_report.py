"""The data of an award report, as its template takes it: what was said, and the names of who said it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy.orm import Session

from core.identity.queries import people
from core.kernel.calendar import legal_day
from core.kernel.ids import LotId, PersonId
from core.kernel.jcs import JSON
from core.kernel.roles import Role
from evaluation.domain.scoring_case import digest
from evaluation.domain.shield import Stage, first_missing
from evaluation.domain.shield_life import MOVES, Action, Facts
from evaluation.domain.shield_record import record
from evaluation.domain.shield_said import Told
from evaluation.models.shields import Shield
from evaluation.queries.shields import OWN, told
from trading.domain.score_rules import titles
from trading.queries import awards as trading_awards
from trading.queries import lots
from trading.queries.lots import LotView


@dataclass(frozen=True, slots=True)
class AwardData:
    """What the typesetter needs, the record that is fixed with its digest, and how many statements of the file it has `seen`."""

    at: datetime
    seen: int
    record: dict[str, JSON]
    fields: dict[str, Any]


def award_data(session: Session, lot_id: LotId) -> AwardData | None:
    """Everything that the award report of a decided session says; None while a clause before it is missing, or it is drafted."""
    lot, row = lots.by_id(session, lot_id), session.get(Shield, lot_id)
    if row is None or Action.DRAFT not in MOVES.available(row.state, frozenset({Role.SYSTEM}), Facts()):
        return None
    said = told(session, lot)
    if first_missing(said, Stage.REPORT) is not None:
        return None
    made = record(said)
    at = max(one.at for one in said.closers())
    return AwardData(at, len(said.all(*OWN)), made, _fields(session, (lot, said), made, at))


def _fields(session: Session, about: tuple[LotView, Told], made: dict[str, JSON], at: datetime) -> dict[str, Any]:
    lot, said = about
    matrix = cast("dict[str, Any]", made["matrix"])
    known = {str(one.org): one.name for one in trading_awards.candidates(session, lot.id)}
    candidates = {one["org"]: one["name"] or known.get(one["org"], "") for one in matrix["candidates"]}
    winner = cast("dict[str, Any]", made["result"])["said"]["winner"]
    experts = {one.person for one in said.all("room.sign_in", "report.sign")}
    speakers = {seat.person for seat in said.seats} | {proof["person"] for row in _rows(made) for proof in row["proofs"]}
    return {
        "number": lot.number,
        "project": lot.project_title,
        "lot": lot.title,
        "tenderer": lot.tenderer_name,
        "agency": lot.agency_name,
        "date": legal_day(at).isoformat(),
        "at": at,
        "record": made,
        "record_sha256": digest(made),
        "candidates": candidates,
        "criteria": titles(lot.score_rules),
        "sources": {lot.report_sha256: "评标报告"} | _sources(made),
        "winner": candidates.get(winner, ""),
        "names": {one: people.person(session, PersonId(UUID(one))).name for one in sorted(speakers - experts - {""})},
    }


def _sources(made: dict[str, JSON]) -> dict[str, str]:
    """What reasons name, in words: factors of the plan and papers on file."""
    plan, papers = cast("dict[str, Any]", made["plan"]), cast("list[dict[str, Any]]", made["papers"])
    named = {f"factor:{one.get('id', f'F{at}')}": str(one["name"]) for at, one in enumerate(plan["said"]["factors"], 1)}
    return named | {str(file["sha256"]): str(paper["title"]) for paper in papers for file in paper["files"]}


def _rows(made: dict[str, JSON]) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", made["table"])
