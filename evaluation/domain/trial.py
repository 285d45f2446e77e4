"""A method tried on invented bids before it is published: a set to begin with, and the scoring case that typed rows come to."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.kernel.document import member
from core.kernel.jcs import JSON
from evaluation.domain.methods import CaseFault, Method, evaluate, parse_case, parse_method
from evaluation.domain.methods.figures import Mode, plain, rounded, whole

FEWEST_BIDS, MOST_BIDS, MOST_EXPERTS = 1, 20, 15
REFERENCE = "0.90"  # of the ceiling, where a method wants a reference price that is still secret

_COARSE = 10  # full marks from which experts count in halves
_INVENTED = (("A", "0.962", "0.90"), ("B", "0.945", "0.85"), ("C", "0.918", "0.88"), ("D", "0.893", "0.80"), ("E", "0.851", "0.76"))
"""Bids to begin with: their prices as a share of the ceiling, their marks as a share of full ones; cheap is not also best."""
_SPREAD = ("0", "0.02", "-0.03", "0.01", "-0.02")
"""How five experts differ, as a share of full marks, so that dropping the highest and lowest does something."""
_GAPS = re.compile(r"[\s,，、;；/]+")
_BID, _SHEET = re.compile(r"\$\.bids\[(\d+)\](?:\.(\w+))?"), re.compile(r"\$\.sheets\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class TrialBid:
    """An invented bid as it is typed: yuan, percent, and for each criterion one mark, or one of each expert with blanks between."""

    id: str
    price: str
    preference: str
    marks: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fault stands in the typed rows: row from 0 on, and column `id`, `price`, `preference` or a criterion, "" for none."""

    row: int
    column: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one value of a coefficient would lead to; `first` are the bids that share the first rank, `ranking` all of them in order."""

    value: str
    benchmark: str
    first: tuple[str, ...]
    ranking: tuple[str, ...]
    fault: CaseFault | None = None


@dataclass(frozen=True, slots=True)
class WhatIf:
    """A coefficient that is left to a draw, and the outcome for each of its values, the others being as chosen."""

    id: str
    title: str
    outcomes: tuple[Outcome, ...]

    @property
    def decides(self) -> bool:
        """Whether the draw alone changes who is first."""
        return len({one.first for one in self.outcomes if one.fault is None}) > 1


def proposed(method: Method, ceiling: Fraction) -> tuple[TrialBid, ...]:
    """Five invented bids under a ceiling in yuan, each criterion marked by five experts."""
    return tuple(
        TrialBid(name, share_of(ceiling, price), "0", {one.id: _marks(one.max, Fraction(level)) for one in method.criteria})
        for name, price, level in _INVENTED
    )


def share_of(ceiling: Fraction, share: str) -> str:
    """A share of the ceiling in yuan, to the cent."""
    return rounded(ceiling * Fraction(share), 2, Mode.HALF_UP).text


def _marks(most: Fraction, level: Fraction) -> str:
    """One mark of each expert, in halves of a point where there are points enough, else in tenths or hundredths."""
    each = [most * (level + Fraction(spread)) for spread in _SPREAD]
    if most >= _COARSE:
        return " ".join(plain(Fraction(whole(mark * 2), 2)) for mark in each)
    return " ".join(rounded(mark, 1 if most >= 1 else 2, Mode.HALF_UP).text for mark in each)


def wants_reference(method: Mapping[str, JSON]) -> bool:
    """Whether a method part uses a reference price that it does not give, being committed to alone."""
    try:
        parse_method(method)
    except CaseFault as fault:
        return (fault.path, fault.code) == ("$.reference_price", "used_and_missing")
    return False


def case_of(method: Mapping[str, JSON], bids: Sequence[TrialBid], drawn: Mapping[str, str]) -> dict[str, JSON]:
    """The scoring case of typed rows; `drawn` holds the chosen coefficients, what is missing stands as it is written in the method.

    A mark that stands alone is every expert's; figures that are none are left as they are, for the case to be refused with their place.
    """
    criteria = [str(one["id"]) for one in _objects(method.get("criteria"))]
    given = [{name: _figures(bid.marks.get(name, "")) for name in criteria} for bid in bids]
    experts = min(max((len(marks) for row in given for marks in row.values()), default=0), MOST_EXPERTS)
    rows: list[JSON] = [
        {"id": bid.id.strip(), "price": _figure(bid.price), "preference_percent": _figure(bid.preference) or "0", "rejected": False}
        for bid in bids
    ]
    sheets: list[JSON] = [
        {"expert": f"E{seat + 1}", "bid": bid.id.strip(), "scores": {name: _mark(marks, seat) for name, marks in row.items()}}
        for seat in range(experts)
        for bid, row in zip(bids, given, strict=True)
    ]
    return {**_with_drawn(method, drawn), "bids": rows, "sheets": sheets}


def _with_drawn(method: Mapping[str, JSON], drawn: Mapping[str, str]) -> dict[str, JSON]:
    listed: list[JSON] = [
        one | {"drawn": drawn[str(one["id"])]} if str(one["id"]) in drawn else one for one in _objects(method.get("coefficients"))
    ]
    return {**method, "coefficients": listed} if listed else dict(method)


def _objects(value: JSON) -> list[dict[str, JSON]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _figure(typed: str) -> str:
    return re.sub(r"[,，\s¥%]", "", typed)


def _figures(typed: str) -> list[str]:
    return [one for one in _GAPS.split(typed.strip()) if one]


def _mark(marks: Sequence[str], seat: int) -> str:
    """The mark of a seat; one mark alone is everybody's, a missing one is no figure."""
    return marks[0] if len(marks) == 1 else marks[seat] if seat < len(marks) else ""


def place_of(fault: CaseFault, method: Method, bids: Sequence[TrialBid]) -> Place | None:
    """Where in the typed rows the fault of their case stands; None where it is the method's or the whole case's."""
    if (found := _BID.match(fault.path)) is not None:
        return Place(int(found[1]), {"id": "id", "price": "price", "preference_percent": "preference"}.get(found[2] or "", ""))
    if (found := _SHEET.match(fault.path)) is not None:
        column = next((one.id for one in method.criteria if member(f"{found[0]}.scores", one.id) == fault.path), "")
        return Place(int(found[1]) % len(bids), column)
    return None


def what_if(method: Mapping[str, JSON], bids: Sequence[TrialBid], drawn: Mapping[str, str]) -> tuple[WhatIf, ...]:
    """For each coefficient that is left to a draw, what each of its values would lead to."""
    found = []
    for one in _objects(method.get("coefficients")):
        name, values = str(one["id"]), one["values"]
        outcomes = tuple(
            _outcome(method, bids, {**drawn, name: str(value)}, str(value)) for value in (values if isinstance(values, list) else ())
        )
        found.append(WhatIf(name, str(one["title"]), outcomes))
    return tuple(found)


def _outcome(method: Mapping[str, JSON], bids: Sequence[TrialBid], drawn: Mapping[str, str], value: str) -> Outcome:
    try:
        result = evaluate(parse_case(case_of(method, bids, drawn)))
    except CaseFault as fault:
        return Outcome(value, "", (), (), fault)
    first = tuple(row.bid for row in result.rows if row.rank == 1)
    return Outcome(value, result.benchmark.text if result.benchmark else "", first, tuple(row.bid for row in result.rows))


def read_pasted(text: str, method: Method) -> tuple[TrialBid, ...]:
    """Rows copied from a table: one bid a line, cells parted by tabs (or by semicolons, where there are none): name, price, then the
    criteria in the method's order, then the preference; what is missing is empty, what is too much is left out."""
    lines = [line for line in text.splitlines() if line.strip()][:MOST_BIDS]
    return tuple(_pasted(re.split(r"\t" if "\t" in line else r"[;；]", line), method) for line in lines)


def _pasted(cells: Sequence[str], method: Method) -> TrialBid:
    names = [one.id for one in method.criteria]
    filled = [cell.strip() for cell in cells] + [""] * (len(names) + 3)
    marks = dict(zip(names, filled[2:], strict=False))
    return TrialBid(filled[0], filled[1], filled[2 + len(names)] or "0", marks)
