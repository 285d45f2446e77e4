"""How the members of a specialty are spread over regions: written as further strata, so that a draw is recomputed as any other.

At least two of `civil` from 云川市 is a stratum `civil@云川市` of two seats before `civil` itself; at most one from 临江市 is a stratum
`civil@!临江市`, of those from elsewhere, with all seats but one. Whoever leaves is followed within their stratum, so the mix stays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.kernel.errors import Refusal, RuleBroken
from evaluation.domain.draw import Quota
from evaluation.domain.specialty import AT, specialty_of

ELSEWHERE = "!"
MOST_REGIONS = 8  # rows of one request


@dataclass(frozen=True, slots=True)
class Share:
    """Of a specialty: at least (`is_least`) or at most so many members from a region."""

    stratum: str
    region: str
    count: int
    is_least: bool = True


def spread(quotas: Sequence[Quota], shares: Sequence[Share]) -> tuple[Quota, ...]:
    """The quotas with a stratum for each share before the specialty it is of; what is left stays the specialty's own.

    Raises RuleBroken for a share of a specialty that is not asked for, one that stands twice, or shares that do not fit together.
    """
    if len(shares) > MOST_REGIONS:
        raise RuleBroken("draw.mix.too_many", most=MOST_REGIONS)
    wanted = {quota.stratum for quota in quotas}
    for share in shares:
        if share.stratum not in wanted:
            raise RuleBroken("draw.mix.stratum", stratum=share.stratum)
        if not share.region or set(share.region) & {AT, ELSEWHERE}:
            raise RuleBroken("draw.mix.region")
    return tuple(one for quota in quotas for one in _split(quota, [share for share in shares if share.stratum == quota.stratum]))


def _split(quota: Quota, shares: Sequence[Share]) -> list[Quota]:
    least = {share.region: share.count for share in shares if share.is_least}
    most = {share.region: share.count for share in shares if not share.is_least}
    if len(least) + len(most) != len(shares) or len(most) > 1 or any(count < 1 for count in least.values()):
        raise RuleBroken("draw.mix.twice", stratum=quota.stratum)
    made = [Quota(f"{quota.stratum}{AT}{region}", count) for region, count in least.items()]
    for region, count in most.items():
        elsewhere = quota.count - count - sum(one for where, one in least.items() if where != region)
        if count < least.get(region, 0) or count >= quota.count:
            raise RuleBroken("draw.mix.most", stratum=quota.stratum, region=region)
        made += [Quota(f"{quota.stratum}{AT}{ELSEWHERE}{region}", elsewhere)] if elsewhere > 0 else []
    rest = quota.count - sum(one.count for one in made)
    if rest < 0:
        raise RuleBroken("draw.mix.sum", stratum=quota.stratum)
    return [*made, Quota(quota.stratum, rest)] if rest else made


def region_of(stratum: str) -> tuple[str, bool]:
    """The region that a stratum is about ("" for none), and whether it is everywhere else that is meant."""
    region = stratum.partition(AT)[2]
    return region.removeprefix(ELSEWHERE), region.startswith(ELSEWHERE)


def belongs(stratum: str, specialties: Iterable[str], region: str) -> bool:
    """Whether an expert of these specialties and this region may be drawn in a stratum."""
    if specialty_of(stratum) not in specialties:
        return False
    wanted, elsewhere = region_of(stratum)
    return not wanted or (region == wanted) != elsewhere


def is_coherent(request: Mapping[str, Any]) -> Refusal | None:
    """What a `request` object can show of its own mix; None where it holds.

    Who is drawn for a region holds the specialty itself, and nobody is of two regions.
    """
    asked = {one["id"] for one in request["strata"]}
    for member in request["pool"]:
        held = set(member["strata"])
        regional = [(specialty_of(one), *region_of(one)) for one in held if AT in one]
        own = {(specialty, region) for specialty, region, elsewhere in regional if not elsewhere}
        others = {(specialty, region) for specialty, region, elsewhere in regional if elsewhere}
        without = any(specialty in asked and specialty not in held for specialty, _, _ in regional)
        if without or own & others or len({region for _, region in own}) > 1:
            return RuleBroken("draw.mix.incoherent", id=member["id"])
    return None
