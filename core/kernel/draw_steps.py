"""A draw recomputed step by step, for whoever wants to follow it on paper: slips, pool hash, seed, tickets, who was passed over and why."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from core.kernel import draw as kernel
from core.kernel.draw import Committee, Draw, Look

MORE = 3  # tickets shown beyond the last that the walk came to


@dataclass(frozen=True, slots=True)
class Slip:
    """A party's commitment, the value it showed, and the commitment that this value makes."""

    party: str
    commit: str
    value: str
    computed: str

    @property
    def matches(self) -> bool:
        """Whether the value is the one that was committed to."""
        return hmac.compare_digest(self.commit, self.computed)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A place in a stratum's order; `looks` is what became of them, empty where the walk never came so far."""

    place: int
    expert: str
    ticket: str
    org: str
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class Walk:
    """The first tickets of a stratum; `others` stand after them."""

    stratum: str
    quota: int
    tickets: tuple[Ticket, ...]
    others: int


@dataclass(frozen=True, slots=True)
class Steps:
    """Every step of a draw, with what goes into it and what comes out."""

    case: str
    draw: str
    slips: tuple[Slip, ...]
    pool: int
    recused: int
    org_cap: int
    pool_hash: str
    seed: str
    walks: tuple[Walk, ...]
    left: tuple[str, ...]
    picked: tuple[tuple[str, tuple[str, ...]], ...]


def steps(record: Draw) -> Steps:
    """The steps of a draw that can be filled; raises DrawFault otherwise."""
    request = record.request
    seed = kernel.seed(record.case, record.draw, request.pool_hash, record.reveals)
    committee = Committee(request, seed)
    for index, expert in enumerate(record.recused_later):
        committee.recuse(expert, f"$.recused_later[{index}]")
    org = {one.id: one.org or "" for one in request.pool}
    return Steps(
        case=record.case,
        draw=record.draw,
        slips=tuple(_slip(record, party) for party in sorted(record.reveals)),
        pool=len(request.pool),
        recused=len(request.recused),
        org_cap=request.org_cap,
        pool_hash=request.pool_hash.hex(),
        seed=seed.hex(),
        walks=tuple(_walk(committee, seed, stratum, org) for stratum in request.strata),
        left=record.recused_later,
        picked=tuple(committee.picked().items()),
    )


def _slip(record: Draw, party: str) -> Slip:
    value = record.reveals[party]
    computed = kernel.commit(record.case, record.draw, party, value)
    return Slip(party, record.commits[party].hex(), value.hex(), computed.hex())


def _walk(committee: Committee, seed: bytes, stratum: kernel.Stratum, org: dict[str, str]) -> Walk:
    order = committee.walk[stratum.id]
    looks: dict[str, list[Look]] = {}
    for look in committee.looks:
        mine = looks.setdefault(look.expert, []) if look.stratum == stratum.id else []
        if not mine or mine[-1].verdict is not look.verdict:  # each seat is looked for from the top: what was said once is said
            mine.append(look)
    reached = max((place for place, one in enumerate(order, 1) if one in looks), default=0)
    shown = order[: reached + MORE]
    tickets = tuple(
        Ticket(place, one, kernel.ticket(seed, stratum.id, one).hex(), org[one], tuple(looks.get(one, ())))
        for place, one in enumerate(shown, 1)
    )
    return Walk(stratum.id, stratum.quota, tickets, len(order) - len(shown))
