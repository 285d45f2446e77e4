"""A hundred thousand draws from fixed slips: every seat is as likely for one as for another, and no recusal is ever forgotten."""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.kernel.draw import Committee, Request, parse_request, seed

DRAWS = 100_000
CAPPED_DRAWS = 15_000
PARTIES = ("centre", "supervisor", "tenderer")
CHI_SQUARE = {6: (0.381, 22.458), 9: (1.152, 27.877), 10: (1.479, 29.588)}
"""Degrees of freedom → the quantiles 0.1 % and 99.9 % of the χ² distribution (NIST/SEMATECH e-Handbook, 1.3.6.7.4)."""


def slips(number: int) -> dict[str, bytes]:
    """Three slips that are the same in every run."""
    stream = hashlib.shake_256(number.to_bytes(8, "big")).digest(96)
    return {party: stream[place * 32 : place * 32 + 32] for place, party in enumerate(PARTIES)}


def request(members: Mapping[str, Sequence[tuple[str, str]]], quotas: Mapping[str, int], recused: Sequence[str], cap: int) -> Request:
    """`members`: stratum → (expert, employer)."""
    pool = [{"id": one, "strata": [stratum], "org": org} for stratum, rows in members.items() for one, org in rows]
    body: dict[str, Any] = {"pool": pool, "strata": [{"id": name, "quota": quota} for name, quota in quotas.items()]}
    return parse_request(body | {"recused": list(recused), "org_cap": cap})


def seeds(of: Request, count: int) -> Iterator[bytes]:
    """The seeds of so many draws, each made of three slips."""
    for number in range(count):
        yield seed("CASE-2026-0001", f"draw-1-{number}", of.pool_hash, slips(number))


def chi_square(counts: Mapping[str, int], candidates: Sequence[str], quota: int, draws: int) -> float:
    """The statistic of seats taken without putting back: of `quota` seats out of n, the plain sum is (1 - quota/n)·n/(n - 1) times a χ² of
    n - 1 degrees of freedom, since nobody sits twice."""
    n, share = len(candidates), quota / len(candidates)
    plain = sum((counts[one] - draws * share) ** 2 / (draws * share) for one in candidates)
    return plain * (n - 1) / (n * (1 - share))


def is_fair(counts: Mapping[str, int], candidates: Sequence[str], quota: int, draws: int) -> bool:
    least, most = CHI_SQUARE[len(candidates) - 1]
    return least < chi_square(counts, candidates, quota, draws) < most


TECH = [(f"T{number:02}", f"O{number}") for number in range(13)]
ECON = [(f"E{number:02}", f"O{number + 20}") for number in range(8)]
OUT = ("T03", "T11", "E05")
GONE = "T07"


def test_a_hundred_thousand_draws_are_fair_in_every_stratum_and_keep_every_recusal() -> None:
    wanted = request({"tech": TECH, "econ": ECON}, {"tech": 3, "econ": 2}, OUT, 0)
    counts: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for value in seeds(wanted, DRAWS):
        committee = Committee(wanted, value)
        picked, reserves = committee.picked(), committee.reserves()
        named = {*picked["tech"], *picked["econ"], *reserves["tech"], *reserves["econ"]}
        assert named.isdisjoint(OUT)
        counts.update(picked["tech"])
        counts.update(picked["econ"])
        committee.recuse(GONE)
        later = committee.picked()
        assert GONE not in later["tech"] and len(later["tech"]) == 3 and set(picked["tech"]) - {GONE} <= set(later["tech"])
        after.update(later["tech"])
    tech, econ = ([one for one, _ in rows if one not in OUT] for rows in (TECH, ECON))
    assert is_fair(counts, tech, 3, DRAWS)
    assert is_fair(counts, econ, 2, DRAWS)
    assert is_fair(after, [one for one in tech if one != GONE], 3, DRAWS)  # whoever moves up, all others stay equally likely


def test_the_test_itself_sees_a_draw_that_is_not_fair() -> None:
    wanted = request({"tech": TECH}, {"tech": 3}, OUT, 0)
    counts: Counter[str] = Counter()
    for number, value in enumerate(seeds(wanted, 20_000)):
        picked = list(Committee(wanted, value).picked()["tech"])
        if number % 40 == 0 and "T00" not in picked:
            picked[0] = "T00"  # a friend is helped in one draw of forty
        counts.update(picked)
    assert not is_fair(counts, [one for one, _ in TECH if one not in OUT], 3, 20_000)


CROWDED = [("A1", "A"), ("A2", "A"), ("A3", "A"), ("B1", "B"), ("B2", "B"), *((f"C{number}", f"C{number}") for number in range(5))]
COSTS = [("A4", "A"), ("B3", "B"), ("D1", "D"), ("D2", "D"), ("F1", "F"), ("F2", "F")]


def by_hand(value: bytes, cap: int, recused: Sequence[str]) -> dict[str, list[str]]:
    """The walk written once more from the algorithm card, sharing nothing with the kernel's."""

    def packed(text: str) -> bytes:
        return len(text.encode()).to_bytes(4, "big") + text.encode()

    def order(name: str, row: tuple[str, str]) -> tuple[bytes, str]:
        label = b"ztb/v1/draw-ticket\0" + packed(name) + packed(row[0])
        return hmac.new(value, label, hashlib.sha256).digest(), row[0]

    taken: Counter[str] = Counter()
    seats: dict[str, list[str]] = {}
    for name, rows, quota in (("tech", CROWDED, 3), ("cost", COSTS, 2)):
        seats[name] = []
        for row in sorted(rows, key=lambda row: order(name, row)):
            if len(seats[name]) < quota and row[0] not in recused and taken[row[1]] < cap:
                seats[name].append(row[0])
                taken[row[1]] += 1
    return seats


def test_with_a_cap_for_employers_every_draw_is_what_a_second_implementation_finds_and_colleagues_are_equal() -> None:
    wanted = request({"tech": CROWDED, "cost": COSTS}, {"tech": 3, "cost": 2}, ("C4",), 1)
    counts: Counter[str] = Counter()
    for value in seeds(wanted, CAPPED_DRAWS):
        picked = {name: list(ids) for name, ids in Committee(wanted, value).picked().items()}
        assert picked == by_hand(value, 1, ("C4",))
        counts.update(one for ids in picked.values() for one in ids)
    assert counts["C4"] == 0
    for alike in (("A1", "A2", "A3"), ("B1", "B2"), ("C0", "C1", "C2", "C3"), ("D1", "D2", "F1", "F2")):
        mean = sum(counts[one] for one in alike) / len(alike)
        assert all(abs(counts[one] - mean) < 4 * mean**0.5 for one in alike)  # who stands alike is drawn alike
