"""What each member's sheets do to the ranking: the evaluation once more without them, by the functions of the offline command."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from core.kernel.jcs import JSON
from evaluation.domain.methods import CaseFault, evaluate, parse_case, to_json


@dataclass(frozen=True, slots=True)
class Moved:
    """A bid that stands elsewhere without a member; a rank of None: it is in no row."""

    bid: str
    rank: int | None
    without: int | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What leaving out one seat changes; `is_computable` False: too few sheets are left for the method."""

    seat: str
    moved: tuple[Moved, ...]
    first: tuple[str, ...]
    is_computable: bool = True

    @property
    def changes_first(self) -> bool:
        """Whether another bid would be first."""
        return any(1 in (one.rank, one.without) for one in self.moved)


def effects(case: Mapping[str, JSON]) -> tuple[Effect, ...]:
    """One effect for each seat of a scoring case, by seat; nothing for a case without sheets, or with those of one member alone."""
    sheets = cast("Sequence[Mapping[str, Any]]", case.get("sheets") or ())
    experts = sorted({str(one["expert"]) for one in sheets}, key=lambda name: int(name[1:]))
    if len(experts) < 2:
        return ()
    ranks = _ranks(case)
    found = []
    for expert in experts:
        left = [dict(one) for one in sheets if one["expert"] != expert]
        try:
            without = _ranks({**case, "sheets": cast(JSON, left)})
        except CaseFault:
            found.append(Effect(expert[1:], (), (), is_computable=False))
            continue
        moved = [Moved(bid, ranks.get(bid), without.get(bid)) for bid in sorted({*ranks, *without}) if ranks.get(bid) != without.get(bid)]
        found.append(Effect(expert[1:], tuple(moved), tuple(bid for bid, rank in without.items() if rank == 1)))
    return tuple(found)


def _ranks(case: Mapping[str, JSON]) -> dict[str, int]:
    rows = cast("Sequence[Mapping[str, Any]]", to_json(evaluate(parse_case(case)))["rows"])
    return {str(row["bid"]): int(row["rank"]) for row in rows}
