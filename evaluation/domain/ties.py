"""Equal bids that the tender document leaves to a draw of lots: which of them matter, what is drawn, and the life of such a draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from core.kernel.errors import Refusal, WrongState
from core.kernel.jcs import JSON
from evaluation.domain.methods.case import TieKey
from evaluation.domain.methods.reading import MOST_CANDIDATES
from trading.domain.lots_drawn import life

STRATUM = "tie"

MOVES = life("tie_draw")


def equal(case: Mapping[str, Any], result: Mapping[str, Any], *, ranked: bool) -> tuple[tuple[str, ...], ...]:
    """Groups of bids that share a place that matters: among the candidates, or at their border.

    Where the candidates go on unranked (评定分离) only the border matters: who of the equal ones is a candidate at all.
    """
    most = int(case.get("candidates", MOST_CANDIDATES))
    found = []
    for rank, rows in groupby(result["rows"], key=lambda row: int(row["rank"])):
        bids = tuple(str(row["bid"]) for row in rows)
        last = rank + len(bids) - 1
        if len(bids) > 1 and rank <= most and (ranked or last > most):
            found.append(bids)
    return tuple(found)


def due(case: Mapping[str, Any], result: Mapping[str, Any], *, ranked: bool) -> tuple[tuple[str, ...], ...]:
    """Those of `equal` that the tender document leaves to a draw; none where it names no draw: equal stays equal
    (政府采购货物和服务招标投标管理办法 art. 56, 57)."""
    return equal(case, result, ranked=ranked) if TieKey.DRAW in case.get("tie_break", ()) else ()


def request_of(bids: Iterable[str]) -> dict[str, JSON]:
    """The `request` of the draw record that `gongheng draw replay` reads: one stratum of equal bids, the first drawn is in front."""
    pool: list[JSON] = [{"id": one, "strata": [STRATUM], "org": None} for one in sorted(bids)]
    return {"pool": pool, "strata": [{"id": STRATUM, "quota": 1}], "recused": [], "org_cap": 0}


def pool_of(request: Mapping[str, Any]) -> tuple[str, ...]:
    """Among which bids is drawn."""
    return tuple(str(one["id"]) for one in request["pool"])


def name_of(lot: str, number: int) -> str:
    """What the nth draw of lots among equal bids of a lot is called."""
    return f"tie-{lot}-{number}"


def with_lots(case: Mapping[str, JSON], drawn: Sequence[tuple[str, Sequence[str]]]) -> dict[str, JSON]:
    """The scoring case with what was drawn, as name and order of each draw, in the order of the places."""
    lots: list[JSON] = [{"draw": name, "order": list(order)} for name, order in drawn]
    return {**case, "lots": lots}


def is_held(is_due: bool) -> Refusal | None:
    """Slips count while the ranking waits for this draw: a later summary in which these bids are not equal has voided it."""
    return None if is_due else WrongState("tie_draw.not_due")
