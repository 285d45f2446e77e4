"""The catalogue of specialties (评审专业): the strata from which experts are drawn, by code, each in the branch of trade that it judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from core.kernel.errors import RuleBroken


class Branch(Enum):
    """What is bought: works, goods or services (评标专家专业分类)."""

    WORKS = "works"
    GOODS = "goods"
    SERVICES = "services"


CATALOGUE: Mapping[str, Branch] = {
    # code, the branch; Chinese and English names stand in the texts of the pool
    "civil": Branch.WORKS,
    "architecture": Branch.WORKS,
    "structure": Branch.WORKS,
    "planning": Branch.WORKS,
    "survey": Branch.WORKS,
    "supervision": Branch.WORKS,
    "municipal": Branch.WORKS,
    "road_bridge": Branch.WORKS,
    "rail": Branch.WORKS,
    "water": Branch.WORKS,
    "landscape": Branch.WORKS,
    "decoration": Branch.WORKS,
    "electrical": Branch.WORKS,
    "hvac": Branch.WORKS,
    "fire": Branch.WORKS,
    "intelligent": Branch.WORKS,
    "land": Branch.WORKS,
    "cost": Branch.WORKS,
    "machinery": Branch.GOODS,
    "medical": Branch.GOODS,
    "laboratory": Branch.GOODS,
    "vehicle": Branch.GOODS,
    "office": Branch.GOODS,
    "computing": Branch.GOODS,
    "furniture": Branch.GOODS,
    "software": Branch.SERVICES,
    "consulting": Branch.SERVICES,
    "property": Branch.SERVICES,
    "environment": Branch.SERVICES,
    "finance": Branch.SERVICES,
    "law": Branch.SERVICES,
    "training": Branch.SERVICES,
}
MOST = 20  # specialties of one expert
AT = "@"  # in a stratum of a draw, before the region that it is confined to


def specialty_of(stratum: str) -> str:
    """The specialty that a stratum of a draw belongs to: itself, but for a stratum of one region."""
    return stratum.partition(AT)[0]


def check_strata(strata: Iterable[str]) -> tuple[str, ...]:
    """The codes as given; raises RuleBroken for none, for one that stands twice and for one that the catalogue does not know."""
    codes = tuple(strata)
    if not codes or len(codes) > MOST or len(set(codes)) != len(codes):
        raise RuleBroken("pool.strata")
    for code in codes:
        if code not in CATALOGUE:
            raise RuleBroken("pool.stratum_unknown", stratum=code)
    return codes
