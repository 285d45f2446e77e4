"""From the method, the opened bids and the signed sheets to one scoring case: the very document that `gongheng score` reads."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from core.kernel import jcs
from core.kernel.jcs import JSON
from evaluation.domain.methods import CaseFault, evaluate, parse_case, review, to_json
from evaluation.domain.methods.figures import plain
from evaluation.domain.methods.sheets import TECHNICAL, part_of
from evaluation.domain.parts import only_technical
from evaluation.domain.sheet import BidScores


@dataclass(frozen=True, slots=True)
class PricedBid:
    """A bid in the case under its code name; `price` None while its envelope is shut, `failed` when it could not be opened or was found
    invalid."""

    code: str
    price: Decimal | None = None
    failed: bool = False
    adjustments: Sequence[Mapping[str, JSON]] = ()  # corrections that the bidder accepted, then deviations that the committee weighed
    preference: str = ""  # percent that the committee confirmed, "" for none

    def to_json(self) -> dict[str, JSON]:
        """Its row of the case."""
        row: dict[str, JSON] = {"id": self.code, "price": None if self.price is None else f"{self.price:f}", "rejected": self.failed}
        row |= {"adjustments": [dict(one) for one in self.adjustments]} if self.adjustments else {}
        return row | ({"preference_percent": self.preference} if self.preference else {})


def assemble(method: Mapping[str, JSON], bids: Sequence[PricedBid], sheets: Mapping[str, Sequence[BidScores]]) -> dict[str, JSON]:
    """The scoring case; `sheets` is seat code → signed sheet. Bids and sheets stand in the order of their names.

    A bid that the preliminary review rejected was never scored and is left out by the caller; a price envelope that could not be
    opened makes its bid a rejected one. A bid below the technical minimum was not scored any further: 0 stands for what nobody gave,
    and counts nowhere, since the bid is rejected before anything is added up.
    """
    rows: list[JSON] = [bid.to_json() for bid in sorted(bids, key=lambda bid: bid.code)]
    names = [str(one["id"]) for one in cast("Sequence[Mapping[str, JSON]]", method.get("criteria", ()))]
    marks: list[JSON] = [
        {"expert": f"E{seat}", "bid": sheet.bid, "scores": {name: sheet.scores.get(name, "0") for name in names}}
        for seat, given in sorted(sheets.items(), key=lambda item: int(item[0]))
        for sheet in sorted(given, key=lambda sheet: sheet.bid)
    ]
    return {**method, "bids": rows, "sheets": marks}


def with_drawn(method: Mapping[str, JSON], drawn: Mapping[str, str]) -> dict[str, JSON]:
    """The published method with what was drawn at the opening written into its coefficients."""
    listed = method.get("coefficients")
    if not isinstance(listed, list) or not drawn:
        return dict(method)
    filled: list[JSON] = [{**one, "drawn": drawn[str(one["id"])]} for one in listed if isinstance(one, Mapping)]
    return {**method, "coefficients": filled}


def digest(document: JSON) -> str:
    """Hex SHA-256 of the canonical form: `case_sha256` and `result_sha256`."""
    return hashlib.sha256(jcs.canonical(document)).hexdigest()


@dataclass(frozen=True, slots=True)
class TechnicalResult:
    """What is known at the lock: who goes on, who does not, and each scored bid's technical sum."""

    passed: tuple[str, ...]
    failed: tuple[str, ...]
    points: Mapping[str, str]
    steps: tuple[str, ...]

    def to_json(self) -> dict[str, JSON]:
        """What `result_sha256` of the lock covers."""
        return {"passed": list(self.passed), "failed": list(self.failed), "points": dict(self.points), "steps": list(self.steps)}


def technical_result(case: Mapping[str, JSON]) -> TechnicalResult:
    """The technical stage of a case whose prices are shut, by the functions that the offline verifier uses.

    A reference price may be shut as well: nothing of this stage depends on it, so any figure stands in.
    """
    scored = only_technical(case)
    is_scored = bool(scored["criteria"])
    case = {**scored, "reference_price": case.get("reference_price") or "1"}
    parsed = parse_case(case)
    # Points are wanted of those that fail as well: without the minimum the same review ranks nobody out.
    open_case = parse_case({**case, "part_minimum": {}})
    reviewed, everyone = review(parsed), review(open_case)
    points = {bid.id: plain(part_of(open_case.method, everyone.marks[bid.id], TECHNICAL)) for bid in everyone.passed if is_scored}
    passed = tuple(bid.id for bid in reviewed.passed)
    failed = tuple(rejection.bid for rejection in reviewed.rejected)
    return TechnicalResult(passed, failed, points, tuple(step.text("zh") for step in reviewed.steps))


def full_result(case: Mapping[str, JSON]) -> dict[str, JSON]:
    """The whole evaluation as `gongheng score --json` prints it; a case in which no bid counts gives an empty ranking, not a fault."""
    nothing: dict[str, JSON] = {"benchmark": None, "rows": [], "rejected": [], "candidates": [], "steps": []}
    if not case["bids"]:
        return nothing
    try:
        result = to_json(evaluate(parse_case(case)))
    except CaseFault as fault:
        if fault.code != "no_bid_counts":
            raise
        return nothing | {"rejected": _all_out(case)}
    return result  # type: ignore[return-value]


def _all_out(case: Mapping[str, JSON]) -> list[JSON]:
    return [{"bid": rejection.bid, "code": str(rejection.code)} for rejection in review(parse_case(case)).rejected]
