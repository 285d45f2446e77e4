"""The consistency checks of a whole room: its method and rules beside the sheets of the bids that were scored in every part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.kernel.jcs import JSON
from evaluation.domain.consistency import check
from evaluation.domain.parts import parts_of
from evaluation.domain.sheet import BidScores, rules_of
from trading.domain.score_rules import ScoreRules


def findings(method: Mapping[str, Any], said: Mapping[str, Any], sheets: Mapping[str, Sequence[BidScores]]) -> list[Mapping[str, JSON]]:
    """What `consistency.result` says; `said`: the document's `score_rules`, `sheets`: seat → all parts as one."""
    criteria = [one for part in parts_of(method) for one in rules_of(method, said, (), part).criteria]
    weights = {str(one["id"]): Decimal(str(one["weight"])) for one in method.get("criteria", ())}
    abnormal = ScoreRules.read(said).abnormal if said else None
    return [one.to_json() for one in check(sheets, criteria, weights, abnormal)]
