"""A draw of lots as it stands: its slips, the facts of this moment, and the record from which anyone draws again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from trading.domain.lots_drawn import DrawFacts
from trading.models.lots_drawn import LotsDraw, LotsSlip


def slips(session: Session, row: LotsDraw) -> Sequence[LotsSlip]:
    """The slips of a draw, by party."""
    kind: Any = row.SLIP
    return session.scalars(select(kind).where(kind.draw_id == row.id).order_by(kind.party)).all()


def shown(slips_: Sequence[LotsSlip]) -> tuple[dict[str, str], dict[str, str]]:
    """Party → commitment, and party → value of those that were opened."""
    return {slip.party: slip.commitment for slip in slips_}, {slip.party: slip.value for slip in slips_ if slip.value}


def facts_of(session: Session, row: LotsDraw, now: datetime, party: str = "", *, matches: bool = True) -> DrawFacts:
    """What the rules of a draw look at; `party` acts, and its value is the one it committed to where it `matches`."""
    commits, values = shown(slips(session, row))
    return DrawFacts(
        now=now,
        since=row.since,
        parties=frozenset(cast("list[str]", row.parties)),
        party=party,
        committed=frozenset(commits),
        revealed=frozenset(values),
        reveal_matches=matches,
    )


def record_of(session: Session, row: LotsDraw, case: str) -> dict[str, Any]:
    """The draw record that `gongheng draw replay` reads."""
    commits, values = shown(slips(session, row))
    return {"case": case, "draw": row.name, "request": row.request, "commits": commits, "reveals": values, "recused_later": []}


def asked(row: LotsDraw) -> dict[str, Any]:
    """What the event says by which a draw begins."""
    return {"subject": row.name, "draw": row.name, "parties": row.parties, "request": row.request, "pool_hash": row.pool_hash}
